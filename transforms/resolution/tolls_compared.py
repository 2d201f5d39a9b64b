"""Whether the tolls of two reports can be the growing toll of one strike, in the light of when they were
published."""

from collections.abc import Collection
from dataclasses import dataclass

_AT_ONCE_HOURS = 1.0
"""A figure published within this time of another one has had no time to grow."""
_FEW, _SOME = 2, 9
"""An equal figure of up to so many people says little, or something; a larger one much: two strikes seldom
kill 23."""
_LITTLE = (1.5, 2)
_GROWTH = (4, 10)
"""From n to 1.5 n + 2 a toll grows a little; it may grow to 4 n + 10; a higher figure is likelier another
strike's."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as one report gives it. ``is_minimum``: "at least", "dozens". ``hour``: when it was published,
    None where that is unknown."""

    number: int
    is_minimum: bool
    hour: float | None


def compare(reported: Figure | None, known: Collection[int], latest: float | None) -> str:
    """Return how a figure stands to those that were published before it.

    ``open``: there are no two figures. ``same_...``: another report gives it. ``grown...``, ``jumped``: it is
    higher than all. ``between``: some are lower and some higher. ``vague``: a minimum that is not far below
    the others. ``lower``, ``far_lower``. ``some_after_none``, ``none_after_some``. Where the figures were
    published at one time, or nobody knows when, ``@once`` or ``@unknown`` follows.

    Args:
        reported: the figure, None where the report gives none.
        known: the figures of the strike.
        latest: the hour when the last of them was published.

    >>> compare(Figure(5, False, 9.0), [3], 1.0), compare(Figure(0, False, None), [], None)
    ('grown_a_little', 'open')
    """
    if reported is None or not known:
        return "open"
    if reported.number in known:
        return f"same_{_size(reported.number)}"
    return _difference(reported, min(known), max(known)) + _order(reported, latest)


def _size(number: int) -> str:
    return "none" if not number else "few" if number <= _FEW else "some" if number <= _SOME else "many"


def _difference(reported: Figure, lowest: int, highest: int) -> str:
    number = reported.number
    if number > highest:
        if not highest and number > _FEW:
            return "some_after_none"
        factor, more = _LITTLE
        if number <= factor * highest + more:
            return "grown_a_little"
        factor, more = _GROWTH
        return "grown" if number <= factor * highest + more else "jumped"
    if number > lowest:
        return "between"
    if not number and lowest > _FEW:
        return "none_after_some"
    is_near = 2 * number >= highest or highest - number <= _FEW
    if reported.is_minimum:
        return "vague" if is_near else "far_vague"
    return "lower" if is_near else "far_lower"


def _order(reported: Figure, latest: float | None) -> str:
    if reported.hour is None or latest is None:
        return "@unknown"
    return "@once" if reported.hour - latest <= _AT_ONCE_HOURS else ""
