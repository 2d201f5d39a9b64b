"""The second check before the language model: it rejects articles whose terms cannot form a strike.

The first check (``transforms.nlp.gate``) looks for the words anywhere in the text. This one knows in which
paragraph each term stands, and applies the conditions of ``transforms.nlp.incidents`` early: a clause never
spans two paragraphs, so if no paragraph has the terms, no clause has them. A rejected article would have
given no report.
"""

from functools import cache

from transforms.nlp.actors import attacker_certainty
from transforms.nlp.findings import Findings
from transforms.nlp.gate import Phrases, phrases, words_of
from transforms.nlp.incidents import LEAD_CHARS
from transforms.nlp.language import LanguagePack
from transforms.nlp.quantities import find_quantities
from transforms.nlp.scope import WEAPONS_OUTWEIGHING_CAUSE, not_about_strikes

_STRIKE_WORDS = frozenset({"weapon", "strike", "hit"})
_TOLL_WORD_CHARS = 40
"""A toll word must stand within this distance before its number."""


def terms_rule_out(findings: Findings, pack: LanguagePack) -> bool:
    """Return whether an article's terms and paragraphs show that it reports no strike.

    Args:
        findings: of the article; only text, blocks and terms are set.
        pack: the language.
    """
    text, title_end = findings.text, findings.title_end
    has_weapon = any(t.group == "weapon" for t in findings.terms)
    # Which weapons the clauses will name is not known yet, so one weapon term counts as enough of them.
    weapons = WEAPONS_OUTWEIGHING_CAUSE if has_weapon else 0
    lead = text[: title_end + LEAD_CHARS]
    if not_about_strikes(text[:title_end], lead, weapons, pack) is not None:
        return True
    cues = [may_count_victims(text[b.start : b.end], pack) for b in findings.blocks]
    groups = [{t.group for t in findings.terms_in(b.start, b.end)} & _STRIKE_WORDS for b in findings.blocks]
    if not any(cues) and all(len(g) < 2 for g in groups):
        return True  # every draft would fail ``incidents.no_incident``
    # The rest are the conditions of ``incidents.why_no_strikes``.
    if has_weapon:
        return False
    struck = [t for t in findings.terms if t.group in ("strike", "hit")]
    if any(pack.patterns["fields.bomb"].fullmatch(text[t.start : t.end]) for t in struck):
        return False
    if not any(t.group == "strike" for t in struck):
        return True
    actors = [t for t in findings.terms if t.group in ("actor", "forces")]
    if any(attacker_certainty(t, text, pack) for t in actors):
        return False
    has_toll = any(cue and g & {"strike", "hit"} for cue, g in zip(cues, groups, strict=True))
    return not (actors and has_toll)


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
