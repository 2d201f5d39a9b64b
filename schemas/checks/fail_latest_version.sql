-- An article has no latest version, or more than one.
SELECT article_url, COUNT(CASE WHEN is_latest THEN 1 END) AS latest_versions
FROM articles_v1
GROUP BY article_url
HAVING COUNT(CASE WHEN is_latest THEN 1 END) <> 1
