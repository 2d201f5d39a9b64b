"""People who are told together: "a commander was killed together with two associates" are three."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Token

from transforms.nlp.counts import Count
from transforms.nlp.language import LanguagePack
from transforms.nlp.learned.context import Context
from transforms.nlp.learned.count_nouns import size_of
from transforms.nlp.learned.victim_series import Series, has_parts
from transforms.nlp.victims import VictimReader

_LIKEWISE_TOKENS = 12
"""So many words stand before "as were" and after the verb that it repeats."""


@dataclass(frozen=True, slots=True)
class Company:
    """People who are told together at characters ``[start, end)``.

    ``kind``: killed or injured. ``total``: how many they are; ``high``: None where there may be more.
    """

    kind: str
    start: int
    end: int
    total: int
    high: int | None


@dataclass(frozen=True, slots=True)
class _Others:
    """The others: how many, whether there may be more, and the character behind them.

    ``is_joined``: they are told so that several may have them: "along with", "together with", "as were", "with them".
    """

    number: int
    is_open: bool
    end: int
    is_joined: bool = False


def companions_of(
    told: Sequence[tuple[int, int, str]],
    series: Sequence[Series],
    context: Context,
    reader: VictimReader,
    pack: LanguagePack,
) -> Iterator[Company]:
    """Yield the people of a sentence of whom one is the subject of a verb of harm, and the others are told behind it.

    "Ansi was killed along with several others", "was killed with his driver", "was killed by a mine, as were five others".
    Several are the subject only before "along" or "together": "two guards died, together with the son of one of them".

    Args:
        told: the first and last token of each verb of harm in the document, and its kind.
        series: of people told one by one in the sentence.
        context: the document.
        reader: of the sentence.
        pack: the words of its language.
    """
    offset = reader.tokens[0].i
    for first, last, kind in told:
        others = _sharing(last + 1 - offset, series, reader)
        subject = _sufferer(context.doc[first], last, reader)
        size = size_of(subject, reader) if subject is not None else None
        if others is None or subject is None or size is None or (size != 1 and not others.is_joined):
            continue
        start, total = subject.left_edge, others.number + size
        told_of = context.findings.text[start.idx : others.end]
        is_own = pack.patterns["casualties.list_attacker"].search(told_of) is not None
        if start.i >= offset and not is_own:  # "two policemen died along with two attackers"
            yield Company(kind, start.idx, others.end, total, None if others.is_open else total)


def with_companions(counts: Sequence[Count], company: Sequence[Company]) -> list[Count]:
    """Return the counts of the rules, where one person and those with them are one count.

    Where the rules find one victim in "a commander was killed together with two associates", there are three.
    """
    whole = [Count(c.kind, c.total, c.total, c.high, c.start, c.end) for c in company]
    alone = [
        count
        for count in counts
        if not any(w.kind == count.kind and w.start < count.end and count.start < w.end for w in whole)
    ]
    return sorted([*alone, *whole], key=lambda count: count.start)


def _sufferer(verb: Token, last: int, reader: VictimReader) -> Token | None:
    """Return who suffers a verb of harm: the subject, also in "was reported killed", or the object of "killed a guard".

    ``last``: the last token of the verb, which is "lives" in "lost their lives".
    """
    suffering = next((c for c in verb.children if c.dep_ in ("dobj", "obj") and c.i > last), None)
    if suffering is not None:
        return suffering
    for head in (verb, verb.head):
        subject = next((c for c in head.children if c.dep_ in ("nsubjpass", "nsubj")), None)
        if subject is not None or head.head.lower_ not in reader.small["passive"]:
            return subject
    return None


def _sharing(at: int, series: Sequence[Series], reader: VictimReader) -> _Others | None:
    """Return who shared the lot of one person. The verb that tells it ends before token ``at``."""
    behind = at + 1 if reader.is_at(at, "commas") and reader.is_at(at + 1, "along") else at
    is_joined = reader.is_at(behind, "along")
    while reader.is_at(behind, "along"):
        behind += 1
    if reader.is_at(behind, "with"):
        others = _others_at(behind + 1, series, reader, is_joined=is_joined)
        return replace(others, is_joined=is_joined) if others is not None else None
    if reader.is_at(at, "commas") and reader.is_at(at + 1, "and"):
        others = _persons_at(at + 2, reader)  # "five pupils died, and the driver with them"
        is_told = others is not None and _is_with_them(others, reader)
        return replace(others, is_joined=True) if others is not None and is_told else None
    likewise = range(at, min(at + _LIKEWISE_TOKENS, len(reader.tokens) - 2))
    found = (k for k in likewise if reader.is_at(k, "likewise") and reader.is_at(k + 1, "was_hurt"))
    likewise_hurt = next((o for k in found if (o := _persons_at(k + 2, reader)) is not None), None)
    return replace(likewise_hurt, is_joined=True) if likewise_hurt is not None else None


def _others_at(at: int, series: Sequence[Series], reader: VictimReader, *, is_joined: bool) -> _Others | None:
    """Return the people behind "with" at token ``at``. One person needs "along", "together", or "his" before them.

    "Was killed with his driver" are two, "was killed with a rifle" and "with a wound" is one.
    """
    if at >= len(reader.tokens):
        return None
    start = reader.tokens[at].idx
    listed = next((s for s in series if s.start == start and not has_parts(s, reader)), None)
    if listed is not None:
        return _Others(listed.total, is_open=False, end=listed.end)
    is_person = is_joined or reader.is_at(at, "possessives") or reader.is_at(at + 1, "company")
    return _persons_at(at, reader) if is_person else _counted_at(at, reader)


def _is_with_them(others: _Others, reader: VictimReader) -> bool:
    """Return whether "with him" or "with them" stands behind people."""
    behind = bisect_left(reader.tokens, others.end, key=lambda t: t.idx)
    return reader.is_at(behind, "with") and reader.is_at(behind + 1, "them")


def _persons_at(at: int, reader: VictimReader) -> _Others | None:
    """Return the people whose number or noun begins at a token: "two associates", "his wife"."""
    counted = _counted_at(at, reader)
    if counted is not None:
        return counted
    victims = reader.victims_at(at)
    if victims is None or not victims.low or victims.is_bare or victims.is_part:
        return None
    last = reader.tokens[victims.last]
    return _Others(victims.low, is_open=victims.high is None, end=last.idx + len(last))


def _counted_at(at: int, reader: VictimReader) -> _Others | None:
    """Return the people whose number begins at a token: "two associates"."""
    q = reader.opens.get(at)
    return _Others(q.low, q.high is None, q.end) if q is not None and q.kind == "count" and q.low else None
