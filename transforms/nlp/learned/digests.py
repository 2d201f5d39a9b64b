"""Texts of many items: digests of a day, and bulletins by place.

A digest has a headline with its date, and items on many countries that have nothing to do with each other.

"2026 March 17", and then a raid in one country, an election in another, a landslide in a third. In such a text the model of
places takes what surrounds an item for its context, and doubts it. So each item is judged as a text of its own too. In
20 annotated digests that no model saw this found eight more strikes, and two rows that are none.

In a bulletin most paragraphs begin with a place: "* SHARANA - Five rockets were fired at the provincial capital late on Sunday".
In annotated texts that no model saw five strikes more were found, and three rows that are none.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from typing import Any

from transforms.nlp.blocks import Block, Sentence
from transforms.nlp.findings import Findings
from transforms.nlp.language import LanguagePack
from transforms.nlp.learned.context import Context
from transforms.nlp.learned.verdicts import Verdict

_DATES = frozenset({"date", "numeric_date"})
_LEAST_ITEMS, _LEAST_COUNTRIES = 4, 4
"""A digest has so many items with places, in so many countries."""
_MOST_COUNTRIES_OF_ITEM = 2
_LEAST_CHANGES = 0.6
"""The share of neighbouring items that have no country in common."""
_MOST_ITEMS = 40
_LEAST_HEADS, _LEAST_HEADED = 2, 0.6
"""Of a bulletin so many items, and this share of them, begin with a place."""
_HEAD_CHARS, _BEHIND_HEAD = 45, 200
"""So many characters of an item may stand before its place, and so many behind it belong to the head."""
_REGION = 2
_WHERE = frozenset({"scene", "frame"})


def with_items(
    verdicts: Sequence[Verdict],
    context: Context,
    judge: Callable[[Context], Sequence[Verdict]],
    pack: LanguagePack | None = None,
) -> list[Verdict]:
    """Return the verdicts on the places of a document; what an item of a digest or bulletin alone tells as struck is struck.

    Args:
        verdicts: on the document as a whole.
        context: of the document.
        judge: gives the verdicts on a document.
        pack: the language, for the heads of a bulletin's items.
    """
    found, findings = list(verdicts), context.findings
    for sentences in _items(findings) or (_items_of_bulletin(findings, pack) if pack is not None else []):
        item = _context_of(sentences, context)
        offset = context.doc[sentences[0].first].idx
        for own in judge(item):
            if own.is_struck:
                at = {
                    m.start + offset: odds for m, odds in zip(own.candidate.mentions, own.odds, strict=True)
                }
                found = [_as_item(verdict, own, at) for verdict in found]
    return found


def _as_item(verdict: Verdict, own: Verdict, odds_at: dict[int, float]) -> Verdict:
    """Return a verdict, with what an item alone says of its mentions in it."""
    mentions = verdict.candidate.mentions
    if verdict.is_struck or not any(m.start in odds_at for m in mentions):
        return verdict
    odds = tuple(odds_at.get(m.start, o) for m, o in zip(mentions, verdict.odds, strict=True))
    return replace(verdict, is_struck=True, probability=own.probability, odds=odds, reasons=own.reasons)


def _items(findings: Findings) -> list[list[Sentence]]:
    """Return the sentences of each item of a digest; nothing for other texts.

    A calendar of other years ("1937 - Aircraft laid waste to") is none: its items are history.
    """
    times = findings.times
    is_dated = any(t.kind in _DATES and t.start < findings.title_end for t in times)
    if not is_dated or any(t.kind == "year_item" for t in times):
        return []
    body = [s for s in findings.sentences if s.start >= findings.title_end]
    items = [list(group) for _, group in groupby(body, key=lambda s: s.paragraph)]
    countries = [c for c in (_countries(item, findings) for item in items) if c]
    known = {c for of_item in countries if len(of_item) <= _MOST_COUNTRIES_OF_ITEM for c in of_item}
    changes = [one.isdisjoint(other) for one, other in pairwise(countries)]
    is_digest = (
        len(countries) >= _LEAST_ITEMS
        and len(items) <= _MOST_ITEMS
        and len(known) >= _LEAST_COUNTRIES
        and sum(changes) >= _LEAST_CHANGES * len(changes)
    )
    return items if is_digest else []


def _items_of_bulletin(findings: Findings, pack: LanguagePack) -> list[list[Sentence]]:
    """Return the sentences of each item of a bulletin, of which most begin with a place; nothing for other texts."""
    body = [s for s in findings.sentences if s.start >= findings.title_end]
    items = [list(group) for _, group in groupby(body, key=lambda s: s.paragraph)]
    heads = sum(_has_head(item, findings, pack) for item in items)
    is_bulletin = heads >= _LEAST_HEADS and len(items) <= _MOST_ITEMS and heads >= _LEAST_HEADED * len(items)
    return items if is_bulletin else []


def _has_head(item: Sequence[Sentence], findings: Findings, pack: LanguagePack) -> bool:
    """Return whether an item begins with a place and a mark behind it: "Yala town.", "- 4 Dec., Jamrud (Khyber):"."""
    start, end = item[0].start, item[-1].end
    place = next(iter(findings.places_in(start, start + _HEAD_CHARS)), None)
    if place is None or place.place.geo_precision > _REGION:
        return False
    before, behind = pack.patterns["places.before_head"], pack.patterns["places.behind_head"]
    text = findings.text
    return (
        before.fullmatch(text[start : place.start]) is not None
        and behind.match(text[place.end : min(end, place.end + _BEHIND_HEAD)]) is not None
    )


def _countries(item: Sequence[Sentence], findings: Findings) -> set[str]:
    """Return the countries of the places that an item names."""
    places = findings.places_in(item[0].start, item[-1].end)
    return {p.place.country for p in places if p.place.country and p.role in _WHERE}


def _context_of(item: Sequence[Sentence], context: Context) -> Context:
    """Return an item as a document without a headline, with its part of the findings."""
    whole, first, last = context.findings, item[0].first, item[-1].last
    start, end = context.doc[first].idx, item[-1].end

    def moved(found: Sequence[Any]) -> list[Any]:
        return [_moved(f, start, first) for f in found if start <= f.start and f.end <= end]

    findings = Findings(
        whole.text[start:end],
        title_end=0,
        blocks=[Block(0, end - start, "lead")],
        sentences=[replace(s, paragraph=1) for s in moved(item)],
        places=moved(whole.places),
        terms=moved(whole.terms),
        quantities=moved(whole.quantities),
        times=moved(whole.times),
        counts=moved(whole.counts),
        attributions=moved(whole.attributions),
    )
    return Context(context.doc[first:last].as_doc(), findings, context.published)


def _moved(found: Any, characters: int, tokens: int) -> Any:
    """Return a finding as it stands in a part of the document that begins at a character and a token."""
    moved = replace(found, start=found.start - characters, end=found.end - characters)
    return (
        replace(moved, first=found.first - tokens, last=found.last - tokens)
        if hasattr(found, "first")
        else moved
    )
