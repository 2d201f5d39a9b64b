-- Delete the links or steps of affected incidents that this run did not derive again.
DELETE FROM {table} AS t
WHERE t.incident_id IN (SELECT incident_id FROM staged_affected)
  AND NOT EXISTS (SELECT 1 FROM {staged} AS s WHERE {same_key})
