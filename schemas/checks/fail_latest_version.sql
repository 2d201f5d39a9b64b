-- An article has no latest version, or more than one. One that is an alias of another has no version.
SELECT a.article_url, COUNT(CASE WHEN a.is_latest THEN 1 END) AS latest_versions
FROM articles_v1 AS a
LEFT JOIN (SELECT DISTINCT alias_url FROM article_aliases_v1) AS l ON l.alias_url = a.article_url
GROUP BY a.article_url
HAVING COUNT(CASE WHEN a.is_latest THEN 1 END) <> CASE WHEN MAX(l.alias_url) IS NULL THEN 1 ELSE 0 END
