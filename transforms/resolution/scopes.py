"""Scopes: groups of countries that are resolved together. No incident has reports from two scopes."""

from functools import cache
from importlib.resources import files

from transforms.util.data_files import read_data

NO_COUNTRY = "ZZ"
"""The scope of reports without a country."""
COUNTRY_CODE_LENGTH = 2


@cache
def joined_countries() -> dict[str, str]:
    """Return the scope of each country that ``disputed.yaml`` lists.

    The name of a scope is its country codes, sorted and joined with "+". Two entries that share a country
    make one scope.

    Raises:
        ValueError: the data file has an unknown key, or something that is not a country code.
    """
    raw = read_data((files("transforms.resolution") / "disputed.yaml").read_text("utf-8"))
    if set(raw) != {"joined"}:
        raise ValueError(f"disputed.yaml: unknown keys {sorted(set(raw) - {'joined'})}")
    groups: list[set[str]] = []
    for entry in raw["joined"]:
        if set(entry) != {"countries", "places"}:
            raise ValueError(f"disputed.yaml: {entry} needs countries and places, and no other key")
        codes = set(entry["countries"])
        if len(codes) < 2 or any(len(c) != COUNTRY_CODE_LENGTH or not c.isupper() for c in codes):
            raise ValueError(f"disputed.yaml: {sorted(codes)} are not two country codes")
        overlapping = [group for group in groups if group & codes]
        separate = [group for group in groups if not group & codes]
        groups = [*separate, codes.union(*overlapping)]
    return {code: "+".join(sorted(group)) for group in groups for code in group}


def scope_of(country: str | None) -> str:
    """Return the scope of a country: every report of an incident is in the same scope.

    >>> scope_of("IL") == scope_of("SY"), scope_of("YE"), scope_of(None)
    (True, 'YE', 'ZZ')
    """
    return joined_countries().get(country, country) if country else NO_COUNTRY
