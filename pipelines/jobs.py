"""Running a job from this process to its end: alone on its warehouse, and with its staged files deleted."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress

from apache_beam.options.pipeline_options import PipelineOptions
from rich.console import Console

from pipelines.arguments import check_warehouse_exists
from pipelines.checks import warnings
from pipelines.feed_health import failed_feeds
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
from transforms.storage.staged import clear_dead_runs, clear_run
from transforms.warehouse import open_warehouse


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
        clear_dead_runs(config.staging)
        with _staging(config.staging, run), show_progress(console):
            run_ingest(config, run, options)
        again = second_pass(config.warehouse, config.staging, run, reader, console) if reader else []
        with open_warehouse(config.warehouse, read_only=True) as warehouse:
            return [
                *run_summary(run_row(warehouse, run.run_id)),
                *failed_feeds(warehouse, run.run_id),
                *again,
                *warnings(warehouse),
            ]


def run_on_stored(
    warehouse: str,
    storage: str | None,
    work: Callable[[str, RunContext], None],
    console: Console | None = None,
) -> Row | None:
    """Run a job on what is stored. Return the row of its run, or None where there was nothing to do.

    Args:
        warehouse: URL of the warehouse.
        storage: folder of the staged files. Default: beside the warehouse.
        work: called with the staging folder and the run.
        console: where its progress is shown; None: nowhere.

    Raises:
        WarehouseURLInvalid: not a warehouse URL.
        WarehouseError: there is no such warehouse.
    """
    staging, run = staging_root(warehouse, storage), new_run()
    check_warehouse_exists(warehouse)
    with hold_lease(warehouse, run.run_id):
        with _staging(staging, run), show_progress(console) if console else nullcontext():
            work(staging, run)
        with open_warehouse(warehouse, read_only=True) as opened:
            # A graph that stages no row has nothing to load, and then writes no row of a run either.
            return run_row(opened, run.run_id) if is_loaded(opened, run.run_id) else None


def read_stored_again(warehouse: str, storage: str | None, reader: ChosenReader) -> list[str]:
    """Let the second reader read stored articles. Return the lines of its summary."""
    staging, run = staging_root(warehouse, storage), new_run()
    with hold_lease(warehouse, run.run_id):
        return second_pass(warehouse, staging, run, reader)


@contextmanager
def _staging(root: str, run: RunContext) -> Iterator[None]:
    """Delete the run's staged files at the end of the block, also where it fails: the disk may be full of
    them."""
    try:
        yield
    except BaseException:
        with suppress(Exception):  # the first failure is the one to report
            clear_run(root, run.run_id)
        raise
    clear_run(root, run.run_id)
