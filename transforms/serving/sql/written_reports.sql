-- The reports of a range of ids that were written since an instant, each as JSON.
SELECT r.report_id, r.article_version, TO_JSON_STRING(STRUCT({columns})) AS report_json
FROM reports_v1 AS r
WHERE r.report_id >= @first AND r.report_id < @last AND r._ingested_at >= @since
