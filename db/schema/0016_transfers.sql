-- Points from member to member.
--
-- A transfer is two events. The giver's ('transfer') is submitted as any other. In the transaction that posts it, and in no other, the
-- receiver's ('receive') comes into being: with the lots that left, in the receiver's journal and inbox. Between the two the points stand on
-- the account 'transferred' of the programme: left, and not arrived. Why not both sides in one transaction: a worker holds members by their
-- bucket and reads where they stand before the engine runs, so for both sides it would have to hold two, wait for the second in an order that
-- the first has decided already, and, where members are spread over nodes, lock on two of them. As it is nobody ever waits for another member:
-- the giver's transaction only inserts rows of the receiver under a key of their own, so that two members who send to each other at the
-- same moment cannot block one another; a crash leaves both or neither; and each member's journal alone leads to where the member
-- stands, as what arrived is written there, not computed from somebody else's. On a distributed engine it is one two-phase commit.

-- What verify looks at without going through all members: transfers are few among entries and events.
CREATE INDEX ledger_entry_transferred ON loyalty.ledger_entry (member_id, seq) WHERE account_id = 11;
CREATE INDEX journal_transferred ON loyalty.journal (member_id, seq) WHERE type IN ('transfer', 'receive');

-- The number of the member that a number or a card names.
CREATE FUNCTION loyalty.transfer_receiver(p_name text) RETURNS bigint LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_number bigint;
BEGIN
  IF coalesce(btrim(p_name), '') = '' THEN
    RAISE EXCEPTION 'a transfer needs a receiver' USING ERRCODE = 'LY002', HINT = 'receiver: the number or a card of another member';
  END IF;
  SELECT m.number INTO v_number FROM loyalty.member m WHERE m.member_id = loyalty.member_of(p_name);
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no member %', p_name USING ERRCODE = 'LY004', HINT = 'the receiver is a number or a card of a member';
  END IF;
  RETURN v_number;
END $$;

-- Whether a member may send points: NULL, or why not.
CREATE FUNCTION loyalty.giver_trouble(p_giver bigint) RETURNS text LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_status text;
BEGIN
  SELECT m.status INTO v_status FROM loyalty.member m WHERE m.member_id = p_giver;
  IF v_status <> 'active' THEN RETURN format('the member is %s and sends nothing', v_status); END IF;
  IF EXISTS (SELECT FROM loyalty.household h WHERE h.member_id = p_giver) THEN RETURN 'a household''s points are redeemed, or paid out when it is closed'; END IF;
  RETURN NULL;
END $$;

-- Whether a member of that number takes points: NULL, or why not.
CREATE FUNCTION loyalty.transfer_trouble(p_giver bigint, p_receiver bigint) RETURNS text LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_id bigint; v_status text;
BEGIN
  SELECT i.member_id INTO v_id FROM loyalty.member_identifier i WHERE i.value = p_receiver::text AND i.kind = 'number';
  IF v_id = p_giver THEN RETURN 'giver and receiver are the same member'; END IF;
  SELECT m.status INTO v_status FROM loyalty.member m WHERE m.member_id = v_id;
  IF v_status IS NULL THEN RETURN format('there is no member %s', p_receiver); END IF;
  IF v_status <> 'active' THEN RETURN format('member %s is %s and takes nothing', p_receiver, v_status); END IF;
  RETURN NULL;
END $$;

-- Whom points would go to, before they are sent; trouble: why they cannot.
CREATE FUNCTION loyalty.transfer_preview(p_member_id bigint, p_receiver text, OUT number bigint, OUT name text, OUT trouble text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  PERFORM loyalty.caller_role();
  number := loyalty.transfer_receiver(p_receiver); trouble := coalesce(loyalty.giver_trouble(p_member_id), loyalty.transfer_trouble(p_member_id, number), '');
  SELECT btrim(m.given_name || ' ' || m.family_name) INTO name FROM loyalty.member m WHERE m.member_id = loyalty.member_of(number::text);
END $$;

CREATE FUNCTION loyalty.transfer_check(p_event loyalty.journal) RETURNS void LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_trouble text := coalesce(loyalty.giver_trouble(p_event.member_id), loyalty.transfer_trouble(p_event.member_id, p_event.other_number));
BEGIN
  IF v_trouble IS NOT NULL THEN
    RAISE EXCEPTION '%', v_trouble USING ERRCODE = 'LY002', HINT = 'points go to another active member';
  END IF;
END $$;

-- Why a staged line cannot be taken; NULL: it can.
CREATE FUNCTION loyalty.import_transfer_trouble(p_line loyalty.import_event) RETURNS text LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_id bigint;
BEGIN
  IF p_line.receiver !~ '^[0-9]{1,18}$' THEN RETURN format('receiver: "%s" is no number of a member', p_line.receiver); END IF;
  SELECT i.member_id INTO v_id FROM loyalty.member_identifier i WHERE i.value = p_line.member AND i.kind = 'number';
  RETURN 'receiver: ' || coalesce(loyalty.giver_trouble(v_id), loyalty.transfer_trouble(v_id, p_line.receiver::bigint));
END $$;

-- Of transfers about to be posted, those whose receiver takes points.
CREATE FUNCTION loyalty.transfer_receivers(p_members bigint[], p_seqs bigint[], p_numbers bigint[]) RETURNS TABLE (member_id bigint, seq bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  FOR i IN 1 .. coalesce(cardinality(p_members), 0) LOOP
    IF loyalty.transfer_trouble(p_members[i], p_numbers[i]) IS NULL THEN
      member_id := p_members[i]; seq := p_seqs[i];
      RETURN NEXT;
    END IF;
  END LOOP;
END $$;

-- Writes the receivers' events, in the transaction that posts the givers'. One element a lot, those of one transfer together.
CREATE FUNCTION loyalty.transfers_post(p_members bigint[], p_seqs bigint[], p_numbers bigint[], p_currencies smallint[], p_amounts bigint[],
  p_earned date[], p_expires date[], p_active date[], p_days date[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE t record; v_sent loyalty.journal; r loyalty.journal;
BEGIN
  FOR t IN SELECT u.member_id, u.seq, u.number, c.code, array_agg(u.amount ORDER BY u.n) AS amounts,
                  array_agg(u.earned ORDER BY u.n) AS earned, array_agg(u.expires ORDER BY u.n) AS expires, min(u.active) AS active, min(u.day) AS day
             FROM unnest(p_members, p_seqs, p_numbers, p_currencies, p_amounts, p_earned, p_expires, p_active, p_days) WITH ORDINALITY
               u (member_id, seq, number, currency, amount, earned, expires, active, day, n) JOIN loyalty.currency c ON c.currency_id = u.currency
            GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 4 LOOP
    SELECT * INTO STRICT v_sent FROM loyalty.journal j WHERE j.member_id = t.member_id AND j.seq = t.seq;
    SELECT i.member_id INTO STRICT r.member_id FROM loyalty.member_identifier i WHERE i.value = t.number::text AND i.kind = 'number';
    SELECT m.number INTO STRICT r.other_number FROM loyalty.member m WHERE m.member_id = t.member_id;
    r.seq := NULL; r.type := 'receive'; r.lane := v_sent.lane; r.activity_on := t.day; r.object := t.code; r.reason := v_sent.reason;
    r.amount := (SELECT sum(a) FROM unnest(t.amounts) a); r.lot_amount := t.amounts; r.lot_earned_on := t.earned; r.lot_expires_on := t.expires;
    r.active_on := t.active; r.source := 'transfer'; r.submitted_by := v_sent.submitted_by; r.approved_by := v_sent.approved_by;
    -- What a merged member passes on may be of several currencies; what it owes is taken from what came from it first.
    r.external_id := CASE v_sent.type WHEN 'transfer' THEN t.seq::text ELSE t.seq || ' ' || t.code END; r.of_seq := NULL;
    IF r.amount < 0 THEN
      SELECT min(j.seq) INTO r.of_seq FROM loyalty.journal j WHERE j.member_id = r.member_id AND j.type = 'receive' AND j.object = t.code AND j.amount > 0
         AND j.other_number = r.other_number AND j.seq > (SELECT max(g.seq) FROM loyalty.member_merge g WHERE g.member_id = t.member_id);
    END IF;
    PERFORM loyalty.journal_add(r);
  END LOOP;
END $$;

-- What is broken of transfers, of members p_from <= member_id <= p_to: each side by itself. Pending and failed are under way.
CREATE FUNCTION loyalty.transfer_broken(p_from bigint, p_to bigint) RETURNS TABLE (member_id bigint, invariant text, detail text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH event AS (
    SELECT j.member_id, j.seq, j.type, j.amount, j.lot_amount, j.lot_earned_on, j.lot_expires_on, j.source FROM loyalty.journal j
     WHERE j.member_id BETWEEN p_from AND p_to AND j.type IN ('transfer', 'receive')),
  posted AS (
    SELECT e.member_id, e.seq, coalesce(sum(e.amount) FILTER (WHERE e.amount > 0), 0) AS came, coalesce(sum(e.amount) FILTER (WHERE e.amount < 0), 0) AS went
      FROM loyalty.ledger_entry e WHERE e.member_id BETWEEN p_from AND p_to AND e.account_id = 11 GROUP BY 1, 2)
  SELECT j.member_id, 'a transfer is made of its lots', format('event %s of %s', j.seq, j.amount)
    FROM event j WHERE j.type = 'receive' AND (j.amount IS DISTINCT FROM (SELECT sum(a) FROM unnest(j.lot_amount) a)
      OR cardinality(j.lot_amount) IS DISTINCT FROM cardinality(j.lot_earned_on) OR cardinality(j.lot_amount) IS DISTINCT FROM cardinality(j.lot_expires_on))
  UNION ALL
  SELECT j.member_id, 'a transfer is posted whole', format('event %s of %s, entries %s', j.seq, j.amount, coalesce(p.came + p.went, 0))
    FROM event j LEFT JOIN posted p ON p.member_id = j.member_id AND p.seq = j.seq
    LEFT JOIN loyalty.outcome o ON o.member_id = j.member_id AND o.seq = j.seq AND o.member_id BETWEEN p_from AND p_to
    LEFT JOIN loyalty.inbox i ON i.bucket = loyalty.bucket_of(j.member_id) AND i.member_id = j.member_id AND i.seq = j.seq
   WHERE j.source NOT IN ('household', 'merge') AND coalesce(CASE WHEN j.type = 'receive' AND j.amount > 0 THEN p.came ELSE p.went END, 0) <> CASE WHEN i.seq IS NOT NULL OR o.result <> 'accepted' THEN 0 WHEN j.type = 'receive' THEN j.amount ELSE -j.amount END $$;

-- Whether everything that left has its event on the other side, over the same quantity, once, and nothing arrives that did not leave.
CREATE FUNCTION loyalty.transfer_unpaired() RETURNS TABLE (member_id bigint, invariant text, detail text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH sent AS MATERIALIZED (
    SELECT e.member_id, e.seq, c.code, coalesce(min(j.amount) FILTER (WHERE j.type = 'receive'), 0) - sum(e.amount) AS amount    -- passed on at once: merged
      FROM loyalty.ledger_entry e JOIN loyalty.currency c USING (currency_id) JOIN loyalty.journal j ON j.member_id = e.member_id AND j.seq = e.seq
     WHERE e.account_id = 11 GROUP BY 1, 2, 3),
  received AS MATERIALIZED (
    SELECT j.member_id, split_part(j.external_id, ' ', 1)::bigint AS seq, j.object AS code, j.amount FROM loyalty.journal j WHERE j.type = 'receive')
  SELECT coalesce(s.member_id, r.member_id), 'what leaves a member is on its way to another', format('event %s: sent %s, to be received %s',
         coalesce(s.seq, r.seq), coalesce(s.amount, 0), coalesce(r.amount, 0))
    FROM sent s FULL JOIN received r USING (seq, code) WHERE coalesce(s.amount, 0) <> coalesce(r.amount, 0) $$;

REVOKE ALL ON FUNCTION loyalty.giver_trouble(bigint), loyalty.transfer_receiver(text), loyalty.transfer_trouble(bigint, bigint), loyalty.transfer_check(loyalty.journal),
  loyalty.transfer_preview(bigint, text), loyalty.import_transfer_trouble(loyalty.import_event), loyalty.transfer_receivers(bigint[], bigint[], bigint[]),
  loyalty.transfers_post(bigint[], bigint[], bigint[], smallint[], bigint[], date[], date[], date[], date[]),
  loyalty.transfer_broken(bigint, bigint), loyalty.transfer_unpaired() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION loyalty.transfer_receivers(bigint[], bigint[], bigint[]),
  loyalty.transfers_post(bigint[], bigint[], bigint[], smallint[], bigint[], date[], date[], date[], date[]) TO loyalty_worker;
GRANT EXECUTE ON FUNCTION loyalty.transfer_preview(bigint, text) TO loyalty_support, loyalty_manager, loyalty_admin;
GRANT EXECUTE ON FUNCTION loyalty.transfer_broken(bigint, bigint), loyalty.transfer_unpaired() TO loyalty_manager, loyalty_admin, loyalty_worker;
