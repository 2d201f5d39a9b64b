-- The incidents that may fit a watch. The distance from a place and the actor are compared afterwards.
SELECT * FROM incidents
WHERE (@is_any_country OR country IN UNNEST(@countries))
  AND (@is_any_weapon OR weapon IN UNNEST(@weapons))
  AND (@is_any_place OR latitude BETWEEN @south AND @north)
  AND COALESCE(fatalities_best, fatalities_low, 0) >= @killed
  AND COALESCE(injured_best, injured_low, 0) >= @injured
