-- Households: members who put a share of what they earn into one account and redeem from it.
--
-- The account, the pool, is a member like any other but for being no person: it has a number, a standing, lots and a journal, so that
-- everything that is true of members' points is true of its points. Its enrolment comes from the source 'household', by which the engine
-- knows that nobody is to be welcomed or to have a birthday (nothing accrues for enrolling, and no grants).
-- The share moves by transfers of their own, source 'household', which the worker's transaction that posts what was earned puts into the
-- member's journal: amount is what is to move, quantity the event that earned it, whose lots go first; of what is no longer there as much as there is.
CREATE TABLE loyalty.household (
  member_id bigint NOT NULL,             -- the pool
  head_id bigint NOT NULL, opened_on date NOT NULL, closed_on date,
  CONSTRAINT household_pk PRIMARY KEY (member_id));
SELECT dist.distribute('loyalty.household', 'member_id', 'loyalty.member');

-- Who belongs to it now; who did before stands in the audit log. A member has one household.
CREATE TABLE loyalty.household_member (
  member_id bigint NOT NULL, pool_id bigint NOT NULL, role text NOT NULL,
  percent smallint NOT NULL,             -- of what is earned; the same stands in standing, where the worker sees it
  may_redeem boolean NOT NULL, since date NOT NULL,
  CONSTRAINT household_member_pk PRIMARY KEY (member_id),
  CONSTRAINT household_member_role_ck CHECK (role IN ('head', 'adult', 'child')),
  CONSTRAINT household_member_percent_ck CHECK (percent BETWEEN 0 AND 100));
SELECT dist.distribute('loyalty.household_member', 'member_id', 'loyalty.member');
CREATE INDEX household_member_pool ON loyalty.household_member (pool_id);

CREATE FUNCTION loyalty.household_may() RETURNS void LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF loyalty.caller_role() NOT IN ('support', 'manager', 'admin') THEN
    RAISE EXCEPTION 'your role (%) does not change households', loyalty.caller_role() USING ERRCODE = 'LY001';
  END IF;
END $$;

-- The open household of that pool, locked.
CREATE FUNCTION loyalty.household_open(p_pool bigint) RETURNS loyalty.household LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE h loyalty.household;
BEGIN
  SELECT * INTO h FROM loyalty.household x WHERE x.member_id = p_pool FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'that is no household' USING ERRCODE = 'LY004', HINT = 'a household is named by its own number'; END IF;
  RETURN h;
END $$;

CREATE FUNCTION loyalty.household_join(p_pool bigint, p_member bigint, p_role text, p_percent int, p_may_redeem boolean) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_status text;
BEGIN
  SELECT m.status INTO v_status FROM loyalty.member m WHERE m.member_id = p_member;
  IF v_status IS DISTINCT FROM 'active' OR EXISTS (SELECT FROM loyalty.household h WHERE h.member_id = p_member) THEN
    RAISE EXCEPTION 'only an active member joins a household' USING ERRCODE = 'LY002';
  ELSIF p_percent IS NULL OR p_percent NOT BETWEEN 0 AND 100 THEN
    RAISE EXCEPTION 'a share is 0 to 100 per cent' USING ERRCODE = 'LY002';
  ELSIF p_role IS NULL OR p_role NOT IN ('head', 'adult', 'child') THEN
    RAISE EXCEPTION 'a role is head, adult or child' USING ERRCODE = 'LY002';
  END IF;
  INSERT INTO loyalty.household_member VALUES (p_member, p_pool, p_role, p_percent, p_may_redeem, loyalty.business_day()) ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN RAISE EXCEPTION 'the member belongs to a household already' USING ERRCODE = 'LY010', HINT = 'loyalty household show tells which'; END IF;
  UPDATE loyalty.standing s SET pool_share = p_percent WHERE s.member_id = p_member;
  PERFORM loyalty.audit_write(p_member, 'household.join', p_role || ' ' || p_percent || ' %', NULL);
END $$;

-- Opens a household with its head; answers the pool's number.
CREATE FUNCTION loyalty.household_create(p_head bigint, p_name text, p_percent int) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_id bigint := nextval('loyalty.member_id_seq'); v_number bigint := nextval('loyalty.member_number_seq'); r loyalty.journal; v_day date := loyalty.business_day();
BEGIN
  PERFORM loyalty.household_may();
  IF coalesce(btrim(p_name), '') = '' THEN RAISE EXCEPTION 'a household needs a name' USING ERRCODE = 'LY002'; END IF;
  INSERT INTO loyalty.member (member_id, number, given_name, family_name, flags, enrolled_on) VALUES (v_id, v_number, '', btrim(p_name), '{household}', v_day);
  INSERT INTO loyalty.member_identifier (value, kind, member_id) VALUES (v_number::text, 'number', v_id);
  PERFORM loyalty.name_words_add('', p_name);
  INSERT INTO loyalty.standing (member_id) VALUES (v_id);
  INSERT INTO loyalty.household (member_id, head_id, opened_on) VALUES (v_id, p_head, v_day);
  r.member_id := v_id; r.type := 'enrol'; r.lane := 0; r.activity_on := v_day; r.source := 'household'; r.external_id := 'pool';
  PERFORM loyalty.journal_add(r);
  PERFORM loyalty.household_join(v_id, p_head, 'head', p_percent, true);
  PERFORM loyalty.audit_write(v_id, 'household.create', p_name, NULL);
  RETURN v_number;
END $$;

CREATE FUNCTION loyalty.household_add(p_pool bigint, p_member bigint, p_role text, p_percent int, p_may_redeem boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE h loyalty.household;
BEGIN
  PERFORM loyalty.household_may();
  h := loyalty.household_open(p_pool);
  IF h.closed_on IS NOT NULL THEN RAISE EXCEPTION 'the household was closed on %', h.closed_on USING ERRCODE = 'LY010';
  ELSIF p_role = 'head' THEN RAISE EXCEPTION 'a household has one head' USING ERRCODE = 'LY002', HINT = 'add the member, then loyalty household set MEMBER --role head'; END IF;
  PERFORM loyalty.household_join(p_pool, p_member, p_role, p_percent, coalesce(p_may_redeem, p_role <> 'child'));
END $$;

-- Changes what is not NULL; whoever becomes head takes the old one's place, who is an adult from then on.
CREATE FUNCTION loyalty.household_set(p_member bigint, p_role text, p_percent int, p_may_redeem boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_old loyalty.household_member; v_head bigint;
BEGIN
  PERFORM loyalty.household_may();
  SELECT * INTO v_old FROM loyalty.household_member x WHERE x.member_id = p_member FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'the member belongs to no household' USING ERRCODE = 'LY004'; END IF;
  IF p_percent NOT BETWEEN 0 AND 100 THEN RAISE EXCEPTION 'a share is 0 to 100 per cent' USING ERRCODE = 'LY002';
  ELSIF p_role NOT IN ('head', 'adult', 'child') THEN RAISE EXCEPTION 'a role is head, adult or child' USING ERRCODE = 'LY002';
  ELSIF v_old.role = 'head' AND p_role <> 'head' THEN
    RAISE EXCEPTION 'a household has a head' USING ERRCODE = 'LY002', HINT = 'make another member the head: loyalty household set MEMBER --role head';
  END IF;
  IF p_role = 'head' AND v_old.role <> 'head' THEN
    UPDATE loyalty.household h SET head_id = p_member WHERE h.member_id = v_old.pool_id;
    FOR v_head IN SELECT x.member_id FROM loyalty.household_member x WHERE x.pool_id = v_old.pool_id AND x.role = 'head' LOOP
      UPDATE loyalty.household_member x SET role = 'adult' WHERE x.member_id = v_head;
      PERFORM loyalty.audit_write(v_head, 'household.set', 'adult', NULL);
    END LOOP;
  END IF;
  UPDATE loyalty.household_member x SET role = coalesce(p_role, x.role), percent = coalesce(p_percent, x.percent),
         may_redeem = coalesce(p_may_redeem, x.may_redeem OR coalesce(p_role = 'head', false)) WHERE x.member_id = p_member;
  IF p_percent IS NOT NULL THEN UPDATE loyalty.standing s SET pool_share = p_percent WHERE s.member_id = p_member; END IF;
  PERFORM loyalty.audit_write(p_member, 'household.set', concat_ws(' ', p_role, p_percent, p_may_redeem), NULL);
END $$;

CREATE FUNCTION loyalty.household_part(p_member bigint) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM loyalty.household_member x WHERE x.member_id = p_member;
  UPDATE loyalty.standing s SET pool_share = 0 WHERE s.member_id = p_member;    -- no share any more; returns still reach the pool
  PERFORM loyalty.audit_write(p_member, 'household.leave', '', NULL);
END $$;

-- What was shared stays in the pool, until it is returned.
CREATE FUNCTION loyalty.household_remove(p_member bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_old loyalty.household_member;
BEGIN
  PERFORM loyalty.household_may();
  SELECT * INTO v_old FROM loyalty.household_member x WHERE x.member_id = p_member;
  IF NOT FOUND THEN RAISE EXCEPTION 'the member belongs to no household' USING ERRCODE = 'LY004';
  ELSIF v_old.role = 'head' THEN
    RAISE EXCEPTION 'the head does not leave' USING ERRCODE = 'LY002', HINT = 'make another member the head, or close the household';
  END IF;
  PERFORM loyalty.household_part(p_member);
END $$;

-- Ends the household: its members share no more, and what the pool has goes to the head. What was on its way to the pool at that moment
-- stays with whom it was, or arrives; closing once more pays that out too.
CREATE FUNCTION loyalty.household_close(p_pool bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE h loyalty.household; v_member bigint; v_points record; r loyalty.journal; v_head bigint;
BEGIN
  PERFORM loyalty.household_may();
  h := loyalty.household_open(p_pool);
  SELECT m.number INTO v_head FROM loyalty.member m WHERE m.member_id = h.head_id;
  FOR v_member IN SELECT x.member_id FROM loyalty.household_member x WHERE x.pool_id = p_pool ORDER BY 1 LOOP PERFORM loyalty.household_part(v_member); END LOOP;
  FOR v_points IN SELECT c.code, b.points FROM loyalty.balance b JOIN loyalty.currency c USING (currency_id) WHERE b.member_id = p_pool AND b.points > 0 ORDER BY 1 LOOP
    r := NULL; r.member_id := p_pool; r.type := 'transfer'; r.lane := 0; r.activity_on := loyalty.business_day(); r.object := v_points.code;
    r.amount := v_points.points; r.other_number := v_head; r.source := 'household'; r.external_id := 'closed ' || v_points.code || ' ' || clock_timestamp();
    r.reason := 'household closed';
    PERFORM loyalty.journal_add(r);
  END LOOP;
  UPDATE loyalty.household x SET closed_on = coalesce(x.closed_on, loyalty.business_day()) WHERE x.member_id = p_pool;
  UPDATE loyalty.member m SET status = 'closed' WHERE m.member_id = p_pool;
  PERFORM loyalty.audit_write(p_pool, 'household.close', '', NULL);
END $$;

-- The household that a member belongs to, or is the pool of: a row each who belongs to it.
CREATE FUNCTION loyalty.household_show(p_member bigint) RETURNS TABLE (household bigint, name text, closed_on date, points text, member bigint, member_name text,
  role text, percent smallint, may_redeem boolean, since date)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE v_pool bigint := coalesce((SELECT x.pool_id FROM loyalty.household_member x WHERE x.member_id = p_member), p_member); v_points text;
BEGIN
  PERFORM loyalty.caller_role();
  SELECT coalesce(string_agg(trim_scale(b.points / power(10::numeric, c.decimals)) || ' ' || c.code, ', ' ORDER BY c.currency_id), 'no points')
    INTO v_points FROM loyalty.balance b JOIN loyalty.currency c USING (currency_id) WHERE b.member_id = v_pool AND b.points <> 0;
  RETURN QUERY SELECT p.number, p.family_name, h.closed_on, v_points, m.number, btrim(m.given_name || ' ' || m.family_name), x.role, x.percent, x.may_redeem, x.since
    FROM loyalty.household h JOIN loyalty.member p ON p.member_id = h.member_id
    LEFT JOIN (loyalty.household_member x JOIN loyalty.member m ON m.member_id = x.member_id) ON x.pool_id = h.member_id
   WHERE h.member_id = v_pool ORDER BY x.role = 'head' DESC, x.role, m.number;
END $$;

-- Whether what is submitted fits a household: of a pool only redemptions, by one who may, their cancellation, and what staff give or take.
CREATE FUNCTION loyalty.household_check(p_event loyalty.journal) RETURNS void LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_member bigint; v_link loyalty.household_member;
BEGIN
  IF NOT EXISTS (SELECT FROM loyalty.household h WHERE h.member_id = p_event.member_id) THEN
    IF p_event.type NOT IN ('transfer', 'merge', 'unmerge') AND p_event.other_number IS NOT NULL THEN
      RAISE EXCEPTION 'only a household is redeemed from by somebody' USING ERRCODE = 'LY002', HINT = 'leave "by" out';
    END IF;
    RETURN;
  END IF;
  IF p_event.type NOT IN ('redeem', 'cancel_reward', 'adjust') THEN
    RAISE EXCEPTION 'a household has no %', p_event.type USING ERRCODE = 'LY002', HINT = 'its members earn; it redeems';
  ELSIF p_event.type <> 'redeem' THEN RETURN;
  END IF;
  SELECT i.member_id INTO v_member FROM loyalty.member_identifier i WHERE i.value = p_event.other_number::text AND i.kind = 'number';
  SELECT * INTO v_link FROM loyalty.household_member x WHERE x.member_id = v_member;
  IF v_link.pool_id IS DISTINCT FROM p_event.member_id THEN
    RAISE EXCEPTION 'say who of the household redeems' USING ERRCODE = 'LY002', HINT = 'by: the number or a card of one of its members';
  ELSIF NOT v_link.may_redeem THEN
    RAISE EXCEPTION 'member % may not redeem the household''s points', p_event.other_number USING ERRCODE = 'LY002', HINT = 'loyalty household set MEMBER --may-redeem yes';
  END IF;
  PERFORM loyalty.spending_check(v_member);
END $$;

-- Of what the worker has just posted for members of households: what was earned (amount above 0), and what returns took back of it. The share is
-- rounded down. A return takes back what the share of what is left comes to less than what went, from the pool that got it, whether the member still
-- belongs to it or not; the pool gives as much of it as it has, and a closed one nothing: its head has been paid.
CREATE FUNCTION loyalty.household_shares(p_members bigint[], p_seqs bigint[], p_currencies smallint[], p_amounts bigint[], p_of bigint[], p_days date[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE t record; v_link loyalty.household_member; r loyalty.journal; v_earned bigint; v_left bigint; v_went bigint; v_back bigint; v_pool bigint; v_pool_id bigint;
BEGIN
  FOR t IN SELECT u.member_id, u.seq, u.currency, u.amount > 0 AS is_earned, u.of, sum(u.amount)::bigint AS amount, min(u.day) AS day, c.code
             FROM unnest(p_members, p_seqs, p_currencies, p_amounts, p_of, p_days) u (member_id, seq, currency, amount, of, day)
             JOIN loyalty.currency c ON c.currency_id = u.currency GROUP BY 1, 2, 3, 4, 5, c.code ORDER BY 1, 2, 3 LOOP
    r := NULL; r.type := 'transfer'; r.source := 'household'; r.activity_on := t.day; r.object := t.code;
    SELECT j.lane INTO r.lane FROM loyalty.journal j WHERE j.member_id = t.member_id AND j.seq = t.seq;
    r.lane := coalesce(r.lane, 1);
    IF t.is_earned THEN
      SELECT * INTO v_link FROM loyalty.household_member x WHERE x.member_id = t.member_id;
      CONTINUE WHEN NOT FOUND;
      SELECT m.number INTO r.other_number FROM loyalty.member m WHERE m.member_id = v_link.pool_id;
      r.member_id := t.member_id; r.quantity := t.seq; r.reason := 'household share';
      r.external_id := concat_ws(' ', 'share', t.seq, t.code); r.amount := t.amount * v_link.percent / 100;
    ELSE
      SELECT coalesce(sum(e.amount) FILTER (WHERE e.account_id = 1), 0), coalesce(sum(e.amount), 0) INTO v_earned, v_left FROM loyalty.ledger_entry e
       WHERE e.member_id = t.member_id AND e.currency_id = t.currency AND (e.seq = t.of AND e.account_id = 1 OR e.of_seq = t.of AND e.account_id = 4);
      SELECT coalesce(sum(CASE WHEN i.seq IS NOT NULL THEN j.amount ELSE -e.amount END), 0), max(j.other_number) INTO v_went, v_pool FROM loyalty.journal j
        LEFT JOIN loyalty.inbox i ON i.bucket = loyalty.bucket_of(j.member_id) AND i.member_id = j.member_id AND i.seq = j.seq
        LEFT JOIN loyalty.ledger_entry e ON e.member_id = j.member_id AND e.seq = j.seq
       WHERE j.member_id = t.member_id AND j.type = 'transfer' AND j.source = 'household' AND j.quantity = t.of AND j.object = t.code;
      CONTINUE WHEN v_went = 0;
      SELECT h.member_id INTO v_pool_id FROM loyalty.member_identifier i JOIN loyalty.household h ON h.member_id = i.member_id AND h.closed_on IS NULL
       WHERE i.value = v_pool::text AND i.kind = 'number';
      CONTINUE WHEN NOT FOUND;
      SELECT coalesce(sum(j.amount), 0) INTO v_back FROM loyalty.journal j
       WHERE j.member_id = v_pool_id AND j.type = 'transfer' AND j.source = 'household' AND j.quantity = t.of AND j.object = t.code;
      SELECT m.number INTO r.other_number FROM loyalty.member m WHERE m.member_id = t.member_id;
      r.member_id := v_pool_id; r.quantity := t.of; r.reason := 'household share of a return';
      r.external_id := concat_ws(' ', 'return', t.seq, t.of, t.code);
      r.amount := CASE WHEN v_earned > 0 THEN v_went - floor(v_went::numeric * v_left / v_earned)::bigint - v_back ELSE 0 END;
    END IF;
    CONTINUE WHEN r.amount <= 0;
    PERFORM loyalty.journal_add(r);
  END LOOP;
END $$;

REVOKE ALL ON FUNCTION loyalty.household_may(), loyalty.household_open(bigint), loyalty.household_join(bigint, bigint, text, int, boolean),
  loyalty.household_create(bigint, text, int), loyalty.household_add(bigint, bigint, text, int, boolean), loyalty.household_set(bigint, text, int, boolean),
  loyalty.household_part(bigint), loyalty.household_remove(bigint), loyalty.household_close(bigint), loyalty.household_show(bigint),
  loyalty.household_check(loyalty.journal), loyalty.household_shares(bigint[], bigint[], smallint[], bigint[], bigint[], date[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION loyalty.household_create(bigint, text, int), loyalty.household_add(bigint, bigint, text, int, boolean),
  loyalty.household_set(bigint, text, int, boolean), loyalty.household_remove(bigint), loyalty.household_close(bigint), loyalty.household_show(bigint)
  TO loyalty_support, loyalty_manager, loyalty_admin;
GRANT EXECUTE ON FUNCTION loyalty.household_shares(bigint[], bigint[], smallint[], bigint[], bigint[], date[]) TO loyalty_worker;
GRANT SELECT (member_id, percent) ON loyalty.household_member TO loyalty_manager, loyalty_admin, loyalty_worker;    -- the proof
