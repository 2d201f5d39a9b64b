-- The corrections of an incident, and all that moved reports, in the order in which they were made.
SELECT * FROM corrections WHERE incident_id = @incident_id OR kind IN ('merge', 'split', 'undo')
ORDER BY made_at, correction_id
