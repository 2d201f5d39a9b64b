-- The fields of current incidents that a person set and that show, the latest last.
SELECT incident_id, field, value FROM corrections
WHERE kind = 'set' AND effect IN ('applied', 'agrees', 'newer_evidence') ORDER BY made_at, correction_id
