-- The same for a run that holds the lock beside a DuckDB file: there need be no row of its own.
SELECT holder FROM leases_v1 WHERE name = 'run' AND holder <> @run_id
