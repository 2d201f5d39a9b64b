"""The features of one number: do its words say that it counts the killed or the injured of one strike?

They belong to the number alone; ``count_pairs`` adds how it stands to a strike.
"""

import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spacy.tokens import Token

from transforms.nlp.language import LanguagePack
from transforms.nlp.learned.context import STRIKE_GROUPS, Context
from transforms.nlp.learned.count_candidates import (
    KINDS,
    CountCandidate,
    CountsFound,
    Trigger,
    find_count_candidates,
)
from transforms.nlp.learned.mention_features import bucket
from transforms.nlp.learned.pair_model import Pair
from transforms.nlp.victim_words import victim_words

_WINDOW_TOKENS = 5
_HEADS = 4
_FAR = 40
"""Distances are cut here; it also stands for "none in the sentence"."""
_TRIGGERS = ("own", "other", "missing", "toll")
_LEAD_PARAGRAPH = 1
_NOUN_TOKENS = 5
_CUE_CHARS = 50
_SENTENCE_CUES = ("cumulative_toll", "partial_toll", "other_event", "joint_toll", "newer_toll", "older_toll")
_NEAR_CUES = ("partial_toll", "joint_toll", "newer_toll", "older_toll", "attacker_dead")
"""Cues that are sought in the sentence, and those beside the number."""
_LARGE = 300
"""A larger number is a strike's toll only where the words of this strike say so."""

Numbers = dict[str, float]


class _Kind:
    """The numbers of an article that may be of one kind, indexed once: a scan for each number is quadratic.

    ``lows``: how often each number is stated, ``by_rule``: and found by the rules. ``in_title``,
    ``by_rule_in_title``: those of the headline. ``levels``: the numbers that the rules find, each once, in order.
    ``here``: all numbers of each sentence.
    """

    def __init__(self, candidates: Sequence[CountCandidate], title_end: int) -> None:
        by_rule = [c for c in candidates if c.rule is not None]
        self.lows = Counter(c.low for c in candidates)
        self.by_rule = Counter(c.low for c in by_rule)
        self.in_title = {c.low for c in candidates if c.start < title_end}
        self.by_rule_in_title = {c.low for c in by_rule if c.start < title_end}
        self.levels = sorted(self.by_rule)
        self.here: dict[int, list[CountCandidate]] = {}
        for c in candidates:
            self.here.setdefault(c.sentence, []).append(c)


@dataclass(frozen=True, slots=True)
class Counted:
    """The numbers of a document with their features."""

    found: CountsFound
    features: Sequence[Pair]


def counted_in(context: Context, pack: LanguagePack) -> Counted:
    """Return the numbers of a document with their features."""
    found = find_count_candidates(context, pack)
    return Counted(found, number_features(found, context, pack))


def number_features(found: CountsFound, context: Context, pack: LanguagePack) -> list[Pair]:
    """Return the features of each number of a document."""
    title_end = context.findings.title_end
    kinds = {kind: _Kind([c for c in found.candidates if c.kind == kind], title_end) for kind in KINDS}
    sentences = {n: _of_sentence(n, context, pack) for n in {c.sentence for c in found.candidates}}
    return [
        _features(c, kinds[c.kind], sentences[c.sentence], found, context, pack) for c in found.candidates
    ]


def _features(
    candidate: CountCandidate,
    of_kind: _Kind,
    of_sentence: Pair,
    found: CountsFound,
    context: Context,
    pack: LanguagePack,
) -> Pair:
    """Return the features of one number."""
    kind = candidate.kind
    names: set[str] = set()
    numbers: Numbers = {"is_killed": float(kind == "killed")}
    words = set(_around(candidate, context))
    words.update(_parsed(candidate, found, context))
    words.update(f"w={word}" for word in context.sentence_words[candidate.sentence])
    names.update(f"{kind[0]}:{word}" for word in words)
    names.update(_form(candidate, numbers))
    names.update(_triggers(candidate, found, numbers))
    names.update(of_sentence.names)
    numbers.update(of_sentence.numbers)
    _in_sentence(candidate, context, pack, numbers)
    names.update(_noun(candidate, context, pack, numbers))
    _of_article(candidate, of_kind, numbers)
    return Pair(dict.fromkeys(names, 1.0), numbers)


def _around(candidate: CountCandidate, context: Context) -> Iterator[str]:
    """Yield the words around a number, alone and in pairs."""
    words = context.words
    before = words[max(0, candidate.first - _WINDOW_TOKENS) : candidate.first]
    after = words[candidate.last + 1 : candidate.last + 1 + _WINDOW_TOKENS]
    yield f"-1={before[-1] if before else ''}"
    yield f"-2={' '.join(before[-2:])}"
    yield f"+1={after[0] if after else ''}"
    yield f"+2={' '.join(after[:2])}"
    yield f"+3={' '.join(after[:3])}"
    yield from (f"l={word}" for word in before)
    yield from (f"r={word}" for word in after)
    if candidate.source not in ("count", "ordinal"):
        yield from (f"in={word}" for word in words[candidate.first : candidate.last + 1])


def _parsed(candidate: CountCandidate, found: CountsFound, context: Context) -> Iterator[str]:
    """Yield where a number stands in the parse: its noun, the verbs above, the way to the nearest trigger."""
    kinds = _kinds_of_tokens(candidate, found)
    token = context.doc[candidate.first : candidate.last + 1].root
    yield f"dep={token.dep_}"
    path = token.dep_
    verbs = 0
    for height in range(1, _HEADS + 1):
        if token.head.i == token.i:
            break
        before, token = token, token.head
        word = context.words[token.i]
        yield f"up{height}={word}"
        if token.i in kinds:
            yield f"path={path}:{kinds[token.i]}"
        for child in token.children:
            if child.i in kinds and child.i != before.i:
                yield f"side{height}={path}:{child.dep_}:{kinds[child.i]}"
        if token.tag_.startswith("VB") and verbs < 2:
            verbs += 1
            yield f"verb{verbs}={word}"
            yield f"verb_tag{verbs}={token.tag_}"
            yield from _below(token, verbs)
        path += f">{token.dep_}"


def _below(verb: Token, rank: int) -> Iterator[str]:
    """Yield the small words of a verb."""
    for child in verb.children:
        if child.dep_ in ("aux", "auxpass", "neg", "mark", "advmod"):
            yield f"aux{rank}={child.lower_}"


def _kinds_of_tokens(candidate: CountCandidate, found: CountsFound) -> dict[int, str]:
    """Return whether the trigger at each token of the sentence is of the candidate's own kind or another."""
    return {
        token: _role(trigger, candidate)
        for trigger in found.triggers[candidate.sentence]
        for token in range(trigger.first, trigger.last + 1)
    }


def _role(trigger: Trigger, candidate: CountCandidate) -> str:
    if trigger.kind in ("missing", "toll"):
        return trigger.kind
    return "own" if trigger.kind == candidate.kind else "other"


def _form(candidate: CountCandidate, numbers: Numbers) -> Iterator[str]:
    """Yield how a number is stated, and what the rules make of it."""
    count, rule = candidate.count, candidate.rule
    yield f"source={candidate.kind[0]}:{candidate.source}"
    yield f"low={bucket(candidate.low)}"
    numbers["low"] = math.log1p(candidate.low)
    numbers["is_zero"] = float(candidate.low == 0)
    numbers["is_one"] = float(candidate.low == 1)
    numbers["is_large"] = float(candidate.low > _LARGE)
    numbers["is_open"] = float(count.high is None)
    numbers["is_more"] = float(count.is_more)
    for source in ("count", "ordinal", "none", "list", "sum", "person", "argument", "others"):
        numbers[f"source_{source}"] = float(candidate.source == source)
    numbers["rule"] = float(rule.strength if rule is not None else 0)
    others = candidate.rule_kinds - {candidate.kind}
    numbers["rule_other"] = float(bool(others))
    yield f"rule={candidate.kind[0]}:{rule.strength if rule is not None else 0}"
    yield from (f"rule_other={candidate.kind[0]}:{kind}" for kind in others)


def _triggers(candidate: CountCandidate, found: CountsFound, numbers: Numbers) -> Iterator[str]:
    """Yield the distances to the nearest triggers on both sides."""
    nearest: tuple[int, str] = (_FAR, "none")
    for role in _TRIGGERS:
        spans = [t for t in found.triggers[candidate.sentence] if _role(t, candidate) == role]
        before = min((candidate.first - t.last for t in spans if t.last < candidate.first), default=_FAR)
        after = min((t.first - candidate.last for t in spans if t.first > candidate.last), default=_FAR)
        inside = any(t.first <= candidate.last and candidate.first <= t.last for t in spans)
        numbers[f"{role}_before"] = float(min(before, _FAR))
        numbers[f"{role}_after"] = float(min(after, _FAR))
        numbers[f"{role}_inside"] = float(inside)
        nearest = min(nearest, (0 if inside else before, f"{role}<"), (0 if inside else after, f"{role}>"))
        if inside:
            yield f"{role}_inside"
        if before < _FAR:
            yield f"{role}<{bucket(before)}"
        if after < _FAR:
            yield f"{role}>{bucket(after)}"
    numbers["own_is_nearest"] = float(nearest[1].startswith("own"))
    yield f"nearest_trigger={nearest[1]}{bucket(nearest[0])}"


def _of_sentence(number: int, context: Context, pack: LanguagePack) -> Pair:
    """Return what a sentence holds and where it stands, for each of its numbers."""
    findings = context.findings
    sentence = findings.sentences[number]
    start, end = sentence.start, sentence.end
    scope = sentence.out_of_scope
    names = [f"scope={scope}"]
    names += [f"cue={a.kind}" for a in findings.attributions if start <= a.start < end]
    numbers: Numbers = {"in_scope": float(scope is None), "is_cumulative": float(scope == "cumulative")}
    groups = {t.group for t in findings.terms_in(start, end)}
    for group in (*STRIKE_GROUPS, "actor", "target"):
        numbers[f"has_{group}"] = float(group in groups)
    places = [p for p in context.certain if start <= p.start < end]
    for name, precision in (("towns", 1), ("regions", 2), ("countries", 3)):
        of_sort = {p.place.name for p in places if p.place.geo_precision == precision}
        numbers[f"sentence_{name}"] = float(min(len(of_sort), 8))
    numbers["sentence_numbers"] = float(min(len(findings.quantities_in(start, end)), 12))
    numbers["sentence_tokens"] = float(min(sentence.last - sentence.first, 100))
    numbers["in_title"] = float(start < findings.title_end)
    numbers["in_lead"] = float(sentence.paragraph == _LEAD_PARAGRAPH)
    numbers["paragraph"] = float(min(sentence.paragraph, 30))
    numbers["at"] = start / max(1, len(findings.text))
    numbers["text_tokens"] = float(min(len(context.doc), 2000))
    for name in _SENTENCE_CUES:
        cue = pack.patterns[f"casualties.{name}"].search(findings.text[start:end])
        numbers[name] = float(cue is not None)
    return Pair(dict.fromkeys(names, 1.0), numbers)


def _in_sentence(candidate: CountCandidate, context: Context, pack: LanguagePack, numbers: Numbers) -> None:
    """Write where a number stands in its sentence, and the cues near it."""
    sentence = context.findings.sentences[candidate.sentence]
    numbers["position"] = (candidate.first - sentence.first) / max(1, sentence.last - sentence.first)
    start = max(sentence.start, candidate.start - _CUE_CHARS)
    near = context.findings.text[start : min(sentence.end, candidate.end + _CUE_CHARS)]
    for name in _NEAR_CUES:
        numbers[f"near_{name}"] = float(pack.patterns[f"casualties.{name}"].search(near) is not None)


def _noun(candidate: CountCandidate, context: Context, pack: LanguagePack, numbers: Numbers) -> Iterator[str]:
    """Yield what sort of noun follows a number: persons, children, things or a trigger."""
    words = victim_words(pack)
    sort = "none"
    for token in context.doc[candidate.last + 1 : candidate.last + 1 + _NOUN_TOKENS]:
        word = token.lower_
        if word in words.persons or word in words.person:
            sort = "person"
        elif word in words.children or word in words.child:
            sort = "child"
        elif word in words.things or context.term_tokens.get(token.i) in ("weapon", "target"):
            sort = "thing"
        elif word in pack.words["triggers"]:
            sort = "trigger"
        elif token.tag_ in ("NNS", "NNPS"):
            sort = "plural"
        if sort != "none" or token.is_punct:
            break
    for name in ("person", "child", "thing", "trigger", "plural"):
        numbers[f"noun_{name}"] = float(sort == name)
    yield f"{candidate.kind[0]}:noun={sort}"


def _of_article(candidate: CountCandidate, kind: _Kind, numbers: Numbers) -> None:
    """Write how a number stands among those that the article gives to its kind."""
    low, of_title, levels = candidate.low, kind.by_rule_in_title, kind.levels
    numbers["same"] = float(min(kind.lows[low], 10))
    numbers["same_by_rule"] = float(min(kind.by_rule[low], 10))
    numbers["same_in_title"] = float(low in kind.in_title)
    numbers["same_by_rule_in_title"] = float(low in of_title)
    numbers["title_says_other"] = float(bool(of_title) and low not in of_title)
    numbers["higher"] = float(min(len(levels) - bisect_right(levels, low), 10))
    numbers["lower"] = float(min(bisect_left(levels, low), 10))
    numbers["share_of_highest"] = low / max(*levels[-1:], low, 1)
    in_sentence = kind.here[candidate.sentence]
    here = [c for c in in_sentence if c.rule is not None]
    numbers["own_in_sentence"] = float(min(len(here), 8))
    numbers["own_before_in_sentence"] = float(sum(c.start < candidate.start for c in here))
    numbers["highest_in_sentence"] = float(all(c.low <= candidate.low for c in here))
    numbers["sum_of_others"] = float(_is_sum(candidate, here))
    overlapping = [c.low for c in in_sentence if c.start < candidate.end and candidate.start < c.end]
    numbers["in_larger"] = float(any(low > candidate.low for low in overlapping))
    numbers["covers_smaller"] = float(any(low < candidate.low for low in overlapping))


def _is_sum(candidate: CountCandidate, here: Sequence[CountCandidate]) -> bool:
    """Return whether a number is the sum of others of its sentence: "12 dead: seven in X, five in Y"."""
    others = [c.low for c in here if c.start != candidate.start and c.low < candidate.low]
    return len(others) > 1 and sum(others) == candidate.low
