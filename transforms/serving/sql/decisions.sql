-- The corrections that change an incident, in the order in which they were made.
SELECT * FROM corrections WHERE incident_id IS NOT NULL ORDER BY made_at, correction_id
