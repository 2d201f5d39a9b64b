-- What the channels of a watch heard of, each with the current incident that the id leads to.
SELECT d.watch, d.channel, d.incident_id, d.event, d.revision, d.is_withdrawn, d.attempts, d.starts, d.told_as,
  d.content, d.content_hash, d.first_told_at, d.told_at, d.last_error, d.started_key,
  CASE WHEN i.is_current THEN i.incident_id ELSE i.superseded_by END AS current_id
FROM alert_deliveries_v1 AS d LEFT JOIN incidents_all AS i ON i.incident_id = d.incident_id
WHERE d.watch = @watch
