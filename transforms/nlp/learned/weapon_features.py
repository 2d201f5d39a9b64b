"""The features of a strike with one kind of weapon: do the words of the article say that it struck there?"""

from collections.abc import Iterator, Sequence

from schemas.vocabulary import Weapon
from transforms.nlp.learned.context import Context
from transforms.nlp.learned.mention_features import Numbers, bucket
from transforms.nlp.learned.nearness import FAR, Nearness
from transforms.nlp.learned.pair_model import Pair
from transforms.nlp.learned.parse_paths import heads, path_between
from transforms.nlp.learned.units import Unit
from transforms.nlp.learned.weapon_candidates import WeaponWord

_WINDOW_TOKENS = 4
_NEAR_TOKENS = 30
"""A word at most so far from a scene stands in its sentence or the next."""
_NEAR_OTHER = 3.0
"""A word at least so much nearer to another strike belongs to it."""


def weapon_pairs(
    unit: Unit, words: Sequence[WeaponWord], nearness: Nearness
) -> dict[str, tuple[Pair, WeaponWord]]:
    """Return the features of a strike with each kind of weapon that the article may mean.

    Beside them stands the word of that kind that is nearest to the strike, those that name it first.
    """
    by_kind: dict[str, list[WeaponWord]] = {}
    for word in words:
        by_kind.setdefault(word.kind, []).append(word)
    away = {w: min(nearness.nearest(at, unit)[0] for at in {w.first, w.last}) for w in words}
    named = {k: min((away[w] for w in ws if w.is_named), default=FAR) for k, ws in by_kind.items()}
    nearest = {k: min(away[w] for w in ws) for k, ws in by_kind.items()}
    shared = scene_words(unit, nearness)
    pairs = {}
    for kind, of_kind in by_kind.items():
        best = min(of_kind, key=lambda w: (away[w] + (0 if w.is_named else _WINDOW_TOKENS), w.start))
        numbers = _distances(kind, of_kind, named, nearest)
        numbers.update(_counts(unit, of_kind, words, away, nearness))
        names = {f"{kind}|{name}" for name in (*_said(unit, of_kind, nearness), *shared)}
        names |= {f"{kind}|also={w.kind}" for w in words if w.is_named and away[w] < FAR and w.kind != kind}
        around = set(_around(best, unit, nearness))
        names |= around | {f"{kind}|{name}" for name in around}
        pairs[kind] = (Pair(dict.fromkeys(sorted(names), 1.0), numbers), best)
    return pairs


def _distances(
    kind: str, of_kind: Sequence[WeaponWord], named: dict[str, float], nearest: dict[str, float]
) -> Numbers:
    """Return how near the kind is, also against the other kinds."""
    others = [k for k in nearest if k != kind]
    single = sorted(d for k, d in named.items() if k != Weapon.MIXED)
    return {
        "second_named": single[1] if len(single) > 1 else FAR,
        "kinds_near": float(sum(d <= _NEAR_TOKENS for d in single)),
        "mixed": named.get(Weapon.MIXED, FAR),
        "named": named[kind],
        "nearest": nearest[kind],
        "rank_named": float(sum(named[k] < named[kind] for k in others)),
        "rank_nearest": float(sum(nearest[k] < nearest[kind] for k in others)),
        "other_named": min((named[k] for k in others), default=FAR),
        "other_nearest": min((nearest[k] for k in others), default=FAR),
        "is_named": float(any(w.is_named for w in of_kind)),
        "has_model": float(any(w.model is not None for w in of_kind)),
        **{
            f"is_{k}": float(k == kind)
            for k in ("air", "artillery", "drone", "mine", "missile", "mixed", "rocket")
        },
    }


def _counts(
    unit: Unit,
    of_kind: Sequence[WeaponWord],
    words: Sequence[WeaponWord],
    away: dict[WeaponWord, float],
    nearness: Nearness,
) -> Numbers:
    """Return how often the kind is said: in all, of all weapons, at the scenes, in headline and lead."""
    scenes = {nearness.sentence_at(m.first) for m in unit.scenes}
    paragraphs = {nearness.paragraph_at(m.first) for m in unit.scenes}
    numbers: Numbers = {}
    for name, own in (("all", of_kind), ("named", [w for w in of_kind if w.is_named])):
        every = words if name == "all" else [w for w in words if w.is_named]
        numbers[f"{name}.count"] = float(min(len(own), 12))
        numbers[f"{name}.share"] = len(own) / max(1, len(every))
        at_scene = [w for w in own if nearness.sentence_at(w.first) in scenes]
        every_at_scene = [w for w in every if nearness.sentence_at(w.first) in scenes]
        numbers[f"{name}.at_scene"] = float(len(at_scene))
        numbers[f"{name}.scene_share"] = len(at_scene) / max(1, len(every_at_scene))
        numbers[f"{name}.paragraph"] = float(sum(nearness.paragraph_at(w.first) in paragraphs for w in own))
        numbers[f"{name}.title"] = float(sum(nearness.paragraph_at(w.first) == 0 for w in own))
        numbers[f"{name}.lead"] = float(sum(nearness.paragraph_at(w.first) == 1 for w in own))
        others = sum(nearness.to_others(w.first, unit) + _NEAR_OTHER < away[w] for w in own)
        numbers[f"{name}.of_others"] = others / max(1, len(own))
    numbers["units"] = float(min(len(nearness.units), 8))
    numbers["scenes"] = float(min(len(unit.scenes), 6))
    numbers["kinds"] = float(len({w.kind for w in words if w.is_named}))
    numbers["first_paragraph"] = float(min(min(paragraphs), 12))
    return numbers


def _said(unit: Unit, of_kind: Sequence[WeaponWord], nearness: Nearness) -> Iterator[str]:
    """Yield the words of the kind with where they stand."""
    context = nearness.context
    for word in of_kind:
        said = context.findings.text[word.start : word.end].lower()
        if word.value == Weapon.MIXED:
            between = nearness.words[word.first + 1 : word.last]
            said = " ".join(between) if len(between) <= _WINDOW_TOKENS else "..."
        distance = nearness.nearest(word.first, unit)[0]
        yield f"any={said}"
        if distance < FAR and nearness.to_others(word.first, unit) + _NEAR_OTHER >= distance:
            yield f"own={said}"
            if distance <= _NEAR_TOKENS:
                yield f"near={said}"
        if nearness.paragraph_at(word.first) == 0:
            yield f"title={said}"


def scene_words(unit: Unit, nearness: Nearness) -> set[str]:
    """Return the words of the sentences of the scenes, and of the headline."""
    context = nearness.context
    numbers = {nearness.sentence_at(m.first) for m in unit.scenes} - {-1}
    found = {f"w={word}" for n in numbers for word in nearness.words_of(n)}
    for n, sentence in enumerate(context.findings.sentences):
        if sentence.paragraph == 0:
            found |= {f"t={word}" for word in nearness.words_of(n)}
    return found


def _around(word: WeaponWord, unit: Unit, nearness: Nearness) -> Iterator[str]:
    """Yield what stands around a word, and its way to the nearest scene in the parse."""
    context = nearness.context
    words = nearness.words
    before = words[max(0, word.first - _WINDOW_TOKENS) : word.first]
    after = words[word.last + 1 : word.last + 1 + _WINDOW_TOKENS]
    yield f"-2={' '.join(before[-2:])}"
    yield f"+2={' '.join(after[:2])}"
    yield from (f"l={w}" for w in before)
    yield from (f"r={w}" for w in after)
    yield from (f"up{n}={words[t.i]}" for n, t in enumerate(heads(context, word.first, word.last), 1))
    distance, scene = nearness.nearest(word.first, unit)
    yield f"away={bucket(distance)}"
    yield f"away={bucket(distance)}:named={word.is_named}"
    path = path_between(context, (word.first, word.last), (scene.first, scene.last))
    if path:
        yield f"path={path}"
    sentence = _sentence_scope(word, context)
    yield f"scope={sentence}"


def _sentence_scope(word: WeaponWord, context: Context) -> str | None:
    number = context.sentence_of(word.start)
    sentence = context.sentence(number) if number is not None else None
    return sentence.out_of_scope if sentence is not None else "none"
