-- The incidents that a person should look at, the most harmful first.
SELECT incident_id, harm FROM review_queue ORDER BY harm DESC, incident_id
