-- The reports without usable dates or a town at some places or of some articles. The dates that cannot be used are those that
-- transforms.resolution.vetting finds a fault with; the caller judges each row by it again.
{report_summaries}
WHERE (r.geo_precision > 1 OR r.event_date_start IS NULL OR r.event_date_end < r.event_date_start
    OR r.event_date_start < DATE '1900-01-01' OR r.event_date_start >= DATE '9999-01-01'
    OR r.event_date_start > DATE_ADD(DATE(r.published_at), INTERVAL 1 DAY))
  AND (r.location IN UNNEST(@locations) OR r.article_url IN UNNEST(@articles))
