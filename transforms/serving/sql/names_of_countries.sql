-- The names of the countries by their codes.
SELECT country, country_name FROM countries
