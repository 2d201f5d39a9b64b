-- Incidents: one row for each strike, in its current state, with the corrections of people. A rejected one stays, with
-- its status.
SELECT * EXCEPT (_ingested_at, _run_id, _row_hash, _scope, _resolver, is_current, superseded_by)
FROM incidents_v1
WHERE is_current AND SUBSTR(incident_id, 3) NOT IN (SELECT report_id FROM corrected_incident_reports_v1)
UNION ALL
SELECT * EXCEPT (_ingested_at, _run_id, _row_hash, is_current, superseded_by)
FROM corrected_incidents_v1
WHERE is_current
