"""Which of the counts of one incident becomes the toll of its report."""

from dataclasses import replace

from transforms.nlp.counts import Count
from transforms.nlp.drafts import Draft


def choose_count(draft: Draft, kind: str) -> Count | None:
    """Return the toll of a draft: a toll phrase of the body, else the highest count; None without a count.

    Outdated counts, and those that only the attacker states, are never used. Of several toll phrases the last
    one is the number of killed, the highest one the number of injured. A count that adds to another ("two
    more died") is used for the killed only where there is no other.
    """
    stated = [(m, c) for m in draft.mentions for c in m.counts if c.kind == kind and c.low is not None]
    current = [(m, c) for m, c in stated if c not in m.stale]
    # "Another 75 people were injured", after the number of killed, is the total of the injured
    counts = [(m, c) for m, c in current if not c.is_more or kind == "injured"] or current
    if not counts:
        return None
    explicit = [c for m, c in counts if c.strength == 3 and not m.is_title]
    if explicit:
        return explicit[-1] if kind == "killed" else max(explicit, key=lambda c: c.low or 0)
    firm = [(m, c) for m, c in counts if c.strength >= 2]
    pool = firm or counts
    best = max(c.low or 0 for _, c in pool)
    highest = [(m, c) for m, c in pool if (c.low or 0) == best]
    body = [c for m, c in highest if not m.is_title]
    return body[0] if body else highest[0][1]


def choose_children(draft: Draft, kind: str, total: Count | None) -> Count | None:
    """Return the count of children in a toll.

    A number of children that exceeds the total is not used: it belongs to something else.
    """
    counts = [c for m in draft.mentions for c in m.counts if c not in m.stale]
    alone = [c for c in counts if c.kind == f"{kind}_children" and c.low is not None]
    if total is not None and total.children is not None:
        alone.append(replace(total, low=total.children))
    alone += [
        replace(c, low=c.children)
        for c in counts
        if c.kind == kind and c.children is not None and not c.is_more
    ]
    fitting = [
        c for c in alone
        if total is None or total.low is None or total.high is None or (c.low or 0) <= total.high
    ]  # fmt: skip
    return max(fitting, key=lambda c: c.low or 0, default=None)
