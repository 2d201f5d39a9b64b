-- Runs: one row each, with the fate of every entry.
SELECT * EXCEPT (_ingested_at, _run_id, _row_hash)
FROM runs_v1
