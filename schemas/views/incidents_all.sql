-- Current and former incidents: each former one leads to the current one that contains its founder.
SELECT i.* EXCEPT (_ingested_at, _run_id, _row_hash, _scope, _resolver) REPLACE (
  i.is_current AND c.report_id IS NULL AS is_current,
  COALESCE(c.incident_id, i.superseded_by) AS superseded_by)
FROM incidents_v1 AS i
LEFT JOIN corrected_incident_reports_v1 AS c ON c.report_id = SUBSTR(i.incident_id, 3)
WHERE c.incident_id IS NULL OR c.incident_id <> i.incident_id
UNION ALL
SELECT i.* EXCEPT (_ingested_at, _run_id, _row_hash) REPLACE (
  CASE WHEN NOT i.is_current THEN COALESCE(c.incident_id, m.incident_id) END AS superseded_by)
FROM corrected_incidents_v1 AS i
LEFT JOIN corrected_incident_reports_v1 AS c ON c.report_id = SUBSTR(i.incident_id, 3)
LEFT JOIN incident_reports_v1 AS m ON m.report_id = SUBSTR(i.incident_id, 3)
WHERE i.is_current OR i.incident_id NOT IN (SELECT incident_id FROM incidents_v1)
