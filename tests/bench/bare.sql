-- The floor of posting: the rows that the worker's round wrote, by raw COPY into tables without index, logged as the worker's are.
\set QUIET 1
SET client_min_messages = error;
TRUNCATE bare.journal, bare.inbox, bare.outcome, bare.ledger_entry, bare.lot, bare.lot_use, bare.issued_reward, bare.standing, bare.balance;
SELECT clock_timestamp() AS began \gset
BEGIN;
\copy bare.journal FROM 'journal.rows' (FORMAT binary)
\copy bare.inbox FROM 'inbox.rows' (FORMAT binary)
\copy bare.outcome FROM 'outcome.rows' (FORMAT binary)
\copy bare.ledger_entry FROM 'ledger_entry.rows' (FORMAT binary)
\copy bare.lot FROM 'lot.rows' (FORMAT binary)
\copy bare.lot_use FROM 'lot_use.rows' (FORMAT binary)
\copy bare.issued_reward FROM 'issued_reward.rows' (FORMAT binary)
\copy bare.standing FROM 'standing.rows' (FORMAT binary)
\copy bare.balance FROM 'balance.rows' (FORMAT binary)
COMMIT;
SELECT 'bare.events', :round, :events / extract(epoch FROM clock_timestamp() - :'began'::timestamptz);
