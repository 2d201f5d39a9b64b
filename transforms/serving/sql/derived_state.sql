-- What changes whenever incidents, their reports, their tolls or decisions about them are written.
SELECT
  (SELECT COUNT(*) FROM incidents_v1) AS incidents,
  (SELECT MAX(_ingested_at) FROM incidents_v1) AS incidents_at,
  (SELECT COUNT(*) FROM incident_reports_v1) AS links,
  (SELECT MAX(_ingested_at) FROM incident_reports_v1) AS links_at,
  (SELECT COUNT(*) FROM incident_history_v1) AS steps,
  (SELECT MAX(_ingested_at) FROM incident_history_v1) AS steps_at,
  (SELECT COUNT(*) FROM corrected_incidents_v1) AS corrected,
  (SELECT MAX(_ingested_at) FROM corrected_incidents_v1) AS corrected_at,
  (SELECT COUNT(*) FROM corrected_incident_reports_v1) AS corrected_links,
  (SELECT MAX(_ingested_at) FROM corrected_incident_reports_v1) AS corrected_links_at,
  (SELECT COUNT(*) FROM reports_v1) AS reports,
  (SELECT MAX(_ingested_at) FROM reports_v1) AS reports_at,
  (SELECT MAX(_ingested_at) FROM articles_v1) AS articles_at,
  (SELECT COUNT(*) FROM corrections_v1) AS corrections,
  (SELECT MAX(_ingested_at) FROM correction_effects_v1) AS effects_at
