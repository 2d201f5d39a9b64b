-- The open dead letters of whole feeds, of one reason or of all.
SELECT d.feed_url, d.payload, d.payload_uri FROM dead_letters_v1 AS d
WHERE d.stage IN ('poll', 'parse') AND d.entry_id IS NULL AND d.resolved_at IS NULL
  AND (@is_any_reason OR d.reason = @reason)
ORDER BY d.dead_letter_id
