-- The reports, of any version of their articles, whose id begins so; enough to see whether there is more than one.
SELECT DISTINCT report_id FROM reports_all WHERE STARTS_WITH(report_id, @prefix) ORDER BY report_id LIMIT 6
