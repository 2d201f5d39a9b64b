-- Articles: one row for each version of a page, with its text.
SELECT * EXCEPT (_ingested_at, _run_id, _row_hash)
FROM articles_v1
