"""``resolve --reports FILE --out DIR``: report JSON lines in, incidents out.

No incident has reports from two scopes (``transforms.resolution.scopes``). So the lines are first distributed
over bucket files by scope, and then one bucket after the other is read, resolved and written. The memory
needed grows with the largest bucket, not with the whole input.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO
from zlib import crc32

from pipelines.json_lines import BadLine, LineInvalid, parse_object, read_lines
from pipelines.output_file import make_folder, written_whole
from pipelines.without_collection import without_collection
from schemas.identity import utc_iso
from schemas.records import Report
from schemas.rows import RowInvalid, record_to_json, row_to_record
from transforms.resolution.resolve import Resolution
from transforms.resolution.scopes import scope_of
from transforms.resolution.vetting import Fault, outcome_lines, preferred

_BUCKETS = 64
"""Large scopes rarely share a bucket, and this many files can be open at once."""
_OUTPUT_FILES = ("incidents.jsonl", "incident_reports.jsonl", "incident_history.jsonl")
_EVIDENCE_FIELDS = frozenset({"event_date_start", "fatalities_low", "injured_low"})
"""The evidence that resolution reads: the words of a correction, and whether a date was assumed."""
_INTERNED_FIELDS = (
    "source_name", "language", "location", "admin1", "country", "weapon", "weapon_name", "actor",
    "claim_status", "attributed_to", "extractor_version",
)  # fmt: skip
"""Fields with few distinct values: each value is kept in memory once."""


@dataclass
class FileResolution:
    """The result of resolving a file.

    ``used``: number of lines that hold a report. ``incidents``: number of incidents written. ``bad_lines``:
    the other lines. ``faults``: one sentence for each kind of fault in the reports.
    """

    used: int = 0
    incidents: int = 0
    bad_lines: list[BadLine] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def report_of_row(raw: dict[str, Any]) -> Report:
    """Return the report of one line, with only the evidence that resolution reads, and no confidences.

    Args:
        raw: the JSON object of the line. Instants may have any offset.

    Raises:
        RowInvalid: it is not a report.
    """
    row = {"article_version": 1, **raw, "field_confidence": []}
    published = row.get("published_at")
    if isinstance(published, str):
        row["published_at"] = utc_iso(published) or published  # vetting judges what is no instant
    evidence = row.get("evidence")
    if isinstance(evidence, list):
        row["evidence"] = [
            e for e in evidence if not isinstance(e, dict) or e.get("field") in _EVIDENCE_FIELDS
        ]
    for name in _INTERNED_FIELDS:
        if isinstance(row.get(name), str):
            row[name] = sys.intern(row[name])
    return row_to_record(Report, row)


def resolve_lines(stream: BinaryIO, folder: Path) -> FileResolution:
    """Write the incidents, links and toll histories of report lines.

    Args:
        stream: report lines.
        folder: where the files are written. It is created where it is missing, but not its parents.

    Raises:
        OutputInvalid: the folder cannot be created.
        OutputFailed: a file cannot be written. Each file is replaced as a whole or stays as it was.
    """
    make_folder(folder)
    result, faults = FileResolution(), list[dict[str, list[Fault]]]()
    bad_lines = result.bad_lines
    with TemporaryDirectory(prefix="strikeledger-") as work, ExitStack() as files, without_collection():
        buckets, repeated_ids = _distribute(stream, Path(work), bad_lines)
        superseded = _superseded_lines(buckets, repeated_ids)
        outputs = [files.enter_context(written_whole(folder / name)) for name in _OUTPUT_FILES]
        for bucket in buckets:
            reports = []
            for number, report in _read_bucket(bucket, bad_lines):
                result.used += 1
                if number in superseded:
                    faults.append({report.report_id: [Fault.DUPLICATE_ID]})
                else:
                    reports.append(report)
            result.incidents += _write_incidents(reports, outputs, faults)
    result.faults = outcome_lines(*faults)
    return result


def _distribute(stream: BinaryIO, work: Path, bad_lines: list[BadLine]) -> tuple[list[Path], set[str]]:
    """Write each line to the bucket of its scope.

    Args:
        stream: report lines.
        work: folder of the buckets.
        bad_lines: lines that are no JSON object are appended.

    Returns:
        The buckets, and the report ids that several lines have. Only hashes of the ids are kept in memory.
        Where two collide, an id is returned that only one line has. This costs time but changes no result.
    """
    hashes: set[int] = set()
    repeated_ids: set[str] = set()
    buckets = [work / f"{n}.jsonl" for n in range(_BUCKETS)]
    with ExitStack() as files:
        outputs = [files.enter_context(b.open("w", encoding="utf-8", newline="\n")) for b in buckets]
        for number, line in read_lines(stream, bad_lines):
            try:
                row = parse_object(line)
            except LineInvalid as error:
                bad_lines.append((number, str(error)))
                continue
            country, report_id = row.get("country"), row.get("report_id")
            if isinstance(report_id, str):
                if hash(report_id) in hashes:
                    repeated_ids.add(report_id)
                hashes.add(hash(report_id))
            scope = scope_of(country if isinstance(country, str) else None)
            outputs[crc32(scope.encode(errors="replace")) % _BUCKETS].write(f"{number}\t{line}\n")
    return buckets, repeated_ids


def _read_bucket(bucket: Path, bad_lines: list[BadLine]) -> Iterator[tuple[int, Report]]:
    """Yield the line numbers and reports of a bucket. Append lines that are no reports to ``bad_lines``."""
    with bucket.open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            number, _, text = line.partition("\t")
            try:
                yield int(number), report_of_row(json.loads(text))
            except RowInvalid as error:
                bad_lines.append((int(number), str(error)))


def _superseded_lines(buckets: list[Path], repeated_ids: set[str]) -> set[int]:
    """Return the numbers of the lines that are not used, because another line with the same id is preferred.

    Lines with one id may lie in several buckets, since they may give different countries.
    """
    if not repeated_ids:
        return set()
    same_id: dict[str, list[tuple[int, Report]]] = {}
    for bucket in buckets:
        for number, report in _read_bucket(bucket, []):
            if report.report_id in repeated_ids:
                same_id.setdefault(report.report_id, []).append((number, report))
    superseded: set[int] = set()
    for lines in same_id.values():
        kept = preferred(report for _, report in lines)
        superseded.update(number for number, report in lines if report != kept)
    return superseded


def _write_incidents(
    reports: list[Report], outputs: Sequence[BinaryIO], faults: list[dict[str, list[Fault]]]
) -> int:
    """Resolve the reports of one bucket and write the results sorted by incident. Return their number."""
    resolution = Resolution(reports)
    incidents = []
    for resolved in resolution:
        records = ([resolved.incident], resolved.links, resolved.history)
        texts = ["".join(record_to_json(record) + "\n" for record in part) for part in records]
        incidents.append((resolved.incident.incident_id, texts))
    incidents.sort()
    for _, texts in incidents:
        for output, text in zip(outputs, texts, strict=True):
            output.write(text.encode())
    faults.append(resolution.faults)
    return len(incidents)
