-- A feed has not been read for two days, although nobody has stopped it.
SELECT s.feed_url, s.last_success_at, s.last_status, s.consecutive_failures
FROM feed_state_v1 AS s
LEFT JOIN (
  SELECT feed_url, MIN(first_failed_at) AS first_failed_at FROM dead_letters_v1 WHERE page_url IS NULL GROUP BY feed_url
) AS d ON d.feed_url = s.feed_url
WHERE s.stopped_reason IS NULL
  -- A feed that was never read counts from its first poll, which failed.
  AND COALESCE(s.last_success_at, d.first_failed_at, s.last_polled_at)
    < TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 48 HOUR)
