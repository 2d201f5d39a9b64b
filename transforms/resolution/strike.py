"""A strike while its reports are collected: what they agree on, and how well a further report fits."""

from dataclasses import dataclass, field
from itertools import takewhile

from schemas.identity import founder_key, incident_id
from schemas.records import IncidentReport, Report
from schemas.vocabulary import ANY_FAMILY
from transforms.resolution import event_times, spots, tolls_compared
from transforms.resolution.dated_report import DatedReport
from transforms.resolution.event_days import EventDays
from transforms.resolution.fit import (
    Fit,
    case_of_actor,
    case_of_days,
    case_of_place,
    case_of_targets,
    case_of_weapon,
)
from transforms.resolution.match_model import Aspects, match_model
from transforms.resolution.place_similarity import ReportedPlace
from transforms.resolution.spots import Spot
from transforms.util.signature import COPY_SIMILARITY, similarity

MAX_PLACES, MAX_SPOTS = 8, 16
"""A strike remembers this many different places and spots. More would make each comparison slower and say
little."""
MAX_TEXTS_COMPARED = 12
"""A report's text is compared with this many texts of a strike: the first ones."""
_ALIKE = 0.15
"""From this similarity on, two texts share sentences."""
_SIZES = ((1, "1"), (3, "3"), (8, "8"), (25, "25"))


@dataclass(slots=True)
class Strike:
    """Reports that mean one strike.

    ``days`` is the consensus: the days on which all reports agree. So strikes on one town in several nights
    in a row stay apart, although the days of one night overlap the days of the next.

    ``links`` has, for each report, how it came in: its stored link if that is settled, its ``Fit`` if it
    joined now, None if it founded the strike. ``latest``: the hour when the last report was published.
    """

    days: EventDays
    reports: list[Report] = field(default_factory=list)
    links: list[IncidentReport | Fit | None] = field(default_factory=list)
    places: list[ReportedPlace] = field(default_factory=list)
    article_urls: set[str] = field(default_factory=set)
    families: set[str] = field(default_factory=set)
    targets: set[str] = field(default_factory=set)
    actors: set[str] = field(default_factory=set)
    outlets: set[str] = field(default_factory=set)
    killed: set[int] = field(default_factory=set)
    injured: set[int] = field(default_factory=set)
    times: set[str] = field(default_factory=set)
    spots: dict[tuple[Spot, ...], int] = field(default_factory=dict)
    name_spots: dict[tuple[Spot, ...], int] = field(default_factory=dict)
    """How many reports name which spots, and which places that may be spots."""
    signatures: list[str] = field(default_factory=list)
    latest: float | None = None
    loose: list[tuple[Report, IncidentReport | None]] = field(default_factory=list)
    """Reports without a date or a town that mean this strike, with their settled links. They affect no other
    report."""
    possible_duplicate: "Strike | str | None" = None
    """The strike that the founder did not join, although it may mean it; of a settled founder the incident's
    id."""

    @classmethod
    def founded_by(cls, dated: DatedReport, link: IncidentReport | None) -> "Strike":
        """Return the strike that a report founds."""
        strike = cls(dated.days)
        strike.possible_duplicate = link.possible_duplicate_of if link is not None else None
        strike._add(dated, link, dated.days.start, dated.days.end)
        return strike

    def join(self, dated: DatedReport, fit: Fit) -> None:
        """Add a report that fits."""
        self._add(dated, fit, fit.start, fit.end)

    def add_settled(self, dated: DatedReport, link: IncidentReport | None) -> None:
        """Add a report that is already known to belong here."""
        start, end, _ = case_of_days(self.days, dated.days) or (self.days.start, self.days.end, "")
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
        if report.source_name is not None:
            self.outlets.add(report.source_name)
        if dated.killed is not None:
            self.killed.add(dated.killed.number)
        if dated.injured is not None:
            self.injured.add(dated.injured.number)
        if report.event_time is not None:
            self.times.add(report.event_time)
        if dated.spots and (dated.spots in self.spots or len(self.spots) < MAX_SPOTS):
            self.spots[dated.spots] = self.spots.get(dated.spots, 0) + 1
        if dated.name_spot is not None:
            name = (dated.name_spot,)
            if name in self.name_spots or len(self.name_spots) < MAX_SPOTS:
                self.name_spots[name] = self.name_spots.get(name, 0) + 1
        if report.text_signature and len(self.signatures) < MAX_TEXTS_COMPARED:
            self.signatures.append(report.text_signature)
        self.latest = dated.hour if dated.hour is not None else self.latest

    @property
    def incident_id(self) -> str:
        """Return the id of its incident."""
        return incident_id(self.founder.report_id)

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
        if dated.report.article_url in self.article_urls:
            return None
        days = case_of_days(self.days, dated.days)
        if days is None:
            return None
        place = case_of_place(dated.place, self.places)
        if place is None:
            return None
        start, end, case = days
        aspects = (("place", place), ("days", case), *self._further_aspects(dated, place))
        return Fit(aspects, match_model().log_odds(aspects), start, end)

    def _further_aspects(self, dated: DatedReport, place: str) -> Aspects:
        report = dated.report
        return (
            ("spot", self._case_of_spots(dated, place)),
            ("name", self._case_of_name(dated, place)),
            ("weapon", case_of_weapon(dated.family, self.families)),
            ("killed", tolls_compared.compare(dated.killed, self.killed, self.latest)),
            ("injured", tolls_compared.compare(dated.injured, self.injured, self.latest)),
            ("time", event_times.compare(report.event_time, self.times)),
            ("targets", case_of_targets(report.targets, self.targets)),
            ("actor", case_of_actor(report.actor, self.actors)),
            ("text", self._case_of_text(report.text_signature)),
            ("outlet", self._case_of_outlet(report.source_name, place)),
            ("article", "several" if dated.others_here else "one"),
            ("role", "main" if report.is_main else "background"),
            ("size", next((size for most, size in _SIZES if len(self.reports) <= most), "many")),
        )

    def _case_of_spots(self, dated: DatedReport, place: str) -> str:
        """Return how the spots of a report stand to those of the strike.

        The name of a place that may be a spot itself counts against the spots that the other side names.
        """
        if place.startswith("same"):
            return spots.compare(dated.spots, self.spots)
        own_name = (dated.name_spot,) if dated.name_spot is not None else ()
        if self.spots and (dated.spots or own_name):
            return spots.compare((*dated.spots, *own_name), self.spots)
        if dated.spots and self.name_spots:
            return spots.compare(dated.spots, self.name_spots)
        return "one" if dated.spots or self.spots else "none"

    def _case_of_name(self, dated: DatedReport, place: str) -> str:
        """Return how the name of a place that may be a spot stands to those of the strike.

        Of two names without an id one may be a village and the other its town.
        """
        if place.startswith("same") or dated.name_spot is None:
            return "open"
        return spots.compare((dated.name_spot,), self.name_spots)

    def _case_of_outlet(self, outlet: str | None, place: str) -> str:
        """Return whether an outlet has reported the strike. If it gives another point now, it means another
        strike."""
        if outlet not in self.outlets:
            return "other"
        return f"same+{place.partition('+')[2]}" if "+" in place else "same"

    def _case_of_text(self, signature: str | None) -> str:
        if not signature or not self.signatures:
            return "open"
        alike = max(similarity(signature, other) for other in self.signatures)
        return "copy" if alike >= COPY_SIMILARITY else "alike" if alike >= _ALIKE else "other"
