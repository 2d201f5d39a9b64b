-- The articles with an open dead letter of extraction, of one reason or of all, due or not.
SELECT d.page_url FROM dead_letters_v1 AS d
WHERE d.stage = 'extract' AND d.resolved_at IS NULL
  AND (@is_any_time OR (d.retryable AND (d.next_attempt_at <= @now OR d.last_failed_at > @now)))
  AND (@is_any_reason OR d.reason = @reason)
