-- Merge the dead letters of a run. The next run repeats the first two failures; later ones wait longer each time.
-- A deferred input was not tried: that is no attempt, and the next run takes it up. A run that is loaded already
-- merges none: two executions of one step at once would count each attempt twice.
MERGE INTO dead_letters_v1 AS t USING (
  SELECT * FROM staged_dead_letters_v1
  WHERE NOT EXISTS (SELECT 1 FROM runs_v1 WHERE run_id = @run_id)
  QUALIFY ROW_NUMBER() OVER (PARTITION BY dead_letter_id ORDER BY failed_at DESC, reason) = 1
) AS s ON t.dead_letter_id = s.dead_letter_id
  AND t.first_failed_at BETWEEN @dead_letters_v1_first AND @dead_letters_v1_last
WHEN MATCHED THEN UPDATE SET
  reason = s.reason, retryable = s.retryable, message = s.message, http_status = s.http_status,
  payload = s.payload, payload_uri = s.payload_uri, payload_sha256 = s.payload_sha256, resolved_at = NULL,
  attempts = t.attempts + CASE WHEN s.reason = 'deferred' THEN 0 ELSE 1 END, last_failed_at = s.failed_at,
  next_attempt_at = CASE WHEN s.retryable THEN TIMESTAMP_ADD(s.failed_at, INTERVAL GREATEST(
    CAST(COALESCE(s.retry_after_s, 0) AS INT64),
    CASE WHEN s.reason = 'deferred' OR t.attempts < 2 THEN 0 WHEN t.attempts = 2 THEN 900 WHEN t.attempts = 3 THEN 3600
         WHEN t.attempts = 4 THEN 14400 ELSE 86400 END) SECOND) END
WHEN NOT MATCHED THEN INSERT (
  dead_letter_id, stage, reason, retryable, resolved_at, message, feed_url, page_url, entry_id,
  http_status, payload, payload_uri, payload_sha256, attempts, first_failed_at, last_failed_at,
  next_attempt_at, run_id, _ingested_at, _run_id)
VALUES (
  s.dead_letter_id, s.stage, s.reason, s.retryable, NULL, s.message, s.feed_url, s.page_url, s.entry_id,
  s.http_status, s.payload, s.payload_uri, s.payload_sha256,
  CASE WHEN s.reason = 'deferred' THEN 0 ELSE 1 END, s.failed_at, s.failed_at,
  CASE WHEN s.retryable THEN TIMESTAMP_ADD(
    s.failed_at, INTERVAL CAST(COALESCE(s.retry_after_s, 0) AS INT64) SECOND) END,
  @run_id, @now, @run_id)
