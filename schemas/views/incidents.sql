-- Incidents: one row for each strike, in its current state.
SELECT * EXCEPT (_ingested_at, _run_id, _row_hash, _scope, _resolver, is_current, superseded_by)
FROM incidents_v1
WHERE is_current
