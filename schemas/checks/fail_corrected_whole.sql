-- A corrected incident is incomplete: it has another number of reports or steps than it says.
SELECT i.incident_id, i.number_of_reports, i.revision, COALESCE(l.links, 0) AS links, COALESCE(h.steps, 0) AS steps
FROM corrected_incidents_v1 AS i
LEFT JOIN (
  SELECT incident_id, COUNT(*) AS links FROM corrected_incident_reports_v1 GROUP BY incident_id
) AS l ON l.incident_id = i.incident_id
LEFT JOIN (
  SELECT incident_id, COUNT(*) AS steps, COUNT(CASE WHEN is_current THEN 1 END) AS current_steps
  FROM corrected_incident_history_v1 GROUP BY incident_id
) AS h ON h.incident_id = i.incident_id
WHERE i.is_current
  AND (COALESCE(l.links, 0) <> i.number_of_reports OR COALESCE(h.steps, 0) <> i.revision OR h.current_steps <> 1)
