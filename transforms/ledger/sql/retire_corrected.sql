-- A corrected incident that was not derived again is no longer current. Its id was shown, so the row stays.
UPDATE corrected_incidents_v1 AS t SET is_current = FALSE, _row_hash = NULL, _ingested_at = @now, _run_id = @run_id
WHERE t.is_current AND NOT EXISTS (
  SELECT 1 FROM staged_corrected_incidents_v1 AS s WHERE s.incident_id = t.incident_id)
