-- Incidents with their place as GEOGRAPHY, for maps. BigQuery only.
SELECT *, ST_GEOGPOINT(longitude, latitude) AS geo
FROM incidents
WHERE latitude IS NOT NULL AND longitude IS NOT NULL
