"""Which sentences of an article tell of which strike."""

from collections.abc import Sequence

from transforms.nlp.blocks import Sentence
from transforms.nlp.findings import Findings
from transforms.nlp.learned.candidates import PlaceKey, key_of
from transforms.nlp.learned.units import Unit

_NO_TOWNS = frozenset({"actor", "official", "dateline"})
"""Roles of names that stand for a government, a speaker's office or an outlet: "Kyiv rejected that"."""


def tellings(
    units: Sequence[Unit], counts: Sequence[Sequence[int]], findings: Findings
) -> list[tuple[Sentence, ...]]:
    """Return the sentences that tell of each strike, in text order.

    A sentence tells of the strikes whose scene, count or place it names. One that names no town goes on with the
    strikes of the sentence before it, as far as the paragraph goes; in an article on one strike, as far as the
    article goes, and from its beginning where only the headline names the place. The headline tells of the first
    strike where it names no town.

    Args:
        units: the strikes of the article, in text order.
        counts: where the counts of each strike begin.
        findings: of the article.
    """
    if not units:
        return []
    own = [_own(number, units, counts, findings) for number in range(len(findings.sentences))]
    result: list[list[Sentence]] = [[] for _ in units]
    before = _told_by_headline(units, own, findings)
    paragraph = -1
    for sentence, tells in zip(findings.sentences, own, strict=True):
        if sentence.start < findings.title_end:
            now = tells or (frozenset() if _towns(sentence, findings) else frozenset({0}))
        elif tells:
            now = tells
        elif _towns(sentence, findings) - {key_of(u.candidate.place) for u in units}:
            now = frozenset()
        else:
            goes_on = sentence.paragraph == paragraph or (len(units) == 1 and bool(before))
            now = before if goes_on else frozenset()
        if sentence.out_of_scope is None or tells:
            for unit in now:
                result[unit].append(sentence)
        if sentence.start >= findings.title_end:
            before, paragraph = now or (before if len(units) == 1 else now), sentence.paragraph
    return [tuple(sentences) for sentences in result]


def _told_by_headline(
    units: Sequence[Unit], own: Sequence[frozenset[int]], findings: Findings
) -> frozenset[int]:
    """Return the one strike of an article whose body neither names nor counts it: "Poltava mourns: 51 killed"."""
    in_body = (
        tells for s, tells in zip(findings.sentences, own, strict=True) if s.start >= findings.title_end
    )
    return frozenset() if len(units) > 1 or any(in_body) else frozenset({0})


def _own(
    number: int, units: Sequence[Unit], counts: Sequence[Sequence[int]], findings: Findings
) -> frozenset[int]:
    """Return the strikes of which a sentence names a scene, states a count, or names the place at least."""
    sentence = findings.sentences[number]
    scenes = {
        n
        for n, unit in enumerate(units)
        if any(sentence.start <= m.start < sentence.end for m in unit.scenes)
    }
    stated = {
        n for n, starts in enumerate(counts) if any(sentence.start <= at < sentence.end for at in starts)
    }
    towns = _towns(sentence, findings)
    named = {n for n, unit in enumerate(units) if key_of(unit.candidate.place) in towns}
    return frozenset(scenes or stated or named)


def _towns(sentence: Sentence, findings: Findings) -> set[PlaceKey]:
    """Return the towns that a sentence names."""
    return {
        key_of(p.place)
        for p in findings.places_in(sentence.start, sentence.end)
        if p.place.geo_precision == 1 and p.place.kind != "unlisted" and p.role not in _NO_TOWNS
    }
