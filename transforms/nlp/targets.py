"""What a strike hit: homes, a school, a power station."""

from collections.abc import Sequence

from schemas.vocabulary import Target
from transforms.nlp.blocks import Sentence
from transforms.nlp.findings import Findings
from transforms.nlp.language import LanguagePack
from transforms.nlp.lexicon import Term

_CUE_CHARS = 45
"""Words around a target that say what happened to it stand within this distance."""
_TOO_FAR_CHARS = 91
"""A target at this distance from the word for a hit, or farther, was not hit by it."""


def targets_of(sentences: Sequence[Sentence], findings: Findings, pack: LanguagePack) -> list[Term]:
    """Return the terms of what was hit, one for each target, in text order.

    These are targets near a word for a hit, targets in ruins, and targets at which people were killed.

    Args:
        sentences: those that tell of the strike.
        findings: of the article.
        pack: the language.
    """
    kept: dict[str, Term] = {}
    for sentence in sentences:
        terms = findings.terms_in(sentence.start, sentence.end)
        hits = [t for t in terms if t.group in ("hit", "strike", "weapon")]
        for term in terms:
            if term.group == "target" and _is_hit(term, sentence.start, hits, findings.text, pack):
                kept.setdefault(term.value, term)
    return sorted(kept.values(), key=lambda t: t.start)


def _is_hit(term: Term, start: int, hits: Sequence[Term], text: str, pack: LanguagePack) -> bool:
    """Return whether a sentence that begins at ``start`` says that a target was hit."""
    before = text[max(start, term.start - _CUE_CHARS) : term.start]
    if term.value == Target.HOSPITAL and _is_care(before, pack):
        return False
    if _is_ruined(term, text[start : term.end + _CUE_CHARS], start, pack):
        return True
    distances = (min(abs(h.start - term.end), abs(term.start - h.end)) for h in hits)
    return min(distances, default=_TOO_FAR_CHARS) < _TOO_FAR_CHARS


def _is_ruined(term: Term, around: str, start: int, pack: LanguagePack) -> bool:
    """Return whether the text says that a target is in ruins, or that people were killed there."""
    rules = pack.patterns
    before, after = around[: term.start - start], around[term.end - start :]
    return bool(
        rules["fields.ruin_of"].search(before)
        or rules["fields.lies_ruined"].match(after)
        or rules["fields.killed_at"].search(before)
    )


def _is_care(before: str, pack: LanguagePack) -> bool:
    """Return whether the wounded were taken to a hospital, so that it was not the target."""
    rules = pack.patterns
    if rules["fields.is_in"].search(before) and not rules["fields.is_hit"].search(before):
        return True
    return bool(rules["fields.taken_to"].search(before))
