-- The incidents, current or superseded, whose id begins so; enough to see whether there is more than one.
SELECT incident_id, is_current, superseded_by, location, event_date, headline FROM incidents_all
WHERE STARTS_WITH(incident_id, @prefix) ORDER BY incident_id LIMIT 6
