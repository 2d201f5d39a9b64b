"""How well a report fits a strike: one case for each aspect, and the log-odds that the model gives them.

The place and the days are required: where they disagree, the report does not fit at all.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from schemas.vocabulary import ANY_FAMILY
from transforms.resolution.event_days import SLACK_DAYS, EventDays
from transforms.resolution.match_model import Aspects, match_model
from transforms.resolution.place_similarity import (
    CITY_PART,
    NEAR_BY,
    NEIGHBOUR_TOWN,
    SAME_PLACE,
    TOWN_AND_REGION,
    ReportedPlace,
    distance_km,
    place_score,
)

_PLACES = {
    SAME_PLACE: "same",
    CITY_PART: "part",
    NEAR_BY: "near",
    TOWN_AND_REGION: "town_and_region",
    NEIGHBOUR_TOWN: "neighbour",
}
_KM = ((0.2, ""), (1.0, "+1km"), (2.5, "+2km"), (5.0, "+5km"), (25.0, "+25km"))
"""(kilometres, suffix): points up to so far apart. Towns have one point, so two points say: two spots."""
_NARROW_DAYS, _WIDE_DAYS = 3, 8
"""Overlapping dates that span together up to so many days are narrow, or not yet wide."""
_AGREE = {
    "spot": ("same",),
    "killed": ("same_some", "same_many"),
    "injured": ("same_some", "same_many"),
    "time": ("same",),
    "text": ("copy",),
}
_DIFFER = {
    "spot": ("other",),
    "killed": ("far", "jumped", "none_after", "some_after", "lower"),
    "injured": ("far", "jumped", "none_after", "some_after", "lower"),
    "time": ("other", "apart"),
    "weapon": ("other",),
}
"""Cases that speak for one strike, and for two, by aspect."""
_MOST_SIGNS = 2
IN_WORDS = {
    "place=same": "same place",
    "place=part": "part of the city",
    "place=near": "near by",
    "place=neighbour": "neighbouring town",
    "place=town_and_region": "town and its region",
    "days=same": "same dates",
    "days=adjacent": "day before or after an assumed one",
    "weapon=same": "same kind of weapon",
    "weapon=other": "other weapon",
    "weapon=open": "weapon open",
    "spot=same_spot": "same spot",
    "spot=same_quarter": "same quarter",
    "spot=other_inside": "other spot of the quarter",
    "spot=other": "other spot",
    "name=other": "other name",
    "time=same_hour": "same hour",
    "time=same_part": "same part of the day",
    "time=apart": "hours apart",
    "time=other_part": "other part of the day",
    "targets=same": "same target",
    "targets=other": "other target",
    "actor=same": "same actor",
    "actor=other": "other actor",
    "text=copy": "same text",
}
"""Cases in the words of ``match_reason``. Those of tolls: see ``_of_toll``."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How a report fits a strike.

    ``aspects``: the case of each aspect. ``log_odds``: that it means this strike, against a new one.
    ``probability``: the same, where other strikes compete. ``start`` and ``end``: the days on which strike
    and report agree.
    """

    aspects: Aspects
    log_odds: float
    start: int
    end: int
    probability: float = 1.0

    def among(self, crowd: str) -> "Fit":
        """Return the fit with the aspects that join others: how many strikes compete, what speaks for this
        one and against it, and what an equal toll is worth where spot or place differ."""
        cases = dict(self.aspects)
        fors = sum(cases[aspect].startswith(agree) for aspect, agree in _AGREE.items())
        against = sum(cases[aspect].startswith(differ) for aspect, differ in _DIFFER.items())
        evidence = f"{min(fors, _MOST_SIGNS)}:{min(against, _MOST_SIGNS)}"
        added: Aspects = (
            ("crowd", crowd),
            ("signs", f"{evidence}|{crowd}"),
            ("spot_among", f"{cases['spot']}|{crowd}"),
        )
        toll = cases["killed"].partition("@")[0]
        if cases["spot"] not in ("none", "one"):
            added += (("spot_toll", f"{cases['spot']}|{toll}"),)
        if cases["place"] != "same":  # another point, or another name
            added += (("place_toll", f"{cases['place']}|{cases['name']}|{toll}"),)
        odds = self.log_odds + sum(map(match_model().weight, added))
        return replace(self, aspects=(*self.aspects, *added), log_odds=odds)

    @property
    def match_score(self) -> float:
        """Return the probability as the ledger stores it."""
        return round(min(max(self.probability, 0.0), 1.0), 3)

    @property
    def match_reason(self) -> str:
        """Return the cases in words, as the ledger stores them."""
        words = [_in_words(aspect, case) for aspect, case in self.aspects]
        return ", ".join(dict.fromkeys(word for word in words if word))


def _in_words(aspect: str, case: str) -> str:
    if aspect in ("killed", "injured"):
        return _of_toll(case)
    word = IN_WORDS.get(f"{aspect}={case.partition('+')[0]}", "")
    if aspect == "days":
        return word or "dates overlap"
    return f"{word}, other point" if aspect == "place" and "+" in case and case.startswith("same") else word


def _of_toll(case: str) -> str:
    if case.startswith("same"):
        return "same toll"
    if case.startswith(("grown", "between", "vague")):
        return "toll has grown" if "@" not in case else "other toll"
    return "" if case == "open" else "other toll"


def case_of_place(place: ReportedPlace, known: Sequence[ReportedPlace]) -> str | None:
    """Return how a place stands to the nearest of the places of a strike; None where it is another place."""
    scores = [(place_score(place, other), other) for other in known]
    best = max(score for score, _ in scores)
    if not best:
        return None
    if best in (CITY_PART, TOWN_AND_REGION):
        return _PLACES[best]
    away = [distance_km(place, other) for score, other in scores if score == best]
    nearest = min((km for km in away if km is not None), default=0.0)
    return _PLACES[best] + next((suffix for km, suffix in _KM if nearest <= km), "+60km")


def case_of_days(known: EventDays, reported: EventDays) -> tuple[int, int, str] | None:
    """Return the first and the last day on which both agree, and the case; None if the days do not fit.

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
        return *agreed, "adjacent"
    if (known.start, known.end) == (reported.start, reported.end):
        return *agreed, "same"
    span = max(known.end, reported.end) - min(known.start, reported.start) + 1
    return *agreed, "narrow" if span <= _NARROW_DAYS else "week" if span <= _WIDE_DAYS else "wide"


_SHELLING = frozenset({"artillery", "rocket"})
"""The families of weapons that outlets call shelling: neither speaks against the other. The first report of a
strike on Belgorod had shells, the second the rockets of multiple launchers."""


def case_of_weapon(family: str, families: Collection[str]) -> str:
    """Return how the family of a weapon stands to those that were reported.

    Another weapon does not exclude the strike: outlets report one strike as an air strike or as a missile.
    """
    if family == ANY_FAMILY or not families:
        return "open"
    if family in families:
        return "same"
    return "open" if family in _SHELLING and not _SHELLING.isdisjoint(families) else "other"


def case_of_targets(targets: Sequence[str], known: Collection[str]) -> str:
    """Return how the targets of a report stand to those reported: one in common is enough."""
    if not targets or not known:
        return "open"
    return "same" if any(t in known for t in targets) else "other"


def case_of_actor(actor: str | None, known: Collection[str]) -> str:
    """Return how an actor stands to those reported. Both sides may shell one town on one day, but they also
    blame each other for the same strike."""
    if actor is None or not known:
        return "open"
    return "same" if actor in known else "other"
