-- The history of an incident is incomplete: a step is missing, or there is not exactly one current step.
SELECT i.incident_id, i.revision, COALESCE(h.steps, 0) AS steps, COALESCE(h.current_steps, 0) AS current_steps
FROM incidents_v1 AS i
LEFT JOIN (
  SELECT incident_id, COUNT(*) AS steps, MAX(revision) AS last_revision,
    COUNT(CASE WHEN is_current THEN 1 END) AS current_steps
  FROM incident_history_v1 GROUP BY incident_id
) AS h ON h.incident_id = i.incident_id
WHERE i.is_current
  AND (COALESCE(h.steps, 0) <> i.revision OR h.last_revision <> i.revision OR h.current_steps <> 1)
