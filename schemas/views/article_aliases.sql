-- Other addresses of articles: one row for each address that leads to an article stored under another one.
SELECT * EXCEPT (_ingested_at, _run_id, _row_hash)
FROM article_aliases_v1
