-- A link refers to a missing incident or report, or an incident has another number of links than reports.
SELECT l.incident_id, l.report_id, 'no such current incident' AS fault
FROM incident_reports_v1 AS l
LEFT JOIN incidents_v1 AS i ON i.incident_id = l.incident_id AND i.is_current
WHERE i.incident_id IS NULL
UNION ALL
SELECT l.incident_id, l.report_id, 'no such report of a latest version'
FROM incident_reports_v1 AS l
LEFT JOIN reports AS r ON r.report_id = l.report_id
WHERE r.report_id IS NULL
UNION ALL
SELECT i.incident_id, CAST(NULL AS STRING), 'another number of reports'
FROM incidents_v1 AS i
LEFT JOIN (
  SELECT incident_id, COUNT(*) AS links FROM incident_reports_v1 GROUP BY incident_id
) AS found ON found.incident_id = i.incident_id
WHERE i.is_current AND COALESCE(found.links, 0) <> i.number_of_reports
