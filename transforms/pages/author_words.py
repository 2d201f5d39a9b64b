"""The words that tell who wrote an article: ``author_words.yaml``, read once and checked."""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from transforms.feeds.date_words import fold_word
from transforms.util.data_files import read_data

_FOLDED_KEYS = ("never", "particles", "not_persons")
_SET_KEYS = (
    "joiners",
    "place_words",
    "agencies",
    "unnamed",
    "other_labels",
    "address_parts",
    "data_keys",
    "name_keys",
)
_PATTERN_KEYS = ("leads", "credits", "inner_leads", "roles", "labels", "logins", "beside_time")
_KEYS = {*_FOLDED_KEYS, *_SET_KEYS, *_PATTERN_KEYS}
_AFTER_LEAD = r"(?:\s*:\s*|\s+)"


@dataclass(frozen=True, slots=True)
class AuthorWords:
    """The lists of ``author_words.yaml``, which says what each is for.

    Sets hold lower-case words; those of ``never``, ``particles`` and ``not_persons`` are folded as by
    ``fold_word``. ``leads`` and ``credits`` match at the start of a text, up to the names.
    """

    never: frozenset[str]
    joiners: frozenset[str]
    particles: frozenset[str]
    not_persons: frozenset[str]
    place_words: frozenset[str]
    agencies: frozenset[str]
    unnamed: frozenset[str]
    other_labels: frozenset[str]
    address_parts: frozenset[str]
    data_keys: frozenset[str]
    name_keys: frozenset[str]
    leads: re.Pattern[str]
    credits: re.Pattern[str]
    inner_leads: re.Pattern[str]
    roles: re.Pattern[str]
    labels: re.Pattern[str]
    logins: re.Pattern[str]
    beside_time: re.Pattern[str]


@cache
def load_given_names() -> frozenset[str]:
    """Return given names of many languages, folded as by ``fold_word``: ``given_names.txt``."""
    return frozenset((files("transforms.pages") / "given_names.txt").read_text("utf-8").split())


@cache
def load_author_words() -> AuthorWords:
    """Return the lists.

    Raises:
        ValueError: the file lacks a key, has one that nothing reads, or has a list with something else than
            words.
    """
    raw = read_data((files("transforms.pages") / "author_words.yaml").read_text("utf-8"))
    if set(raw) != _KEYS:
        raise ValueError(f"author_words.yaml: unknown or missing keys {sorted(set(raw) ^ _KEYS)}")
    wrong = [key for key, words in raw.items() if not words or not all(isinstance(w, str) for w in words)]
    if wrong:
        raise ValueError(f"author_words.yaml: not lists of words {wrong}")
    joined = {key: "|".join(raw[key]) for key in _PATTERN_KEYS}
    return AuthorWords(
        **{key: frozenset(map(fold_word, raw[key])) for key in _FOLDED_KEYS},
        **{key: frozenset(raw[key]) for key in _SET_KEYS},
        leads=re.compile(rf"(?:{joined['leads']}){_AFTER_LEAD}", re.I),
        credits=re.compile(rf"(?:{joined['credits']})\s*", re.I),
        inner_leads=re.compile(rf"\b(?:{joined['inner_leads']}){_AFTER_LEAD}", re.I),
        roles=re.compile(rf"\b(?:{joined['roles']})", re.I),
        labels=re.compile(rf"(?:{joined['labels']})", re.I),
        beside_time=re.compile(rf"(?:{joined['beside_time']})", re.I),
        logins=re.compile(rf"(?:{joined['logins']})", re.I),
    )
