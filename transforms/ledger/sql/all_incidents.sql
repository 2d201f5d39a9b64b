-- The ids of all current incidents.
SELECT incident_id FROM incidents
