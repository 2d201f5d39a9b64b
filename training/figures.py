"""Figures of reports against the annotation: matched and strict F1, and articles with a false alarm.

A report matches a strike of its article where place and date agree: the same name or within 15 km, and the
same days give or take one. It is strictly right where killed, injured and family of the weapon agree too.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

from schemas.records import Report
from schemas.vocabulary import WEAPON_FAMILY, Weapon
from training.corpus import Annotated, Gold
from training.date_rows import is_near
from training.labels import fit
from transforms.nlp.gazetteer import Gazetteer, Place
from transforms.nlp.times import Interval


@dataclass(slots=True)
class Figures:
    """Counts over articles. ``quiet``: those without a strike, and ``alarms`` those of them with a report."""

    golds: int = 0
    reports: int = 0
    matched: int = 0
    strict: int = 0
    quiet: int = 0
    alarms: int = 0

    @property
    def matched_f1(self) -> float:
        """Return F1 of reports with place and date right."""
        return 2 * self.matched / max(1, self.golds + self.reports)

    def __str__(self) -> str:
        both = self.golds + self.reports
        matched, strict = (2 * n / max(1, both) for n in (self.matched, self.strict))
        return (
            f"{self.golds:5} strikes, {self.reports:5} reports: matched {matched:.3f}, strict {strict:.3f}, "
            f"alarms {self.alarms} of {self.quiet}"
        )


def figures_of(articles: Iterable[tuple[Annotated, Sequence[Report]]], gazetteer: Gazetteer) -> Figures:
    """Return the figures of articles with their reports."""
    total = Figures()
    for article, reports in articles:
        pairs = match(reports, article.golds, gazetteer)
        total.golds += len(article.golds)
        total.reports += len(reports)
        total.matched += len(pairs)
        total.strict += sum(is_strict(report, gold) for report, gold in pairs)
        total.quiet += not article.golds
        total.alarms += bool(reports) and not article.golds
    return total


def match(
    reports: Sequence[Report], golds: Sequence[Gold], gazetteer: Gazetteer
) -> list[tuple[Report, Gold]]:
    """Return pairs of report and strike, those that agree best first; each is in one pair at most."""
    fits = {
        (r, g): fit(_place(reports[r]), golds[g], gazetteer) + is_strict(reports[r], golds[g])
        for r, g in product(range(len(reports)), range(len(golds)))
        if _same_days(reports[r], golds[g]) and fit(_place(reports[r]), golds[g], gazetteer) > 0
    }
    pairs: list[tuple[int, int]] = []
    for r, g in sorted(fits, key=lambda key: (-fits[key], key)):
        if all(r != own and g != other for own, other in pairs):
            pairs.append((r, g))
    return [(reports[r], golds[g]) for r, g in pairs]


def is_strict(report: Report, gold: Gold) -> bool:
    """Return whether killed, injured and the family of the weapon agree."""
    families = (WEAPON_FAMILY[Weapon(report.weapon)], WEAPON_FAMILY[Weapon(gold.weapon)])
    lows = (report.fatalities_low, report.injured_low)
    return families[0] == families[1] and lows == (gold.killed[0], gold.injured[0])


def _same_days(report: Report, gold: Gold) -> bool:
    if gold.dates is None:
        return True
    start, end = report.event_date_start, report.event_date_end
    if start is None:
        return False
    return is_near(Interval(_day(start), _day(end or start), 1), gold.dates)


def _day(value: dt.date | str) -> dt.date:
    return value if isinstance(value, dt.date) else dt.date.fromisoformat(value)


def _place(report: Report) -> Place:
    return Place(
        geonameid=report.geonameid,
        name=report.location,
        country=report.country or "",
        admin1=report.admin1,
        latitude=report.latitude,
        longitude=report.longitude,
        population=0,
        timezone=None,
        kind="city" if report.geo_precision == 1 else "district",
    )
