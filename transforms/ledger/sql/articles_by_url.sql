-- The latest stored version of some articles, with their texts.
SELECT * EXCEPT (_ingested_at, _run_id, _row_hash) FROM articles_v1
WHERE is_latest AND article_url IN UNNEST(@urls)
ORDER BY article_url
