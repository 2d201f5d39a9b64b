-- The dated reports at some places in an interval of days, published since an instant or at any time.
{report_summaries}
WHERE r.location IN UNNEST(@locations) AND r.event_date_start <= @last
  AND COALESCE(r.event_date_end, r.event_date_start) >= @first
  AND (@is_any_time OR r.published_at IS NULL OR r.published_at >= @since)
