-- Alerts: what each channel of a watch was told of each incident.
SELECT * EXCEPT (_ingested_at, _run_id, _row_hash)
FROM alert_deliveries_v1
WHERE incident_id <> '*'
