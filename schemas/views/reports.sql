-- Reports of the latest version of each article: one row for each incident that the article reports.
SELECT r.* EXCEPT (_ingested_at, _run_id, _row_hash)
FROM reports_v1 AS r
WHERE NOT EXISTS (
  SELECT 1 FROM articles_v1 AS a
  WHERE a.article_url = r.article_url AND a.version = r.article_version AND NOT a.is_latest)
  AND NOT EXISTS (SELECT 1 FROM article_aliases_v1 AS l WHERE l.alias_url = r.article_url)
