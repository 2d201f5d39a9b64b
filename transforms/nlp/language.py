"""Language packs: vocabularies and rules as data, with validated keys.

To add a language, add a folder: the code reads everything from the pack.

A file of a pack has word lists and, under ``patterns``, regular expressions by name. ``{name}`` in an
expression stands for the words of the list ``name`` of the same file, longest first. Expressions ignore case
unless written as ``{case: ...}``. A list of expressions matches where one of them does.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from schemas.vocabulary import Target, Weapon
from transforms.nlp.pack_keys import COUNTRY_KEYS, FILES, KIND_KEYS, SCOPES, TIME_KINDS
from transforms.util.data_files import digest_of, read_data

_LIST_NAME = re.compile(r"\{([a-z_]+)\}")


class LanguagePackInvalid(ValueError):
    """A vocabulary file with unknown or missing keys, or an expression that does not compile."""


@dataclass(frozen=True, slots=True, eq=False)
class LanguagePack:
    """All words and rules of one language. Loading checks them.

    ``patterns``: the compiled expressions, by "file.name". ``words``: the word lists of grammar, places and clauses.
    Packs are compared and hashed by identity, because each is loaded once.
    """

    language: str
    lexicon: Mapping[str, Any]
    casualties: Mapping[str, Any]
    quantities: Mapping[str, Any]
    times: Mapping[str, Any]
    fields: Mapping[str, Any]
    spots: Mapping[str, frozenset[str]]
    day_times: Mapping[str, Any]
    arms: Mapping[str, Any]
    targets: Mapping[str, Any]
    parties: Mapping[str, Any]
    countries: Mapping[str, Mapping[str, list[str]]]
    stop_places: frozenset[str]
    models: tuple[str, ...]
    words: Mapping[str, frozenset[str]]
    patterns: Mapping[str, re.Pattern[str]]


@cache
def available_languages() -> tuple[str, ...]:
    """Return the languages that have a pack."""
    folder = files("transforms.nlp")
    return tuple(sorted(p.name for p in folder.iterdir() if (p / "lexicon.yaml").is_file()))


def has_language_pack(language: str) -> bool:
    """Return whether articles in that language can be extracted."""
    return language in available_languages()


@cache
def load_pack(language: str) -> LanguagePack:
    """Return the pack of a language.

    Raises:
        LanguagePackInvalid: a file has unknown or missing keys, or a value outside the closed lists.
    """
    return read_pack(files("transforms.nlp") / language, language)


@cache
def pack_digest(language: str) -> str:
    """Return a digest of the files of a language's pack."""
    found = (files("transforms.nlp") / language).iterdir()
    return digest_of({path.name: path.read_bytes() for path in found if path.name.endswith(".yaml")})


def read_pack(folder: Traversable, language: str) -> LanguagePack:
    """Return the pack in a folder.

    Raises:
        LanguagePackInvalid: as ``load_pack``.
    """
    raw: dict[str, dict[str, Any]] = {}
    patterns: dict[str, re.Pattern[str]] = {}
    for name, (keys, pattern_names) in FILES.items():
        where = f"{language}/{name}.yaml"
        raw[name] = dict(read_data((folder / f"{name}.yaml").read_text("utf-8")))
        rules = raw[name].pop("patterns", {})
        _check_keys(where, raw[name], keys)
        _check_keys(f"{where}, patterns", rules, pattern_names)
        patterns.update(
            {f"{name}.{rule}": _compiled(f"{where}: {rule}", text, raw[name]) for rule, text in rules.items()}
        )
    time_rules = raw["times"]["rules"]
    _check_allowed(language, "times, rules", dict(time_rules), TIME_KINDS)
    for number, (kind, rule) in enumerate(time_rules):
        name = f"times.rule_{number}"
        patterns[name] = _compiled(f"{language}/times.yaml: {kind}", rf"\b(?:{rule})", raw["times"])
    lexicon = raw["lexicon"]
    _check_allowed(language, "weapons", lexicon["weapons"], {w.value for w in Weapon})
    for words in raw["arms"]:
        if words != "nothing":
            _check_allowed(language, f"arms, {words}", raw["arms"][words], {w.value for w in Weapon})
    for words in (lexicon["targets"], raw["targets"]["may_be"]):
        _check_allowed(language, "targets", words, {t.value for t in Target})
    _check_allowed(language, "scope", lexicon["scope"], SCOPES)
    for group in ("strike_kinds", "hit_kinds"):
        for kind, entry in lexicon[group].items():
            _check_keys(f"{language}/lexicon.yaml: {group}, {kind}", entry, KIND_KEYS)
    countries = dict(read_data((folder / "countries.yaml").read_text("utf-8")))
    for code, entry in countries.items():
        _check_allowed(language, f"countries {code}", entry, COUNTRY_KEYS)
    grammar = raw["grammar"]
    return LanguagePack(
        language=language,
        lexicon=lexicon,
        casualties=raw["casualties"],
        quantities=raw["quantities"],
        times=raw["times"],
        fields=raw["fields"],
        spots={name: frozenset(words) for name, words in raw["spots"].items()},
        day_times=raw["day_times"],
        arms=raw["arms"],
        targets=raw["targets"],
        parties=raw["parties"],
        countries=countries,
        stop_places=frozenset(raw["stop_places"]["words"]),
        models=tuple(grammar.pop("models")),
        words={
            name: frozenset(words) for name, words in {**grammar, **raw["places"], **raw["clauses"]}.items()
        },
        patterns=patterns,
    )


def _compiled(where: str, rule: Any, lists: Mapping[str, Any]) -> re.Pattern[str]:
    """Return the expression of a rule, with the words of its lists filled in."""
    flags = re.IGNORECASE
    if isinstance(rule, dict):
        rule, flags = rule["case"], re.NOFLAG
    text = "|".join(rule) if isinstance(rule, list) else str(rule)

    def words(match: re.Match[str]) -> str:
        if match.group(1) not in lists:
            raise LanguagePackInvalid(f"{where}: no list {match.group(1)}")
        return "|".join(map(re.escape, sorted(lists[match.group(1)], key=len, reverse=True)))

    try:
        return re.compile(_LIST_NAME.sub(words, text), flags)
    except re.error as error:
        raise LanguagePackInvalid(f"{where}: {error}") from error


def _check_keys(where: str, found: Mapping[str, Any], expected: frozenset[str]) -> None:
    wrong = sorted(set(found) ^ expected)
    if wrong:
        raise LanguagePackInvalid(f"{where}: unknown or missing keys {wrong}")


def _check_allowed(
    language: str, what: str, found: Mapping[str, Any], allowed: frozenset[str] | set[str]
) -> None:
    unknown = set(found) - allowed
    if unknown:
        raise LanguagePackInvalid(f"{language}: {what}: {sorted(unknown)} is not of the closed list")
