-- Decisions of people about incidents, each with what it does to the ledger as it is now.
SELECT c.* EXCEPT (_ingested_at, _run_id, _row_hash), e.effect, e.incident_id
FROM corrections_v1 AS c
LEFT JOIN correction_effects_v1 AS e ON e.correction_id = c.correction_id
