-- The other incidents of an interval of days that are at the same place or near it.
SELECT * FROM incidents WHERE incident_id <> @incident_id AND event_date_start <= @last AND event_date_end >= @first
  AND (geonameid = @geonameid OR location = @location
    OR (ABS(latitude - @latitude) <= @max_degrees AND ABS(longitude - @longitude) <= @max_degrees))
ORDER BY event_date_start, incident_id
