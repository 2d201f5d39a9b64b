-- Inputs that could not be processed, with the reason; the command replay tries them again.
SELECT * EXCEPT (_ingested_at, _run_id, _row_hash)
FROM dead_letters_v1
