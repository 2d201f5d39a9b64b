-- Inputs that could not be processed, kept with the reason so that they can be replayed.
SELECT * EXCEPT (_ingested_at, _run_id, _row_hash)
FROM dead_letters_v1
