-- The reports of a current incident as the ledger shows them.
SELECT report_id FROM incident_reports WHERE incident_id = @incident
