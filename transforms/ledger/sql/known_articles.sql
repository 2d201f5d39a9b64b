-- The latest stored version of some articles, without their texts. An alias leads to the article that it stands for.
SELECT a.article_url, a.version, a.text_sha256, a.text_source, CAST(NULL AS STRING) AS asked_url
FROM articles_v1 AS a
WHERE a.is_latest AND a.article_url IN UNNEST(@urls)
UNION ALL
SELECT a.article_url, a.version, a.text_sha256, a.text_source, l.alias_url AS asked_url
FROM article_aliases_v1 AS l
JOIN articles_v1 AS a ON a.article_url = l.article_url
WHERE a.is_latest AND l.alias_url IN UNNEST(@urls)
