-- The events of one round: 80 % purchases, 15 % redemptions, 5 % returns of an earlier purchase of the round. Some members
-- come far more often than others. :round and :events; the same for the worker and for the comparator.
SELECT count(*) AS members FROM loyalty.member \gset
TRUNCATE bench.event, bench.mark;
INSERT INTO bench.mark SELECT last_value FROM loyalty.journal_seq;
SELECT setval('bench.turn', 1, false);
INSERT INTO bench.event (n, member_id, type, amount)
SELECT i, 1 + (floor(:members * power(bench.chance(k, 51), 2))::bigint * 611953) % :members,
       CASE WHEN bench.chance(k, 52) < 0.15 THEN 'redeem' WHEN bench.chance(k, 52) < 0.2 THEN 'return' ELSE 'purchase' END,
       1000 + (bench.chance(k, 53) * 20000)::bigint
  FROM generate_series(1, :events) i, LATERAL (SELECT :round * 10000000::bigint + i AS k) x;
-- Each purchase is taken back at most once; a return that finds none is a purchase.
UPDATE bench.event e SET type = 'purchase' WHERE type = 'return';
UPDATE bench.event e SET type = 'return', of_n = p.n, member_id = p.member_id, amount = p.amount
  FROM bench.event p WHERE e.n % 20 = 0 AND e.n > 1000 AND p.n = e.n - 999 AND p.type = 'purchase' AND e.type = 'purchase';
ANALYZE bench.event;
