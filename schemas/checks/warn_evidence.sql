-- A report of the last week's runs tells a figure without its sentence.
SELECT report_id, article_version, field
FROM (
  SELECT r.report_id, r.article_version, needed.field,
    EXISTS (SELECT 1 FROM UNNEST(r.evidence) AS e WHERE e.field = needed.field) AS is_told
  FROM reports_v1 AS r
  CROSS JOIN (
    SELECT 'location' AS field UNION ALL SELECT 'event_date_start' UNION ALL SELECT 'fatalities_low'
    UNION ALL SELECT 'injured_low' UNION ALL SELECT 'weapon'
  ) AS needed
  WHERE r._ingested_at >= TIMESTAMP_SUB((SELECT MAX(_ingested_at) FROM reports_v1), INTERVAL 7 DAY)
    AND CASE needed.field
      WHEN 'location' THEN r.location <> ''
      WHEN 'event_date_start' THEN r.event_date_start IS NOT NULL
      WHEN 'fatalities_low' THEN r.fatalities_low IS NOT NULL
      WHEN 'injured_low' THEN r.injured_low IS NOT NULL
      ELSE r.weapon <> 'unknown'
    END
) AS fields
WHERE NOT is_told
