-- What some outlets reported.
SELECT * FROM source_coverage WHERE source_name IN UNNEST(@outlets)
