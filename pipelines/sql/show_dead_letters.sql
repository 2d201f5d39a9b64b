-- The open dead letters, counted by stage, reason and host, with one example of each group.
SELECT stage, reason, retryable,
  REGEXP_EXTRACT(COALESCE(page_url, feed_url), r'^[a-z]+://([^/?#]+)') AS host,
  COUNT(*) AS letters, MAX(attempts) AS attempts, MIN(first_failed_at) AS first_failed_at,
  MIN(next_attempt_at) AS next_attempt_at, MIN(COALESCE(page_url, feed_url)) AS url, MIN(message) AS message
FROM dead_letters WHERE resolved_at IS NULL GROUP BY stage, reason, retryable, host
ORDER BY letters DESC, stage, reason, host
