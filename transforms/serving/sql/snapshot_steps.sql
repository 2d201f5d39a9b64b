-- The toll steps of the incidents of an interval of days, each as JSON.
SELECT h.incident_id, h.revision, TO_JSON_STRING(STRUCT({columns})) AS step_json
FROM incidents AS i
JOIN incident_history AS h ON h.incident_id = i.incident_id
WHERE i.event_date BETWEEN @since AND @until
