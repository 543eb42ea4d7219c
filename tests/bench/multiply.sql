-- Makes the members of a small, really posted database :members many: each of the others stands where one of them does. For what
-- reads standings, balances and lots; journals and ledgers are not copied.
SET synchronous_commit = off;
SET maintenance_work_mem = '512MB';
SET session_replication_role = replica; -- the foreign keys hold by construction
SELECT count(*) AS given, max(member_id) AS step, (:members + count(*) - 1) / count(*) - 1 AS copies FROM loyalty.standing \gset
ALTER TABLE loyalty.standing DROP CONSTRAINT standing_pk CASCADE;
ALTER TABLE loyalty.balance DROP CONSTRAINT balance_pk;
ALTER TABLE loyalty.lot DROP CONSTRAINT lot_pk;
INSERT INTO loyalty.standing (member_id, revision, entries, head, last_seq, events, processed_on, programme_version, tier_id, tier_until,
  first_open_lot, lots, rewards, tier_changes, charges, last_activity_on, last_purchase_on, purchases, memory)
SELECT s.member_id + c * :step, s.revision, s.entries, s.head, s.last_seq, s.events, s.processed_on, s.programme_version, s.tier_id, s.tier_until,
  s.first_open_lot, s.lots, s.rewards, s.tier_changes, s.charges, s.last_activity_on, s.last_purchase_on, s.purchases, s.memory
  FROM generate_series(1, :copies) c, (SELECT * FROM loyalty.standing ORDER BY member_id) s;
INSERT INTO loyalty.balance SELECT b.member_id + c * :step, b.currency_id, b.points
  FROM generate_series(1, :copies) c, (SELECT * FROM loyalty.balance ORDER BY member_id) b;
INSERT INTO loyalty.lot SELECT l.member_id + c * :step, l.lot_no, l.entry_no, l.seq, l.granted, l.remaining, l.earned_on, l.expires_on, l.currency_id
  FROM generate_series(1, :copies) c, (SELECT * FROM loyalty.lot ORDER BY member_id, lot_no) l;
INSERT INTO loyalty.member_due SELECT d.member_id + c * :step, d.due_on
  FROM generate_series(1, :copies) c, (SELECT * FROM loyalty.member_due ORDER BY member_id) d;
ALTER TABLE loyalty.standing ADD CONSTRAINT standing_pk PRIMARY KEY (member_id);
ALTER TABLE loyalty.balance ADD CONSTRAINT balance_pk PRIMARY KEY (member_id, currency_id);
ALTER TABLE loyalty.lot ADD CONSTRAINT lot_pk PRIMARY KEY (member_id, lot_no);
VACUUM (ANALYZE, FREEZE) loyalty.standing, loyalty.balance, loyalty.member_due, loyalty.lot;
