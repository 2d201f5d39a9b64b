"""How many of the killed and injured of a strike are children."""

from collections.abc import Sequence
from dataclasses import replace

from transforms.nlp.blocks import Sentence
from transforms.nlp.counts import Count
from transforms.nlp.findings import Findings


def children_of(
    kind: str, total: Count | None, sentences: Sequence[Sentence], findings: Findings
) -> Count | None:
    """Return the count of children in the toll of a strike, None where the article states none.

    It is the number that is stated with the toll, or with the same number elsewhere; else the highest number of
    children in the sentences that tell of the strike. More children than victims belong to something else.
    """
    if total is None or total.low is None:
        return None
    with_total = [c for c in findings.counts if c.kind == kind and c.low == total.low]
    stated = [c for c in (total, *with_total) if c.children is not None]
    if stated:
        return _children(max(stated, key=lambda c: c.children or 0))
    told = [c for s in sentences for c in findings.counts_in(s.start, s.end)]
    counts = [c for c in told if c.kind == f"{kind}_children"]
    counts += [_children(c) for c in told if c.kind == kind and c.children is not None]
    fitting = [c for c in counts if c.low is not None and (total.high is None or c.low <= total.high)]
    return max(fitting, key=lambda c: c.low or 0, default=None)


def _children(count: Count) -> Count:
    """Return the children of a count as a count."""
    return replace(count, low=count.children, best=count.children, high=count.children)
