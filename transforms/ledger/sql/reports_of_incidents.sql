-- The reports that are linked to some incidents.
{report_summaries}
WHERE l.incident_id IN UNNEST(@incidents)
