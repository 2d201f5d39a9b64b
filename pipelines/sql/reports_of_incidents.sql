-- The reports of some incidents in the order of publication, with the score and the reason of the match.
SELECT r.*, l.incident_id, l.match_score, l.match_reason FROM incident_reports AS l
JOIN reports AS r ON r.report_id = l.report_id WHERE l.incident_id IN UNNEST(@incident_ids)
ORDER BY r.published_at, r.report_id
