-- The row of a run, with its counts.
SELECT * FROM runs WHERE run_id = @run_id
