"""Answers of a service that is busy, broken, or refuses: over HTTP, with the real client library."""

from __future__ import annotations

import time

import pytest
from bigquery_wire import Fault, WireProxy
from conftest import Ledger
from google.cloud import bigquery
from newsroom import Newsroom, serving
from sample_records import a_newsroom_article

from pipelines.cli import main
from schemas.tables import tables
from transforms.warehouse import WarehouseError, open_warehouse, parse_warehouse_url
from transforms.warehouse.bigquery import BigQueryWarehouse


def run_on_one_article(ledger: Ledger) -> dict[str, object]:
    with serving(Newsroom([a_newsroom_article(3, 1, 8)])) as base:
        return ledger.run([f"{base}/outlet1.example/feed.xml"])


PASSING_FAULTS = {
    "busy queries": Fault("POST", "/(queries|jobs)", times=2, status=503, reason="backendError"),
    "an internal error": Fault("POST", "/(queries|jobs)", times=2, status=500, reason="internalError"),
    "too many requests": Fault("POST", "/(queries|jobs)", times=2, status=429, reason="rateLimitExceeded"),
    "a rate limit as 403": Fault("POST", "/(queries|jobs)", times=2, status=403, reason="rateLimitExceeded"),
    "a busy upload": Fault("POST", "/upload/", times=2, status=503, reason="backendError"),
    "busy tables": Fault("GET", "/tables/", times=3, status=503, reason="backendError"),
    "a lost answer to the load": Fault("PUT", "/upload/", loses_answer=True),
    "a lost answer to the merge": Fault("POST", "-merge-0", loses_answer=True),
}


@pytest.mark.parametrize("name", PASSING_FAULTS)
def test_a_run_waits_for_a_passing_fault(name: str, ledger: Ledger, wire: WireProxy) -> None:
    fault = PASSING_FAULTS[name]
    fault.hits = 0
    wire.faults = [fault]
    run = run_on_one_article(ledger)
    assert fault.hits == fault.times
    assert run["entries_written"] == 1
    for table, count in (("incidents", 1), ("reports", 1), ("runs", 1), ("entries", 1)):
        assert len(ledger.rows(f"SELECT * FROM {table}")) == count


REFUSALS = {
    "no permission": (Fault("POST", "-merge-", 99, 403, "accessDenied", "Access Denied: Table incidents_v1: User does not have permission"), "Access Denied"),
    "a quota": (Fault("POST", "-merge-", 99, 403, "quotaExceeded", "Quota exceeded: Your project exceeded quota for free query bytes scanned"), "Quota exceeded"),
    "a row too large": (Fault("POST", "/upload/", 99, 400, "invalid", "Error while reading data, error message: JSON table encountered too large row"), "too large row"),
    "a table that no longer exists": (Fault("POST", "-merge-", 99, 404, "notFound", "Not found: Table reports_v1 was not found in location EU"), "was not found"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refused_run_prints_one_line_and_writes_nothing(
    name: str, ledger: Ledger, wire: WireProxy, capfd: pytest.CaptureFixture[str]
) -> None:
    fault, message = REFUSALS[name]
    fault.hits = 0
    with open_warehouse(ledger.url) as warehouse:
        warehouse.ensure()
    wire.faults = [fault]
    with serving(Newsroom([a_newsroom_article(3, 1, 8)])) as base:
        arguments = ledger.run_arguments(f"{base}/feeds.txt")
        assert main(arguments) == 1
        errors = capfd.readouterr().err
        assert message in errors
        assert len(errors.strip().splitlines()) == 1, errors
        assert "Traceback" not in errors
        for table in tables():
            if table != "leases_v1":
                assert ledger.rows(f"SELECT * FROM {table}") == [], table
        # The next run succeeds, so nothing was half written and the lease is free.
        wire.faults = []
        assert main(arguments) == 0
    assert len(ledger.rows("SELECT * FROM incidents")) == 1


def test_a_query_fails_when_the_service_stays_broken(ledger: Ledger, wire: WireProxy) -> None:
    wire.faults = [Fault("POST", "/(queries|jobs)", 99, 503, "backendError")]
    warehouse = BigQueryWarehouse(parse_warehouse_url(ledger.url), retry_s=2)
    started = time.monotonic()
    with pytest.raises(WarehouseError, match="still failing after 2 s"):
        warehouse.query("SELECT 1 AS one")
    assert time.monotonic() - started < 60


def test_the_error_of_an_unreachable_service_is_one_line(
    ledger: Ledger, wire: WireProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BIGQUERY_EMULATOR_HOST", "http://127.0.0.1:9")
    warehouse = BigQueryWarehouse(parse_warehouse_url(ledger.url), retry_s=1)
    with pytest.raises(WarehouseError, match="still failing after 1 s") as caught:
        warehouse.query("SELECT 1 AS one")
    assert "\n" not in str(caught.value)


def test_a_failed_job_is_repeated_under_another_id(ledger: Ledger, wire: WireProxy) -> None:
    """This happens when a worker repeats its bundle after the load was refused."""
    with open_warehouse(ledger.url) as warehouse:
        warehouse.ensure()
        refused = [("bad rows", "SELECT 1 AS n")]
        insert = "INSERT INTO feed_state_v1 (feed_url) VALUES ('f')"
        with pytest.raises(WarehouseError, match="bad rows"):
            warehouse.load({}, [insert], {}, refused, name="again")
        warehouse.load({}, [insert], {}, [], name="again")
        assert len(warehouse.query("SELECT * FROM feed_state_v1")) == 1
        # After it succeeded, repeating it does nothing, because the job exists.
        warehouse.load({}, [insert], {}, [], name="again")
        assert len(warehouse.query("SELECT * FROM feed_state_v1")) == 1
    assert wire.requests("POST", "again-merge-1") >= 1


def test_an_older_table_is_upgraded_and_keeps_its_rows(ledger: Ledger, wire: WireProxy) -> None:
    url = parse_warehouse_url(ledger.url)
    warehouse = BigQueryWarehouse(url)
    made = bigquery.Table(
        f"{url.project}.{url.dataset}.leases_v1",
        [
            bigquery.SchemaField("name", "STRING", "REQUIRED"),
            bigquery.SchemaField("holder", "STRING", "REQUIRED"),
        ],
    )
    warehouse._client.create_dataset(f"{url.project}.{url.dataset}")
    warehouse._client.create_table(made)
    warehouse.execute("INSERT INTO leases_v1 (name, holder) VALUES ('kept', 'h')")
    done = warehouse.ensure()
    assert [d for d in done if "leases" in d] == ["relaxed leases_v1.holder", "added leases_v1.expires_at"]
    assert warehouse.query("SELECT * FROM leases_v1") == [{"name": "kept", "holder": "h", "expires_at": None}]
    # bqemulator 1.4.0 always shows the first schema of a table, so ``ensure`` upgrades it each time.
    assert [d for d in warehouse.ensure() if "leases" not in d] == []


def test_tables_are_partitioned_clustered_and_described(ledger: Ledger, wire: WireProxy) -> None:
    url = parse_warehouse_url(ledger.url)
    warehouse = BigQueryWarehouse(url)
    warehouse.ensure()
    for table in tables().values():
        made = warehouse._client.get_table(f"{url.project}.{url.dataset}.{table.name}")
        partition = made.time_partitioning.field if made.time_partitioning else None
        assert (partition, tuple(made.clustering_fields or ())) == (table.partition, table.cluster)
        assert [f.name for f in made.schema] == [c.name for c in table.columns]
        assert [f.mode for f in made.schema] == [c.mode for c in table.columns]
