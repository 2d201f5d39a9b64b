"""How near a word of an article stands to the scenes of its units."""

from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import InitVar, dataclass, field

from transforms.nlp.learned.context import Context
from transforms.nlp.learned.units import Unit
from transforms.nlp.place_names import PlaceMention

FAR = 400.0
"""The greatest distance; it also stands for "none"."""
_MOST_BESIDE = 16
"""So many scenes before and after a token are measured."""
_NEXT_SENTENCE, _SENTENCE, _PARAGRAPH = 30.0, 12.0, 12.0
"""In tokens: what a change of the sentence adds, each further sentence, and each paragraph."""


@dataclass(slots=True)
class Nearness:
    """Measures distances in one document, in tokens of a sentence and more for other sentences.

    ``words``: the tokens as the features see them; those of ``parties``, which name states and groups, are
    masked too.
    """

    context: Context
    units: Sequence[Unit]
    parties: InitVar[Collection[int]] = ()
    words: list[str] = field(init=False)
    _sentence_at: list[int] = field(init=False)
    _found: dict[tuple[int, int], tuple[float, PlaceMention]] = field(init=False, default_factory=dict)
    _two: dict[int, tuple[float, int, float]] = field(init=False, default_factory=dict)

    def __post_init__(self, parties: Collection[int]) -> None:
        self.words = ["<party>" if n in parties else word for n, word in enumerate(self.context.words)]
        self._sentence_at = [-1] * len(self.context.doc)
        for number, sentence in enumerate(self.context.findings.sentences):
            self._sentence_at[sentence.first : sentence.last] = [number] * (sentence.last - sentence.first)

    def sentence_at(self, token: int) -> int:
        """Return the number of the sentence of a token, -1 for none."""
        return self._sentence_at[token]

    def paragraph_at(self, token: int) -> int:
        """Return the number of the paragraph of a token, -1 for none. The headline is 0."""
        number = self._sentence_at[token]
        return self.context.findings.sentences[number].paragraph if number >= 0 else -1

    def between(self, token: int, mention: PlaceMention) -> float:
        """Return the distance of a token from a place."""
        here, there = self._sentence_at[token], self._sentence_at[mention.first]
        if here < 0 or there < 0:
            return FAR
        if here == there:
            return float(max(mention.first - token, token - mention.last, 0))
        apart = abs(here - there)
        paragraphs = abs(self.paragraph_at(token) - self.paragraph_at(mention.first))
        return min(FAR, _NEXT_SENTENCE + _SENTENCE * (apart - 1) + _PARAGRAPH * paragraphs)

    def words_of(self, sentence: int) -> set[str]:
        """Return the words of a sentence."""
        bounds = self.context.findings.sentences[sentence]
        return {w for w in self.words[bounds.first : bounds.last] if w[0].isalpha() or w == "<party>"}

    def nearest(self, token: int, unit: Unit) -> tuple[float, PlaceMention]:
        """Return the distance of a token from the nearest scene of a unit, and that scene."""
        key = token, id(unit)
        if key not in self._found:
            at = bisect_left(unit.scenes, token, key=lambda m: m.first)
            beside = unit.scenes[max(0, at - _MOST_BESIDE) : at + _MOST_BESIDE]  # of thousands the near ones
            near = ((self.between(token, m), m) for m in beside)
            self._found[key] = min(near, key=lambda found: found[0])
        return self._found[key]

    def to_others(self, token: int, unit: Unit) -> float:
        """Return the distance of a token from the nearest scene of another unit."""
        # Asked for each word and unit: the nearest unit and the distance of the next one answer for all of them.
        if token not in self._two:
            found = sorted((self.nearest(token, u)[0], n) for n, u in enumerate(self.units))
            (first, unit_number), (second, _) = (*found, (FAR, -1), (FAR, -1))[:2]
            self._two[token] = first, unit_number, second
        first, unit_number, second = self._two[token]
        return second if unit_number >= 0 and self.units[unit_number] is unit else first
