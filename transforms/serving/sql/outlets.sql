-- What each outlet reported, the one with most incidents first.
SELECT * FROM source_coverage ORDER BY incidents DESC, source_name
