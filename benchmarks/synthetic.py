"""Synthetic ledgers: strikes at realistic places and dates, and noisy reports of them.

The true strike of each report is known, so resolution can be measured at any size. The rates below come from
the annotated sample: how many reports a strike has, how often toll, weapon or actor is missing, how late
outlets report. Where the sample is too small, a rate is a guess that makes the task harder, not easier.
"""

from __future__ import annotations

import datetime as dt
import random
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from schemas.identity import report_id
from schemas.records import Evidence, Report
from transforms.nlp.gazetteer import gazetteer_path

FIRST_DAY = dt.date(2023, 1, 1)
STRIKE_PERCENT = {"UA": 42, "PS": 18, "LB": 7, "SD": 9, "SY": 7, "YE": 5, "RU": 5, "MM": 4, "IL": 2, "IQ": 1}
ATTACKERS = {
    "UA": "Russia", "RU": "Ukraine", "PS": "Israel", "LB": "Israel", "SD": "Rapid Support Forces",
    "SY": "Israel", "YE": "Saudi Arabia", "MM": "Myanmar", "IL": "Hezbollah", "IQ": "Iran",
}  # fmt: skip
WEAPONS = ("drone", "missile", "ballistic_missile", "airstrike", "guided_bomb", "artillery", "rocket")
GENERAL_WEAPONS = {"ballistic_missile": "missile", "guided_bomb": "airstrike"}
TARGETS = ("residential", "energy", "school", "hospital", "market", "industry", "street", "vehicle", "camp")
OUTLETS = 400

# How often a report has each property, as a share of all reports or articles.
UNDATED, VAGUE_DATE, ASSUMED_DATE, NEAR_BY, NO_ID = 0.02, 0.05, 0.06, 0.03, 0.08
NO_TOLL, NO_ACTOR, NO_WEAPON, OTHER_WEAPON, BACKGROUND, COPY = 0.12, 0.35, 0.12, 0.05, 0.12, 0.3


@dataclass(frozen=True, slots=True)
class Town:
    """A place that is struck; ``weight`` is its share of the strikes, not normalised."""

    name: str
    geonameid: int
    country: str
    admin1: str
    latitude: float
    longitude: float
    weight: float


@dataclass(slots=True)
class Event:
    """One true strike. ``texts`` are the signatures of the articles about it."""

    number: int
    town: Town
    happened_at: dt.datetime
    is_night: bool
    weapon: str
    targets: tuple[str, ...]
    killed: int
    injured: int
    texts: list[str]


def real_towns(number: int = 6000) -> list[Town]:
    """Return the largest towns of countries at war, from the gazetteer. Larger towns have more strikes."""
    db = sqlite3.connect(gazetteer_path())
    found = []
    for country, share in STRIKE_PERCENT.items():
        rows = db.execute(
            "SELECT name, geonameid, admin1, latitude, longitude, population FROM places "
            "WHERE country = ? AND geonameid IS NOT NULL AND kind = 'city' "
            "ORDER BY population DESC, geonameid LIMIT ?",
            (country, max(20, number * share // 100)),
        ).fetchall()
        # Zipf's law, flattened for the first ranks: a few towns have most strikes, but no town has more than
        # about two a day.
        weights = [1 / (rank + 10) for rank in range(len(rows))]
        for (name, the_id, admin1, latitude, longitude, _), weight in zip(rows, weights, strict=True):
            found.append(
                Town(name, the_id, country, admin1 or "", latitude, longitude, share * weight / sum(weights))
            )
    return found


def synthetic_ledger(
    number: int, towns: list[Town], days: int = 1095, seed: int = 1
) -> Iterator[tuple[Report, int]]:
    """Yield about ``number`` reports, each with the number of its strike, not in order of publication.

    A strike has 1 to 200 reports, 3.4 on average as in the sample. One article in eight also mentions an
    earlier strike on the same town.
    """
    rnd = random.Random(seed)
    sums = list(accumulate(t.weight for t in towns))
    earlier: dict[int, list[Event]] = {}
    yielded = serial = event_number = 0
    while yielded < number:
        event = _event(rnd, rnd.choices(towns, cum_weights=sums)[0], days, event_number)
        event_number += 1
        for _ in range(min(200, 1 + int(rnd.paretovariate(1.35) - 1) + (rnd.random() < 0.5))):
            serial += 1
            published = event.happened_at + dt.timedelta(hours=2 + rnd.lognormvariate(1.8, 1.2))
            article = _Article(rnd, serial, published, event)
            yield _report(rnd, article, event, True, 0), event.number
            yielded += 1
            known = earlier.get(event.town.geonameid)
            if known and rnd.random() < BACKGROUND:
                past = rnd.choice(known[-4:])
                if past.happened_at < event.happened_at and (event.happened_at - past.happened_at).days < 30:
                    yield _report(rnd, article, past, False, 1), past.number
                    yielded += 1
        earlier.setdefault(event.town.geonameid, []).append(event)


class _Article:
    def __init__(self, rnd: random.Random, serial: int, published: dt.datetime, event: Event) -> None:
        outlet = rnd.randrange(OUTLETS)
        self.source = f"Outlet {outlet}"
        self.url = f"https://outlet-{outlet}.example/{published:%Y/%m/%d}/{serial}"
        self.published = published
        self.signature = (
            rnd.choice(event.texts) if event.texts and rnd.random() < COPY else rnd.randbytes(128).hex()
        )
        event.texts.append(self.signature)


def _event(rnd: random.Random, town: Town, days: int, number: int) -> Event:
    day = dt.datetime.combine(FIRST_DAY, dt.time(), dt.UTC) + dt.timedelta(days=rnd.randrange(days))
    hour = rnd.choice((1, 2, 3, 4, 8, 10, 12, 14, 16, 19, 22, 23))
    killed = int(rnd.paretovariate(0.9)) - 1 if rnd.random() < 0.75 else 0
    return Event(
        number, town, day + dt.timedelta(hours=hour, minutes=rnd.randrange(60)), hour >= 22 or hour < 5,
        rnd.choice(WEAPONS), tuple(rnd.sample(TARGETS, rnd.choice((1, 1, 2)))), min(killed, 400),
        int(min(killed, 400) * rnd.uniform(1, 5)) + rnd.randrange(6), [],
    )  # fmt: skip


def _dates(
    rnd: random.Random, event: Event, published: dt.datetime
) -> tuple[dt.date | None, dt.date | None, int | None, bool]:
    day, chance = event.happened_at.date(), rnd.random()
    if chance < UNDATED:
        return None, None, None, False
    if chance < UNDATED + VAGUE_DATE:
        first = day - dt.timedelta(days=rnd.randrange(7))
        return first, max(day, min(first + dt.timedelta(days=6), published.date())), 2, False
    if chance < UNDATED + VAGUE_DATE + ASSUMED_DATE and (published.date() - day).days <= 1:
        return published.date(), published.date(), 1, True
    if event.is_night and rnd.random() < 0.5:
        first = day if event.happened_at.hour >= 22 else day - dt.timedelta(days=1)
        return first, first + dt.timedelta(days=1), 1, False
    return day, day, 1, False


def _weapon(rnd: random.Random, event: Event) -> str:
    chance = rnd.random()
    if chance < NO_WEAPON:
        return "unknown"
    if chance < NO_WEAPON + OTHER_WEAPON:
        return rnd.choice(WEAPONS)
    return GENERAL_WEAPONS.get(event.weapon, event.weapon) if rnd.random() < 0.4 else event.weapon


def _report(rnd: random.Random, article: _Article, event: Event, is_main: bool, nth: int) -> Report:
    town, delay_hours = event.town, (article.published - event.happened_at).total_seconds() / 3600
    known_share = min(1.0, 0.55 + delay_hours / 24)  # tolls grow during the first hours
    killed = None if rnd.random() < NO_TOLL else round(event.killed * known_share)
    injured = None if rnd.random() < 0.4 else round(event.injured * known_share)
    is_open = rnd.random() < 0.2
    start, end, precision, is_assumed = _dates(rnd, event, article.published)
    name, latitude, longitude = town.name, town.latitude, town.longitude
    the_id: int | None = town.geonameid
    if rnd.random() < NEAR_BY:  # a quarter or village that is in no gazetteer, up to 4 km away
        name, the_id = f"{town.name}ka", None
        latitude += rnd.uniform(-0.03, 0.03)
    elif rnd.random() < NO_ID:
        the_id = None
    evidence = [Evidence("event_date_start", "published", None, None)] if is_assumed else []
    return Report(
        report_id=report_id(article.url, the_id, name, nth), article_url=article.url, article_version=1,
        source_name=article.source, headline=f"Strike on {town.name}",
        published_at=article.published.strftime("%Y-%m-%dT%H:%M:%SZ"), language="en", is_main=is_main,
        event_date_start=start, event_date_end=end, time_precision=precision, location=name, geonameid=the_id,
        admin1=town.admin1, country=town.country, latitude=round(latitude, 4), longitude=round(longitude, 4),
        geo_precision=1, weapon=_weapon(rnd, event), weapon_name=None,
        actor=None if rnd.random() < NO_ACTOR else ATTACKERS[town.country],
        targets=[t for t in event.targets if rnd.random() < 0.7], fatalities_low=killed,
        fatalities_best=killed, fatalities_high=None if is_open else killed, injured_low=injured,
        injured_best=injured, injured_high=injured, child_fatalities=None, child_injured=None,
        claim_status="reported", attributed_to=None, evidence=evidence,
        text_signature=article.signature, confidence=0.8, extractor_version="synthetic", field_confidence=[],
    )  # fmt: skip
