"""Names of months, weekdays and time zones in the dates of feeds."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from babel import Locale

from transforms.util.data_files import read_data

_KEYS = {"languages", "further_months", "month_prefixes", "fillers", "zones", "ambiguous_zones"}
_MAX_ZONE_MINUTES = 14 * 60


@dataclass(frozen=True, slots=True)
class DateWords:
    """What a word in a date means. Keys are as ``fold_word`` returns them, those of ``zones`` in capitals.

    ``months``: numbers from 1 to 12. ``zones``: minutes east of UTC.
    """

    months: dict[str, int]
    weekdays: frozenset[str]
    fillers: frozenset[str]
    zones: dict[str, int]
    ambiguous_zones: frozenset[str]


def fold_word(word: str) -> str:
    """Return a word without the differences of case, accent and full stop that writers of dates make."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(c))
    return plain.strip(".")


@cache
def load_date_words() -> DateWords:
    """Return the words of ``dates.yaml``, with the names of its languages.

    Raises:
        ValueError: the file lacks a key, has one that nothing reads, or gives a zone two meanings or none.
    """
    raw = read_data((files("transforms.feeds") / "dates.yaml").read_text("utf-8"))
    if set(raw) != _KEYS:
        raise ValueError(f"dates.yaml: unknown or missing keys {sorted(set(raw) ^ _KEYS)}")
    zones, ambiguous = dict(raw["zones"]), frozenset(raw["ambiguous_zones"])
    wrong = [name for name, minutes in zones.items() if name in ambiguous or abs(minutes) > _MAX_ZONE_MINUTES]
    if wrong:
        raise ValueError(f"dates.yaml: zones without one meaning {wrong}")
    locales = [Locale.parse(language) for language in raw["languages"]]
    months = {**_names_of_months(locales), **raw["further_months"]}
    prefixed = {prefix + word: number for prefix in raw["month_prefixes"] for word, number in months.items()}
    return DateWords(
        months=prefixed | months,
        weekdays=frozenset(fold_word(name) for locale in locales for name in _weekdays(locale)),
        fillers=frozenset(map(fold_word, raw["fillers"])),
        zones=zones,
        ambiguous_zones=ambiguous,
    )


def _names_of_months(locales: Iterable[Locale]) -> dict[str, int]:
    """Return the months of all names that mean one month in all languages. English names always count."""
    meanings: dict[str, set[int]] = {}
    english: dict[str, int] = {}
    for locale in locales:
        for name, number in _months(locale):
            word = fold_word(name)
            meanings.setdefault(word, set()).add(number)
            if locale.language == "en":
                english[word] = number
    return {word: min(numbers) for word, numbers in meanings.items() if len(numbers) == 1} | english


def _months(locale: Locale) -> Iterator[tuple[str, int]]:
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for number, name in locale.months[context][width].items():
                if any(map(str.isalpha, name)):  # Chinese months are numbers
                    yield name, number


def _weekdays(locale: Locale) -> Iterator[str]:
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated", "short"):
            yield from locale.days[context].get(width, {}).values()
