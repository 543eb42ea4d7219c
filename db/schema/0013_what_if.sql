-- What-if: what marketing and managers may read to try a draft of the programme on everybody, by the engine itself.
-- Members stay numbers there: no names, no identifiers; of what the engine remembers, day and month of birth and the flags go along.
GRANT SELECT (member_id, programme_version, memory) ON loyalty.standing TO loyalty_marketing;
GRANT SELECT (member_id, currency_id, points) ON loyalty.balance TO loyalty_marketing;
GRANT SELECT (member_id, lot_no, remaining, earned_on, expires_on, currency_id) ON loyalty.lot TO loyalty_marketing;
GRANT SELECT ON loyalty.member_due TO loyalty_marketing;
GRANT SELECT (member_id, seq, result, reason, detail, after_seq, revision, processed_on) ON loyalty.outcome TO loyalty_marketing;
GRANT SELECT (member_id, seq, activity_on, currency_id, account_id, rule_id, amount) ON loyalty.ledger_entry TO loyalty_marketing;

-- What was processed of those members' journals, without who asked for it, why and under which name.
CREATE FUNCTION loyalty.what_if_journal(p_members bigint[]) RETURNS SETOF loyalty.journal LANGUAGE plpgsql STABLE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE j loyalty.journal;
BEGIN
  FOR j IN SELECT * FROM loyalty.journal x WHERE x.member_id = ANY (p_members) AND NOT EXISTS (SELECT FROM loyalty.inbox i
             WHERE i.bucket = loyalty.bucket_of(x.member_id) AND i.member_id = x.member_id AND i.seq = x.seq) LOOP
    j.reason := NULL; j.case_no := NULL; j.source := ''; j.external_id := ''; j.submitted_by := ''; j.approved_by := NULL;
    RETURN NEXT j;
  END LOOP;
END $$;

-- The twenty largest changes name their members; each can be opened, see member_open() and member_timeline().
CREATE FUNCTION loyalty.what_if_members(p_members bigint[]) RETURNS TABLE (member_id bigint, number bigint, name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT m.member_id, m.number, btrim(m.given_name || ' ' || m.family_name) FROM loyalty.member m WHERE m.member_id = ANY (p_members[1:20]) $$;

GRANT EXECUTE ON FUNCTION loyalty.what_if_journal(bigint[]), loyalty.what_if_members(bigint[]) TO loyalty_marketing, loyalty_manager, loyalty_admin;
