-- What people changed: each changed incident with all that its row, its reports and its toll steps depend on, and each
-- incident whose first report a changed incident holds with the one that holds it.
SELECT incident_id, CONCAT(
  'row ', COALESCE(_row_hash, ''), ' ', CAST(is_current AS STRING), ' ', CAST(UNIX_MICROS(_ingested_at) AS STRING)) AS mark
FROM corrected_incidents_v1
UNION ALL
SELECT incident_id, CONCAT('report ', report_id, ' ', COALESCE(_row_hash, '')) FROM corrected_incident_reports_v1
UNION ALL
SELECT CONCAT('i-', report_id), CONCAT('held by ', incident_id) FROM corrected_incident_reports_v1
UNION ALL
SELECT incident_id, CONCAT('step ', CAST(revision AS STRING), ' ', COALESCE(_row_hash, ''))
FROM corrected_incident_history_v1
UNION ALL  -- an incident that comes back when a merge is taken back has a new time of change
SELECT CONCAT('i-', report_id), CONCAT('moved by ', correction_id)
FROM corrections_v1 CROSS JOIN UNNEST(report_ids) AS report_id WHERE kind IN ('merge', 'split', 'undo')
