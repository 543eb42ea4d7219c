-- Writes down the rows that the events after bench.mark led to, for bare.sql: of a standing and a balance, which are written
-- anew with every batch, the last state once.
\set QUIET 1
CREATE TEMP VIEW posted AS SELECT * FROM loyalty.ledger_entry WHERE seq > (SELECT after FROM bench.mark);
CREATE TEMP VIEW submitted AS SELECT * FROM loyalty.journal WHERE seq > (SELECT after FROM bench.mark);
\copy (SELECT * FROM submitted) TO 'journal.rows' (FORMAT binary)
\copy (SELECT loyalty.bucket_of(member_id), member_id, seq, lane FROM submitted) TO 'inbox.rows' (FORMAT binary)
\copy (SELECT * FROM loyalty.outcome WHERE seq > (SELECT after FROM bench.mark)) TO 'outcome.rows' (FORMAT binary)
\copy (SELECT * FROM posted) TO 'ledger_entry.rows' (FORMAT binary)
\copy (SELECT * FROM loyalty.lot WHERE seq > (SELECT after FROM bench.mark)) TO 'lot.rows' (FORMAT binary)
\copy (SELECT u.* FROM loyalty.lot_use u JOIN posted USING (member_id, entry_no)) TO 'lot_use.rows' (FORMAT binary)
\copy (SELECT * FROM loyalty.issued_reward WHERE seq > (SELECT after FROM bench.mark)) TO 'issued_reward.rows' (FORMAT binary)
\copy (SELECT * FROM loyalty.standing WHERE member_id IN (SELECT member_id FROM submitted)) TO 'standing.rows' (FORMAT binary)
\copy (SELECT * FROM loyalty.balance WHERE member_id IN (SELECT member_id FROM posted)) TO 'balance.rows' (FORMAT binary)
