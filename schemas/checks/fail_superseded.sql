-- A former incident leads to an incident that is not current.
SELECT old.incident_id, old.superseded_by
FROM incidents_v1 AS old
LEFT JOIN incidents_v1 AS new ON new.incident_id = old.superseded_by AND new.is_current
WHERE NOT old.is_current AND old.superseded_by IS NOT NULL AND new.incident_id IS NULL
