-- One round of all probes, by a support login.
INSERT INTO bench.searched SELECT :round, p.n, s.ms, s.rows, s.hit
  FROM (SELECT * FROM bench.probe ORDER BY n) p CROSS JOIN LATERAL bench.search_ms(p.text, p.member_id) s;
