-- The incidents of an interval of days, the latest first, without those that a person rejected.
SELECT incident_id, event_date, event_date_end, location, sublocation, event_time, admin1, country, latitude, longitude, weapon, actor,
  fatalities_low, fatalities_best, fatalities_high, injured_low, injured_best, injured_high,
  child_fatalities, child_injured, claim_status, number_of_reports, number_of_sources, headline,
  time_precision, geonameid, geo_precision, targets, revision, sublocation_kind, flags, possible_duplicate_of, confidence, status,
  first_reported_at
FROM incidents
WHERE event_date BETWEEN @since AND @until AND COALESCE(status, 'auto') <> 'rejected'
ORDER BY event_date DESC, incident_id
