-- The first and last partition of each table that a run can change: those of its staged rows and of the stored rows
-- that its statements can reach. A stored row may have another date than the staged one, and limits that missed it
-- would insert a second row. The columns of the one row are parameters of the statements.
WITH
  changed_articles AS (
    SELECT published_at AS day FROM articles_v1
    WHERE article_url IN (
      SELECT article_url FROM staged_articles_v1 UNION ALL SELECT alias_url FROM staged_article_aliases_v1)
    UNION ALL SELECT published_at AS day FROM staged_articles_v1),
  changed_reports AS (
    SELECT published_at AS day FROM reports_v1
    WHERE report_id IN (SELECT report_id FROM staged_reports_v1)
      OR article_url IN (SELECT article_url FROM staged_extracted)
    UNION ALL SELECT published_at AS day FROM staged_reports_v1),
  changed_incidents AS (
    SELECT event_date AS day FROM incidents_v1
    WHERE incident_id IN (
      SELECT incident_id FROM staged_incidents_v1 UNION ALL SELECT incident_id FROM staged_affected)
    UNION ALL SELECT event_date AS day FROM staged_incidents_v1),
  retired AS (
    SELECT day FROM changed_incidents
    UNION ALL
    SELECT event_date AS day FROM incidents_v1
    WHERE NOT is_current AND (superseded_by IS NULL
      OR incident_id IN (SELECT incident_id FROM staged_affected)
      OR superseded_by IN (SELECT incident_id FROM staged_affected))),
  changed_letters AS (
    SELECT first_failed_at AS day FROM dead_letters_v1
    WHERE resolved_at IS NULL OR dead_letter_id IN (SELECT dead_letter_id FROM staged_dead_letters_v1)
    UNION ALL SELECT failed_at AS day FROM staged_dead_letters_v1)
SELECT
  (SELECT COALESCE(MIN(day), TIMESTAMP '1970-01-01 00:00:00+00') FROM changed_articles) AS articles_v1_first,
  (SELECT COALESCE(MAX(day), TIMESTAMP '1970-01-01 00:00:00+00') FROM changed_articles) AS articles_v1_last,
  (SELECT COALESCE(MIN(day), TIMESTAMP '1970-01-01 00:00:00+00') FROM changed_reports) AS reports_v1_first,
  (SELECT COALESCE(MAX(day), TIMESTAMP '1970-01-01 00:00:00+00') FROM changed_reports) AS reports_v1_last,
  (SELECT COALESCE(MIN(day), DATE '1970-01-01') FROM changed_incidents) AS incidents_v1_first,
  (SELECT COALESCE(MAX(day), DATE '1970-01-01') FROM changed_incidents) AS incidents_v1_last,
  (SELECT COALESCE(MIN(day), DATE '1970-01-01') FROM retired) AS retired_first,
  (SELECT COALESCE(MAX(day), DATE '1970-01-01') FROM retired) AS retired_last,
  (SELECT COALESCE(MIN(day), TIMESTAMP '1970-01-01 00:00:00+00') FROM changed_letters) AS dead_letters_v1_first,
  (SELECT COALESCE(MAX(day), TIMESTAMP '1970-01-01 00:00:00+00') FROM changed_letters) AS dead_letters_v1_last
