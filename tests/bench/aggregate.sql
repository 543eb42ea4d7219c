-- The floor of a what-if: plain sequential sums over the tables it reads. It reads standings and balances whole; of dues and lots, which
-- are added where :all is true, it looks up those it needs.
SET max_parallel_workers_per_gather = 0;
SET enable_indexonlyscan = off;
SELECT count(*), count(programme_version), sum(length(memory)) FROM loyalty.standing;
SELECT count(*), max(currency_id), sum(points) FROM loyalty.balance;
\if :all
SELECT count(*), min(due_on) FROM loyalty.member_due;
SELECT count(*), sum(remaining), max(expires_on) FROM loyalty.lot;
\endif
