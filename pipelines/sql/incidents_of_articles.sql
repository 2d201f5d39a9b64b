-- The current incidents of some articles, once for each of their reports.
SELECT r.article_url, i.* FROM reports AS r
JOIN incident_reports AS l ON l.report_id = r.report_id
JOIN incidents AS i ON i.incident_id = l.incident_id
WHERE r.article_url IN UNNEST(@urls)
ORDER BY i.event_date_start, i.incident_id, r.article_url, r.report_id
