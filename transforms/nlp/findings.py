"""The findings of the components in one document.

Each component fills its part, in the order of the pipeline.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from transforms.nlp.attribution import Attribution
from transforms.nlp.blocks import Block, Sentence
from transforms.nlp.counts import Count
from transforms.nlp.learned.verdicts import Verdict
from transforms.nlp.lexicon import Term
from transforms.nlp.place_names import PlaceMention
from transforms.nlp.quantities import Quantity
from transforms.nlp.times import TimeExpression


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A span of text that looked like a strike and gave no report, with the reason."""

    start: int
    end: int
    reason: str


@dataclass(slots=True)
class Findings:
    """What the components found in a document, each kind in text order.

    ``text``: headline, two line breaks, body. ``title_end``: characters of the headline. ``days_after``: for times
    of strikes the later day of another deed beside which they stand.
    """

    text: str
    title_end: int
    blocks: Sequence[Block] = ()
    sentences: Sequence[Sentence] = ()
    places: Sequence[PlaceMention] = ()
    terms: Sequence[Term] = ()
    quantities: Sequence[Quantity] = ()
    times: Sequence[TimeExpression] = ()
    days_after: Mapping[TimeExpression, TimeExpression] = field(default_factory=dict)
    counts: Sequence[Count] = ()
    attributions: Sequence[Attribution] = ()
    left_out: list[LeftOut] = field(default_factory=list)
    verdicts: Sequence[Verdict] = ()

    def places_in(self, start: int, end: int) -> Sequence[PlaceMention]:
        """Return the places that begin in ``[start, end)``."""
        return _within(self.places, start, end)

    def times_in(self, start: int, end: int) -> Sequence[TimeExpression]:
        """Return the times that begin in ``[start, end)``."""
        return _within(self.times, start, end)

    def terms_in(self, start: int, end: int) -> Sequence[Term]:
        """Return the terms that begin in ``[start, end)``."""
        return _within(self.terms, start, end)

    def quantities_in(self, start: int, end: int) -> Sequence[Quantity]:
        """Return the quantities that begin in ``[start, end)``."""
        return _within(self.quantities, start, end)

    def counts_in(self, start: int, end: int) -> Sequence[Count]:
        """Return the counts of killed and injured that begin in ``[start, end)``."""
        return _within(self.counts, start, end)


class _HasStart(Protocol):
    @property
    def start(self) -> int: ...


_Item = TypeVar("_Item", bound=_HasStart)


def _within(items: Sequence[_Item], start: int, end: int) -> Sequence[_Item]:
    """Return the items that begin in ``[start, end)``.

    A binary search: a scan for each clause would be quadratic.
    """
    first = bisect_left(items, start, key=lambda item: item.start)
    return items[first : bisect_left(items, end, lo=first, key=lambda item: item.start)]
