-- A report belongs to two incidents.
SELECT report_id FROM incident_reports_v1 GROUP BY report_id HAVING COUNT(*) > 1
UNION ALL
SELECT report_id FROM corrected_incident_reports_v1 GROUP BY report_id HAVING COUNT(*) > 1
