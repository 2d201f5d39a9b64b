-- One row where staged rows of a table did not arrive in it.
SELECT '{table}' AS table_name, COUNT(*) AS lost FROM {staged} AS s
LEFT JOIN {table} AS t ON {same_key} WHERE t.{first_key} IS NULL HAVING COUNT(*) > 0
