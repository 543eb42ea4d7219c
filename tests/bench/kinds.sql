-- Find as you type by what is typed.
\pset footer off
SELECT 'finding among ' || to_char(count(*), 'FM999,999,999') || ' members, ms in the server' AS title FROM loyalty.member \gset
\pset title :title
SELECT coalesce(kind, 'mixed') AS typed, count(*) AS probes, round(avg(rows), 1) AS rows, round(100 * avg(hit::int)) AS "% name found",
       round(percentile_cont(0.5) WITHIN GROUP (ORDER BY ms)::numeric, 2) AS p50,
       round(percentile_cont(0.95) WITHIN GROUP (ORDER BY ms)::numeric, 2) AS p95,
       round(percentile_cont(0.99) WITHIN GROUP (ORDER BY ms)::numeric, 2) AS p99
  FROM bench.found GROUP BY GROUPING SETS ((kind), ()) ORDER BY kind IS NULL, p50;
