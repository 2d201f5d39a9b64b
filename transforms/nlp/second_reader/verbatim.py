"""Whether a sentence stands in an article, word for word, and where. White space and quotation marks may differ."""

import re
import unicodedata
from dataclasses import dataclass, field

from transforms.nlp.evidence import sentence_around

MAX_CHARACTERS = 600
"""A longer quotation, or one from a longer sentence, is no evidence."""
_MIN_WORDS = 2
_QUOTES = str.maketrans(
    dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc\u0060\u00b4", "'")
    | dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb", '"')
)
_SPACES = re.compile(r"\s+")
_WORD_END, _WORD_START = re.compile(r"\w$"), re.compile(r"\w")
_NUMBER_END, _NUMBER_START = re.compile(r"\d[.,]$"), re.compile(r"[.,]\d")


@dataclass(frozen=True, slots=True)
class Quotation:
    """A sentence of the article at characters ``[start, end)``. ``text``: as it stands there."""

    text: str
    start: int
    end: int


@dataclass(slots=True)
class QuotedText:
    """A text in which sentences are looked up. ``text``: headline, two line breaks, body."""

    text: str
    _plain: str = field(init=False)
    _offsets: list[int] = field(init=False)

    def __post_init__(self) -> None:
        straight = self.text.translate(_QUOTES)
        pieces, offsets, at = list[str](), list[int](), 0
        for space in _SPACES.finditer(straight):
            pieces += [straight[at : space.start()], " "]
            offsets += [*range(at, space.start()), space.start()]
            at = space.end()
        pieces.append(straight[at:])
        offsets += range(at, len(straight) + 1)
        self._plain, self._offsets = "".join(pieces), offsets

    def find(self, quoted: str) -> Quotation | str:
        """Return the sentence that a quotation stands in, or why it is not accepted: a word of a closed list.

        The whole sentence counts, not the quoted part of it: "14 people" of "at least 14 people" would hide the
        "at least", "people were killed" a "no". Of several places, it is the first. A quotation that spans
        paragraphs is no sentence, because halves of two stories would prove anything.
        """
        wanted = plain(quoted)
        if len(wanted.split()) < _MIN_WORDS:
            return "sentence_too_short"
        at = self._find_words(wanted)
        if at < 0:
            return "sentence_not_in_article"
        start, end = self._offsets[at], self._offsets[at + len(wanted) - 1] + 1
        if "\n" in self.text[start:end]:
            return "sentence_spans_paragraphs"
        start, end = sentence_around(self.text, start, end)
        if end - start > MAX_CHARACTERS:
            return "sentence_too_long"
        return Quotation(self.text[start:end], start, end)

    def _find_words(self, wanted: str) -> int:
        """Return where whole words begin, -1 for nowhere: "4 people" does not stand in "14 people"."""
        at = self._plain.find(wanted)
        while at >= 0 and (self._is_joined(at) or self._is_joined(at + len(wanted))):
            at = self._plain.find(wanted, at + 1)
        return at

    def _is_joined(self, at: int) -> bool:
        """Return whether the characters before and after an offset belong to one word or number."""
        before, after = self._plain[max(0, at - 2) : at], self._plain[at : at + 2]
        return bool(
            (_WORD_END.search(before) and _WORD_START.match(after))
            or (_NUMBER_END.search(before) and after[:1].isdigit())
            or (before[-1:].isdigit() and _NUMBER_START.match(after))
        )


def plain(text: str) -> str:
    """Return a text with straight quotation marks, and with one blank for each run of white space."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text).translate(_QUOTES)).strip()


def holds(sentence: str, words: str) -> bool:
    """Return whether a sentence holds some words as they are, whole."""
    wanted = plain(words)
    return bool(wanted) and re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", plain(sentence)) is not None
