-- The latest versions of some articles.
SELECT * FROM articles WHERE is_latest AND article_url IN UNNEST(@urls) ORDER BY article_url
