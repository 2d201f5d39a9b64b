-- The current reports, the latest published first.
SELECT * FROM reports ORDER BY published_at DESC, report_id
