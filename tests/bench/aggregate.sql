-- The floor of a what-if: plain sequential sums over the tables it reads for everybody. Lots, of which it looks up but a few, are left out.
SET max_parallel_workers_per_gather = 0;
SET enable_indexonlyscan = off;
SELECT count(*), count(programme_version), sum(length(memory)) FROM loyalty.standing;
SELECT count(*), max(currency_id), sum(points) FROM loyalty.balance;
