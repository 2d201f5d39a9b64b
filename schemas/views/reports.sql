-- Reports of the latest version of each article: one row for each incident as that article tells it.
SELECT r.* EXCEPT (_ingested_at, _run_id, _row_hash)
FROM reports_v1 AS r
JOIN articles_v1 AS a
  ON a.article_url = r.article_url AND a.version = r.article_version
WHERE a.is_latest
