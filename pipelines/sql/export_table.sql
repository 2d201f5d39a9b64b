-- All rows of one table or view, sorted. Tables and columns cannot be query parameters: they come from the catalogue.
SELECT {columns} FROM {table} ORDER BY {order}
