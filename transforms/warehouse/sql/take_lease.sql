-- Take or renew the lease, if it is free, expired, the holder's own, or held by an earlier attempt of the same job.
UPDATE leases_v1 SET holder = @holder,
  expires_at = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL @seconds SECOND)
WHERE name = @name
  AND (holder IS NULL OR holder = @holder OR STARTS_WITH(holder, @kin) OR expires_at < CURRENT_TIMESTAMP())
