-- The reports of each current incident, and why each belongs to it.
SELECT * EXCEPT (_ingested_at, _run_id, _row_hash, _scope)
FROM incident_reports_v1
