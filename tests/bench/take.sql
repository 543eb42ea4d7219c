-- Takes what stage.sql staged into journal and inbox, in chunks as large as an import's.
SELECT format('SELECT taken, known, rejected FROM loyalty.import_events(%s, %s, %s)', :import_no, n, n + 19999)
  FROM generate_series(1, :events, 20000) n \gexec
