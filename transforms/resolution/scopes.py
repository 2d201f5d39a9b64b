"""Scopes: the countries that are resolved together. An incident never crosses one."""

from functools import cache
from importlib.resources import files

from transforms.util.data_files import read_data

NO_COUNTRY = "ZZ"
_COUNTRY_LETTERS = 2


@cache
def joined_countries() -> dict[str, str]:
    """Return country code to scope, for the countries of ``disputed.yaml``.

    A scope is named by its countries, joined with "+". Pairs that share a country make one scope.

    Raises:
        ValueError: the data file has an unknown key or a code that is none.
    """
    raw = read_data((files("transforms.resolution") / "disputed.yaml").read_text("utf-8"))
    if set(raw) != {"joined"}:
        raise ValueError(f"disputed.yaml: unknown keys {sorted(set(raw) - {'joined'})}")
    groups: list[set[str]] = []
    for entry in raw["joined"]:
        if set(entry) != {"countries", "places"}:
            raise ValueError(f"disputed.yaml: {entry} needs countries and places, no more")
        codes = set(entry["countries"])
        if len(codes) < 2 or any(len(c) != _COUNTRY_LETTERS or not c.isupper() for c in codes):
            raise ValueError(f"disputed.yaml: {sorted(codes)} are not two country codes")
        meeting = [g for g in groups if g & codes]
        groups = [g for g in groups if not g & codes] + [codes.union(*meeting)]
    return {code: "+".join(sorted(group)) for group in groups for code in group}


def scope_of(country: str | None) -> str:
    """Return the scope within which a report's incident can lie.

    >>> scope_of("IL") == scope_of("SY"), scope_of("YE"), scope_of(None)
    (True, 'YE', 'ZZ')
    """
    return joined_countries().get(country, country) if country else NO_COUNTRY
