"""ACLED's regions: the file follows its schema, and the view is made from it."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from conftest import Ledger
from sample_records import a_report
from store_reports import store_as_run as store

from schemas.acled_regions import REGIONS, RegionsInvalid, acled_regions, read_regions, view
from schemas.countries import country_names

SCHEMAS = Path(__file__).parents[2] / "schemas"
RAW = json.loads((SCHEMAS / "acled_regions.json").read_text())


def test_the_view_is_current() -> None:
    assert (SCHEMAS / "views" / "acled_regions.sql").read_text() == view(), (
        "run: python -m schemas.acled_regions > schemas/views/acled_regions.sql"
    )


def test_every_region_has_countries_and_most_countries_a_region() -> None:
    regions = acled_regions()
    assert set(regions.values()) == set(REGIONS)
    assert set(regions) <= set(country_names())
    assert (regions["UA"], regions["SD"], regions["TR"], regions["MM"]) == (
        "Europe", "Northern Africa", "Middle East", "Southeast Asia",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("region", "codes", "says"),
    [
        ("Atlantis", ["UA"], "no other key"), ("Europe", ["UK"], "no country has the code 'UK'"),
        ("Europe", ["UA", "US"], "North America: US is in Europe too"), ("Europe", "UA", "a list of codes"),
    ],
)  # fmt: skip
def test_a_file_that_breaks_the_schema_is_refused(region: str, codes: Any, says: str) -> None:
    with pytest.raises(RegionsInvalid, match=says):
        read_regions({**copy.deepcopy(RAW), region: codes})


def test_the_acled_view_has_the_region(ledger: Ledger) -> None:
    store(ledger, a_report(1), a_report(2, location="Kabul", country="AF", geonameid=1138958, admin1="Kabul"))
    rows = ledger.rows("SELECT country, region, admin2, source_scale FROM incidents_acled ORDER BY 1")
    assert [tuple(row.values()) for row in rows] == [
        ("Afghanistan", None, None, None),
        ("Ukraine", "Europe", None, None),
    ]
