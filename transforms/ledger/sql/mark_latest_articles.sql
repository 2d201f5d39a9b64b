-- An older version of an article is no longer the latest.
UPDATE articles_v1 AS a SET is_latest = FALSE
WHERE a.is_latest
  AND (a.published_at IS NULL OR a.published_at BETWEEN @articles_v1_first AND @articles_v1_last)
  AND EXISTS (
    SELECT 1 FROM staged_articles_v1 AS s
    WHERE s.article_url = a.article_url AND s.version > a.version)
