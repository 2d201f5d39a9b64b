-- Insert the row of the lease, if there is none. Two UPDATEs of one row never both succeed, but two INSERTs would, so
-- the row exists before a run asks for it. Should it exist twice, both rows change hands together.
INSERT INTO leases_v1 (name) SELECT @name FROM (SELECT 1) AS one
WHERE NOT EXISTS (SELECT 1 FROM leases_v1 WHERE name = @name)
