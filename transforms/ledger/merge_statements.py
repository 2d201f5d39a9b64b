"""The SQL that moves a run's staged rows into the tables: idempotent, all of it in one transaction.

Every statement can be repeated alone, and a second run over the same rows changes none of them.
"""

from collections.abc import Mapping, Sequence

from schemas.tables import SYSTEM_COLUMNS, Column, Table, checks, tables


def staging_name(table: str) -> str:
    """Return the temporary table that a table's rows are loaded into."""
    return f"staged_{table}"


def staging_columns(table: Table, extra: Sequence[Column] = ()) -> list[Column]:
    """Return the columns of the staged rows of a table: its content and the hash over it."""
    kept = [c for c in table.columns if c.name not in SYSTEM_COLUMNS or c.name == "_row_hash"]
    return [*kept, *extra]


def in_window(table: Table, alias: str) -> str:
    """Return the predicate that keeps a statement to the partitions it can touch, or nothing.

    BigQuery scans the whole table for a MERGE whose ON has none
    (https://cloud.google.com/bigquery/docs/using-dml-with-partitioned-tables). The limits come from
    ``windows``: a stored row may stand under another date than the staged one, and a window that missed
    it would insert a second row.
    """
    if table.name not in _STORED:
        return ""
    column, limits = f"{alias}.{table.partition}", f"@{table.name}_first AND @{table.name}_last"
    is_required = any(c.name == table.partition and c.mode == "REQUIRED" for c in table.columns)
    null = "" if is_required else f"{column} IS NULL OR "
    return f" AND ({null}{column} BETWEEN {limits})"


def merge_statement(table: Table, update: bool = True) -> str:
    """Return the MERGE of staged rows: insert new keys; where content differs, update."""
    keys = " AND ".join(f"t.{k} = s.{k}" for k in table.key)
    content = [c for c in table.content if c not in table.key]
    written = [*table.content, "_row_hash", "_ingested_at", "_run_id"]
    values = [*(f"s.{c}" for c in (*table.content, "_row_hash")), "@now", "@run_id"]
    sets = [f"{c} = s.{c}" for c in (*content, "_row_hash")]
    matched = (
        "WHEN MATCHED AND COALESCE(t._row_hash, '') <> s._row_hash THEN UPDATE SET "
        + ", ".join([*sets, "_ingested_at = @now", "_run_id = @run_id"])
        if update
        else ""
    )
    unique = ", ".join(table.key)
    return (
        f"MERGE INTO {table.name} AS t USING ("
        f"SELECT * FROM {staging_name(table.name)} WHERE TRUE "
        f"QUALIFY ROW_NUMBER() OVER (PARTITION BY {unique} ORDER BY _row_hash) = 1"
        f") AS s ON {keys}{in_window(table, 't')} {matched} "
        f"WHEN NOT MATCHED THEN INSERT ({', '.join(written)}) VALUES ({', '.join(values)})"
    )


# Which stored rows a run can touch, by table; the staged rows are always among them.
_STORED = {
    "articles_v1": "article_url IN (SELECT article_url FROM staged_articles_v1)",
    "reports_v1": "report_id IN (SELECT report_id FROM staged_reports_v1) "
    "OR article_url IN (SELECT article_url FROM staged_extracted)",
    "incidents_v1": "incident_id IN (SELECT incident_id FROM staged_incidents_v1 "
    "UNION ALL SELECT incident_id FROM staged_touched)",
    "dead_letters_v1": "resolved_at IS NULL "
    "OR dead_letter_id IN (SELECT dead_letter_id FROM staged_dead_letters_v1)",
}
_STAGED_DATE = {"dead_letters_v1": "failed_at"}
_RETIRED = (
    "SELECT event_date AS day FROM incidents_v1 WHERE NOT is_current AND (superseded_by IS NULL "
    "OR incident_id IN (SELECT incident_id FROM staged_touched) "
    "OR superseded_by IN (SELECT incident_id FROM staged_touched))"
)


def windows() -> str:
    """Return the query of the first and last partition that a run can touch, for each table.

    It reads two columns of each. Its columns are the parameters of the statements below.
    """
    limits = []
    for name, stored in _STORED.items():
        table = tables()[name]
        is_date = next(c.type for c in table.columns if c.name == table.partition) == "DATE"
        nothing = "DATE '1970-01-01'" if is_date else "TIMESTAMP '1970-01-01 00:00:00+00'"
        days = (
            f"SELECT {table.partition} AS day FROM {name} WHERE {stored} UNION ALL "
            f"SELECT {_STAGED_DATE.get(name, table.partition)} AS day FROM {staging_name(name)}"
        )
        found = {name: days}
        if name == "incidents_v1":
            found["retired"] = f"{days} UNION ALL {_RETIRED}"
        for label, rows in found.items():
            limits += [
                f"(SELECT COALESCE({which}(day), {nothing}) FROM ({rows}) AS days) AS {label}_{end}"
                for which, end in (("MIN", "first"), ("MAX", "last"))
            ]
    return f"SELECT {', '.join(limits)}"


def replace_touched_statement(table: Table) -> str:
    """Return the DELETE of the rows of incidents derived anew that are no longer derived."""
    keys = " AND ".join(f"s.{k} = t.{k}" for k in table.key)
    return (
        f"DELETE FROM {table.name} AS t WHERE t.incident_id IN (SELECT incident_id FROM staged_touched) "
        f"AND NOT EXISTS (SELECT 1 FROM {staging_name(table.name)} AS s WHERE {keys})"
    )


def run_statements() -> list[str]:
    """Return all statements of a run, in order."""
    every = tables()
    articles, reports = every["articles_v1"], every["reports_v1"]
    links, history = every["incident_reports_v1"], every["incident_history_v1"]
    return [
        merge_statement(articles, update=False),
        _LATEST_ARTICLES,
        merge_statement(reports),
        _DROP_UNREAD_REPORTS,
        replace_touched_statement(links),
        merge_statement(links),
        replace_touched_statement(history),
        merge_statement(history),
        merge_statement(every["incidents_v1"]),
        _RETIRE_INCIDENTS,
        _LEAD_ON,
        _MERGE_DEAD_LETTERS,
        _RESOLVE_DEAD_LETTERS,
        merge_statement(every["feed_state_v1"]),
        merge_statement(every["entries_v1"]),
        _INSERT_RUN,
    ]


_LATEST_ARTICLES = f"""
UPDATE articles_v1 AS a SET is_latest = FALSE
WHERE a.is_latest{in_window(tables()["articles_v1"], "a")} AND EXISTS (
  SELECT 1 FROM staged_articles_v1 AS s
  WHERE s.article_url = a.article_url AND s.version > a.version)
"""

# What an earlier reading of the same version told and this one does not.
_DROP_UNREAD_REPORTS = f"""
DELETE FROM reports_v1 AS r
WHERE EXISTS (
  SELECT 1 FROM staged_extracted AS a WHERE a.article_url = r.article_url AND a.version = r.article_version)
  AND NOT EXISTS (
    SELECT 1 FROM staged_reports_v1 AS s
    WHERE s.report_id = r.report_id AND s.article_version = r.article_version)
  {in_window(tables()["reports_v1"], "r")}
"""

_RETIRE_INCIDENTS = f"""
UPDATE incidents_v1 AS i SET is_current = FALSE, _row_hash = NULL, _ingested_at = @now, _run_id = @run_id
WHERE i.is_current{in_window(tables()["incidents_v1"], "i")}
  AND i.incident_id IN (SELECT incident_id FROM staged_touched)
  AND NOT EXISTS (SELECT 1 FROM staged_incidents_v1 AS s WHERE s.incident_id = i.incident_id)
"""

# The founder of a retired incident is in its id: "i-" and the report's. Where no current incident
# holds that report any more (the article dropped it), nothing supersedes it.
_LEAD_ON = """
UPDATE incidents_v1 AS i SET superseded_by = (
  SELECT MIN(r.incident_id) FROM incident_reports_v1 AS r WHERE r.report_id = SUBSTR(i.incident_id, 3))
WHERE NOT i.is_current AND i.event_date BETWEEN @retired_first AND @retired_last
  AND (i.superseded_by IS NULL
  OR i.incident_id IN (SELECT incident_id FROM staged_touched)
  OR i.superseded_by IN (SELECT incident_id FROM staged_touched))
"""

# Waiting times by the number of attempts: the first two failures are tried again by the next run.
_MERGE_DEAD_LETTERS = f"""
MERGE INTO dead_letters_v1 AS t USING (
  SELECT * FROM staged_dead_letters_v1 WHERE TRUE
  QUALIFY ROW_NUMBER() OVER (PARTITION BY dead_letter_id ORDER BY failed_at DESC, reason) = 1
) AS s ON t.dead_letter_id = s.dead_letter_id{in_window(tables()["dead_letters_v1"], "t")}
WHEN MATCHED THEN UPDATE SET
  reason = s.reason, retryable = s.retryable, message = s.message, http_status = s.http_status,
  payload = s.payload, payload_uri = s.payload_uri, payload_sha256 = s.payload_sha256, resolved_at = NULL,
  attempts = t.attempts + 1, last_failed_at = s.failed_at,
  next_attempt_at = CASE WHEN s.retryable THEN TIMESTAMP_ADD(s.failed_at, INTERVAL GREATEST(
    CAST(COALESCE(s.retry_after_s, 0) AS INT64),
    CASE WHEN t.attempts < 2 THEN 0 WHEN t.attempts = 2 THEN 900 WHEN t.attempts = 3 THEN 3600
         WHEN t.attempts = 4 THEN 14400 ELSE 86400 END) SECOND) END
WHEN NOT MATCHED THEN INSERT (
  dead_letter_id, stage, reason, retryable, resolved_at, message, feed_url, page_url, entry_id,
  http_status, payload, payload_uri, payload_sha256, attempts, first_failed_at, last_failed_at,
  next_attempt_at, run_id, _ingested_at, _run_id)
VALUES (
  s.dead_letter_id, s.stage, s.reason, s.retryable, NULL, s.message, s.feed_url, s.page_url, s.entry_id,
  s.http_status, s.payload, s.payload_uri, s.payload_sha256, 1, s.failed_at, s.failed_at,
  CASE WHEN s.retryable THEN TIMESTAMP_ADD(
    s.failed_at, INTERVAL CAST(COALESCE(s.retry_after_s, 0) AS INT64) SECOND) END,
  @run_id, @now, @run_id)
"""

_RESOLVE_DEAD_LETTERS = f"""
UPDATE dead_letters_v1 AS d SET resolved_at = @now, next_attempt_at = NULL
WHERE d.resolved_at IS NULL{in_window(tables()["dead_letters_v1"], "d")}
  AND NOT EXISTS (
    SELECT 1 FROM staged_dead_letters_v1 AS s WHERE s.dead_letter_id = d.dead_letter_id)
  AND (
    EXISTS (
      SELECT 1 FROM staged_outcomes AS o
      WHERE o.entry_id = d.entry_id AND o.feed_url = d.feed_url
        AND (o.outcome = 'written' OR o.reason IN ('same_text', 'known_article')))
    OR (d.entry_id IS NULL AND d.page_url IS NOT NULL AND EXISTS (
      SELECT 1 FROM staged_extracted AS a WHERE a.article_url = d.page_url))
    OR (d.page_url IS NULL AND d.entry_id IS NULL AND EXISTS (
      SELECT 1 FROM staged_intakes AS f WHERE f.origin = d.feed_url AND NOT f.is_failed)))
"""

_INSERT_RUN = """
INSERT INTO runs_v1 (
  run_id, started_at, finished_at, pipeline_version, feeds_polled, feeds_failed, entries_in,
  entries_written, entries_duplicate, entries_dropped, entries_dead_letter, dropped_by_reason,
  articles_written, articles_not_extracted, reports_written, incidents_written,
  dead_letters_written, dead_letters_resolved, _ingested_at, _run_id)
SELECT
  @run_id, @started_at, @now, @pipeline_version,
  (SELECT COUNT(*) FROM staged_intakes WHERE origin <> 'retries'),
  (SELECT COUNT(CASE WHEN is_failed THEN 1 END) FROM staged_intakes),
  (SELECT COALESCE(SUM(entries), 0) FROM staged_intakes),
  (SELECT COUNT(CASE WHEN outcome = 'written' THEN 1 END) FROM staged_outcomes),
  (SELECT COUNT(CASE WHEN outcome = 'duplicate' THEN 1 END) FROM staged_outcomes),
  (SELECT COUNT(CASE WHEN outcome = 'dropped' THEN 1 END) FROM staged_outcomes),
  (SELECT COUNT(CASE WHEN outcome = 'dead_letter' THEN 1 END) FROM staged_outcomes),
  ARRAY(SELECT STRUCT(reason AS reason, COUNT(*) AS entries) FROM staged_outcomes
        WHERE outcome = 'dropped' GROUP BY reason ORDER BY reason),
  (SELECT COUNT(*) FROM staged_articles_v1),
  (SELECT COUNT(CASE WHEN NOT language IN UNNEST(@languages) THEN 1 END) FROM staged_articles_v1),
  (SELECT COUNT(*) FROM staged_reports_v1),
  (SELECT COUNT(*) FROM staged_incidents_v1),
  (SELECT COUNT(DISTINCT dead_letter_id) FROM staged_dead_letters_v1),
  (SELECT COUNT(CASE WHEN resolved_at = @now THEN 1 END) FROM dead_letters_v1),
  @now, @run_id
FROM (SELECT 1) AS one
WHERE NOT EXISTS (SELECT 1 FROM runs_v1 WHERE run_id = @run_id)
"""


def run_checks(expected: Mapping[str, int], is_leased: bool = False) -> list[tuple[str, str]]:
    """Return what must hold before a run is committed, as (message, query of the rows that must not be).

    Args:
        expected: table name to the number of rows that were staged for it.
        is_leased: the run holds the lease by its row.
    """
    return [
        ("another run has taken the lease", _NOT_MINE if is_leased else _ANOTHERS),
        ("rows were lost on the way into staging", _all_staged(expected)),
        ("staged rows did not arrive", _all_arrived([name for name in expected if name in tables()])),
        *((check.meaning.rstrip("."), check.sql) for name, check in checks().items() if is_fatal(name)),
    ]


def is_fatal(check: str) -> bool:
    """Return whether rows of a check stop a run."""
    return check.startswith("fail_")


def _all_staged(expected: Mapping[str, int]) -> str:
    return " UNION ALL ".join(
        f"SELECT '{name}' AS table_name, COUNT(*) AS found, {rows} AS expected "
        f"FROM {staging_name(name)} HAVING COUNT(*) <> {rows}"
        for name, rows in expected.items()
    )


def _all_arrived(names: Sequence[str]) -> str:
    lost = []
    for name in names:
        keys = tables()[name].key
        same = " AND ".join(f"t.{key} = s.{key}" for key in keys)
        lost.append(
            f"SELECT '{name}' AS table_name, COUNT(*) AS lost FROM {staging_name(name)} AS s "
            f"LEFT JOIN {name} AS t ON {same} WHERE t.{keys[0]} IS NULL HAVING COUNT(*) > 0"
        )
    return " UNION ALL ".join(lost)


# A run whose lease another has taken must not write: the other has read the tables without its rows, and
# may have let go again since. Beside the lock of a DuckDB file there need be no row.
_ANOTHERS = "SELECT holder FROM leases_v1 WHERE holder <> @run_id"
_NOT_MINE = """
SELECT 1 AS lost FROM (SELECT 1) AS one
WHERE NOT EXISTS (SELECT 1 FROM leases_v1 WHERE holder = @run_id)
"""
