"""A progress line on a terminal; where the output is piped, lines with ``--verbose`` and else nothing."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from transforms import ExtractReports, FetchArticles, PollFeeds, ResolveIncidents
from transforms.util.counters import listening, step_name

_SHOWN_STEPS = {
    "feeds": step_name(PollFeeds),
    "pages": step_name(FetchArticles),
    "articles read": step_name(ExtractReports),
    "incidents": step_name(ResolveIncidents),
}


SECONDS_BETWEEN_LINES = 10.0


def _counts(done: Counter[str]) -> str:
    return "  ".join(f"{label} {done[name]}" for label, name in _SHOWN_STEPS.items())


@contextmanager
def show_progress(console: Console) -> Iterator[None]:
    """Show how many elements the steps of a run on this machine have finished."""
    if console.is_terminal:
        with _moving_line(console):
            yield
    elif wants_more():
        with _plain_lines(console):
            yield
    else:
        yield


def wants_more() -> bool:
    """Return whether the command line has ``--verbose``."""
    context = click.get_current_context(silent=True)
    return bool(context and context.find_root().params.get("verbose"))


@contextmanager
def _plain_lines(console: Console) -> Iterator[None]:
    """Print the counts when they have changed, at most once in some seconds, and at the end."""
    done: Counter[str] = Counter()
    next_at = time.monotonic() + SECONDS_BETWEEN_LINES

    def update(step: str, _: str, number: int) -> None:
        nonlocal next_at
        done[step] += number
        if time.monotonic() >= next_at:
            next_at = time.monotonic() + SECONDS_BETWEEN_LINES
            console.print(_counts(done), markup=False, soft_wrap=True)

    console.print("starting")
    with listening(update):
        yield
    console.print(_counts(done), markup=False, soft_wrap=True)


@contextmanager
def _moving_line(console: Console) -> Iterator[None]:
    done: Counter[str] = Counter()
    with Progress(
        SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(),
        console=console, transient=True,
    ) as bar:  # fmt: skip
        task = bar.add_task("starting", total=None)

        def update(step: str, _: str, number: int) -> None:
            done[step] += number
            bar.update(task, description=_counts(done))

        with listening(update):
            yield
