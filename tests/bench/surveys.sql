-- Fills a database with :responses answers to one survey, over two years up to today: 25 of each member, one a month.
SET client_min_messages = warning;
SET synchronous_commit = off;
SET work_mem = '256MB';
TRUNCATE loyalty.survey_response, loyalty.survey_day, loyalty.survey_delta, loyalty.member CASCADE;
SELECT loyalty.survey_create('{"code": "nps", "name": "Would you recommend us?", "kind": "nps", "questions": ["How likely?"], "opens_on": "2020-01-01", "window_days": 30}');
INSERT INTO loyalty.member (member_id, number, given_name, family_name, city, enrolled_on)
SELECT i, 1000000 + i, 'Given', 'Family ' || i, 'City ' || i % 60, '2020-01-01' FROM generate_series(1, :responses / 25) i;
-- Indexes that are no constraints go and come back, as one would for a load of this size.
SET maintenance_work_mem = '512MB';
SET session_replication_role = replica; -- the foreign keys hold by construction
CREATE TEMP TABLE put_aside AS SELECT format('DROP INDEX %s', indexrelid::regclass) AS gone, pg_get_indexdef(indexrelid) AS definition
  FROM pg_index i WHERE indrelid = 'loyalty.survey_response'::regclass AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid);
SELECT gone FROM put_aside \gexec
INSERT INTO loyalty.survey_response (member_id, survey_id, window_no, score, comment, channel, answered_at, answered_on, tier_id, region)
SELECT i, 1, w, CASE WHEN x.h < 45 THEN 9 + x.h % 2 WHEN x.h < 75 THEN 7 + x.h % 2 ELSE x.h % 7 END, CASE WHEN x.h % 20 = 0 THEN 'slow at the till number ' || i ELSE '' END,
       (ARRAY['web', 'email', 'app', 'phone'])[1 + x.h % 4], d + time '12:00', d, 1 + i % 3, 'City ' || i % 60
  FROM generate_series(0, 24) w CROSS JOIN generate_series(1, :responses / 25) i
  CROSS JOIN LATERAL (SELECT loyalty.business_day() - 29 * w - i % 29 AS d, abs(hashint8extended(i, w)) % 100 AS h) x;
SELECT definition FROM put_aside \gexec
RESET session_replication_role;
INSERT INTO loyalty.survey_day
SELECT 1, g.grain, c.dimension, date_trunc(g.unit, r.answered_on::timestamp)::date, c.value, r.score, sum(r.n)
  FROM (SELECT r.answered_on, r.score, r.tier_id::text AS tier, r.channel, r.region, count(*) AS n FROM loyalty.survey_response r GROUP BY 1, 2, 3, 4, 5) r
  CROSS JOIN LATERAL (VALUES ('all', ''), ('tier', r.tier), ('channel', r.channel), ('region', r.region)) c (dimension, value)
  CROSS JOIN (VALUES ('d'::"char", 'day'), ('w', 'week'), ('m', 'month')) g (grain, unit)
 WHERE g.grain <> 'd' OR c.dimension = 'all' GROUP BY 2, 3, 4, 5, 6 ORDER BY 4, 2, 3;   -- as they come in over time
-- Some that nobody has folded yet.
INSERT INTO loyalty.survey_delta (survey_id, what, on_day, n) SELECT 1, 'invited', loyalty.business_day() - i, 100 FROM generate_series(0, 99) i;
DO $$ BEGIN
  IF (SELECT sum(n) FROM loyalty.survey_day WHERE grain = 'w' AND dimension = 'region') <> (SELECT count(*) FROM loyalty.survey_response) THEN
    RAISE EXCEPTION 'the counts are not those of the answers';
  END IF;
END $$;
VACUUM ANALYZE loyalty.survey_response, loyalty.survey_day, loyalty.survey_delta, loyalty.member;
