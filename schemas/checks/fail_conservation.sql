-- The outcomes of a run do not add up to its number of entries.
SELECT run_id, entries_in, entries_written, entries_duplicate, entries_dropped, entries_dead_letter
FROM runs_v1
WHERE entries_in <> entries_written + entries_duplicate + entries_dropped + entries_dead_letter
