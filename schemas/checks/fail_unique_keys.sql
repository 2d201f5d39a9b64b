-- A table has two rows with one key.
SELECT 'articles_v1' AS table_name, CONCAT(article_url, ' ', CAST(version AS STRING)) AS row_key
FROM articles_v1 GROUP BY article_url, version HAVING COUNT(*) > 1
UNION ALL
SELECT 'reports_v1', CONCAT(report_id, ' ', CAST(article_version AS STRING))
FROM reports_v1 GROUP BY report_id, article_version HAVING COUNT(*) > 1
UNION ALL
SELECT 'incidents_v1', incident_id FROM incidents_v1 GROUP BY incident_id HAVING COUNT(*) > 1
UNION ALL
SELECT 'incident_reports_v1', CONCAT(incident_id, ' ', report_id)
FROM incident_reports_v1 GROUP BY incident_id, report_id HAVING COUNT(*) > 1
UNION ALL
SELECT 'incident_history_v1', CONCAT(incident_id, ' ', CAST(revision AS STRING))
FROM incident_history_v1 GROUP BY incident_id, revision HAVING COUNT(*) > 1
UNION ALL
SELECT 'dead_letters_v1', dead_letter_id
FROM dead_letters_v1 GROUP BY dead_letter_id HAVING COUNT(*) > 1
UNION ALL
SELECT 'feed_state_v1', feed_url FROM feed_state_v1 GROUP BY feed_url HAVING COUNT(*) > 1
UNION ALL
SELECT 'entries_v1', CONCAT(feed_url, ' ', entry_id)
FROM entries_v1 GROUP BY feed_url, entry_id HAVING COUNT(*) > 1
UNION ALL
SELECT 'article_aliases_v1', alias_url FROM article_aliases_v1 GROUP BY alias_url HAVING COUNT(*) > 1
UNION ALL
SELECT 'runs_v1', run_id FROM runs_v1 GROUP BY run_id HAVING COUNT(*) > 1
UNION ALL
SELECT 'corrections_v1', correction_id
FROM corrections_v1 GROUP BY correction_id HAVING COUNT(*) > 1
UNION ALL
SELECT 'correction_effects_v1', correction_id
FROM correction_effects_v1 GROUP BY correction_id HAVING COUNT(*) > 1
UNION ALL
SELECT 'corrected_incidents_v1', incident_id
FROM corrected_incidents_v1 GROUP BY incident_id HAVING COUNT(*) > 1
UNION ALL
SELECT 'corrected_incident_reports_v1', CONCAT(incident_id, ' ', report_id)
FROM corrected_incident_reports_v1 GROUP BY incident_id, report_id HAVING COUNT(*) > 1
UNION ALL
SELECT 'corrected_incident_history_v1', CONCAT(incident_id, ' ', CAST(revision AS STRING))
FROM corrected_incident_history_v1 GROUP BY incident_id, revision HAVING COUNT(*) > 1
UNION ALL
SELECT 'alert_deliveries_v1', CONCAT(watch, ' ', channel, ' ', incident_id)
FROM alert_deliveries_v1 GROUP BY watch, channel, incident_id HAVING COUNT(*) > 1
UNION ALL
SELECT 'second_readings_v1', CONCAT(article_url, ' ', CAST(article_version AS STRING), ' ', reader)
FROM second_readings_v1 GROUP BY article_url, article_version, reader HAVING COUNT(*) > 1
UNION ALL
SELECT 'second_reports_v1', CONCAT(report_id, ' ', CAST(article_version AS STRING), ' ', reader)
FROM second_reports_v1 GROUP BY report_id, article_version, reader HAVING COUNT(*) > 1
