-- The links of some incidents to their reports.
SELECT * FROM incident_reports WHERE incident_id IN UNNEST(@incidents)
