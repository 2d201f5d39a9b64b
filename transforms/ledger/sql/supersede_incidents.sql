-- A retired incident points to the current one that holds its founder: the report that its id names after "i-".
-- Where that report's article became an alias, the same report of the other article stands for it: equal text, so equal
-- place, weapon and toll. Where no current incident holds the report, because the article dropped it, nothing supersedes.
UPDATE incidents_v1 AS i SET superseded_by = COALESCE(
  (SELECT MIN(r.incident_id) FROM incident_reports_v1 AS r WHERE r.report_id = SUBSTR(i.incident_id, 3)),
  (SELECT MIN(r.incident_id)
   FROM reports_v1 AS before
   JOIN article_aliases_v1 AS a ON a.alias_url = before.article_url
   JOIN reports_v1 AS now ON now.article_url = a.article_url AND now.location = before.location
     AND now.weapon = before.weapon AND now.is_main = before.is_main
     AND COALESCE(now.fatalities_low, -1) = COALESCE(before.fatalities_low, -1)
     AND COALESCE(now.fatalities_high, -1) = COALESCE(before.fatalities_high, -1)
     AND COALESCE(now.injured_low, -1) = COALESCE(before.injured_low, -1)
   JOIN incident_reports_v1 AS r ON r.report_id = now.report_id
   WHERE before.report_id = SUBSTR(i.incident_id, 3)))
WHERE NOT i.is_current AND i.event_date BETWEEN @retired_first AND @retired_last
  AND (i.superseded_by IS NULL
    OR i.incident_id IN (SELECT incident_id FROM staged_affected)
    OR i.superseded_by IN (SELECT incident_id FROM staged_affected))
