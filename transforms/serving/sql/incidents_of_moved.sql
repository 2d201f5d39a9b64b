-- The present incidents of the reports that merges and splits name.
SELECT report_id, incident_id FROM incident_reports WHERE report_id IN UNNEST(@reports)
