-- Current and former incidents: each former one leads to the current one that contains its founder.
SELECT i.* EXCEPT (_ingested_at, _run_id, _row_hash, _scope, _resolver) REPLACE (
  i.is_current AND c.report_id IS NULL AS is_current,
  COALESCE(c.incident_id, i.superseded_by) AS superseded_by)
FROM incidents_v1 AS i
LEFT JOIN corrected_incident_reports_v1 AS c ON c.report_id = SUBSTR(i.incident_id, 3)
WHERE c.incident_id IS NULL OR c.incident_id <> i.incident_id
UNION ALL
SELECT * EXCEPT (_ingested_at, _run_id, _row_hash)
FROM corrected_incidents_v1
