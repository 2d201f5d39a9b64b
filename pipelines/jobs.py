"""Running a job from this process to its end: alone on its warehouse, its staged files cleared away."""

from collections.abc import Callable

from apache_beam.options.pipeline_options import PipelineOptions
from rich.console import Console

from pipelines.checks import warnings
from pipelines.hold_lease import hold_lease, lock_file
from pipelines.ingest import new_run, run_ingest
from pipelines.options import IngestConfig, staging_root
from pipelines.progress import show_progress
from pipelines.show import run_summary
from schemas.records import RunContext
from schemas.rows import Row
from transforms.storage.files import clear_folder
from transforms.storage.staged import run_folder
from transforms.warehouse import open_warehouse


def run_stream(config: IngestConfig, options: PipelineOptions) -> None:
    """Run a stream until it is stopped. Its panes take the lease; a DuckDB file is this process's."""
    with lock_file(config.warehouse):
        run_ingest(config, new_run(), options)


def run_once(config: IngestConfig, options: PipelineOptions, console: Console) -> list[str]:
    """Run the main job once, with its progress on a console; return the lines that sum it up."""
    run = new_run()
    with hold_lease(config.warehouse, run.run_id):
        if "://" not in config.staging:
            # What a killed run left behind: its tables were never touched, its files are of no use. In an
            # object store, which a stream on another machine may use too, they go after some days.
            clear_folder(config.staging)
        with show_progress(console):
            run_ingest(config, run, options)
        row, warned = _clear_and_sum_up(config.warehouse, config.staging, run)
    return [*run_summary(row), *warned]


def run_on_stored(warehouse: str, storage: str | None, work: Callable[[str, RunContext], None]) -> Row:
    """Do work on what is stored, and return its run's row.

    Args:
        warehouse: the warehouse.
        storage: where staged files lie, if not beside it.
        work: called with the staging folder and the run.

    Raises:
        WarehouseURLInvalid: not a warehouse URL.
    """
    staging, run = staging_root(warehouse, storage), new_run()
    with open_warehouse(warehouse, read_only=True):
        pass  # it must be there
    with hold_lease(warehouse, run.run_id):
        work(staging, run)
        return _clear_and_sum_up(warehouse, staging, run)[0]


def _clear_and_sum_up(url: str, staging: str, run: RunContext) -> tuple[Row, list[str]]:
    """Clear the run's staged files away; return its row and what the checks warn of."""
    clear_folder(run_folder(staging, run.run_id))
    with open_warehouse(url, read_only=True) as warehouse:
        (row,) = warehouse.query("SELECT * FROM runs WHERE run_id = @run_id", {"run_id": run.run_id})
        return row, warnings(warehouse)
