-- The current reports of an article.
SELECT * FROM reports WHERE article_url = @url
