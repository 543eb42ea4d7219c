-- The only ways into the journal for people and tills: enrol a member, submit an event, decide on one that waits.

-- Tells worker and screens that somebody waits for an event; by the member's id a worker finds it without looking for it.
CREATE FUNCTION loyalty.journal_told(p_lane int, p_member_id bigint DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF p_lane = 0 THEN PERFORM pg_notify('loyalty_journal', coalesce(p_member_id::text, '')); END IF;
END $$;

-- The earlier day an event that comes late happened on; NULL: it does not come late.
CREATE FUNCTION loyalty.happened_day(p_member_id bigint, p_type loyalty.event_type, p_activity_on date, p_happened_on date) RETURNS date
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_enrolled_on date;
BEGIN
  IF p_happened_on IS NULL THEN RETURN NULL; END IF;
  SELECT m.enrolled_on INTO v_enrolled_on FROM loyalty.member m WHERE m.member_id = p_member_id;
  IF p_type NOT IN ('purchase', 'partner', 'activity') THEN
    RAISE EXCEPTION 'a % has no activity_date', p_type USING ERRCODE = 'LY002', HINT = 'only a purchase, a partner event or an activity can come late';
  ELSIF p_happened_on > p_activity_on THEN
    RAISE EXCEPTION 'activity_date % lies after the date of the event', p_happened_on USING ERRCODE = 'LY002', HINT = format('its date is %s', p_activity_on);
  ELSIF p_happened_on < v_enrolled_on THEN
    RAISE EXCEPTION 'activity_date % lies before the enrolment', p_happened_on USING ERRCODE = 'LY002', HINT = format('the member enrolled on %s', v_enrolled_on);
  END IF;
  RETURN nullif(p_happened_on, p_activity_on);
END $$;

-- A journal row from the body of a request; refuses settings it does not know. Errors have SQLSTATE LY002.
CREATE FUNCTION loyalty.event_read(p_member_id bigint, p_type loyalty.event_type, p_source text, p_external_id text,
  p_activity_on date, p_body jsonb) RETURNS loyalty.journal
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE r loyalty.journal; v_key text; v_body text := p_body::text;
BEGIN
  IF length(v_body) > 65536 OR strpos(v_body, '\u001f') > 0 THEN   -- that one joins the parts of an array on its way to the engine
    RAISE EXCEPTION 'the event is too long or holds a control character' USING ERRCODE = 'LY002', HINT = 'at most 65536 characters';
  ELSIF p_source IN ('transfer', 'household', 'merge') OR p_source LIKE 'campaign:%' THEN
    RAISE EXCEPTION 'the source "%" is of what comes by itself', p_source USING ERRCODE = 'LY002', HINT = 'give your events a source of your own';
  ELSIF p_body ? 'amount' AND p_body ? 'lines' THEN
    RAISE EXCEPTION 'an event has an amount or lines, not both' USING ERRCODE = 'LY002', HINT = 'leave the amount out';
  END IF;
  SELECT k INTO v_key FROM jsonb_object_keys(p_body) k WHERE k <> ALL (ARRAY['amount', 'lines', 'category', 'quantity', 'units', 'basket',
    'of', 'activity', 'partner', 'reward', 'currency', 'plan', 'ladder', 'tier', 'until', 'qualifying', 'tender', 'channel', 'flags',
    'reason', 'case_no', 'born', 'activity_date', 'reward_no', 'receiver', 'by', 'segment', 'evidence']) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'an event has no setting "%"', v_key USING ERRCODE = 'LY002', HINT = 'loyalty submit --help lists them';
  END IF;
  r.member_id := p_member_id; r.type := p_type; r.source := p_source; r.external_id := p_external_id;
  r.activity_on := p_activity_on; r.happened_on := loyalty.happened_day(p_member_id, p_type, p_activity_on, (p_body->>'activity_date')::date);
  r.amount := (p_body->>'amount')::bigint; r.category := p_body->>'category';
  r.quantity := coalesce((p_body->>'quantity')::bigint, (p_body->>'units')::bigint, (p_body->>'reward_no')::bigint); r.basket := (p_body->>'basket')::bigint;
  r.object := coalesce(p_body->>'activity', p_body->>'partner', p_body->>'reward', p_body->>'currency', p_body->>'plan', p_body->>'ladder',
    p_body->>'segment');
  r.tier := p_body->>'tier'; r.until_on := (p_body->>'until')::date; r.qualifying := (p_body->>'qualifying')::boolean;
  r.tender := p_body->>'tender'; r.channel := p_body->>'channel'; r.reason := coalesce(p_body->>'evidence', p_body->>'reason'); r.case_no := (p_body->>'case_no')::int;
  IF p_body ? 'born' THEN
    r.born := make_date(1904, extract(month FROM (p_body->>'born')::date)::int, extract(day FROM (p_body->>'born')::date)::int);
  END IF;
  IF p_body ? 'flags' THEN r.flags := ARRAY(SELECT jsonb_array_elements_text(p_body->'flags')); END IF;
  IF p_body ? 'lines' THEN
    SELECT array_agg(coalesce(l->>'category', 'general') ORDER BY n), array_agg((l->>'amount')::bigint ORDER BY n)
      INTO r.line_category, r.line_amount FROM jsonb_array_elements(p_body->'lines') WITH ORDINALITY AS x (l, n);
  END IF;
  IF p_type IN ('transfer', 'merge') THEN r.other_number := loyalty.transfer_receiver(p_body->>'receiver');
  ELSIF p_type = 'unmerge' THEN
    SELECT m.number INTO r.other_number FROM loyalty.member_merge g JOIN loyalty.member m ON m.member_id = g.target_id WHERE g.member_id = p_member_id
     ORDER BY g.seq DESC LIMIT 1;
  ELSIF p_body ? 'by' THEN r.other_number := loyalty.transfer_receiver(p_body->>'by'); END IF;
  IF p_body ? 'of' THEN                  -- '#123' is event 123, for sure; a receipt may look like any number
    SELECT j.seq INTO r.of_seq FROM loyalty.journal j WHERE j.member_id = p_member_id
       AND ('#' || j.seq = p_body->>'of' OR j.seq::text = p_body->>'of' OR j.external_id = p_body->>'of')
     ORDER BY ('#' || j.seq = p_body->>'of') DESC, (j.source = p_source) DESC, j.seq DESC LIMIT 1;
    r.of_seq := coalesce(r.of_seq, 0);
  END IF;
  RETURN r;
EXCEPTION WHEN invalid_text_representation OR numeric_value_out_of_range OR datetime_field_overflow OR invalid_datetime_format
  OR invalid_parameter_value THEN
  RAISE EXCEPTION 'the event cannot be read: %', SQLERRM USING ERRCODE = 'LY002', HINT = 'amounts are integers, dates YYYY-MM-DD';
END $$;

-- The day an event may happen on: today unless told, never one that has not come. Tills may be a time zone ahead.
CREATE FUNCTION loyalty.activity_day(p_activity_on date, p_role text) RETURNS date LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_today date := (SELECT loyalty.business_day());    -- as a query it keeps its plan
BEGIN
  IF p_activity_on > v_today + (p_role = 'pos')::int OR p_activity_on < '1900-01-01' THEN
    RAISE EXCEPTION 'an event cannot happen on %', p_activity_on USING ERRCODE = 'LY002', HINT = format('today is %s', v_today);
  END IF;
  RETURN coalesce(p_activity_on, v_today);
END $$;

-- What an event moves, for limits: a line that takes does not make up for one that gives.
CREATE FUNCTION loyalty.event_weight(p_amount bigint, p_lines bigint[]) RETURNS numeric LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS
$$ SELECT abs(coalesce(p_amount, 0)::numeric) + coalesce((SELECT sum(abs(a::numeric)) FROM unnest(p_lines) a), 0) $$;

-- What is above a limit of the caller, in words; NULL when the event may go in at once.
CREATE FUNCTION loyalty.limit_exceeded(p_role text, p_event loyalty.journal) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_limit loyalty.role_limit; v_unit bigint := 1; v_amount numeric; v_member numeric; v_person numeric; v_word text := 'minor units';
BEGIN
  SELECT * INTO v_limit FROM loyalty.role_limit l WHERE l.role = p_role AND l.type = p_event.type;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'your role (%) may not submit %', p_role, p_event.type USING ERRCODE = 'LY001';
  END IF;
  IF v_limit.per_event = 0 THEN RETURN format('%s always needs a second person', p_event.type); END IF;
  IF p_event.type NOT IN ('adjust', 'purchase', 'transfer') OR (v_limit.per_event, v_limit.per_member_day, v_limit.per_person_day) IS NULL THEN
    RETURN NULL;
  END IF;
  IF p_event.type <> 'purchase' THEN
    SELECT power(10, c.decimals)::bigint INTO v_unit FROM loyalty.currency c WHERE c.code = p_event.object;
    v_unit := coalesce(v_unit, 1); v_word := 'points';
  END IF;
  v_amount := loyalty.event_weight(p_event.amount, p_event.line_amount);
  PERFORM pg_advisory_xact_lock(9, hashtext(session_user));    -- one person's requests are counted one after the other
  SELECT coalesce(sum(x.amount) FILTER (WHERE x.member_id = p_event.member_id), 0), coalesce(sum(x.amount), 0) INTO v_member, v_person
    FROM (SELECT j.member_id, loyalty.event_weight(j.amount, j.line_amount) AS amount FROM loyalty.journal j
           WHERE j.submitted_by = session_user AND j.type = p_event.type AND j.type IN ('adjust', 'purchase', 'transfer') AND j.lane = 0
             AND j.approved_by IS NULL AND (p_event.type = 'purchase' OR j.object IS NOT DISTINCT FROM p_event.object)
             AND j.submitted_at >= (loyalty.business_day()::timestamp AT TIME ZONE (SELECT p.timezone FROM loyalty.programme p))) x;
  IF v_amount > v_limit.per_event * v_unit THEN
    RETURN format('more than %s %s at once', v_limit.per_event, v_word);
  ELSIF v_member + v_amount > v_limit.per_member_day * v_unit THEN
    RETURN format('more than %s %s a day for one member', v_limit.per_member_day, v_word);
  ELSIF v_person + v_amount > v_limit.per_person_day * v_unit THEN
    RETURN format('more than %s %s a day by one person', v_limit.per_person_day, v_word);
  END IF;
  RETURN NULL;
END $$;

-- The member that a number or a card names; NULL when there is none.
CREATE FUNCTION loyalty.member_of(p_name text) RETURNS bigint LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM loyalty.caller_role();
  RETURN coalesce((SELECT i.member_id FROM loyalty.member_identifier i WHERE i.value = btrim(p_name) AND i.kind = 'number'),
                  (SELECT i.member_id FROM loyalty.member_identifier i WHERE i.value = loyalty.identifier_normal('card', p_name) AND i.kind = 'card'));
END $$;

-- Is this the event that stands under the same key? Lane, time and people may differ.
CREATE FUNCTION loyalty.event_same(a loyalty.journal, b loyalty.journal) RETURNS boolean LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT (a.type, a.activity_on, a.happened_on, a.amount, a.line_category, a.line_amount, a.category, a.quantity, a.basket, a.of_seq, a.object, a.tier,
          a.until_on, a.qualifying, a.tender, a.channel, a.flags, a.other_number)
         IS NOT DISTINCT FROM
         (b.type, b.activity_on, b.happened_on, b.amount, b.line_category, b.line_amount, b.category, b.quantity, b.basket, b.of_seq, b.object, b.tier,
          b.until_on, b.qualifying, b.tender, b.channel, b.flags, b.other_number) $$;

-- Whose journal an event belongs into, that was sent for p_member_id: of those ever merged with it, who has it already, or has what a return takes back.
CREATE FUNCTION loyalty.event_owner(p_member_id bigint, p_type loyalty.event_type, p_source text, p_external_id text, p_of text) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_others bigint[] := ARRAY(SELECT g.target_id FROM loyalty.member_merge g WHERE g.member_id = p_member_id
                                   UNION SELECT g.member_id FROM loyalty.member_merge g WHERE g.target_id = p_member_id);
        v_id bigint;
BEGIN
  IF v_others = '{}' THEN RETURN p_member_id; END IF;
  SELECT j.member_id INTO v_id FROM loyalty.journal j WHERE j.member_id = ANY (v_others || p_member_id) AND j.source = p_source AND j.external_id = p_external_id LIMIT 1;
  IF FOUND THEN RETURN v_id; END IF;
  IF p_type = 'return' THEN
    SELECT j.member_id INTO v_id FROM loyalty.journal j WHERE j.member_id = ANY (v_others || p_member_id)
       AND ('#' || j.seq = p_of OR j.seq::text = p_of OR j.external_id = p_of)
     ORDER BY (j.member_id = p_member_id) DESC, ('#' || j.seq = p_of) DESC, (j.source = p_source) DESC, j.seq DESC LIMIT 1;
  END IF;
  RETURN coalesce(v_id, p_member_id);
END $$;

-- Where an event is: pending, accepted, denied, failed, cancelled, waiting (for a second person), refused (by that person), unknown.
CREATE FUNCTION loyalty.event_status(p_member_id bigint, p_seq bigint, OUT status text, OUT reason text) LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN i.seq IS NOT NULL THEN 'pending' WHEN o.result IS NOT NULL THEN o.result WHEN j.seq IS NOT NULL THEN 'accepted'
              ELSE 'unknown' END, coalesce(o.reason, '')
    FROM (SELECT p_member_id AS member_id, p_seq AS seq) k LEFT JOIN loyalty.journal j USING (member_id, seq)
    LEFT JOIN loyalty.outcome o USING (member_id, seq)
    LEFT JOIN loyalty.inbox i ON i.bucket = loyalty.bucket_of(k.member_id) AND i.member_id = k.member_id AND i.seq = k.seq $$;

CREATE FUNCTION loyalty.journal_add(r loyalty.journal) RETURNS bigint LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  r.seq := nextval('loyalty.journal_seq'); r.submitted_at := now(); r.submitted_by := coalesce(r.submitted_by, session_user);
  INSERT INTO loyalty.journal SELECT (r).*;
  INSERT INTO loyalty.inbox VALUES (loyalty.bucket_of(r.member_id), r.member_id, r.seq, r.lane);
  IF r.type = 'redeem' THEN PERFORM loyalty.stock_hold_add(r.member_id, r.seq, r.object, r.quantity);
  ELSIF r.type = 'cancel_reward' THEN PERFORM loyalty.reward_void(r.member_id, r.seq, r.quantity); END IF;
  PERFORM loyalty.journal_told(r.lane, r.member_id);
  RETURN r.seq;
END $$;

-- Submits one event. p_source and p_external_id are the sender's own key: the same request again gives the same answer, another
-- request under a used key is an error (LY003). Above the caller's limit the event waits for a second person (status 'waiting').
CREATE FUNCTION loyalty.submit_event(p_member_id bigint, p_type loyalty.event_type, p_source text, p_external_id text,
  p_activity_on date, p_body jsonb, p_lane int DEFAULT 0, OUT seq bigint, OUT status text, OUT reason text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_role text := loyalty.caller_role(); v_new loyalty.journal; v_old loyalty.journal; v_waiting loyalty.approval; v_why text;
BEGIN
  IF p_type = 'enrol' THEN
    RAISE EXCEPTION 'members are enrolled by enrol_member()' USING ERRCODE = 'LY002';
  ELSIF current_setting('transaction_isolation') <> 'read committed' THEN   -- an older view would not count what others did meanwhile
    RAISE EXCEPTION 'events are submitted in a read committed transaction' USING ERRCODE = 'LY002';
  END IF;
  p_member_id := loyalty.event_owner(p_member_id, p_type, p_source, p_external_id, p_body->>'of');
  PERFORM FROM loyalty.member m WHERE m.member_id = p_member_id AND (m.status IN ('active', 'blocked')
      OR m.status = 'merged' AND p_type IN ('merge', 'unmerge', 'return', 'cancel_reward'));
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no such member, or not any more' USING ERRCODE = 'LY004';
  END IF;
  v_new := loyalty.event_read(p_member_id, p_type, p_source, p_external_id, loyalty.activity_day(p_activity_on, v_role), p_body);
  v_new.lane := CASE v_role WHEN 'pos' THEN p_lane ELSE 0 END;   -- what people submit is counted and waited for
  SELECT * INTO v_waiting FROM loyalty.approval a WHERE a.member_id = p_member_id AND a.source = p_source AND a.external_id = p_external_id;
  SELECT * INTO v_old FROM loyalty.journal j WHERE j.member_id = p_member_id AND j.source = p_source AND j.external_id = p_external_id;
  IF FOUND THEN
    IF p_activity_on IS NULL OR p_activity_on = v_waiting.activity_on THEN   -- sent again a day later, or dated by its approval
      v_new.activity_on := v_old.activity_on; v_new.happened_on := nullif((p_body->>'activity_date')::date, v_old.activity_on);
    END IF;
    IF NOT loyalty.event_same(v_old, v_new) THEN
      RAISE EXCEPTION 'another event has already been sent as % %', p_source, p_external_id USING ERRCODE = 'LY003',
        HINT = 'give each event an id of its own';
    END IF;
    seq := v_old.seq;
    SELECT s.status, s.reason INTO status, reason FROM loyalty.event_status(p_member_id, v_old.seq) s;
    RETURN;
  END IF;
  IF v_waiting.member_id IS NOT NULL THEN
    IF (v_waiting.type, v_waiting.body, v_waiting.activity_on) IS DISTINCT FROM (p_type, p_body, coalesce(p_activity_on, v_waiting.activity_on)) THEN
      RAISE EXCEPTION 'another event has already been sent as % %', p_source, p_external_id USING ERRCODE = 'LY003',
        HINT = 'give each event an id of its own';
    END IF;
    status := CASE WHEN v_waiting.decision = 'refused' THEN 'refused' ELSE 'waiting' END; reason := coalesce(v_waiting.decision_reason, v_waiting.why);
    RETURN;
  END IF;
  IF p_type IN ('redeem', 'transfer') THEN PERFORM loyalty.spending_check(p_member_id); END IF;
  IF p_type = 'transfer' THEN PERFORM loyalty.transfer_check(v_new); END IF;
  PERFORM loyalty.merge_check(v_new);
  PERFORM loyalty.household_check(v_new);
  v_why := loyalty.limit_exceeded(v_role, v_new);
  IF v_why IS NOT NULL THEN
    INSERT INTO loyalty.approval (member_id, source, external_id, type, activity_on, body, request_hash, why)
    VALUES (p_member_id, p_source, p_external_id, p_type, v_new.activity_on, p_body,
            sha256(convert_to(concat_ws(E'\x1f', p_member_id, p_type, v_new.activity_on, p_body), 'UTF8')), v_why);
    PERFORM loyalty.audit_write(p_member_id, 'approval.ask', p_type || ' ' || p_external_id, NULL);
    PERFORM pg_notify('loyalty_approval', p_member_id::text);
    status := 'waiting'; reason := v_why;
    RETURN;
  END IF;
  seq := loyalty.journal_add(v_new);
  IF v_role <> 'pos' THEN
    PERFORM loyalty.audit_write(p_member_id, 'event.submit', p_type || ' ' || seq, NULL);
  END IF;
  status := 'pending'; reason := '';
EXCEPTION WHEN unique_violation THEN     -- the same key came in twice at the same moment: the other one stands now
  GET STACKED DIAGNOSTICS v_why = CONSTRAINT_NAME;
  IF v_why NOT IN ('journal_source_uq', 'approval_pk') THEN RAISE; END IF;
  SELECT s.seq, s.status, s.reason INTO seq, status, reason
    FROM loyalty.submit_event(p_member_id, p_type, p_source, p_external_id, p_activity_on, p_body, p_lane) s;
END $$;

-- Decides on an event that waits. p_hash is of the request that was shown. Never one's own; the first decision stands.
CREATE FUNCTION loyalty.approval_decide(p_member_id bigint, p_source text, p_external_id text, p_hash bytea, p_decision text, p_reason text)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE a loyalty.approval; v_new loyalty.journal; v_seq bigint;
BEGIN
  IF loyalty.caller_role() NOT IN ('manager', 'admin') THEN
    RAISE EXCEPTION 'only managers and administrators approve' USING ERRCODE = 'LY001';
  END IF;
  SELECT * INTO a FROM loyalty.approval x WHERE x.member_id = p_member_id AND x.source = p_source AND x.external_id = p_external_id FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no such request' USING ERRCODE = 'LY004';
  ELSIF a.decision IS NOT NULL THEN
    RAISE EXCEPTION 'already % by %', a.decision, a.decided_by USING ERRCODE = 'LY010';
  ELSIF a.requested_by = session_user THEN
    RAISE EXCEPTION 'you asked for this yourself' USING ERRCODE = 'LY012', HINT = 'someone else has to decide';
  ELSIF a.request_hash <> p_hash THEN
    RAISE EXCEPTION 'this is not the request that was shown' USING ERRCODE = 'LY013', HINT = 'look at it again';
  ELSIF p_decision NOT IN ('approved', 'refused') THEN
    RAISE EXCEPTION 'a decision is approved or refused' USING ERRCODE = 'LY002';
  END IF;
  IF p_decision = 'approved' THEN
    v_new := loyalty.event_read(a.member_id, a.type, a.source, a.external_id, greatest(a.activity_on, loyalty.business_day()), a.body);
    IF a.type IN ('redeem', 'transfer') THEN PERFORM loyalty.spending_check(a.member_id); END IF;
    IF a.type = 'transfer' THEN PERFORM loyalty.transfer_check(v_new); END IF;
    PERFORM loyalty.merge_check(v_new);
    PERFORM loyalty.household_check(v_new);
    v_new.lane := 0; v_new.submitted_by := a.requested_by; v_new.approved_by := session_user;
    v_seq := loyalty.journal_add(v_new);
  END IF;
  UPDATE loyalty.approval x SET decision = p_decision, decided_by = session_user, decided_at = now(), decision_reason = p_reason, seq = v_seq
   WHERE x.member_id = p_member_id AND x.source = p_source AND x.external_id = p_external_id;
  PERFORM loyalty.audit_write(p_member_id, 'approval.' || p_decision, a.type || ' ' || a.external_id, NULL);
  PERFORM pg_notify('loyalty_approval', p_member_id::text);
  RETURN v_seq;
END $$;

-- Adds an identifier of a member; that of another member is refused (LY005) with the other's number.
CREATE FUNCTION loyalty.identifier_add(p_member_id bigint, p_kind text, p_value text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_value text := loyalty.identifier_normal(p_kind, p_value); v_number text;
BEGIN
  IF coalesce(v_value, '') = '' THEN RETURN; END IF;
  IF (p_kind = 'email' AND v_value !~ '^[^@[:space:]]+@[^@[:space:]]+\.[^@[:space:]]+$') OR (p_kind = 'phone' AND v_value !~ '^\+?[0-9]{5,15}$') THEN
    RAISE EXCEPTION '"%" is not a valid %', p_value, p_kind USING ERRCODE = 'LY002';
  END IF;
  IF p_kind = 'card' AND EXISTS (SELECT FROM loyalty.member_past p WHERE p.value = v_value AND p.kind = 'card' AND p.is_blocked) THEN
    RAISE EXCEPTION 'the card is blocked' USING ERRCODE = 'LY002', HINT = 'give another one';
  END IF;
  INSERT INTO loyalty.member_identifier (value, kind, member_id) VALUES (v_value, p_kind, p_member_id) ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    SELECT m.number INTO v_number FROM loyalty.member_identifier i JOIN loyalty.member m USING (member_id)
     WHERE i.value = v_value AND i.kind = p_kind AND i.member_id <> p_member_id;
    IF FOUND THEN
      RAISE EXCEPTION 'the % already belongs to member %', p_kind, v_number USING ERRCODE = 'LY005', DETAIL = v_number,
        HINT = 'open that member instead';
    END IF;
  END IF;
END $$;

-- Words of a name join the vocabulary for typos.
CREATE FUNCTION loyalty.name_words_add(p_given text, p_family text) RETURNS void LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO loyalty.name_word (word, kind)
  SELECT DISTINCT w, k FROM (SELECT unnest(string_to_array(loyalty.fold(p_given), ' ')) AS w, 'g'::"char" AS k
                             UNION ALL SELECT unnest(string_to_array(loyalty.fold(p_family), ' ')), 'f'::"char") x WHERE w <> ''
  ON CONFLICT DO NOTHING $$;

-- Enrols a member: row, identifiers, standing, the enrol event and what they consent to (words as of consent_said), all or nothing. Sent twice with one key it enrols once.
CREATE FUNCTION loyalty.enrol_member(p_source text, p_external_id text, p_given text, p_family text, p_born date, p_email text,
  p_phone text, p_card text, p_city text, p_language text, p_channel text, p_flags text[], p_enrolled_on date DEFAULT NULL, p_lane int DEFAULT 0,
  p_consents text[] DEFAULT '{}',
  OUT member_id bigint, OUT number bigint, OUT seq bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_role text := loyalty.caller_role(); v_key text := p_source || E'\x1f' || p_external_id; v_event loyalty.journal; v_id bigint;
        v_number bigint; v_on date := coalesce(p_enrolled_on, loyalty.business_day()); v_word text; w record;
BEGIN
  IF NOT EXISTS (SELECT FROM loyalty.role_limit l WHERE l.role = v_role AND l.type = 'enrol') THEN
    RAISE EXCEPTION 'your role (%) may not enrol members', v_role USING ERRCODE = 'LY001';
  ELSIF coalesce(btrim(p_family), '') = '' THEN
    RAISE EXCEPTION 'a member needs a family name' USING ERRCODE = 'LY002';
  ELSIF p_born > v_on OR p_born < '1900-01-01' THEN
    RAISE EXCEPTION 'the date of birth % is not possible', p_born USING ERRCODE = 'LY002';
  ELSIF v_on > loyalty.business_day() THEN
    RAISE EXCEPTION 'enrolment cannot lie in the future' USING ERRCODE = 'LY002';
  ELSIF v_on < '1900-01-01' THEN
    RAISE EXCEPTION 'nobody enrolled on %', v_on USING ERRCODE = 'LY002';
  END IF;
  PERFORM pg_advisory_xact_lock(10, hashtext(v_key));    -- the same key twice at the same moment: the second waits and finds the first
  SELECT i.member_id INTO v_id FROM loyalty.member_identifier i WHERE i.kind = 'external' AND i.value = v_key;
  IF FOUND THEN
    SELECT m.member_id, m.number, j.seq INTO member_id, number, seq FROM loyalty.member m
      JOIN loyalty.journal j ON j.member_id = m.member_id AND j.source = p_source AND j.external_id = p_external_id
     WHERE m.member_id = v_id AND (m.given_name, m.family_name, m.born) IS NOT DISTINCT FROM (btrim(coalesce(p_given, '')), btrim(p_family), p_born);
    IF NOT FOUND THEN
      RAISE EXCEPTION 'somebody else has already been enrolled as % %', p_source, p_external_id USING ERRCODE = 'LY003',
        HINT = 'give each enrolment an id of its own';
    END IF;
    RETURN;
  END IF;
  v_id := nextval('loyalty.member_id_seq'); v_number := nextval('loyalty.member_number_seq');
  INSERT INTO loyalty.member (member_id, number, given_name, family_name, born, city, language, channel, flags, enrolled_on)
  VALUES (v_id, v_number, btrim(coalesce(p_given, '')), btrim(p_family), p_born, coalesce(p_city, ''), coalesce(p_language, ''), coalesce(p_channel, ''),
          coalesce(p_flags, '{}'), v_on);
  INSERT INTO loyalty.member_identifier (value, kind, member_id) VALUES (v_number::text, 'number', v_id), (v_key, 'external', v_id);
  PERFORM loyalty.identifier_add(v_id, 'email', p_email);
  PERFORM loyalty.identifier_add(v_id, 'phone', p_phone);
  PERFORM loyalty.identifier_add(v_id, 'card', p_card);
  PERFORM loyalty.name_words_add(p_given, p_family);
  INSERT INTO loyalty.standing (member_id) VALUES (v_id);
  v_event := loyalty.event_read(v_id, 'enrol', p_source, p_external_id, v_on,
    jsonb_strip_nulls(jsonb_build_object('born', p_born, 'channel', nullif(p_channel, ''), 'flags', to_jsonb(p_flags))));
  v_event.lane := p_lane;
  member_id := v_id; number := v_number; seq := loyalty.journal_add(v_event);
  IF coalesce(p_card, '') <> '' THEN PERFORM loyalty.unmatched_match(v_id); END IF;    -- what was bought with the card before it was anybody's
  IF v_role <> 'pos' THEN PERFORM loyalty.audit_write(v_id, 'member.enrol', v_number::text, NULL); END IF;
  FOREACH v_word IN ARRAY coalesce(p_consents, '{}') LOOP
    w := loyalty.consent_said(v_word);
    PERFORM loyalty.consent_set(v_id, w.what, w.is_given, coalesce(nullif(btrim(p_channel), ''), p_source), NULL, w.until_on);
  END LOOP;
END $$;
