-- The reports of articles, each with the incident that a person decided on; null where nobody did.
SELECT r.*, i.incident_id, i.status FROM reports AS r
LEFT JOIN incident_reports AS l ON l.report_id = r.report_id
LEFT JOIN incidents AS i ON i.incident_id = l.incident_id AND i.status IN ('confirmed', 'corrected', 'rejected')
WHERE r.article_url IN (
  SELECT d.article_url FROM reports AS d
  JOIN incident_reports AS k ON k.report_id = d.report_id
  JOIN incidents AS j ON j.incident_id = k.incident_id AND j.status IN ('confirmed', 'corrected', 'rejected'))
ORDER BY r.article_url, r.report_id
