-- Number of strikes and their tolls by local day, country and weapon. Rejected incidents do not count.
SELECT
  event_date,
  country,
  weapon,
  COUNT(*) AS incidents,
  COUNT(CASE WHEN fatalities_low IS NULL THEN 1 END) AS incidents_without_toll,
  CAST(SUM(COALESCE(fatalities_low, 0)) AS INT64) AS fatalities_low,
  CAST(SUM(COALESCE(fatalities_best, fatalities_low, 0)) AS INT64) AS fatalities_best,
  CASE
    WHEN COUNT(CASE WHEN fatalities_low IS NOT NULL AND fatalities_high IS NULL THEN 1 END) = 0
    THEN CAST(SUM(COALESCE(fatalities_high, 0)) AS INT64)
  END AS fatalities_high,
  CAST(SUM(COALESCE(injured_low, 0)) AS INT64) AS injured_low,
  CAST(SUM(COALESCE(injured_best, injured_low, 0)) AS INT64) AS injured_best,
  CASE
    WHEN COUNT(CASE WHEN injured_low IS NOT NULL AND injured_high IS NULL THEN 1 END) = 0
    THEN CAST(SUM(COALESCE(injured_high, 0)) AS INT64)
  END AS injured_high,
  CAST(SUM(COALESCE(child_fatalities, 0)) AS INT64) AS child_fatalities,
  CAST(SUM(COALESCE(child_injured, 0)) AS INT64) AS child_injured
FROM incidents
WHERE COALESCE(status, 'auto') <> 'rejected'
GROUP BY event_date, country, weapon
