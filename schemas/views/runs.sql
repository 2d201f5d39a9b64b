-- Runs: one row each, with the number of entries by outcome.
SELECT * EXCEPT (_ingested_at, _run_id, _row_hash)
FROM runs_v1
