"""``show``: readable tables in the terminal."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from rich.console import Console

from pipelines.chosen_columns import check_columns
from pipelines.feed_health import feed_health, feed_name, poll_reason
from pipelines.row_filter import EVERY_ROW, RowFilter
from pipelines.shown_table import ShownColumn, print_table
from schemas.sql_files import statement
from transforms.util.readable import dates, duration, minute, text_or_dash, toll, words
from transforms.util.table_forms import flat_cell
from transforms.warehouse import Row, Warehouse

_SHORT_ID = 12
"""Characters of an id in a table: in a million incidents hardly two share them."""


def _text(name: str) -> Callable[[Row], str]:
    return lambda row: text_or_dash(row[name])


def _plain(name: str) -> Callable[[Row], str]:
    """Return a cell with a value as exports have it: lists with semicolons, records as JSON."""
    return lambda row: text_or_dash(flat_cell(row[name]))


def _place(row: Row) -> str:
    """Return the place, with the spot in it where one is known: "Gaza City (Zeitoun neighbourhood)"."""
    return f"{row['location']} ({row['sublocation']})" if row["sublocation"] else str(row["location"])


def _words(name: str) -> Callable[[Row], str]:
    return lambda row: words(row[name])


def _minute(name: str) -> Callable[[Row], str]:
    return lambda row: minute(row[name])


def _toll(kind: str) -> Callable[[Row], str]:
    return lambda row: toll(row, kind)


def _toll_steps(row: Row) -> str:
    """Return the numbers of killed in the order of publication: 4, 12+, 20; nothing where it is one."""
    steps: Sequence[Row] = row["steps"] or ()
    figures = [figure for figure, _ in groupby(toll(step, "fatalities") for step in steps)]
    return ", ".join(figures) if len(figures) > 1 else ""


def _next_attempt(row: Row) -> str:
    """Return when a run retries the dead letters; those that no run retries need the command ``replay``."""
    return minute(row["next_attempt_at"]) if row["retryable"] else "replay"


def _short_id(name: str) -> Callable[[Row], str]:
    """Return a cell with as much of an id as ``explain`` and ``correct`` need."""
    return lambda row: str(row[name])[:_SHORT_ID]


def _adds_up(row: Row) -> str:
    """Return whether each entry of a run has exactly one outcome.

    A run whose counts do not add up is not written, so "NO" means a damaged table.
    """
    outcomes = ("entries_written", "entries_duplicate", "entries_dropped", "entries_dead_letter")
    return "yes" if row["entries_in"] == sum(row[outcome] for outcome in outcomes) else "NO"


@dataclass(frozen=True, slots=True)
class View:
    """One table of ``show``.

    ``empty``: the line that stands for it where it has no rows. ``spare``: what a narrow terminal leaves out.
    """

    columns: tuple[ShownColumn, ...]
    empty: str
    spare: tuple[str, ...] = ()


_Column = ShownColumn
VIEWS: dict[str, View] = {
    "incidents": View(
        (
            _Column("date", dates, "nowrap"),
            _Column("place", _place),
            _Column("country", _text("country")),
            _Column("weapon", _words("weapon")),
            _Column("actor", _text("actor")),
            _Column("killed", _toll("fatalities"), "right"),
            _Column("as reported", _toll_steps),
            _Column("injured", _toll("injured"), "right"),
            _Column("reports", _text("number_of_reports"), "right"),
            _Column("sources", _text("number_of_sources"), "right"),
            _Column("status", _words("status"), "nowrap"),
            _Column("id", _short_id("incident_id"), "nowrap"),
        ),
        "no incidents yet",
        ("sources", "as reported", "reports", "actor", "injured", "country", "status"),
    ),
    "reports": View(
        (
            _Column("published", _minute("published_at"), "nowrap"),
            _Column("source", _text("source_name")),
            _Column("date", dates, "nowrap"),
            _Column("place", _place),
            _Column("weapon", _words("weapon")),
            _Column("killed", _toll("fatalities"), "right"),
            _Column("injured", _toll("injured"), "right"),
            _Column("main", lambda row: "yes" if row["is_main"] else "no"),
            _Column("confidence", lambda row: f"{row['confidence']:.2f}", "right"),
            _Column("id", _short_id("report_id"), "nowrap"),
        ),
        "no reports yet",
        ("confidence", "main", "injured", "date"),
    ),
    "feeds": View(
        (
            _Column("feed", feed_name),
            _Column("health", feed_health),
            _Column("last success", _minute("last_success_at"), "nowrap"),
            _Column("last poll", _minute("last_polled_at"), "nowrap"),
            _Column("next poll", _minute("next_poll_at"), "nowrap"),
            _Column("interval", lambda row: duration(row["interval_s"]), "right"),
            _Column("reason", poll_reason),
            _Column("entries", _text("entries_seen"), "right"),
        ),
        "no feeds polled yet",
        ("entries", "interval", "last poll", "reason", "last success"),
    ),
    "dead-letters": View(
        (
            _Column("letters", _text("letters"), "right"),
            _Column("reason", _words("reason")),
            _Column("stage", _text("stage")),
            _Column("host", _text("host"), "fold"),
            _Column("first failure", _minute("first_failed_at"), "nowrap"),
            _Column("attempts", _text("attempts"), "right"),
            _Column("next attempt", _next_attempt, "nowrap"),
            _Column("example", _text("url"), "fold"),
            _Column("message", _text("message")),
        ),
        "no open dead letters",
        ("message", "attempts", "first failure", "stage"),
    ),
    "runs": View(
        (
            _Column("started", _minute("started_at"), "nowrap"),
            _Column("feeds", _text("feeds_polled"), "right"),
            _Column("failed", _text("feeds_failed"), "right"),
            _Column("entries", _text("entries_in"), "right"),
            _Column("adds up", _adds_up),
            _Column("written", _text("entries_written"), "right"),
            _Column("duplicate", _text("entries_duplicate"), "right"),
            _Column("dropped", _text("entries_dropped"), "right"),
            _Column("dead letters", _text("entries_dead_letter"), "right"),
            _Column("articles", _text("articles_written"), "right"),
            _Column("reports", _text("reports_written"), "right"),
        ),
        "no runs yet",
        ("adds up", "articles", "feeds", "failed"),
    ),
}
"""The tables by their name on the command line. The rows of each are those of ``sql/show_NAME.sql``."""


def _columns_named(view: View, row: Row, names: Sequence[str], table: str) -> Sequence[ShownColumn]:
    """Return the columns that a user names by their headings, or by their names in the rows."""
    by_name = {column.heading: column for column in view.columns}
    plain = {name: _Column(name, _plain(name), "fold") for name in row if not name.startswith("_")}
    check_columns(names, list(by_name | plain), table)
    return [by_name.get(name) or plain[name] for name in names] or view.columns


def print_view(
    warehouse: Warehouse,
    name: str,
    console: Console,
    wanted: RowFilter = EVERY_ROW,
    names: Sequence[str] = (),
) -> int:
    """Print a table of ``show`` and return its number of rows.

    Args:
        warehouse: an open warehouse.
        name: which table.
        console: where to print.
        wanted: the rows to print.
        names: the columns to print. Default: those that the table usually has.

    Raises:
        FilterInvalid: the table has no column that ``wanted`` reads.
        ColumnUnknown: the table has no such column.
    """
    view = VIEWS[name]
    every = warehouse.query(statement(__file__, f"show_{name.replace('-', '_')}"))
    if not every:
        console.print(view.empty)
        return 0
    wanted.check(name, list(every[0]))
    columns = _columns_named(view, every[0], names, name)
    rows = list(wanted.rows(every))
    if not rows:
        console.print(f"none of {len(every)} {name} fits")
        return 0
    print_table(console, columns, rows, () if names else view.spare)
    return len(rows)


def run_summary(row: Row) -> list[str]:
    """Return the counts of a run as lines for a person.

    Args:
        row: the run's row of ``runs``.
    """
    lines = [
        f"feeds      {row['feeds_polled']} polled, {row['feeds_failed']} failed",
        f"entries    {row['entries_in']} in = {row['entries_written']} written"
        f" + {row['entries_duplicate']} duplicate + {row['entries_dropped']} dropped"
        f" + {row['entries_dead_letter']} dead letters"
        + (f" ({row['entries_deferred']} deferred to the next run)" if row["entries_deferred"] else ""),
        f"articles   {row['articles_written']} written"
        + (
            f", {row['articles_not_extracted']} in a language without a pack"
            if row["articles_not_extracted"]
            else ""
        ),
        f"reports    {row['reports_written']} written, {row['incidents_written']} incidents derived",
    ]
    for drop in row["dropped_by_reason"] or ():
        lines.append(f"  dropped: {drop['entries']} {words(drop['reason'])}")
    if row["dead_letters_written"] or row["dead_letters_resolved"]:
        lines.append(
            f"failures   {row['dead_letters_written']} dead letters, "
            f"{row['dead_letters_resolved']} earlier ones resolved"
        )
    return lines
