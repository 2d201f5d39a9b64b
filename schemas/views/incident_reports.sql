-- Which reports tell of which current incident, and why they were joined.
SELECT * EXCEPT (_ingested_at, _run_id, _row_hash, _scope)
FROM incident_reports_v1
