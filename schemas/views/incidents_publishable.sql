-- Incidents that can be published: confirmed or corrected by a person, or automatic ones above the threshold of
-- confidence and without a flag that asks for a look.
SELECT * FROM incidents WHERE status IN ('auto', 'confirmed', 'corrected')
