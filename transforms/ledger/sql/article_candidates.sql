-- The stored versions of articles that may be a polled one: what names them in their address is equal, or their
-- headline is and they were published on the days of the polled ones.
SELECT a.article_url, a.version, latest.version AS latest_version, a.text_sha256, a.title, a.published_at
FROM articles_v1 AS a
JOIN articles_v1 AS latest ON latest.article_url = a.article_url AND latest.is_latest
WHERE a.address_key IN UNNEST(@keys)
  OR (a.title IN UNNEST(@titles)
    AND (@is_any_time OR a.published_at IS NULL OR DATE(a.published_at) BETWEEN @first AND @last))
