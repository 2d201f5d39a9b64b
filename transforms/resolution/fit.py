"""How well a report fits a strike: one score for each aspect, and their sum.

The place and the days are required: where they disagree, the report does not fit at all. The other aspects
only raise or lower the sum.
"""

from collections.abc import Collection, Container, Sequence, Set
from dataclasses import dataclass

from schemas.records import Report
from schemas.vocabulary import ANY_FAMILY
from transforms.resolution.event_days import SLACK_DAYS, EventDays
from transforms.resolution.place_similarity import ReportedPlace, describe_place_score, place_score

JOIN_THRESHOLD = 1.2
"""A report joins a strike from this sum on. The same place and overlapping days alone give 1.55. So a report
of a known place and day means the known strike, unless weapon, toll, targets or actor speak against it."""
MAX_SUM = 2.4
"""The highest possible sum; ``match_score`` is the sum divided by it."""

SAME_DAYS, ADJACENT_DAYS = 0.6, 0.2
OVERLAP_SCORES = ((3, 0.45), (8, 0.35))
"""(days, score): the score of overlapping days where both ranges together span up to that many days."""
WIDE_OVERLAP = 0.25
"""The score of overlapping days where the ranges span more: a vague date says less."""
SAME_WEAPON, UNKNOWN_WEAPON, OTHER_WEAPON = 0.3, 0.1, -0.3
SAME_KILLED, SAME_INJURED, NO_ONE_KILLED = 0.25, 0.1, 0.1
GROWN_TOLL, JUMPED_TOLL = 0.05, -0.1
MAX_GROWTH_FACTOR, MAX_GROWTH_PEOPLE = 4, 10
"""A toll may grow from n to 4 n + 10; a higher figure is more likely to be another strike's."""
LOWER_TOLL, LESS_THAN_HALF_TOLL = -0.15, -0.4
LOW_MINIMUM = -0.1
"""The score of "at least n" or "dozens" where n is less than half of a toll reported before."""
SAME_TARGET, OTHER_TARGET = 0.1, -0.05
SAME_ACTOR, OTHER_ACTOR = 0.05, -0.1


@dataclass(frozen=True, slots=True)
class Fit:
    """The scores of a report for one strike.

    ``place`` is the mean over the strike's places, ``nearest_place`` the highest of them. ``start`` and
    ``end`` are the days on which strike and report agree.
    """

    place: float
    days: float
    weapon: float
    toll: float
    targets: float
    actor: float
    start: int
    end: int
    nearest_place: float

    @property
    def total(self) -> float:
        """Return the sum of the scores."""
        return self.place + self.days + self.weapon + self.toll + self.targets + self.actor

    @property
    def match_score(self) -> float:
        """Return the sum divided by the highest possible sum, 0 to 1."""
        return round(min(max(self.total / MAX_SUM, 0.0), 1.0), 3)

    @property
    def match_reason(self) -> str:
        """Return the scores in words, as the ledger stores them."""
        parts = [
            describe_place_score(self.nearest_place),
            "same dates" if self.days >= SAME_DAYS
            else "dates overlap" if self.days > ADJACENT_DAYS else "day before or after an assumed one",
            "same kind of weapon" if self.weapon >= SAME_WEAPON
            else "weapon open" if self.weapon > 0 else "other weapon",
        ]  # fmt: skip
        if self.toll:
            parts.append(
                "same toll" if self.toll >= SAME_INJURED
                else "toll has grown" if self.toll > 0 else "other toll"
            )  # fmt: skip
        if self.targets:
            parts.append("same target" if self.targets > 0 else "other target")
        if self.actor:
            parts.append("same actor" if self.actor > 0 else "other actor")
        return ", ".join(parts)


def score_place(place: ReportedPlace, known: Sequence[ReportedPlace]) -> tuple[float, float]:
    """Return the mean and the highest score of a place against the places reported so far.

    The mean decides. So a report that names only the city does not make one strike of two of its quarters.
    """
    scores = [place_score(place, other) for other in known]
    return sum(scores) / len(scores), max(scores)


def score_days(known: EventDays, reported: EventDays) -> tuple[int, int, float] | None:
    """Return the first and the last day on which both agree, and the score; None if the days do not fit.

    An assumed day may be wrong by one day, and it never narrows a range that a text gives. "Killed
    overnight", assumed to be Tuesday, must not reduce the known night of Monday to Tuesday to the Tuesday.
    """
    start, end = max(known.start, reported.start), min(known.end, reported.end)
    is_one_assumed = known.is_assumed or reported.is_assumed
    if start > end + (SLACK_DAYS if is_one_assumed else 0):
        return None
    if is_one_assumed and (start > end or known.is_assumed != reported.is_assumed):
        kept = reported if known.is_assumed and not reported.is_assumed else known
        agreed = kept.start, kept.end
    else:
        agreed = start, end
    if start > end:
        return *agreed, ADJACENT_DAYS
    if (known.start, known.end) == (reported.start, reported.end):
        return *agreed, SAME_DAYS
    span = max(known.end, reported.end) - min(known.start, reported.start) + 1
    return *agreed, next((score for days, score in OVERLAP_SCORES if span <= days), WIDE_OVERLAP)


def score_weapon(family: str, known: Collection[str]) -> float:
    """Return the score of a weapon family against the families reported so far.

    Another weapon lowers the score but does not exclude the strike: outlets report one strike as artillery
    or as rockets, as an air strike or as a missile.
    """
    if family == ANY_FAMILY or not known:
        return UNKNOWN_WEAPON
    return SAME_WEAPON if family in known else OTHER_WEAPON


def score_toll(report: Report, known_killed: Collection[int], known_injured: Container[int]) -> float:
    """Return the score of a report's toll against the figures reported so far.

    Tolls grow, so a higher figure may be the same strike's. A figure reported before speaks for the strike, a
    lower figure that nobody reported before speaks against it.
    """
    score = SAME_INJURED if report.injured_low and report.injured_low in known_injured else 0.0
    killed = report.fatalities_low
    if killed is None or not known_killed:
        return score
    return score + _score_killed(killed, report.fatalities_high is None, known_killed)


def _score_killed(killed: int, is_minimum: bool, known: Collection[int]) -> float:
    if killed in known:
        return SAME_KILLED if killed else NO_ONE_KILLED
    highest = max(known)
    if killed > highest:
        limit = MAX_GROWTH_FACTOR * max(highest, 1) + MAX_GROWTH_PEOPLE
        return GROWN_TOLL if killed <= limit else JUMPED_TOLL
    is_less_than_half = 2 * killed < highest
    if is_minimum:  # "dozens" (24 or more) may well be an earlier report of 43 killed
        return LOW_MINIMUM if is_less_than_half else 0.0
    return LESS_THAN_HALF_TOLL if is_less_than_half else LOWER_TOLL


def score_targets(targets: Sequence[str], known: Set[str]) -> float:
    """Return the score of a report's targets: one in common is enough."""
    if not targets or not known:
        return 0.0
    return OTHER_TARGET if known.isdisjoint(targets) else SAME_TARGET


def score_actor(actor: str | None, known: Set[str]) -> float:
    """Return the score of a report's actor.

    Another actor speaks against the strike only a little: both sides may shell one town on one day, but they
    also blame each other for the same strike.
    """
    if actor is None or not known:
        return 0.0
    return SAME_ACTOR if actor in known else OTHER_ACTOR
