-- When a report was last written.
SELECT MAX(_ingested_at) AS written_at FROM reports_v1
