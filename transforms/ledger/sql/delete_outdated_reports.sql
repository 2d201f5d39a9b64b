-- Delete the reports that the current extractor no longer finds in an article version that it read in this run.
DELETE FROM reports_v1 AS r
WHERE EXISTS (
    SELECT 1 FROM staged_extracted AS a
    WHERE a.article_url = r.article_url AND a.version = r.article_version)
  AND NOT EXISTS (
    SELECT 1 FROM staged_reports_v1 AS s
    WHERE s.report_id = r.report_id AND s.article_version = r.article_version)
  AND (r.published_at IS NULL OR r.published_at BETWEEN @reports_v1_first AND @reports_v1_last)
