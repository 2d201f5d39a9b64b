"""What tells of no strike that happened: totals of a war, threats, drills, anniversaries, interceptions."""

from transforms.nlp.language import LanguagePack
from transforms.nlp.lexicon import cue_patterns

_MAX_TOKENS = 400
"""What is longer is no sentence but a list or junk, and costs time that grows with its square."""
SCOPES = ("cumulative", "hypothetical", "exercise", "anniversary", "other_deed")
INTERCEPTED = "intercepted"
NO_SENTENCE = "no sentence"


def out_of_scope(sentence: str, tokens: int, pack: LanguagePack) -> str | None:
    """Return why a sentence tells of no strike, or None.

    Args:
        sentence: its text.
        tokens: how many tokens it has.
        pack: the language.
    """
    cues = cue_patterns(pack)
    if tokens > _MAX_TOKENS:
        return NO_SENTENCE
    for reason in SCOPES:
        if cues[reason].search(sentence):
            return reason
    if cues[INTERCEPTED].search(sentence):
        hit = pack.patterns["frames.hit_nonetheless"].search(sentence)
        if hit is None or pack.patterns["frames.no_harm"].search(sentence):
            return INTERCEPTED
    return None


def not_about_strikes(title: str, lead: str, weapons: int, pack: LanguagePack) -> str | None:
    """Return why a whole article is about no strike: a labour dispute, a gas blast, a drill."""
    cues = cue_patterns(pack)
    if cues["other_cause"].search(title):
        return "other_cause"
    if cues["exercise"].search(lead):
        return "exercise"
    if cues["other_cause"].search(lead) and weapons < 2:
        return "other_cause"
    return None
