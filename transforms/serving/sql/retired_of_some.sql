-- Those of some ids that are no longer incidents, each with the incident that follows it.
SELECT incident_id, superseded_by FROM incidents_all WHERE NOT is_current AND incident_id IN UNNEST(@incidents)
