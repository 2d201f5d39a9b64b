-- The reports of the incidents of an interval of days, as one JSON list an incident.
SELECT l.incident_id, TO_JSON_STRING(ARRAY_AGG(STRUCT({columns}, l.match_score AS match_score,
  l.match_reason AS match_reason) ORDER BY r.published_at, r.report_id)) AS reports_json
FROM incidents AS i
JOIN incident_reports AS l ON l.incident_id = i.incident_id
JOIN reports AS r ON r.report_id = l.report_id
WHERE i.event_date BETWEEN @since AND @until
GROUP BY l.incident_id
