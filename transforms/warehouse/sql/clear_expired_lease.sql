-- Release the lease, if it has expired.
UPDATE leases_v1 SET holder = NULL, expires_at = NULL
WHERE name = @name AND expires_at < CURRENT_TIMESTAMP()
