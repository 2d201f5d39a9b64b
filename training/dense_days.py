"""Generated days of many strikes on one city, with noisy reports whose true strike is known.

Nobody annotated such days at any length: 40 strikes on one city in a day, 1 to 8 reports of each, some of
which name the neighbourhood and some not. The manners differ as the sources do that people load: news (the
city's point, a quarter named in the text), outlets that give the quarter as the place, recorders with a point
of their own for each strike, and reports of single attacks with the point of the address.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from schemas.identity import report_id
from schemas.records import Evidence, Report

MANNERS = ("town", "quarter", "point", "records")
SHARES = (0.5, 0.15, 0.15, 0.2)
WEAPONS = ("airstrike", "drone", "artillery", "missile", "rocket", "mine_or_ied", "mortar", "guided_bomb")
TARGETS = (
    "residential",
    "school",
    "hospital",
    "market",
    "street",
    "vehicle",
    "camp",
    "worship",
    "energy",
    "military",
)
_STARTS = "al Abu Bab Beit Deir Kafr Tal Umm Ain Nova Stara Velyka Sheikh Bani Ras Wadi Dar Kho San".split()
_SYLLABLES = (
    "ba da fa ga ha ja ka la ma na ra sa ta wa za bi di fi ri si ti ni mi li ku ru su tu nu lu dar man zan "
    "kor sham rim tuf shuj bal kar mar hal zeit jen sal tov rad nik lis"
).split()
_MISCOUNTED = 0.1
"""So many reports give a toll that differs by a few people."""
_FEWEST_QUARTERS = 0.1
"""Recorders list many strikes of one quarter: a city has at least so many quarters for each strike."""
_LACKING = {"text_signature": 0.4, "actor": 0.3, "source_name": 0.2}
"""Sources that people load often lack a field in all their reports: in so many days."""
_KINDS = ("neighbourhood", "district", "quarter", "area", "suburb", "camp")
_BUILDINGS = (
    "school",
    "hospital",
    "mosque",
    "market",
    "tower",
    "hotel",
    "university",
    "clinic",
    "bakery",
    "church",
)
_SWAPS = (
    ("sh", "ch"),
    ("ei", "ai"),
    ("j", "g"),
    ("q", "k"),
    ("z", "s"),
    ("ou", "u"),
    ("a", "e"),
    ("i", "y"),
    ("dd", "d"),
)


@dataclass(frozen=True, slots=True)
class City:
    """A city: name, a made-up id, and its point in degrees."""

    name: str
    number: int
    country: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Strike:
    """A generated strike. ``tolls``: hours after it, killed and injured. ``point``: in degrees."""

    number: int
    at: dt.datetime
    quarter: str
    kind: str
    exact: str | None
    weapon: str
    targets: tuple[str, ...]
    tolls: tuple[tuple[float, int, int], ...]
    point: tuple[float, float]
    texts: list[str]


def dense_day(rnd: random.Random, city: City, strikes: int, first_number: int) -> list[tuple[Report, int]]:
    """Return the reports of one day of a city with so many strikes, each with the number of its strike."""
    manner = rnd.choices(MANNERS, SHARES)[0]
    day = dt.datetime(2024, 1, 1, tzinfo=dt.UTC) + dt.timedelta(days=rnd.randrange(700))
    fewest = _FEWEST_QUARTERS if manner == "records" else 0.6
    quarters = list(
        dict.fromkeys(a_name(rnd) for _ in range(max(3, round(strikes * rnd.uniform(fewest, 1.4)))))
    )
    usual = rnd.choice(WEAPONS)
    found = [a_strike(rnd, first_number + n, city, day, quarters, usual) for n in range(strikes)]
    named = rnd.uniform(0.3, 1.0)
    timed = rnd.uniform(0.1, 0.7) if rnd.random() < 0.7 else 0.0
    told = list(_reports(rnd, city, found, manner, named, timed))
    lacking = [name for name, share in _LACKING.items() if rnd.random() < share]
    return [(without(report, lacking), number) for report, number in told]


def without(report: Report, fields: Sequence[str]) -> Report:
    """Return a report without some of its fields."""
    nothing: dict[str, Any] = dict.fromkeys(fields)
    return replace(report, **nothing)


def a_name(rnd: random.Random) -> str:
    """Return an invented name of a place."""
    word = "".join(rnd.choice(_SYLLABLES) for _ in range(rnd.choice((2, 2, 3)))).capitalize()
    start = rnd.random()
    return f"al-{word}" if start < 0.25 else f"{rnd.choice(_STARTS)} {word}" if start < 0.5 else word


def a_strike(
    rnd: random.Random, number: int, city: City, day: dt.datetime, quarters: Sequence[str], usual: str
) -> Strike:
    """Return a strike on one of the quarters at a time of the day.

    Args:
        rnd: the source of chance.
        number: of the strike.
        city: where it is.
        day: midnight before it.
        quarters: the names of the city's quarters.
        usual: the weapon of seven strikes of ten.
    """
    killed = int(rnd.paretovariate(0.9)) - 1 if rnd.random() < 0.8 else 0
    exact = None
    if rnd.random() < 0.4:
        name = a_name(rnd)
        exact = rnd.choice(
            (f"{name} {rnd.choice(_BUILDINGS)}", f"{name} Street", f"the {name} family's home")
        )
    killed = min(killed, 300)
    return Strike(
        number=number,
        at=day + dt.timedelta(minutes=rnd.randrange(1440)),
        quarter=rnd.choice(quarters),
        kind=rnd.choice(_KINDS),
        exact=exact,
        weapon=usual if rnd.random() < 0.7 else rnd.choice(WEAPONS),
        targets=tuple(rnd.sample(TARGETS, rnd.choice((1, 1, 2)))),
        tolls=_tolls(rnd, killed, int(killed * rnd.uniform(0.5, 4)) + rnd.randrange(4)),
        point=(city.latitude + rnd.gauss(0, 0.02), city.longitude + rnd.gauss(0, 0.02)),
        texts=[],
    )


def _tolls(rnd: random.Random, killed: int, injured: int) -> tuple[tuple[float, int, int], ...]:
    """Return the tolls as officials give them one after another: (hours after the strike, killed,
    injured)."""
    shares = sorted(rnd.uniform(0.2, 0.95) for _ in range(rnd.choice((0, 1, 1, 2, 3))))
    hours = sorted(rnd.lognormvariate(1.0, 1.0) for _ in shares)
    return (*((0.0, round(killed * s), round(injured * s)) for s in shares[:1]), *(
        (hour, round(killed * share), round(injured * share))
        for hour, share in zip(hours, [*shares[1:], 1.0], strict=True)
    )) if shares else ((0.0, killed, injured),)  # fmt: skip


def _toll_at(rnd: random.Random, strike: Strike, hours: float) -> tuple[int, int]:
    """Return the toll that a report gives: the latest that officials gave, or an earlier one."""
    known = [toll for toll in strike.tolls if toll[0] <= hours] or [strike.tolls[0]]
    _, killed, injured = known[-1] if rnd.random() < 0.8 else rnd.choice(known)
    if rnd.random() < _MISCOUNTED:
        killed, injured = max(0, killed + rnd.choice((-1, -1, 0, 1))), max(0, injured + rnd.randint(-3, 3))
    return killed, injured


def single_record(rnd: random.Random, city: City, strike: Strike) -> Report:
    """Return the one record of a strike by a recorder: with its last toll, without time of publication."""
    published, url = strike.at + dt.timedelta(days=1), f"https://recorder.example/{strike.number}"
    report = _report(rnd, city, strike, "records", (1.0, 0.2), published, url, 0)
    _, killed, injured = strike.tolls[-1]
    return replace(
        report, weapon=strike.weapon, source_name="recorder.example", published_at=None,
        fatalities_low=killed, fatalities_best=killed, fatalities_high=killed,
        injured_low=injured, injured_best=injured, injured_high=injured,
    )  # fmt: skip


def _reports(
    rnd: random.Random, city: City, strikes: Sequence[Strike], manner: str, named: float, timed: float
) -> Iterator[tuple[Report, int]]:
    serial = 0
    for strike in strikes:
        many = (
            1 if manner == "records" and rnd.random() < 0.8 else min(8, 1 + int(rnd.paretovariate(1.1) - 1))
        )
        for n in range(many):
            serial += 1
            published = strike.at + dt.timedelta(hours=0.5 + rnd.lognormvariate(1.2, 1.1))
            outlet = "recorder" if manner == "records" and (n == 0) else f"outlet-{rnd.randrange(60)}"
            url = f"https://{outlet}.example/{strike.number}/{serial}"
            told = [strike]
            if manner in ("town", "quarter") and rnd.random() < 0.25:
                others = [s for s in strikes if s is not strike and s.at < published]
                told += rnd.sample(others, min(len(others), rnd.choice((1, 1, 2, 3))))
            for nth, each in enumerate(told):
                yield _report(rnd, city, each, manner, (named, timed), published, url, nth), each.number


def _report(
    rnd: random.Random, city: City, strike: Strike, manner: str, shares: tuple[float, float],
    published: dt.datetime, url: str, nth: int,
) -> Report:  # fmt: skip
    named, timed = shares
    late = (published - strike.at).total_seconds() / 3600
    killed_then, injured_then = _toll_at(rnd, strike, late if manner != "records" else 1e9)
    killed = None if rnd.random() < 0.15 else killed_then
    injured = None if rnd.random() < 0.4 else injured_then
    is_open = rnd.random() < 0.25
    location, number, point = city.name, city.number, (city.latitude, city.longitude)
    sublocation = _sublocation(rnd, strike, city) if rnd.random() < named else None
    if manner == "quarter" and sublocation is not None:
        location, number, sublocation = (
            _spelt(rnd, strike.quarter),
            0,
            strike.exact if rnd.random() < 0.5 else None,
        )
        point = _jittered(rnd, strike.point, 0.003)
    if manner in ("point", "records"):
        point = _jittered(rnd, strike.point, 0.0 if rnd.random() < 0.6 else 0.002)
        if manner == "records" and rnd.random() < 0.6:
            location, number = _spelt(rnd, strike.quarter), 0
    day = strike.at.date()
    assumed_later = rnd.random() < 0.04
    is_assumed = assumed_later and published.date() == day + dt.timedelta(days=1)
    start = published.date() if is_assumed else day
    instant: str | None = published.strftime("%Y-%m-%dT%H:%M:%SZ")
    if manner == "records":
        instant = rnd.choice((None, f"{day + dt.timedelta(days=1)}T00:00:00Z"))
    if rnd.random() < 0.15 and strike.texts:
        text = rnd.choice(strike.texts)
    else:
        text = rnd.randbytes(128).hex()
        strike.texts.append(text)
    assumed = [Evidence("event_date_start", "published", None, None)] if is_assumed else []
    return Report(
        report_id=report_id(url, number or None, location, nth), article_url=url, article_version=1,
        source_name=url.split("/")[2], headline="Strike", published_at=instant, language="en",
        is_main=nth == 0 or rnd.random() < 0.7, event_date_start=start, event_date_end=start,
        time_precision=1,
        location=location, geonameid=number or None, admin1="", country=city.country,
        latitude=round(point[0], 4), longitude=round(point[1], 4), geo_precision=1,
        weapon=strike.weapon if rnd.random() < 0.8 else rnd.choice(("unknown", rnd.choice(WEAPONS))),
        weapon_name=None, actor="A" if rnd.random() < 0.7 else None,
        targets=_targets(rnd, strike), fatalities_low=killed, fatalities_best=killed,
        fatalities_high=None if is_open else killed, injured_low=injured, injured_best=injured,
        injured_high=injured, child_fatalities=None, child_injured=None, claim_status="reported",
        attributed_to=None, evidence=assumed, confidence=0.8,
        text_signature=text if rnd.random() < 0.8 else None,
        extractor_version="generated", field_confidence=[], sublocation=sublocation,
        event_time=_time(rnd, strike.at) if rnd.random() < timed else None,
    )  # fmt: skip


def _targets(rnd: random.Random, strike: Strike) -> list[str]:
    """Return the targets that a report names: often not all, sometimes one that no other names."""
    found = [t for t in strike.targets if rnd.random() < 0.65]
    return [*found, rnd.choice(TARGETS)] if rnd.random() < 0.25 else found


def _sublocation(rnd: random.Random, strike: Strike, city: City) -> str:
    quarter = _spelt(rnd, strike.quarter)
    if rnd.random() < 0.75:
        quarter = f"{quarter} {strike.kind}"
    if strike.exact is None:
        side = rnd.choice(("north", "east", "west", "south"))
        return quarter if rnd.random() < 0.93 else f"{side}ern {city.name}"
    chance = rnd.random()
    exact = _spelt(rnd, strike.exact)
    return exact if chance < 0.3 else quarter if chance < 0.6 else f"{exact}, {quarter}"


def _spelt(rnd: random.Random, name: str) -> str:
    """Return a name as another outlet may spell it."""
    if rnd.random() < 0.2:
        before, after = rnd.choice(_SWAPS)
        name = name.replace(before, after, 1)
    return name.replace("al-", rnd.choice(("Al ", "el-", ""))) if rnd.random() < 0.3 else name


def _jittered(rnd: random.Random, point: tuple[float, float], degrees: float) -> tuple[float, float]:
    return point[0] + rnd.gauss(0, degrees), point[1] + rnd.gauss(0, degrees)


def _time(rnd: random.Random, at: dt.datetime) -> str:
    if rnd.random() < 0.5:
        return f"{(at + dt.timedelta(minutes=rnd.randrange(-20, 21))):%H:%M}"
    hour = at.hour
    return (
        "night"
        if hour < 5 or hour >= 22
        else "morning"
        if hour < 12
        else "afternoon"
        if hour < 18
        else "evening"
    )
