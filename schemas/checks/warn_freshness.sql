-- A feed has not been read for two days, although nobody has stopped it.
SELECT feed_url, last_success_at, last_status, consecutive_failures
FROM feed_state_v1
WHERE stopped_reason IS NULL
  AND COALESCE(last_success_at, TIMESTAMP '1970-01-01 00:00:00+00')
    < TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 48 HOUR)
