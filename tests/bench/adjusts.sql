-- The events of a campaign that gives everybody a point, as if someone had put them into the journal.
WITH told AS (
  INSERT INTO loyalty.journal (member_id, type, lane, activity_on, amount, object, source, external_id)
  SELECT m.member_id, 'adjust', 1, loyalty.business_day(), 1, 'POINT', 'bench', 'round ' || :round FROM loyalty.member m ORDER BY 1 RETURNING member_id, seq)
INSERT INTO loyalty.inbox SELECT loyalty.bucket_of(member_id), member_id, seq, 1 FROM told;
