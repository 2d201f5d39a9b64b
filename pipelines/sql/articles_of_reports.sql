-- Some reports with the addresses of their articles.
SELECT report_id, article_url FROM reports WHERE report_id IN UNNEST(@reports)
