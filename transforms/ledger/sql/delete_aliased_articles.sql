-- An article that turned out to be another address of an older one: its only version has the text of that one, which
-- stays. Its reports stay too, so that the ids that they gave to incidents lead on, but the view leaves them out.
DELETE FROM articles_v1 AS a
WHERE (a.published_at IS NULL OR a.published_at BETWEEN @articles_v1_first AND @articles_v1_last)
  AND a.article_url IN (SELECT alias_url FROM staged_article_aliases_v1)
