-- The reports of some incidents.
SELECT incident_id, report_id, match_score, match_reason FROM incident_reports WHERE incident_id IN UNNEST(@incidents)
