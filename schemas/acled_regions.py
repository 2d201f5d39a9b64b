"""ACLED's regions of the world and their countries, from ``acled_regions.json``.

Names are those of ACLED. The countries have not been compared with ACLED's current list one by one. Where
the region is in doubt the country is left out, so its region is null: among them Afghanistan, Mexico, Western
Sahara, Malawi, Mozambique, Zambia, Zimbabwe, and territories overseas.

The view ``acled_regions`` is made by ``python -m schemas.acled_regions``.
"""

import json
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from schemas.countries import country_names

_FILE = Path(__file__).with_name("acled_regions.json")
REGIONS = (
    "Western Africa", "Middle Africa", "Eastern Africa", "Southern Africa", "Northern Africa", "Middle East",
    "Caucasus and Central Asia", "South Asia", "Southeast Asia", "East Asia", "Europe", "North America",
    "Central America", "South America", "Caribbean", "Oceania", "Antarctica",
)  # fmt: skip
_HEAD = "-- ACLED's region of each country; countries whose region is in doubt are left out."


class RegionsInvalid(ValueError):
    """The file of regions does not follow its schema."""


@cache
def acled_regions() -> Mapping[str, str]:
    """Return ACLED's region of each country by ISO 3166-1 alpha-2 code, sorted by code.

    >>> acled_regions()["UA"]
    'Europe'

    Raises:
        RegionsInvalid: as ``read_regions``.
    """
    return read_regions(json.loads(_FILE.read_text("utf-8")))


def read_regions(raw: Any) -> dict[str, str]:
    """Return the region of each country.

    Args:
        raw: what the file holds: an object with a list of codes for each region.

    Raises:
        RegionsInvalid: a region is unknown or missing, a code is no country's, or it stands twice.
    """
    if not isinstance(raw, dict) or set(raw) != set(REGIONS):
        raise RegionsInvalid("an object with all of ACLED's regions is required, and no other key")
    found: dict[str, str] = {}
    for region, codes in raw.items():
        if not isinstance(codes, list) or not codes:
            raise RegionsInvalid(f"{region}: a list of codes is required")
        for code in codes:
            if code not in country_names():
                raise RegionsInvalid(f"{region}: no country has the code {code!r}")
            if code in found:
                raise RegionsInvalid(f"{region}: {code} is in {found[code]} too")
            found[code] = region
    return dict(sorted(found.items()))


def view() -> str:
    """Return the SQL file of the view ``acled_regions``."""
    rows = [f"'{code}', '{region}'" for code, region in acled_regions().items()]
    first, _, rest = rows[0].partition(", ")
    begin = f"SELECT {first} AS country, {rest} AS region"
    return "\n".join([_HEAD, begin, *(f"UNION ALL SELECT {row}" for row in rows[1:])]) + "\n"


if __name__ == "__main__":
    sys.stdout.write(view())
