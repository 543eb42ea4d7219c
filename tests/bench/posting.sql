-- Prepares members made by members.sql for events: what an import of members gives them (a standing, the enrolment) and two
-- credits to spend from, all pending; and what the measures of posting need.
INSERT INTO loyalty.standing (member_id) SELECT m.member_id FROM loyalty.member m ORDER BY 1;
INSERT INTO loyalty.journal (member_id, type, lane, activity_on, source, external_id)
SELECT m.member_id, 'enrol', 1, loyalty.business_day(), 'bench', 'enrol' FROM loyalty.member m ORDER BY 1;
INSERT INTO loyalty.journal (member_id, type, lane, activity_on, amount, object, source, external_id)
SELECT m.member_id, 'adjust', 1, loyalty.business_day(), 300, 'POINT', 'bench', 'credit ' || n
  FROM loyalty.member m, generate_series(1, 2) n ORDER BY 1, n;
INSERT INTO loyalty.inbox SELECT loyalty.bucket_of(j.member_id), j.member_id, j.seq, 1 FROM loyalty.journal j ORDER BY 1, 2, 3;
VACUUM (ANALYZE) loyalty.journal, loyalty.inbox, loyalty.standing;

CREATE TABLE bench.event (n bigint PRIMARY KEY, member_id bigint NOT NULL, type text NOT NULL, amount bigint NOT NULL, of_n bigint);
CREATE SEQUENCE bench.turn;
CREATE TABLE bench.committed (n int NOT NULL);
CREATE TABLE bench.mark (after bigint NOT NULL); -- the last event before the round
GRANT USAGE ON SCHEMA bench TO loyalty_pos;
GRANT SELECT ON bench.event TO loyalty_pos;
GRANT INSERT ON bench.committed TO loyalty_pos;

-- The same rows once more, without index or constraint.
CREATE SCHEMA bare;
CREATE TABLE bare.journal (LIKE loyalty.journal);
CREATE TABLE bare.outcome (LIKE loyalty.outcome);
CREATE TABLE bare.ledger_entry (LIKE loyalty.ledger_entry);
CREATE TABLE bare.lot (LIKE loyalty.lot);
CREATE TABLE bare.lot_use (LIKE loyalty.lot_use);
CREATE TABLE bare.issued_reward (LIKE loyalty.issued_reward);
CREATE TABLE bare.standing (LIKE loyalty.standing);
CREATE TABLE bare.balance (LIKE loyalty.balance);
CREATE TABLE bare.inbox (LIKE loyalty.inbox);
-- A line of a file of events, with every column that the format knows.
CREATE TABLE bare.line (source text, external_id text, member bigint, type text, date date, amount numeric, category text, tender text, channel text,
  partner text, activity text, quantity bigint, flags text, of text, reward text, units bigint, currency text, plan text, ladder text, tier text,
  until date);
