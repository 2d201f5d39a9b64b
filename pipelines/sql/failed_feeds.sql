-- The feeds whose poll failed in a run, by name.
SELECT feed_url, source_name, last_status FROM feed_state_v1
WHERE _run_id = @run_id AND consecutive_failures > 0 ORDER BY LOWER(COALESCE(source_name, feed_url)), feed_url
