-- The current incidents, without corrections, that hold one of some reports.
SELECT * FROM incidents_v1 WHERE is_current AND incident_id IN (
  SELECT incident_id FROM incident_reports_v1 WHERE report_id IN UNNEST(@reports))
