-- What the second reader reports of the latest version of an article.
SELECT * FROM second_reports WHERE article_url = @url ORDER BY reader, report_id
