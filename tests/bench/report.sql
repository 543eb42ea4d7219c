-- The table at the end: what, measured, floor, ratio, must, verdict.
\pset footer off
\pset title 'medians of interleaved rounds'
CREATE FUNCTION pg_temp.shown(x numeric) RETURNS text LANGUAGE sql AS $$
  SELECT CASE WHEN x IS NULL THEN '' WHEN abs(x) >= 100 OR x = round(x) THEN to_char(x, 'FM999,999,990') ELSE trim_scale(round(x, 2))::text END $$;
SELECT what, pg_temp.shown(measured) || ' ' || unit AS measured, pg_temp.shown(floor) AS floor,
       CASE WHEN sense IN ('<', '>') THEN to_char(measured / nullif(floor, 0), 'FM9990.000') ELSE '' END AS ratio,
       CASE sense WHEN '<' THEN '≤ ' || bound WHEN '>' THEN '≥ ' || bound WHEN '#' THEN '≥ ' || pg_temp.shown(bound) WHEN '+' THEN '≤ floor + ' || bound ELSE '≤ ' || bound END AS must,
       CASE WHEN is_ok THEN 'ok' ELSE 'MISSED' END AS verdict
  FROM bench.verdict ORDER BY n;
