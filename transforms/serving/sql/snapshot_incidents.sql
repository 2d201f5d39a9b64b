-- Some incidents in the order of the snapshot, each as JSON and with the columns that are searched.
SELECT i.incident_id, i.event_date, i.event_date_end, i.country, i.location, i.sublocation, i.admin1, i.actor,
  i.headline, i.weapon, i.status, i.claim_status, i.latitude, i.longitude, i.geo_precision, i.first_reported_at,
  i.fatalities_low, i.fatalities_best, i.fatalities_high, i.injured_low, i.injured_high, u.updated_at,
  TO_JSON_STRING(STRUCT({columns}, {updated_at} AS updated_at)) AS row_json
FROM incidents AS i
JOIN (
  SELECT incident_id, MAX(_ingested_at) AS updated_at
  FROM (
    SELECT incident_id, _ingested_at FROM incidents_v1 WHERE {which}
    UNION ALL
    SELECT b.incident_id, b._ingested_at FROM incidents_v1 AS b
    JOIN corrected_incidents_v1 AS c ON c.incident_id = b.incident_id
    UNION ALL
    SELECT incident_id, _ingested_at FROM corrected_incidents_v1
    UNION ALL  -- an incident that comes back when a merge is taken back: its own row was never another
    SELECT CONCAT('i-', report_id) AS incident_id, m._ingested_at FROM corrections_v1 AS m
    CROSS JOIN UNNEST(m.report_ids) AS report_id WHERE m.kind IN ('merge', 'split', 'undo')) AS written
  GROUP BY incident_id
) AS u ON u.incident_id = i.incident_id
WHERE i.{which}
ORDER BY i.event_date DESC, i.incident_id
