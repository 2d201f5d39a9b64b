"""Attackers that a text counts among the dead: "killed five people, including the bomber" are four victims.

The format of annotation says that the bomber is never counted. Both orders occur: "himself included".
"""

from collections.abc import Sequence
from dataclasses import replace

from transforms.nlp.blocks import Sentence
from transforms.nlp.counts import Count
from transforms.nlp.language import LanguagePack
from transforms.nlp.learned.count_candidates import CountCandidate

_MOST_CHARS = 110
"""The attackers stand at most so far behind the number."""


def without_attackers(
    count: Count, sentence: Sentence, candidates: Sequence[CountCandidate], text: str, pack: LanguagePack
) -> Count:
    """Return a count of the killed without the attackers that its sentence says are among them.

    Args:
        count: of one strike.
        sentence: that states it.
        candidates: the numbers of the article. Attackers behind another number are among the people of that one.
        text: of the article.
        pack: the words of its language.
    """
    if count.kind != "killed" or not count.low:
        return count
    last = min(sentence.end, count.end + _MOST_CHARS)
    found = pack.patterns["casualties.attackers_within"].search(text, count.start, last)
    if found is None:
        return count
    is_pronoun = found.group("self") is not None or found.group("self2") is not None
    told = text[sentence.start : sentence.end] if is_pronoun else text
    is_of_another = any(count.end <= c.start and c.end <= found.start() and c.low > 1 for c in candidates)
    if is_of_another or pack.patterns["casualties.suicide_attack"].search(told) is None:
        return count
    named = (found.group("n") or "").lower()
    numbers = pack.quantities["small_numbers"]
    many = 2 if named in pack.words["both"] else numbers.index(named) if named in numbers else 1
    if many > count.low:
        return count
    best = None if count.best is None else count.best - many
    high = None if count.high is None else count.high - many
    return replace(count, low=count.low - many, best=best, high=high)
