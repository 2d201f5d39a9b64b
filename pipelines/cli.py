"""The command line. An error is one clear line on standard error; ``--debug`` shows its traceback.

Each command imports what it needs when it runs, so that ``--help`` takes a tenth of a second.
"""

import atexit
import gc
import logging
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from pipelines import arguments, pipeline_version
from pipelines.add_command import add
from pipelines.command_options import (
    ERR,
    OUT,
    model_option,
    storage_option,
    take_beam_flags,
    warehouse_option,
)
from pipelines.ending import FAILED, exit_status, say
from pipelines.fetch_options import fetch_options
from pipelines.json_lines import BadLine, open_lines, outcome_of_lines
from pipelines.read_commands import dashboard, explain, export, init, show
from pipelines.review_commands import correct, review
from pipelines.second_reader_options import chosen_reader, second_reader_options, second_reader_out_options
from pipelines.serve_command import serve
from pipelines.settings_file import read_settings
from pipelines.stopping import STOP
from pipelines.terminal import accept_any_character, write_utf8
from pipelines.watch_command import watch

# At its end the interpreter searches all objects for garbage, which takes half a second after a run. The
# system takes the memory back anyway.
atexit.register(gc.freeze)
GARBAGE_COLLECTION_THRESHOLD = 50_000
_INTERVALS = "(90s, 15m, 2h, 1d; a bare number is minutes)"


@click.group(
    help="A ledger of strikes from the world's news feeds: one row for every missile, drone, bomb or "
    "artillery strike, each figure with the sentence it came from.",
    epilog="Flags after -- go to Apache Beam, such as -- --runner=DirectRunner.",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(pipeline_version(), prog_name="strikeledger")
@click.option("--debug", is_flag=True, help="Show tracebacks and logs.")
@click.option(
    "-v", "--verbose", is_flag=True, help="Say how far a run is, also where the output is no terminal."
)
@click.option(
    "--config", metavar="FILE", envvar="STRIKELEDGER_CONFIG", show_envvar=True,
    help="A TOML file with values of options. Default: ./strikeledger.toml, where there is one.",
)  # fmt: skip
@click.pass_context
def cli(context: click.Context, debug: bool, verbose: bool, config: str | None) -> None:
    # Loading creates hundreds of thousands of objects that stay. By default Python looks for garbage after
    # every 700 new objects, which took a tenth of the time.
    gc.set_threshold(GARBAGE_COLLECTION_THRESHOLD)
    logging.basicConfig(level=logging.INFO if debug else logging.ERROR, stream=sys.stderr)
    logging.getLogger().setLevel(logging.INFO if debug else logging.ERROR)
    if not debug:  # Beam logs the traceback of every error that the command then tells in one line
        logging.getLogger("apache_beam").setLevel(logging.CRITICAL)
    context.default_map = read_settings(config, cli.commands)


@cli.command(help="Poll feeds, fetch, clean, extract, resolve, write: the main job.")
@click.option(
    "--feeds", required=True, metavar="F", envvar="STRIKELEDGER_FEEDS", show_envvar=True,
    help="The feeds: a YAML file, an OPML file, a URL or file with one feed URL a line, or a single feed.",
)  # fmt: skip
@click.option("--once", is_flag=True, help="Run once and stop (the default).")
@click.option("--every", metavar="15m", help=f"Run again and again at this interval {_INTERVALS}.")
@click.option(
    "--max-failures", metavar="N", type=click.IntRange(1), default=10, show_default=True,
    help="With --every: end after this many failed runs in a row.",
)  # fmt: skip
@click.option("--health", metavar="FILE", help="With --every: a JSON file that says how the runs go.")
@click.option(
    "--settle", metavar="1h",
    help=f"Show an incident only this long {_INTERVALS} after its first report was published. A late report "
    "within that time renames no shown incident. Default: show at once.",
)  # fmt: skip
@click.option("--due", is_flag=True, help="Poll only the feeds whose next poll is due.")
@fetch_options
@click.option(
    "--groups", metavar="N", type=click.IntRange(1, 1000), default=1, show_default=True,
    help="Groups of hosts that the workers of a cluster fetch in parallel.",
)  # fmt: skip
@model_option
@click.option("--watches", metavar="FILE", help="After each run, deliver the alerts of this file of watches.")
@second_reader_options
@warehouse_option
@storage_option
@take_beam_flags
def run(
    feeds: str, once: bool, every: str | None, max_failures: int, health: str | None,
    settle: str | None, due: bool, allow_hosts: tuple[str, ...], host_delay: float | None,
    host_budget: float | None, payload_quota: str | None, groups: int, model: str | None,
    watches: str | None, warehouse: str, storage: str | None, beam_flags: tuple[str, ...],
) -> None:  # fmt: skip
    if once and every:
        raise click.UsageError("--once and --every exclude each other")
    if health and not every:
        raise click.UsageError("--health goes with --every")
    from pipelines.options import RunChoices, beam_options, ingest_config, streams

    choices = RunChoices(
        feeds, warehouse, storage, every, settle, due, allow_hosts, host_delay, groups, model,
        host_budget=host_budget, payload_quota=payload_quota,
    )  # fmt: skip
    choices.check()  # before Beam is loaded, which takes seconds; only flags for Beam need it
    if beam_flags and streams(beam_options(beam_flags)):
        if not every:
            raise click.UsageError("a stream (-- --streaming) takes --every")
        choices = replace(choices, is_stream=True)
    config, pause = ingest_config(choices, _tell), choices.every_s
    if not beam_flags:
        from transforms.nlp.extraction_processes import start_early

        start_early()
    options = beam_options(beam_flags)
    if choices.is_stream:
        if watches is not None:
            raise click.UsageError("a stream takes no --watches: run `strikeledger watch` beside it")
        if chosen_reader() is not None:
            raise click.UsageError(
                "a stream has no second reader; reextract --second-reader reads what it stored"
            )
        from pipelines.jobs import run_stream

        run_stream(config, options)
        return
    alerts = _alerts(watches, warehouse, allow_hosts)
    if pause is None:
        _run_once(config, options)
        alerts()
        return
    from pipelines.jobs import run_once
    from pipelines.repeat import Repetition, repeat

    reader = chosen_reader()

    def run_and_tell() -> list[str]:
        lines = run_once(config, options, ERR, reader)
        alerts()
        return lines

    how = Repetition(pause, max_failures, Path(health) if health else None)
    with STOP.draining() as is_asked:
        repeat(run_and_tell, how, is_asked, say, _show)


def _tell(message: str) -> None:
    ERR.print(message, markup=False, soft_wrap=True)


def _alerts(watches: str | None, warehouse: str, allow_hosts: tuple[str, ...]) -> Callable[[], object]:
    """Return what delivers the alerts of a run. The file of watches is checked now, before the first run."""
    if watches is None:
        return lambda: None
    from pipelines.watch_command import alerts_of_runs

    return alerts_of_runs(watches, warehouse, allow_hosts)


def _run_once(config: Any, options: Any) -> None:
    from pipelines.jobs import run_once

    for line in run_once(config, options, ERR, chosen_reader()):
        _show(line)


def _show(line: str) -> None:
    OUT.print(line, markup=False, soft_wrap=True)


@cli.command(
    help="Retry dead letters, due or not: pages and feeds that could not be fetched or read, and articles "
    "that could not be extracted. What was kept of them is read first."
)
@click.option("--reason", metavar="R", help="Only those of this reason.")
@fetch_options
@model_option
@warehouse_option
@storage_option
@take_beam_flags
def replay(
    reason: str | None, allow_hosts: tuple[str, ...], host_delay: float | None, host_budget: float | None,
    payload_quota: str | None, model: str | None, warehouse: str, storage: str | None,
    beam_flags: tuple[str, ...],
) -> None:  # fmt: skip
    from pipelines.options import beam_options, make_policy, replay_config
    from schemas.vocabulary import REASONS

    if reason is not None and reason not in REASONS:
        raise click.UsageError(f"no such reason: {reason!r} (one of {', '.join(sorted(REASONS))})")
    policy = make_policy(allow_hosts, host_delay, host_budget, payload_quota)
    config = replay_config(reason, warehouse, storage, policy, model)
    arguments.check_warehouse_exists(warehouse)
    options = beam_options(beam_flags)
    _run_once(config, options)


@cli.command(
    help="Article JSON lines in, report JSON lines out. No warehouse; no network without --second-reader."
)
@click.argument("file", default="-", metavar="[FILE | -]")
@model_option
@second_reader_out_options
def extract(file: str, model: str | None) -> None:
    # opened before the extractor is imported, which takes a second
    stream, reader = arguments.open_or_refuse(open_lines, file), chosen_reader(has_warehouse=False)
    from pipelines.extract_files import extract_and_read_again
    from transforms.nlp.settings import ExtractionSettings

    write_utf8()
    used, bad_lines = extract_and_read_again(stream, sys.stdout, ExtractionSettings(model), reader, ERR)
    _report_lines(file, bad_lines, used)


@cli.command(help="Derive incidents: from report lines (--reports, --out), else from the stored reports.")
@click.option("--reports", metavar="FILE", help="Report JSON lines; - is standard input.")
@click.option("--out", metavar="DIR", help="Folder for incidents, links and history.")
@click.option("--since", metavar="DATE", help="Only what reports published since then can affect.")
@warehouse_option
@storage_option
@take_beam_flags
def resolve(
    reports: str | None, out: str | None, since: str | None, warehouse: str,
    storage: str | None, beam_flags: tuple[str, ...],
) -> None:  # fmt: skip
    if reports is not None or out is not None:
        if reports is None or out is None:
            raise click.UsageError("--reports and --out go together")
        stream = arguments.open_or_refuse(open_lines, reports)
        from pipelines.resolve_files import resolve_lines

        done = resolve_lines(stream, Path(out))
        _tell(f"{done.used} reports: {done.incidents} incidents written to {out}")
        for fault in done.faults:
            _tell(f"{reports}: {fault}")
        _report_lines(reports, done.bad_lines, done.used)
        return
    day = arguments.instant_argument(since)
    arguments.check_warehouse_exists(warehouse)
    from pipelines.jobs import run_on_stored
    from pipelines.options import beam_options
    from pipelines.reresolve import run_reresolve

    options = beam_options(beam_flags)
    row = run_on_stored(
        warehouse, storage, lambda staging, run: run_reresolve(warehouse, staging, day, run, options), ERR
    )
    _show("nothing to do" if row is None else f"incidents  {row['incidents_written']} derived again")


@cli.command(
    help="Read stored articles again with this version of the extractor: those whose reports another version "
    "made, and those that have none. Their incidents are derived again."
)
@click.option("--since", metavar="DATE", help="Only articles published since then.")
@model_option
@second_reader_options
@warehouse_option
@storage_option
@take_beam_flags
def reextract(
    since: str | None, model: str | None, warehouse: str, storage: str | None, beam_flags: tuple[str, ...]
) -> None:
    day = arguments.instant_argument(since)
    reader = chosen_reader(day)
    arguments.check_warehouse_exists(warehouse)
    from pipelines.jobs import read_stored_again, run_on_stored
    from pipelines.options import beam_options
    from pipelines.reextract import run_reextract

    options = beam_options(beam_flags)
    row = run_on_stored(
        warehouse,
        storage,
        lambda staging, run: run_reextract(warehouse, staging, day, model, run, options),
        ERR,
    )
    if row is None:
        OUT.print("nothing to do")
    else:
        OUT.print(f"reports    {row['reports_written']}\nincidents  {row['incidents_written']} derived again")
    for line in read_stored_again(warehouse, storage, reader) if reader else ():
        _show(line)


for command in (add, correct, dashboard, explain, export, init, review, serve, show, watch):
    cli.add_command(command)


def _report_lines(name: str, bad_lines: list[BadLine], used: int) -> None:
    """Print what is wrong with single lines. The command fails only where no line could be used."""
    for message in outcome_of_lines(bad_lines, used):
        _tell(f"{name}: {message}")
    if bad_lines and not used:
        raise SystemExit(FAILED)


def main(words_given: list[str] | None = None) -> int:
    """Run the command line and return the exit status: 0 done, 1 the run failed, 2 unusable input.

    Without arguments, this is a process of its own: it takes those of the process, and listens to signals.
    """
    if words_given is None:
        STOP.listen()
    words = list(sys.argv[1:] if words_given is None else words_given)
    ours = words[: words.index("--")] if "--" in words else words
    debug = "--debug" in ours
    accept_any_character()
    for flag in ("--debug", "--verbose", "-v"):  # before the command or behind it
        if flag in ours:
            words.remove(flag)
            words.insert(0, flag)
    return exit_status(lambda: cli.main(args=words, prog_name="strikeledger", standalone_mode=False), debug)


if __name__ == "__main__":
    sys.exit(main())
