-- An input still fails after a week of attempts.
SELECT dead_letter_id, stage, reason, attempts, first_failed_at, COALESCE(page_url, feed_url) AS url
FROM dead_letters_v1
WHERE resolved_at IS NULL AND retryable
  AND TIMESTAMP_DIFF(last_failed_at, first_failed_at, DAY) >= 7
