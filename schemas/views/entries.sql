-- Feed entries with their outcomes.
SELECT * EXCEPT (_ingested_at, _run_id, _row_hash)
FROM entries_v1
