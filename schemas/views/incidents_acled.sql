-- Current incidents with ACLED's column names; columns that we cannot fill are null.
SELECT
  i.incident_id AS event_id_cnty,
  i.event_date,
  EXTRACT(YEAR FROM i.event_date) AS year,
  i.time_precision,
  'Political violence' AS disorder_type,
  'Explosions/Remote violence' AS event_type,
  CASE
    WHEN i.weapon IN ('drone', 'airstrike', 'guided_bomb') THEN 'Air/drone strike'
    WHEN i.weapon IN ('ballistic_missile', 'cruise_missile', 'missile', 'rocket', 'artillery', 'mortar',
      'cluster_munition') THEN 'Shelling/artillery/missile attack'
    WHEN i.weapon = 'mine_or_ied' THEN 'Remote explosive/landmine/IED'
  END AS sub_event_type,
  i.actor AS actor1,
  CAST(NULL AS STRING) AS assoc_actor_1,
  CAST(NULL AS STRING) AS inter1,
  CAST(NULL AS STRING) AS actor2,
  CAST(NULL AS STRING) AS assoc_actor_2,
  CAST(NULL AS STRING) AS inter2,
  CAST(NULL AS STRING) AS interaction,
  CAST(NULL AS STRING) AS civilian_targeting,
  c.iso,
  g.region,
  COALESCE(c.country_name, i.country) AS country,
  i.admin1,
  CAST(NULL AS STRING) AS admin2,
  CAST(NULL AS STRING) AS admin3,
  i.location,
  i.latitude,
  i.longitude,
  i.geo_precision,
  s.source,
  CAST(NULL AS STRING) AS source_scale,
  i.headline AS notes,
  COALESCE(i.fatalities_best, i.fatalities_low, 0) AS fatalities,
  CONCAT('weapon=', i.weapon, '; claim_status=', i.claim_status) AS tags,
  UNIX_SECONDS(i.last_reported_at) AS timestamp
FROM incidents AS i
LEFT JOIN countries AS c ON c.country = i.country
LEFT JOIN acled_regions AS g ON g.country = i.country
LEFT JOIN (
  SELECT l.incident_id, STRING_AGG(DISTINCT r.source_name, '; ' ORDER BY r.source_name) AS source
  FROM incident_reports AS l
  JOIN reports AS r ON r.report_id = l.report_id
  GROUP BY l.incident_id
) AS s ON s.incident_id = i.incident_id
WHERE COALESCE(i.status, 'auto') <> 'rejected'
