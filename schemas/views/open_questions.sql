-- Incidents that raise a question and that nobody has decided on: disputed ones, those whose best report is wrong more
-- often than six times in ten, those that may be two strikes (a report was joined in doubt), and those that may be one
-- with another incident. The view review_queue has all that need a person.
SELECT
  i.* EXCEPT (sublocation, sublocation_kind, event_time, flags, possible_duplicate_of, confidence, status),
  best_report.confidence,
  SUBSTR(CONCAT(
    CASE WHEN i.claim_status = 'disputed' THEN ', disputed' ELSE '' END,
    CASE WHEN best_report.confidence < 0.4 THEN ', low confidence' ELSE '' END,
    CASE WHEN STRPOS(ARRAY_TO_STRING(i.flags, ','), 'possible_split') > 0 THEN ', possible split' ELSE '' END,
    CASE WHEN i.possible_duplicate_of IS NOT NULL THEN ', possible duplicate' ELSE '' END
  ), 3) AS question,
  i.sublocation,
  i.sublocation_kind,
  i.event_time,
  i.flags,
  i.possible_duplicate_of,
  i.status
FROM incidents AS i
JOIN (
  SELECT l.incident_id, MAX(r.confidence) AS confidence
  FROM incident_reports AS l
  JOIN reports AS r ON r.report_id = l.report_id
  GROUP BY l.incident_id
) AS best_report ON best_report.incident_id = i.incident_id
WHERE COALESCE(i.status, 'auto') NOT IN ('confirmed', 'corrected', 'rejected')
  AND (i.claim_status = 'disputed' OR best_report.confidence < 0.4 OR i.possible_duplicate_of IS NOT NULL
    OR STRPOS(ARRAY_TO_STRING(i.flags, ','), 'possible_split') > 0)
