"""The encoder as it is asked about one article: which of its places, numbers, weapons and times are read."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from transforms.nlp.language import LanguagePack
from transforms.nlp.learned.context import Context
from transforms.nlp.learned.count_features import counted_in
from transforms.nlp.learned.counts_of_units import likely_numbers
from transforms.nlp.learned.encoder import Encoder, packaged_encoder
from transforms.nlp.learned.encoder_windows import Span
from transforms.nlp.learned.models import packaged_models
from transforms.nlp.learned.pair_model import PairModel
from transforms.nlp.learned.reading import Reading, Settings
from transforms.nlp.learned.weapon_candidates import weapon_words

_MOST_NUMBERS, _MOST_WEAPONS, _MOST_TIMES = 48, 48, 32
"""So many numbers, weapons and times of an article are read at most: the likeliest tolls, else the first ones."""


@dataclass(frozen=True, slots=True)
class Reader:
    """An encoder with what chooses the spans that it reads. ``numbers``: says which numbers may be a toll."""

    encoder: Encoder
    numbers: PairModel
    pack: LanguagePack

    @property
    def settings(self) -> Settings:
        """Return how much the encoder counts."""
        return self.encoder.settings

    def read(self, context: Context, places: Sequence[Span]) -> Reading | None:
        """Return what the encoder says of a document; None where no place is asked about.

        Raises:
            WeightsInvalid: a file of the encoder is missing or spoilt.
        """
        if not places:
            return None
        counted = context.once(counted_in, self.pack)
        likely = likely_numbers(self.numbers.score(counted.features), counted.found.candidates, context)
        numbers = [counted.found.candidates[c] for c in likely[:_MOST_NUMBERS]]
        weapons = context.once(weapon_words, self.pack)
        others = [(n.start, n.end) for n in numbers]
        others += list(dict.fromkeys((w.start, w.end) for w in weapons))[:_MOST_WEAPONS]
        others += [(t.start, t.end) for t in context.findings.times[:_MOST_TIMES]]
        return self.encoder.read(context.findings.text, context.findings.title_end, places, others)


@cache
def packaged_reader(pack: LanguagePack) -> Reader:
    """Return the reader with the encoder and models that belong to the project. A process opens it once.

    Raises:
        WeightsInvalid: a file of weights is missing or spoilt.
    """
    return Reader(packaged_encoder(), packaged_models().counts.numbers, pack)
