-- The feeds with their state: those that stopped first, then those that fail, then by name. Namesakes are counted.
SELECT *, COUNT(*) OVER (PARTITION BY source_name) AS _namesakes FROM feed_state
ORDER BY stopped_reason IS NULL, consecutive_failures DESC, LOWER(COALESCE(source_name, feed_url)), feed_url
