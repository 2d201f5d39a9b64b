-- A toll is no range: low, best and high are not in ascending order, or one is negative.
SELECT source, row_key, figure, low, best, high
FROM (
  SELECT 'incidents_v1' AS source, incident_id AS row_key, 'fatalities' AS figure,
    fatalities_low AS low, fatalities_best AS best, fatalities_high AS high FROM incidents_v1
  UNION ALL
  SELECT 'incidents_v1', incident_id, 'injured', injured_low, injured_best, injured_high FROM incidents_v1
  UNION ALL
  SELECT 'incident_history_v1', incident_id, 'fatalities', fatalities_low, fatalities_best, fatalities_high
  FROM incident_history_v1
  UNION ALL
  SELECT 'incident_history_v1', incident_id, 'injured', injured_low, injured_best, injured_high
  FROM incident_history_v1
  UNION ALL
  SELECT 'reports_v1', report_id, 'fatalities', fatalities_low, fatalities_best, fatalities_high
  FROM reports_v1
  UNION ALL
  SELECT 'reports_v1', report_id, 'injured', injured_low, injured_best, injured_high FROM reports_v1
  UNION ALL
  SELECT 'corrected_incidents_v1', incident_id, 'fatalities', fatalities_low, fatalities_best, fatalities_high
  FROM corrected_incidents_v1
  UNION ALL
  SELECT 'corrected_incidents_v1', incident_id, 'injured', injured_low, injured_best, injured_high
  FROM corrected_incidents_v1
) AS tolls
WHERE low < 0 OR best < 0 OR high < 0 OR low > best OR best > high OR low > high
