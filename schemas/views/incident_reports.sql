-- The reports of each current incident, and why each belongs to it.
SELECT * EXCEPT (_ingested_at, _run_id, _row_hash, _scope)
FROM incident_reports_v1
WHERE report_id NOT IN (SELECT report_id FROM corrected_incident_reports_v1)
UNION ALL
SELECT * EXCEPT (_ingested_at, _run_id, _row_hash)
FROM corrected_incident_reports_v1
