-- Where a second reading contradicts a report: one row for each field, with both values. A value that only one of the
-- two gives is no contradiction; an incident that only one of the two reports is one, in the field location.
WITH weapon_kinds AS (
  SELECT 'ballistic_missile' AS weapon, 'missile' AS family
  UNION ALL SELECT 'cruise_missile', 'missile'
  UNION ALL SELECT 'missile', 'missile'
  UNION ALL SELECT 'cluster_munition', 'missile'
  UNION ALL SELECT 'drone', 'drone'
  UNION ALL SELECT 'guided_bomb', 'air'
  UNION ALL SELECT 'airstrike', 'air'
  UNION ALL SELECT 'rocket', 'rocket'
  UNION ALL SELECT 'artillery', 'artillery'
  UNION ALL SELECT 'mortar', 'artillery'
  UNION ALL SELECT 'mine_or_ied', 'mine'
), pairs AS (
  SELECT
    o.report_id, o.article_url, o.article_version, t.reader,
    o.event_date_start AS our_start, COALESCE(o.event_date_end, o.event_date_start) AS our_end,
    t.event_date_start AS their_start, COALESCE(t.event_date_end, t.event_date_start) AS their_end,
    o.weapon AS our_weapon, t.weapon AS their_weapon, o.actor AS our_actor, t.actor AS their_actor,
    o.claim_status AS our_status, t.claim_status AS their_status,
    COALESCE(o.fatalities_low, o.fatalities_best, 0) AS our_killed,
    COALESCE(o.fatalities_high, CASE WHEN COALESCE(o.fatalities_low, o.fatalities_best) IS NOT NULL THEN 1000000000 END)
      AS our_most_killed,
    COALESCE(t.fatalities_low, t.fatalities_best, 0) AS their_killed,
    COALESCE(t.fatalities_high, CASE WHEN COALESCE(t.fatalities_low, t.fatalities_best) IS NOT NULL THEN 1000000000 END)
      AS their_most_killed,
    COALESCE(o.injured_low, o.injured_best, 0) AS our_injured,
    COALESCE(o.injured_high, CASE WHEN COALESCE(o.injured_low, o.injured_best) IS NOT NULL THEN 1000000000 END)
      AS our_most_injured,
    COALESCE(t.injured_low, t.injured_best, 0) AS their_injured,
    COALESCE(t.injured_high, CASE WHEN COALESCE(t.injured_low, t.injured_best) IS NOT NULL THEN 1000000000 END)
      AS their_most_injured,
    o.child_fatalities AS our_children_killed, t.child_fatalities AS their_children_killed,
    o.child_injured AS our_children_injured, t.child_injured AS their_children_injured
  FROM reports AS o
  JOIN second_reports AS t ON t.report_id = o.report_id AND t.article_version = o.article_version
), found AS (
  SELECT report_id, article_url, article_version, reader, 'event_date_start' AS field,
    CAST(our_start AS STRING) AS ours, CAST(their_start AS STRING) AS theirs
  FROM pairs WHERE our_end < their_start OR their_end < our_start
  UNION ALL
  SELECT p.report_id, p.article_url, p.article_version, p.reader, 'weapon', p.our_weapon, p.their_weapon
  FROM pairs AS p
  JOIN weapon_kinds AS a ON a.weapon = p.our_weapon
  JOIN weapon_kinds AS b ON b.weapon = p.their_weapon
  WHERE a.family <> b.family
  UNION ALL
  SELECT report_id, article_url, article_version, reader, 'actor', our_actor, their_actor
  FROM pairs WHERE our_actor <> their_actor
  UNION ALL
  SELECT report_id, article_url, article_version, reader, 'claim_status', our_status, their_status
  FROM pairs WHERE our_status <> their_status
  UNION ALL
  SELECT report_id, article_url, article_version, reader, 'fatalities_low',
    CAST(our_killed AS STRING), CAST(their_killed AS STRING)
  FROM pairs WHERE our_most_killed < their_killed OR their_most_killed < our_killed
  UNION ALL
  SELECT report_id, article_url, article_version, reader, 'injured_low',
    CAST(our_injured AS STRING), CAST(their_injured AS STRING)
  FROM pairs WHERE our_most_injured < their_injured OR their_most_injured < our_injured
  UNION ALL
  SELECT report_id, article_url, article_version, reader, 'child_fatalities',
    CAST(our_children_killed AS STRING), CAST(their_children_killed AS STRING)
  FROM pairs WHERE our_children_killed <> their_children_killed
  UNION ALL
  SELECT report_id, article_url, article_version, reader, 'child_injured',
    CAST(our_children_injured AS STRING), CAST(their_children_injured AS STRING)
  FROM pairs WHERE our_children_injured <> their_children_injured
  UNION ALL
  SELECT o.report_id, o.article_url, o.article_version, s.reader, 'location', o.location, CAST(NULL AS STRING)
  FROM reports AS o
  JOIN second_readings AS s ON s.article_url = o.article_url AND s.article_version = o.article_version
  WHERE s.outcome = 'read' AND NOT EXISTS (
    SELECT 1 FROM second_reports AS t
    WHERE t.report_id = o.report_id AND t.article_version = o.article_version AND t.reader = s.reader)
  UNION ALL
  SELECT t.report_id, t.article_url, t.article_version, t.reader, 'location', CAST(NULL AS STRING), t.location
  FROM second_reports AS t
  WHERE NOT EXISTS (
    SELECT 1 FROM reports AS o WHERE o.report_id = t.report_id AND o.article_version = t.article_version)
)
SELECT
  report_id, article_url, article_version, reader, CONCAT('second_reader_disagrees:', field) AS flag, field, ours,
  theirs
FROM found
