-- The reports of some articles.
{report_summaries}
WHERE r.article_url IN UNNEST(@urls)
