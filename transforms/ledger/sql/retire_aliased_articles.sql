-- An article that turned out to be another address of an older one has no latest version any more. So its reports no
-- longer count; those of the other article do.
UPDATE articles_v1 AS a SET is_latest = FALSE
WHERE a.is_latest
  AND (a.published_at IS NULL OR a.published_at BETWEEN @articles_v1_first AND @articles_v1_last)
  AND a.article_url IN (SELECT alias_url FROM staged_article_aliases_v1)
