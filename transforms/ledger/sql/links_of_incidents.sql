-- The links of some incidents to their reports.
SELECT * FROM incident_reports_v1 WHERE incident_id IN UNNEST(@incidents)
