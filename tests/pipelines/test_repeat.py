"""``run --every``: failed runs are counted, the next one is tried, and a file says how it goes."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from conftest import Ledger
from full_disk import full_disk

import pipelines.jobs as jobs
from pipelines.cli import main
from pipelines.repeat import Repetition, TooManyFailures, repeat
from transforms.util.errors import UserError
from transforms.warehouse import WarehouseBusy, WarehouseDamaged, WarehouseError

PASSING = [
    WarehouseBusy("x is in use by another process; waited 30 s"), WarehouseError("no space left on the disk"),
    OSError(28, "No space left on device"), MemoryError(), RuntimeError("a fault of ours"), TimeoutError(),
    PermissionError(13, "Permission denied"), RuntimeError("can't start new thread"),
]  # fmt: skip
LASTING = [UserError("not a warehouse URL"), WarehouseDamaged("x is damaged")]


class Runs:
    """Runs that fail or succeed as a list says, and then set the event."""

    def __init__(self, *ends: Exception | None) -> None:
        self.ends = list(ends)
        self.stop = threading.Event()
        self.said: list[str] = []
        self.shown: list[str] = []

    def __call__(self) -> Sequence[str]:
        end = self.ends.pop(0)
        if not self.ends:
            self.stop.set()
        if end is not None:
            raise end
        return ["a summary"]

    def repeat(self, max_failures: int = 10, health: Path | None = None) -> None:
        repeat(self, Repetition(0.001, max_failures, health), self.stop, self.said.append, self.shown.append)


@pytest.mark.parametrize("error", PASSING, ids=repr)
def test_after_a_failure_that_may_pass_the_next_run_is_tried(error: Exception) -> None:
    runs = Runs(None, error, error, None)
    runs.repeat()
    assert runs.ends == []
    assert len(runs.shown) == 2
    assert [line.partition(" of at most")[0] for line in runs.said] == [
        "the run failed, 1 in a row", "the run failed, 2 in a row",
    ]  # fmt: skip


@pytest.mark.parametrize("error", LASTING, ids=repr)
def test_a_failure_that_lasts_ends_the_loop_at_once(error: Exception) -> None:
    runs = Runs(None, error, None)
    with pytest.raises(type(error)):
        runs.repeat()
    assert len(runs.ends) == 1


def test_too_many_failures_in_a_row_end_the_loop() -> None:
    busy = WarehouseBusy("in use")
    runs = Runs(busy, busy, None, busy, busy, busy, None)
    with pytest.raises(TooManyFailures, match="3 runs in a row failed; the last one: in use"):
        runs.repeat(max_failures=3)
    assert len(runs.ends) == 1
    assert len(runs.said) == 4


def test_no_run_begins_once_the_loop_is_asked_to_stop() -> None:
    runs = Runs(None)
    runs.stop.set()
    runs.repeat()
    assert len(runs.ends) == 1


def test_a_log_on_a_full_disk_does_not_end_the_loop() -> None:
    def refuse(_: str) -> None:
        raise OSError(28, "No space left on device")

    runs = Runs(WarehouseError("full"), None, None)
    repeat(runs, Repetition(0.001), runs.stop, refuse, refuse)
    assert runs.ends == []


class Watched(Runs):
    """Runs that note what the health file says while each of them runs."""

    def __init__(self, health: Path, *ends: Exception | None) -> None:
        super().__init__(*ends)
        self.health = health
        self.seen: list[dict[str, Any]] = []

    def __call__(self) -> Sequence[str]:
        self.seen.append(json.loads(self.health.read_text()))
        return super().__call__()


def test_the_health_file_says_how_the_runs_go(tmp_path: Path) -> None:
    health = tmp_path / "health.json"
    runs = Watched(health, None, WarehouseError("full"), WarehouseError("still full"), None)
    runs.repeat(health=health)
    assert [(s["state"], s["failures_in_row"], s["last_error"]) for s in runs.seen] == [
        ("running", 0, None), ("running", 0, None), ("running", 1, "full"), ("running", 2, "still full"),
    ]  # fmt: skip
    assert runs.seen[0]["last_success_at"] is runs.seen[0]["lag_s"] is None
    assert runs.seen[2]["last_success_at"] == runs.seen[1]["last_success_at"] is not None
    assert runs.seen[2]["lag_s"] >= 0
    end = json.loads(health.read_text())
    assert (end["state"], end["failures_in_row"], end["last_error"]) == ("ended", 0, None)
    assert [path.name for path in tmp_path.iterdir()] == ["health.json"]


def test_the_health_file_says_why_the_loop_ended(tmp_path: Path) -> None:
    for error in (*PASSING[:2], *LASTING):
        with pytest.raises((TooManyFailures, type(error))):
            Runs(error, None).repeat(max_failures=1, health=tmp_path / "health.json")
        content = json.loads((tmp_path / "health.json").read_text())
        assert (content["state"], content["last_error"]) == ("ended", str(error))


def test_a_health_file_that_cannot_be_written_does_not_end_the_loop(tmp_path: Path) -> None:
    runs = Runs(None, None)
    with full_disk():
        runs.repeat(health=tmp_path / "health.json")
    assert runs.ends == []
    assert "can't write" in runs.said[0]
    assert list(tmp_path.iterdir()) == []


def run_of(
    monkeypatch: pytest.MonkeyPatch, ledger: Ledger, run: Callable[..., Sequence[str]], *flags: str
) -> int:
    feeds = ledger.folder / "feeds.txt"
    feeds.write_text("https://outlet.example/feed\n")
    monkeypatch.setattr(jobs, "run_once", run)
    return main([*ledger.run_arguments(str(feeds)), "--every", "0.001s", *flags])


def test_the_command_ends_after_the_stated_number_of_failures(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], ledger: Ledger
) -> None:
    count = 0

    def fail(*_: object) -> Sequence[str]:
        nonlocal count
        count += 1
        raise WarehouseBusy("in use")

    assert run_of(monkeypatch, ledger, fail, "--max-failures", "4") == 1
    assert count == 4
    err = capsys.readouterr().err.splitlines()
    assert len(err) == 4
    assert err[-1] == "strikeledger: 4 runs in a row failed; the last one: in use"
    count = 0
    assert run_of(monkeypatch, ledger, fail) == 1
    assert count == 10


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--health", "x.json"], "--health goes with --every"),
        (["--every", "1h", "--health", "/no/such/x.json"], "no folder /no/such"),
        (["--every", "1h", "--max-failures", "0"], "max-failures"),
        (["--every", "1h", "--max-failures", "few"], "max-failures"),
    ],
)
def test_unusable_flags(
    capsys: pytest.CaptureFixture[str], ledger: Ledger, flags: list[str], message: str
) -> None:
    feeds = ledger.folder / "feeds.txt"
    feeds.write_text("https://outlet.example/feed\n")
    assert main([*ledger.run_arguments(str(feeds)), *flags]) == 2
    assert message in capsys.readouterr().err
