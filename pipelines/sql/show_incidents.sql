-- The current incidents, the latest first, each with the figures of its toll history in order.
SELECT i.*, h.steps FROM incidents AS i LEFT JOIN (
  SELECT incident_id, ARRAY_AGG(STRUCT(fatalities_low AS fatalities_low,
    fatalities_best AS fatalities_best, fatalities_high AS fatalities_high) ORDER BY revision) AS steps
  FROM incident_history GROUP BY incident_id) AS h ON h.incident_id = i.incident_id
ORDER BY i.event_date_start DESC, i.country, i.location, i.incident_id
