-- The last 50 runs with their counts, the latest first.
SELECT * FROM runs ORDER BY started_at DESC, run_id LIMIT 50
