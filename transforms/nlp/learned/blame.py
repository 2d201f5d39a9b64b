"""Whether a text blames a party, or the party takes it upon itself, or denies it: "is blamed by every witness"."""

from collections.abc import Sequence

from transforms.nlp.language import LanguagePack
from transforms.nlp.learned.actor_candidates import PartyWord
from transforms.nlp.learned.context import Context
from transforms.nlp.learned.mention_features import Numbers

_CHARS = 90
"""So far before or behind a party the words stand that blame it."""
_SIGNS = ("blamed_before", "blamed_after", "claims_after", "denies_after")


def blame_of(words: Sequence[PartyWord], context: Context, pack: LanguagePack) -> Numbers:
    """Return how many of a party's words each sign stands beside, in the same sentence; at most four."""
    counts = dict.fromkeys(_SIGNS, 0.0)
    text = context.findings.text
    for word in words:
        number = context.sentence_of(word.start)
        if number is None:
            continue
        sentence = context.findings.sentences[number]
        before = text[max(sentence.start, word.start - _CHARS) : word.start]
        after = text[word.end : min(sentence.end, word.end + _CHARS)]
        for sign in _SIGNS:
            is_there = (
                pack.patterns[f"frames.{sign}"].search(before)
                if sign.endswith("before")
                else pack.patterns[f"frames.{sign}"].match(after)
            )
            counts[sign] = min(counts[sign] + (is_there is not None), 4.0)
    return counts
