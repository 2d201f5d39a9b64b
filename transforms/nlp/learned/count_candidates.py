"""What could be the toll of a strike: every number, person and "nobody" of a document that may count victims.

The rules for counts find most. The others are numbers whose verb the rules do not reach ("12 more in
hospital"), persons ("a district chief was killed"), lists ("two officers and three traders") and phrases
for nobody. A learned model then says which of them is the toll of which strike.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Token

from transforms.nlp.blocks import Sentence
from transforms.nlp.counts import Count
from transforms.nlp.language import LanguagePack
from transforms.nlp.learned.companions import Company, companions_of, with_companions
from transforms.nlp.learned.context import STRIKE_GROUPS, Context
from transforms.nlp.learned.count_nouns import is_person, is_sum, size_of, speaks, things_in
from transforms.nlp.learned.label_lists import label_lists
from transforms.nlp.learned.series_counts import counts_beside_verbs, of_one_deed, with_series
from transforms.nlp.learned.victim_series import Series, series_of
from transforms.nlp.quantities import Quantity, is_not_given
from transforms.nlp.scope import NO_SENTENCE
from transforms.nlp.victims import VictimReader, Victims

KINDS = ("killed", "injured")
_MAX_ITEMS = 8
"""A list of victims has at most so many items."""
_PARTICIPLE_TOKENS = 8
"""So many words of what somebody was doing are read, when others are joined to it."""
_BEFORE_NOUN = ("nummod", "det", "poss")
_DENIED_CHARS = 30
"""So far behind "nobody was killed" the words may stand that deny more: "or injured"."""
_NOUN_TOKENS = 4
"""The noun of "other" stands at most this far after it."""


@dataclass(frozen=True, slots=True)
class CountCandidate:
    """A possible number of killed or injured.

    ``count``: as it would be the toll. ``start``, ``end``: the characters of the number itself, or of the
    words that stand for it. ``first``, ``last``: their tokens. ``sentence``: the number of their sentence.
    ``rule``: the count of the same kind and number that the rules find there. ``rule_kinds``: the kinds of
    all counts with this number that the rules find there. ``source``: count, ordinal, none, list, sum,
    person, argument, others or rule.
    """

    count: Count
    start: int
    end: int
    first: int
    last: int
    sentence: int
    source: str
    rule: Count | None = None
    rule_kinds: frozenset[str] = frozenset()

    @property
    def kind(self) -> str:
        """Return killed or injured."""
        return self.count.kind

    @property
    def low(self) -> int:
        """Return the least number."""
        return self.count.low or 0


@dataclass(frozen=True, slots=True)
class Trigger:
    """Words at tokens ``[first, last]`` that say what happened to victims: killed, injured, missing or toll."""

    first: int
    last: int
    kind: str


@dataclass(frozen=True, slots=True)
class CountsFound:
    """The candidates of a document in text order, and the triggers, by sentence."""

    candidates: tuple[CountCandidate, ...]
    triggers: dict[int, tuple[Trigger, ...]]


@dataclass(frozen=True, slots=True)
class _Number:
    """A number before its kind is known."""

    start: int
    end: int
    low: int
    best: int | None
    high: int | None
    source: str
    is_more: bool = False
    kinds: tuple[str, ...] = KINDS
    children: int | None = None


def find_count_candidates(context: Context, pack: LanguagePack) -> CountsFound:
    """Return what could be a toll in a document."""
    candidates: list[CountCandidate] = []
    triggers: dict[int, tuple[Trigger, ...]] = {}
    findings = context.findings
    for number, sentence in enumerate(findings.sentences):
        if sentence.out_of_scope == NO_SENTENCE or sentence.has_no_toll:
            # No sentence: the time for a list of thousands of numbers grows with its square.
            triggers[number] = ()
            continue
        quantities = findings.quantities_in(sentence.start, sentence.end)
        reader = VictimReader(context.doc[sentence.first : sentence.last], quantities, pack)
        of_sentence = tuple(_triggers(reader, sentence, pack))
        triggers[number] = of_sentence
        counts = [
            c
            for c in findings.counts_in(sentence.start, sentence.end)
            if c.low is not None and c.kind in KINDS
        ]
        things = set(things_in(reader, context))
        whole = series_of(context.doc[sentence.first : sentence.last], reader, context)
        series = of_one_deed(list(whole), reader)
        told = [(t.first, t.last, t.kind) for t in of_sentence if t.kind in KINDS]
        company = list(companions_of(told, series, context, reader, pack))
        text = findings.text[sentence.start : sentence.end]
        company += label_lists(text, sentence.start, pack)
        counts = with_companions(with_series(_once(counts, series), series, reader), company)
        counts += counts_beside_verbs(series, counts, reader)
        counting = [q for q in quantities if q.start not in things]
        if not any(t.kind in ("killed", "toll") for t in of_sentence):
            counting = [q for q in counting if q.kind != "ordinal"]  # "a fourth passenger lost both feet"
        numbers = list(_of_quantities(counting, context, pack))
        numbers += _nobody(sentence, context, pack)
        if any(t.kind in KINDS for t in of_sentence):
            numbers += _phrases(reader)
            numbers += _arguments(of_sentence, context, reader)
            numbers += _others(reader)
        numbers += [
            _Number(c.start, c.end, c.total, c.total, c.high, "sum", kinds=(c.kind,)) for c in company
        ]
        numbers += [*_lists(of_sentence, context, reader), *_sums(reader, quantities)]
        numbers = [n for n in numbers if not any(s.counts_twice(n.start, n.end, n.low) for s in series)]
        numbers += [_Number(s.start, s.end, s.total, s.total, s.total, "list") for s in series]
        numbers = [n for n in numbers if not _is_in_company(n, company)]
        numbers += _of_rules(counts, numbers)
        found = [c for n in _unlike(numbers) for c in _candidates(n, number, counts, context)]
        candidates += sorted(found, key=lambda c: (c.start, c.end, c.kind))
    return CountsFound(tuple(candidates), triggers)


def _triggers(reader: VictimReader, sentence: Sentence, pack: LanguagePack) -> Iterator[Trigger]:
    """Yield the words of a sentence that say what happened to victims."""
    gate_words = frozenset(pack.casualties["gate_words"])
    i = 0
    while i < len(reader.tokens):
        hit = reader.trigger_at(i)
        length = hit[2] if hit is not None else 1
        if hit is not None:
            yield Trigger(sentence.first + i, sentence.first + i + length - 1, hit[0])
        elif reader.lower[i] in gate_words:
            yield Trigger(sentence.first + i, sentence.first + i, "toll")
        i += length


def _of_quantities(quantities: Sequence[Quantity], context: Context, pack: LanguagePack) -> Iterator[_Number]:
    """Yield the numbers that a sentence names, without ages and years; an ordinal counts the dead only."""
    for q in quantities:
        if q.low is not None and q.kind != "other":
            kinds: tuple[str, ...] = ("killed",) if q.kind == "ordinal" else KINDS
            if q.kind == "none":
                kinds = _denied(q.start, q.end, context, pack)
            yield _Number(q.start, q.end, q.low, q.best, q.high, q.kind, q.is_more, kinds)


def _nobody(sentence: Sentence, context: Context, pack: LanguagePack) -> Iterator[_Number]:
    """Yield phrases that say that nobody was killed or hurt; "he gave no casualties" says nothing of that."""
    text = context.findings.text[sentence.start : sentence.end]
    for match in pack.patterns["casualties.nobody"].finditer(text):
        if is_not_given(text, match.start(), pack):
            continue
        start, end = sentence.start + match.start(), sentence.start + match.end()
        yield _Number(start, end, 0, 0, 0, "none", kinds=_denied(start, end, context, pack))


def _denied(start: int, end: int, context: Context, pack: LanguagePack) -> tuple[str, ...]:
    """Return what words at ``[start, end)`` say that there was none of.

    "No loss of life" says nothing of the injured, and neither does "killed no one".
    """
    text = context.findings.text
    verb = pack.patterns["casualties.kills_before"].search(text[max(0, start - _DENIED_CHARS) : start])
    told = (verb[0] if verb is not None else "") + text[start : end + _DENIED_CHARS]
    return ("killed",) if pack.patterns["casualties.nobody_killed"].match(told) else KINDS


def _phrases(reader: VictimReader) -> Iterator[_Number]:
    """Yield persons and lists of victims: "a woman", "two officers and three traders"."""
    at = 0
    while at < len(reader.tokens):
        victims = reader.victims_at(at)
        if victims is None or victims.low is None:
            at += 1
            continue
        is_number = victims.is_bare or victims.is_part or _is_quantity(victims, reader)
        is_speaker = victims.low == 1 and reader.speaks(victims)
        if not (is_number or is_speaker or _is_denied(victims.first, reader)):
            first, last = reader.tokens[victims.first], reader.tokens[victims.last]
            source = "person" if victims.low == 1 else "list"
            yield _Number(
                first.idx, last.idx + len(last), victims.low, victims.best, victims.high, source,
                victims.is_more, children=victims.children,
            )  # fmt: skip
        # the items of a list may be what is sought, so each is read too
        at += 1


def _is_denied(first: int, reader: VictimReader) -> bool:
    """Return whether a negation stands at the beginning of a phrase, or right before it: "not one resident was hurt"."""
    return any(reader.is_at(k, "negations") for k in range(first - 3, first + 1))


def _is_quantity(victims: Victims, reader: VictimReader) -> bool:
    """Return whether a phrase says no more than the number that it begins with."""
    opening = reader.opens.get(victims.first)
    return opening is not None and opening.kind != "other" and opening.low == victims.low


def _arguments(triggers: Sequence[Trigger], context: Context, reader: VictimReader) -> Iterator[_Number]:
    """Yield the persons that the parse makes the victim of a verb: "a district chief was killed"."""
    for trigger in triggers:
        verb = context.doc[trigger.first]
        if trigger.kind not in KINDS:
            continue
        for child in verb.children:
            is_subject = child.dep_ == "nsubjpass" or (child.dep_ == "nsubj" and _is_suffered(verb))
            if context.term_tokens.get(child.i) in STRIKE_GROUPS:
                continue  # "a shell killed or wounded eleven": the parse may find no object
            if (is_subject or child.dep_ == "dobj") and size_of(child, reader) == 1:
                first = child.left_edge if child.left_edge.i >= reader.tokens[0].i else child
                if _is_denied(first.i - reader.tokens[0].i, reader):
                    continue
                yield _Number(first.idx, child.idx + len(child), 1, 1, 1, "argument", kinds=(trigger.kind,))


def _lists(triggers: Sequence[Trigger], context: Context, reader: VictimReader) -> Iterator[_Number]:
    """Yield lists of persons and groups as the parse joins them: "Taras, his aide and two guards".

    Any noun may be a person where the list is what a verb of harm acts on, elsewhere only a noun for persons: in
    "the roof off the clinic, a midwife hurt" nothing is joined to the midwife.
    """
    harmful = {n for t in triggers for n in range(t.first, t.last + 1)}
    for token in reader.tokens:
        if token.dep_ == "conj" or not token.tag_.startswith("N"):
            continue
        is_told = token.head.i in harmful
        total, known = 0, list[Token]()
        for item in _joined(token):
            size = size_of(item, reader)
            is_known = is_told or is_person(item, context, reader)
            if size is None or not is_known or speaks(item, reader) or len(known) == _MAX_ITEMS:
                break
            total += size
            known.append(item)
        if len(known) > 1:
            first = min([token, *(c for c in token.children if c.dep_ in _BEFORE_NOUN)], key=lambda t: t.i)
            last = known[-1]
            yield _Number(first.idx, last.idx + len(last), total, total, total, "list")


def _once(counts: Sequence[Count], series: Sequence[Series]) -> list[Count]:
    """Return the counts of the rules, those that count a person and the name of that person as one."""
    found = []
    for c in counts:
        twice = next((s for s in series if s.counts_twice(c.start, c.end, c.low or 0)), None)
        found.append(c if twice is None else replace(c, low=twice.total, best=twice.total, high=twice.total))
    return found


def _is_in_company(number: _Number, company: Sequence[Company]) -> bool:
    """Return whether a person or an age is told in a list: the guard of "killed with a guard", the last 4 of "Zara, 4"."""
    is_one = number.low == 1 and number.source in ("person", "argument")
    return any(
        c.start <= number.start
        and number.end < c.end
        and (is_one or (number.source == "count" and number.low == c.total))
        for c in company
    )


def _joined(token: Token) -> list[Token]:
    """Return what is joined to a noun by the parse, in text order, the noun first.

    What somebody was doing may stand between: in "four pupils waiting for a bus and the driver" the parse joins
    the driver to the bus.
    """
    doing = [c for c in token.children if c.dep_ == "acl" and c.tag_ == "VBG"]
    things = [
        thing
        for verb in doing
        for thing in token.doc[verb.i + 1 : verb.i + 1 + _PARTICIPLE_TOKENS]
        if thing.tag_.startswith("N") and thing.dep_ != "conj" and verb.is_ancestor(thing)
    ]
    behind = [other for thing in things for other in thing.conjuncts if other.i > thing.i]
    return [token, *sorted({*token.conjuncts, *behind}, key=lambda t: t.i)]


def _sums(reader: VictimReader, quantities: Sequence[Quantity]) -> Iterator[_Number]:
    """Yield the sums of numbers with no verb between: "two officers off duty and three traders"."""
    counts = [q for q in quantities if q.kind == "count" and q.low]
    for at, first in enumerate(counts):
        total, before = first.low or 0, first
        for q in counts[at + 1 : at + _MAX_ITEMS]:
            between = [t for t in reader.tokens if before.end <= t.idx < q.start]
            if not is_sum(between, reader) or _is_partitive(q, reader):
                break
            total += q.low or 0
            yield _Number(first.start, q.end, total, total, None if q.high is None else total, "sum")
            before = q


def _is_partitive(quantity: Quantity, reader: VictimReader) -> bool:
    """Return whether the words behind a number make it a part of another: "20 people, 12 of them"."""
    behind = next((n for n, t in enumerate(reader.tokens) if t.idx >= quantity.end), len(reader.tokens))
    return reader.is_at(behind, "of") and reader.is_at(behind + 1, "partitives")


def _others(reader: VictimReader) -> Iterator[_Number]:
    """Yield people without a number: "other crew members were wounded" are at least two."""
    for at, token in enumerate(reader.tokens):
        if not reader.is_at(at, "unnumbered") or (at and at - 1 in reader.last_of.values()):
            continue
        noun = next((t for t in reader.tokens[at : at + _NOUN_TOKENS] if t.tag_ in ("NNS", "NNPS")), None)
        # "some 20 people" has its number, also where this is that of killed and injured together.
        is_numbered = noun is not None and any(
            t.like_num for t in reader.tokens[at + 1 : at + _NOUN_TOKENS] if t.i < noun.i
        )
        if noun is not None and noun.lower_ not in reader.words.things and not is_numbered:
            yield _Number(token.idx, noun.idx + len(noun), 2, None, None, "others")


def _is_suffered(verb: Token) -> bool:
    """Return whether the subject of a verb is its victim: "died", and no "killed" with an object."""
    return not any(child.dep_ in ("dobj", "obj") for child in verb.children)


def _of_rules(counts: Sequence[Count], numbers: Sequence[_Number]) -> Iterator[_Number]:
    """Yield the counts of the rules whose number none of the others is."""
    for c in counts:
        if not any(n.low == c.low and n.start < c.end and c.start < n.end for n in numbers):
            yield _Number(
                c.start, c.end, c.low or 0, c.best, c.high, "rule", c.is_more, (c.kind,), c.children
            )


def _unlike(numbers: Sequence[_Number]) -> list[_Number]:
    """Return numbers without those that repeat another one at the same words."""
    kept: list[_Number] = []
    for n in numbers:
        at = next(
            (at for at, k in enumerate(kept) if k.low == n.low and k.start < n.end and n.start < k.end), None
        )
        if at is None:
            kept.append(n)
            continue
        same = kept[at]
        kinds = tuple(dict.fromkeys((*same.kinds, *n.kinds)))
        # "the boy Maksym, 13": of two lists the one that reads the last name whole
        end = max(same.end, n.end) if {same.source, n.source} == {"list"} else same.end
        kept[at] = replace(same, kinds=kinds, end=end)
    return kept


def _candidates(
    n: _Number, sentence: int, counts: Sequence[Count], context: Context
) -> Iterator[CountCandidate]:
    """Yield one candidate for each kind that a number may have."""
    rules = [c for c in counts if c.low == n.low and n.start < c.end and c.start < n.end]
    first = context.token_at(n.start)
    for kind in n.kinds:
        rule = max((c for c in rules if c.kind == kind), key=lambda c: c.strength, default=None)
        plain = Count(kind, n.low, n.best, n.high, n.start, n.end, 2, n.is_more, n.children)
        yield CountCandidate(
            count=rule if rule is not None else plain,
            start=n.start,
            end=n.end,
            first=first,
            last=max(first, context.token_at(n.end - 1)),
            sentence=sentence,
            source=n.source,
            rule=rule,
            rule_kinds=frozenset(c.kind for c in rules),
        )
