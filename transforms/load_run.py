"""The last step of a run: everything staged goes into the warehouse in one transaction."""

import logging
from collections.abc import Iterable, Iterator
from typing import Any

import apache_beam as beam

from schemas.records import RunContext, StagedFile
from transforms.graph.runs import run_of
from transforms.ledger.load import load_run, may_load, run_line
from transforms.storage.files import clear_folder
from transforms.storage.staged import run_folder
from transforms.util.counters import count
from transforms.warehouse import open_warehouse
from transforms.warehouse.lease import Lease, let_go_lease

_log = logging.getLogger(__name__)


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
