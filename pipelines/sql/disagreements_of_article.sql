-- The fields in which the second reader contradicts the reports of an article, or reports another incident.
SELECT reader, report_id, field, ours, theirs FROM second_reader_disagreements WHERE article_url = @url
ORDER BY reader, report_id, field
