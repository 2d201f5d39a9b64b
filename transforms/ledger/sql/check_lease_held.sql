-- A run whose lease another run has taken must not write: the other has read the tables without these rows, and may
-- have released the lease since.
SELECT 1 AS lost FROM (SELECT 1) AS one
WHERE NOT EXISTS (SELECT 1 FROM leases_v1 WHERE name = 'run' AND holder = @run_id)
