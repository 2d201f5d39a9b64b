-- Merge the staged rows of a table: insert new keys; where the content differs, update.
MERGE INTO {table} AS t USING (
  SELECT * FROM {staged} WHERE TRUE
  QUALIFY ROW_NUMBER() OVER (PARTITION BY {key} ORDER BY _row_hash) = 1
) AS s ON {same_key}{in_window}
{update}
WHEN NOT MATCHED THEN INSERT ({columns}) VALUES ({values})
