"""Ways through the parse of a sentence."""

from spacy.tokens import Token

from transforms.nlp.learned.context import Context

_HEADS = 3
_MAX_STEPS = 6


def heads(context: Context, first: int, last: int) -> list[Token]:
    """Return the next heads above a phrase."""
    token = context.doc[first : last + 1].root
    found: list[Token] = []
    while len(found) < _HEADS and token.head.i != token.i:
        token = token.head
        found.append(token)
    return found


def path_between(context: Context, a: tuple[int, int], b: tuple[int, int]) -> str:
    """Return the dependencies from one phrase up to the head that it shares with another and down to that.

    Empty where they share none or the way is long.
    """
    start, end = (context.doc[first : last + 1].root for first, last in (a, b))
    above = [start, *start.ancestors]
    to_end = [end, *end.ancestors]
    ends = {t.i: n for n, t in enumerate(to_end)}
    top = next((n for n, t in enumerate(above) if t.i in ends), None)
    if top is None:
        return ""
    down = to_end[: ends[above[top].i]]
    if top + len(down) > _MAX_STEPS:
        return ""
    group = context.term_tokens.get(above[top].i, above[top].pos_)
    return ">".join([*(t.dep_ for t in above[:top]), group, *(t.dep_ for t in reversed(down))])
