-- Gives members made by members.sql a tier and a balance, as lists show them, without any history.
SET synchronous_commit = off;
SET session_replication_role = replica; -- the foreign key holds by construction
INSERT INTO loyalty.standing (member_id, revision, entries, last_seq, processed_on, tier_id, last_activity_on, lots)
SELECT m.member_id, 1, 1, 0, loyalty.business_day(), 1 + (bench.chance(m.member_id, 31) > 0.8)::int,
       loyalty.business_day() - (bench.chance(m.member_id, 32) * 700)::int, 1 FROM loyalty.member m ORDER BY 1;
INSERT INTO loyalty.balance (member_id, currency_id, points)
SELECT m.member_id, 1, (bench.chance(m.member_id, 33) * bench.chance(m.member_id, 34) * 2000)::bigint FROM loyalty.member m ORDER BY 1;
VACUUM (ANALYZE, FREEZE) loyalty.standing, loyalty.balance;
