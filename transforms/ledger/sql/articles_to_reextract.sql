-- The latest versions of articles that hold no report of this extractor, published since a date or at any time.
SELECT a.* EXCEPT (_ingested_at, _run_id, _row_hash) FROM articles_v1 AS a
WHERE a.is_latest
  AND (@is_any_time OR a.published_at >= @since)
  AND NOT EXISTS (
    SELECT 1 FROM reports_v1 AS r
    WHERE r.article_url = a.article_url AND r.article_version = a.version
      AND r.extractor_version IN UNNEST(@versions))
ORDER BY a.article_url
