-- The steps of an incident's toll, the first step first.
SELECT * FROM incident_history WHERE incident_id = @incident_id ORDER BY revision
