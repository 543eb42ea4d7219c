-- The events of a round as a file to import.
COPY (SELECT 'bench' AS source, :round || '-' || e.n AS external_id, 1000000 + e.member_id AS member, e.type, loyalty.business_day() AS date,
             CASE WHEN e.type <> 'redeem' THEN to_char(e.amount / 100.0, 'FM999999990.00') END AS amount,
             CASE WHEN e.type = 'redeem' THEN 'coffee' END AS reward, CASE WHEN e.type = 'redeem' THEN 1 END AS units,
             :round || '-' || e.of_n AS of
        FROM bench.event e ORDER BY e.n) TO STDOUT (FORMAT csv, HEADER);
