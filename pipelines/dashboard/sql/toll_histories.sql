-- The steps of the toll of some incidents, in order.
SELECT incident_id, valid_from, fatalities_low, fatalities_best, fatalities_high,
  injured_low, injured_best, injured_high
FROM incident_history WHERE incident_id IN UNNEST(@ids) ORDER BY incident_id, revision
