-- The incident that a report is linked to, with the score and the reason of the match.
SELECT * FROM incident_reports WHERE report_id = @report_id
