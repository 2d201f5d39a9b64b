-- What changes whenever a table is written to: how many rows it has, when they were written, and by which runs the last of them.
SELECT '{table}' AS name, COUNT(*) AS written, SUM(UNIX_SECONDS(_ingested_at)) AS seconds,
  MAX(UNIX_MICROS(_ingested_at)) AS last_micros,
  (
    SELECT STRING_AGG(DISTINCT _run_id, ' ' ORDER BY _run_id) FROM {table}
    WHERE _ingested_at = (SELECT MAX(_ingested_at) FROM {table})
  ) AS last_runs
FROM {table}
