-- The latest versions of articles that hold no report of this extractor, published since a date or at any time.
-- Where the date of an article was set aside, a report without a date does not count: the date is read again.
SELECT a.* EXCEPT (_ingested_at, _run_id, _row_hash) FROM articles_v1 AS a
WHERE a.is_latest
  AND (@is_any_time OR a.published_at >= @since
    OR (a.published_at IS NULL AND a.published_raw IS NOT NULL AND a.fetched_at >= @since))
  AND NOT EXISTS (
    SELECT 1 FROM reports_v1 AS r
    WHERE r.article_url = a.article_url AND r.article_version = a.version
      AND r.extractor_version IN UNNEST(@versions)
      AND (r.published_at IS NOT NULL OR a.published_at IS NOT NULL OR a.published_raw IS NULL))
ORDER BY a.article_url
