-- The decisions of people that hold, by the incidents that they are about, in the order in which they were made.
SELECT incident_id, correction_id, made_at, made_by, kind, field, value, why, source_url
FROM corrections WHERE incident_id IS NOT NULL AND kind <> 'undo' AND effect <> 'undone'
ORDER BY made_at, correction_id
