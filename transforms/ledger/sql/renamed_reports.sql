-- Some reports whose article became an alias of another article, with the address that it leads to.
SELECT DISTINCT r.report_id, r.article_url, r.geonameid, r.location, a.article_url AS leads_to
FROM reports_v1 AS r JOIN article_aliases_v1 AS a ON a.alias_url = r.article_url
WHERE r.report_id IN UNNEST(@reports)
