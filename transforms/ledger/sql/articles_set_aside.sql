-- The latest versions of articles whose publication time was later than the clock of the run that read it.
SELECT article_url, published_raw FROM articles_v1
WHERE published_at IS NULL AND is_latest AND published_raw IS NOT NULL AND @flag IN UNNEST(flags)
ORDER BY article_url
