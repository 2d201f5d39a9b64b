-- The second readings of the latest version of an article, whatever came of them.
SELECT s.reader, s.outcome, s.reason, s.reports FROM second_readings AS s
JOIN articles AS a ON a.article_url = s.article_url AND a.version = s.article_version
WHERE s.article_url = @url AND a.is_latest
ORDER BY s.reader
