-- The stored state of every feed.
SELECT * EXCEPT (_ingested_at, _run_id, _row_hash) FROM feed_state_v1
