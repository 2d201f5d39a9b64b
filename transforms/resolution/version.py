"""The version of the resolution: of its rules and of its data files."""

from functools import cache
from importlib.resources import files

from transforms.resolution.trust import review_rules_text
from transforms.util.data_files import digest_of

_RULES = "resolver-5"
"""Raise it when the rules change."""
_DATA = (".yaml", ".json")


@cache
def resolver_version() -> str:
    """Return the version. The links that another version stored no longer hold: the next run derives all
    incidents again."""
    folder = files("transforms.resolution")
    data = {path.name: path.read_bytes() for path in folder.iterdir() if path.name.endswith(_DATA)}
    data["review_rules.yaml"] = review_rules_text().encode()
    return f"{_RULES}-{digest_of(data)[:10]}"
