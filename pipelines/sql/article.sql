-- The latest version of an article.
SELECT * FROM articles WHERE article_url = @url AND is_latest
