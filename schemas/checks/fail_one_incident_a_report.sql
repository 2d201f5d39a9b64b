-- A report belongs to two incidents.
SELECT report_id FROM incident_reports_v1 GROUP BY report_id HAVING COUNT(*) > 1
