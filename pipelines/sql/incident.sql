-- An incident, current or superseded.
SELECT * FROM incidents_all WHERE incident_id = @incident_id
