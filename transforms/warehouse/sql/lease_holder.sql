-- The holder of the lease, expired or not; no row where nobody holds it.
SELECT holder FROM leases_v1 WHERE name = @name AND holder IS NOT NULL
