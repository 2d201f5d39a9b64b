"""One recorder's list of the strikes on a territory: how many are kept apart?

Each record is one strike, with a neighbourhood, a point, a toll and a day of its own. Two of one
neighbourhood and day are a few hundred metres apart. Nothing is to be joined: every pair is a false one.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from benchmarks.peers import ours
from schemas.records import Report
from training.dense_days import City, a_name, a_strike, single_record

STRIKES, TOWNS, DAYS, QUARTERS = 692, 12, (30, 90), (4, 14)
_SOUTH_WEST, _DEGREES = (31.22, 34.22), (0.38, 0.33)
_SPREAD_OF_TOWN, _SPREAD_OF_QUARTER = 0.012, 0.002
_SEEDS = (1, 2)
Quarter = tuple[str, float, float]
"""The name of a neighbourhood, and its point in degrees."""
MANNERS = ("neighbourhood as the place", "town, with the neighbourhood", "town, with a point of its own")


def records() -> None:
    """Print how many incidents the records of some invented territories become, and the false pairs."""
    for days in DAYS:
        for number, manner in enumerate(MANNERS):
            for seed in _SEEDS:
                reports = territory(seed, days, number)
                found = ours(reports)
                sizes = Counter(found.get(r.report_id, r.report_id) for r in reports).values()
                pairs = sum(size * (size - 1) // 2 for size in sizes)
                print(
                    f"{days} days, {manner}: {len(sizes)} incidents for {STRIKES}, {pairs} false pairs",
                    flush=True,
                )


def territory(seed: int, days: int, manner: int) -> Sequence[Report]:
    """Return a record of each strike on a territory of some towns, in one of ``MANNERS``, by its number."""
    rnd = random.Random(seed)
    towns = [_town(rnd, number) for number in range(TOWNS)]
    shares = [rnd.paretovariate(1.0) for _ in towns]
    return [_record(rnd, n, *rnd.choices(towns, shares)[0], days, manner) for n in range(STRIKES)]


def _town(rnd: random.Random, number: int) -> tuple[City, list[Quarter]]:
    """Return a town, and its neighbourhoods with their points."""
    latitude, longitude = (
        start + size * rnd.random() for start, size in zip(_SOUTH_WEST, _DEGREES, strict=True)
    )
    quarters = [
        (a_name(rnd), latitude + rnd.gauss(0, _SPREAD_OF_TOWN), longitude + rnd.gauss(0, _SPREAD_OF_TOWN))
        for _ in range(rnd.randint(*QUARTERS))
    ]
    return City(a_name(rnd), 7_000_000 + number, "PS", latitude, longitude), quarters


def _record(
    rnd: random.Random, number: int, town: City, quarters: Sequence[Quarter], days: int, manner: int
) -> Report:
    name, latitude, longitude = rnd.choice(quarters)
    day = dt.datetime(2023, 10, 7, tzinfo=dt.UTC) + dt.timedelta(days=rnd.randrange(days))
    point = (latitude + rnd.gauss(0, _SPREAD_OF_QUARTER), longitude + rnd.gauss(0, _SPREAD_OF_QUARTER))
    strike = replace(a_strike(rnd, number, town, day, [name], "airstrike"), weapon="airstrike", point=point)
    report = single_record(rnd, town, strike)
    if manner == 0:
        return replace(report, location=name, geonameid=None, sublocation=strike.exact)
    return replace(
        report, location=town.name, geonameid=town.number, sublocation=name if manner == 1 else None
    )
