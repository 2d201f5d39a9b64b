-- A current incident as the ledger shows it.
SELECT * FROM incidents WHERE incident_id = @incident_id
