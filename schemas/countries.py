"""The codes of countries, and what people write instead of them. The list is the view ``countries``."""

import re
from collections.abc import Mapping
from functools import cache

from schemas.identity import fold_name
from schemas.tables import views

_ROW = re.compile(
    r"SELECT '([A-Z]{2})'(?: AS country)?, \d+(?: AS iso)?, '([A-Z]{3})'(?: AS iso3)?, '((?:[^'\\]|\\.)+)'"
)
_ALSO_WRITTEN = {
    "AE": ("UAE", "Emirates"), "BA": ("Bosnia",), "CD": ("DRC", "DR Congo", "Congo-Kinshasa"),
    "CF": ("CAR",), "CG": ("Congo-Brazzaville",), "CI": ("Cote d'Ivoire",), "CN": ("PRC",),
    "CZ": ("Czechia",), "GB": ("UK", "Great Britain", "Britain", "England", "Scotland", "Wales"),
    "GR": ("EL",), "KP": ("DPRK",), "KR": ("ROK",), "MM": ("Burma",),
    "PS": ("Palestine", "Gaza", "West Bank"), "RU": ("Russian Federation",), "SA": ("KSA",),
    "TR": ("Turkiye",), "US": ("USA", "America"), "ZA": ("RSA",),
}  # fmt: skip
"""What else people write for a country, beside its alpha-3 code and its usual English name."""


class UnknownCountry(ValueError):
    """Not the code of a country. The message says which code is meant, where that is known."""


@cache
def country_names() -> Mapping[str, str]:
    """Return the usual English names of all countries by their ISO 3166-1 alpha-2 codes.

    >>> country_names()["GB"]
    'United Kingdom'
    """
    return {code: name.replace("\\'", "'") for code, _, name in _ROW.findall(views()["countries"])}


@cache
def _codes_by_word() -> Mapping[str, str]:
    found = {fold_name(word): code for code, words in _ALSO_WRITTEN.items() for word in words}
    for code, iso3, name in _ROW.findall(views()["countries"]):
        for word in (code, iso3, name):
            found.setdefault(fold_name(word), code)
    return found


def check_country(code: str) -> None:
    """Check that a code is that of a country.

    Raises:
        UnknownCountry: it is not.
    """
    if code in country_names():
        return
    meant = _codes_by_word().get(fold_name(code))
    hint = f"for {country_names()[meant]} write {meant}" if meant else "codes are such as UA"
    raise UnknownCountry(f"no country has the code {code[:80]!r} (ISO 3166-1 alpha-2); {hint}")
