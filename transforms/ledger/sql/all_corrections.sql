-- All corrections.
SELECT * EXCEPT (_ingested_at, _run_id, _row_hash) FROM corrections_v1
