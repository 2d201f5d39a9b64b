-- The latest stored version of some articles, without their texts.
SELECT article_url, version, text_sha256, text_source FROM articles_v1
WHERE is_latest AND article_url IN UNNEST(@urls)
