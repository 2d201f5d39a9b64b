"""Running a job from this process to its end: alone on its warehouse, and with its staged files deleted."""

from collections.abc import Callable

from apache_beam.options.pipeline_options import PipelineOptions
from rich.console import Console

from pipelines.checks import warnings
from pipelines.hold_lease import hold_lease, lock_file
from pipelines.ingest import new_run, run_ingest
from pipelines.options import IngestConfig, staging_root
from pipelines.progress import show_progress
from pipelines.second_pass import second_pass
from pipelines.second_reader_options import ChosenReader
from pipelines.show import run_summary
from schemas.rows import Row
from schemas.step_records import RunContext
from transforms.ledger.load import is_loaded, run_row
from transforms.storage.files import clear_folder
from transforms.storage.staged import run_folder
from transforms.warehouse import open_warehouse

_NOTHING_DONE: Row = {"reports_written": 0, "incidents_written": 0}
"""Stands for the row of a run that found nothing to do: no file was staged, so nothing was loaded."""


def run_stream(config: IngestConfig, options: PipelineOptions) -> None:
    """Run a stream until it is stopped. Its panes take the lease; this process locks a DuckDB file."""
    with lock_file(config.warehouse):
        run_ingest(config, new_run(), options)


def run_once(
    config: IngestConfig, options: PipelineOptions, console: Console, reader: ChosenReader | None = None
) -> list[str]:
    """Run the main job once and show its progress on a console. Return the lines of its summary.

    Once all is written, the second reader reads on, where there is one.
    """
    run = new_run()
    with hold_lease(config.warehouse, run.run_id):
        if "://" not in config.staging:
            # Delete what a killed run left: its rows never reached the tables, so its files are of no use. In
            # an object store a stream on another machine may use files too, so there they expire after some
            # days.
            clear_folder(config.staging)
        with show_progress(console):
            run_ingest(config, run, options)
        row, messages = _finish(config.warehouse, config.staging, run)
        again = second_pass(config.warehouse, config.staging, run, reader, console) if reader else []
    return [*run_summary(row), *again, *messages]


def run_on_stored(warehouse: str, storage: str | None, work: Callable[[str, RunContext], None]) -> Row:
    """Run a job on what is stored. Return the row of its run.

    Args:
        warehouse: URL of the warehouse.
        storage: folder of the staged files. Default: beside the warehouse.
        work: called with the staging folder and the run.

    Raises:
        WarehouseURLInvalid: not a warehouse URL.
        WarehouseError: there is no such warehouse.
    """
    staging, run = staging_root(warehouse, storage), new_run()
    check_exists(warehouse)
    with hold_lease(warehouse, run.run_id):
        work(staging, run)
        return _finish(warehouse, staging, run)[0]


def read_stored_again(warehouse: str, storage: str | None, reader: ChosenReader) -> list[str]:
    """Let the second reader read stored articles. Return the lines of its summary."""
    staging, run = staging_root(warehouse, storage), new_run()
    with hold_lease(warehouse, run.run_id):
        return second_pass(warehouse, staging, run, reader)


def check_exists(warehouse: str) -> None:
    """Open a warehouse for reading and close it again.

    Raises:
        WarehouseError: there is none, or it cannot be read.
    """
    with open_warehouse(warehouse, read_only=True):
        pass


def _finish(url: str, staging: str, run: RunContext) -> tuple[Row, list[str]]:
    """Delete the run's staged files. Return its row and the warnings of the checks."""
    clear_folder(run_folder(staging, run.run_id))
    with open_warehouse(url, read_only=True) as warehouse:
        row = run_row(warehouse, run.run_id) if is_loaded(warehouse, run.run_id) else _NOTHING_DONE
        return row, warnings(warehouse)
