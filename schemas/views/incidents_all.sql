-- Incidents with those that are no longer current: each leads on to the one that holds its founder.
SELECT * EXCEPT (_ingested_at, _run_id, _row_hash, _scope, _resolver)
FROM incidents_v1
