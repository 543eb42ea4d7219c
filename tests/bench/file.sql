-- The events of a round as a file to import, with the columns that a till of a shop fills.
COPY (SELECT 'pos' AS source, 'POS-' || lpad((e.n % 400)::text, 4, '0') || '-' || :round || '-' || lpad(e.n::text, 8, '0') AS external_id,
             1000000 + e.member_id AS member, e.type, loyalty.business_day() AS date,
             CASE WHEN e.type <> 'redeem' THEN to_char(e.amount / 100.0, 'FM999999990.00') END AS amount,
             CASE WHEN e.type = 'purchase' THEN (ARRAY['general', 'food', 'beverage', 'gift_card'])[1 + e.n % 4] END AS category,
             CASE WHEN e.type = 'purchase' THEN (ARRAY['card', 'cash', 'app'])[1 + e.n % 3] END AS tender,
             CASE WHEN e.type <> 'return' THEN (ARRAY['store', 'app'])[1 + e.n % 2] END AS channel,
             NULL AS partner, NULL AS activity, NULL AS quantity, CASE WHEN e.n % 10 = 0 AND e.type = 'purchase' THEN 'personal_cup' END AS flags,
             'POS-' || lpad((e.of_n % 400)::text, 4, '0') || '-' || :round || '-' || lpad(e.of_n::text, 8, '0') AS of,
             CASE WHEN e.type = 'redeem' THEN 'coffee' END AS reward, CASE WHEN e.type = 'redeem' THEN 1 END AS units,
             NULL AS currency, NULL AS plan, NULL AS ladder, NULL AS tier, NULL AS until
        FROM bench.event e ORDER BY e.n) TO STDOUT (FORMAT csv, HEADER);
