-- The addresses under which the articles of other addresses are stored.
SELECT alias_url, article_url FROM article_aliases WHERE alias_url IN UNNEST(@urls)
