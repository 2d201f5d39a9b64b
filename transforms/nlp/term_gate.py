"""The second look before the model: which articles the terms of the vocabulary already rule out.

The first (``transforms.nlp.gate``) asks for a word for a strike and one for a hit anywhere in the text. This
one knows where the terms stand, and asks in advance what ``incidents`` will ask of the clauses: a clause never
crosses a block, so what no block holds, no clause will. What it turns away would give no report.
"""

from functools import cache

from transforms.nlp.actors import how_surely
from transforms.nlp.found import Found
from transforms.nlp.gate import Phrases, phrases, words_of
from transforms.nlp.incidents import LEAD
from transforms.nlp.language import LanguagePack
from transforms.nlp.quantities import find_quantities
from transforms.nlp.scope import not_about_strikes

_STRIKE_WORDS = frozenset({"weapon", "strike", "hit"})
_BEFORE = 40  # characters
_MANY = 2
"""Weapons: so many, and a cause named in the lead rules nothing out."""


def terms_rule_out(found: Found, pack: LanguagePack) -> bool:
    """Return whether an article's terms and blocks are enough to say that it tells of no strike.

    Args:
        found: what was seen in it: text, blocks and terms.
        pack: the language.
    """
    text, title_end = found.text, found.title_end
    weapons = any(t.group == "weapon" for t in found.terms)
    reason = not_about_strikes(text[:title_end], text[: title_end + LEAD], _MANY if weapons else 0, pack)
    if reason is not None:
        return True
    cues = [may_count_victims(text[b.start : b.end], pack) for b in found.blocks]
    groups = [{t.group for t in found.terms_in(b.start, b.end)} & _STRIKE_WORDS for b in found.blocks]
    if not any(cues) and all(len(g) < 2 for g in groups):
        return True  # no draft of it would have a hit: ``incidents.no_incident``
    # The rest asks what ``incidents.why_no_strikes`` will ask.
    if weapons:
        return False
    struck = [t for t in found.terms if t.group in ("strike", "hit")]
    if any(pack.patterns["fields.bomb"].fullmatch(text[t.start : t.end]) for t in struck):
        return False
    if not any(t.group == "strike" for t in struck):
        return True
    actors = [t for t in found.terms if t.group in ("actor", "forces")]
    if any(how_surely(t, text, pack) for t in actors):
        return False
    has_toll = any(cue and g & {"strike", "hit"} for cue, g in zip(cues, groups, strict=True))
    return not (actors and has_toll)


@cache
def _cues(pack: LanguagePack) -> tuple[Phrases, Phrases]:
    """Return all words without which no clause has a count, and those that have one only before a number."""
    casualties = pack.casualties
    words = [*casualties["gate_words"], *casualties["child_nouns"], *casualties["single_child"]]
    for kind in ("killed", "injured", "missing"):
        words += [phrase for listed in casualties[kind].values() for phrase in listed]
    return phrases(words), phrases(casualties["toll_words"])


def may_count_victims(block: str, pack: LanguagePack) -> bool:
    """Return whether a text holds one of the words without which nothing in it is a count of victims."""
    lowered = block.lower()
    words, before_number = _cues(pack)
    held = words_of(lowered)
    if words.any_in(lowered, held):
        return True
    if not before_number.any_in(lowered, held):
        return False
    rule = pack.patterns["casualties.before_toll"]
    starts = [quantity.start for quantity in find_quantities(block, pack)]
    return any(rule.search(block[max(0, start - _BEFORE) : start]) for start in starts)
