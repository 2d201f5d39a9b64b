-- The toll steps of the incidents of an interval of days, as one JSON list an incident.
SELECT h.incident_id, TO_JSON_STRING(ARRAY_AGG(STRUCT({columns}) ORDER BY h.revision)) AS steps_json
FROM incidents AS i
JOIN incident_history AS h ON h.incident_id = i.incident_id
WHERE i.event_date BETWEEN @since AND @until
GROUP BY h.incident_id
