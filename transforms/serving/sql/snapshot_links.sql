-- The reports of some incidents, each with the version of its article.
SELECT l.incident_id, l.report_id, r.article_version, l.match_score, l.match_reason
FROM incidents AS i
JOIN incident_reports AS l ON l.incident_id = i.incident_id
JOIN reports AS r ON r.report_id = l.report_id
WHERE i.{which}
