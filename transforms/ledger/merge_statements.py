"""The statements that move a run's staged rows into the tables, all in one transaction.

Every statement can be repeated. A second run over the same rows changes none of them. The statements are the
files of ``sql/``; this module fills in the columns of the tables and gives the order.
"""

from collections.abc import Mapping, Sequence

from schemas.sql_files import statement
from schemas.tables import SYSTEM_COLUMNS, Column, Table, checks, tables

_LIMITED_TABLES = ("articles_v1", "reports_v1", "incidents_v1", "dead_letters_v1")
"""Tables whose statements are limited to the partitions that a run can change."""

_OF_CORRECTIONS = "corrected_"
"""How the names of the tables of corrected incidents begin."""


def staging_name(table: str) -> str:
    """Return the temporary table that a table's rows are loaded into."""
    return f"staged_{table}"


def staging_columns(table: Table) -> list[Column]:
    """Return the columns of a table's staged rows: its content and the hash of it."""
    return [c for c in table.columns if c.name not in SYSTEM_COLUMNS or c.name == "_row_hash"]


def partition_limits() -> str:
    """Return the query of the first and last partition of each table that a run can change.

    The columns of its one row are parameters of the statements below.
    """
    return statement(__file__, "partition_limits")


def merge_statement(table: Table, *, is_updated: bool = True) -> str:
    """Return the MERGE of a table's staged rows.

    Args:
        table: the table.
        is_updated: update stored rows whose content differs. If false, a stored row stays as it is.
    """
    content = [c for c in table.content if c not in table.key]
    changes = [f"{c} = s.{c}" for c in (*content, "_row_hash")]
    update = "WHEN MATCHED AND COALESCE(t._row_hash, '') <> s._row_hash THEN UPDATE SET " + ", ".join(
        [*changes, "_ingested_at = @now", "_run_id = @run_id"]
    )
    return statement(
        __file__,
        "merge_table",
        table=table.name,
        staged=staging_name(table.name),
        key=", ".join(table.key),
        same_key=_same_key(table),
        in_window=_in_window(table),
        update=update if is_updated else "",
        columns=", ".join([*table.content, "_row_hash", "_ingested_at", "_run_id"]),
        values=", ".join([*(f"s.{c}" for c in (*table.content, "_row_hash")), "@now", "@run_id"]),
    )


def _same_key(table: Table) -> str:
    return " AND ".join(f"t.{k} = s.{k}" for k in table.key)


def _in_window(table: Table) -> str:
    """Return the predicate that limits a MERGE to the partitions that a run can change, or nothing.

    BigQuery scans the whole table for a MERGE whose ON has none
    (https://cloud.google.com/bigquery/docs/using-dml-with-partitioned-tables).
    """
    if table.name not in _LIMITED_TABLES:
        return ""
    partition = next(c for c in table.columns if c.name == table.partition)
    null = "" if partition.mode == "REQUIRED" else f"t.{partition.name} IS NULL OR "
    return f" AND ({null}t.{partition.name} BETWEEN @{table.name}_first AND @{table.name}_last)"


def delete_replaced_statement(table: Table) -> str:
    """Return the DELETE of rows that belong to affected incidents and that this run did not derive again."""
    return statement(
        __file__,
        "delete_replaced",
        table=table.name,
        staged=staging_name(table.name),
        same_key=_same_key(table),
    )


def delete_unstaged_statement(table: Table) -> str:
    """Return the DELETE of rows that were not staged, of a table that is derived as a whole."""
    return statement(
        __file__,
        "delete_unstaged",
        table=table.name,
        staged=staging_name(table.name),
        same_key=_same_key(table),
    )


def retire_unstaged_statement() -> str:
    """Return the UPDATE of corrected incidents that were not staged: their ids were shown and lead on."""
    return statement(__file__, "retire_corrected")


def run_statements() -> list[str]:
    """Return all statements of a run, in order."""
    every = tables()
    links, history = every["incident_reports_v1"], every["incident_history_v1"]
    return [
        merge_statement(every["articles_v1"], is_updated=False),
        statement(__file__, "mark_latest_articles"),
        merge_statement(every["article_aliases_v1"], is_updated=False),
        statement(__file__, "lead_aliases_on"),
        statement(__file__, "delete_aliased_articles"),
        merge_statement(every["reports_v1"]),
        statement(__file__, "delete_outdated_reports"),
        delete_replaced_statement(links),
        merge_statement(links),
        delete_replaced_statement(history),
        merge_statement(history),
        merge_statement(every["incidents_v1"]),
        statement(__file__, "retire_incidents"),
        statement(__file__, "supersede_incidents"),
        statement(__file__, "merge_dead_letters"),
        statement(__file__, "resolve_dead_letters"),
        merge_statement(every["feed_state_v1"]),
        merge_statement(every["entries_v1"]),
        statement(__file__, "insert_run"),
    ]


def run_checks(expected: Mapping[str, int], *, is_leased: bool = False) -> list[tuple[str, str]]:
    """Return what must hold before a run is committed.

    Args:
        expected: number of rows that were staged for each table, by its name.
        is_leased: the run holds the lease by its row.

    Returns:
        Pairs of a message and a query. The query returns the rows that must not exist.
    """
    return [*load_checks(expected, is_leased=is_leased), *_fatal_checks(of_corrections=False)]


def load_checks(expected: Mapping[str, int], *, is_leased: bool = False) -> list[tuple[str, str]]:
    """Return what must hold of staged rows, whatever they are: the lease is held, and every row arrives.

    The arguments and the pairs are those of ``run_checks``.
    """
    lease = statement(__file__, "check_lease_held" if is_leased else "check_no_other_holder")
    return [
        ("another run has taken the lease", lease),
        ("rows were lost on the way into staging", _all_staged(expected)),
        ("staged rows did not arrive", _all_arrived([name for name in expected if name in tables()])),
    ]


def overlay_checks() -> list[tuple[str, str]]:
    """Return what must hold before corrected incidents are committed, as ``run_checks`` does.

    A run does not check them: between its load and theirs they may name reports that are gone. Checks of
    other tables are left out: a run has made them, and nothing is written there. An editor waits for the
    rest.
    """
    return [(meaning, sql) for meaning, sql in _fatal_checks(of_corrections=True) if _OF_CORRECTIONS in sql]


def _fatal_checks(*, of_corrections: bool) -> list[tuple[str, str]]:
    return [
        (check.meaning.rstrip("."), check.sql)
        for name, check in checks().items()
        if is_fatal(name) and (of_corrections or not name.startswith("fail_corrected"))
    ]


def is_fatal(check: str) -> bool:
    """Return whether rows of a check stop a run."""
    return check.startswith("fail_")


def _all_staged(expected: Mapping[str, int]) -> str:
    return " UNION ALL ".join(
        statement(__file__, "check_staged", table=name, staged=staging_name(name), rows=rows)
        for name, rows in expected.items()
    )


def _all_arrived(names: Sequence[str]) -> str:
    return " UNION ALL ".join(
        statement(
            __file__,
            "check_arrived",
            table=name,
            staged=staging_name(name),
            same_key=_same_key(tables()[name]),
            first_key=tables()[name].key[0],
        )
        for name in names
    )
