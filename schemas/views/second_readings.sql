-- Articles that the second reader was to read, each with the outcome. Empty where no second reader is used.
SELECT * EXCEPT (_ingested_at, _run_id, _row_hash)
FROM second_readings_v1
