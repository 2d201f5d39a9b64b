-- Incidents with their place as GEOGRAPHY, for maps. Only on BigQuery.
SELECT *, ST_GEOGPOINT(longitude, latitude) AS geo
FROM incidents
WHERE latitude IS NOT NULL AND longitude IS NOT NULL
