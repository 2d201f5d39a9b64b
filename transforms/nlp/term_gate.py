"""The second check before the language model: it rejects articles whose terms cannot form a strike.

The first check (``transforms.nlp.gate``) looks for the words anywhere in the text. This one knows in which
paragraph each term stands. It rejects an article where no paragraph tells of an explosion, or has both a word for
a strike and one for a hit or a victim, and one of another cause (a strike of teachers, a gas explosion) that names
no weapon, or names the cause in its headline and no weapon beside victims; and one on a flight to space or a
controlled blast, without a word for an attack; one on an explosion in a pit, without a word for a bomb or an
attack; and a note on a claim that is refuted. A few of those that it rejects report a strike:
``tests/transforms/nlp/test_gates_on_corpus.py`` counts them.
"""

from functools import cache

from transforms.nlp.actors import attacker_certainty
from transforms.nlp.blocks import Block
from transforms.nlp.findings import Findings
from transforms.nlp.gate import Phrases, phrases, words_of
from transforms.nlp.language import LanguagePack
from transforms.nlp.quantities import find_quantities
from transforms.nlp.scope import (
    is_about_spaceflight,
    is_controlled,
    is_in_a_pit,
    is_refuted,
    is_work_of_art,
    not_about_strikes,
)

_ARMED = frozenset({"charge", "suicide"})
"""Kinds of words that let an article pass although it names another cause: unions may strike after a dynamite
attack on them."""
_ROCKET = "rocket"
_BOMB, _EXPLOSION = "bomb", "explosion"
"""A block has a word that alone proves a strike, or one of the kinds of strikes."""
_LEAD_CHARS = 600
"""The first characters of the body, which say what the article is about."""
_VERDICT_CHARS = 250
"""The first characters of the body, which say of a claim that it is untrue, or of a work of art what it is."""
_TOLL_WORD_CHARS = 40
"""A toll word must stand within this distance before its number."""


def terms_rule_out(findings: Findings, pack: LanguagePack) -> bool:
    """Return whether an article's terms and paragraphs show that it reports no strike.

    Args:
        findings: of the article; only text, blocks and terms are set.
        pack: the language.
    """
    text = findings.text
    lead = text[: findings.title_end + _LEAD_CHARS]
    weapons = {term.value for term in findings.terms if term.group == "weapon"}
    if weapons == {_ROCKET} and is_about_spaceflight(lead, text, pack):
        return True  # a rocket that carries satellites exploded
    if is_controlled(lead, text, pack):
        return True
    words_for_weapons = [text[t.start : t.end] for t in findings.terms if t.group == "weapon"]
    if is_in_a_pit(lead, text, words_for_weapons, pack):
        return True
    first = text[: findings.title_end + _VERDICT_CHARS]
    if is_refuted(first, text, pack):
        return True
    if is_work_of_art(first, text, pack):
        return True
    cues = [may_count_victims(text[b.start : b.end], pack) for b in findings.blocks]
    words = [_words_of_strikes(findings, b, pack) for b in findings.blocks]
    if not any(cues) and all(len(w & {"weapon", "strike", "hit"}) < 2 and _EXPLOSION not in w for w in words):
        return True  # nothing was hit, and nobody was harmed
    has_title = bool(words) and findings.blocks[0].start < findings.title_end
    has_arms = any(cue and w & {"weapon", _BOMB} for cue, w in zip(cues, words, strict=True))
    if (
        has_title
        and not has_arms
        and "weapon" not in words[0]
        and not_about_strikes(text[: findings.title_end], pack)
    ):
        return True
    if any(w & {"weapon", _BOMB} for w in words):
        return False
    if not_about_strikes(lead, pack) is not None:
        return True
    for cue, w in zip(cues, words, strict=True):
        if _EXPLOSION in w or ("strike" in w and cue):
            return False
    actors = [t for t in findings.terms if t.group in ("actor", "forces")]
    has_attacker = any(attacker_certainty(t, text, pack) for t in actors)
    return not (has_attacker and any("strike" in w for w in words))


def _words_of_strikes(findings: Findings, block: Block, pack: LanguagePack) -> set[str]:
    """Return which words for strikes a block has: weapon, strike, hit, and the two that say more."""
    found = set()
    for term in findings.terms_in(block.start, block.end):
        if term.group == "weapon":
            found.add(term.group)
        elif term.group in ("strike", "hit"):
            found.add(term.group)
            word = findings.text[term.start : term.end]
            if term.group == "strike" and term.value != term.group:
                found.add(_EXPLOSION)
            if term.value in _ARMED or pack.patterns["fields.bomb"].fullmatch(word):
                found.add(_BOMB)
            if word.lower() in pack.lexicon["bombing_verbs"]:
                found |= {"strike", "hit", _BOMB}  # "The pipeline was bombed"
    if "strike" in found and pack.patterns["frames.land_mine"].search(findings.text, block.start, block.end):
        found.add(_BOMB)
    return found


@cache
def _cues(pack: LanguagePack) -> tuple[Phrases, Phrases]:
    """Return the words without which no clause has a count: always, and only where a number follows."""
    casualties = pack.casualties
    words = [*casualties["gate_words"], *casualties["child_nouns"], *casualties["single_child"]]
    for kind in ("killed", "injured", "missing"):
        words += [phrase for listed in casualties[kind].values() for phrase in listed]
    return phrases(words), phrases(casualties["toll_words"])


def may_count_victims(block: str, pack: LanguagePack) -> bool:
    """Return whether a paragraph contains one of the words that every count of victims needs."""
    lowered = block.lower()
    words, before_number = _cues(pack)
    words_of_block = words_of(lowered)
    if words.any_in(lowered, words_of_block):
        return True
    if not before_number.any_in(lowered, words_of_block):
        return False
    rule = pack.patterns["casualties.before_toll"]
    starts = [quantity.start for quantity in find_quantities(block, pack)]
    return any(rule.search(block[max(0, start - _TOLL_WORD_CHARS) : start]) for start in starts)
