-- The open dead letters of pages, of one reason or of all, due or not.
SELECT d.payload, d.payload_uri FROM dead_letters_v1 AS d
WHERE d.stage IN ('fetch', 'clean') AND d.resolved_at IS NULL AND d.payload IS NOT NULL
  AND (@is_any_time OR (d.retryable AND (d.next_attempt_at <= @now OR d.last_failed_at > @now)))
  AND (@is_any_reason OR d.reason = @reason)
ORDER BY d.dead_letter_id
