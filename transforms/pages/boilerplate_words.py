"""The words that mark boilerplate on a news page: ``boilerplate.yaml``, read once and checked."""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from transforms.util.data_files import read_data

_SET_KEYS = (
    "class_tokens",
    "lead_classes",
    "caption_names",
    "comment_controls",
    "consent_words",
    "soft_walls",
    "reader_words",
)
_PATTERN_KEYS = (
    "pointers",
    "box_headings",
    "fact_headings",
    "site_headings",
    "comment_headings",
    "more_links",
    "share_buttons",
    "labels",
    "credits",
    "title_labels",
    "notices",
    "calls",
    "appeals",
    "own_words",
    "address",
)
# These stand anywhere in a line, and may be the beginning of a longer word.
_STEM_KEYS = ("notices", "appeals", "own_words", "address")
_KEYS = {*_SET_KEYS, *_PATTERN_KEYS, "walls"}
# \w lacks the marks that combine with a letter: without them a word of Hindi or Burmese is several words.
_MARKS = (
    "\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u0900-\u0963\u0966-\u0dff\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd\u0f71-\u0f84"
    "\u102b-\u103e\u1056-\u1059\u105e-\u1060\u1062-\u1064\u1067-\u106d\u1071-\u1074\u1082-\u108d\u17b4-\u17d3"
    "\u200c\u200d"
)
_BULLET = re.compile(r"^[-*•] ")
WORD = re.compile(rf"[\w{_MARKS}]+")
# Thai, Lao, Burmese, Khmer, Japanese and Chinese set no blanks between words.
_LETTER_WITHOUT_BLANKS = re.compile("[\u0e01-\u0eae\u1000-\u102a\u1780-\u17b3\u3041-\u30ff\u3400-\u9fff]")
_LETTERS_OF_A_WORD = 3
_SENTENCE_ENDS = tuple('.!?…"”’»)。！？」』।॥؟۔።፧၊။។།')


@dataclass(frozen=True, slots=True)
class BoilerplateWords:
    """The lists of ``boilerplate.yaml``, which says what each is for.

    Sets hold lower-case words. Patterns match from the start of a line, in any case, and end at the end of a
    word. ``walls``: lower-case phrases by the reason of the dead letter.
    """

    class_tokens: frozenset[str]
    lead_classes: frozenset[str]
    caption_names: frozenset[str]
    comment_controls: frozenset[str]
    consent_words: frozenset[str]
    soft_walls: frozenset[str]
    reader_words: frozenset[str]
    pointers: re.Pattern[str]
    box_headings: re.Pattern[str]
    fact_headings: re.Pattern[str]
    site_headings: re.Pattern[str]
    comment_headings: re.Pattern[str]
    more_links: re.Pattern[str]
    share_buttons: re.Pattern[str]
    labels: re.Pattern[str]
    credits: re.Pattern[str]
    title_labels: re.Pattern[str]
    notices: re.Pattern[str]
    calls: re.Pattern[str]
    appeals: re.Pattern[str]
    own_words: re.Pattern[str]
    address: re.Pattern[str]
    walls: dict[str, tuple[str, ...]]


@cache
def load_boilerplate_words() -> BoilerplateWords:
    """Return the lists.

    Raises:
        ValueError: the file lacks a key, or has one that nothing reads.
    """
    raw = read_data((files("transforms.pages") / "boilerplate.yaml").read_text("utf-8"))
    if set(raw) != _KEYS:
        raise ValueError(f"boilerplate.yaml: unknown or missing keys {sorted(set(raw) ^ _KEYS)}")
    lists: dict[str, Any] = {key: frozenset(raw[key]) for key in _SET_KEYS}
    lists |= {key: re.compile(rf"(?:{'|'.join(raw[key])})(?!\w)", re.I) for key in _PATTERN_KEYS}
    lists |= {key: re.compile("|".join(raw[key]), re.I) for key in _STEM_KEYS}
    return BoilerplateWords(**lists, walls={reason: tuple(said) for reason, said in raw["walls"].items()})


def normalise_words(text: str) -> str:
    """Return the words of a text in lower case, with one blank between them.

    >>> normalise_words("Two killed - in Nikopol!")
    'two killed in nikopol'
    """
    return " ".join(WORD.findall(text.lower()))


def count_words(text: str | None) -> int:
    """Return the number of words of a text; where no blanks separate words, three letters count as one.

    >>> count_words("Two killed in Nikopol"), count_words("造成五人死亡另有十八人受伤")
    (4, 4)
    """
    if not text or text.isspace():
        return 0
    number = len(WORD.findall(text))
    if text.isascii():
        return number
    return max(number, len(_LETTER_WITHOUT_BLANKS.findall(text)) // _LETTERS_OF_A_WORD)


def without_bullet(line: str) -> str:
    """Return a line without the mark of an item of a list before it."""
    return _BULLET.sub("", line, count=1)


def ends_as_sentence(text: str) -> bool:
    """Return whether a text ends with the full stop of some script, or with a mark that may follow it."""
    return text.rstrip().endswith(_SENTENCE_ENDS)
