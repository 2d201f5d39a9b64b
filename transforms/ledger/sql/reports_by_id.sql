-- Some stored reports.
SELECT * FROM reports WHERE report_id IN UNNEST(@ids) ORDER BY report_id
