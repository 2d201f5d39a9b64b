-- Renew the lease, if it is the holder's. One that was released meanwhile stays free.
UPDATE leases_v1 SET expires_at = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL @seconds SECOND)
WHERE name = @name AND holder = @holder
