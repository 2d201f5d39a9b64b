-- The answers of a second reader on some texts. Equal texts have equal answers, so any of them serves.
SELECT text_sha256, MIN(answer) AS answer FROM second_readings_v1
WHERE reader = @reader AND outcome = 'read' AND text_sha256 IN UNNEST(@texts)
GROUP BY text_sha256
