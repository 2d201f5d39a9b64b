"""``run --every`` on a bad machine: the disk fills, the clock jumps, others hold the warehouse. No row is lost.

In ``make soak`` this goes on for ``SOAK_MINUTES``, else for less than a minute.
"""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from conftest import Ledger
from ledger_content import rows_without_times
from newsroom import Newsroom, serving

from pipelines.hold_lease import lock_file
from schemas.tables import tables, views
from transforms.warehouse import WarehouseBusy, open_warehouse

SOAK_S = float(os.environ.get("STRIKELEDGER_SOAK_MINUTES", "0.7")) * 60
BAD_WORLD = Path(__file__).parent.parent / "support" / "run_in_a_bad_world.py"
SEED = 20_261_127
DAY_S = 86_400
LONGEST_RUN_S = 180.0
"""Far more than a run takes, on a machine that does much else."""
PLACES = ("Kharkiv", "Sumy", "Odesa", "Zaporizhzhia", "Dnipro", "Kherson", "Kryvyi Rih", "Nikopol")
FAULTS = ("another run is writing", "is in use", "no space left", "File too large")
COMPARED = [
    name
    for name in (*tables(), *views())
    if not name.startswith(("runs", "feed_state", "leases", "dead_letters"))
]


def an_article(number: int) -> dict[str, Any]:
    """Return article ``number``: one strike, published after those of all lower numbers."""
    place, killed, outlet = PLACES[number % len(PLACES)], 2 + number % 7, number % 4
    day, minute = divmod(number * 37, 24 * 60)
    published = f"2025-{4 + day // 28:02d}-{1 + day % 28:02d}T{minute // 60:02d}:{minute % 60:02d}:00+00:00"
    return {
        "id": f"s-{number}", "url": f"https://outlet{outlet}.example/{number}", "source": f"Outlet {outlet}",
        "title": f"Missile kills {killed} in {place}", "published": published, "summary": f"{killed} dead in {place}",
        "paragraphs": [
            f"A Russian missile hit an apartment building in {place} on the day before, killing {killed} people and "
            f"injuring {killed + 9} others, officials said. Rescuers worked through the night.",
            f"The missile destroyed the entrance of building number {number}, they said.",
        ], "byline": None, "language": "en",
    }  # fmt: skip


class World:
    """The newsroom that publishes, the loop that runs, and what happens to it."""

    def __init__(self, ledger: Ledger, room: Newsroom, loop: Loop, clock: Path) -> None:
        self.ledger, self.room, self.loop, self.clock = ledger, room, loop, clock
        self.happened: Counter[str] = Counter()

    def await_failure(self, seconds: float) -> None:
        """Wait until one more run has failed, or for some seconds."""
        before = len(self.loop.failures())
        wait_until(lambda: len(self.loop.failures()) > before, seconds)

    def publish(self, _: random.Random) -> None:
        self.room.articles = [*self.room.articles, an_article(len(self.room.articles))]

    def fill_disk(self, chance: random.Random) -> None:
        """Refuse every byte of the loop beyond some place in a file."""
        self.publish(chance)
        file = Path(self.ledger.url.removeprefix("duckdb:///"))
        limit = int(chance.choice((0, chance.random(), 1.1)) * file.stat().st_size)
        pid = self.loop.process.pid
        unlimited = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (limit, unlimited[1]))
        self.await_failure(chance.uniform(3, 12) if limit else LONGEST_RUN_S)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, unlimited)

    def turn_clock(self, chance: random.Random) -> None:
        self.clock.write_text(str(chance.choice((-DAY_S, 0, DAY_S))))
        time.sleep(chance.uniform(1, 4))

    def hold_lease(self, chance: random.Random) -> None:
        self.publish(chance)
        with lock_file(self.ledger.url, LONGEST_RUN_S):
            self.await_failure(LONGEST_RUN_S)
            time.sleep(chance.uniform(0, 3))

    def read(self, chance: random.Random) -> None:
        """Keep the file open for some seconds, as ``show`` and ``export`` do."""
        with ExitStack() as stack:
            try:
                stack.enter_context(open_warehouse(self.ledger.url, read_only=True))
            except WarehouseBusy:
                return
            time.sleep(chance.uniform(0.5, 3))

    def is_complete(self) -> bool:
        """Return whether each event has happened."""
        return len(self.happened) == len(EVENTS)

    def let_happen(self, chance: random.Random) -> None:
        event = next((e for e in EVENTS if not self.happened[e.__name__]), None) or chance.choice(EVENTS)
        event(self, chance)
        self.happened[event.__name__] += 1


EVENTS = (World.publish, World.fill_disk, World.turn_clock, World.hold_lease, World.read)


class Loop:
    """``run --every`` as a process of its own, and all lines that it printed.

    It prints into a pipe, because a log would be as full as the disk.
    """

    def __init__(self, ledger: Ledger, base: str, clock: Path) -> None:
        arguments = [*ledger.run_arguments(f"{base}/feeds.txt"), "--every", "2s", "--max-failures", "100000"]
        arguments += ["--health", str(ledger.folder / "health.json")]
        self.process = subprocess.Popen(
            [sys.executable, str(BAD_WORLD), str(clock), *arguments], stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, env={**os.environ, "PYTHONPATH": str(BAD_WORLD.parent.parent.parent)},
            text=True,
        )  # fmt: skip
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        self.lines.extend(self.process.stdout)

    def failures(self) -> list[str]:
        return [line.partition("at most")[2] for line in self.lines if "the run failed" in line]

    def said(self) -> str:
        return "".join(self.lines[-40:])

    def end(self) -> int:
        """Let the loop finish its run, and return its exit status."""
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(LONGEST_RUN_S)
        self._reader.join()
        return status


@contextmanager
def looping(ledger: Ledger, base: str, clock: Path) -> Iterator[Loop]:
    """Run the loop until the end of the block."""
    loop = Loop(ledger, base, clock)
    try:
        yield loop
    finally:
        loop.process.kill()
        loop.process.wait()


def written(ledger: Ledger) -> int:
    """Return the number of articles in a ledger, 0 where it has no tables yet or is in use."""
    try:
        return int(ledger.rows("SELECT COUNT(*) AS n FROM articles")[0]["n"])
    except Exception:  # noqa: BLE001  the loop is asked again
        return 0


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(1)
    return condition()


@pytest.mark.slow
@pytest.mark.timeout(SOAK_S + 10 * LONGEST_RUN_S)
def test_the_loop_survives_full_disks_wrong_clocks_and_held_leases(tmp_path: Path) -> None:
    chance, room = random.Random(SEED), Newsroom([an_article(n) for n in range(8)])
    ledger, clock = Ledger(tmp_path / "soaked"), tmp_path / "clock"
    clock.write_text("0")
    with serving(room) as base:
        with looping(ledger, base, clock) as loop:
            world = World(ledger, room, loop, clock)
            assert wait_until(lambda: written(ledger) == 8, LONGEST_RUN_S), loop.said()
            deadline = time.monotonic() + SOAK_S
            while time.monotonic() < deadline or not world.is_complete():
                world.let_happen(chance)
                assert loop.process.poll() is None, loop.said()
            clock.write_text("0")
            number = len(room.articles)
            assert wait_until(lambda: written(ledger) == number, LONGEST_RUN_S), loop.said()
            assert wait_until(lambda: health_of(ledger)["failures_in_row"] == 0, LONGEST_RUN_S), loop.said()
            assert loop.end() == 0
        whole = Ledger(tmp_path / "whole")
        whole.run([f"{base}/{host}/feed.xml" for host in room.outlets])
    kinds = Counter(next((kind for kind in FAULTS if kind in line), line) for line in loop.failures())
    print(f"{number} articles; happened: {dict(world.happened)}; runs failed: {dict(kinds)}")
    assert "Traceback" not in "".join(loop.lines)
    assert kinds["another run is writing"]
    assert kinds["no space left"] + kinds["File too large"]
    assert set(kinds) <= set(FAULTS)
    assert rows_without_times(ledger, COMPARED) == rows_without_times(whole, COMPARED)
    assert sum(r["entries_written"] for r in ledger.rows("SELECT entries_written FROM runs")) == number
    assert ledger.rows("SELECT * FROM dead_letters") == []


def health_of(ledger: Ledger) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((ledger.folder / "health.json").read_text())
    return content
