-- Resolve the dead letters whose entry, article or feed succeeded in this run.
UPDATE dead_letters_v1 AS d SET resolved_at = @now, next_attempt_at = NULL
WHERE d.resolved_at IS NULL AND d.first_failed_at BETWEEN @dead_letters_v1_first AND @dead_letters_v1_last
  AND NOT EXISTS (
    SELECT 1 FROM staged_dead_letters_v1 AS s WHERE s.dead_letter_id = d.dead_letter_id)
  AND (
    EXISTS (
      SELECT 1 FROM staged_outcomes AS o
      WHERE o.entry_id = d.entry_id AND o.feed_url = d.feed_url
        AND (o.outcome = 'written' OR o.reason IN ('same_text', 'known_article', 'alias')))
    OR (d.entry_id IS NULL AND d.page_url IS NOT NULL AND EXISTS (
      SELECT 1 FROM staged_extracted AS a WHERE a.article_url = d.page_url))
    OR (d.page_url IS NULL AND d.entry_id IS NULL AND EXISTS (
      SELECT 1 FROM staged_intakes AS f WHERE f.origin = d.feed_url AND NOT f.is_failed)))
