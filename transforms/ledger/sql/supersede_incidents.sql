-- A retired incident points to the current one that holds its founder: the report that its id names after "i-".
-- Where no current incident holds that report, because the article dropped it, nothing supersedes it.
UPDATE incidents_v1 AS i SET superseded_by = (
  SELECT MIN(r.incident_id) FROM incident_reports_v1 AS r WHERE r.report_id = SUBSTR(i.incident_id, 3))
WHERE NOT i.is_current AND i.event_date BETWEEN @retired_first AND @retired_last
  AND (i.superseded_by IS NULL
    OR i.incident_id IN (SELECT incident_id FROM staged_affected)
    OR i.superseded_by IN (SELECT incident_id FROM staged_affected))
