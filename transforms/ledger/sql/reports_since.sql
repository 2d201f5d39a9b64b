-- The reports published since a date, and those that no incident holds.
{report_summaries}
WHERE r.published_at >= @since OR l.report_id IS NULL
