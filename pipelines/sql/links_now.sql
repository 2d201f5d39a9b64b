-- The reports of some current incidents as the ledger shows them, with their articles.
SELECT l.incident_id, l.report_id, r.article_url FROM incident_reports AS l
JOIN reports AS r ON r.report_id = l.report_id
WHERE l.incident_id IN UNNEST(@incidents) ORDER BY l.incident_id, l.report_id
