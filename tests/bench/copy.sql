-- The floor of an import: the same file by raw COPY into one bare table.
\set QUIET 1
TRUNCATE bare.line;
SELECT clock_timestamp() AS began \gset
\copy bare.line FROM 'events.csv' (FORMAT csv, HEADER)
SELECT 'copy.lines', :round, :events / extract(epoch FROM clock_timestamp() - :'began'::timestamptz);
