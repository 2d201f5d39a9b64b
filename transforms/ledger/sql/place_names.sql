-- Every place that a stored report names.
SELECT DISTINCT location, geonameid, country, admin1, latitude, longitude, geo_precision FROM reports_v1
