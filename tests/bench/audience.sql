-- After multiply.sql: members and journals too, so that each of the :members has bought what one of the few did. The journal grows by the day, as
-- a real one does.
SET synchronous_commit = off;
SET maintenance_work_mem = '512MB';
SET session_replication_role = replica; -- the foreign keys hold by construction
SELECT count(*) AS given, max(member_id) AS step, (:members + count(*) - 1) / count(*) - 1 AS copies FROM loyalty.member \gset
SELECT max(seq) AS last_seq FROM loyalty.journal \gset
CREATE TEMP TABLE put_aside AS SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition
  FROM pg_index i WHERE indrelid IN ('loyalty.member'::regclass, 'loyalty.journal'::regclass)
   AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid);
SELECT format('DROP INDEX %s', name) FROM put_aside \gexec
INSERT INTO loyalty.member (member_id, number, given_name, family_name, born, city, language, channel, flags, enrolled_on)
SELECT m.member_id + c * :step, m.number + c * :step, m.given_name, m.family_name, m.born, m.city, m.language, m.channel, m.flags, m.enrolled_on
  FROM generate_series(1, :copies) c, (SELECT * FROM loyalty.member ORDER BY member_id) m;
ALTER TABLE loyalty.journal DROP CONSTRAINT journal_pk, DROP CONSTRAINT journal_source_uq;
CREATE TEMP TABLE given AS SELECT * FROM loyalty.journal;
TRUNCATE loyalty.journal;
INSERT INTO loyalty.journal (member_id, seq, type, lane, activity_on, happened_on, amount, line_category, line_amount, category, quantity, of_seq, object,
  born, channel, source, external_id)
SELECT g.member_id + c * :step, row_number() OVER (), g.type, 1, g.activity_on, g.happened_on, g.amount, g.line_category, g.line_amount, g.category,
       g.quantity, g.of_seq, g.object, g.born, g.channel, g.source, g.external_id
  FROM given g, generate_series(0, :copies) c ORDER BY g.activity_on, g.seq, c;
ALTER TABLE loyalty.journal ADD CONSTRAINT journal_pk PRIMARY KEY (member_id, seq);
SELECT definition FROM put_aside \gexec
RESET session_replication_role;
VACUUM (ANALYZE, FREEZE) loyalty.member, loyalty.journal;
