-- The corrections whose id begins so; enough to see whether there is more than one.
SELECT correction_id FROM corrections WHERE STARTS_WITH(correction_id, @prefix) ORDER BY correction_id LIMIT 6
