-- What the second reader reports of the latest version of each article. It changes no report and no incident.
SELECT t.* EXCEPT (_ingested_at, _run_id, _row_hash)
FROM second_reports_v1 AS t
WHERE NOT EXISTS (
  SELECT 1 FROM articles_v1 AS a
  WHERE a.article_url = t.article_url AND a.version = t.article_version AND NOT a.is_latest)
