-- Current and former incidents: each former one leads to the current one that contains its founder.
SELECT * EXCEPT (_ingested_at, _run_id, _row_hash, _scope, _resolver)
FROM incidents_v1
