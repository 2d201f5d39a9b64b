"""From a row of ``incidents`` to what is told of it, and in which words."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from schemas.alert_records import AlertContext, AlertFacts, Telling
from schemas.identity import digest
from schemas.rows import json_to_record, record_to_json, row_to_record
from transforms.alerts.decisions import decisions_of
from transforms.util.text import one_line

MAX_SOURCES = 20
_DEFAULT_STATUS = "auto"
_DEFAULTS = {"headline": "", "claim_status": "reported", "geo_precision": 3, "number_of_sources": 0}


def telling_of(row: Mapping[str, Any]) -> Telling:
    """Return what is told of an incident.

    Args:
        row: a row of the view ``incidents``, with the rows of its ``corrections``. Without a column
        ``status`` every incident is ``auto``.

    Raises:
        RowInvalid: a column is missing or of the wrong type.
    """
    context = {**_DEFAULTS, **{name: value for name, value in row.items() if value is not None}}
    context["status"] = row.get("status") or _DEFAULT_STATUS
    context["source_urls"] = sorted(row.get("source_urls") or ())[:MAX_SOURCES]
    return Telling(
        str(row["incident_id"]), row_to_record(AlertFacts, row), row_to_record(AlertContext, context)
    )


def encode_telling(telling: Telling) -> str:
    """Return what is told as one line of JSON."""
    return record_to_json(telling)


def decode_telling(content: str) -> Telling:
    """Return what was told.

    Raises:
        RowInvalid: the line is not a ``Telling``.
    """
    return json_to_record(Telling, content)


def content_hash(content: str) -> str:
    """Return the hash of what is told, 20 hexadecimal digits."""
    return digest("alert", content)


# -- words ------------------------------------------------------------------------------------------------


def headline_of(facts: AlertFacts) -> str:
    """Return one line on a strike: place, toll, weapon and date.

    >>> headline_of(facts)  # doctest: +SKIP
    'Kharkiv (UA): 14 killed, at least 31 injured; ballistic missile, 4 April 2025'
    """
    toll = ", ".join(filter(None, (_killed(facts), _injured(facts)))) or "toll not reported"
    return f"{place_of(facts)}: {toll}; {_weapon(facts)}, {_dates(facts)}"


def place_of(facts: AlertFacts) -> str:
    """Return the place with its country."""
    location = one_line(facts.location, 200)
    return f"{location} ({facts.country})" if facts.country else location


def subject_of(facts: AlertFacts) -> str:
    """Return place and date: what stays the same while the toll of a strike rises."""
    return f"{place_of(facts)}, {_dates(facts)}"


def changes_between(before: AlertFacts, after: AlertFacts) -> list[str]:
    """Return one line for each of place, date, weapon and toll that changed: what it was and what it is."""
    pairs = (
        ("place", place_of(before), place_of(after)),
        ("date", _dates(before), _dates(after)),
        ("weapon", _weapon(before), _weapon(after)),
        ("killed", _killed(before) or "not reported", _killed(after) or "not reported"),
        ("injured", _injured(before) or "not reported", _injured(after) or "not reported"),
        ("children", _children(before), _children(after)),
    )
    return [f"{name}: {old} -> {new}" for name, old, new in pairs if old != new]


def lines_of(telling: Telling) -> Iterator[str]:
    """Yield the lines of a message on an incident: facts first, then headline and sources."""
    facts, context = telling.facts, telling.context
    yield headline_of(facts)
    if _children(facts) != "not reported":
        yield f"Children: {_children(facts)}"
    if context.actor:
        yield f"Attacker, as reported: {one_line(context.actor, 200)}"
    if context.claim_status != "reported":
        yield f"How certain: {context.claim_status}"
    yield from decisions_of(context.corrections)
    if context.headline:
        yield f"Headline: {one_line(context.headline, 300)}"
    yield from (f"Source: {one_line(url, 2_000)}" for url in context.source_urls)
    yield f"Incident: {telling.incident_id}"


def _killed(facts: AlertFacts) -> str | None:
    return _toll(facts.fatalities_low, facts.fatalities_best, facts.fatalities_high, "killed")


def _injured(facts: AlertFacts) -> str | None:
    return _toll(facts.injured_low, facts.injured_best, facts.injured_high, "injured")


def _toll(low: int | None, best: int | None, high: int | None, word: str) -> str | None:
    """Return a range of numbers in words, or None where nothing was reported."""
    if low is None and best is None and high is None:
        return None
    if low is not None and low == high:
        return f"{low} {word}"
    if high is None:
        return f"at least {low if low is not None else best} {word}"
    return f"up to {high} {word}" if not low else f"{low} to {high} {word}"


def _children(facts: AlertFacts) -> str:
    numbers = ((facts.child_fatalities, "killed"), (facts.child_injured, "injured"))
    return ", ".join(f"{n} {word}" for n, word in numbers if n is not None) or "not reported"


def _weapon(facts: AlertFacts) -> str:
    return "weapon not known" if facts.weapon == "unknown" else facts.weapon.replace("_", " ")


def _dates(facts: AlertFacts) -> str:
    start, end = facts.event_date_start, facts.event_date_end
    return _date(start) if start == end else f"{_date(start)} to {_date(end)}"


def _date(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"
