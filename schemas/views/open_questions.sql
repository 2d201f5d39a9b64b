-- Incidents that a person should check: disputed ones, and those without a report of high confidence.
SELECT
  i.*,
  best_report.confidence,
  CASE
    WHEN i.claim_status = 'disputed' AND best_report.confidence < 0.6 THEN 'disputed, low confidence'
    WHEN i.claim_status = 'disputed' THEN 'disputed'
    ELSE 'low confidence'
  END AS question
FROM incidents AS i
JOIN (
  SELECT l.incident_id, MAX(r.confidence) AS confidence
  FROM incident_reports AS l
  JOIN reports AS r ON r.report_id = l.report_id
  GROUP BY l.incident_id
) AS best_report ON best_report.incident_id = i.incident_id
WHERE i.claim_status = 'disputed' OR best_report.confidence < 0.6
