"""A strike while its reports are collected: what they agree on, and how well a further report fits."""

from dataclasses import dataclass, field
from itertools import takewhile

from schemas.identity import founder_key
from schemas.records import IncidentReport, Report
from schemas.vocabulary import ANY_FAMILY
from transforms.resolution.dated_report import DatedReport
from transforms.resolution.event_days import EventDays
from transforms.resolution.fit import (
    Fit,
    score_actor,
    score_days,
    score_place,
    score_targets,
    score_toll,
    score_weapon,
)
from transforms.resolution.place_similarity import ReportedPlace

MAX_PLACES = 8
"""A strike remembers this many different places. More would make each comparison slower and say little."""


@dataclass(slots=True)
class Strike:
    """Reports that mean one strike.

    ``days`` is the consensus: the days on which all reports agree. So strikes on one town in several nights
    in a row stay apart, although the days of one night overlap the days of the next.

    ``links`` has, for each report, how it came in: its stored link if that is settled, its ``Fit`` if it
    joined now, None if it founded the strike.
    """

    days: EventDays
    reports: list[Report] = field(default_factory=list)
    links: list[IncidentReport | Fit | None] = field(default_factory=list)
    places: list[ReportedPlace] = field(default_factory=list)
    article_urls: set[str] = field(default_factory=set)
    families: set[str] = field(default_factory=set)
    targets: set[str] = field(default_factory=set)
    actors: set[str] = field(default_factory=set)
    killed: set[int] = field(default_factory=set)
    injured: set[int] = field(default_factory=set)
    undated: list[tuple[Report, IncidentReport | None]] = field(default_factory=list)
    """Reports without a date that mean this strike, with their settled links. They affect no other report."""

    @classmethod
    def founded_by(cls, dated: DatedReport, link: IncidentReport | None) -> "Strike":
        """Return the strike that a report founds."""
        strike = cls(dated.days)
        strike._add(dated, link, dated.days.start, dated.days.end)
        return strike

    def join(self, dated: DatedReport, fit: Fit) -> None:
        """Add a report that fits."""
        self._add(dated, fit, fit.start, fit.end)

    def add_settled(self, dated: DatedReport, link: IncidentReport | None) -> None:
        """Add a report that is already known to belong here."""
        start, end, _ = score_days(self.days, dated.days) or (self.days.start, self.days.end, 0.0)
        self._add(dated, link, start, end)

    def _add(self, dated: DatedReport, link: IncidentReport | Fit | None, start: int, end: int) -> None:
        report = dated.report
        self.reports.append(report)
        self.links.append(link)
        self.days = EventDays(start, end, self.days.is_assumed and dated.days.is_assumed)
        if dated.place not in self.places and len(self.places) < MAX_PLACES:
            self.places.append(dated.place)
        self.article_urls.add(report.article_url)
        if dated.family != ANY_FAMILY:
            self.families.add(dated.family)
        self.targets.update(report.targets)
        if report.actor is not None:
            self.actors.add(report.actor)
        if report.fatalities_low is not None:
            self.killed.add(report.fatalities_low)
        if report.injured_low is not None:
            self.injured.add(report.injured_low)

    @property
    def founder(self) -> Report:
        """Return the report that was published first (unknown last); of several, the one with the least id.

        Reports are added in order of publication, so only the first ones can be it.
        """
        first = self.reports[0].published_at
        return min(
            takewhile(lambda r: r.published_at == first, self.reports),
            key=lambda r: founder_key(r.published_at, r.report_id),
        )

    def fit(self, dated: DatedReport) -> Fit | None:
        """Return how well a report fits.

        None where it cannot belong here: another report of its article is here already (an article reports
        each strike once), the places differ, or the days do not overlap.
        """
        report = dated.report
        if report.article_url in self.article_urls:
            return None
        days = score_days(self.days, dated.days)
        if days is None:
            return None
        place, nearest_place = score_place(dated.place, self.places)
        if not place:
            return None
        start, end, days_score = days
        return Fit(
            place, days_score, score_weapon(dated.family, self.families),
            score_toll(report, self.killed, self.injured), score_targets(report.targets, self.targets),
            score_actor(report.actor, self.actors), start, end, nearest_place,
        )  # fmt: skip
