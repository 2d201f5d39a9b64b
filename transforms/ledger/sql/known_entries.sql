-- The known entries of some feeds that share an id, an article's URL or an alias with a polled entry.
SELECT feed_url, entry_id, entry_hash, article_url, alias FROM entries_v1
WHERE feed_url IN UNNEST(@feeds)
  AND (entry_id IN UNNEST(@ids) OR article_url IN UNNEST(@urls) OR alias IN UNNEST(@aliases))
