"""A progress line on a terminal; nothing where the output is piped."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from transforms.util.counters import listen

_FAILED_QUIETLY = frozenset({"not_modified", "unchanged"})


@contextmanager
def show_progress(console: Console) -> Iterator[None]:
    """Show what the steps of a run on this machine have done so far."""
    if not console.is_terminal:
        yield
        return
    done: Counter[str] = Counter()
    with Progress(
        SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(),
        console=console, transient=True,
    ) as bar:  # fmt: skip
        task = bar.add_task("starting", total=None)

        def heard(step: str, outcome: str, number: int) -> None:
            done[step] += number
            bar.update(
                task,
                description=(
                    f"feeds {done['PollFeeds']}  pages {done['FetchArticles']}  "
                    f"articles read {done['ExtractReports']}  incidents {done['ResolveIncidents']}"
                ),
            )

        listen(heard)
        try:
            yield
        finally:
            listen(None)
