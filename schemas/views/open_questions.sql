-- Incidents that a person should look at: disputed ones, and those that no report tells with confidence.
SELECT
  i.*,
  sure.confidence,
  CASE
    WHEN i.claim_status = 'disputed' AND sure.confidence < 0.6 THEN 'disputed, low confidence'
    WHEN i.claim_status = 'disputed' THEN 'disputed'
    ELSE 'low confidence'
  END AS question
FROM incidents AS i
JOIN (
  SELECT l.incident_id, MAX(r.confidence) AS confidence
  FROM incident_reports AS l
  JOIN reports AS r ON r.report_id = l.report_id
  GROUP BY l.incident_id
) AS sure ON sure.incident_id = i.incident_id
WHERE i.claim_status = 'disputed' OR sure.confidence < 0.6
