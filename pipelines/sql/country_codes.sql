-- The codes of all countries.
SELECT country FROM countries
