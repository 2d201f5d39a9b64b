-- Aliases of an article that became an alias itself lead to the same article as it.
UPDATE article_aliases_v1 AS t SET article_url = (
  SELECT MIN(s.article_url) FROM staged_article_aliases_v1 AS s WHERE s.alias_url = t.article_url)
WHERE t.article_url IN (SELECT alias_url FROM staged_article_aliases_v1)
