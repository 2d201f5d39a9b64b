-- All stored reports but those of some articles.
SELECT * FROM reports WHERE NOT article_url IN UNNEST(@without) ORDER BY report_id
