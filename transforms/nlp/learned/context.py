"""What the features of a candidate are read from: one document, indexed once."""

import datetime as dt
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Self, TypeVar, cast

from spacy.tokens import Doc

from transforms.nlp.blocks import Sentence
from transforms.nlp.findings import Findings
from transforms.nlp.language import LanguagePack
from transforms.nlp.learned.reading import Reading
from transforms.nlp.lexicon import Term
from transforms.nlp.place_names import PlaceMention
from transforms.nlp.possible_places import POSSIBLE

Found = TypeVar("Found")
STRIKE_GROUPS = ("weapon", "strike", "hit")
"""The groups of terms that may report a strike."""


@dataclass(slots=True)
class Context:
    """A document with its findings.

    ``words``: each token as the features see it: in lower case, proper nouns and digits masked, so that no
    name of a place, person or outlet becomes a cue. ``certain``: the places that the rules found; names that
    only may be places are candidates, and no context for others. ``term_tokens``: the group of the term at
    each token. ``reading``: what the encoder says of the document, where it was asked;
    ``further_reading``: what it says at the words of ``further_strikes``.
    """

    doc: Doc
    findings: Findings
    published: dt.datetime | None
    words: list[str] = field(init=False)
    certain: list[PlaceMention] = field(init=False)
    term_tokens: dict[int, str] = field(init=False)
    sentence_starts: list[int] = field(init=False)
    sentence_words: list[tuple[str, ...]] = field(init=False)
    countries: Counter[str] = field(init=False)
    token_starts: list[int] = field(init=False)
    reading: Reading | None = field(init=False, default=None)
    further_reading: Reading | None = field(init=False, default=None)
    _known: dict[Callable[..., object], object] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.term_tokens = {
            token: term.group for term in self.findings.terms for token in range(term.first, term.last + 1)
        }
        self.certain = [place for place in self.findings.places if place.role != POSSIBLE]
        inside = {token for place in self.certain for token in range(place.first, place.last + 1)}
        self.words = [
            "<place>" if token.i in inside else masked(token.text, token.tag_, token.i in self.term_tokens)
            for token in self.doc
        ]
        self.sentence_starts = [sentence.start for sentence in self.findings.sentences]
        self.sentence_words = [
            tuple(dict.fromkeys(w for w in self.words[s.first : s.last] if w[0].isalpha()))
            for s in self.findings.sentences
        ]
        self.token_starts = [token.idx for token in self.doc]
        self.countries = Counter(place.place.country for place in self.certain)

    def once(self, find: Callable[[Self, LanguagePack], Found], pack: LanguagePack) -> Found:
        """Return what a function finds in this document; it is called once."""
        if find not in self._known:
            self._known[find] = find(self, pack)
        return cast(Found, self._known[find])

    def sentence_of(self, start: int) -> int | None:
        """Return the number of the sentence at a character, or None."""
        number = bisect_right(self.sentence_starts, start) - 1
        if number < 0 or start >= self.findings.sentences[number].end:
            return None
        return number

    def token_at(self, start: int) -> int:
        """Return the token at a character."""
        return max(0, bisect_right(self.token_starts, start) - 1)

    def sentence(self, number: int) -> Sentence | None:
        """Return a sentence by its number, or None where there is none."""
        sentences = self.findings.sentences
        return sentences[number] if 0 <= number < len(sentences) else None

    def terms_of(self, sentence: Sentence | None) -> Sequence[Term]:
        """Return the terms of a sentence."""
        return self.findings.terms_in(sentence.start, sentence.end) if sentence is not None else ()


def masked(text: str, tag: str, is_term: bool) -> str:
    """Return a token as the features see it."""
    if text.isspace():
        return "<break>"
    if is_term:
        return text.lower()
    if any(c.isdigit() for c in text):
        return "<number>"
    if tag.startswith("NNP") and text[:1].isupper():
        return "<NAME>" if text.isupper() and len(text) > 1 else "<Name>"
    return text.lower()
