"""The last step of a run: everything staged goes into the warehouse in one transaction."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import apache_beam as beam

from schemas.identity import parse_instant
from schemas.records import RunContext, StagedFile
from schemas.tables import Column, tables
from transforms.clock import utc_now
from transforms.files import clear_folder
from transforms.nlp.language import available_languages
from transforms.outcomes import count
from transforms.runs import is_loaded, run_of
from transforms.staging import run_folder
from transforms.warehouse import Warehouse, open_warehouse
from transforms.warehouse.lease import Lease, lease_holder, let_go_lease
from transforms.warehouse.write import (
    run_checks,
    run_statements,
    staging_columns,
    staging_name,
    windows,
)

_log = logging.getLogger(__name__)


def _column(name: str, kind: str) -> Column:
    return Column(name, kind, "NULLABLE", "")


_HASH = _column("_row_hash", "STRING")
_TRANSIENT: dict[str, tuple[str, list[Column]]] = {
    "intakes": (
        "staged_intakes",
        [_column("origin", "STRING"), _column("is_failed", "BOOLEAN"), _column("entries", "INTEGER")],
    ),
    "outcomes": (
        "staged_outcomes",
        [_column(n, "STRING") for n in (
            "feed_url", "entry_id", "entry_hash", "article_url", "outcome", "reason", "why", "alias")],
    ),
    "extracted": ("staged_extracted", [_column("article_url", "STRING"), _column("version", "INTEGER")]),
    "touched": ("staged_touched", [_column("incident_id", "STRING")]),
    "dead_letters": (
        "staged_dead_letters_v1",
        [
            *(_column(n, "STRING") for n in ("dead_letter_id", "stage", "reason")),
            _column("retryable", "BOOLEAN"),
            *(_column(n, "STRING") for n in ("message", "feed_url", "page_url", "entry_id")),
            _column("http_status", "INTEGER"),
            _column("payload", "STRING"),
            _column("failed_at", "TIMESTAMP"),
            _column("retry_after_s", "FLOAT"),
            _column("payload_uri", "STRING"),
            _column("payload_sha256", "STRING"),
        ],
    ),
}  # fmt: skip
_FIGURES = (
    "feeds_polled", "feeds_failed", "entries_in", "entries_written", "entries_duplicate", "entries_dropped",
    "entries_dead_letter", "reports_written", "incidents_written",
)  # fmt: skip
_TABLES = (
    "articles_v1", "reports_v1", "incidents_v1", "incident_reports_v1", "incident_history_v1",
    "feed_state_v1", "entries_v1",
)  # fmt: skip


def load_run(
    warehouse: Warehouse,
    run: RunContext,
    files: Sequence[StagedFile],
    version: str,
    is_leased: bool = False,
) -> None:
    """Load and merge all staged files of a run, its feed state and its row, or nothing at all.

    Raises:
        WarehouseError: the counts do not add up, or the warehouse refuses.
    """
    if is_loaded(warehouse, run.run_id):
        return  # a bundle that is run twice: the first time was enough
    paths: dict[str, list[str]] = {}
    expected = dict.fromkeys(("dead_letters_v1", *_TABLES), 0)
    for file in sorted(files, key=lambda f: f.path):
        paths.setdefault(file.kind, []).append(file.path)
        table = "dead_letters_v1" if file.kind == "dead_letters" else file.kind
        if table in expected:
            expected[table] += file.rows
    staged = {staging_name(name): (staging_columns(tables()[name]), paths.get(name, [])) for name in _TABLES}
    for kind, (name, columns) in _TRANSIENT.items():
        staged[name] = ([*columns, _HASH], paths.get(kind, []))
    now = parse_instant(utc_now())
    warehouse.load(
        staged,
        run_statements(),
        {
            "now": now,
            "run_id": run.run_id,
            "started_at": parse_instant(run.started_at),
            "pipeline_version": version,
            "languages": list(available_languages()),
        },
        run_checks(expected, is_leased),
        windows(),
        run.run_id,
    )


def run_line(row: Mapping[str, Any]) -> str:
    """Return what is logged of a run that was loaded. The alerts of ``deploy/terraform`` read it."""
    figures = " ".join(f"{name}={row[name]}" for name in _FIGURES)
    return f"strikeledger run {row['run_id']}: {figures}"


def may_load(warehouse: Warehouse, run_id: str) -> bool:
    """Return whether a pane's rows are still wanted: it holds the lease, or its rows are there already."""
    return lease_holder(warehouse) == run_id or is_loaded(warehouse, run_id)


class _LoadRun(beam.DoFn):
    def __init__(self, what: "LoadRun") -> None:
        self._url, self._job, self._version = what.warehouse_url, what.job, what.version
        self._staging, self._lease = what.staging, what.lease

    def process(
        self, element: tuple[str, Iterable[StagedFile]], window: Any = beam.DoFn.WindowParam
    ) -> Iterator[str]:
        run = run_of(self._job, window)
        if self._load(list(element[1]), run):
            count("LoadRun", "runs")
            yield run.run_id

    def _load(self, files: list[StagedFile], run: RunContext) -> bool:
        """Load the run's files, and return whether they were still wanted."""
        with open_warehouse(self._url) as warehouse:
            if run != self._job and not may_load(warehouse, run.run_id):
                # A pane that took too long, and whose lease another has by now. What it holds comes again:
                # its entries and its feeds' state were never written.
                count("LoadRun", "abandoned_panes")
                return False
            load_run(warehouse, run, files, self._version, self._lease != Lease.FILE)
            rows = warehouse.query("SELECT * FROM runs WHERE run_id = @run_id", {"run_id": run.run_id})
            if self._lease == Lease.GRAPH:
                let_go_lease(warehouse, run.run_id)
        _log.info(run_line(rows[0]))
        if self._lease == Lease.GRAPH:
            clear_folder(run_folder(self._staging, run.run_id))
        return True


class LoadRun(beam.PTransform):
    """Wait for all staged files, then load and merge them: the last step of the graph.

    Input: ``StagedFile``. Output: the run's id, once its tables are written. One key: all files.
    Counters: ``runs``, ``abandoned_panes``.

    Args:
        warehouse_url: the warehouse.
        job: the run, or in a stream the job whose panes are runs.
        version: version of this software.
        staging: where runs stage their files.
        lease: what keeps other runs away. One that the graph itself took is let go of, and the run's files
            are cleared away.
    """

    def __init__(
        self, warehouse_url: str, job: RunContext, version: str, staging: str = "", lease: Lease = Lease.FILE
    ) -> None:
        super().__init__()
        self.warehouse_url, self.job, self.version = warehouse_url, job, version
        self.staging, self.lease = staging, lease

    def expand(self, files: beam.PCollection[StagedFile]) -> beam.PCollection[str]:
        return (
            files
            | "OneKey" >> beam.WithKeys("run").with_output_types(tuple[str, StagedFile])
            | "WaitForFiles" >> beam.GroupByKey()
            | beam.ParDo(_LoadRun(self)).with_output_types(str)
        )
