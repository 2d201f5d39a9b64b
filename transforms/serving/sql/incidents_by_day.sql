-- The number of incidents of each day, the latest day first.
SELECT event_date, COUNT(*) AS incidents FROM incidents GROUP BY event_date ORDER BY event_date DESC
