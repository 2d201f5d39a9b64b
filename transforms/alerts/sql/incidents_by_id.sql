-- Some current incidents.
SELECT * FROM incidents WHERE incident_id IN UNNEST(@ids)
