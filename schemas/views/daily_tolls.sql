-- Strikes and their tolls by local day, country and weapon.
SELECT
  event_date,
  country,
  weapon,
  COUNT(*) AS incidents,
  COUNT(CASE WHEN fatalities_low IS NULL THEN 1 END) AS incidents_without_toll,
  SUM(COALESCE(fatalities_low, 0)) AS fatalities_low,
  SUM(COALESCE(fatalities_best, fatalities_low, 0)) AS fatalities_best,
  CASE
    WHEN COUNT(CASE WHEN fatalities_low IS NOT NULL AND fatalities_high IS NULL THEN 1 END) = 0
    THEN SUM(COALESCE(fatalities_high, 0))
  END AS fatalities_high,
  SUM(COALESCE(injured_low, 0)) AS injured_low,
  SUM(COALESCE(injured_best, injured_low, 0)) AS injured_best,
  CASE
    WHEN COUNT(CASE WHEN injured_low IS NOT NULL AND injured_high IS NULL THEN 1 END) = 0
    THEN SUM(COALESCE(injured_high, 0))
  END AS injured_high,
  SUM(COALESCE(child_fatalities, 0)) AS child_fatalities,
  SUM(COALESCE(child_injured, 0)) AS child_injured
FROM incidents
GROUP BY event_date, country, weapon
