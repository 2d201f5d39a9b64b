"""Random sets of articles for the laws of resolution.

Their strikes are close in place and time, and are reported early, late, vaguely and repeatedly.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import strategies as st
from sample_records import a_report

from schemas.identity import report_id
from schemas.records import Evidence, Report

# Two cities, a quarter of the first and a village 3 km away, both without an id, a village of the same name
# far away, a town that two countries claim, a region, and a country.
PLACES: list[dict[str, Any]] = [
    {"location": "Kharkiv", "geonameid": 706483, "latitude": 49.98, "longitude": 36.25, "admin1": "Kharkiv"},
    {"location": "Saltivka", "geonameid": None, "latitude": 50.03, "longitude": 36.34, "admin1": "Kharkiv"},
    {"location": "Lisne", "geonameid": None, "latitude": 49.99, "longitude": 36.21, "admin1": "Kharkiv"},
    {"location": "Sumy", "geonameid": 692194, "latitude": 50.9, "longitude": 34.8, "admin1": "Sumy"},
    {"location": "Lisne", "geonameid": 11, "latitude": 46.5, "longitude": 34.2},
    {"location": "Majdal Shams", "geonameid": 169578, "latitude": 33.27, "longitude": 35.77, "country": "IL"},
    {"location": "Majdal Shams", "geonameid": None, "latitude": 33.27, "longitude": 35.77, "country": "SY"},
    {"location": "Kharkiv Oblast", "geonameid": 706482, "admin1": "Kharkiv", "geo_precision": 2},
    {"location": "Ukraine", "geonameid": 690791, "admin1": None, "geo_precision": 3},
]
FIRST = dt.datetime(2025, 4, 1, tzinfo=dt.UTC)
OUTLETS = 9


# Made once: a strategy that is made at each draw costs a third of the time of the laws.
HOURS = st.integers(0, 120)
# Most reports are about one city, so that many share the place and the day.
SPOTS = st.lists(st.sampled_from((0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8)), min_size=1, max_size=3)
DAYS_BACK = st.sampled_from((0, 0, 0, 1, 1, 2, 3))
DAYS_LONG = st.sampled_from((0, 0, 0, 1, 1, 4, 40))
CHANCES = st.integers(0, 11)
TOLLS = st.sampled_from((None, 0, 1, 3, 3, 4, 12))
WEAPONS = st.sampled_from(("unknown", "missile", "drone", "ballistic_missile", "artillery", "mixed"))
ACTORS = st.sampled_from((None, "Russia", "Ukraine"))
TARGETS = st.sampled_from(([], ["residential"], ["school", "street"]))
WHERE = st.sampled_from(
    (None, None, None, "Saltivka district", "Saltivka", "Obolon market", "centre of Kharkiv")
)
WHEN = st.sampled_from((None, None, None, "night", "03:40", "15:00"))
YES_OR_NO = st.booleans()


@st.composite
def article_reports(draw: st.DrawFn, number: int) -> list[Report]:
    """Draw the one to three reports of article ``number``."""
    hour = draw(HOURS)
    # Some articles are published in one second, as those of feeds that give the hour only.
    published = (FIRST + dt.timedelta(hours=hour, minutes=number // 3)).strftime("%Y-%m-%dT%H:%M:%SZ")
    url = f"https://outlet-{number % OUTLETS}.example/{number}"
    reports = []
    spots = draw(SPOTS)
    for nth, spot in enumerate(spots):
        place = PLACES[spot]
        back = draw(DAYS_BACK)
        start: dt.date | None = (FIRST + dt.timedelta(hours=hour)).date() - dt.timedelta(days=back)
        assert start is not None
        end: dt.date | None = start + dt.timedelta(days=draw(DAYS_LONG))
        chance = draw(CHANCES)
        evidence = [Evidence("event_date_start", "published", None, None)] if chance == 1 else []
        if chance == 0:
            start = end = None
        toll = draw(TOLLS)
        reports.append(
            a_report(
                number,
                **place,
                report_id=report_id(url, place["geonameid"], place["location"], nth),
                article_url=url,
                source_name=f"Outlet {number % OUTLETS}",
                published_at=published,
                event_date_start=start,
                event_date_end=end,
                weapon=draw(WEAPONS),
                actor=draw(ACTORS),
                targets=draw(TARGETS),
                fatalities_low=toll,
                fatalities_best=toll,
                fatalities_high=toll if draw(YES_OR_NO) else None,
                is_main=nth == 0,
                evidence=evidence,
                text_signature=None,
                sublocation=draw(WHERE),
                event_time=draw(WHEN),
            )
        )
    return reports


@st.composite
def worlds(draw: st.DrawFn, smallest: int = 30, largest: int = 45) -> list[list[Report]]:
    """Draw articles, as lists of reports, that have at least ``smallest`` reports in total."""
    articles: list[list[Report]] = []
    while sum(map(len, articles)) < smallest or (len(articles) < largest and draw(YES_OR_NO)):
        articles.append(draw(article_reports(len(articles))))
    return articles
