"""Ctrl-C and SIGTERM: one line, the stated exit status, no process left behind, and a ledger that goes on."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import Ledger
from newsroom import Newsroom, serving
from sample_records import a_newsroom_article
from signals import with_own_signals

END_S = 120
"""Far more than a stopped command takes. A command that does not stop fails the test here."""
pytestmark = pytest.mark.slow


def descendants(pid: int) -> set[int]:
    """Return the processes below a process, as far down as they go."""
    found: set[int] = set()
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found |= {int(child)} | descendants(int(child))
    return found


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state not in "ZX"


@contextmanager
def command(
    ledger: Ledger, feeds: str, *flags: str, ignored: signal.Signals | None = None
) -> Iterator[subprocess.Popen[str]]:
    """Start ``run`` as a shell does, in a process group of its own; ``ignored`` is the signal that nohup would ignore."""
    process = subprocess.Popen(
        [sys.executable, "-m", "pipelines.cli", *ledger.run_arguments(feeds), *flags],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        preexec_fn=with_own_signals(ignored),
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@contextmanager
def silent_feed(folder: Path) -> Iterator[tuple[str, socket.socket]]:
    """Yield a list of one feed whose server never answers, and the server."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(END_S)
        feeds = folder / "feeds.txt"
        feeds.write_text(f"http://127.0.0.1:{server.getsockname()[1]}/feed\n")
        yield str(feeds), server


def end_of(process: subprocess.Popen[str], below: set[int]) -> tuple[int, str]:
    """Wait for a process and all below it to end. Return its exit status and what it said."""
    _, err = process.communicate(timeout=END_S)
    deadline = time.monotonic() + END_S
    while any(map(is_running, below)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not [pid for pid in below if is_running(pid)]
    return process.returncode, err


SIGNALS = [(signal.SIGINT, 130, "stopped"), (signal.SIGTERM, 143, "terminated"), (signal.SIGHUP, 129, "the terminal was closed")]  # fmt: skip


@pytest.mark.parametrize(("number", "status", "words"), SIGNALS, ids=["INT", "TERM", "HUP"])
@pytest.mark.parametrize("to_all", [False, True], ids=["to the command", "to its group"])
def test_a_run_is_stopped_in_its_middle(
    ledger: Ledger, number: signal.Signals, status: int, words: str, to_all: bool
) -> None:
    with silent_feed(ledger.folder) as (feeds, server), command(ledger, feeds) as process:
        server.accept()
        below = descendants(process.pid)
        assert below
        (os.killpg if to_all else os.kill)(process.pid, number)
        assert end_of(process, below) == (status, f"strikeledger: {words}\n")


def test_a_stopped_run_is_done_by_the_next_one(ledger: Ledger) -> None:
    with silent_feed(ledger.folder) as (feeds, server), command(ledger, feeds) as process:
        server.accept()
        process.send_signal(signal.SIGINT)
        end_of(process, set())
    with serving(Newsroom([a_newsroom_article(3, 1, 8)])) as base:
        assert ledger.run([f"{base}/outlet1.example/feed.xml"])["entries_written"] == 1


def test_a_signal_that_the_caller_ignores_stays_ignored(ledger: Ledger) -> None:
    """nohup ignores SIGHUP for the commands that it starts."""
    with (
        silent_feed(ledger.folder) as (feeds, server),
        command(ledger, feeds, ignored=signal.SIGHUP) as process,
    ):
        server.accept()
        process.send_signal(signal.SIGHUP)
        time.sleep(1)
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert end_of(process, set())[0] == 143


def test_sigterm_lets_the_loop_finish_its_run(ledger: Ledger) -> None:
    """The run waits for the answer of a feed. The signal comes meanwhile, the answer after it."""
    with silent_feed(ledger.folder) as (feeds, server), command(ledger, feeds, "--every", "1h") as process:
        connection, _ = server.accept()
        below = descendants(process.pid)
        process.send_signal(signal.SIGTERM)
        assert process.stderr is not None
        assert "finishing the present run" in process.stderr.readline()
        body = b"<rss version='2.0'><channel><title>F</title></channel></rss>"
        connection.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(body), body)
        )
        connection.close()
        assert end_of(process, below) == (0, "")
    assert [r["feeds_polled"] for r in ledger.rows("SELECT feeds_polled FROM runs")] == [1]


@pytest.mark.parametrize("second", [signal.SIGTERM, signal.SIGINT], ids=["TERM", "INT"])
def test_a_second_signal_does_not_wait_for_the_run(ledger: Ledger, second: signal.Signals) -> None:
    with silent_feed(ledger.folder) as (feeds, server), command(ledger, feeds, "--every", "1h") as process:
        server.accept()
        below = descendants(process.pid)
        process.send_signal(signal.SIGTERM)
        assert process.stderr is not None
        process.stderr.readline()
        process.send_signal(second)
        assert end_of(process, below)[0] == 128 + second


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)], ids=["TERM", "INT"]
)
def test_a_loop_that_waits_for_its_next_run_ends_at_once(
    ledger: Ledger, number: signal.Signals, status: int
) -> None:
    with (
        serving(Newsroom([a_newsroom_article(3, 1, 8)])) as base,
        command(ledger, f"{base}/feeds.txt", "--every", "1h") as process,
    ):
        assert process.stdout is not None
        assert "1 polled" in process.stdout.readline()
        below = descendants(process.pid)
        time.sleep(0.5)
        process.send_signal(number)
        assert end_of(process, below)[0] == status


def test_no_process_outlives_a_command_that_is_killed(ledger: Ledger) -> None:
    with silent_feed(ledger.folder) as (feeds, server), command(ledger, feeds) as process:
        server.accept()
        below = descendants(process.pid)
        process.kill()
        assert end_of(process, below)[0] == -signal.SIGKILL


SWALLOWED = """
import os, signal, sys, time
from pipelines import stopping
from pipelines.ending import exit_status

def command():
    try:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(60)
    except SystemExit as error:
        raise RuntimeError(f"SystemExit: {error.code}")

say = stopping._say
stopping._say = lambda message: (say(message), time.sleep(0.2))
stopping.STOP.listen()
sys.exit(exit_status(command, False))
"""
"""A library makes an error of its own of Ctrl-C, and the listener is still about to say that it came."""


def test_an_error_of_a_library_is_not_told_beside_ctrl_c() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", SWALLOWED], capture_output=True, text=True, timeout=END_S, check=False,
        preexec_fn=with_own_signals(None),
    )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (130, "strikeledger: stopped\n")
