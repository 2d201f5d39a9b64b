"""Who struck: words for states and groups, and how surely the words around one say that it struck."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache

from transforms.nlp.found import Found
from transforms.nlp.frames import Mention
from transforms.nlp.gazetteer import Place
from transforms.nlp.language import LanguagePack
from transforms.nlp.lexicon import OWN_FORCES, Term, actor_names
from transforms.nlp.open_gazetteer import open_gazetteer
from transforms.nlp.place_names import country_words

_SURE = 4
"""So many words: then even a state is believed to have struck a place that is filed as its own."""
_BESIDE = 8  # characters between "American and British"
_Rule = tuple[re.Pattern[str] | None, re.Pattern[str] | None, int]


def actor_of(
    mentions: Sequence[Mention], place: Place, found: Found, pack: LanguagePack
) -> tuple[str | None, Term | None]:
    """Return who struck a place: named in its clauses as striking, else the article's own striker."""
    local = _strikers(mentions, found, place.country, pack)
    if local:
        return _name(local[0], place.country, pack), local[0]
    everywhere = _strikers(None, found, place.country, pack)
    if not everywhere:
        return _only_neighbour(place.country, found, pack)
    counted = Counter(_name(t, place.country, pack) for t in everywhere)
    best = counted.most_common(1)[0][0]
    return best, next(t for t in everywhere if _name(t, place.country, pack) == best)


def _name(term: Term, country: str, pack: LanguagePack) -> str | None:
    """Return the usual name of a striker; "the regime" is the state of the place."""
    return term.value if term.value != OWN_FORCES else actor_names(pack).get(country)


@cache
def _state_of(pack: LanguagePack) -> dict[str, str]:
    return {name: code for code, name in actor_names(pack).items()}


def _only_neighbour(country: str, found: Found, pack: LanguagePack) -> tuple[str | None, Term | None]:
    """Return the one state next door that an article names at all: where nobody is said to have struck,
    it is plainly implied ("Russia's envoy claimed that a funeral was under way there")."""
    near, state_of = open_gazetteer().neighbours(country), _state_of(pack)
    named = [t for t in found.terms if t.group == "actor" and state_of.get(t.value) in near]
    if len({t.value for t in named}) != 1:
        return None, None
    return named[0].value, named[0]


def _strikers(
    mentions: Sequence[Mention] | None, found: Found, country: str, pack: LanguagePack
) -> list[Term]:
    ranked: list[tuple[int, int, Term]] = []
    actors = [t for t in found.terms if t.group in ("actor", "forces")]
    for number, term in enumerate(actors):
        if mentions is not None and not any(m.start <= term.start < m.end for m in mentions):
            continue
        strength = how_surely(term, found.text, pack)
        following = actors[number + 1] if number + 1 < len(actors) else None
        if following is not None and _are_joined(term, following, found.text, pack):
            strength = max(strength, how_surely(following, found.text, pack))
        if strength == 0 or (term.value == OWN_FORCES and country not in actor_names(pack)):
            continue
        needed = _SURE if _is_bare_state(term, found.text, pack) else _SURE - 1
        if _state_of(pack).get(term.value) == country and strength < needed:
            # a state does not strike its own towns, unless the words leave no doubt
            continue
        ranked.append((-strength, term.start, term))
    return [term for _, _, term in sorted(ranked, key=lambda r: r[:2])]


def _is_bare_state(term: Term, text: str, pack: LanguagePack) -> bool:
    """Return whether a state is named, not its army."""
    if text[term.start : term.end].lower() not in country_words(pack):
        return False
    return pack.patterns["fields.forces_after"].match(text[term.end : term.end + 20]) is None


def _are_joined(a: Term, b: Term, text: str, pack: LanguagePack) -> bool:
    between = text[a.end : b.start]
    return len(between) <= _BESIDE and bool(pack.patterns["fields.actor_joint"].fullmatch(between))


@cache
def _rules(pack: LanguagePack) -> list[_Rule]:
    def compiled(rule: str | None) -> re.Pattern[str] | None:
        return re.compile(rule, re.IGNORECASE) if rule is not None else None

    return [
        (compiled(left), compiled(right), int(sure)) for left, right, sure in pack.fields["striker_rules"]
    ]


def how_surely(term: Term, text: str, pack: LanguagePack) -> int:
    """Return how surely a word for an actor names the striker here: 0 not at all, 4 in so many words."""
    before = re.split(r"[.;\n]", text[max(0, term.start - 75) : term.start])[-1].lower()
    after = text[term.end : term.end + 70]
    is_name = country_words(pack).get(text[term.start : term.end].lower(), ("", False))[1]
    is_there = is_name and pack.patterns["fields.is_a_place"].search(before)
    if is_there or pack.patterns["fields.border"].match(after):
        return 0  # "a raid in north Lebanon killed 18"
    if pack.patterns["fields.direct_hit"].match(after):
        return _SURE
    strength = 3 if pack.patterns["fields.striker_subject"].match(after) else 0
    for left, right, sure in _rules(pack):
        if (left is None or left.search(before)) and (right is None or right.match(after)):
            strength = max(strength, sure)
    return strength
