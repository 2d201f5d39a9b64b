-- One row where there is a correction, or an incident that a former one changed.
SELECT 1 AS one FROM corrections_v1 UNION ALL SELECT 1 FROM corrected_incidents_v1 LIMIT 1
