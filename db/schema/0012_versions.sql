-- Versions of the programme: draft, submitted, approved by a second person, in force from their date, retired.
-- A version never reaches back: it begins after the last day that any member was brought to, and later than every other one.
-- Advisory lock 11 guards which versions are approved: every posting holds it shared, whoever changes them holds it alone. So an
-- approval sees all that was posted under the old rules, and all that is posted after it knows the new ones.
-- Errors: LY001 not your right, LY002 not possible, LY004 no such version, LY010 in another state, LY012 needs another person,
-- LY013 not the document that was shown, LY014 members still hold what it leaves out.

-- Changes with every change of which versions are approved: whoever keeps rules in memory compares it.
CREATE FUNCTION loyalty.programme_stamp() RETURNS bigint LANGUAGE plpgsql STABLE AS $$
BEGIN    -- which keeps its plan: every claim asks
  RETURN (SELECT coalesce((extract(epoch FROM max(v.approved_at)) * 1000000)::bigint, 0) + count(*) FROM loyalty.programme_version v
           WHERE v.state = 'approved');
END $$;

-- The version in force on a day: the last that has begun; before the first the first.
CREATE FUNCTION loyalty.programme_version_at(p_day date) RETURNS smallint LANGUAGE sql STABLE AS
$$ SELECT v.version_no FROM loyalty.programme_version v WHERE v.state = 'approved'
    ORDER BY v.effective_from > p_day, abs(v.effective_from - p_day), v.version_no DESC LIMIT 1 $$;

-- The last day that anything may have been posted for: a version begins later.
CREATE FUNCTION loyalty.programme_last_day() RETURNS date LANGUAGE sql STABLE AS
$$ SELECT greatest(p.processed_on, p.opened_on) FROM loyalty.programme p $$;

-- Gives what a document names its numbers; what had one keeps it, for ever.
CREATE FUNCTION loyalty.programme_number(p jsonb) RETURNS void LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO loyalty.currency (currency_id, code, kind, decimals, partner)
  SELECT (SELECT coalesce(max(c.currency_id), 0) FROM loyalty.currency c) + row_number() OVER (ORDER BY n), x->>'code', x->>'kind', (x->>'decimals')::smallint, coalesce(x->>'partner', '')
    FROM jsonb_array_elements(p->'currencies') WITH ORDINALITY AS t (x, n)
   WHERE NOT EXISTS (SELECT FROM loyalty.currency c WHERE c.code = x->>'code');
  INSERT INTO loyalty.ladder (ladder_id, code)
  SELECT (SELECT coalesce(max(l.ladder_id), 0) FROM loyalty.ladder l) + row_number() OVER (ORDER BY n), x->>'code'
    FROM jsonb_array_elements(p->'ladders') WITH ORDINALITY AS t (x, n)
   WHERE NOT EXISTS (SELECT FROM loyalty.ladder l WHERE l.code = x->>'code');
  INSERT INTO loyalty.tier (tier_id, ladder_id, code, rank)
  SELECT (SELECT coalesce(max(t.tier_id), 0) FROM loyalty.tier t) + row_number() OVER (ORDER BY l.ladder_id, y.n), l.ladder_id, y.x#>>'{}', y.n - 1
    FROM jsonb_array_elements(p->'ladders') WITH ORDINALITY AS t (x, n) JOIN loyalty.ladder l ON l.code = t.x->>'code',
         jsonb_array_elements(t.x->'tiers') WITH ORDINALITY AS y (x, n)
   WHERE NOT EXISTS (SELECT FROM loyalty.tier t WHERE t.ladder_id = l.ladder_id AND t.code = y.x#>>'{}');
  INSERT INTO loyalty.rule (rule_id, code, kind)
  SELECT (SELECT coalesce(max(r.rule_id), 0) FROM loyalty.rule r) + row_number() OVER (ORDER BY n), x->>'code', x->>'kind'
    FROM jsonb_array_elements(p->'rules') WITH ORDINALITY AS t (x, n)
   WHERE NOT EXISTS (SELECT FROM loyalty.rule r WHERE r.code = x->>'code');
  INSERT INTO loyalty.reward (reward_id, code, name, kind, offered)
  SELECT (SELECT coalesce(max(r.reward_id), 0) FROM loyalty.reward r) + row_number() OVER (ORDER BY n), x->>'code', coalesce(x->>'name', x->>'code'),
         x->>'kind', false
    FROM jsonb_array_elements(p->'rewards') WITH ORDINALITY AS t (x, n)
   WHERE NOT EXISTS (SELECT FROM loyalty.reward r WHERE r.code = x->>'code');
  INSERT INTO loyalty.verified_segment (segment_id, code, name)
  SELECT (SELECT coalesce(max(s.segment_id), 0) FROM loyalty.verified_segment s) + row_number() OVER (ORDER BY n), x->>'code', x->>'name'
    FROM jsonb_array_elements(p->'segments') WITH ORDINALITY AS t (x, n)
   WHERE NOT EXISTS (SELECT FROM loyalty.verified_segment s WHERE s.code = x->>'code') $$;

-- Lets the labels speak of the version in force on that day: order of tiers, what rewards cost, which are offered.
CREATE FUNCTION loyalty.programme_label(p_day date) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_version loyalty.programme_version;
BEGIN
  SELECT * INTO v_version FROM loyalty.programme_version v WHERE v.version_no = loyalty.programme_version_at(p_day);
  UPDATE loyalty.currency c SET kind = x->>'kind', partner = CASE c.partner WHEN '' THEN coalesce(x->>'partner', '') ELSE c.partner END
    FROM jsonb_array_elements(v_version.projection->'currencies') x
   WHERE c.code = x->>'code' AND (c.kind, c.partner) <> (x->>'kind', coalesce(x->>'partner', ''));
  UPDATE loyalty.tier t SET rank = y.n - 1
    FROM jsonb_array_elements(v_version.projection->'ladders') l (x), loyalty.ladder d, jsonb_array_elements(l.x->'tiers') WITH ORDINALITY y (x, n)
   WHERE d.code = l.x->>'code' AND t.ladder_id = d.ladder_id AND t.code = y.x#>>'{}' AND t.rank <> y.n - 1;
  UPDATE loyalty.reward r SET offered = false
   WHERE r.offered AND NOT EXISTS (SELECT FROM jsonb_array_elements(v_version.projection->'rewards') x WHERE x->>'code' = r.code);
  UPDATE loyalty.reward r SET name = n.name, kind = n.kind, currency_id = n.currency_id, cost = n.cost, first_day = n.first_day,
         last_day = n.last_day, offered = true
    FROM (SELECT x->>'code' AS code, coalesce(x->>'name', x->>'code') AS name, x->>'kind' AS kind,
                 (SELECT c.currency_id FROM loyalty.currency c WHERE c.code = x->>'currency') AS currency_id, (x->>'cost')::bigint AS cost,
                 (x->>'first_day')::date AS first_day, (x->>'last_day')::date AS last_day
            FROM jsonb_array_elements(v_version.projection->'rewards') x) n
   WHERE r.code = n.code AND (r.name, r.kind, r.currency_id, r.cost, r.first_day, r.last_day, r.offered)
         IS DISTINCT FROM (n.name, n.kind, n.currency_id, n.cost, n.first_day, n.last_day, true);
  UPDATE loyalty.verified_segment s SET name = x->>'name' FROM jsonb_array_elements(v_version.projection->'segments') x
   WHERE s.code = x->>'code' AND s.name <> x->>'name';
END $$;

-- Ends a business day when nobody is due any more, unless the rules are not those that the worker knows.
CREATE FUNCTION loyalty.programme_day_close(p_day date, p_stamp bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(11, 0);
  UPDATE loyalty.programme p SET processed_on = p_day
   WHERE p.processed_on < p_day AND p_stamp = loyalty.programme_stamp() AND NOT EXISTS (SELECT FROM loyalty.member_due d WHERE d.due_on <= p_day);
  IF FOUND THEN PERFORM loyalty.programme_label(p_day); END IF;
END $$;

CREATE FUNCTION loyalty.members_word(p_members bigint) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE p_members WHEN 1 THEN '1 member holds' ELSE p_members || ' members hold' END $$;

-- What members hold as of now that a document does not name, in words: points, tiers above the lowest, plans, rewards issued,
-- verifications.
CREATE FUNCTION loyalty.programme_held(p jsonb) RETURNS text[] LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_held text[] := '{}'; v_members bigint; v_today date := loyalty.business_day(); r record;
BEGIN
  FOR r IN SELECT c.currency_id, c.code FROM loyalty.currency c
            WHERE NOT EXISTS (SELECT FROM jsonb_array_elements(p->'currencies') x WHERE x->>'code' = c.code) ORDER BY c.currency_id LOOP
    SELECT count(*) INTO v_members FROM loyalty.balance b WHERE b.currency_id = r.currency_id AND b.points <> 0;
    IF v_members > 0 THEN v_held := v_held || format('%s points of %s', loyalty.members_word(v_members), r.code); END IF;
  END LOOP;
  FOR r IN SELECT t.tier_id, t.code, l.code AS ladder FROM loyalty.tier t JOIN loyalty.ladder l USING (ladder_id)
            WHERE t.rank > 0 AND NOT EXISTS (SELECT FROM jsonb_array_elements(p->'ladders') x
                                              WHERE x->>'code' = l.code AND x->'tiers' ? t.code) ORDER BY t.tier_id LOOP
    SELECT count(*) INTO v_members FROM loyalty.member_tier h
     WHERE h.tier_id = r.tier_id AND coalesce(h.until_on, 'infinity') > v_today
       AND NOT EXISTS (SELECT FROM loyalty.member_tier n WHERE n.member_id = h.member_id AND n.ladder_id = h.ladder_id AND n.change_no > h.change_no);
    IF v_members > 0 THEN v_held := v_held || format('%s the tier %s of %s', loyalty.members_word(v_members), r.code, r.ladder); END IF;
  END LOOP;
  FOR r IN SELECT x->>'code' AS code, max((x->>'months')::int) AS months, bool_or((x->>'months')::int = 0) AS is_for_life
             FROM loyalty.programme_version v, jsonb_array_elements(v.projection->'plans') x
            WHERE v.state = 'approved' AND NOT EXISTS (SELECT FROM jsonb_array_elements(p->'plans') y WHERE y->>'code' = x->>'code')
            GROUP BY 1 ORDER BY 1 LOOP
    SELECT count(*) INTO v_members
      FROM (SELECT DISTINCT ON (c.member_id) c.amount_minor, c.charged_on FROM loyalty.plan_charge c WHERE c.plan = r.code
             ORDER BY c.member_id, c.charge_no DESC) last
     WHERE last.amount_minor >= 0 AND (r.is_for_life OR last.charged_on + make_interval(months => r.months) > v_today);
    IF v_members > 0 THEN v_held := v_held || format('%s the plan %s', loyalty.members_word(v_members), r.code); END IF;
  END LOOP;
  FOR r IN SELECT w.reward_id, w.code FROM loyalty.reward w
            WHERE NOT EXISTS (SELECT FROM jsonb_array_elements(p->'rewards') x WHERE x->>'code' = w.code) ORDER BY w.reward_id LOOP
    SELECT count(DISTINCT i.member_id) INTO v_members FROM loyalty.issued_reward i
     WHERE i.reward_id = r.reward_id AND i.state IN ('issued', 'reserved') AND coalesce(i.expires_on, 'infinity') > v_today;
    IF v_members > 0 THEN v_held := v_held || format('%s the reward %s', loyalty.members_word(v_members), r.code); END IF;
  END LOOP;
  RETURN v_held || loyalty.segment_held(p);
END $$;

-- Refuses a version that cannot come into force: its date, what can never change, what members hold.
CREATE FUNCTION loyalty.programme_version_check(p_version loyalty.programme_version, p jsonb) RETURNS void LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_programme loyalty.programme; v_last date := loyalty.programme_last_day(); v_held text[]; r record;
BEGIN
  SELECT * INTO STRICT v_programme FROM loyalty.programme;
  IF p_version.effective_from <= v_last THEN
    RAISE EXCEPTION 'version % cannot come into force on %', p_version.version_no, p_version.effective_from USING ERRCODE = 'LY002',
      DETAIL = format('members have already been processed up to %s', v_last),
      HINT = CASE p_version.state WHEN 'draft' THEN 'give it a later date: loyalty programme load FILE --effective-from DATE' ELSE 'refuse it, so that its author gives it a later date' END;
  END IF;
  SELECT v.version_no, v.effective_from INTO r FROM loyalty.programme_version v
   WHERE v.state = 'approved' AND v.effective_from >= p_version.effective_from ORDER BY v.effective_from DESC LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'version % cannot come into force on %', p_version.version_no, p_version.effective_from USING ERRCODE = 'LY002',
      DETAIL = format('version %s is approved from %s on, and each follows the one before', r.version_no, r.effective_from),
      HINT = format('give it a date after %s, or have version %s retired first', r.effective_from, r.version_no);
  END IF;
  IF (p->>'money') IS DISTINCT FROM v_programme.money OR nullif(p->>'timezone', '') <> v_programme.timezone THEN
    RAISE EXCEPTION 'version % changes what a programme in use cannot change', p_version.version_no USING ERRCODE = 'LY002',
      DETAIL = format('its money is %s and its days are those of %s', v_programme.money, v_programme.timezone), HINT = 'set it back in the document';
  END IF;
  SELECT c.code, c.decimals INTO r FROM loyalty.currency c, jsonb_array_elements(p->'currencies') x
   WHERE x->>'code' = c.code AND (x->>'decimals')::int <> c.decimals LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'version % changes the decimals of %', p_version.version_no, r.code USING ERRCODE = 'LY002',
      DETAIL = format('%s has been counted with %s decimals', r.code, r.decimals), HINT = 'set them back, or give the currency another code';
  END IF;
  SELECT c.code, c.partner INTO r FROM loyalty.currency c, jsonb_array_elements(p->'currencies') x
   WHERE x->>'code' = c.code AND c.partner <> '' AND coalesce(x->>'partner', '') <> c.partner LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'version % changes whose currency % is', p_version.version_no, r.code USING ERRCODE = 'LY002',
      DETAIL = format('it is counted and billed as that of %s', r.partner), HINT = 'set it back, or give the currency another code';
  END IF;
  v_held := loyalty.programme_held(p);
  IF v_held <> '{}' THEN
    RAISE EXCEPTION 'version % leaves out what members still hold', p_version.version_no USING ERRCODE = 'LY014',
      DETAIL = array_to_string(v_held, '; '), HINT = 'keep it in the document until nobody holds it';
  END IF;
  SELECT x->>'code' AS code, v.version_no INTO r FROM loyalty.programme_version v, jsonb_array_elements(v.projection->'currencies') x
   WHERE v.state = 'approved' AND (x->>'given')::boolean
     AND (v.effective_from > loyalty.business_day() OR v.version_no = loyalty.programme_version_at(loyalty.business_day()))
     AND NOT EXISTS (SELECT FROM jsonb_array_elements(p->'currencies') y WHERE y->>'code' = x->>'code') LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'version % leaves out a currency that members still earn', p_version.version_no USING ERRCODE = 'LY014',
      DETAIL = format('version %s gives %s until then', r.version_no, r.code),
      HINT = 'first a version that keeps the currency and stops giving it, later one without it';
  END IF;
END $$;

-- The version, with the lives of all versions to oneself until the transaction ends.
CREATE FUNCTION loyalty.programme_version_take(p_version int, p_state text, p_sha256 bytea) RETURNS loyalty.programme_version LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE v loyalty.programme_version;
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN   -- an older view would not see what was posted meanwhile
    RAISE EXCEPTION 'versions change in a read committed transaction' USING ERRCODE = 'LY002';
  END IF;
  LOCK TABLE loyalty.programme_version IN SHARE ROW EXCLUSIVE MODE;
  SELECT * INTO v FROM loyalty.programme_version x WHERE x.version_no = p_version;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no version %', p_version USING ERRCODE = 'LY004', HINT = 'loyalty programme list shows the versions';
  ELSIF v.state <> p_state THEN
    RAISE EXCEPTION 'version % is %, not %', p_version, CASE v.state WHEN 'draft' THEN 'a draft' ELSE v.state END,
      CASE p_state WHEN 'draft' THEN 'a draft' ELSE p_state END USING ERRCODE = 'LY010',
      DETAIL = CASE v.state WHEN 'draft' THEN coalesce('refused: ' || v.refusal, format('%s has not submitted it yet', v.author))
                 WHEN 'submitted' THEN format('%s submitted it', v.submitter) WHEN 'approved' THEN format('%s approved it', v.approver)
                 ELSE format('%s retired it', v.retired_by) END,
      HINT = CASE v.state WHEN 'draft' THEN format('submit it first: loyalty programme submit %s', p_version)
               WHEN 'submitted' THEN format('approve or refuse it first: loyalty programme approve %s', p_version)
               ELSE 'load the changed document: it becomes a new version' END;
  ELSIF v.sha256 <> p_sha256 THEN
    RAISE EXCEPTION 'version % is not the document that was shown', p_version USING ERRCODE = 'LY013', DETAIL = 'its author has changed it meanwhile',
      HINT = 'look at it again';
  END IF;
  RETURN v;
END $$;

CREATE FUNCTION loyalty.programme_told(p_version int, p_action text, p_changed jsonb) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM loyalty.audit_write(0, 'programme.' || p_action, p_version::text, p_changed);
  PERFORM pg_notify('loyalty_programme', p_version::text);
END $$;

-- Puts a document in. The first one is approved as it comes; a later one becomes a draft, or rewrites the caller's own draft p_version.
-- The same document again is the version it was; a draft of one's own takes the new date.
CREATE FUNCTION loyalty.programme_load(p_code text, p_name text, p_money text, p_timezone text, p_document text, p_effective_from date,
  p_projection jsonb, p_version int DEFAULT NULL) RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_old loyalty.programme_version; v_no int := p_version; v_sha bytea := sha256(convert_to(p_document, 'UTF8'));
        v_zone text := coalesce(nullif(p_timezone, ''), 'UTC');
BEGIN
  IF loyalty.caller_role() NOT IN ('admin', 'marketing') THEN RAISE EXCEPTION 'only marketing and administrators load programmes' USING ERRCODE = 'LY001'; END IF;
  LOCK TABLE loyalty.programme_version IN SHARE ROW EXCLUSIVE MODE;
  IF NOT EXISTS (SELECT FROM loyalty.programme_version v) THEN
    IF loyalty.caller_role() <> 'admin' THEN RAISE EXCEPTION 'the first version is loaded by an administrator' USING ERRCODE = 'LY001'; END IF;
    INSERT INTO loyalty.programme (code, name, money, timezone, processed_on) VALUES (p_code, p_name, p_money, v_zone, (now() AT TIME ZONE v_zone)::date - 1);
    INSERT INTO loyalty.programme_version (version_no, code, document, sha256, effective_from, state, approver, approved_at, projection)
    VALUES (1, p_code, p_document, v_sha, p_effective_from, 'approved', session_user, now(), p_projection);
    PERFORM loyalty.programme_number(p_projection);
    PERFORM loyalty.programme_label(p_effective_from);
    PERFORM loyalty.programme_told(1, 'load', NULL);
    RETURN 1;
  END IF;
  IF p_version IS NULL THEN
    SELECT * INTO v_old FROM loyalty.programme_version v WHERE v.sha256 = v_sha AND v.state <> 'retired'
       AND (v.effective_from = p_effective_from OR v.state = 'draft' AND v.author = session_user) ORDER BY v.state = 'draft', v.version_no DESC LIMIT 1;
    IF FOUND AND v_old.effective_from = p_effective_from THEN RETURN v_old.version_no; END IF;
    v_no := v_old.version_no;
  ELSE
    v_old := loyalty.programme_version_take(p_version, 'draft', (SELECT v.sha256 FROM loyalty.programme_version v WHERE v.version_no = p_version));
    IF v_old.author <> session_user THEN
      RAISE EXCEPTION 'version % is a draft of %', p_version, v_old.author USING ERRCODE = 'LY001', HINT = 'load the document as a version of your own';
    END IF;
  END IF;
  IF v_no IS NULL THEN
    UPDATE loyalty.programme p SET last_version_no = p.last_version_no + 1 RETURNING p.last_version_no INTO v_no;
    INSERT INTO loyalty.programme_version (version_no, code, document, sha256, effective_from, state)
    VALUES (v_no, p_code, p_document, v_sha, p_effective_from, 'draft');
  ELSE
    UPDATE loyalty.programme_version v SET code = p_code, document = p_document, sha256 = v_sha, effective_from = p_effective_from, written_at = now()
     WHERE v.version_no = v_no;
  END IF;
  PERFORM loyalty.programme_told(v_no, 'load', jsonb_build_object('sha256', jsonb_build_array(encode(v_old.sha256, 'hex'), encode(v_sha, 'hex')),
    'effective_from', jsonb_build_array(v_old.effective_from, p_effective_from)));
  RETURN v_no;
END $$;

-- p_sha256 is of the document that was shown, p_projection what that names: so for all that follow.
CREATE FUNCTION loyalty.programme_version_submit(p_version int, p_sha256 bytea, p_projection jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v loyalty.programme_version;
BEGIN
  IF loyalty.caller_role() NOT IN ('admin', 'marketing') THEN RAISE EXCEPTION 'only marketing and administrators submit programmes' USING ERRCODE = 'LY001'; END IF;
  v := loyalty.programme_version_take(p_version, 'draft', p_sha256);
  PERFORM loyalty.programme_version_check(v, p_projection);
  UPDATE loyalty.programme_version x SET state = 'submitted', submitter = session_user, submitted_at = now(), refusal = NULL WHERE x.version_no = p_version;
  PERFORM loyalty.programme_told(p_version, 'submit', '{"state": ["draft", "submitted"]}');
END $$;

CREATE FUNCTION loyalty.programme_version_approve(p_version int, p_sha256 bytea, p_projection jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v loyalty.programme_version;
BEGIN
  IF loyalty.caller_role() NOT IN ('manager', 'admin') THEN RAISE EXCEPTION 'only managers and administrators approve programmes' USING ERRCODE = 'LY001'; END IF;
  v := loyalty.programme_version_take(p_version, 'submitted', p_sha256);
  IF session_user IN (v.author, v.submitter) THEN
    RAISE EXCEPTION 'you wrote or submitted version % yourself', p_version USING ERRCODE = 'LY012', HINT = 'someone else has to decide';
  END IF;
  PERFORM pg_advisory_xact_lock(11, 0);   -- after this nothing is posted until the end
  PERFORM loyalty.programme_version_check(v, p_projection);
  UPDATE loyalty.programme_version x SET state = 'approved', approver = session_user, approved_at = now(), projection = p_projection
   WHERE x.version_no = p_version;
  PERFORM loyalty.programme_number(p_projection);
  PERFORM loyalty.programme_told(p_version, 'approve', '{"state": ["submitted", "approved"]}');
END $$;

-- Back to its author as a draft. Who wrote or submitted it may take it back.
CREATE FUNCTION loyalty.programme_version_refuse(p_version int, p_sha256 bytea, p_reason text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v loyalty.programme_version; v_role text := loyalty.caller_role();
BEGIN
  v := loyalty.programme_version_take(p_version, 'submitted', p_sha256);
  IF v_role NOT IN ('manager', 'admin') AND session_user NOT IN (v.author, v.submitter) THEN
    RAISE EXCEPTION 'only managers and administrators refuse programmes' USING ERRCODE = 'LY001';
  ELSIF coalesce(btrim(p_reason), '') = '' OR length(p_reason) > 1000 THEN
    RAISE EXCEPTION 'a refusal needs a reason' USING ERRCODE = 'LY002', HINT = 'at most 1000 characters';
  END IF;
  UPDATE loyalty.programme_version x SET state = 'draft', refusal = btrim(p_reason) WHERE x.version_no = p_version;
  PERFORM loyalty.programme_told(p_version, 'refuse', jsonb_build_object('state', '["submitted", "draft"]'::jsonb, 'reason', jsonb_build_array(NULL, btrim(p_reason))));
END $$;

-- Takes a draft out for good: by whoever wrote it, or by marketing. Nothing was ever posted by it; the audit keeps which document it was.
CREATE FUNCTION loyalty.programme_version_drop(p_version int, p_sha256 bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v loyalty.programme_version; v_role text := loyalty.caller_role();
BEGIN
  v := loyalty.programme_version_take(p_version, 'draft', p_sha256);
  IF v_role <> 'marketing' AND (session_user <> v.author OR v_role <> 'admin') THEN
    RAISE EXCEPTION 'version % is a draft of %', p_version, v.author USING ERRCODE = 'LY001', HINT = 'its author or marketing drops it';
  END IF;
  DELETE FROM loyalty.programme_version x WHERE x.version_no = p_version;
  PERFORM loyalty.programme_told(p_version, 'drop', jsonb_build_object('sha256', jsonb_build_array(encode(v.sha256, 'hex'), NULL),
    'author', jsonb_build_array(v.author, NULL), 'effective_from', jsonb_build_array(v.effective_from, NULL)));
END $$;

-- Takes back an approval before its day: only the last version, so that those before it stay as they were approved.
CREATE FUNCTION loyalty.programme_version_retire(p_version int, p_sha256 bytea, p_reason text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v loyalty.programme_version; v_last int;
BEGIN
  IF loyalty.caller_role() NOT IN ('manager', 'admin') THEN RAISE EXCEPTION 'only managers and administrators retire programmes' USING ERRCODE = 'LY001'; END IF;
  v := loyalty.programme_version_take(p_version, 'approved', p_sha256);
  IF coalesce(btrim(p_reason), '') = '' OR length(p_reason) > 1000 THEN
    RAISE EXCEPTION 'retiring a version needs a reason' USING ERRCODE = 'LY002', HINT = 'at most 1000 characters';
  END IF;
  PERFORM pg_advisory_xact_lock(11, 0);
  SELECT x.version_no INTO v_last FROM loyalty.programme_version x WHERE x.state = 'approved' ORDER BY x.effective_from DESC, x.version_no DESC LIMIT 1;
  IF p_version = 1 OR v.effective_from <= loyalty.programme_last_day() THEN
    RAISE EXCEPTION 'version % is in force and stays what it was', p_version USING ERRCODE = 'LY002',
      DETAIL = format('members have been processed up to %s', loyalty.programme_last_day()), HINT = 'approve a new version instead';
  ELSIF v_last <> p_version THEN
    RAISE EXCEPTION 'version % follows version %', v_last, p_version USING ERRCODE = 'LY002', HINT = format('retire version %s first', v_last);
  END IF;
  UPDATE loyalty.programme_version x SET state = 'retired', retired_by = session_user, retired_at = now(), retired_why = btrim(p_reason)
   WHERE x.version_no = p_version;
  PERFORM loyalty.programme_told(p_version, 'retire', jsonb_build_object('state', '["approved", "retired"]'::jsonb, 'reason', jsonb_build_array(NULL, btrim(p_reason))));
END $$;

GRANT EXECUTE ON FUNCTION loyalty.programme_stamp(), loyalty.programme_version_at(date)
  TO loyalty_support, loyalty_marketing, loyalty_manager, loyalty_admin, loyalty_worker;
GRANT EXECUTE ON FUNCTION loyalty.programme_day_close(date, bigint) TO loyalty_worker;
GRANT EXECUTE ON FUNCTION loyalty.programme_load(text, text, text, text, text, date, jsonb, int), loyalty.programme_version_submit(int, bytea, jsonb),
  loyalty.programme_version_drop(int, bytea)
  TO loyalty_marketing, loyalty_admin;
GRANT EXECUTE ON FUNCTION loyalty.programme_version_approve(int, bytea, jsonb), loyalty.programme_version_retire(int, bytea, text)
  TO loyalty_manager, loyalty_admin;
GRANT EXECUTE ON FUNCTION loyalty.programme_version_refuse(int, bytea, text) TO loyalty_marketing, loyalty_manager, loyalty_admin;
