"""Days that a text names only because a strike came before them.

"Mourners filled the streets on Sunday behind the coffins of the children killed when a rocket fell the evening before."
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Set
from typing import cast

from spacy.tokens import Doc, Span, Token

from transforms.nlp.blocks import Sentence
from transforms.nlp.findings import Findings
from transforms.nlp.times import TimeExpression

_DAYS = frozenset({"weekday", "last_weekday", "date", "numeric_date", "today", "yesterday"})
_BEFORE = frozenset({"day_before", "days_before", "weeks_before"})
_SINCE_STRIKE = "days_after"
_STRIKE_GROUPS = frozenset({"weapon", "strike", "hit"})
_PARTS_OF_NOUNS = frozenset({"amod", "compound"})
_CLAUSES_OF_NOUNS = frozenset({"relcl", "acl"})


def days_after(doc: Doc, findings: Findings) -> Mapping[TimeExpression, TimeExpression]:
    """Return, for each time that tells when a strike was, the later day of another deed beside which it stands.

    The deed is told by a verb above that of the strike, and tells of no strike. "On Friday a missile hit the port, which
    a drone had hit the day before" names the days of two strikes, so it gives none. "The market reopened on Monday.
    Three days earlier shells had killed eight there" is of this kind too.
    """
    times = [t for t in findings.times if t.kind in _DAYS | _BEFORE or t.kind == _SINCE_STRIKE]
    if len(times) < 2:
        return {}
    terms = {
        token.i
        for term in findings.terms
        if term.group in _STRIKE_GROUPS
        for token in _tokens(term.start, term.end, doc)
    }
    return {time: day for time in times for day in _later_day(time, doc, findings, terms)}


def _later_day(
    time: TimeExpression, doc: Doc, findings: Findings, terms: Set[int]
) -> Iterator[TimeExpression]:
    number = bisect_right(findings.sentences, time.start, key=lambda sentence: sentence.start) - 1
    if number < 0:
        return
    here, before = findings.sentences[number], findings.sentences[max(0, number - 1)]
    days = [t for t in findings.times_in(here.start, time.start) if t.kind in _DAYS]
    if days:
        clause = _clause(time, doc, here, terms) if len(days) == 1 else None
        if clause is not None and _is_of_another_deed(days[0], clause, doc, terms):
            yield days[0]
        return
    days = [t for t in findings.times_in(before.start, before.end) if t.kind in _DAYS]
    is_next = before is not here and before.paragraph == here.paragraph and time.kind in _BEFORE
    if is_next and len(days) == 1 and not _has_strike(before, terms):
        verb = _verb(time, doc)
        if verb is not None and any(t.i in terms for t in verb.subtree):
            yield days[0]


def _clause(time: TimeExpression, doc: Doc, sentence: Sentence, terms: Set[int]) -> Token | None:
    """Return the head of the clause that tells of the strike of a time, if there is one."""
    if time.kind == _SINCE_STRIKE:  # "two days after a bomb hit the clinic"
        last = _tokens(time.start, time.end, doc).end
        following = [
            n for n in range(last, sentence.last) if n in terms and doc[n].dep_ not in _PARTS_OF_NOUNS
        ]
        if not following:
            return None
        verb = _verb_of(doc[following[0]])
        return verb if verb is not None and verb.i >= last else None
    own = _tokens(time.start, time.end, doc).root
    if own.head.i in terms:
        return own.head  # "left on Tuesday after Sunday's shelling"
    verb = _verb_of(own)
    if verb is None:
        return None
    if verb.dep_ in _CLAUSES_OF_NOUNS and verb.head.i in terms:
        return verb.head  # "shelling that had killed two the day before"
    return verb if any(t.i in terms for t in verb.subtree) else None


def _verb(time: TimeExpression, doc: Doc) -> Token | None:
    """Return the verb that a time belongs to."""
    return _verb_of(_tokens(time.start, time.end, doc).root)


def _verb_of(token: Token) -> Token | None:
    return next((t for t in (token, *token.ancestors) if t.tag_.startswith("VB")), None)


def _tokens(start: int, end: int, doc: Doc) -> Span:
    """Return the tokens of which a part stands between two characters of a document."""
    return cast(Span, doc.char_span(start, end, alignment_mode="expand"))


def _is_of_another_deed(day: TimeExpression, clause: Token, doc: Doc, terms: Set[int]) -> bool:
    """Return whether a day stands outside a clause, and all beside the clause that it belongs to tells of no strike."""
    at = _tokens(day.start, day.end, doc).root
    inside = {t.i for t in clause.subtree}
    both = next((t for t in clause.ancestors if t.is_ancestor(at) or t.i == at.i), None)
    if both is None or at.i in inside:
        return False
    return not any(t.i in terms and t.i not in inside for t in both.subtree)


def _has_strike(sentence: Sentence, terms: Set[int]) -> bool:
    return any(n in terms for n in range(sentence.first, sentence.last))
