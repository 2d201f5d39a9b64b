-- One row where a current incident was derived by another version of the resolver.
SELECT 1 AS one FROM incidents_v1 WHERE is_current AND COALESCE(_resolver, '') <> @resolver LIMIT 1
