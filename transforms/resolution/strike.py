"""A strike as it grows: what its reports agree on, and how well a further report fits."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from itertools import takewhile

from schemas.identity import founder_key
from schemas.records import IncidentReport, Report
from schemas.vocabulary import ANY_FAMILY, WEAPON_FAMILY
from transforms.resolution.place_similarity import Spot, place_score, place_words, spot

JOIN = 1.2
"""From this sum a report joins a strike. Same place and overlapping days alone give 1.55: a strike is
taken for the one known until weapon, toll, targets or actor speak against it."""
BEST = 2.4
"""The highest sum there is; ``match_score`` is the share of it."""

OPEN = ANY_FAMILY
"""The family of a weapon that says nothing of what struck: unknown, or mixed."""
_FAMILY: dict[str, str] = {weapon.value: family for weapon, family in WEAPON_FAMILY.items()}
_VARIANTS = 8
_MAIN_REACH_DAYS, _BACKGROUND_REACH_DAYS = 31, 366


@dataclass(frozen=True, slots=True)
class Told:
    """A report made ready: its spot and its days as ordinals.

    ``is_assumed``: the day was taken from the publication, so it may be off by one. ``first`` and
    ``last``: the days on which it may be matched.
    """

    report: Report
    spot: Spot
    start: int
    end: int
    is_assumed: bool
    first: int
    last: int
    family: str


def told_of(report: Report) -> Told:
    """Return a dated report made ready."""
    assert report.event_date_start is not None
    first, last = days_of(report)
    start = report.event_date_start.toordinal()
    return Told(
        report, spot_of(report), start, last - start + first, first < start, first, last,
        _FAMILY[report.weapon],
    )  # fmt: skip


def days_of(report: Report) -> tuple[int, int]:
    """Return the days (ordinals) on which a dated report may be matched: a day more on either side where
    its day was only taken from the publication."""
    assert report.event_date_start is not None
    slack = int(any(e.field == "event_date_start" and e.start is None for e in report.evidence))
    end = report.event_date_end or report.event_date_start
    return report.event_date_start.toordinal() - slack, end.toordinal() + slack


def reach_of(published_at: str | None, is_main: bool) -> tuple[int, int]:
    """Return the days (ordinals) of the strike that a report without dates may mean.

    An article about a strike that names no day speaks of the last weeks; one that only mentions it may
    reach back a year. Published at an unknown time, it may mean any day.
    """
    if published_at is None:
        return 1, dt.date.max.toordinal()
    day = dt.date.fromisoformat(published_at[:10]).toordinal()
    return day - (_MAIN_REACH_DAYS if is_main else _BACKGROUND_REACH_DAYS), day + 1


def spot_of(report: Report) -> Spot:
    """Return where a report puts its strike."""
    return spot(
        report.location, report.geonameid, report.country, report.latitude, report.longitude,
        report.geo_precision,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a report fits a strike, part by part. ``start`` and ``end``: the days agreed on then;
    ``nearest``: its likeness to the nearest spot, of which ``place`` is the mean over all."""

    place: float
    dates: float
    weapon: float
    toll: float
    targets: float
    actor: float
    start: int
    end: int
    nearest: float

    @property
    def total(self) -> float:
        """Return the sum of the parts."""
        return self.place + self.dates + self.weapon + self.toll + self.targets + self.actor

    @property
    def score(self) -> float:
        """Return the sum as a share of the best one, 0 to 1."""
        return round(min(max(self.total / BEST, 0.0), 1.0), 3)

    @property
    def reason(self) -> str:
        """Return the parts in words."""
        parts = [
            place_words(self.nearest),
            "same dates" if self.dates >= _SAME_DATES
            else "dates overlap" if self.dates > _ASSUMED else "day before or after an assumed one",
            "same kind of weapon" if self.weapon >= _SAME_WEAPON
            else "weapon open" if self.weapon > 0 else "other weapon",
        ]  # fmt: skip
        if self.toll:
            parts.append(
                "same toll" if self.toll >= _SAME_INJURED
                else "toll has grown" if self.toll > 0 else "other toll"
            )  # fmt: skip
        if self.targets:
            parts.append("same target" if self.targets > 0 else "other target")
        if self.actor:
            parts.append("same actor" if self.actor > 0 else "other actor")
        return ", ".join(parts)


_SAME_DATES, _ASSUMED = 0.6, 0.2
# Days shared with the consensus, by how many days the two span together: a vague mention says less.
_OVERLAP = ((3, 0.45), (8, 0.35))
_VAGUE = 0.25
_SAME_WEAPON, _OPEN_WEAPON, _OTHER_WEAPON = 0.3, 0.1, -0.3
_SAME_TOLL, _SAME_INJURED = 0.25, 0.1


@dataclass(slots=True)
class Strike:
    """Reports taken for one strike. ``start`` to ``end`` is the consensus of their days: those on which
    all of them agree, so that nights in a row do not chain."""

    reports: list[Report]
    links: list[IncidentReport | Fit | None]
    start: int
    end: int
    is_assumed: bool
    spots: list[Spot]
    articles: set[str]
    families: Counter[str]
    targets: set[str]
    actors: set[str]
    killed: set[int]
    injured: set[int]
    undated: list[tuple[Report, IncidentReport | None]] = field(default_factory=list)
    """Reports without dates that mean this strike; they weigh in no further decision."""

    @classmethod
    def founded_by(cls, told: Told, link: IncidentReport | None) -> "Strike":
        """Return the strike of a first report."""
        strike = cls(
            [], [], told.start, told.end, told.is_assumed, [], set(), Counter(), set(), set(), set(), set()
        )
        strike.add(told, link, told.start, told.end)
        return strike

    def add(self, told: Told, link: "IncidentReport | Fit | None", start: int, end: int) -> None:
        """Take a report in; ``start`` and ``end`` are the days then agreed on."""
        report = told.report
        self.reports.append(report)
        self.links.append(link)
        self.start, self.end = start, end
        self.is_assumed = self.is_assumed and told.is_assumed
        if told.spot not in self.spots and len(self.spots) < _VARIANTS:
            self.spots.append(told.spot)
        self.articles.add(report.article_url)
        if told.family != OPEN:
            self.families[told.family] += 1
        self.targets.update(report.targets)
        if report.actor is not None:
            self.actors.add(report.actor)
        if report.fatalities_low is not None:
            self.killed.add(report.fatalities_low)
        if report.injured_low is not None:
            self.injured.add(report.injured_low)

    def add_settled(self, told: Told, link: IncidentReport | None) -> None:
        """Take in a report of which it is known that it belongs here."""
        start, end, _ = self._days(told) or (self.start, self.end, 0.0)
        self.add(told, link, start, end)

    @property
    def founder(self) -> Report:
        """Return the report least by publication (unknown last), then by id: one of the first ones, for
        reports come in order of publication."""
        first = self.reports[0].published_at
        return min(
            takewhile(lambda r: r.published_at == first, self.reports),
            key=lambda r: founder_key(r.published_at, r.report_id),
        )

    def fit(self, told: Told) -> Fit | None:
        """Return how well a report fits; None where it can't: its article tells another strike here, the
        places are others, or the days do not meet."""
        report = told.report
        if report.article_url in self.articles:
            return None
        days = self._days(told)
        if days is None:
            return None
        place, nearest = self.place(told.spot)
        if not place:
            return None
        start, end, dates = days
        return Fit(
            place, dates, self._weapon(told.family), self._toll(report), self._targets(report),
            self._actor(report), start, end, nearest,
        )  # fmt: skip

    def place(self, spot_: Spot) -> tuple[float, float]:
        """Return the mean likeness to the spots told so far, and the greatest; 0 where it is like none. The
        mean counts: a report that says only the city does not make two of its quarters one."""
        scores = [place_score(spot_, known) for known in self.spots]
        return sum(scores) / len(scores), max(scores)

    def _days(self, told: Told) -> tuple[int, int, float] | None:
        """Return the days agreed on with the report, and what their meeting is worth.

        A day taken from the publication is soft: it may be off by one, and it narrows nothing that
        somebody knew. "Killed overnight", assumed for Tuesday, must not cut the night down to Tuesday.
        """
        start, end = max(self.start, told.start), min(self.end, told.end)
        is_soft = told.is_assumed or self.is_assumed
        if start > end + (1 if is_soft else 0):
            return None
        if is_soft and (start > end or told.is_assumed != self.is_assumed):
            known = told if self.is_assumed and not told.is_assumed else self
            agreed = known.start, known.end
        else:
            agreed = start, end
        if start > end:
            return *agreed, _ASSUMED
        if (self.start, self.end) == (told.start, told.end):
            return *agreed, _SAME_DATES
        span = max(self.end, told.end) - min(self.start, told.start) + 1
        return *agreed, next((worth for days, worth in _OVERLAP if span <= days), _VAGUE)

    def _weapon(self, family: str) -> float:
        """A hint, not a veto: one strike is artillery and rockets, or air strike and missile, by outlet."""
        if family == OPEN or not self.families:
            return _OPEN_WEAPON
        return _SAME_WEAPON if family in self.families else _OTHER_WEAPON

    def _toll(self, report: Report) -> float:
        """Tolls grow, so a higher one may be the same strike; one told before speaks for it, and a lower
        one that nobody told before against it."""
        worth = 0.0
        if report.injured_low and report.injured_low in self.injured:
            worth += _SAME_INJURED
        low = report.fatalities_low
        if low is None or not self.killed:
            return worth
        top = max(self.killed)
        if low in self.killed:
            return worth + (_SAME_TOLL if low else _SAME_INJURED)
        if low > top:
            return worth + (0.05 if low <= 4 * max(top, 1) + 10 else -0.1)
        if report.fatalities_high is None:
            return worth - (0.0 if 2 * low >= top else 0.1)  # "dozens" of 43
        return worth - (0.15 if 2 * low >= top else 0.4)

    def _targets(self, report: Report) -> float:
        if not report.targets or not self.targets:
            return 0.0
        return 0.1 if self.targets.intersection(report.targets) else -0.05

    def _actor(self, report: Report) -> float:
        """Two sides shell one town on one day; but they also blame each other for one strike."""
        if report.actor is None or not self.actors:
            return 0.0
        return 0.05 if report.actor in self.actors else -0.1


def family_of(weapon: str) -> str:
    """Return the family of a weapon, "any" where it is open."""
    return _FAMILY[weapon]
