"""Sample records. A test replaces the fields that it is about."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from schemas.identity import report_id
from schemas.records import Article, FeedEntry, Report

KHARKIV = {
    "location": "Kharkiv",
    "geonameid": 706483,
    "latitude": 49.98,
    "longitude": 36.25,
    "admin1": "Kharkiv",
}
SUMY = {"location": "Sumy", "geonameid": 692194, "latitude": 50.9, "longitude": 34.8, "admin1": "Sumy"}
"""Fields of a report that places its strike in another town."""

_KHARKIV_STORY = (
    "A Russian ballistic missile hit an apartment building in Kharkiv on Thursday evening, killing {killed} "
    "people and injuring 31 others, Kharkiv mayor Ihor Terekhov said. Rescuers worked through the night.\n\n"
    "The missile destroyed the entrance of the five-storey building, officials said."
)


def a_report(n: int = 0, **change: Any) -> Report:
    """Return a report on the missile that hit Kryvyi Rih, published by outlet ``n`` at hour ``n``."""
    url = change.get("article_url", f"https://outlet-{n}.example/{n}")
    base = Report(
        report_id=report_id(url, change.get("geonameid", 703845), change.get("location", "Kryvyi Rih"), 0),
        article_url=url,
        article_version=1,
        source_name=f"Outlet {n}",
        headline="Missile hits Kryvyi Rih",
        published_at=f"2025-04-0{5 + n // 24}T{n % 24:02d}:00:00Z",
        language="en",
        is_main=True,
        event_date_start=dt.date(2025, 4, 4),
        event_date_end=dt.date(2025, 4, 4),
        time_precision=1,
        location="Kryvyi Rih",
        geonameid=703845,
        admin1="Dnipropetrovsk",
        country="UA",
        latitude=47.9,
        longitude=33.4,
        geo_precision=1,
        weapon="ballistic_missile",
        weapon_name=None,
        actor="Russia",
        targets=["residential"],
        fatalities_low=14,
        fatalities_best=14,
        fatalities_high=14,
        injured_low=None,
        injured_best=None,
        injured_high=None,
        child_fatalities=None,
        child_injured=None,
        claim_status="reported",
        attributed_to=None,
        evidence=[],
        text_signature=None,
        confidence=0.9,
        extractor_version="test",
        field_confidence=[],
        flags=[],
    )
    return dataclasses.replace(base, **change)


def an_article(title: str, text: str, published: str = "2025-04-05T12:00:00Z", **change: Any) -> Article:
    """Return an article with a headline and a text."""
    base = Article(
        article_url="https://outlet.example/1",
        version=1,
        is_latest=True,
        source_name="Outlet",
        feed_url=None,
        title=title,
        summary=None,
        author=None,
        published_at=published,
        published_offset_minutes=0,
        updated_at=None,
        fetched_at="2025-04-05T12:00:00Z",
        language="en",
        text=text,
        text_source="page",
        text_sha256="0",
        final_url=None,
        http_status=200,
        flags=[],
    )
    return dataclasses.replace(base, **change)


def an_entry(n: int = 0, **change: Any) -> FeedEntry:
    """Return entry ``n`` of a feed."""
    base = FeedEntry(
        feed_url="https://outlet.example/feed",
        entry_id=f"e{n}",
        entry_hash=f"h{n}",
        article_url=f"https://outlet.example/{n}",
        link=f"https://outlet.example/{n}",
        source_name="Outlet",
        title="Title",
        summary="Summary.",
        content=None,
        author=None,
        published_at="2025-04-05T12:00:00Z",
        published_offset_minutes=0,
        updated_at=None,
        language="en",
        flags=[],
    )
    return dataclasses.replace(base, **change)


def a_newsroom_article(killed: int, outlet: int, hour: int) -> dict[str, Any]:
    """Return an article for the newsroom: outlet ``outlet`` reports ``killed`` deaths in Kharkiv at hour ``hour``."""
    return {
        "id": f"t-{outlet}", "url": f"https://outlet{outlet}.example/story", "source": f"Outlet {outlet}",
        "title": f"Missile kills {killed} in Kharkiv", "published": f"2025-04-04T{hour:02d}:00:00+00:00",
        "summary": f"{killed} dead in Kharkiv", "paragraphs": _KHARKIV_STORY.format(killed=killed).split("\n\n"), "byline": None, "language": "en",
    }  # fmt: skip
