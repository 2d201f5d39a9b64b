"""Panes of a stream: when a pane begins, which run it is, and that a pane without the lease writes nothing."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.testing.util import assert_that, equal_to
from apache_beam.transforms.window import FixedWindows, GlobalWindow, IntervalWindow, TimestampedValue
from apache_beam.utils.timestamp import Timestamp
from conftest import Ledger
from hypothesis import given
from hypothesis import strategies as st

from pipelines import hold_lease
from pipelines.options import beam_options
from schemas.rows import Row
from schemas.step_records import Intake, RunContext
from schemas.tables import tables
from transforms import stage_files, start_panes
from transforms.graph.runs import pane_of, run_of
from transforms.ledger.load import load_run, may_load
from transforms.ledger.staged_rows import plain_rows
from transforms.start_panes import LastPane, Step, next_step
from transforms.storage.staged import read_staged, write_staged
from transforms.take_lease import TakeLease
from transforms.warehouse import LoadRefused, WarehouseBusy, open_warehouse
from transforms.warehouse import duckdb as embedded
from transforms.warehouse.lease import (
    RUN_LEASE,
    current_holder,
    lease_holder,
    release_lease,
    renew_lease,
    seed_lease,
    take_lease,
)

JOB = RunContext("run-job", "2025-04-04T00:00:00Z")
AT = 1_743_724_800  # 2025-04-04T00:00:00Z


@pytest.mark.parametrize(
    ("after_s", "asked_s", "is_over", "step"),
    [
        (5, 0, False, Step.WAIT),
        (12, 0, False, Step.ASK),
        (12, 11, False, Step.WAIT),
        (100, 99, True, Step.WAIT),
        (899, 500, True, Step.START),
        (3599, 3598, False, Step.WAIT),
        (3601, 3600, False, Step.START),
    ],
)
def test_a_pane_begins_when_the_last_pane_and_the_interval_are_over(
    after_s: int, asked_s: int, is_over: bool, step: Step
) -> None:
    assert next_step(AT + after_s, LastPane(AT, AT + asked_s, is_over), 900) is step


def test_the_first_pane_begins_at_once() -> None:
    assert next_step(AT, None, 900) is Step.START


@given(every=st.integers(1, 7200), length=st.integers(0, 5000))
def test_for_every_interval_panes_follow_each_other_and_never_overlap(every: int, length: int) -> None:
    """There is a beat every two seconds, and a pane takes ``length`` seconds."""
    last, started = LastPane(AT, AT), [AT]
    for now in range(AT, AT + 2 * (every + length) + 4000, 2):
        step = next_step(now, last, every)
        if step is Step.ASK:
            last = LastPane(last.start, now, now - last.start >= length)
            step = next_step(now, last, every) if last.is_over else Step.WAIT
        if step is Step.START:
            assert now - started[-1] >= min(length, max(3600, every))
            last = LastPane(now, now)
            started.append(now)
    assert len(started) > 1


def test_a_batch_is_one_run_and_each_window_of_a_stream_is_another() -> None:
    assert run_of(JOB, GlobalWindow()) == JOB
    window = IntervalWindow(AT + 60, AT + 61)
    assert run_of(JOB, window) == RunContext("run-job-20250404T000100", "2025-04-04T00:01:00Z")
    assert run_of(JOB, window) == pane_of(JOB, window.start)


def test_elements_of_two_panes_have_different_runs_after_a_grouping() -> None:
    def name(pair: tuple[str, list[int]], window: object = beam.DoFn.WindowParam) -> tuple[str, int]:
        return run_of(JOB, window).run_id, len(list(pair[1]))

    with beam.Pipeline(options=beam_options([])) as pipeline:
        found = (
            pipeline
            | beam.Create([0, 1, 60, 61, 62])
            | beam.Map(lambda n: TimestampedValue(n, AT + n // 60 * 60))
            | beam.WindowInto(FixedWindows(1))
            | beam.Map(lambda n: ("all", n)).with_output_types(tuple[str, int])
            | beam.GroupByKey()
            | "Name" >> beam.Map(name)
        )
        assert_that(found, equal_to([("run-job-20250404T000000", 2), ("run-job-20250404T000100", 3)]))


def an_intake() -> Row:
    return {"origin": "retries", "is_failed": False, "entries": 0, "_row_hash": "x"}


@pytest.fixture
def leased(ledger: Ledger) -> Ledger:
    with open_warehouse(ledger.url) as warehouse:
        warehouse.ensure()
        seed_lease(warehouse)
        seed_lease(warehouse)
    return ledger


def test_a_lease_has_one_holder_until_it_expires_or_is_released(leased: Ledger) -> None:
    with open_warehouse(leased.url) as warehouse:
        assert take_lease(warehouse, "run-a-1")
        assert take_lease(warehouse, "run-a-1")
        assert not take_lease(warehouse, "run-b-1")
        assert not take_lease(warehouse, "run-b-1", kin="run-b")
        assert take_lease(warehouse, "run-a-2", kin="run-a")  # an earlier attempt of the same job
        release_lease(warehouse, "run-a-1")  # no effect: it no longer holds the lease
        assert current_holder(warehouse) == "run-a-2"
        assert take_lease(warehouse, "run-a-2", seconds=-1)
        assert lease_holder(warehouse) == "run-a-2"
        assert current_holder(warehouse) is None
        assert take_lease(warehouse, "run-b-1")


def test_a_pane_without_the_lease_writes_nothing(leased: Ledger) -> None:
    pane = pane_of(JOB, IntervalWindow(AT, AT + 1).start)
    file = write_staged(str(leased.folder / "staged"), "intakes", [an_intake()])
    with open_warehouse(leased.url) as warehouse:
        for holder in ("run-other", None):
            if holder:
                take_lease(warehouse, holder)
            else:
                release_lease(warehouse, "run-other")  # the other run has written and released the lease
            assert not may_load(warehouse, pane.run_id)
            with pytest.raises(LoadRefused, match="another run has taken the lease"):
                load_run(warehouse, pane, [file], "test", is_leased=True)
        assert warehouse.query("SELECT run_id FROM runs_v1") == []
        take_lease(warehouse, pane.run_id)
        assert may_load(warehouse, pane.run_id)
        load_run(warehouse, pane, [file], "test", is_leased=True)
        release_lease(warehouse, pane.run_id)
        assert may_load(warehouse, pane.run_id)  # a repeated attempt: its rows are already there
        load_run(warehouse, pane, [file], "test", is_leased=True)
        assert len(warehouse.query("SELECT run_id FROM runs_v1")) == 1


def test_a_batch_without_the_lease_in_its_graph_fails(leased: Ledger) -> None:
    def take() -> None:
        with beam.Pipeline(options=beam_options([])) as pipeline:
            _ = pipeline | beam.Create([JOB]) | TakeLease(leased.url, wait_s=0.0)

    with open_warehouse(leased.url) as warehouse:
        take_lease(warehouse, "run-other")
    with pytest.raises(WarehouseBusy, match="another run is writing"):
        take()
    with open_warehouse(leased.url) as warehouse:
        release_lease(warehouse, "run-other")
    take()
    with open_warehouse(leased.url) as warehouse:
        assert lease_holder(warehouse) == JOB.run_id


def test_attempts_never_overwrite_a_staged_file(tmp_path: object) -> None:
    one = write_staged(str(tmp_path), "intakes", [an_intake()])
    other = write_staged(str(tmp_path), "intakes", [{**an_intake(), "entries": 1}])
    again = write_staged(str(tmp_path), "intakes", [an_intake()])
    assert len({one.path, other.path, again.path}) == 3
    assert [row["entries"] for row in read_staged(one.path)] == [0]
    assert [row["entries"] for row in read_staged(other.path)] == [1]


def test_a_bundle_writes_one_file_per_pane_and_files_have_a_size_limit(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = stage_files._StageFiles(str(tmp_path), JOB, plain_rows("intakes"))
    panes = [IntervalWindow(Timestamp(at), Timestamp(at + 1)) for at in (1_000_000, 1_000_005)]
    step.start_bundle()
    for window in (*panes, panes[0]):
        assert not list(step.process(Intake("f", False, 1), window))
    files = list(step.finish_bundle())
    assert [(f.windows, f.value.rows) for f in files] == [([panes[0]], 2), ([panes[1]], 1)]
    assert [f.timestamp for f in files] == [pane.max_timestamp() for pane in panes]
    assert [f.value.path.split("/")[-2] for f in files] == [pane_of(JOB, pane.start).run_id for pane in panes]

    monkeypatch.setattr(stage_files, "MAX_BUFFERED_CHARACTERS", 300)
    step.start_bundle()
    early = [f for _ in range(10) for f in step.process(Intake("f", False, 1), panes[0])]
    assert len(early) >= 2
    assert sum(f.value.rows for f in (*early, *step.finish_bundle())) == 10


def test_several_threads_can_create_the_tables_at_once(tmp_path: Path) -> None:
    url = f"duckdb:///{tmp_path}/new.duckdb"
    together = threading.Barrier(4)

    def ensure(_: int) -> list[str]:
        with open_warehouse(url) as warehouse:
            together.wait()
            return warehouse.ensure()

    with ThreadPoolExecutor(4) as pool:
        done = [line for lines in pool.map(ensure, range(4)) for line in lines]
    assert sorted(done) == sorted(f"created {name}" for name in tables())


def test_a_pane_that_has_ended_does_not_get_its_lease_back(tmp_path: Path) -> None:
    # The beat read that a pane held the lease, the pane released it, and the beat took it again for the pane:
    # the stream stood still for an hour.
    url = f"duckdb:///{tmp_path}/one.duckdb"
    start = 1_000_000
    pane = pane_of(JOB, Timestamp(start)).run_id
    step = start_panes._StartPanes(url, JOB, 5)
    with open_warehouse(url) as warehouse:
        warehouse.ensure()
        seed_lease(warehouse)
        assert take_lease(warehouse, pane)
        assert not step._ask(LastPane(start, start), start + 10).is_over
        release_lease(warehouse, pane)
        assert step._ask(LastPane(start, start), start + 20).is_over
        assert not renew_lease(warehouse, pane)
        assert lease_holder(warehouse) is None


def test_a_run_does_not_get_back_a_lease_that_another_run_has_had(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Otherwise it writes incidents that it resolved without the reports of the other run.
    monkeypatch.setattr(hold_lease, "RENEW_SECONDS", 0.05)
    url, is_over = f"duckdb:///{tmp_path}/one.duckdb", threading.Event()
    with open_warehouse(url) as warehouse:
        warehouse.ensure()
        seed_lease(warehouse)
        assert take_lease(warehouse, "slept", seconds=-1)
        assert take_lease(warehouse, "other")
        release_lease(warehouse, "other")
        renewing = threading.Thread(target=hold_lease._renew, args=(url, "slept", is_over, RUN_LEASE))
        renewing.start()
        time.sleep(0.3)
        is_over.set()
        renewing.join()
        assert lease_holder(warehouse) is None


def test_several_threads_can_renew_the_lease_at_once(tmp_path: Path) -> None:
    # Otherwise a stream ended: "TransactionContext Error: Conflict on update!".
    url = f"duckdb:///{tmp_path}/one.duckdb"
    with open_warehouse(url) as warehouse:
        warehouse.ensure()
        seed_lease(warehouse)
    together = threading.Barrier(4)

    def renew(_: int) -> set[bool]:
        with open_warehouse(url) as warehouse:
            together.wait()
            return {take_lease(warehouse, "run") for _ in range(100)}

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(renew, range(4))) == [{True}] * 4


def test_a_duckdb_file_is_not_opened_while_another_thread_closes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Otherwise the job failed once in a thousand times: "Unique file handle conflict: ... is already
    # attached".
    connect, closing, overlaps = embedded.duckdb.connect, threading.Event(), []

    class SlowToClose:
        def __init__(self, db: Any) -> None:
            self.db = db

        def __getattr__(self, name: str) -> Any:
            return getattr(self.db, name)

        def close(self) -> None:
            closing.set()
            time.sleep(0.2)
            self.db.close()
            closing.clear()

    def note_and_connect(*arguments: Any, **more: Any) -> SlowToClose:
        overlaps.append(closing.is_set())
        return SlowToClose(connect(*arguments, **more))

    embedded.DuckDBWarehouse(str(tmp_path / "one.duckdb")).close()  # creates the file
    monkeypatch.setattr(embedded.duckdb, "connect", note_and_connect)
    first = embedded.DuckDBWarehouse(str(tmp_path / "one.duckdb"))
    closer = threading.Thread(target=first.close)
    closer.start()
    assert closing.wait(10)
    embedded.DuckDBWarehouse(str(tmp_path / "one.duckdb")).close()
    closer.join()
    assert overlaps == [False, False]
