-- One row where a run is loaded.
SELECT 1 AS one FROM runs_v1 WHERE run_id = @run_id
