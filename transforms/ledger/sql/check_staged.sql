-- One row where a staged table has another number of rows than was written for it.
SELECT '{table}' AS table_name, COUNT(*) AS found, {rows} AS expected
FROM {staged} HAVING COUNT(*) <> {rows}
