"""``LoadRun`` wires ``load_run`` of ``transforms.ledger.load``: the last step of the graph."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import apache_beam as beam

from schemas.step_records import RunContext, StagedFile
from transforms.graph.runs import run_of
from transforms.graph.typed_outputs import expansion
from transforms.ledger.corrected import derive_corrected
from transforms.ledger.load import load_run, may_load, run_line, run_row
from transforms.ledger.pending import read_payload_hashes
from transforms.storage.staged import clear_run, run_folder, write_staged
from transforms.storage.sweep import sweep_payloads
from transforms.util.counters import count
from transforms.warehouse import open_warehouse
from transforms.warehouse.lease import Lease, lease_holder, release_lease

_log = logging.getLogger(__name__)


@dataclass(eq=False)
class _LoadRun(beam.DoFn):
    """Loads all files of one run."""

    warehouse_url: str
    job: RunContext
    version: str
    staging: str
    lease: Lease
    payloads: str

    def process(
        self, element: tuple[str, Iterable[StagedFile]], window: Any = beam.DoFn.WindowParam
    ) -> Iterator[str]:
        run = run_of(self.job, window)
        if self._load(list(element[1]), run):
            count(load_run, "runs")
            yield run.run_id

    def _load(self, files: list[StagedFile], run: RunContext) -> bool:
        """Load the run's files. Return whether the run still had the right to."""
        with open_warehouse(self.warehouse_url) as warehouse:
            if run != self.job and not may_load(warehouse, run.run_id):
                # A pane that took too long: another run holds its lease now. Its entries and the state of its
                # feeds were never written, so the next pane polls them again.
                count(load_run, "abandoned_panes")
                return False
            load_run(warehouse, run, files, self.version, is_leased=self.lease != Lease.FILE)
            # A repeated bundle finds its run loaded. Where another run writes by now, the rest is its work.
            if self.lease == Lease.FILE or lease_holder(warehouse) == run.run_id:
                stage = partial(write_staged, run_folder(self.staging, run.run_id))
                derive_corrected(warehouse, stage, run.run_id)
                if self.payloads:
                    sweep_payloads(self.payloads, partial(read_payload_hashes, warehouse))
            row = run_row(warehouse, run.run_id)
            if self.lease == Lease.GRAPH:
                release_lease(warehouse, run.run_id)
        _log.info(run_line(row))
        if self.lease == Lease.GRAPH:
            clear_run(self.staging, run.run_id)
        return True


@dataclass(eq=False)
class LoadRun(beam.PTransform):
    """Wait for all staged files, then load and merge them. All files have one key.

    Input: ``StagedFile``. Output: the run's id, once its tables are written. Counters: ``runs``,
    ``abandoned_panes``.

    Args:
        warehouse_url: the warehouse.
        job: the run, or in a stream the job whose panes are runs.
        version: version of this software.
        staging: where runs stage their files.
        lease: what keeps other runs away. With ``Lease.GRAPH``, which a step of the graph has taken, this
            step releases the lease and deletes the run's files.
        payloads: folder of payloads; those that no open dead letter names are deleted. Empty: none are.
    """

    warehouse_url: str
    job: RunContext
    version: str
    staging: str = ""
    lease: Lease = Lease.FILE
    payloads: str = ""

    @expansion
    def expand(self, files: beam.PCollection[StagedFile]) -> beam.PCollection[str]:
        load = _LoadRun(self.warehouse_url, self.job, self.version, self.staging, self.lease, self.payloads)
        return (
            files
            | "OneKey" >> beam.WithKeys("run").with_output_types(tuple[str, StagedFile])
            | "WaitForFiles" >> beam.GroupByKey()
            | beam.ParDo(load).with_output_types(str)
        )
