"""Days that a text names only as the day after a strike: "buried on Sunday the children killed by a rocket the evening before"."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Set
from typing import cast

from spacy.tokens import Doc, Span, Token

from transforms.nlp.blocks import Sentence
from transforms.nlp.findings import Findings
from transforms.nlp.times import TimeExpression

_DAYS = frozenset({"weekday", "last_weekday", "date", "numeric_date", "today", "yesterday"})
_STRIKE_GROUPS = frozenset({"weapon", "strike", "hit"})
_DAY_BEFORE = "day_before"


def days_after(doc: Doc, findings: Findings) -> Mapping[TimeExpression, TimeExpression]:
    """Return, for each "the day before" that tells when a strike was, the day after it that the text names.

    The day is that of another deed, told by a verb above that of the strike, or it is the only one of the sentence
    before. "On Friday a missile hit the port, which a drone had hit the day before" names days of two strikes, so it
    gives none. In annotated articles a strike was on the day before for 13 of 14 such times.
    """
    times = [t for t in findings.times if t.kind == _DAY_BEFORE]
    if not times:
        return {}
    terms = {
        token.i
        for term in findings.terms
        if term.group in _STRIKE_GROUPS
        for token in _tokens(term.start, term.end, doc)
    }
    return {time: day for time in times for day in _day_after(time, doc, findings, terms)}


def _day_after(
    time: TimeExpression, doc: Doc, findings: Findings, terms: Set[int]
) -> Iterator[TimeExpression]:
    number = bisect_right(findings.sentences, time.start, key=lambda sentence: sentence.start) - 1
    told = _verb(time, doc)
    if number < 0 or told is None or not _tells_strike(told, terms):
        return
    here, before = findings.sentences[number], findings.sentences[max(0, number - 1)]
    days = [t for t in findings.times_in(here.start, time.start) if t.kind in _DAYS]
    if days:
        other = _verb(days[-1], doc)
        if len(days) == 1 and other is not None and _is_above(other, told, terms):
            yield days[0]
        return
    days = [t for t in findings.times_in(before.start, before.end) if t.kind in _DAYS]
    is_next = before is not here and before.paragraph == here.paragraph
    if is_next and len(days) == 1 and not _has_strike(before, terms):
        yield days[0]


def _tokens(start: int, end: int, doc: Doc) -> Span:
    """Return the tokens of which a part stands between two characters of a document."""
    return cast(Span, doc.char_span(start, end, alignment_mode="expand"))


def _verb(time: TimeExpression, doc: Doc) -> Token | None:
    """Return the verb that a time belongs to."""
    token = _tokens(time.start, time.end, doc).root
    return next((t for t in (token, *token.ancestors) if t.tag_.startswith("VB")), None)


def _tells_strike(verb: Token, terms: Set[int]) -> bool:
    """Return whether a verb tells of a strike: by words below it, or as part of a noun's clause, by the noun."""
    return verb.head.i in terms or any(t.i in terms for t in verb.subtree)


def _is_above(other: Token, told: Token, terms: Set[int]) -> bool:
    """Return whether a verb stands above another in the parse, and neither it nor one between them tells of a strike."""
    for token in told.ancestors:
        is_described = token == told.head and told.dep_ == "relcl"  # "shelling that had killed two"
        if token.tag_.startswith("VB") and token.i in terms and not is_described:
            return False
        if token.i == other.i:
            return True
    return False


def _has_strike(sentence: Sentence, terms: Set[int]) -> bool:
    return any(n in terms for n in range(sentence.first, sentence.last))
