-- A till stages the events of a round, as `loyalty import events` does with the lines of a file.
SELECT loyalty.import_start('events', 'bench') AS import_no \gset
INSERT INTO loyalty.import_event (import_no, line_no, member, source, external_id, type, activity_on, amount, quantity, of_external, object)
SELECT :import_no, e.n, (1000000 + e.member_id)::text, 'bench', :round || '-' || e.n, e.type::loyalty.event_type, loyalty.business_day(),
       CASE WHEN e.type <> 'redeem' THEN e.amount END, CASE WHEN e.type = 'redeem' THEN 1 END,
       :round || '-' || e.of_n, CASE WHEN e.type = 'redeem' THEN 'coffee' END
  FROM bench.event e ORDER BY e.n;
\echo :import_no
