"""Sentences and articles that report no strike: totals of a war, threats, drills, anniversaries,
interceptions."""

from collections.abc import Collection, Iterable

from transforms.nlp.language import LanguagePack
from transforms.nlp.lexicon import cue_patterns

_MAX_SENTENCE_TOKENS = 400
"""A longer sentence is a list or junk, and the time to analyse it grows with the square of its length."""
_MOST_CHARS_OF_NOTE, _MOST_CHARS_OF_CLAIM = 1500, 3000
"""A text of at most so many characters tells of one claim; one of at most so many that begins with it, too."""
OTHER_DEED = "other_deed"
SCOPES = ("cumulative", "hypothetical", "exercise", "anniversary", OTHER_DEED)
INTERCEPTED = "intercepted"
NO_SENTENCE = "no sentence"


def out_of_scope(sentence: str, tokens: int, pack: LanguagePack) -> str | None:
    """Return why a sentence reports no strike, or None.

    Args:
        sentence: text of the sentence.
        tokens: number of its tokens.
        pack: the language.
    """
    cues = cue_patterns(pack)
    if tokens > _MAX_SENTENCE_TOKENS:
        return NO_SENTENCE
    for reason in SCOPES:
        if cues[reason].search(sentence):
            return reason
    if cues[INTERCEPTED].search(sentence):
        hit = pack.patterns["frames.hit_nonetheless"].search(sentence)
        if hit is None or pack.patterns["frames.no_harm"].search(sentence):
            return INTERCEPTED
    return None


def tells_accident(sentence: str, pack: LanguagePack) -> bool:
    """Return whether a sentence tells of an accident, and of no attack: "a gas cylinder exploded in a sweet shop"."""
    return pack.patterns["frames.accident"].search(sentence) is not None


def is_on_accident(headline: str, text: str, words: Collection[str], pack: LanguagePack) -> bool:
    """Return whether a document is on an accident, by its headline, or by what it says of an explosion.

    "Police ruled out sabotage" counts below a headline on an explosion alone: a president may rule out an attack.

    Args:
        headline: of the document.
        text: all of it.
        words: the words for weapons, strikes and hits of the headline.
        pack: the language.
    """
    said = pack.patterns["frames.accident_said"]
    if tells_accident(headline, pack) or said.search(headline) is not None:
        return True
    is_explosion = [pack.patterns["frames.explosion_alone"].match(word) is not None for word in words]
    return bool(words) and all(is_explosion) and said.search(text) is not None


def is_shot_down(sentence: str, following: str, pack: LanguagePack) -> bool:
    """Return whether a sentence tells that something was fired, and the next one that it was shot down without harm.

    "The Houthis said they had launched a missile at King Khalid air base. The coalition said it had shot the missile down."
    """
    patterns = pack.patterns
    if patterns["frames.fired_at"].search(sentence) is None:
        return False
    return patterns["frames.shot_down"].search(following) is not None


def tells_no_strike(
    sentence: str, words: Collection[str], pack: LanguagePack, on_accident: bool = False
) -> bool:
    """Return whether a sentence tells of something that is no strike, and of no strike.

    It may be a shooting, a crash or an accident, a place that was not hit, or arms that were found or made safe:
    "Jerusalem has not previously been targeted"; "a cache of mortar tubes was destroyed in place".

    Args:
        sentence: its text.
        words: its words for weapons, strikes and hits. "Attack" and the like are words for an ambush too; with any other
            the sentence tells of no shooting alone.
        pack: the language.
        on_accident: the document is on an accident. An explosion alone is then part of it.
    """
    patterns = pack.patterns
    kinds = ["frames.not_struck", "frames.made_safe", "frames.accident"]
    if on_accident and all(patterns["frames.explosion_alone"].match(word) is not None for word in words):
        return True
    if not words:
        kinds.append("frames.other_harm")
    if all(patterns["frames.weak_strike"].match(word) is not None for word in words):
        kinds.append("frames.other_deed")
    return any(patterns[kind].search(sentence) is not None for kind in kinds)


def tells_of_patients(sentence: str, pack: LanguagePack) -> bool:
    """Return whether a sentence tells of people who lie in hospital: "fifteen remain in hospitals in the city"."""
    return pack.patterns["frames.patients"].search(sentence) is not None


def is_about_spaceflight(lead: str, text: str, pack: LanguagePack) -> bool:
    """Return whether an article tells of flights to space, and not of an attack too.

    Args:
        lead: headline and beginning of the body, which must name satellites, crews, a spaceport or the like.
        text: all of the article, which must not have a word for an attack.
        pack: the language.
    """
    cues = cue_patterns(pack)
    return cues["spaceflight"].search(lead) is not None and cues["attack"].search(text) is None


def is_controlled(lead: str, text: str, pack: LanguagePack) -> bool:
    """Return whether an article tells of a blast that police or engineers meant, and of no bomb or attack.

    Args:
        lead: headline and beginning of the body, which must name a controlled blast.
        text: all of the article, which must not have a word for an attack or a bomb.
        pack: the language.
    """
    cues = cue_patterns(pack)
    is_named = cues["controlled"].search(lead) is not None and cues["attack"].search(text) is None
    return is_named and pack.patterns["fields.bomb"].search(text) is None


def is_in_a_pit(lead: str, text: str, weapons: Iterable[str], pack: LanguagePack) -> bool:
    """Return whether an article tells of an explosion in a pit, and of no bomb, land mine or attack.

    Args:
        lead: headline and beginning of the body, which must name the pit.
        text: all of the article, which must not have a word for an attack or a bomb.
        weapons: the words for weapons of the article, none but "mine" of which may stand there.
        pack: the language.
    """
    patterns = pack.patterns
    is_named = patterns["frames.pit"].search(lead) is not None
    is_other = any(patterns["frames.mine_or_pit"].match(word) is None for word in weapons)
    attacks = (cue_patterns(pack)["attack"], patterns["fields.bomb"], patterns["frames.pit_blamed"])
    return is_named and not is_other and not any(told.search(text) for told in attacks)


def is_work_of_art(lead: str, text: str, pack: LanguagePack) -> bool:
    """Return whether an article tells of a film, a novel, an exhibition or the like, and of no harm to people.

    Of annotated articles with a strike none begins so.

    Args:
        lead: headline and first sentences, which must name the work.
        text: all of the article, which must not have a word for dead or injured people.
        pack: the language.
    """
    patterns = pack.patterns
    is_named = patterns["frames.work_of_art"].search(lead) is not None
    return is_named and patterns["frames.harm"].search(text) is None


def is_refuted(lead: str, text: str, pack: LanguagePack) -> bool:
    """Return whether a note or article tells of a claim that was looked into, and that there was no strike.

    Of 37 annotated texts that do so 36 tell of no strike.

    Args:
        lead: headline and first sentences. Words that refute one claim of several do so farther down.
        text: all of it; a verdict farther down counts in a note alone, which tells of one claim.
        pack: the language.
    """
    patterns = pack.patterns
    if len(text) <= _MOST_CHARS_OF_CLAIM and patterns["frames.refuted_first"].search(lead) is not None:
        return True
    return len(text) <= _MOST_CHARS_OF_NOTE and patterns["frames.refuted"].search(text) is not None


def not_about_strikes(lead: str, pack: LanguagePack) -> str | None:
    """Return why an article that names no weapon is not about a strike (a labour dispute, a gas explosion, a
    drill), or None.

    Args:
        lead: headline and beginning of the body.
        pack: the language.
    """
    cues = cue_patterns(pack)
    return next((reason for reason in ("other_cause", "exercise") if cues[reason].search(lead)), None)
