"""The features of a strike with one class of target: do the words of the article say that it was hit there?"""

from collections.abc import Iterator, Sequence

from schemas.vocabulary import Target
from transforms.nlp.blocks import Sentence
from transforms.nlp.language import LanguagePack
from transforms.nlp.learned.context import STRIKE_GROUPS
from transforms.nlp.learned.mention_features import Numbers, bucket
from transforms.nlp.learned.nearness import FAR, Nearness
from transforms.nlp.learned.pair_model import Pair
from transforms.nlp.learned.parse_paths import heads, path_between
from transforms.nlp.learned.target_candidates import TargetWord, kinds_of
from transforms.nlp.learned.units import Unit
from transforms.nlp.lexicon import Term
from transforms.nlp.targets import is_of_care, is_ruined

_WINDOW_TOKENS = 4
_NEAR_TOKENS = 30
"""A word at most so far from a scene stands in its sentence or the next."""
_NEAR_OTHER = 3.0
"""A word at least so much nearer to another strike belongs to it."""
_NO_HIT = 60.0
"""The distance in tokens of a word in whose sentence nothing is hit."""
_HIT_CHARS = 91
"""A named target nearer than this to a word for a hit was hit by it, as the rule has it."""


def target_pairs(
    unit: Unit,
    words: Sequence[TargetWord],
    told: Sequence[Sentence],
    nearness: Nearness,
    pack: LanguagePack,
) -> dict[str, tuple[Pair, TargetWord]]:
    """Return the features of a strike with each class of target that the article may mean.

    Beside them stands the word of that class that is most likely meant: one that a rule takes, else the one nearest
    to the strike and to a word for a hit, those that name it first.

    Args:
        unit: the strike.
        words: that may mean a target.
        told: the sentences that tell of the strike.
        nearness: of the document.
        pack: the language.
    """
    away = {w: min(nearness.nearest(at, unit)[0] for at in {w.first, w.last}) for w in words}
    hits = {w: _nearest_hit(w, nearness) for w in words}
    in_told = {w for w in words if any(s.start <= w.start < s.end for s in told)}
    by_rule = {w for w in words if is_hit_by_rule(w, told, hits[w][1], nearness, pack)}
    pairs = {}
    for kind, of_kind in kinds_of(words).items():
        best = min(
            of_kind,
            key=lambda w: (
                w not in by_rule,
                w not in in_told,
                away[w] + hits[w][0] + (0 if w.is_named else _NEAR_TOKENS),
                w.start,
            ),
        )
        numbers = _distances(of_kind, words, away, hits)
        numbers.update(_counts(unit, of_kind, words, away, nearness))
        own = [w for w in of_kind if w in in_told]
        numbers["told"] = float(len(own))
        numbers["told_named"] = float(sum(w.is_named for w in own))
        numbers["others_told"] = float(len({w.value for w in in_told if w.is_named and w.value != kind}))
        numbers["by_rule"] = float(sum(w in by_rule for w in of_kind))
        numbers["others_by_rule"] = float(len({w.value for w in by_rule} - {kind}))
        names = {f"{kind}|{name}" for name in ("", *_said(unit, of_kind, away, nearness))}
        around = set(_around(best, unit, away[best], hits[best], nearness, pack))
        names |= around | {f"{kind}|{name}" for name in around}
        names |= {
            f"told={best in own}",
            f"{kind}|told={best in own}",
            f"told={best in own}:named={best.is_named}",
        }
        if best in by_rule:
            names |= {"by_rule", f"{kind}|by_rule"}
        names |= {f"{kind}|also={w.value}" for w in words if w.is_named and away[w] <= _NEAR_TOKENS}
        pairs[kind] = (Pair(dict.fromkeys(sorted(names), 1.0), numbers), best)
    return pairs


def is_hit_by_rule(
    word: TargetWord, told: Sequence[Sentence], hit: Term | None, nearness: Nearness, pack: LanguagePack
) -> bool:
    """Return whether a named target stands near a word for a hit, in ruins, or where people were killed.

    Its sentence must tell of the strike. A hospital to which the wounded were taken was not hit.
    """
    sentence = next((s for s in told if s.start <= word.start < s.end), None)
    if not word.is_named or sentence is None:
        return False
    text = nearness.context.findings.text
    if word.value == Target.HOSPITAL and is_of_care(word.start, sentence.start, text, pack):
        return False
    if is_ruined(word.start, word.end, sentence.start, text, pack):
        return True
    return hit is not None and min(abs(hit.start - word.end), abs(word.start - hit.end)) < _HIT_CHARS


def _nearest_hit(word: TargetWord, nearness: Nearness) -> tuple[float, Term | None]:
    """Return the distance in tokens of the nearest word for a weapon, strike or hit in the same sentence."""
    context = nearness.context
    number = nearness.sentence_at(word.first)
    terms = context.terms_of(context.sentence(number)) if number >= 0 else ()
    near = (
        (float(max(t.first - word.last, word.first - t.last, 0)), t)
        for t in terms
        if t.group in STRIKE_GROUPS
    )
    return min(near, key=lambda found: (found[0], found[1].first), default=(_NO_HIT, None))


def _distances(
    of_kind: Sequence[TargetWord],
    words: Sequence[TargetWord],
    away: dict[TargetWord, float],
    hits: dict[TargetWord, tuple[float, Term | None]],
) -> Numbers:
    """Return how near the class stands to the strike and to a word for a hit, also against the others."""
    kind = of_kind[0].value
    others = [w for w in words if w.value != kind]
    numbers: Numbers = {}
    for name, own, rest in (
        ("any", of_kind, others),
        ("named", [w for w in of_kind if w.is_named], [w for w in others if w.is_named]),
    ):
        numbers[f"{name}.away"] = min((away[w] for w in own), default=FAR)
        numbers[f"{name}.hit"] = min((hits[w][0] for w in own), default=_NO_HIT)
        numbers[f"{name}.both"] = min((away[w] + hits[w][0] for w in own), default=FAR + _NO_HIT)
        numbers[f"{name}.others_away"] = min((away[w] for w in rest), default=FAR)
        numbers[f"{name}.others_both"] = min((away[w] + hits[w][0] for w in rest), default=FAR + _NO_HIT)
        nearer = {w.value for w in rest if away[w] + hits[w][0] < numbers[f"{name}.both"]}
        numbers[f"{name}.rank"] = float(len(nearer))
    return numbers


def _counts(
    unit: Unit,
    of_kind: Sequence[TargetWord],
    words: Sequence[TargetWord],
    away: dict[TargetWord, float],
    nearness: Nearness,
) -> Numbers:
    """Return how often the class is said: in all, of all targets, at the scenes, in headline and lead."""
    scenes = {nearness.sentence_at(m.first) for m in unit.scenes}
    paragraphs = {nearness.paragraph_at(m.first) for m in unit.scenes}
    numbers: Numbers = {}
    for name, own in (("any", of_kind), ("named", [w for w in of_kind if w.is_named])):
        every = words if name == "any" else [w for w in words if w.is_named]
        numbers[f"{name}.count"] = float(min(len(own), 12))
        numbers[f"{name}.share"] = len(own) / max(1, len(every))
        numbers[f"{name}.at_scene"] = float(sum(nearness.sentence_at(w.first) in scenes for w in own))
        numbers[f"{name}.paragraph"] = float(sum(nearness.paragraph_at(w.first) in paragraphs for w in own))
        numbers[f"{name}.title"] = float(sum(nearness.paragraph_at(w.first) == 0 for w in own))
        numbers[f"{name}.lead"] = float(sum(nearness.paragraph_at(w.first) == 1 for w in own))
        others = sum(nearness.to_others(w.first, unit) + _NEAR_OTHER < away[w] for w in own)
        numbers[f"{name}.of_others"] = others / max(1, len(own))
    numbers["units"] = float(min(len(nearness.units), 8))
    numbers["scenes"] = float(min(len(unit.scenes), 6))
    numbers["kinds"] = float(len({w.value for w in words if w.is_named}))
    numbers["first_paragraph"] = float(min(min(paragraphs), 12))
    numbers["sentences"] = float(min(len(nearness.context.findings.sentences), 60))
    return numbers


def _said(
    unit: Unit, of_kind: Sequence[TargetWord], away: dict[TargetWord, float], nearness: Nearness
) -> Iterator[str]:
    """Yield the words of the class with where they stand."""
    text = nearness.context.findings.text
    for word in of_kind:
        said = text[word.start : word.end].lower()
        yield f"any={said}"
        if away[word] < FAR and nearness.to_others(word.first, unit) + _NEAR_OTHER >= away[word]:
            yield f"own={said}"
            if away[word] <= _NEAR_TOKENS:
                yield f"near={said}"
        if nearness.paragraph_at(word.first) == 0:
            yield f"title={said}"


def _around(
    word: TargetWord,
    unit: Unit,
    away: float,
    hit: tuple[float, Term | None],
    nearness: Nearness,
    pack: LanguagePack,
) -> Iterator[str]:
    """Yield what stands around a word, its way in the parse to the scene and to the word for a hit, and what
    the rules say of it."""
    context, words = nearness.context, nearness.words
    before = words[max(0, word.first - _WINDOW_TOKENS) : word.first]
    after = words[word.last + 1 : word.last + 1 + _WINDOW_TOKENS]
    yield f"-2={' '.join(before[-2:])}"
    yield f"+2={' '.join(after[:2])}"
    yield from (f"l={w}" for w in before)
    yield from (f"r={w}" for w in after)
    yield from (f"up{n}={words[t.i]}" for n, t in enumerate(heads(context, word.first, word.last), 1))
    yield f"dep={context.doc[word.first : word.last + 1].root.dep_}"
    yield f"away={bucket(away)}"
    yield f"away={bucket(away)}:named={word.is_named}"
    yield f"hit={bucket(hit[0])}:away={bucket(away)}"
    yield f"others={bucket(nearness.to_others(word.first, unit))}:away={bucket(away)}"
    scene = nearness.nearest(word.first, unit)[1]
    if path := path_between(context, (word.first, word.last), (scene.first, scene.last)):
        yield f"path={path}"
    if hit[1] is not None:
        yield f"by={hit[1].group}:{words[hit[1].first]}"
        if path := path_between(context, (word.first, word.last), (hit[1].first, hit[1].last)):
            yield f"hitpath={path}"
    number = context.sentence_of(word.start)
    sentence = context.sentence(number) if number is not None else None
    if sentence is not None:
        yield f"scope={sentence.out_of_scope}"
        if is_ruined(word.start, word.end, sentence.start, context.findings.text, pack):
            yield "ruined"
        if is_of_care(word.start, sentence.start, context.findings.text, pack):
            yield "care"
