-- Incidents that a person should check: disputed ones, those without a report of high confidence, those that may be two
-- strikes (a report was joined in doubt), and those that may be one with another incident.
SELECT
  i.* EXCEPT (sublocation, sublocation_kind, event_time, flags, possible_duplicate_of),
  best_report.confidence,
  SUBSTR(CONCAT(
    CASE WHEN i.claim_status = 'disputed' THEN ', disputed' ELSE '' END,
    CASE WHEN best_report.confidence < 0.6 THEN ', low confidence' ELSE '' END,
    CASE WHEN STRPOS(ARRAY_TO_STRING(i.flags, ','), 'possible_split') > 0 THEN ', possible split' ELSE '' END,
    CASE WHEN i.possible_duplicate_of IS NOT NULL THEN ', possible duplicate' ELSE '' END
  ), 3) AS question,
  i.sublocation,
  i.sublocation_kind,
  i.event_time,
  i.flags,
  i.possible_duplicate_of
FROM incidents AS i
JOIN (
  SELECT l.incident_id, MAX(r.confidence) AS confidence
  FROM incident_reports AS l
  JOIN reports AS r ON r.report_id = l.report_id
  GROUP BY l.incident_id
) AS best_report ON best_report.incident_id = i.incident_id
WHERE i.claim_status = 'disputed' OR best_report.confidence < 0.6 OR i.possible_duplicate_of IS NOT NULL
  OR STRPOS(ARRAY_TO_STRING(i.flags, ','), 'possible_split') > 0
