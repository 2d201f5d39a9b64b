"""Tables for people: what ``show`` prints."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from transforms.warehouse import Warehouse

Row = Mapping[str, Any]


def toll(row: Row, name: str) -> str:
    """Return a toll as people write it: 14, 14+, 10-15, up to 20, or a dash for not said."""
    low, best, high = (row[f"{name}_{end}"] for end in ("low", "best", "high"))
    if low is None and high is None:
        return "–"
    if high is None:
        return f"{low}+"
    if low == high:
        return str(low)
    return f"up to {high}" if not low and best == high else f"{low}–{high}"


def dates(row: Row) -> str:
    """Return an interval of dates in short: 2025-04-04, or 2025-04-03/04."""
    start, end = row["event_date_start"], row["event_date_end"]
    if start is None:
        return "–"
    if end is None or end == start:
        return str(start)
    return f"{start}/{end[8:]}" if start[:7] == end[:7] else f"{start}/{end[5:]}"


def _steps(steps: Sequence[Row] | None) -> str:
    """Return how a toll came about: 4, 12+, 14, 20; nothing where it was told once."""
    told = [figure for figure, _ in groupby(toll(step, "fatalities") for step in steps or ())]
    return ", ".join(told) if len(told) > 1 else ""


def words(value: object) -> str:
    """Return a word of a closed list as words."""
    return "–" if value is None else str(value).replace("_", " ")


def _text(name: str) -> Callable[[Row], str]:
    return lambda row: "–" if row[name] is None else str(row[name])


def _minute(name: str) -> Callable[[Row], str]:
    return lambda row: "–" if row[name] is None else str(row[name])[:16].replace("T", " ")


def span(seconds: float | None) -> str:
    """Return a span of time in short: 10 min, 1.5 h."""
    if seconds is None:
        return "–"
    if seconds < 60:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5_400 else f"{seconds / 3_600:.1f} h"


def _health(row: Row) -> str:
    """Return how a feed does: ok, failing with the reason, or stopped."""
    if row["stopped_reason"] is not None:
        return f"stopped: {words(row['stopped_reason'])}"
    if row["consecutive_failures"]:
        return f"failing ({row['consecutive_failures']}): {words(row['last_status'])}"
    return "ok" if row["last_status"] == "ok" else f"ok, {words(row['last_status'])}"


def _adds_up(row: Row) -> str:
    """Return whether each entry of a run met exactly one fate. A run that does not add up is not written,
    so "no" here means a damaged table."""
    fates = ("entries_written", "entries_duplicate", "entries_dropped", "entries_dead_letter")
    return "yes" if row["entries_in"] == sum(row[fate] for fate in fates) else "NO"


@dataclass(frozen=True, slots=True)
class View:
    """One table of ``show``: its rows and columns (heading, value, how it is set)."""

    sql: str
    columns: tuple[tuple[str, Callable[[Row], str], str], ...]
    empty: str


VIEWS: dict[str, View] = {
    "incidents": View(
        "SELECT i.*, h.steps FROM incidents AS i LEFT JOIN ("
        "SELECT incident_id, ARRAY_AGG(STRUCT(fatalities_low AS fatalities_low, "
        "fatalities_best AS fatalities_best, fatalities_high AS fatalities_high) "
        "ORDER BY revision) AS steps FROM incident_history GROUP BY incident_id"
        ") AS h ON h.incident_id = i.incident_id "
        "ORDER BY i.event_date_start DESC, i.country, i.location, i.incident_id",
        (
            ("date", dates, "nowrap"),
            ("place", _text("location"), ""),
            ("country", _text("country"), ""),
            ("weapon", lambda r: words(r["weapon"]), ""),
            ("by", _text("actor"), ""),
            ("killed", lambda r: toll(r, "fatalities"), "right"),
            ("as told", lambda r: _steps(r["steps"]), ""),
            ("injured", lambda r: toll(r, "injured"), "right"),
            ("reports", _text("number_of_reports"), "right"),
            ("sources", _text("number_of_sources"), "right"),
        ),
        "no incidents yet",
    ),
    "reports": View(
        "SELECT * FROM reports ORDER BY published_at DESC, report_id",
        (
            ("published", _minute("published_at"), "nowrap"),
            ("source", _text("source_name"), ""),
            ("date", dates, "nowrap"),
            ("place", _text("location"), ""),
            ("weapon", lambda r: words(r["weapon"]), ""),
            ("killed", lambda r: toll(r, "fatalities"), "right"),
            ("injured", lambda r: toll(r, "injured"), "right"),
            ("main", lambda r: "yes" if r["is_main"] else "no", ""),
            ("sure", lambda r: f"{r['confidence']:.2f}", "right"),
        ),
        "no reports yet",
    ),
    "feeds": View(
        "SELECT * FROM feed_state ORDER BY stopped_reason IS NULL, consecutive_failures DESC, feed_url",
        (
            ("feed", _text("feed_url"), "fold"),
            ("health", _health, ""),
            ("last success", _minute("last_success_at"), "nowrap"),
            ("last poll", _minute("last_polled_at"), "nowrap"),
            ("next poll", _minute("next_poll_at"), "nowrap"),
            ("every", lambda r: span(r["interval_s"]), "right"),
            ("why", _text("next_poll_reason"), ""),
            ("entries", _text("entries_seen"), "right"),
        ),
        "no feeds polled yet",
    ),
    "dead-letters": View(
        "SELECT stage, reason, retryable, "
        "REGEXP_EXTRACT(COALESCE(page_url, feed_url), r'^[a-z]+://([^/?#]+)') AS host, "
        "COUNT(*) AS letters, MAX(attempts) AS attempts, MIN(first_failed_at) AS first_failed_at, "
        "MIN(next_attempt_at) AS next_attempt_at, MIN(COALESCE(page_url, feed_url)) AS url, "
        "MIN(message) AS message "
        "FROM dead_letters WHERE resolved_at IS NULL GROUP BY stage, reason, retryable, host "
        "ORDER BY letters DESC, stage, reason, host",
        (
            ("letters", _text("letters"), "right"),
            ("reason", lambda r: words(r["reason"]), ""),
            ("stage", _text("stage"), ""),
            ("host", _text("host"), "fold"),
            ("since", _minute("first_failed_at"), "nowrap"),
            ("tries", _text("attempts"), "right"),
            ("next try", lambda r: _minute("next_attempt_at")(r) if r["retryable"] else "replay", "nowrap"),
            ("for example", _text("url"), "fold"),
            ("message", _text("message"), ""),
        ),
        "no open dead letters",
    ),
    "runs": View(
        "SELECT * FROM runs ORDER BY started_at DESC, run_id LIMIT 50",
        (
            ("started", _minute("started_at"), "nowrap"),
            ("feeds", _text("feeds_polled"), "right"),
            ("failed", _text("feeds_failed"), "right"),
            ("entries", _text("entries_in"), "right"),
            ("adds up", _adds_up, ""),
            ("written", _text("entries_written"), "right"),
            ("duplicate", _text("entries_duplicate"), "right"),
            ("dropped", _text("entries_dropped"), "right"),
            ("dead letters", _text("entries_dead_letter"), "right"),
            ("articles", _text("articles_written"), "right"),
            ("reports", _text("reports_written"), "right"),
        ),
        "no runs yet",
    ),
}


def print_view(warehouse: Warehouse, name: str, console: Console) -> int:
    """Print a table of ``show`` and return how many rows it has."""
    view = VIEWS[name]
    rows = warehouse.query(view.sql)
    if not rows:
        console.print(view.empty)
        return 0
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading, _, how in view.columns:
        table.add_column(
            heading,
            justify="right" if how == "right" else "left",
            no_wrap=how == "nowrap",
            overflow="fold" if how == "fold" else "ellipsis",
        )
    for row in rows:
        table.add_row(*(escape(value(row)) for _, value, _ in view.columns))
    console.print(table)
    return len(rows)


def run_summary(row: Row) -> list[str]:
    """Return the conservation counts of a run as lines for a person."""
    lines = [
        f"feeds      {row['feeds_polled']} polled, {row['feeds_failed']} failed",
        f"entries    {row['entries_in']} in = {row['entries_written']} written"
        f" + {row['entries_duplicate']} duplicate + {row['entries_dropped']} dropped"
        f" + {row['entries_dead_letter']} dead letters",
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
            f"{row['dead_letters_resolved']} earlier ones put through"
        )
    return lines
