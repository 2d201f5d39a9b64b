-- A report as each version of its article has it, the latest version first.
SELECT * FROM reports_all WHERE report_id = @report_id ORDER BY article_version DESC
