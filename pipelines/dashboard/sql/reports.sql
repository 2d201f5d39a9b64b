-- The reports of some incidents in the order of publication, with the sentences that they were read from.
SELECT l.incident_id, r.source_name, r.article_url, r.published_at, r.headline,
  TO_JSON_STRING(r.evidence) AS evidence,
  r.fatalities_low, r.fatalities_best, r.fatalities_high, r.injured_low, r.injured_best, r.injured_high
FROM incident_reports AS l JOIN reports AS r ON r.report_id = l.report_id
WHERE l.incident_id IN UNNEST(@ids) ORDER BY l.incident_id, r.published_at, r.report_id
