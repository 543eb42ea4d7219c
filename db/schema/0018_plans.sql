-- Paid plans and the payment provider: what is to be charged and refunded, what the provider answered, and what a failure does.
--
-- The engine says what a plan costs and when (plan_charge; a refund is negative). Whoever collects takes what is open, and tells what became
-- of it: paid, refunded, or failed. What failed is tried again some days later; after the last try the charge has lapsed and the plan is
-- cancelled. A refund of what was never paid cancels out with its charge: neither is open any more.

-- What is still to be collected or paid back. One narrow row each, with the charge; it goes when that is settled.
CREATE TABLE loyalty.plan_open (
  member_id bigint NOT NULL, charge_no bigint NOT NULL,
  due_on date NOT NULL,                  -- the day charged for, or that of the next try
  tries smallint NOT NULL DEFAULT 0,     -- that failed
  CONSTRAINT plan_open_pk PRIMARY KEY (member_id, charge_no));
SELECT dist.distribute('loyalty.plan_open', 'member_id', 'loyalty.member');
CREATE INDEX plan_open_due ON loyalty.plan_open (due_on, member_id, charge_no);

-- What the provider answered. Only ever added to. external_id is the provider's own: told twice it counts once.
CREATE TABLE loyalty.plan_payment (
  member_id bigint NOT NULL, charge_no bigint NOT NULL, payment_no int NOT NULL, result text NOT NULL,
  external_id text NOT NULL, on_day date NOT NULL, reason text NOT NULL DEFAULT '',
  login name NOT NULL DEFAULT session_user, at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT plan_payment_pk PRIMARY KEY (member_id, charge_no, payment_no),
  CONSTRAINT plan_payment_external_uq UNIQUE (member_id, external_id),
  CONSTRAINT plan_payment_text_ck CHECK (length(external_id) BETWEEN 1 AND 128 AND length(reason) <= 1000),
  CONSTRAINT plan_payment_result_ck CHECK (result IN ('paid', 'failed', 'refunded', 'lapsed')));
SELECT dist.distribute('loyalty.plan_payment', 'member_id', 'loyalty.member');

-- Days from a failed try to the next; after as many failures as there are days, and one more, it has lapsed.
CREATE FUNCTION loyalty.plan_retry_days() RETURNS int[] LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN ARRAY[3, 5, 7];

-- The charge that a refund gives back: the plan's last one before it.
CREATE FUNCTION loyalty.plan_refund_of(p_member_id bigint, p_refund_no bigint) RETURNS bigint LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT max(o.charge_no) FROM loyalty.plan_charge r JOIN loyalty.plan_charge o ON o.member_id = r.member_id AND o.plan = r.plan
     AND o.charge_no < r.charge_no AND o.amount_minor > 0
   WHERE r.member_id = p_member_id AND r.charge_no = p_refund_no AND r.amount_minor < 0 $$;

CREATE FUNCTION loyalty.plan_is_paid(p_member_id bigint, p_charge_no bigint) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT FROM loyalty.plan_payment p WHERE p.member_id = p_member_id AND p.charge_no = p_charge_no AND p.result = 'paid') $$;

-- Opens what a worker's batch charged and refunded, in its transaction.
CREATE FUNCTION loyalty.plan_opened(p_member_id bigint[], p_charge_no bigint[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE r record;
BEGIN
  INSERT INTO loyalty.plan_open (member_id, charge_no, due_on)
  SELECT c.member_id, c.charge_no, c.charged_on FROM unnest(p_member_id, p_charge_no) g (m, n)
    JOIN loyalty.plan_charge c ON c.member_id = g.m AND c.charge_no = g.n WHERE c.amount_minor <> 0;
  FOR r IN SELECT c.member_id, c.charge_no, loyalty.plan_refund_of(c.member_id, c.charge_no) AS of_no FROM unnest(p_member_id, p_charge_no) g (m, n)
             JOIN loyalty.plan_charge c ON c.member_id = g.m AND c.charge_no = g.n WHERE c.amount_minor < 0 LOOP
    PERFORM FROM loyalty.plan_charge c WHERE c.member_id = r.member_id AND c.charge_no = r.of_no FOR UPDATE;   -- an answer may be under way
    IF NOT loyalty.plan_is_paid(r.member_id, r.of_no) THEN
      DELETE FROM loyalty.plan_open o WHERE o.member_id = r.member_id AND o.charge_no IN (r.charge_no, r.of_no);
    END IF;
  END LOOP;
END $$;

-- The last try failed: the charge is given up, and the plan with it, if it is still that charge's.
CREATE FUNCTION loyalty.plan_lapse(c loyalty.plan_charge, p_day date) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_event loyalty.journal;
BEGIN
  DELETE FROM loyalty.plan_open o WHERE o.member_id = c.member_id AND o.charge_no = c.charge_no;
  INSERT INTO loyalty.plan_payment (member_id, charge_no, payment_no, result, external_id, on_day)
  SELECT c.member_id, c.charge_no, max(p.payment_no) + 1, 'lapsed', 'lapse ' || c.charge_no, p_day FROM loyalty.plan_payment p
   WHERE p.member_id = c.member_id AND p.charge_no = c.charge_no;
  IF EXISTS (SELECT FROM loyalty.plan_charge x WHERE x.member_id = c.member_id AND x.plan = c.plan AND x.charge_no > c.charge_no) THEN RETURN; END IF;
  v_event := loyalty.event_read(c.member_id, 'cancel_plan', 'plan', 'lapse ' || c.charge_no, loyalty.business_day(),
    jsonb_build_object('plan', c.plan, 'reason', format('charge %s of %s could not be collected', c.charge_no, c.charged_on)));
  v_event.lane := 0;
  PERFORM loyalty.journal_add(v_event);
END $$;

-- What the provider answered to a charge or a refund. Returns what that is now: paid, refunded, lapsed, or 'try again on DAY'.
CREATE FUNCTION loyalty.plan_answer(p_member_id bigint, p_charge_no bigint, p_result text, p_external_id text, p_day date, p_reason text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE c loyalty.plan_charge; o loyalty.plan_open; v_old loyalty.plan_payment; v_day date := coalesce(p_day, loyalty.business_day());
        v_role text := loyalty.caller_role(); v_wait int;
BEGIN
  IF v_role NOT IN ('manager', 'admin', 'pos') THEN
    RAISE EXCEPTION 'only managers, administrators and the provider''s machine tell what was paid' USING ERRCODE = 'LY001';
  END IF;
  SELECT * INTO c FROM loyalty.plan_charge x WHERE x.member_id = p_member_id AND x.charge_no = p_charge_no FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the member has no charge %', p_charge_no USING ERRCODE = 'LY004', HINT = 'see: loyalty plan due';
  END IF;
  SELECT * INTO v_old FROM loyalty.plan_payment p WHERE p.member_id = p_member_id AND p.external_id = p_external_id;
  IF FOUND THEN
    IF (v_old.charge_no, v_old.result) IS DISTINCT FROM (p_charge_no, p_result) THEN
      RAISE EXCEPTION 'another answer has already been told as %', p_external_id USING ERRCODE = 'LY003', HINT = 'give each answer an id of its own';
    END IF;
    RETURN loyalty.plan_state(p_member_id, p_charge_no);
  END IF;
  SELECT * INTO o FROM loyalty.plan_open x WHERE x.member_id = p_member_id AND x.charge_no = p_charge_no FOR UPDATE;
  IF p_result NOT IN ('paid', 'failed', 'refunded') OR (p_result = 'refunded') <> (c.amount_minor < 0) AND p_result <> 'failed' THEN
    RAISE EXCEPTION 'a % is not %', CASE WHEN c.amount_minor < 0 THEN 'refund' ELSE 'charge' END, p_result USING ERRCODE = 'LY002';
  ELSIF v_day > loyalty.business_day() OR v_day < c.charged_on THEN
    RAISE EXCEPTION 'nothing was % on %', p_result, v_day USING ERRCODE = 'LY002', HINT = format('between %s and today', c.charged_on);
  ELSIF o.member_id IS NULL AND (p_result <> 'paid' OR loyalty.plan_is_paid(p_member_id, p_charge_no)) THEN
    RAISE EXCEPTION 'nothing is open of charge %: it is %', p_charge_no, loyalty.plan_state(p_member_id, p_charge_no) USING ERRCODE = 'LY010';
  END IF;
  INSERT INTO loyalty.plan_payment (member_id, charge_no, payment_no, result, external_id, on_day, reason)
  SELECT p_member_id, p_charge_no, coalesce(max(p.payment_no), 0) + 1, p_result, p_external_id, v_day, coalesce(p_reason, '')
    FROM loyalty.plan_payment p WHERE p.member_id = p_member_id AND p.charge_no = p_charge_no;
  IF p_result <> 'failed' THEN
    DELETE FROM loyalty.plan_open x WHERE x.member_id = p_member_id AND x.charge_no = p_charge_no;
    IF p_result = 'paid' AND o.member_id IS NULL THEN    -- it came after all: what was refunded meanwhile is owed now
      INSERT INTO loyalty.plan_open (member_id, charge_no, due_on)
      SELECT r.member_id, r.charge_no, v_day FROM loyalty.plan_charge r WHERE r.member_id = p_member_id AND r.amount_minor < 0
         AND loyalty.plan_refund_of(r.member_id, r.charge_no) = p_charge_no;
    END IF;
  ELSE
    v_wait := (loyalty.plan_retry_days())[o.tries + 1];
    IF v_wait IS NULL AND c.amount_minor > 0 THEN
      PERFORM loyalty.plan_lapse(c, v_day);
    ELSE    -- a refund is owed until it is paid
      UPDATE loyalty.plan_open x SET tries = o.tries + 1, due_on = v_day + coalesce(v_wait, 7) WHERE x.member_id = p_member_id AND x.charge_no = p_charge_no;
    END IF;
  END IF;
  IF v_role <> 'pos' THEN PERFORM loyalty.audit_write(p_member_id, 'plan.' || p_result, p_charge_no::text, NULL); END IF;
  PERFORM pg_notify('loyalty_member', p_member_id::text);
  RETURN loyalty.plan_state(p_member_id, p_charge_no);
END $$;

-- Where a charge is, in a word or two; 'void': it cancelled out with its refund, or was of nothing.
CREATE FUNCTION loyalty.plan_state(p_member_id bigint, p_charge_no bigint) RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN o.member_id IS NOT NULL THEN CASE WHEN o.tries > 0 THEN format('to be tried again on %s', o.due_on)
                                                     WHEN c.amount_minor < 0 THEN 'to be refunded' ELSE 'to be charged' END
              ELSE coalesce((SELECT p.result FROM loyalty.plan_payment p WHERE p.member_id = c.member_id AND p.charge_no = c.charge_no AND p.result <> 'failed'
                              ORDER BY p.result = 'lapsed', p.payment_no DESC LIMIT 1), 'void') END
    FROM loyalty.plan_charge c LEFT JOIN loyalty.plan_open o USING (member_id, charge_no) WHERE c.member_id = p_member_id AND c.charge_no = p_charge_no $$;

-- The number of the member and the charge that "NUMBER/CHARGE" names.
CREATE FUNCTION loyalty.plan_charge_of(p_name text, OUT member_id bigint, OUT charge_no bigint) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM loyalty.caller_role();
  IF p_name !~ '^[0-9]{1,18}/[0-9]{1,9}$' THEN
    RAISE EXCEPTION '"%" names no charge', p_name USING ERRCODE = 'LY002', HINT = 'a charge is named as MEMBER/CHARGE, see: loyalty plan due';
  END IF;
  member_id := loyalty.member_of(split_part(p_name, '/', 1)); charge_no := split_part(p_name, '/', 2)::bigint;
END $$;

-- What is to be charged and paid back up to a day, by the day it is due.
CREATE FUNCTION loyalty.plan_dues(p_to date) RETURNS TABLE (charge text, member bigint, what text, plan text, amount numeric, charged_on date, due_on date,
  tries smallint, last_failure text) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  IF loyalty.caller_role() NOT IN ('manager', 'admin', 'pos') THEN
    RAISE EXCEPTION 'only managers, administrators and the provider''s machine see what is to be charged' USING ERRCODE = 'LY001';
  END IF;
  RETURN QUERY SELECT m.number || '/' || c.charge_no, m.number, CASE WHEN c.amount_minor < 0 THEN 'refund' ELSE 'charge' END, c.plan,
      round(abs(c.amount_minor) / 100.0, 2), c.charged_on, o.due_on, o.tries,
      coalesce((SELECT p.reason FROM loyalty.plan_payment p WHERE p.member_id = o.member_id AND p.charge_no = o.charge_no AND p.result = 'failed'
                 ORDER BY p.payment_no DESC LIMIT 1), '')
    FROM loyalty.plan_open o JOIN loyalty.plan_charge c ON c.member_id = o.member_id AND c.charge_no = o.charge_no
    JOIN loyalty.member m ON m.member_id = o.member_id WHERE o.due_on <= coalesce(p_to, loyalty.business_day()) ORDER BY o.due_on, m.number, c.charge_no;
END $$;

-- Everything that is broken about charges of members p_from <= member_id <= p_to, a row each.
CREATE FUNCTION loyalty.plan_broken(p_from bigint, p_to bigint) RETURNS TABLE (member_id bigint, invariant text, detail text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH charge AS (
    SELECT c.*, o.charge_no IS NOT NULL AS is_open, coalesce(p.paid, 0) AS paid, coalesce(p.ended, 0) AS ended, coalesce(p.last <> 'failed', false) AS is_ended
      FROM loyalty.plan_charge c LEFT JOIN loyalty.plan_open o ON o.member_id = c.member_id AND o.charge_no = c.charge_no
      LEFT JOIN (SELECT p.member_id, p.charge_no, count(*) FILTER (WHERE p.result IN ('paid', 'refunded')) AS paid, count(*) FILTER (WHERE p.result = 'lapsed') AS ended,
                        (array_agg(p.result ORDER BY p.payment_no DESC))[1] AS last
                   FROM loyalty.plan_payment p WHERE p.member_id BETWEEN p_from AND p_to GROUP BY 1, 2) p ON p.member_id = c.member_id AND p.charge_no = c.charge_no
     WHERE c.member_id BETWEEN p_from AND p_to)
  SELECT c.member_id, 'a charge is open or ended, and paid once', format('charge %s: %s, %s times paid, %s times lapsed', c.charge_no,
         CASE WHEN c.is_open THEN 'open' ELSE 'not open' END, c.paid, c.ended)
    FROM charge c WHERE c.paid > 1 OR c.ended > 1 OR (c.is_open AND (c.is_ended OR c.amount_minor = 0))
  UNION ALL   -- not open and never ended: it must have cancelled out
  SELECT c.member_id, 'what is not open any more was paid, has lapsed or cancelled out', format('charge %s', c.charge_no)
    FROM charge c WHERE NOT c.is_open AND NOT c.is_ended AND c.amount_minor <> 0
     AND CASE WHEN c.amount_minor < 0 THEN EXISTS (SELECT FROM charge x WHERE x.member_id = c.member_id AND x.paid > 0
                                                      AND x.charge_no = loyalty.plan_refund_of(c.member_id, c.charge_no))
              ELSE NOT EXISTS (SELECT FROM charge x WHERE x.member_id = c.member_id AND x.amount_minor < 0
                                  AND loyalty.plan_refund_of(x.member_id, x.charge_no) = c.charge_no) END
  UNION ALL
  SELECT p.member_id, 'an answer belongs to a charge', format('charge %s', p.charge_no)
    FROM (SELECT p.member_id, p.charge_no FROM loyalty.plan_payment p UNION SELECT o.member_id, o.charge_no FROM loyalty.plan_open o) p
    LEFT JOIN loyalty.plan_charge c ON c.member_id = p.member_id AND c.charge_no = p.charge_no
   WHERE p.member_id BETWEEN p_from AND p_to AND c.charge_no IS NULL $$;

INSERT INTO loyalty.plan_open (member_id, charge_no, due_on)
SELECT c.member_id, c.charge_no, c.charged_on FROM loyalty.plan_charge c
 WHERE c.amount_minor > 0 AND NOT EXISTS (SELECT FROM loyalty.plan_charge r WHERE r.member_id = c.member_id AND r.plan = c.plan AND r.charge_no > c.charge_no
   AND r.amount_minor < 0 AND loyalty.plan_refund_of(r.member_id, r.charge_no) = c.charge_no);

-- Rights.
REVOKE ALL ON FUNCTION loyalty.plan_retry_days(), loyalty.plan_refund_of(bigint, bigint), loyalty.plan_is_paid(bigint, bigint),
  loyalty.plan_opened(bigint[], bigint[]), loyalty.plan_lapse(loyalty.plan_charge, date), loyalty.plan_answer(bigint, bigint, text, text, date, text),
  loyalty.plan_state(bigint, bigint), loyalty.plan_charge_of(text), loyalty.plan_dues(date), loyalty.plan_broken(bigint, bigint) FROM PUBLIC;
GRANT SELECT ON loyalty.plan_open, loyalty.plan_payment TO loyalty_support, loyalty_manager, loyalty_admin;
GRANT EXECUTE ON FUNCTION loyalty.plan_state(bigint, bigint) TO loyalty_support, loyalty_manager, loyalty_admin;
GRANT EXECUTE ON FUNCTION loyalty.plan_answer(bigint, bigint, text, text, date, text), loyalty.plan_charge_of(text), loyalty.plan_dues(date)
  TO loyalty_manager, loyalty_admin, loyalty_pos;
GRANT EXECUTE ON FUNCTION loyalty.plan_opened(bigint[], bigint[]) TO loyalty_worker;
GRANT EXECUTE ON FUNCTION loyalty.plan_broken(bigint, bigint) TO loyalty_manager, loyalty_admin, loyalty_worker;
