-- The dated reports that no incident holds.
{report_summaries}
WHERE l.report_id IS NULL AND r.event_date_start IS NOT NULL
