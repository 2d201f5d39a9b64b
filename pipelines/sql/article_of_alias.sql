-- The address under which the article of another address is stored.
SELECT article_url FROM article_aliases WHERE alias_url = @url
