-- The hashes in the names of the files that dead letters name, each with the number of these letters that are open.
SELECT REGEXP_EXTRACT(payload_uri, r'([0-9a-f]+)[.]gz$') AS sha256,
  COUNT(CASE WHEN resolved_at IS NULL THEN 1 END) AS open_letters
FROM dead_letters_v1 WHERE payload_uri IS NOT NULL AND NOT payload_uri LIKE 'data:%'
GROUP BY sha256
