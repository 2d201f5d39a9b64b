-- Insert the row of the run, with its counts. They come from the staged rows.
INSERT INTO runs_v1 (
  run_id, started_at, finished_at, pipeline_version, feeds_polled, feeds_failed, entries_in,
  entries_written, entries_duplicate, entries_dropped, entries_dead_letter, dropped_by_reason,
  articles_written, articles_not_extracted, reports_written, incidents_written,
  dead_letters_written, dead_letters_resolved, entries_deferred, _ingested_at, _run_id)
SELECT
  @run_id, @started_at, @now, @pipeline_version,
  (SELECT COUNT(*) FROM staged_intakes WHERE origin NOT IN ('retries', 'own:articles')),
  (SELECT COUNT(CASE WHEN is_failed THEN 1 END) FROM staged_intakes),
  (SELECT COALESCE(SUM(entries), 0) FROM staged_intakes),
  (SELECT COUNT(CASE WHEN outcome = 'written' THEN 1 END) FROM staged_outcomes),
  (SELECT COUNT(CASE WHEN outcome = 'duplicate' THEN 1 END) FROM staged_outcomes),
  (SELECT COUNT(CASE WHEN outcome = 'dropped' THEN 1 END) FROM staged_outcomes),
  (SELECT COUNT(CASE WHEN outcome = 'dead_letter' THEN 1 END) FROM staged_outcomes),
  ARRAY(SELECT STRUCT(reason AS reason, COUNT(*) AS entries) FROM staged_outcomes
        WHERE outcome = 'dropped' GROUP BY reason ORDER BY reason),
  (SELECT COUNT(*) FROM staged_articles_v1),
  (SELECT COUNT(CASE WHEN NOT language IN UNNEST(@languages) THEN 1 END) FROM staged_articles_v1),
  (SELECT COUNT(*) FROM staged_reports_v1),
  (SELECT COUNT(*) FROM staged_incidents_v1),
  (SELECT COUNT(DISTINCT dead_letter_id) FROM staged_dead_letters_v1),
  (SELECT COUNT(CASE WHEN resolved_at = @now THEN 1 END) FROM dead_letters_v1),
  (SELECT COUNT(CASE WHEN outcome = 'dead_letter' AND reason = 'deferred' THEN 1 END) FROM staged_outcomes),
  @now, @run_id
FROM (SELECT 1) AS one
WHERE NOT EXISTS (SELECT 1 FROM runs_v1 WHERE run_id = @run_id)
