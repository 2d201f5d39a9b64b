-- All corrections, in the order in which they were made.
SELECT * FROM corrections ORDER BY made_at, correction_id
