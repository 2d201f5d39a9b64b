-- Release the lease, if it is the holder's.
UPDATE leases_v1 SET holder = NULL, expires_at = NULL WHERE name = @name AND holder = @holder
