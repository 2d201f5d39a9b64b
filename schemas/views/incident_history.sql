-- Steps of the toll of each current incident, in the order of publication.
SELECT * EXCEPT (_ingested_at, _run_id, _row_hash, _scope)
FROM incident_history_v1
