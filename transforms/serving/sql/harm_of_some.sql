-- Those of some incidents that a person should look at, with the harm of each.
SELECT incident_id, harm FROM review_queue WHERE incident_id IN UNNEST(@incidents)
