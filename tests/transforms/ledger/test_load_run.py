"""A last step that is repeated, or executed twice at once, changes nothing."""

from __future__ import annotations

import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import apache_beam as beam
import pytest
from conftest import Ledger

from pipelines.options import beam_options
from schemas.rows import Row
from schemas.step_records import RunContext, StagedFile
from transforms import load_run as step
from transforms import take_lease as first_step
from transforms.ledger import load
from transforms.load_run import LoadRun
from transforms.storage.staged import write_staged
from transforms.warehouse import open_warehouse
from transforms.warehouse.lease import Lease, lease_holder, release_lease, seed_lease, take_lease

JOB = RunContext("run-job", "2025-04-04T00:00:00Z")


@pytest.fixture
def leased(ledger: Ledger) -> Ledger:
    with open_warehouse(ledger.url) as warehouse:
        warehouse.ensure()
        seed_lease(warehouse)
        take_lease(warehouse, JOB.run_id)
    return ledger


def intake_file(folder: Path) -> StagedFile:
    row: Row = {"origin": "retries", "is_failed": False, "entries": 0, "_row_hash": "x"}
    return write_staged(str(folder), "intakes", [row])


def letter_file(folder: Path) -> StagedFile:
    row: Row = dict.fromkeys(
        ["feed_url", "entry_id", "http_status", "payload", "retry_after_s", "payload_uri", "payload_sha256"]
    )
    row |= {
        "dead_letter_id": "d-1",
        "stage": "fetch",
        "reason": "conn_refused",
        "retryable": True,
        "message": "refused",
        "page_url": "https://a.example/1",
        "failed_at": "2025-04-04T00:00:05Z",
        "_row_hash": "y",
    }
    return write_staged(str(folder), "dead_letters", [row])


def test_a_repeated_step_leaves_derived_rows_to_the_run_that_writes_by_now(
    leased: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    derived: list[str] = []
    monkeypatch.setattr(step, "derive_corrected", lambda warehouse, stage, run_id: derived.append(run_id))
    staging = leased.folder / "staged"
    file = intake_file(staging)

    def last_step() -> None:
        with beam.Pipeline(options=beam_options([])) as pipeline:
            files = pipeline | beam.Create([file]).with_output_types(StagedFile)
            _ = files | LoadRun(leased.url, JOB, "test", str(staging), Lease.ROW)

    last_step()
    assert derived == [JOB.run_id]
    last_step()
    assert derived == [JOB.run_id, JOB.run_id]  # it may have died before: nobody else writes
    with open_warehouse(leased.url) as warehouse:
        release_lease(warehouse, JOB.run_id)
        take_lease(warehouse, "run-other")
    last_step()
    assert derived == [JOB.run_id, JOB.run_id]


def test_two_executions_at_once_count_an_attempt_once(
    leased: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load, "is_loaded", lambda warehouse, run_id: False)  # neither has seen the other
    files = [letter_file(leased.folder / "staged")]
    with open_warehouse(leased.url) as warehouse:
        for _ in range(2):
            load.load_run(warehouse, JOB, files, "test", is_leased=True)
        assert warehouse.query("SELECT attempts FROM dead_letters_v1") == [{"attempts": 1}]
        take_lease(warehouse, "run-next", kin=JOB.run_id)
        load.load_run(warehouse, RunContext("run-next", JOB.started_at), files, "test", is_leased=True)
        assert warehouse.query("SELECT attempts FROM dead_letters_v1") == [{"attempts": 2}]


def test_a_batch_that_waits_for_the_lease_does_not_keep_the_file_open(
    leased: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = 0
    real_open = first_step.open_warehouse

    class Counted:
        """Counts how many handles of the warehouse are open."""

        def __init__(self, url: str) -> None:
            self.handle = real_open(url)

        def __enter__(self) -> Any:
            nonlocal opened
            opened += 1
            return self.handle.__enter__()

        def __exit__(self, *what: Any) -> None:
            nonlocal opened
            opened -= 1
            self.handle.__exit__(*what)

    waited: list[int] = []

    def sleep(seconds: float) -> None:
        waited.append(opened)
        with open_warehouse(leased.url) as warehouse:
            release_lease(warehouse, "run-other")

    with open_warehouse(leased.url) as warehouse:
        release_lease(warehouse, JOB.run_id)
        take_lease(warehouse, "run-other")
    monkeypatch.setattr(first_step, "open_warehouse", Counted)
    # Not ``time.sleep`` itself: threads of other tests may sleep too.
    monkeypatch.setattr(first_step, "time", SimpleNamespace(sleep=sleep, monotonic=time.monotonic))
    (run,) = first_step._TakeLease(leased.url, 60.0).process(JOB)
    assert (run, waited) == (JOB, [0])
    with open_warehouse(leased.url) as warehouse:
        assert lease_holder(warehouse) == JOB.run_id
