-- What each outlet reported: how much, when, which strikes first and which as the only outlet.
SELECT
  COALESCE(r.source_name, 'unknown') AS source_name,
  COUNT(DISTINCT r.article_url) AS articles_with_reports,
  COUNT(*) AS reports,
  COUNT(DISTINCT l.incident_id) AS incidents,
  COUNT(DISTINCT CASE WHEN i.first_reported_at = r.published_at THEN l.incident_id END)
    AS incidents_reported_first,
  COUNT(DISTINCT CASE WHEN i.number_of_sources = 1 THEN l.incident_id END) AS incidents_reported_alone,
  MIN(r.published_at) AS first_published_at,
  MAX(r.published_at) AS last_published_at
FROM reports AS r
LEFT JOIN incident_reports AS l ON l.report_id = r.report_id
LEFT JOIN incidents AS i ON i.incident_id = l.incident_id
GROUP BY 1
