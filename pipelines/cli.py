"""The command line. An error is one clear line on standard error; ``--debug`` shows its traceback.

Each command imports what it needs when it runs, so that ``--help`` takes a tenth of a second.
"""

import atexit
import datetime as dt
import gc
import logging
import re
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from pipelines import pipeline_version
from pipelines.input_lines import open_named, report_lines
from pipelines.second_reader_options import chosen_reader, second_reader_options, second_reader_out_options
from transforms.util.errors import UserError

# At its end the interpreter searches all objects for garbage, which takes half a second after a run. The
# system takes the memory back anyway.
atexit.register(gc.freeze)
DONE, FAILED, UNUSABLE = 0, 1, 2
_OUT = Console(highlight=False)
_ERR = Console(stderr=True, highlight=False)
GARBAGE_COLLECTION_THRESHOLD = 50_000
_SHOWN = ("incidents", "reports", "feeds", "dead-letters", "runs", "checks")


def _warehouse_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--warehouse", metavar="URL", default="duckdb:///./strikeledger.duckdb", show_default=True,
        help="Where the tables are: duckdb:///path/file.duckdb or bigquery://PROJECT/DATASET[?location=EU].",
    )(command)  # fmt: skip


def _storage_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--storage", metavar="FOLDER",
        help="Folder, or gs://BUCKET/PATH, for staged files and payloads of dead letters. Default: beside "
        "a DuckDB file; for BigQuery ./strikeledger-files.",
    )(command)  # fmt: skip


_beam_flags = click.argument("beam_flags", nargs=-1, type=click.UNPROCESSED, metavar="[-- BEAM FLAGS]")


def _fetch_options(command: Callable[..., Any]) -> Callable[..., Any]:
    allow = click.option(
        "--allow-host", "allow_hosts", multiple=True, metavar="HOST[:PORT]",
        help="Let the fetch guard reach this private or loopback host. Repeatable.",
    )  # fmt: skip
    delay = click.option(
        "--host-delay", type=float, metavar="SECONDS",
        help="Spacing of requests to one host. Default: 5, and 0 for an allowed loopback address.",
    )  # fmt: skip
    return allow(delay(command))


@click.group(
    help="A ledger of strikes from the world's news feeds: one row for every missile, drone, bomb or "
    "artillery strike, each figure with the sentence it came from.",
    epilog="Flags after -- go to Apache Beam, such as -- --runner=DirectRunner.",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(pipeline_version(), prog_name="strikeledger")
@click.option("--debug", is_flag=True, help="Show tracebacks and logs.")
def cli(debug: bool) -> None:
    # Loading creates hundreds of thousands of objects that stay. By default Python looks for garbage after
    # every 700 new objects, which took a tenth of the time.
    gc.set_threshold(GARBAGE_COLLECTION_THRESHOLD)
    logging.basicConfig(level=logging.INFO if debug else logging.ERROR, stream=sys.stderr)
    logging.getLogger().setLevel(logging.INFO if debug else logging.ERROR)


@cli.command(help="Poll feeds, fetch, clean, extract, resolve, write: the main job.")
@click.option(
    "--feeds", required=True, metavar="F",
    help="The feeds: a YAML file, an OPML file, or a URL or file with one feed URL a line.",
)  # fmt: skip
@click.option("--once", is_flag=True, help="Run once and stop (the default).")
@click.option("--every", metavar="15m", help="Run again and again at this interval (s, m or h).")
@click.option(
    "--settle", metavar="1h",
    help="Show an incident only this long after its first report was published (s, m or h). A late report "
    "within that time renames no shown incident. Default: show at once.",
)  # fmt: skip
@click.option("--due", is_flag=True, help="Poll only the feeds whose next poll is due.")
@_fetch_options
@click.option(
    "--groups", type=click.IntRange(1, 1000), default=1, show_default=True,
    help="Groups of hosts that the workers of a cluster fetch in parallel.",
)  # fmt: skip
@click.option("--model", metavar="NAME", help="An installed spaCy model.")
@second_reader_options
@_warehouse_option
@_storage_option
@_beam_flags
def run(
    feeds: str, once: bool, every: str | None, settle: str | None, due: bool,
    allow_hosts: tuple[str, ...], host_delay: float | None, groups: int, model: str | None, warehouse: str,
    storage: str | None, beam_flags: tuple[str, ...],
) -> None:  # fmt: skip
    if once and every:
        raise click.UsageError("--once and --every exclude each other")
    if not beam_flags:
        from transforms.nlp.extraction_processes import start_early

        start_early()
    from pipelines.options import RunChoices, beam_options, ingest_config, streams

    options = beam_options(beam_flags)
    if streams(options) and not every:
        raise click.UsageError("a stream (-- --streaming) takes --every")
    choices = RunChoices(
        feeds, warehouse, storage, every, settle, due, allow_hosts, host_delay, groups, model,
        is_stream=streams(options),
    )  # fmt: skip
    config, pause = ingest_config(choices), choices.every_s
    if choices.is_stream:
        if chosen_reader() is not None:
            raise click.UsageError(
                "a stream has no second reader; reextract --second-reader reads what it stored"
            )
        from pipelines.jobs import run_stream

        run_stream(config, options)
        return
    while True:
        started = time.monotonic()
        _run_once(config, options)
        if pause is None:
            return
        time.sleep(max(0.0, pause - (time.monotonic() - started)))


def _run_once(config: Any, options: Any) -> None:
    from pipelines.jobs import run_once

    for line in run_once(config, options, _ERR, chosen_reader()):
        _OUT.print(line, markup=False, soft_wrap=True)


@cli.command(
    help="Retry dead letters, due or not: pages and feeds that could not be fetched or read, and articles "
    "that could not be extracted. What was kept of them is read first."
)
@click.option("--reason", metavar="R", help="Only those of this reason.")
@_fetch_options
@click.option("--model", metavar="NAME", help="An installed spaCy model.")
@_warehouse_option
@_storage_option
@_beam_flags
def replay(
    reason: str | None, allow_hosts: tuple[str, ...], host_delay: float | None, model: str | None,
    warehouse: str, storage: str | None, beam_flags: tuple[str, ...],
) -> None:  # fmt: skip
    from pipelines.jobs import check_exists
    from pipelines.options import beam_options, make_policy, replay_config
    from schemas.vocabulary import REASONS

    if reason is not None and reason not in REASONS:
        raise click.UsageError(f"no such reason: {reason!r} (one of {', '.join(sorted(REASONS))})")
    config = replay_config(reason, warehouse, storage, make_policy(allow_hosts, host_delay), model)
    options = beam_options(beam_flags)
    check_exists(warehouse)
    _run_once(config, options)


@cli.command(
    help="Article JSON lines in, report JSON lines out. No warehouse; no network without --second-reader."
)
@click.argument("file", default="-", metavar="[FILE | -]")
@click.option("--model", metavar="NAME", help="An installed spaCy model.")
@second_reader_out_options
def extract(file: str, model: str | None) -> None:
    from pipelines.extract_files import extract_and_read_again, open_input
    from transforms.nlp.settings import ExtractionSettings

    stream, reader = open_named(open_input, file), chosen_reader(has_warehouse=False)
    used, messages = extract_and_read_again(stream, sys.stdout, ExtractionSettings(model), reader, _ERR)
    report_lines(file, messages, used, _ERR)


@cli.command(help="Derive incidents: from report lines (--reports, --out), else from the stored reports.")
@click.option("--reports", metavar="FILE", help="Report JSON lines; - is standard input.")
@click.option("--out", metavar="DIR", help="Folder for incidents, links and history.")
@click.option("--since", metavar="DATE", help="Only what reports published since then can affect.")
@_warehouse_option
@_storage_option
@_beam_flags
def resolve(
    reports: str | None, out: str | None, since: str | None, warehouse: str,
    storage: str | None, beam_flags: tuple[str, ...],
) -> None:  # fmt: skip
    if reports is not None or out is not None:
        if reports is None or out is None:
            raise click.UsageError("--reports and --out go together")
        from pipelines.extract_files import open_input
        from pipelines.resolve_files import resolve_lines

        done = resolve_lines(open_named(open_input, reports), Path(out))
        _ERR.print(
            f"{done.used} reports: {done.incidents} incidents written to {out}", markup=False, soft_wrap=True
        )
        report_lines(reports, done.messages, done.used, _ERR)
        return
    from pipelines.jobs import run_on_stored
    from pipelines.options import beam_options
    from pipelines.reresolve import run_reresolve

    day, options = _since(since), beam_options(beam_flags)
    run_on_stored(
        warehouse, storage, lambda staging, run: run_reresolve(warehouse, staging, day, run, options)
    )


@cli.command(
    help="Read stored articles again with this version of the extractor: those whose reports another version "
    "made, and those that have none. Their incidents are derived again."
)
@click.option("--since", metavar="DATE", help="Only articles published since then.")
@click.option("--model", metavar="NAME", help="An installed spaCy model.")
@second_reader_options
@_warehouse_option
@_storage_option
@_beam_flags
def reextract(
    since: str | None, model: str | None, warehouse: str, storage: str | None, beam_flags: tuple[str, ...]
) -> None:
    from pipelines.jobs import read_stored_again, run_on_stored
    from pipelines.options import beam_options
    from pipelines.reextract import run_reextract

    day, options = _since(since), beam_options(beam_flags)
    reader = chosen_reader(day)
    row = run_on_stored(
        warehouse, storage, lambda staging, run: run_reextract(warehouse, staging, day, model, run, options)
    )
    _OUT.print(f"reports    {row['reports_written']}\nincidents  {row['incidents_written']} derived again")
    for line in read_stored_again(warehouse, storage, reader) if reader else ():
        _OUT.print(line, markup=False, soft_wrap=True)


def _since(text: str | None) -> str | None:
    from schemas.identity import parse_instant

    if text is not None and parse_instant(text) is None:
        raise click.UsageError(f"--since takes a date such as 2025-04-01, not {text!r}")
    return text


@cli.command(help="Write a table or view as JSON lines, CSV, Parquet or GeoJSON.")
@click.argument("table")
@click.option(
    "--format", "form", type=click.Choice(["jsonl", "csv", "parquet", "geojson"]), default="jsonl",
    show_default=True,
)  # fmt: skip
@click.option("--out", metavar="FILE", help="Default: standard output.")
@_warehouse_option
def export(table: str, form: str, out: str | None, warehouse: str) -> None:
    from pipelines.export import encode, export_rows, write_out
    from transforms.warehouse import open_warehouse

    with open_warehouse(warehouse, read_only=True) as opened:
        columns, rows = export_rows(opened, table)
    data = encode(rows, form, columns)
    if out is None:
        write_out(data, sys.stdout.buffer)
    else:
        Path(out).parent.mkdir(parents=True, exist_ok=True)
        Path(out).write_bytes(data)


@cli.command(help="Print a readable table.")
@click.argument("what", type=click.Choice(_SHOWN), default="incidents", metavar=f"[{'|'.join(_SHOWN)}]")
@_warehouse_option
def show(what: str, warehouse: str) -> None:
    from pipelines.checks import print_checks
    from pipelines.show import print_view
    from transforms.warehouse import open_warehouse

    console = _OUT if _OUT.is_terminal else Console(highlight=False, width=160)
    with open_warehouse(warehouse, read_only=True) as opened:
        if what == "checks":
            print_checks(opened, console)
        else:
            print_view(opened, what, console)


@cli.command(
    help="Write one self-contained page: map, timeline, toll history, sources, table. It opens from disk."
)
@click.option("--out", required=True, metavar="FILE.html")
@click.option("--since", metavar="DATE", help="Only incidents from this day on.")
@click.option("--until", metavar="DATE", help="Only incidents up to this day.")
@_warehouse_option
def dashboard(out: str, since: str | None, until: str | None, warehouse: str) -> None:
    from pipelines.dashboard.page import write_dashboard
    from transforms.util.clock import utc_now
    from transforms.warehouse import open_warehouse

    first, last = _day("--since", since, dt.date.min), _day("--until", until, dt.date.max)
    with open_warehouse(warehouse, read_only=True) as opened:
        page = write_dashboard(opened, Path(out), utc_now(), first, last)
    _OUT.print(
        f"{out}: {page.incidents} incidents, {page.size / 1e6:.1f} MB"
        + (f"; details of the {page.detailed} latest" if page.detailed < page.incidents else ""),
        markup=False, soft_wrap=True,
    )  # fmt: skip


def _day(option: str, text: str | None, default: dt.date) -> dt.date:
    if text is None:
        return default
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise click.UsageError(f"{option} takes a date such as 2025-04-01, not {text!r}") from None


@cli.command(
    help="Why: an article with what was seen in it and what was left out; a report or incident by field."
)
@click.argument("what", metavar="ID_OR_URL")
@_warehouse_option
def explain(what: str, warehouse: str) -> None:
    from pipelines.explain import explain as print_explanation
    from transforms.warehouse import open_warehouse

    console = _OUT if _OUT.is_terminal else Console(highlight=False, width=160)
    with open_warehouse(warehouse, read_only=True) as opened:
        print_explanation(opened, what, console)


@cli.command(help="Create tables and views, or upgrade them; nothing is ever dropped.")
@_warehouse_option
def init(warehouse: str) -> None:
    from pipelines.hold_lease import hold_lease
    from transforms.warehouse import open_warehouse

    with hold_lease(warehouse, "init"), open_warehouse(warehouse) as opened:
        done = opened.ensure()
    for line in done or ["nothing to do"]:
        _OUT.print(line, markup=False)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return the exit status: 0 done, 1 the run failed, 2 unusable input."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    ours = words[: words.index("--")] if "--" in words else words
    debug = "--debug" in ours
    if debug:  # before the command or behind it
        words.remove("--debug")
        words.insert(0, "--debug")
    try:
        cli.main(args=words, prog_name="strikeledger", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else "", err=True)
        return UNUSABLE
    except click.ClickException as error:
        return _fail(error.format_message(), UNUSABLE, debug)
    except (click.Abort, KeyboardInterrupt):
        return _fail("stopped", FAILED, False)
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else FAILED
    except BrokenPipeError:
        sys.stderr.close()
        return FAILED
    except UserError as error:
        return _fail(str(error), UNUSABLE, debug)
    except Exception as error:  # whatever else fails is one line too, not a traceback
        return _fail(_innermost(error), FAILED, debug)
    return DONE


def _innermost(error: BaseException) -> str:
    """Return the first line of the error itself. Beam appends the steps that the error passed through."""
    text = str(error) or type(error).__name__
    first = text.strip().splitlines()[0]
    return re.sub(r"\s*\[while running .*", "", first)


def _fail(message: str, status: int, debug: bool) -> int:
    if debug:
        traceback.print_exc()
    _ERR.print(f"strikeledger: {' '.join(message.split())}", markup=False, soft_wrap=True)
    return status


if __name__ == "__main__":
    sys.exit(main())
