-- The feeds with their state: those that stopped first, then those that fail.
SELECT * FROM feed_state ORDER BY stopped_reason IS NULL, consecutive_failures DESC, feed_url
