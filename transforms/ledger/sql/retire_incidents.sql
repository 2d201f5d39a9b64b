-- Affected incidents that this run did not derive again are no longer current.
UPDATE incidents_v1 AS i SET is_current = FALSE, _row_hash = NULL, _ingested_at = @now, _run_id = @run_id
WHERE i.is_current AND i.event_date BETWEEN @incidents_v1_first AND @incidents_v1_last
  AND i.incident_id IN (SELECT incident_id FROM staged_affected)
  AND NOT EXISTS (SELECT 1 FROM staged_incidents_v1 AS s WHERE s.incident_id = i.incident_id)
