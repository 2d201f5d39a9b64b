"""The second pass of a run: once its rows are written, the second reader reads what is in its scope.

It comes after the rows on purpose: an endpoint that is slow or dead neither delays nor loses any of them.
"""

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext

from rich.console import Console

from pipelines.second_reader_options import ChosenReader
from schemas.step_records import RunContext
from transforms.ledger.second_readings import (
    load_second_readings,
    read_unread,
    rows_of,
    stored_answers,
)
from transforms.nlp.second_reader.read_again import SecondReadings, Tally, Unread, read_again
from transforms.nlp.second_reader.reader_settings import ReaderSettings
from transforms.nlp.second_reader.reading_budget import Budget
from transforms.storage.staged import clear_run, run_folder, write_staged
from transforms.util.clock import utc_now
from transforms.util.readable import words
from transforms.warehouse import WarehouseError, open_warehouse
from transforms.warehouse.lease import Lease, waiting_lease

_ARTICLES_A_REQUEST, _MOST_ARTICLES = 10, 5_000
"""Unread articles to look at for each request of the budget, because the gate stops most; and in all."""
_CHUNK_ARTICLES = 100
"""After so many articles the answers are written, so that an interrupted run loses few of them."""


def second_pass(
    warehouse: str, staging: str, run: RunContext, reader: ChosenReader, console: Console | None = None
) -> list[str]:
    """Read stored articles again and write what comes of it. Return the lines of a summary.

    The caller holds the lease of the warehouse for the run. Where the warehouse refuses, a line of the
    summary says so: the run itself is written, and a later run reads what this one could not write.

    Args:
        warehouse: URL of the warehouse.
        staging: folder where runs stage their files.
        run: the run.
        reader: the second reader.
        console: where to show that it is at work; silent where it is no terminal.
    """
    is_shown = console is not None and console.is_terminal
    try:
        with console.status("second reader") if console and is_shown else nullcontext():
            return _second_pass(warehouse, staging, run, reader)
    except WarehouseError as error:
        return [f"second reader  stopped: {error}"]


def _second_pass(warehouse: str, staging: str, run: RunContext, reader: ChosenReader) -> list[str]:
    settings = reader.settings
    most = min(_ARTICLES_A_REQUEST * settings.requests, _MOST_ARTICLES)
    with open_warehouse(warehouse) as opened:
        opened.ensure()
        unread = read_unread(opened, settings, reader.since, most)
        answers = stored_answers(opened, settings, unread)
    budget, total = Budget(settings.requests, settings.tokens), Tally()
    folder = run_folder(staging, run.run_id)
    try:
        for number, found in enumerate(_in_chunks(unread, settings, budget, answers)):
            total.add(found.tally)
            files = [write_staged(folder, table, rows) for table, rows in rows_of(found).items() if rows]
            if files:
                with open_warehouse(warehouse) as opened:
                    is_leased = waiting_lease(warehouse) is not Lease.FILE
                    load_second_readings(opened, files, run.run_id, number, is_leased=is_leased)
    finally:
        clear_run(staging, run.run_id)
    return summary(total, budget, settings)


def _in_chunks(
    unread: Sequence[Unread], settings: ReaderSettings, budget: Budget, stored: Mapping[str, str]
) -> Iterator[SecondReadings]:
    """Yield the readings of some articles after another. Once the reader stops, all further ones are left."""
    answers, deadline = dict(stored), time.monotonic() + settings.seconds
    for first in range(0, len(unread), _CHUNK_ARTICLES):
        chunk = unread[first : first + _CHUNK_ARTICLES]
        seconds = max(0.01, deadline - time.monotonic())
        found = read_again(chunk, settings, budget, seconds, utc_now(), answers)
        answers |= {r.text_sha256: r.answer for r in found.readings if r.answer is not None}
        yield found
        if found.stopped is not None:
            further = len(unread) - first - len(chunk)
            if further:
                yield SecondReadings(tally=Tally(articles=further, left=Counter({found.stopped: further})))
            return


def summary(tally: Tally, budget: Budget, settings: ReaderSettings) -> list[str]:
    """Return what the second reader did, as lines for a person. The tally adds up to the articles."""
    tally.check()
    lines = [
        f"second reader  {tally.articles} articles = {tally.read} read + {tally.dropped.total()} dropped"
        f" + {tally.failed.total()} failed + {tally.left.total()} left for a later run"
    ]
    for what, reasons in (("dropped", tally.dropped), ("failed", tally.failed), ("left", tally.left)):
        lines += [f"  {what}: {number} {words(reason)}" for reason, number in sorted(reasons.items())]
    cost = settings.cost(budget.prompt_tokens, budget.answer_tokens)
    lines.append(
        f"  {tally.reports} reports; {budget.asked} requests, {budget.prompt_tokens} tokens sent,"
        f" {budget.answer_tokens} received" + (f", cost {cost:.4f}" if cost is not None else "")
    )
    if tally.fields_kept or tally.fields_dropped:
        why = ", ".join(f"{number} {words(reason)}" for reason, number in tally.fields_dropped.most_common())
        dropped = tally.fields_dropped.total()
        lines.append(f"  {tally.fields_kept} fields kept, {dropped} dropped" + (f": {why}" if why else ""))
    return lines
