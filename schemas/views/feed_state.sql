-- Feeds: the state of each, and when it is polled next.
SELECT * EXCEPT (_ingested_at, _run_id, _row_hash)
FROM feed_state_v1
