-- A report of the last week's runs has a value without evidence.
SELECT report_id, article_version, fields_with_evidence
FROM (
  SELECT report_id, article_version, location, event_date_start, fatalities_low, injured_low, weapon,
    ARRAY(SELECT e.field FROM UNNEST(r.evidence) AS e) AS fields_with_evidence
  FROM reports_v1 AS r
  WHERE _ingested_at >= TIMESTAMP_SUB((SELECT MAX(_ingested_at) FROM reports_v1), INTERVAL 7 DAY)
) AS recent
WHERE (location <> '' AND 'location' NOT IN UNNEST(fields_with_evidence))
  OR (event_date_start IS NOT NULL AND 'event_date_start' NOT IN UNNEST(fields_with_evidence))
  OR (fatalities_low IS NOT NULL AND 'fatalities_low' NOT IN UNNEST(fields_with_evidence))
  OR (injured_low IS NOT NULL AND 'injured_low' NOT IN UNNEST(fields_with_evidence))
  OR (weapon <> 'unknown' AND 'weapon' NOT IN UNNEST(fields_with_evidence))
