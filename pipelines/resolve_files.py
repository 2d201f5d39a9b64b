"""``resolve --reports FILE --out DIR``: report lines in, incidents out, in memory that one scope needs.

The lines are first dealt out to files by scope, as no incident crosses one; then file after file is read,
resolved and written. A million reports need no more memory than the largest scope.
"""

import gc
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TextIO
from zlib import crc32

from pipelines.extract_files import numbered_lines
from schemas.identity import utc_iso
from schemas.records import Report
from schemas.rows import RowInvalid, record_to_json, row_to_record
from transforms.resolution.resolve import Resolution
from transforms.resolution.scopes import scope_of
from transforms.resolution.vetting import Fault, outcome_lines, preferred

# Enough that two large scopes seldom meet, few enough to be open at once whatever stands for a country.
_BUCKETS = 64
_FILES = ("incidents.jsonl", "incident_reports.jsonl", "incident_history.jsonl")
# What resolution reads of the evidence: the words of a correction, and whether a day was assumed.
_EVIDENCE = frozenset({"event_date_start", "fatalities_low", "injured_low"})
# Values that come again and again are kept once.
_REPEATED = (
    "source_name", "language", "location", "admin1", "country", "weapon", "weapon_name", "actor",
    "claim_status", "attributed_to", "extractor_version",
)  # fmt: skip


@dataclass
class Outcome:
    """What became of the lines: how many were used, incidents written, messages for a person."""

    used: int = 0
    incidents: int = 0
    messages: list[str] = field(default_factory=list)


def report_of_row(raw: Any) -> Report:
    """Return the report of one line's JSON, without what resolution does not read; instants may carry
    any offset.

    Raises:
        RowInvalid: it does not fit.
    """
    if not isinstance(raw, dict):
        raise RowInvalid("not a JSON object")
    row = {"article_version": 1, **raw, "field_confidence": []}
    published = row.get("published_at")
    if isinstance(published, str):
        # One that can't be read stays as it is: resolution says what becomes of it.
        row["published_at"] = utc_iso(published) or published
    evidence = row.get("evidence")
    if isinstance(evidence, list):
        row["evidence"] = [e for e in evidence if not isinstance(e, dict) or e.get("field") in _EVIDENCE]
    for name in _REPEATED:
        if isinstance(row.get(name), str):
            row[name] = sys.intern(row[name])
    return row_to_record(Report, row)


def resolve_lines(stream: TextIO, folder: Path) -> Outcome:
    """Write incidents, links and history of report lines into a folder."""
    outcome, faults = Outcome(), list[dict[str, list[Fault]]]()
    bad: list[tuple[int, str]] = []
    with TemporaryDirectory(prefix="strikeledger-") as work, ExitStack() as files, _no_cycles():
        scopes, repeated = _deal(stream, Path(work), bad)
        left_out = _losers(scopes, repeated)
        folder.mkdir(parents=True, exist_ok=True)
        outs = [
            files.enter_context((folder / name).open("w", encoding="utf-8", newline="\n")) for name in _FILES
        ]
        for path in scopes:
            reports = []
            for number, report in _reports(path, bad):
                outcome.used += 1
                if number in left_out:
                    faults.append({report.report_id: [Fault.DUPLICATE_ID]})
                else:
                    reports.append(report)
            outcome.incidents += _write(reports, outs, faults)
    outcome.messages = [f"line {number}: {message}" for number, message in sorted(bad)]
    outcome.messages += outcome_lines(*faults)
    return outcome


@contextmanager
def _no_cycles() -> Iterator[None]:
    """Keep the collector of cycles from walking millions of records that hold none, again and again."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _deal(stream: TextIO, work: Path, bad: list[tuple[int, str]]) -> tuple[list[Path], set[str]]:
    """Deal lines out, each scope to one file; return the files and the ids that stand in several lines."""
    seen: set[int] = set()
    repeated: set[str] = set()
    paths = [work / f"{n}.jsonl" for n in range(_BUCKETS)]
    with ExitStack() as files:
        outs = [files.enter_context(p.open("w", encoding="utf-8", newline="\n")) for p in paths]
        for number, line in numbered_lines(stream):
            try:
                raw = json.loads(line)
            except (ValueError, RecursionError) as error:
                bad.append((number, f"not JSON ({error})"))
                continue
            row = raw if isinstance(raw, dict) else {}
            country, the_id = row.get("country"), row.get("report_id")
            if isinstance(the_id, str):
                if hash(the_id) in seen:
                    repeated.add(the_id)
                seen.add(hash(the_id))
            scope = scope_of(country if isinstance(country, str) else None)
            outs[crc32(scope.encode(errors="replace")) % _BUCKETS].write(f"{number}\t{line}\n")
    return paths, repeated


def _reports(path: Path, bad: list[tuple[int, str]]) -> Iterator[tuple[int, Report]]:
    with path.open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            number, _, text = line.partition("\t")
            try:
                yield int(number), report_of_row(json.loads(text))
            except RowInvalid as error:
                bad.append((int(number), str(error)))


def _losers(scopes: list[Path], repeated: set[str]) -> set[int]:
    """Return the numbers of the lines that give way to another line of the same id."""
    if not repeated:
        return set()
    told: dict[str, list[tuple[int, Report]]] = {}
    for path in scopes:
        for number, report in _reports(path, []):
            if report.report_id in repeated:
                told.setdefault(report.report_id, []).append((number, report))
    losers: set[int] = set()
    for lines in told.values():
        kept = preferred(report for _, report in lines)
        losers.update(number for number, report in lines if report != kept)
    return losers


def _write(reports: list[Report], outs: Sequence[TextIO], faults: list[dict[str, list[Fault]]]) -> int:
    """Resolve the reports of one scope and write what comes of them, sorted by incident."""
    resolution = Resolution(reports)
    lines = []
    for resolved in resolution:
        parts = ([resolved.incident], resolved.links, resolved.history)
        texts = ["".join(record_to_json(record) + "\n" for record in part) for part in parts]
        lines.append((resolved.incident.incident_id, texts))
    lines.sort()
    for _, texts in lines:
        for out, text in zip(outs, texts, strict=True):
            out.write(text)
    faults.append(resolution.faults)
    return len(lines)
