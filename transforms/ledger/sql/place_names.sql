-- Every place that a stored report names.
SELECT DISTINCT location, geonameid, country, latitude, longitude, geo_precision FROM reports_v1
