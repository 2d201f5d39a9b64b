-- The steps of the tolls of some incidents, without corrections.
SELECT * FROM incident_history_v1 WHERE incident_id IN UNNEST(@incidents) ORDER BY incident_id, revision
