"""A progress line on a terminal; nothing where the output is piped."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

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


@contextmanager
def show_progress(console: Console) -> Iterator[None]:
    """Show how many elements the steps of a run on this machine have finished."""
    if not console.is_terminal:
        yield
        return
    done: Counter[str] = Counter()
    with Progress(
        SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(),
        console=console, transient=True,
    ) as bar:  # fmt: skip
        task = bar.add_task("starting", total=None)

        def update(step: str, _: str, number: int) -> None:
            done[step] += number
            counts = "  ".join(f"{label} {done[name]}" for label, name in _SHOWN_STEPS.items())
            bar.update(task, description=counts)

        with listening(update):
            yield
