-- Members made by members.sql with points that expire on one of two nights: those of every hundredth member on the first.
CREATE TABLE bench.night (night text PRIMARY KEY, earned date NOT NULL, day date NOT NULL);
INSERT INTO bench.night
SELECT n.night, n.earned, date_trunc('month', n.earned) + interval '13 months'
  FROM (VALUES ('hundredth', loyalty.business_day() - 60), ('others', loyalty.business_day() - 20)) n (night, earned);
INSERT INTO bench.night SELECT 'nobody', earned, day - 1 FROM bench.night WHERE night = 'hundredth';
INSERT INTO loyalty.standing (member_id) SELECT m.member_id FROM loyalty.member m ORDER BY 1;
INSERT INTO loyalty.journal (member_id, type, lane, activity_on, amount, object, source, external_id)
SELECT m.member_id, e.type, 1, n.earned, e.amount, e.object, 'bench', e.type::text
  FROM loyalty.member m JOIN bench.night n ON n.night = CASE WHEN m.member_id % 100 = 0 THEN 'hundredth' ELSE 'others' END
  CROSS JOIN (VALUES (1, 'enrol'::loyalty.event_type, NULL::bigint, NULL), (2, 'adjust', 300, 'POINT')) e (n, type, amount, object)
 ORDER BY m.member_id, e.n;
INSERT INTO loyalty.inbox SELECT loyalty.bucket_of(j.member_id), j.member_id, j.seq, 1 FROM loyalty.journal j ORDER BY 1, 2, 3;
VACUUM (ANALYZE) loyalty.journal, loyalty.inbox, loyalty.standing;
