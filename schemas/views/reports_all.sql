-- Reports of every version of each article.
SELECT * EXCEPT (_ingested_at, _run_id, _row_hash)
FROM reports_v1
