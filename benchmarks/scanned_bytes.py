"""What typical questions would scan on BigQuery, estimated from a ledger in a DuckDB file.

``python -m benchmarks.scanned_bytes WAREHOUSE [--pane]``. BigQuery bills the columns a query reads, in the
partitions that its predicates leave (https://cloud.google.com/bigquery/docs/estimate-costs): 8 bytes an
INTEGER, FLOAT, DATE or TIMESTAMP, 1 a BOOLEAN, 2 and its length a STRING. Views are expanded and columns
pruned by sqlglot; the share of partitions is counted in the ledger. Clusters save more, but how much is not
known before a query runs, so they are not counted: these are upper ends. Nothing under 10 MB a table is
billed as less.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.optimizer import optimize
from sqlglot.optimizer.scope import traverse_scope

from schemas.records import EntryName, Feed
from schemas.rows import Row, row_to_record
from schemas.tables import tables, views
from transforms.ledger.known import read_known
from transforms.ledger.pending import read_state
from transforms.ledger.stored_reports import read_touched_reports
from transforms.util.clock import utc_now
from transforms.warehouse import Warehouse, open_warehouse
from transforms.warehouse.bigquery import column_type

QUESTIONS = {
    "incidents of the last 30 days in one country": (
        "SELECT * FROM incidents WHERE event_date >= @d30 AND country = 'UA'", {"incidents_v1": 30}),
    "one incident by its id": ("SELECT * FROM incidents WHERE incident_id = 'i-1'", {}),
    "daily_tolls of 90 days": ("SELECT * FROM daily_tolls WHERE event_date >= @d90", {"incidents_v1": 90}),
    "daily_tolls of all time, killed by country": (
        "SELECT country, SUM(fatalities_best) AS killed FROM daily_tolls GROUP BY country", {}),
    "incidents_acled of a year": (
        "SELECT * FROM incidents_acled WHERE event_date >= @d365", {"incidents_v1": 365}),
    "open_questions of 30 days": (
        "SELECT * FROM open_questions WHERE event_date >= @d30", {"incidents_v1": 30}),
    "source_coverage": ("SELECT * FROM source_coverage", {}),
    "toll history of one incident": ("SELECT * FROM incident_history WHERE incident_id = 'i-1'", {}),
    "reports of the last 7 days, with evidence": (
        "SELECT * FROM reports WHERE published_at >= @d7", {"reports_v1": 7}),
    "texts of the last 7 days": (
        "SELECT article_url, title, text FROM articles WHERE published_at >= @d7", {"articles_v1": 7}),
    "counts of all runs": ("SELECT * FROM runs", {}),
}  # fmt: skip
_FIXED = {"INTEGER": 8.0, "FLOAT": 8.0, "DATE": 8.0, "TIMESTAMP": 8.0, "BOOLEAN": 1.0}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("warehouse")
    parser.add_argument("--pane", action="store_true", help="instead: what one run of 20 new articles reads")
    args = parser.parse_args()
    with open_warehouse(args.warehouse, read_only=True) as warehouse:
        if args.pane:
            print_pane(warehouse)
            return
        print("| question | tables and columns | estimate |\n|---|---|---|")
        for question, (sql, days) in QUESTIONS.items():
            read = columns_read(sql)
            scanned = 0.0
            for table, columns in read.items():
                part = share(warehouse, table, days[table]) if table in days else 1.0
                scanned += part * sum(size(warehouse, table, name) for name in columns)
            what = ", ".join(f"{table} ({len(columns)})" for table, columns in sorted(read.items()))
            print(f"| {question} | {what} | {scanned / 1e6:,.1f} MB |")


class _Recorder:
    """Hands queries on to a warehouse, and remembers them."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse, self.asked = warehouse, list[str]()

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
        self.asked.append(sql)
        return self._warehouse.query(sql, parameters)


def print_pane(warehouse: Warehouse) -> None:
    """Print what a run reads before it writes: the state of its feeds, and the reports that 20 new articles
    can touch. No partition is left out: upper ends."""
    urls = "SELECT DISTINCT article_url FROM reports_v1 ORDER BY article_url LIMIT 20"
    articles = [row["article_url"] for row in warehouse.query(urls)]
    new = warehouse.query("SELECT * FROM reports WHERE article_url IN UNNEST(@urls)", {"urls": articles})
    feeds = [Feed(row["feed_url"]) for row in warehouse.query("SELECT DISTINCT feed_url FROM entries_v1")]
    named = "SELECT feed_url, entry_id, article_url, alias FROM entries_v1 ORDER BY entry_id LIMIT 100"
    names = [row_to_record(EntryName, row) for row in warehouse.query(named)]
    (stored,) = warehouse.query("SELECT COUNT(*) AS n FROM articles_v1")
    print("| step | query | tables and columns | bytes a stored article |\n|---|---|---|---|")
    whole = 0.0
    for step, read in {
        "ReadState": lambda asked: list(read_state(asked, feeds, utc_now())),
        "ReadKnown": lambda asked: list(read_known(asked, names)),
        "ReadTouchedReports": lambda asked: list(read_touched_reports(asked, new, articles)),
    }.items():
        recorder = _Recorder(warehouse)
        read(recorder)
        for number, sql in enumerate(recorder.asked, 1):
            scanned = {
                t: sum(size(warehouse, t, c) for c in columns) for t, columns in columns_read(sql).items()
            }
            whole += sum(scanned.values())
            what = ", ".join(sorted(scanned))
            print(f"| {step} | {number} | {what} | {sum(scanned.values()) / stored['n']:,.0f} |")
    print(f"| all | | | {whole / stored['n']:,.0f} |")


def columns_read(sql: str) -> dict[str, set[str]]:
    """Return the columns of each table that a query over views reads."""
    parsed = {name: sqlglot.parse_one(body, read="bigquery") for name, body in views().items()}
    tree = exp.expand(sqlglot.parse_one(sql, read="bigquery"), parsed, dialect="bigquery")
    schema = {t.name: {c.name: column_type(c) for c in t.columns} for t in tables().values()}
    tree = optimize(tree, schema=schema, dialect="bigquery")
    found: dict[str, set[str]] = defaultdict(set)
    for scope in traverse_scope(tree):
        for alias, source in scope.sources.items():
            if isinstance(source, exp.Table) and source.name in schema:
                found[source.name] |= {c.name for c in scope.columns if c.table == alias}
    return found


def size(warehouse: Warehouse, table: str, name: str) -> float:
    """Return the bytes of a column."""
    column = next(c for c in tables()[table].columns if c.name == name)
    if column.mode != "REPEATED" and column.type in _FIXED:
        each = f"COUNT({name}) * {_FIXED[column.type]}"
    elif column.mode != "REPEATED":
        each = f"SUM(2 + LENGTH(COALESCE({name}, '')))"
    else:  # lists and records: about the length of their JSON
        each = f"SUM(LENGTH(TO_JSON_STRING({name})))"
    (row,) = warehouse.query(f"SELECT COALESCE({each}, 0) AS bytes FROM {table}")
    return float(row["bytes"])


def share(warehouse: Warehouse, table: str, days: int) -> float:
    """Return the share of a table's rows that lie in its last partitions."""
    column = tables()[table].partition
    (row,) = warehouse.query(
        f"SELECT COUNT(*) AS n, COUNT(CASE WHEN DATE({column}) > DATE_SUB((SELECT MAX(DATE({column})) "
        f"FROM {table}), INTERVAL {days} DAY) THEN 1 END) AS recent FROM {table}"
    )
    return float(row["recent"] / max(1, row["n"]))


if __name__ == "__main__":
    main()
