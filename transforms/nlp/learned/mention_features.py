"""The features of one mention of a place: the words and findings around it."""

import datetime as dt
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from spacy.tokens import Token

from transforms.nlp.blocks import Sentence
from transforms.nlp.learned.context import STRIKE_GROUPS, Context
from transforms.nlp.place_names import PlaceMention
from transforms.nlp.possible_places import POSSIBLE

_WINDOW_TOKENS = 5
"""Words at most this far before or after a mention are features with their side."""
_HEADS = 4
"""So many heads above a mention in the parse are features."""
_NEXT_PLACE_TOKENS = 5
"""Another place at most this far after a mention may be its region or country."""
_FAR_TOKENS = 40
"""Distances are cut here; it also stands for "none in the sentence"."""
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_BUCKETS = (0, 1, 2, 3, 5, 8, 13, 21, 34)

Numbers = dict[str, float]


def bucket(value: float) -> int:
    """Return the number of the bucket of a count or distance; buckets widen by Fibonacci numbers."""
    return sum(value > edge for edge in _BUCKETS)


def mention_features(mention: PlaceMention, context: Context) -> tuple[set[str], Numbers]:
    """Return the features of a mention: names that are present, and numbers."""
    names: set[str] = set()
    numbers: Numbers = {}
    names.update(_around(mention, context))
    names.update(_parsed(mention, context))
    number = context.sentence_of(mention.start)
    sentence = context.sentence(number) if number is not None else None
    if number is not None and sentence is not None:
        names.update(_of_sentence(mention, number, sentence, context, numbers))
    _form(mention, context, numbers)
    return names, numbers


def _around(mention: PlaceMention, context: Context) -> Iterator[str]:
    """Yield the words around a mention, alone and in pairs."""
    words = context.words
    before = words[max(0, mention.first - _WINDOW_TOKENS) : mention.first]
    after = words[mention.last + 1 : mention.last + 1 + _WINDOW_TOKENS]
    yield f"-1={before[-1] if before else ''}"
    yield f"-2={' '.join(before[-2:])}"
    yield f"-3={' '.join(before[-3:])}"
    yield f"+1={after[0] if after else ''}"
    yield f"+2={' '.join(after[:2])}"
    yield f"+3={' '.join(after[:3])}"
    yield f"{before[-1] if before else ''}_{after[0] if after else ''}"
    yield from (f"l={word}" for word in before)
    yield from (f"r={word}" for word in after)


def _parsed(mention: PlaceMention, context: Context) -> Iterator[str]:
    """Yield where a mention stands in the parse: its heads, and the way to the nearest term of a strike."""
    root = context.doc[mention.first : mention.last + 1].root
    yield f"dep={root.dep_}"
    path, token = root.dep_, root
    for height in range(1, _HEADS + 1):
        if token.head.i == token.i:
            break
        token = token.head
        word = context.words[token.i]
        yield f"up{height}={word}"
        if height <= 2:
            yield f"dep_up{height}={root.dep_}:{word}"
        group = context.term_tokens.get(token.i)
        if group in STRIKE_GROUPS:
            yield f"path={path}:{group}"
            yield f"up_group={group}"
        path += f">{token.dep_}"
        yield from _terms_below(token, root, context, height)
    for child in root.children:
        if child.i < mention.first or child.i > mention.last:
            yield f"child={child.dep_}:{context.words[child.i]}"


def _terms_below(head: Token, root: Token, context: Context, height: int) -> Iterator[str]:
    """Yield the terms that share a head with the mention: "the strike on Kherson", "a drone hit Kherson"."""
    for child in head.children:
        group = context.term_tokens.get(child.i)
        if child.i != root.i and group is not None:
            yield f"side{height}={child.dep_}:{group}"


def _of_sentence(
    mention: PlaceMention, number: int, sentence: Sentence, context: Context, numbers: Numbers
) -> Iterator[str]:
    """Yield what the sentence of a mention holds, and write its numbers."""
    findings = context.findings
    start, end = sentence.start, sentence.end
    yield f"scope={sentence.out_of_scope}"
    numbers["in_scope"] = float(sentence.out_of_scope is None)
    terms = findings.terms_in(start, end)
    for group in (*STRIKE_GROUPS, "actor", "target", "forces"):
        of_group = [(t.first, t.last) for t in terms if t.group == group]
        yield from _distances(group, of_group, mention, numbers)
    yield from (f"term={t.group}:{t.value}" for t in terms if t.group in ("weapon", "target"))
    counts = findings.counts_in(start, end)
    for kind in ("killed", "injured"):
        spans = [_tokens(c.start, c.end, context, sentence) for c in counts if c.kind == kind]
        yield from _distances(kind, spans, mention, numbers)
    yield from (f"time={t.kind}:{t.role}" for t in findings.times_in(start, end))
    yield from (f"cue={a.kind}" for a in findings.attributions if start <= a.start < end)
    numbers["years_ago"] = _years_ago(findings.text[start:end], context.published)
    if numbers["years_ago"]:
        yield f"years_ago={bucket(numbers['years_ago'])}"
    yield from (f"w={word}" for word in context.sentence_words[number])
    places = [p for p in findings.places_in(start, end) if p.place.geo_precision == 1 and p.role != POSSIBLE]
    numbers["sentence_towns"] = float(len({p.place.name for p in places}))
    numbers["place_before"] = float(sum(p.end <= mention.start for p in places))
    numbers["sentence_tokens"] = float(min(sentence.last - sentence.first, 100))
    numbers["position"] = (mention.first - sentence.first) / max(1, sentence.last - sentence.first)
    yield from _neighbours(number, sentence, context, numbers)


def _neighbours(number: int, sentence: Sentence, context: Context, numbers: Numbers) -> Iterator[str]:
    """Yield the groups of terms of the sentences before and after, in the same paragraph."""
    for side, other in (("before", context.sentence(number - 1)), ("after", context.sentence(number + 1))):
        is_near = other is not None and other.paragraph == sentence.paragraph
        groups = {t.group for t in context.terms_of(other)} if is_near else set()
        for group in STRIKE_GROUPS:
            numbers[f"{side}_{group}"] = float(group in groups)
        yield from (f"{side}={group}" for group in groups)
        if is_near and other is not None:
            killed = any(c.kind == "killed" for c in context.findings.counts_in(other.start, other.end))
            numbers[f"{side}_killed"] = float(killed)


def _distances(
    what: str, spans: Sequence[tuple[int, int]], mention: PlaceMention, numbers: Numbers
) -> Iterator[str]:
    """Yield the distance in tokens to the nearest span before and after, and write the numbers."""
    before = min((mention.first - last for _, last in spans if last < mention.first), default=_FAR_TOKENS)
    after = min((first - mention.last for first, _ in spans if first > mention.last), default=_FAR_TOKENS)
    numbers[f"{what}_before"] = float(min(before, _FAR_TOKENS))
    numbers[f"{what}_after"] = float(min(after, _FAR_TOKENS))
    if spans:
        yield f"has={what}"
        if before < _FAR_TOKENS:
            yield f"{what}<{bucket(before)}"
        if after < _FAR_TOKENS:
            yield f"{what}>{bucket(after)}"


def _tokens(start: int, end: int, context: Context, sentence: Sentence) -> tuple[int, int]:
    """Return the first and last token of characters in a sentence."""
    first = last = sentence.first
    for token in context.doc[sentence.first : sentence.last]:
        if token.idx <= start:
            first = token.i
        if token.idx < end:
            last = token.i
    return first, last


def _years_ago(text: str, published: dt.datetime | None) -> float:
    """Return how many years before publication the latest year in a text lies, at most 40; 0 for none."""
    years = [int(year) for year in _YEAR.findall(text)]
    if published is None or not years:
        return 0.0
    return float(min(max(published.year - max(years), 0), 40))


def _form(mention: PlaceMention, context: Context, numbers: Numbers) -> None:
    """Write how a name is spelt and what stands directly beside it."""
    doc, text = context.doc, context.findings.text
    before = doc[mention.first - 1] if mention.first else None
    after = doc[mention.last + 1] if mention.last + 1 < len(doc) else None
    numbers["is_upper"] = float(text[mention.start : mention.end].isupper())
    numbers["is_reference"] = float(doc[mention.last].text[:1].islower())  # "the city"
    numbers["name_before"] = float(_is_name(before))
    numbers["name_after"] = float(_is_name(after))
    numbers["hyphen_after"] = float(after is not None and after.text.startswith("-"))
    numbers["possessive"] = float(after is not None and after.tag_ == "POS")
    line = text.rfind("\n", 0, mention.start) + 1
    numbers["from_line"] = float(min(mention.start - line, 300))
    following = _following(mention, context.certain)
    numbers["region_next"] = float(following == 2)
    numbers["country_next"] = float(following == 3)
    numbers["town_next"] = float(following == 1)


def _following(mention: PlaceMention, places: Sequence[PlaceMention]) -> int:
    """Return the precision of the place that follows within a few tokens, 0 for none."""
    at = bisect_right(places, mention.last, key=lambda p: p.first)
    if at < len(places) and places[at].first - mention.last <= _NEXT_PLACE_TOKENS:
        return places[at].place.geo_precision
    return 0


def _is_name(token: Token | None) -> bool:
    return token is not None and token.tag_.startswith("NNP") and token.text[:1].isupper()
