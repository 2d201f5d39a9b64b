-- The latest versions of articles that a second reader has not read, the newest first; those sent in vain come last.
SELECT a.* EXCEPT (_ingested_at, _run_id, _row_hash), COALESCE(s.attempts, 0) AS attempts
FROM articles_v1 AS a
LEFT JOIN second_readings_v1 AS s
  ON s.article_url = a.article_url AND s.article_version = a.version AND s.reader = @reader
WHERE a.is_latest
  AND a.language IN UNNEST(@languages)
  AND (@is_any_time OR COALESCE(a.published_at, a.fetched_at) >= @since)
  AND (s.outcome IS NULL OR (s.outcome = 'failed' AND s.attempts < @max_attempts))
  AND (NOT @is_doubtful OR EXISTS (
    SELECT 1 FROM reports_v1 AS r
    WHERE r.article_url = a.article_url AND r.article_version = a.version AND r.confidence < @confidence_below))
QUALIFY ROW_NUMBER() OVER (
  ORDER BY COALESCE(s.attempts, 0), COALESCE(a.published_at, a.fetched_at) DESC, a.article_url) <= @most
ORDER BY attempts, COALESCE(a.published_at, a.fetched_at) DESC, a.article_url
