"""Estimate how many bytes typical queries would scan on BigQuery, from a ledger in a DuckDB file.

    python -m benchmarks.scanned_bytes WAREHOUSE [--pane]

BigQuery bills the columns that a query reads, in the partitions that its predicates leave
(https://cloud.google.com/bigquery/docs/estimate-costs): 8 bytes for an INTEGER, FLOAT, DATE or TIMESTAMP, 1
byte for a BOOLEAN, and 2 bytes plus the length for a STRING. sqlglot expands the views and removes unused
columns. The share of the rows in the remaining partitions is counted in the ledger. The estimates are upper
limits, because clusters are not counted: what they save is not known before a query runs. BigQuery bills at
least 10 MB for each table.
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

from schemas.records import Feed
from schemas.rows import Row, row_to_record
from schemas.step_records import EntryName
from schemas.tables import tables, views
from transforms.ledger.known import read_known
from transforms.ledger.pending import read_state
from transforms.ledger.stored_reports import read_affected_reports
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
"""Queries by what they ask. With each, the tables of which it needs only the last days, and their number."""
VALUE_BYTES = {"INTEGER": 8.0, "FLOAT": 8.0, "DATE": 8.0, "TIMESTAMP": 8.0, "BOOLEAN": 1.0}


def main() -> None:
    """Print the estimates as a Markdown table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("warehouse")
    parser.add_argument(
        "--pane", action="store_true", help="instead estimate what one run of 20 new articles reads"
    )
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
                share = share_of_last_days(warehouse, table, days[table]) if table in days else 1.0
                scanned += share * sum(column_bytes(warehouse, table, name) for name in columns)
            what = ", ".join(f"{table} ({len(columns)})" for table, columns in sorted(read.items()))
            print(f"| {question} | {what} | {scanned / 1e6:,.1f} MB |")


class _RecordingWarehouse:
    """Passes queries on to a warehouse and records them."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse, self.queries = warehouse, list[str]()

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
        self.queries.append(sql)
        return self._warehouse.query(sql, parameters)


def print_pane(warehouse: Warehouse) -> None:
    """Print what a run of 20 new articles reads before it writes.

    This is the state of its feeds, its known entries, and the reports that the new articles can affect. The
    figures are upper limits, because no partition is left out.
    """
    urls = "SELECT DISTINCT article_url FROM reports_v1 ORDER BY article_url LIMIT 20"
    articles = [row["article_url"] for row in warehouse.query(urls)]
    new = warehouse.query("SELECT * FROM reports WHERE article_url IN UNNEST(@urls)", {"urls": articles})
    feeds = [Feed(row["feed_url"]) for row in warehouse.query("SELECT DISTINCT feed_url FROM entries_v1")]
    named = "SELECT feed_url, entry_id, article_url, alias FROM entries_v1 ORDER BY entry_id LIMIT 100"
    names = [row_to_record(EntryName, row) for row in warehouse.query(named)]
    (stored,) = warehouse.query("SELECT COUNT(*) AS n FROM articles_v1")
    print("| step | query | tables and columns | bytes per stored article |\n|---|---|---|---|")
    total = 0.0
    for step, read in {
        "ReadState": lambda recording: list(read_state(recording, feeds, utc_now())),
        "ReadKnown": lambda recording: list(read_known(recording, names)),
        "ReadAffectedReports": lambda recording: list(read_affected_reports(recording, new, articles)),
    }.items():
        recording = _RecordingWarehouse(warehouse)
        read(recording)
        for number, sql in enumerate(recording.queries, 1):
            scanned = {
                t: sum(column_bytes(warehouse, t, c) for c in columns)
                for t, columns in columns_read(sql).items()
            }
            total += sum(scanned.values())
            what = ", ".join(sorted(scanned))
            print(f"| {step} | {number} | {what} | {sum(scanned.values()) / stored['n']:,.0f} |")
    print(f"| all | | | {total / stored['n']:,.0f} |")


def columns_read(sql: str) -> dict[str, set[str]]:
    """Return, by table, the columns that a query over views reads."""
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


def column_bytes(warehouse: Warehouse, table: str, name: str) -> float:
    """Return the size of a column in bytes."""
    column = next(c for c in tables()[table].columns if c.name == name)
    if column.mode != "REPEATED" and column.type in VALUE_BYTES:
        size = f"COUNT({name}) * {VALUE_BYTES[column.type]}"
    elif column.mode != "REPEATED":
        size = f"SUM(2 + LENGTH(COALESCE({name}, '')))"
    else:  # a list or a record: about the length of its JSON
        size = f"SUM(LENGTH(TO_JSON_STRING({name})))"
    (row,) = warehouse.query(f"SELECT COALESCE({size}, 0) AS bytes FROM {table}")
    return float(row["bytes"])


def share_of_last_days(warehouse: Warehouse, table: str, days: int) -> float:
    """Return the share of a table's rows that are in its last daily partitions, between 0 and 1."""
    column = tables()[table].partition
    (row,) = warehouse.query(
        f"SELECT COUNT(*) AS n, COUNT(CASE WHEN DATE({column}) > DATE_SUB((SELECT MAX(DATE({column})) "
        f"FROM {table}), INTERVAL {days} DAY) THEN 1 END) AS recent FROM {table}"
    )
    return float(row["recent"] / max(1, row["n"]))


if __name__ == "__main__":
    main()
