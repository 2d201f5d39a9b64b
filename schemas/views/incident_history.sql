-- Steps of the toll of each current incident: those of reports in the order of publication, and those of corrections.
SELECT * EXCEPT (_ingested_at, _run_id, _row_hash, _scope)
FROM incident_history_v1
WHERE SUBSTR(incident_id, 3) NOT IN (SELECT report_id FROM corrected_incident_reports_v1)
UNION ALL
SELECT * EXCEPT (_ingested_at, _run_id, _row_hash)
FROM corrected_incident_history_v1
