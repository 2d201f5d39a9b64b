-- The rows that a check finds, up to a limit. The part `check` is the query of a file in schemas/checks.
SELECT * FROM ({check}) AS found LIMIT {limit}
