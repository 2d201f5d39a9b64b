"""How far an incident can be trusted, and whether a person should look at it before it is published."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from schemas.records import Incident, Report
from schemas.vocabulary import ANY_FAMILY, Status
from transforms.resolution.dated_report import family_of
from transforms.util.data_files import read_data
from transforms.util.errors import UserError

RULES_VARIABLE = "STRIKELEDGER_REVIEW_RULES"
CONTESTED_ACTOR, SINGLE_SOURCE = "contested_actor", "single_source"
_DISSENT = 0.5
"""Share of the highest confidence that is left where no report says what the incident says: its fields come
from several reports."""
_FURTHER_SOURCE = 0.5
"""How much of its confidence a further source adds that says the same. An estimate: outlets copy each other,
and the annotated articles that no weights saw hold only six incidents with two sources."""


class ReviewRulesInvalid(UserError):
    """The file of review rules cannot be used. The message says why."""


@dataclass(frozen=True, slots=True)
class ReviewRules:
    """When an incident needs review: its confidence is below ``least_confidence``, or it has one of
    ``flags``."""

    least_confidence: float
    flags: frozenset[str]


@cache
def review_rules() -> ReviewRules:
    """Return the rules of the file that ``STRIKELEDGER_REVIEW_RULES`` names, else those of the project.

    Raises:
        ReviewRulesInvalid: the file is missing, or holds something else.
    """
    return _read_rules(review_rules_text())


def review_rules_text() -> str:
    """Return the rules as written. They are part of the version of the resolver.

    Raises:
        ReviewRulesInvalid: the file is missing.
    """
    own = os.environ.get(RULES_VARIABLE)
    if own is None:
        return (files("transforms.resolution") / "review_rules.yaml").read_text("utf-8")
    try:
        return Path(own).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ReviewRulesInvalid(f"{RULES_VARIABLE}: can't read {own}: {error}") from None


def _read_rules(text: str) -> ReviewRules:
    try:
        raw = read_data(text)
        least, flags = raw.pop("least_confidence"), raw.pop("flags")
    except Exception as error:  # noqa: BLE001  whatever YAML holds instead
        raise ReviewRulesInvalid(f"review rules: least_confidence and flags are needed ({error})") from None
    if raw or not isinstance(flags, list) or not isinstance(least, int | float) or not 0 <= least <= 1:
        raise ReviewRulesInvalid(
            "review rules: least_confidence is a number from 0 to 1, flags is a list, no more"
        )
    return ReviewRules(float(least), frozenset(map(str, flags)))


def confidence_of(incident: Incident, reports: Sequence[Report]) -> float:
    """Return the probability that the core fields of an incident are right.

    It is that of the report with the highest confidence among those that say what the incident says. Each
    further source that says the same takes away a part of the doubt.

    Args:
        incident: with all fields but this one.
        reports: those that it was derived from.
    """
    by_source: dict[str, float] = {}
    for report in reports:
        if _says_the_same(report, incident):
            source = report.source_name or report.article_url
            by_source[source] = max(by_source.get(source, 0.0), report.confidence)
    if not by_source:
        return round(_DISSENT * max(r.confidence for r in reports), 2)
    best, *others = sorted(by_source.values(), reverse=True)
    doubt = 1 - best
    for confidence in others:
        doubt *= 1 - _FURTHER_SOURCE * confidence
    return round(min(max(1 - doubt, 0.0), 1.0), 2)


def _says_the_same(report: Report, incident: Incident) -> bool:
    start = report.event_date_start
    if report.fatalities_low != incident.fatalities_low or start is None:
        return False
    end = report.event_date_end or start
    families = {family_of(report.weapon), family_of(incident.weapon)} - {ANY_FAMILY}
    is_same_day = start <= incident.event_date_end and incident.event_date_start <= end
    return is_same_day and len(families) <= 1


def flags_of_reports(reports: Sequence[Report], sources: int) -> list[str]:
    """Return why a reader should look: the flags of the most trusted report, and what only all reports
    show."""
    best = max(reports, key=lambda r: (r.confidence, r.report_id))
    found = list(best.flags)
    if len({r.actor for r in reports if r.actor is not None}) > 1:
        found.append(CONTESTED_ACTOR)
    if sources == 1:
        found.append(SINGLE_SOURCE)
    return found


def automatic_status(confidence: float, flags: Sequence[str]) -> str:
    """Return ``needs_review`` or ``auto``, by the rules."""
    rules = review_rules()
    is_doubtful = confidence < rules.least_confidence or not rules.flags.isdisjoint(flags)
    return (Status.NEEDS_REVIEW if is_doubtful else Status.AUTO).value
