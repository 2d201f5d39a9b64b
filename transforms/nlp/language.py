"""Language packs: vocabularies and rules as data, with validated keys. Adding a language is adding a
folder; the logic asks only for the pack."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from schemas.vocabulary import Target, Weapon

_LEXICON_KEYS = {
    "weapons", "models", "strike_nouns", "hit_verbs", "actors", "targets", "scope", "background",
    "dispute", "claim", "not_loci",
}  # fmt: skip
_SCOPES = {
    "hypothetical",
    "exercise",
    "cumulative",
    "anniversary",
    "intercepted",
    "other_cause",
    "other_deed",
}
_CASUALTY_KEYS = {
    "killed", "injured", "person_nouns", "child_nouns", "single_person", "single_child", "things",
    "negative", "vague", "qualifiers", "age_of_child_below", "toll_patterns", "child_patterns",
    "fixed_groups",
}  # fmt: skip
_TIME_KEYS = {"weekdays", "months", "feasts", "numbers", "speech", "update"}
_COUNTRY_KEYS = {"names", "demonyms"}


class LanguagePackInvalid(ValueError):
    """A vocabulary file with unknown or missing keys."""


@dataclass(frozen=True, slots=True, eq=False)
class LanguagePack:
    """All the words of one language: plain dicts and lists as in the files, checked on loading.
    Compared and hashed by identity, for each is loaded once."""

    language: str
    lexicon: Mapping[str, Any]
    casualties: Mapping[str, Any]
    times: Mapping[str, Any]
    countries: Mapping[str, Mapping[str, list[str]]]
    stop_places: frozenset[str]


def available_languages() -> tuple[str, ...]:
    """Return the languages that have a pack."""
    folder = files("transforms.nlp")
    return tuple(sorted(p.name for p in folder.iterdir() if (p / "lexicon.yaml").is_file()))


@cache
def load_pack(language: str) -> LanguagePack:
    """Return the pack of a language.

    Raises:
        LanguagePackInvalid: a file has unknown or missing keys, or a value outside the closed lists.
    """
    folder = files("transforms.nlp") / language

    def read(name: str, keys: set[str] | None) -> dict[str, Any]:
        raw = yaml.safe_load((folder / name).read_text("utf-8"))
        if keys is not None and set(raw) != keys:
            wrong = sorted(set(raw) ^ keys)
            raise LanguagePackInvalid(f"{language}/{name}: unknown or missing keys {wrong}")
        return dict(raw)

    lexicon = read("lexicon.yaml", _LEXICON_KEYS)
    _closed(language, "weapons", lexicon["weapons"], {w.value for w in Weapon})
    _closed(language, "targets", lexicon["targets"], {t.value for t in Target})
    _closed(language, "scope", lexicon["scope"], _SCOPES)
    countries = read("countries.yaml", None)
    for code, entry in countries.items():
        _closed(language, f"countries {code}", entry, _COUNTRY_KEYS)
    return LanguagePack(
        language=language,
        lexicon=lexicon,
        casualties=read("casualties.yaml", _CASUALTY_KEYS),
        times=read("times.yaml", _TIME_KEYS),
        countries=countries,
        stop_places=frozenset(read("stop_places.yaml", {"words"})["words"]),
    )


def _closed(language: str, what: str, found: Mapping[str, Any], allowed: set[str]) -> None:
    unknown = set(found) - allowed
    if unknown:
        raise LanguagePackInvalid(f"{language}: {what}: {sorted(unknown)} is not of the closed list")
