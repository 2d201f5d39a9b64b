-- The ids of all current incidents.
SELECT incident_id FROM incidents_v1 WHERE is_current
