"""The features of a strike with one party: do the words of the article make the party its attacker?"""

from collections.abc import Collection, Iterator, Mapping, Sequence

from spacy.tokens import Token

from transforms.nlp.gazetteer import Gazetteer
from transforms.nlp.language import LanguagePack
from transforms.nlp.learned.actor_candidates import PartyWord, own_forces, parties_at
from transforms.nlp.learned.blame import blame_of
from transforms.nlp.learned.context import STRIKE_GROUPS, Context
from transforms.nlp.learned.mention_features import Numbers, bucket
from transforms.nlp.learned.nearness import FAR, Nearness
from transforms.nlp.learned.pair_model import Pair
from transforms.nlp.learned.parse_paths import path_between
from transforms.nlp.learned.units import Unit
from transforms.nlp.learned.weapon_candidates import WeaponWord
from transforms.nlp.learned.weapon_features import scene_words
from transforms.nlp.party_names import actor_names

_WINDOW_TOKENS = 4
_HEADS = 4
_NEAR_TOKENS = 30
"""A weapon at most so far from a scene was used there."""
_BESIDE_TOKENS = 6
"""A weapon at most so far from a party may be its own."""
_NEAR_OTHER = 3.0
"""A word at least so much nearer to another strike belongs to it."""
_NOMINAL = frozenset({"amod", "compound", "poss", "nmod", "appos", "nummod", "conj"})
"""Dependencies of words that only name the party of a noun: "Russian forces", "Israel's air force"."""
_DOES, _SUFFERS = "does", "suffers"
"""Roles: the party strikes, or is struck."""


def actor_pairs(
    unit: Unit,
    words: Sequence[PartyWord],
    weapons: Sequence[WeaponWord],
    nearness: Nearness,
    gazetteer: Gazetteer,
    pack: LanguagePack,
) -> dict[str, tuple[Pair, PartyWord]]:
    """Return the features of a strike with each party that the article names, and the nearest word for it."""
    country = unit.candidate.place.country
    parties = parties_at(words, country, pack)
    context = nearness.context
    roles = {word: role_of(word, context) for word in words}
    away = {word: nearness.nearest(word.first, unit)[0] for word in words}
    near = gazetteer.neighbours(country)
    code_of = {name: code for code, name in actor_names(pack).items()}
    shared = _Shared(unit, nearness, parties, roles, away)
    used = [w for w in weapons if w.is_named and nearness.nearest(w.first, unit)[0] <= _NEAR_TOKENS]
    of_scene = scene_words(unit, nearness) | {f"weapon={w.kind}" for w in used}
    pairs = {}
    for name, of_party in parties.items():
        best = min(of_party, key=lambda w: (roles[w] != _DOES, away[w], w.start))
        nearest = min(of_party, key=lambda w: (away[w], w.start))
        numbers = shared.numbers(name)
        numbers["is_own"] = float(name == own_forces(country, pack))
        numbers["is_neighbour"] = float(code_of.get(name, "") in near)
        numbers["is_state"] = float(name in code_of)
        numbers["is_generic"] = float(all(w.is_generic_at(country) for w in of_party))
        kind = "own" if numbers["is_own"] else "state" if numbers["is_state"] else "group"
        names = {f"kind={kind}", *of_scene, *(f"{kind}|{name}" for name in of_scene)}
        numbers.update(_weapons_beside(of_party, weapons, {w.kind for w in used}))
        numbers.update(blame_of(of_party, context, pack))
        for word in of_party:
            where = shared.zone(word)
            for feature in _of_word(word, nearness):
                names |= {f"all|{feature}", f"{where}|{feature}", f"{kind}|{feature}"}
            names |= {f"{where}|{roles[word]}", f"{kind}|{where}|{roles[word]}"}
        for label, word in (("best", best), ("nearest", nearest)):
            names |= {f"{label}|{f}" for f in (*_of_word(word, nearness), *_around(word, unit, nearness))}
        pairs[name] = (Pair(dict.fromkeys(sorted(names), 1.0), numbers), best)
    return pairs


def _weapons_beside(
    words: Sequence[PartyWord], weapons: Sequence[WeaponWord], used: Collection[str]
) -> Numbers:
    """Return how often a weapon stands beside a party, and how often it is of a kind that the strike had."""
    beside = [
        w.kind
        for word in words
        for w in weapons
        if w.is_named and -_BESIDE_TOKENS <= w.first - word.last <= _BESIDE_TOKENS
    ]
    return {
        "armed": float(min(len(beside), 8)),
        "armed_alike": float(min(sum(k in used for k in beside), 8)),
        "armed_unlike": float(min(sum(k not in used for k in beside), 8)),
    }


def role_of(word: PartyWord, context: Context) -> str:
    """Return what the parse makes of a party: ``does`` where it strikes, ``suffers`` where it is struck, else
    the dependency of the noun that it names.
    """
    token = context.doc[word.first : word.last + 1].root
    group = context.term_tokens.get
    for _ in range(_HEADS):
        if token.dep_ not in _NOMINAL or token.head.i == token.i:
            break
        if group(token.head.i) in STRIKE_GROUPS and token.dep_ != "conj":
            return _DOES
        token = token.head
    head = token.head
    if token.dep_ == "nsubj" and _strikes(head, context):
        return _DOES
    if token.dep_ == "pobj":
        over = head.head
        if head.dep_ == "agent" and _strikes(over, context):
            return _DOES
        if head.dep_ == "agent":
            return "agent"
    if token.dep_ in ("dobj", "nsubjpass") and _strikes(head, context):
        return _SUFFERS
    return token.dep_


def _strikes(verb: Token, context: Context) -> bool:
    """Return whether a verb tells a strike, or has a word for one as its object: "fired rockets"."""
    if context.term_tokens.get(verb.i) in STRIKE_GROUPS:
        return True
    return any(
        child.dep_ == "dobj" and context.term_tokens.get(child.i) in STRIKE_GROUPS for child in verb.children
    )


class _Shared:
    """What the features of all parties of one strike are read from."""

    def __init__(
        self,
        unit: Unit,
        nearness: Nearness,
        parties: Mapping[str, Sequence[PartyWord]],
        roles: Mapping[PartyWord, str],
        away: Mapping[PartyWord, float],
    ) -> None:
        self.unit, self.nearness, self.parties = unit, nearness, parties
        self.roles, self.away = roles, away
        self._scenes = {nearness.sentence_at(m.first) for m in unit.scenes}
        self._paragraphs = {nearness.paragraph_at(m.first) for m in unit.scenes}
        self._others = {w: nearness.to_others(w.first, unit) for w in roles}
        self._acting = {n: self._nearest(ws, _DOES) for n, ws in parties.items()}
        self._any = {n: min(away[w] for w in ws) for n, ws in parties.items()}

    def _nearest(self, words: Sequence[PartyWord], role: str) -> float:
        return min((self.away[w] for w in words if self.roles[w] == role), default=FAR)

    def zone(self, word: PartyWord) -> str:
        """Return where a word stands: at a scene, in the headline, in the paragraph of a scene, or elsewhere."""
        if self.nearness.sentence_at(word.first) in self._scenes:
            return "scene"
        paragraph = self.nearness.paragraph_at(word.first)
        if paragraph == 0:
            return "title"
        return "paragraph" if paragraph in self._paragraphs else "else"

    def numbers(self, name: str) -> Numbers:
        """Return how near a party is and how often it acts, also against the other parties."""
        own = self.parties[name]
        rest = [n for n in self.parties if n != name]
        numbers: Numbers = {
            "acting": self._acting[name],
            "nearest": self._any[name],
            "suffering": self._nearest(own, _SUFFERS),
            "rank_acting": float(sum(self._acting[n] < self._acting[name] for n in rest)),
            "rank_nearest": float(sum(self._any[n] < self._any[name] for n in rest)),
            "other_acting": min((self._acting[n] for n in rest), default=FAR),
            "parties": float(min(len(self.parties), 12)),
            "units": float(min(len(self.nearness.units), 8)),
        }
        for role in ("all", _DOES, _SUFFERS, "nsubj", "agent", "pobj"):
            said = [w for w in own if role in ("all", self.roles[w])]
            every = [w for w in self.roles if role in ("all", self.roles[w])]
            numbers[f"{role}.count"] = float(min(len(said), 12))
            numbers[f"{role}.share"] = len(said) / max(1, len(every))
            zones = [self.zone(w) for w in said]
            for zone in ("scene", "title", "paragraph"):
                numbers[f"{role}.{zone}"] = float(zones.count(zone))
            numbers[f"{role}.lead"] = float(sum(self.nearness.paragraph_at(w.first) == 1 for w in said))
            others = sum(self._others[w] + _NEAR_OTHER < self.away[w] for w in said)
            numbers[f"{role}.of_others"] = others / max(1, len(said))
        return numbers


def _of_word(word: PartyWord, nearness: Nearness) -> Iterator[str]:
    """Yield how a word stands in its sentence: what is beside it, and the heads above it."""
    context = nearness.context
    words = nearness.words
    before = words[max(0, word.first - 2) : word.first]
    after = words[word.last + 1 : word.last + 3]
    yield f"-1={before[-1] if before else ''}"
    yield f"-2={' '.join(before)}"
    yield f"+1={after[0] if after else ''}"
    yield f"+2={' '.join(after)}"
    token = context.doc[word.first : word.last + 1].root
    yield f"form={token.pos_}:{role_of(word, context)}"
    path = ""
    for height in range(1, _HEADS + 1):
        path += f">{token.dep_}"
        if token.head.i == token.i:
            break
        token = token.head
        group = context.term_tokens.get(token.i)
        yield f"up{height}={words[token.i]}"
        if token.pos_ in ("VERB", "AUX", "ADP", "NOUN"):
            yield f"path={path}:{group or words[token.i]}"


def _around(word: PartyWord, unit: Unit, nearness: Nearness) -> Iterator[str]:
    """Yield the words around a word, how far it is, and its way to the nearest scene in the parse."""
    context = nearness.context
    words = nearness.words
    yield from (f"l={w}" for w in words[max(0, word.first - _WINDOW_TOKENS) : word.first])
    yield from (f"r={w}" for w in words[word.last + 1 : word.last + 1 + _WINDOW_TOKENS])
    distance, scene = nearness.nearest(word.first, unit)
    yield f"away={bucket(distance)}"
    path = path_between(context, (word.first, word.last), (scene.first, scene.last))
    if path:
        yield f"scene={path}"
    number = nearness.sentence_at(word.first)
    sentence = context.sentence(number)
    if sentence is not None:
        yield f"scope={sentence.out_of_scope}"
        cues = context.findings.attributions
        yield from (f"cue={a.kind}" for a in cues if sentence.start <= a.start < sentence.end)
        for side in (number - 1, number + 1):
            beside = context.sentence(side)
            if beside is not None:
                groups = {t.group for t in context.terms_of(beside)}
                yield f"beside={bool(groups & set(STRIKE_GROUPS))}"
