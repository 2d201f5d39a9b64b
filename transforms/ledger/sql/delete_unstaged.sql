-- Delete the rows of a table that were not staged: it is derived as a whole.
DELETE FROM {table} AS t WHERE NOT EXISTS (SELECT 1 FROM {staged} AS s WHERE {same_key})
