"""Measure resolution of large ledgers: time, memory and accuracy, also against other methods.

    python -m benchmarks.resolution scale [--reports 1000000]
    python -m benchmarks.resolution incremental [--reports 1000000] [--new 100]
    python -m benchmarks.resolution peers [--reports 100000]
    python -m benchmarks.resolution dense
    python -m benchmarks.resolution records

``scale`` runs the command on a tenth of the reports and then on all of them, each time in a new process.
``incremental`` fills a DuckDB warehouse and adds new reports to it. ``dense`` measures days of up to 40
strikes on one city, ``records`` a recorder's lists of single strikes. ``peers`` runs Splink, dedupe, the rule
"one incident per place and day" and this project over the same records (``pip install -e '.[bench]'``). Their
settings are tuned on the other half of the ledger.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

from benchmarks.pairwise import Truth, in_words, pairwise
from benchmarks.synthetic import real_towns, synthetic_ledger
from schemas.records import Report
from schemas.rows import Row, record_to_json, record_to_row
from schemas.step_records import AffectedIncident, ReportToResolve, RunContext, StagedFile
from transforms.ledger.load import load_run
from transforms.ledger.staged_rows import incident_rows, plain_rows, with_hash
from transforms.ledger.stored_reports import read_affected_reports
from transforms.resolution.resolve import Resolution, resolve_with_faults
from transforms.storage.staged import write_staged
from transforms.warehouse import open_warehouse


def _write_ledger(path: Path, number: int, seed: int = 1) -> Truth:
    truth: Truth = {}
    with path.open("w", encoding="utf-8") as out:
        for report, event in islice(synthetic_ledger(number, real_towns(), seed=seed), number):
            out.write(record_to_json(report) + "\n")
            truth[report.report_id] = event
    return truth


def scale(number: int) -> None:
    """Print seconds, peak memory and pairwise F1 of the command, for a tenth of the reports and for all."""
    seconds = {}
    for size in (number // 10, number):
        with tempfile.TemporaryDirectory() as work:
            path, out = Path(work) / "reports.jsonl", Path(work) / "out"
            truth = _write_ledger(path, size)
            module = [sys.executable, "-m", "pipelines.cli"]
            command = [*module, "resolve", "--reports", str(path), "--out", str(out)]
            begin = time.monotonic()
            subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
            seconds[size] = time.monotonic() - begin
            # The peak of all child processes so far. The larger one runs last, so its peak is printed last.
            peak_gb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20
            with (out / "incident_reports.jsonl").open() as lines:
                found = {row["report_id"]: row["incident_id"] for row in map(json.loads, lines)}
        figures = in_words(pairwise(found, truth))
        print(f"{size:>9} reports: {seconds[size]:6.1f} s, peak {peak_gb:.2f} GB, {figures}")
    print(f"10 times the reports take {seconds[number] / seconds[number // 10]:.1f} times the time")


def _staged(folder: str, reports: Iterable[Report]) -> list[StagedFile]:
    reports = list(reports)
    articles = {r.article_url: r for r in reports}
    rows = [
        with_hash(
            {
                "article_url": url,
                "version": 1,
                "is_latest": True,
                "source_name": report.source_name,
                "title": report.headline,
                "published_at": report.published_at,
                "fetched_at": report.published_at,
                "language": report.language,
                "text": "",
                "text_source": "page",
                "text_sha256": "",
                "flags": [],
            }
        )
        for url, report in articles.items()
    ]
    to_row = plain_rows("reports_v1")
    return [
        write_staged(folder, "articles_v1", rows),
        write_staged(folder, "reports_v1", (row for r in reports for _, row in to_row(r))),
    ]


def _load(url: str, name: str, files: list[StagedFile]) -> None:
    with open_warehouse(url) as warehouse:
        warehouse.ensure()
        load_run(warehouse, RunContext(name, "2026-01-01T00:00:00Z"), files, "bench")


def fill(url: str, folder: str, old: Sequence[Report]) -> None:
    """Load reports and their incidents into an empty warehouse."""
    files = _staged(folder, old)
    kinds: dict[str, list[Row]] = {}
    for resolved in Resolution(old):
        for kind, row in incident_rows(resolved):
            kinds.setdefault(kind, []).append(row)
    files += [write_staged(folder, kind, rows) for kind, rows in kinds.items()]
    _load(url, "old", files)


def incremental(number: int, new: int, keep: str | None) -> None:
    """Store a ledger, add its latest reports, and print the seconds and how many reports that reads.

    Args:
        number: reports stored before.
        new: reports added.
        keep: folder in which the stored ledger is kept for the next call.
    """
    ledger = islice(synthetic_ledger(number + new, real_towns()), number + new)
    ordered = sorted((report for report, _ in ledger), key=lambda r: str(r.published_at))
    latest = ordered[number:]
    with tempfile.TemporaryDirectory(dir=keep) as work:
        stored = Path(keep or work) / f"stored-{number}.duckdb"
        if not stored.exists():
            fill(f"duckdb:///{stored.absolute()}", f"{work}/old", ordered[:number])
        shutil.copy(stored, Path(work) / "ledger.duckdb")
        del ordered
        _add(f"duckdb:///{work}/ledger.duckdb", f"{work}/new", latest, number)


def _add(url: str, folder: str, new: Sequence[Report], number: int) -> None:
    """Add new reports as a run does, and print the seconds of each step."""
    begin = time.monotonic()
    files = _staged(folder, new)
    with open_warehouse(url) as warehouse:
        new_rows = [record_to_row(r) for r in new]
        found = list(read_affected_reports(warehouse, new_rows, {r.article_url for r in new}))
    read = time.monotonic()
    stored = [f for f in found if isinstance(f, ReportToResolve)]
    settled = [f.settled for f in stored if f.settled is not None]
    resolved, _ = resolve_with_faults([*(f.report for f in stored), *new], settled)
    derived = time.monotonic()
    rows: dict[str, list[Row]] = {
        "affected": [with_hash(record_to_row(f)) for f in found if isinstance(f, AffectedIncident)]
    }
    for incident in resolved:
        for kind, row in incident_rows(incident):
            rows.setdefault(kind, []).append(row)
    files += [write_staged(folder, kind, some) for kind, some in rows.items()]
    _load(url, "new", files)
    end = time.monotonic()
    print(
        f"{len(new)} new reports against {number} stored: {end - begin:.1f} s "
        f"(read {read - begin:.1f}, derive {derived - read:.1f}, write {end - derived:.1f}); "
        f"read {len(stored)} stored reports, derived {len(resolved)} incidents"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["scale", "incremental", "peers", "dense", "records"])
    parser.add_argument("--reports", type=int)
    parser.add_argument("--new", type=int, default=100)
    parser.add_argument(
        "--keep", metavar="DIR", help="folder for the stored ledger; if it holds one already, that is used"
    )
    options = parser.parse_args()
    if options.what == "scale":
        scale(options.reports or 1_000_000)
    elif options.what == "incremental":
        incremental(options.reports or 1_000_000, options.new, options.keep)
    elif options.what == "dense":
        from benchmarks.dense import dense

        dense()
    elif options.what == "records":
        from benchmarks.records import records

        records()
    else:
        from benchmarks.peers import peers

        peers(options.reports or 100_000)


if __name__ == "__main__":
    main()
