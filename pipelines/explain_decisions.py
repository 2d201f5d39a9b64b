"""Why a strike has its date, toll, weapon and attacker: each decision of the models with its probability."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from transforms.nlp.counts import Count
from transforms.nlp.learned.strikes import Strike
from transforms.nlp.learned.targets_of_units import TargetChoice
from transforms.nlp.learned.units import Unit
from transforms.util.readable import words

_NOT_SAID = "not said"
_COLUMNS = ("strike", "field", "value", "probability", "what moved the model most")


class _Decision(NamedTuple):
    """A field of a strike. ``probability``: that it is right, None where no model judged it."""

    field: str
    value: str
    probability: float | None
    reasons: Sequence[tuple[str, float]] = ()


def print_decisions(strikes: Sequence[Strike], console: Console) -> None:
    """Print what each strike of an article was given, how probable it is, and what moved the model most.

    Where a field is not said, the probability is that of the likeliest candidate, which was not enough.
    """
    if not strikes:
        return
    table = Table(
        box=None, header_style="bold", pad_edge=False, title="what belongs to it?", title_justify="left"
    )
    for column in _COLUMNS:
        table.add_column(column)
    for strike in strikes:
        place = escape(strike.place.name)
        for decision in _decisions(strike):
            reasons = escape(", ".join(f"{name} {weight:+.2f}" for name, weight in decision.reasons))
            likely = f"{decision.probability:.2f}" if decision.probability is not None else ""
            table.add_row(place, decision.field, escape(decision.value), likely, reasons)
            place = ""
    console.print(table)
    console.print()


def _decisions(strike: Strike) -> Iterator[_Decision]:
    """Yield the fields of a strike that a model decided."""
    toll, reasons = strike.toll, strike.toll.reasons or {}
    yield _dates(strike.unit)
    where = strike.whereabouts
    likely_spot = where.spots[0][1] if where.spots else None
    yield _Decision("spot", where.sublocation or _NOT_SAID, likely_spot)
    yield _Decision("time of day", where.event_time or _NOT_SAID, where.time[1] if where.time else None)
    for kind, count, likely in (
        ("killed", toll.killed, toll.killed_probability),
        ("injured", toll.injured, toll.injured_probability),
    ):
        yield _Decision(kind, _figure(count), likely if count is not None else None, reasons.get(kind, ()))
    weapon, actor, main = strike.weapon, strike.actor, strike.main
    yield _Decision("weapon", words(weapon.value), weapon.probability, weapon.reasons)
    yield _Decision("actor", actor.name or _NOT_SAID, actor.probability, actor.reasons)
    yield from _targets(strike.targets)
    yield _Decision("main", "yes" if main.is_main else "no", main.probability, main.reasons)


def _targets(targets: Sequence[TargetChoice]) -> Iterator[_Decision]:
    if not targets:
        yield _Decision("target", _NOT_SAID, None)
    for target in targets:
        yield _Decision("target", words(target.value), target.probability, target.reasons)


def _dates(unit: Unit) -> _Decision:
    interval = unit.interval
    if interval is None:
        return _Decision("date", _NOT_SAID, None)
    days = f"{interval.start}" if interval.start == interval.end else f"{interval.start} to {interval.end}"
    return _Decision("date", days, unit.date_probability)


def _figure(count: Count | None) -> str:
    if count is None:
        return _NOT_SAID
    return f"{count.low}+" if count.high is None else f"{count.low}"
