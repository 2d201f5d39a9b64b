-- What of a report decides which incidents it can affect, with the incident that it is linked to.
SELECT r.report_id, r.article_url, r.location, r.geonameid, r.country, r.admin1, r.latitude, r.longitude,
  r.geo_precision, r.event_date_start, r.event_date_end, r.published_at, r.is_main, r.weapon,
  l.incident_id
FROM reports AS r LEFT JOIN incident_reports_v1 AS l ON l.report_id = r.report_id
