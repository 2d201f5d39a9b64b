"""Who struck: which state or group the text names as the attacker, and with what certainty."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache

from transforms.nlp.findings import Findings
from transforms.nlp.frames import Mention
from transforms.nlp.gazetteer import Place
from transforms.nlp.language import LanguagePack
from transforms.nlp.lexicon import OWN_FORCES, Term, actor_names
from transforms.nlp.open_gazetteer import open_gazetteer
from transforms.nlp.place_names import country_words

_CERTAIN = 4
"""The highest certainty. With it even a state is accepted as the attacker of a place in its own territory."""
_MAX_JOINT_CHARS = 8
"""Longest text between two actors that act together: "American and British"."""
_BEFORE_CHARS, _AFTER_CHARS = 75, 70
"""How much text around an actor's name is searched for words that make it the attacker."""
_Rule = tuple[re.Pattern[str] | None, re.Pattern[str] | None, int]


def actor_of(
    mentions: Sequence[Mention], place: Place, findings: Findings, pack: LanguagePack
) -> tuple[str | None, Term | None]:
    """Return the attacker of a place and the term that names it.

    An attacker named in the place's own clauses comes first, then the attacker that the article names most
    often, then the only neighbouring state that it names.
    """
    local = _attackers(mentions, findings, place.country, pack)
    if local:
        return _name(local[0], place.country, pack), local[0]
    everywhere = _attackers(None, findings, place.country, pack)
    if not everywhere:
        return _only_neighbour(place.country, findings, pack)
    counted = Counter(_name(t, place.country, pack) for t in everywhere)
    best = counted.most_common(1)[0][0]
    return best, next(t for t in everywhere if _name(t, place.country, pack) == best)


def _name(term: Term, country: str, pack: LanguagePack) -> str | None:
    """Return the usual name of an attacker. "The regime" means the state in which the place lies."""
    return term.value if term.value != OWN_FORCES else actor_names(pack).get(country)


@cache
def _country_of_actor(pack: LanguagePack) -> dict[str, str]:
    """Return the country code of each state by its usual name."""
    return {name: code for code, name in actor_names(pack).items()}


def _only_neighbour(country: str, findings: Findings, pack: LanguagePack) -> tuple[str | None, Term | None]:
    """Return the only neighbouring state that an article names.

    Where the article does not say who struck, it implies that state ("Russia's envoy claimed that a funeral
    was under way there").
    """
    near, country_of = open_gazetteer().neighbours(country), _country_of_actor(pack)
    named = [t for t in findings.terms if t.group == "actor" and country_of.get(t.value) in near]
    if len({t.value for t in named}) != 1:
        return None, None
    return named[0].value, named[0]


def _attackers(
    mentions: Sequence[Mention] | None, findings: Findings, country: str, pack: LanguagePack
) -> list[Term]:
    """Return the terms that name an attacker, the most certain first. Mentions, if given, restrict them."""
    ranked: list[tuple[int, int, Term]] = []
    actors = [t for t in findings.terms if t.group in ("actor", "forces")]
    for number, term in enumerate(actors):
        if mentions is not None and not any(m.start <= term.start < m.end for m in mentions):
            continue
        certainty = attacker_certainty(term, findings.text, pack)
        following = actors[number + 1] if number + 1 < len(actors) else None
        if following is not None and _are_joined(term, following, findings.text, pack):
            certainty = max(certainty, attacker_certainty(following, findings.text, pack))
        if certainty == 0 or (term.value == OWN_FORCES and country not in actor_names(pack)):
            continue
        needed = _CERTAIN if _is_bare_state(term, findings.text, pack) else _CERTAIN - 1
        if _country_of_actor(pack).get(term.value) == country and certainty < needed:
            # a state does not attack its own towns, unless the text says so clearly
            continue
        ranked.append((-certainty, term.start, term))
    return [term for _, _, term in sorted(ranked, key=lambda r: r[:2])]


def _is_bare_state(term: Term, text: str, pack: LanguagePack) -> bool:
    """Return whether the term names only a state, without its army or forces."""
    if text[term.start : term.end].lower() not in country_words(pack):
        return False
    return pack.patterns["fields.forces_after"].match(text[term.end : term.end + 20]) is None


def _are_joined(a: Term, b: Term, text: str, pack: LanguagePack) -> bool:
    """Return whether two actors stand side by side: "American and British"."""
    between = text[a.end : b.start]
    return len(between) <= _MAX_JOINT_CHARS and bool(pack.patterns["fields.actor_joint"].fullmatch(between))


@cache
def _rules(pack: LanguagePack) -> list[_Rule]:
    def compiled(rule: str | None) -> re.Pattern[str] | None:
        return re.compile(rule, re.IGNORECASE) if rule is not None else None

    return [
        (compiled(left), compiled(right), int(certainty))
        for left, right, certainty in pack.fields["attacker_rules"]
    ]


def attacker_certainty(term: Term, text: str, pack: LanguagePack) -> int:
    """Return the certainty that an actor's name means the attacker here: 0 (it does not) to 4 (stated)."""
    before = re.split(r"[.;\n]", text[max(0, term.start - _BEFORE_CHARS) : term.start])[-1].lower()
    after = text[term.end : term.end + _AFTER_CHARS]
    is_name = country_words(pack).get(text[term.start : term.end].lower(), ("", False))[1]
    is_location = is_name and pack.patterns["fields.is_a_place"].search(before)
    if is_location or pack.patterns["fields.border"].match(after):
        return 0  # "a raid in north Lebanon killed 18"
    if pack.patterns["fields.direct_hit"].match(after):
        return _CERTAIN
    certainty = 3 if pack.patterns["fields.attacker_subject"].match(after) else 0
    for left, right, rule_certainty in _rules(pack):
        if (left is None or left.search(before)) and (right is None or right.match(after)):
            certainty = max(certainty, rule_certainty)
    return certainty
