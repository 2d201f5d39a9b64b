-- The open dead letters, counted by stage, reason and host, with one example of each group. A feed is tried again by
-- its next poll, so its letters wait until then.
SELECT d.stage, d.reason, d.retryable,
  REGEXP_EXTRACT(COALESCE(d.page_url, d.feed_url), r'^[a-z]+://([^/?#]+)') AS host,
  COUNT(*) AS letters, MAX(d.attempts) AS attempts, MIN(d.first_failed_at) AS first_failed_at,
  MIN(CASE WHEN d.page_url IS NULL THEN s.next_poll_at ELSE d.next_attempt_at END) AS next_attempt_at,
  MIN(COALESCE(d.page_url, d.feed_url)) AS url, MIN(d.message) AS message
FROM dead_letters AS d LEFT JOIN feed_state AS s ON s.feed_url = d.feed_url
WHERE d.resolved_at IS NULL GROUP BY d.stage, d.reason, d.retryable, host
ORDER BY letters DESC, stage, reason, host
