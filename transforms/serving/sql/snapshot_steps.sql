-- The toll steps of some incidents, each as JSON.
SELECT h.incident_id, h.revision, TO_JSON_STRING(STRUCT({columns})) AS step_json
FROM incidents AS i
JOIN incident_history AS h ON h.incident_id = i.incident_id
WHERE i.{which}
