-- Incidents that a person should look at, with the one first that does most harm if it is wrong: its toll, times the
-- doubt, with more weight where fewer sources report it. Also those whose correction the reports contradict since.
SELECT
  i.*,
  ROUND(LN(2 + COALESCE(i.fatalities_best, i.fatalities_low, 0) + COALESCE(i.injured_best, i.injured_low, 0) / 4)
    * (1.1 - COALESCE(i.confidence, 0.5)) * (1 + 1 / i.number_of_sources), 3) AS harm
FROM incidents AS i
WHERE i.status = 'needs_review'
  OR (i.status = 'corrected' AND STRPOS(ARRAY_TO_STRING(i.flags, ','), 'newer_evidence') > 0)
ORDER BY harm DESC, incident_id
