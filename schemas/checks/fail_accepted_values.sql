-- A value is not in its closed list, or a number is out of its range.
SELECT source, row_key, weapon, claim_status, time_precision, geo_precision, latitude, longitude
FROM (
  SELECT 'incidents_v1' AS source, incident_id AS row_key, weapon, claim_status, time_precision,
    geo_precision, latitude, longitude FROM incidents_v1
  UNION ALL
  SELECT 'reports_v1', report_id, weapon, claim_status, time_precision, geo_precision, latitude, longitude
  FROM reports_v1
  UNION ALL
  SELECT 'corrected_incidents_v1', incident_id, weapon, claim_status, time_precision, geo_precision, latitude, longitude
  FROM corrected_incidents_v1
) AS found
WHERE weapon NOT IN ('ballistic_missile', 'cruise_missile', 'missile', 'drone', 'guided_bomb', 'airstrike',
    'rocket', 'artillery', 'mortar', 'cluster_munition', 'mine_or_ied', 'mixed', 'unknown')
  OR claim_status NOT IN ('reported', 'claimed', 'disputed')
  OR time_precision NOT BETWEEN 1 AND 3
  OR geo_precision NOT BETWEEN 1 AND 3
  OR latitude NOT BETWEEN -90 AND 90
  OR longitude NOT BETWEEN -180 AND 180
