"""Measure the server: how long readers wait, and how long a snapshot takes.

    python -m benchmarks.serving [--incidents 300000] [--clients 20] [--seconds 20] [--keep FILE.duckdb]

Some thousand incidents are derived from synthetic reports. They are stored again and again, each time a day
earlier and with other ids, until the ledger is as large as asked for. Then the command serves it in a process
of its own, and clients ask one page after the other, each page with other filters, so that none is at hand.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from itertools import islice
from pathlib import Path
from urllib.parse import quote

import psutil

from benchmarks.resolution import fill
from benchmarks.synthetic import real_towns, synthetic_ledger
from schemas.tables import Column, tables
from transforms.warehouse import open_warehouse

SEED_REPORTS = 17_000
TILED = ("reports_v1", "incidents_v1", "incident_reports_v1", "incident_history_v1")
IDS = ("report_id", "incident_id")
Waits = dict[str, list[float]]
WORDS = ("missile", "drone", "killed", "city", "strike", "residential")


def _shifted(column: Column) -> str:
    """Return a column of a row that is stored again: on earlier days, under ids that no hash gives."""
    name = f"`{column.name}`"
    if column.name.startswith("_") or column.mode == "REPEATED":
        return name
    if column.name in IDS:
        return f"CONCAT(SUBSTR({name}, 1, LENGTH({name}) - 4), @suffix)"
    if column.name == "article_url":
        return f"CONCAT({name}, '/', @suffix)"
    if column.type == "DATE":
        return f"DATE_SUB({name}, INTERVAL @days DAY)"
    return f"TIMESTAMP_SUB({name}, INTERVAL @days DAY)" if column.type == "TIMESTAMP" else name


def build_ledger(path: Path, incidents: int) -> None:
    """Store about as many incidents as asked for."""
    url = f"duckdb:///{path}"
    with tempfile.TemporaryDirectory() as work:
        fill(url, work, [r for r, _ in islice(synthetic_ledger(SEED_REPORTS, real_towns()), SEED_REPORTS)])
    with open_warehouse(url) as warehouse:
        (found,) = warehouse.query("SELECT COUNT(*) AS n FROM incidents_v1")
        for name in TILED:
            warehouse.execute(f"CREATE TABLE seed_{name} AS SELECT * FROM {name}")
        for copy in range(1, max(1, round(incidents / found["n"]))):
            values = {"suffix": f"x{copy:03d}", "days": copy}
            for name in TILED:
                columns = tables()[name].columns
                listed = ", ".join(f"`{c.name}`" for c in columns)
                chosen = ", ".join(map(_shifted, columns))
                warehouse.execute(f"INSERT INTO {name} ({listed}) SELECT {chosen} FROM seed_{name}", values)
        for name in TILED:
            warehouse.execute(f"DROP TABLE seed_{name}")


def _addresses(path: Path, rnd: random.Random) -> dict[str, Callable[[], str]]:
    """Return for each kind of page what makes the address of another one."""
    with open_warehouse(f"duckdb:///{path}", read_only=True) as warehouse:
        rows = warehouse.query("SELECT incident_id, country, location, event_date FROM incidents")
    chosen = rnd.sample(rows, min(20_000, len(rows)))

    def filters() -> str:
        row = rnd.choice(chosen)
        parts = [f"country={row['country']}", f"since={row['event_date']}", f"text={rnd.choice(WORDS)}"]
        parts += [f"place={quote(row['location'])}", f"min_killed={rnd.randrange(40)}", "weapon=drone"]
        parts += [f"bbox={rnd.uniform(20, 35):.3f},{rnd.uniform(30, 45):.3f},45,55"]
        return "&".join(rnd.sample(parts, rnd.randint(1, 3)))

    def place() -> str:
        row = rnd.choice(chosen)
        return f"/places/{row['country']}/{quote(row['location'], safe='')}"

    return {
        "list": lambda: f"/?{filters()}",
        "incident": lambda: f"/incidents/{rnd.choice(chosen)['incident_id']}",
        "place": place,
        "API list": lambda: f"/api/incidents?{filters()}",
        "API incident": lambda: f"/api/incidents/{rnd.choice(chosen)['incident_id']}",
        "changes": lambda: (
            f"/api/incidents?changed_since=2020-01-01&limit=100&min_killed={rnd.randrange(50)}"
        ),
    }


async def _client(port: int, next_address: Callable[[], tuple[str, str]], until: float, waits: Waits) -> None:
    """Ask for one page after the other on one connection, and note how long each takes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while time.monotonic() < until:
        kind, address = next_address()
        begin = time.monotonic()
        writer.write(f"GET {address} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"{address}: {head[:200]!r}")
        length = re.search(rb"content-length: (\d+)", head)
        assert length is not None
        await reader.readexactly(int(length[1]))
        waits[kind].append(time.monotonic() - begin)
    writer.close()


def _percentile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def _memory(process: psutil.Process) -> str:
    return f"{process.memory_info().rss / 2**20:.0f} MiB of memory"


def measure(path: Path, clients: int, seconds: float) -> None:
    """Serve a ledger and print how long readers wait."""
    command = [sys.executable, "-m", "pipelines.cli", "serve", "--port", "0", "--rate", "0"]
    begin = time.monotonic()
    server = subprocess.Popen(
        [*command, "--warehouse", f"duckdb:///{path}"], stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        line = server.stdout.readline()
        print(f"{line.split(' at ')[0]}, {path.stat().st_size / 2**20:.0f} MiB of DuckDB")
        process = psutil.Process(server.pid)
        print(
            f"begin to serve: {time.monotonic() - begin:.1f} s, {process.memory_info().rss / 2**20:.0f} MiB"
        )
        port = int(line.rstrip().split(":")[2].split("/")[0])
        rnd, waits = random.Random(1), defaultdict[str, list[float]](list)
        addresses = _addresses(path, rnd)

        def next_address() -> tuple[str, str]:
            kind = rnd.choice(list(addresses))
            return kind, addresses[kind]()

        async def everybody() -> None:
            until = time.monotonic() + seconds
            await asyncio.gather(*(_client(port, next_address, until, waits) for _ in range(clients)))

        before = process.cpu_times()
        asyncio.run(everybody())
        after = process.cpu_times()
        every = [wait for some in waits.values() for wait in some]
        used_s = after.user + after.system - before.user - before.system
        print(
            f"{clients} clients, {len(every) / seconds:.0f} requests a second, "
            f"{used_s / len(every) * 1000:.1f} ms of CPU time each, {used_s / seconds:.2f} cores"
        )
        for kind, some in [*waits.items(), ("all", every)]:
            figures = "  ".join(f"{_percentile(some, share) * 1000:6.1f}" for share in (0.5, 0.95, 0.99))
            print(f"{kind:>14}  p50, p95, p99: {figures} ms  of {len(some)}")
        print(f"at the end: {_memory(process)}")
    finally:
        server.terminate()
        server.wait()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--incidents", type=int, default=300_000)
    parser.add_argument("--clients", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--keep", metavar="FILE", help="the ledger; if the file exists, it is used")
    options = parser.parse_args()
    kept = nullcontext(options.keep) if options.keep else tempfile.TemporaryDirectory()
    with kept as place:
        path = Path(place) if options.keep else Path(place) / "ledger.duckdb"
        if not path.exists():
            begin = time.monotonic()
            build_ledger(path, options.incidents)
            print(f"build a ledger: {time.monotonic() - begin:.1f} s")
        measure(path.absolute(), options.clients, options.seconds)


if __name__ == "__main__":
    main()
