-- The outbox: messages to members, from the moment one is owed until a mail system has taken it, or it is known why none will.
--
--   waiting    until due_at, and until the event it tells of is posted
--   sending    one worker has it, until due_at; committed before the mail system is asked, so that no other asks too
--   sent       the mail system took it
--   failed     given up after ten tries, or at once where trying again cannot help
--   uncertain  the worker ended, or the mail system did not answer, while it was being sent: it may have left. It is never sent again by itself
--              (at most once); a person decides: retry or cancel
--   suppressed not allowed: no consent, no address, not a member any more, too late, or the event was denied
--   cancelled  by a person
CREATE TABLE loyalty.outbox (
  member_id bigint NOT NULL, message_no int NOT NULL,          -- people say MEMBER/NO
  key text COLLATE "C" NOT NULL,         -- what it is, by whoever owes it, as 'case 3/2': owed twice it is sent once
  purpose text NOT NULL,                 -- what the member must have consented to, by e-mail; service: what was asked for needs no consent
  language text NOT NULL DEFAULT '', subject text NOT NULL, body text NOT NULL,
  filling jsonb,                         -- values of the places in subject and body (model/outbox/template.h); NULL: the texts have none
  seq bigint,                            -- the event that it tells of, NULL: none
  not_after timestamptz,                 -- then it makes no sense any more
  state text NOT NULL DEFAULT 'waiting', due_at timestamptz NOT NULL DEFAULT now(),
  attempts int NOT NULL DEFAULT 0, claim uuid,                 -- claim: of the sender that has it
  why text NOT NULL DEFAULT '',          -- of the last try, or of the state; nothing personal
  written_at timestamptz NOT NULL DEFAULT now(), written_by name NOT NULL DEFAULT session_user, settled_at timestamptz,
  CONSTRAINT outbox_pk PRIMARY KEY (member_id, message_no),
  CONSTRAINT outbox_key_uq UNIQUE (member_id, key),
  CONSTRAINT outbox_purpose_ck CHECK (purpose IN ('service', 'promotions', 'partner_promotions')),
  CONSTRAINT outbox_state_ck CHECK (state IN ('waiting', 'sending', 'sent', 'failed', 'uncertain', 'suppressed', 'cancelled')),
  CONSTRAINT outbox_text_ck CHECK (length(key) BETWEEN 1 AND 128 AND length(subject) BETWEEN 1 AND 400 AND length(body) BETWEEN 1 AND 40000)) WITH (fillfactor = 70);
SELECT dist.distribute('loyalty.outbox', 'member_id', 'loyalty.member');
ALTER TABLE loyalty.outbox ADD CONSTRAINT outbox_member_fk FOREIGN KEY (member_id) REFERENCES loyalty.member;
CREATE INDEX outbox_open ON loyalty.outbox (state, due_at, member_id, message_no) WHERE state IN ('waiting', 'sending', 'failed', 'uncertain');
CREATE INDEX outbox_written ON loyalty.outbox (written_at, member_id, message_no);

-- Where a member's mail goes: the address written down first. NULL: nowhere.
CREATE FUNCTION loyalty.mail_address(p_member_id bigint) RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT i.value FROM loyalty.member_identifier i WHERE i.member_id = p_member_id AND i.kind = 'email' ORDER BY i.from_id IS NOT NULL, i.added_at, i.value LIMIT 1 $$;

-- Why this member may not be written to for that purpose; NULL: nothing is in the way.
CREATE FUNCTION loyalty.outbox_bar(p_member_id bigint, p_purpose text) RETURNS text LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_status text := (SELECT m.status FROM loyalty.member m WHERE m.member_id = p_member_id);
BEGIN
  IF v_status NOT IN ('active', 'blocked') OR (v_status = 'blocked' AND p_purpose <> 'service') THEN
    RETURN 'the member is ' || v_status;
  ELSIF p_purpose <> 'service' AND NOT loyalty.member_consents(p_member_id, p_purpose::loyalty.consent_kind, 'email') THEN
    RETURN format('no consent to %s by e-mail', replace(p_purpose, 'partner_promotions', 'promotions of partners'));
  ELSIF loyalty.mail_address(p_member_id) IS NULL THEN
    RETURN 'there is no e-mail address';
  END IF;
  RETURN NULL;
END $$;

-- Owes a member a message, for functions that run with the owner's rights. The same key again changes nothing. What may not be sent stands there as
-- suppressed, with the reason; whoever consents later is not sent it. p_filling: values by the names of places, numbers as decimals, days as YYYY-MM-DD;
-- name, number, tier and programme, and with p_seq what that event gave, need not be in it. p_language NULL: the member's. Returns the message's number.
CREATE FUNCTION loyalty.outbox_add(p_member_id bigint, p_key text, p_purpose text, p_subject text, p_body text, p_filling jsonb DEFAULT NULL,
  p_seq bigint DEFAULT NULL, p_language text DEFAULT NULL, p_not_before timestamptz DEFAULT NULL, p_not_after timestamptz DEFAULT NULL) RETURNS int
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_no int; v_bar text;
BEGIN
  IF NOT EXISTS (SELECT FROM loyalty.member m WHERE m.member_id = p_member_id) THEN
    RAISE EXCEPTION 'there is no such member' USING ERRCODE = 'LY004';
  END IF;
  v_bar := loyalty.outbox_bar(p_member_id, p_purpose);
  LOOP   -- again, where another took the number at the same time
    SELECT o.message_no INTO v_no FROM loyalty.outbox o WHERE o.member_id = p_member_id AND o.key = p_key;
    IF FOUND THEN RETURN v_no; END IF;
    INSERT INTO loyalty.outbox (member_id, message_no, key, purpose, language, subject, body, filling, seq, not_after, due_at, state, why, settled_at)
    SELECT p_member_id, coalesce((SELECT max(o.message_no) FROM loyalty.outbox o WHERE o.member_id = p_member_id), 0) + 1, p_key, p_purpose,
           coalesce(p_language, m.language), p_subject, p_body, p_filling, p_seq, p_not_after, coalesce(p_not_before, now()),
           CASE WHEN v_bar IS NULL THEN 'waiting' ELSE 'suppressed' END, coalesce(v_bar, ''), CASE WHEN v_bar IS NOT NULL THEN now() END
      FROM loyalty.member m WHERE m.member_id = p_member_id ON CONFLICT DO NOTHING RETURNING message_no INTO v_no;
    EXIT WHEN FOUND;
  END LOOP;
  IF v_bar IS NULL AND p_not_before IS NULL THEN PERFORM pg_notify('loyalty_outbox', ''); END IF;
  RETURN v_no;
END $$;

-- What has become of the event that a message tells of: posted, pending (or failed, and perhaps tried again), or why nothing came of it.
CREATE FUNCTION loyalty.outbox_event(p_member_id bigint, p_seq bigint) RETURNS text LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_result text; v_reason text;
BEGIN
  IF EXISTS (SELECT FROM loyalty.inbox i WHERE i.bucket = loyalty.bucket_of(p_member_id) AND i.member_id = p_member_id AND i.seq = p_seq) THEN
    RETURN 'pending';
  END IF;
  SELECT o.result, o.reason INTO v_result, v_reason FROM loyalty.outcome o WHERE o.member_id = p_member_id AND o.seq = p_seq;
  RETURN CASE coalesce(v_result, 'accepted') WHEN 'accepted' THEN 'posted' WHEN 'failed' THEN 'pending'
         ELSE concat_ws(': ', 'the event it tells of was ' || v_result, nullif(v_reason, '')) END;
END $$;

-- Whether a message can go now: 'now'; 'later'; else why it never will.
CREATE FUNCTION loyalty.outbox_turn(o loyalty.outbox) RETURNS text LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_word text;
BEGIN
  IF o.not_after < now() THEN RETURN 'it was too late'; END IF;
  v_word := loyalty.outbox_bar(o.member_id, o.purpose);
  IF v_word IS NOT NULL OR o.seq IS NULL THEN RETURN coalesce(v_word, 'now'); END IF;
  v_word := loyalty.outbox_event(o.member_id, o.seq);
  IF v_word NOT IN ('posted', 'pending') THEN RETURN v_word; END IF;
  IF v_word = 'pending' OR (o.body LIKE '%{code}%' AND EXISTS (       -- which waits for stock
       SELECT FROM loyalty.issued_reward r WHERE r.member_id = o.member_id AND r.seq = o.seq AND r.code IS NULL AND r.state = 'issued')) THEN
    RETURN 'later';
  END IF;
  RETURN 'now';
END $$;

-- The next message that is due, claimed for its sender for so many seconds; no row: none is due. Columns from given_name on have the names of places.
CREATE FUNCTION loyalty.outbox_next(p_seconds int) RETURNS TABLE (member_id bigint, message_no int, claim uuid, key text, purpose text, language text,
  subject text, body text, is_template boolean, address text, at text, given_name text, family_name text, number text, tier text, programme text,
  campaign text, points text, currency text, reward text, code text, expires text, survey text, link text, "case" text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE v_candidate record; o loyalty.outbox; v_turn text; v_claim uuid := gen_random_uuid();
BEGIN
  FOR v_candidate IN SELECT c.member_id, c.message_no FROM loyalty.outbox c WHERE c.state = 'waiting' AND c.due_at <= now()
                      ORDER BY c.due_at, c.member_id, c.message_no LIMIT 1000 LOOP
    SELECT * INTO o FROM loyalty.outbox x WHERE x.member_id = v_candidate.member_id AND x.message_no = v_candidate.message_no
       AND x.state = 'waiting' AND x.due_at <= now() FOR UPDATE SKIP LOCKED;
    CONTINUE WHEN NOT FOUND;
    v_turn := loyalty.outbox_turn(o);
    IF v_turn = 'later' THEN   -- the longer it waits, the less often it is looked at
      UPDATE loyalty.outbox x SET due_at = now() + least(greatest((now() - o.written_at) / 10, interval '5 s'), interval '1 h')
       WHERE x.member_id = o.member_id AND x.message_no = o.message_no;
    ELSIF v_turn <> 'now' THEN
      UPDATE loyalty.outbox x SET state = 'suppressed', why = v_turn, settled_at = now() WHERE x.member_id = o.member_id AND x.message_no = o.message_no;
    ELSE
      UPDATE loyalty.outbox x SET state = 'sending', claim = v_claim, attempts = x.attempts + 1, due_at = now() + p_seconds * interval '1 s'
       WHERE x.member_id = o.member_id AND x.message_no = o.message_no;
      RETURN QUERY
      SELECT o.member_id, o.message_no, v_claim, o.key, o.purpose, o.language, o.subject, o.body, o.filling IS NOT NULL, loyalty.mail_address(o.member_id),
             to_char(now() AT TIME ZONE 'UTC', 'Dy, DD Mon YYYY HH24:MI:SS "+0000"'),
             m.given_name, m.family_name, m.number::text, (SELECT t.code FROM loyalty.standing s JOIN loyalty.tier t USING (tier_id) WHERE s.member_id = o.member_id),
             (SELECT p.name FROM loyalty.programme p), o.filling ->> 'campaign', coalesce(o.filling ->> 'points', e.points), coalesce(o.filling ->> 'currency', e.currency),
             coalesce(o.filling ->> 'reward', r.reward), coalesce(o.filling ->> 'code', r.code), coalesce(o.filling ->> 'expires', r.expires::text, l.expires::text),
             o.filling ->> 'survey', o.filling ->> 'link', o.filling ->> 'case'
        FROM loyalty.member m
        LEFT JOIN LATERAL (SELECT trim_scale(sum(x.amount) / power(10::numeric, c.decimals))::text AS points, c.code AS currency
                             FROM loyalty.ledger_entry x JOIN loyalty.currency c USING (currency_id) WHERE x.member_id = o.member_id AND x.seq = o.seq
                            GROUP BY c.currency_id ORDER BY c.currency_id LIMIT 1) e ON true
        LEFT JOIN LATERAL (SELECT min(x.expires_on) AS expires FROM loyalty.lot x WHERE x.member_id = o.member_id AND x.seq = o.seq) l ON true
        LEFT JOIN LATERAL (SELECT min(w.name) AS reward, min(x.expires_on) AS expires,
                                  string_agg(coalesce(k.printed, regexp_replace(x.code, '(....)(?=.)', '\1-', 'g')), ', ' ORDER BY x.reward_no) AS code
                             FROM loyalty.issued_reward x JOIN loyalty.reward w USING (reward_id) LEFT JOIN loyalty.reward_code k ON k.code = x.code
                            WHERE x.member_id = o.member_id AND x.seq = o.seq) r ON true
       WHERE m.member_id = o.member_id;
      RETURN;
    END IF;
  END LOOP;
END $$;

-- When to try again after so many tries: one minute, two, four ... at most six hours, a quarter more or less so that not all come at once.
CREATE FUNCTION loyalty.outbox_pause(p_attempts int) RETURNS interval LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  SELECT least(60 * power(2, least(p_attempts, 20) - 1), 21600) * (0.75 + random() / 2) * interval '1 s' $$;

-- What a message becomes after so many tries, the last of which ended as outbox_told() has it.
CREATE FUNCTION loyalty.outbox_fate(p_result text, p_attempts int, OUT state text, OUT due_at timestamptz, OUT attempts int) LANGUAGE sql VOLATILE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN p_result = 'unsent' OR (p_result = 'again' AND p_attempts < 10) THEN 'waiting' WHEN p_result = 'again' THEN 'failed' ELSE p_result END,
         now() + CASE p_result WHEN 'unsent' THEN interval '1 min' WHEN 'again' THEN loyalty.outbox_pause(p_attempts) ELSE interval '0' END,
         p_attempts - (p_result = 'unsent')::int $$;

-- What became of a claimed message: sent, again (to be tried again later), unsent (so too, without counting as a try), failed or uncertain. False: the
-- claim was lost meanwhile.
-- A sender that was slower than its claim still tells what it knows of a message that is uncertain because of it.
CREATE FUNCTION loyalty.outbox_told(p_member_id bigint, p_message_no int, p_claim uuid, p_result text, p_why text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE o loyalty.outbox; f record;
BEGIN
  SELECT * INTO o FROM loyalty.outbox x WHERE x.member_id = p_member_id AND x.message_no = p_message_no AND x.claim = p_claim
     AND x.state IN ('sending', 'uncertain') FOR UPDATE;
  IF NOT FOUND THEN RETURN false; END IF;
  f := loyalty.outbox_fate(p_result, o.attempts);
  UPDATE loyalty.outbox x SET state = f.state, due_at = f.due_at, attempts = f.attempts, claim = NULL, why = left(p_why, 300),
         filling = CASE p_result WHEN 'sent' THEN o.filling - 'link' ELSE o.filling END,    -- whoever has the link may answer for the member
         settled_at = CASE WHEN f.state <> 'waiting' THEN now() END
   WHERE x.member_id = p_member_id AND x.message_no = p_message_no;
  RETURN true;
END $$;

-- Messages whose sender did not tell in time, and has probably died: nobody knows whether they have left. Returns how many.
CREATE FUNCTION loyalty.outbox_sweep() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE r record; v_swept bigint := 0;
BEGIN
  FOR r IN SELECT o.member_id, o.message_no FROM loyalty.outbox o WHERE o.state = 'sending' AND o.due_at < now() LIMIT 1000 LOOP
    UPDATE loyalty.outbox o SET state = 'uncertain', why = 'whoever sent it ended before telling whether it left', settled_at = now()
     WHERE o.member_id = r.member_id AND o.message_no = r.message_no AND o.state = 'sending' AND o.due_at < now();
    IF FOUND THEN v_swept := v_swept + 1; END IF;
  END LOOP;
  RETURN v_swept;
END $$;

-- The message, locked for a decision of whoever asks: marketing decides on its own, support on those of its service.
CREATE FUNCTION loyalty.outbox_lock(p_member_id bigint, p_message_no int) RETURNS loyalty.outbox
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE o loyalty.outbox; v_role text := loyalty.caller_role();
BEGIN
  SELECT * INTO o FROM loyalty.outbox x WHERE x.member_id = p_member_id AND x.message_no = p_message_no FOR UPDATE;
  IF NOT FOUND OR (v_role = 'marketing' AND o.purpose = 'service') THEN
    RAISE EXCEPTION 'there is no such message' USING ERRCODE = 'LY004', HINT = 'see: loyalty outbox list';
  ELSIF v_role = 'support' AND o.purpose <> 'service' THEN
    RAISE EXCEPTION 'marketing and managers decide on messages of campaigns' USING ERRCODE = 'LY001';
  END IF;
  RETURN o;
END $$;

-- Sends a message that failed, is uncertain or was cancelled (again). Consent is looked at again as for any other.
CREATE FUNCTION loyalty.outbox_retry(p_member_id bigint, p_message_no int) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE o loyalty.outbox := loyalty.outbox_lock(p_member_id, p_message_no);
BEGIN
  IF o.state NOT IN ('failed', 'uncertain', 'cancelled') THEN
    RAISE EXCEPTION 'this message is %', o.state USING ERRCODE = 'LY021', HINT = 'only what failed, is uncertain or was cancelled is sent again';
  END IF;
  UPDATE loyalty.outbox x SET state = 'waiting', due_at = now(), attempts = 0, claim = NULL, why = '', settled_at = NULL
   WHERE x.member_id = p_member_id AND x.message_no = p_message_no;
  PERFORM loyalty.audit_write(p_member_id, 'message.retry', p_message_no::text, jsonb_build_object('state', jsonb_build_array(o.state, 'waiting')));
  PERFORM pg_notify('loyalty_outbox', '');
END $$;

-- Takes a message back that is not under way: it will not be sent (again).
CREATE FUNCTION loyalty.outbox_cancel(p_member_id bigint, p_message_no int) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE o loyalty.outbox := loyalty.outbox_lock(p_member_id, p_message_no);
BEGIN
  IF o.state = 'cancelled' THEN RETURN; END IF;
  IF o.state NOT IN ('waiting', 'failed', 'uncertain') THEN
    RAISE EXCEPTION 'this message is %', o.state USING ERRCODE = 'LY021', HINT = 'only what waits, failed or is uncertain can be cancelled';
  END IF;
  UPDATE loyalty.outbox x SET state = 'cancelled', why = 'by ' || session_user, settled_at = now()
   WHERE x.member_id = p_member_id AND x.message_no = p_message_no;
  PERFORM loyalty.audit_write(p_member_id, 'message.cancel', p_message_no::text, jsonb_build_object('state', jsonb_build_array(o.state, 'cancelled')));
END $$;

-- A public answer in a case that came by e-mail goes to the member by e-mail; called where articles are written. Nothing but the answer itself leaves:
-- a case's title is staff's own wording.
CREATE FUNCTION loyalty.case_mail(p_case loyalty.member_case, p_article_no int, p_kind text, p_body text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF p_kind <> 'to_member' OR p_case.channel NOT IN ('e-mail', 'email') THEN RETURN; END IF;
  PERFORM loyalty.outbox_add(p_case.member_id, format('case %s/%s', p_case.case_no, p_article_no), 'service',
            format('%s: %s %s/%s', p.name, CASE m.language WHEN 'tr' THEN 'talebiniz' WHEN 'de' THEN 'Ihre Anfrage' WHEN 'fr' THEN 'votre demande'
                     WHEN 'es' THEN 'su consulta' ELSE 'your request' END, m.number, p_case.case_no), p_body)
     FROM loyalty.member m, loyalty.programme p WHERE m.member_id = p_case.member_id;
END $$;

-- 1002764/3 taken apart.
CREATE FUNCTION loyalty.message_of(p_name text, OUT member_id bigint, OUT message_no int) LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF p_name !~ '^[0-9]{1,18}/[0-9]{1,9}$' THEN
    RAISE EXCEPTION '"%" names no message', left(p_name, 60) USING ERRCODE = 'LY002', HINT = 'a message is named as MEMBER/NUMBER, see: loyalty outbox list';
  END IF;
  member_id := loyalty.member_of(split_part(p_name, '/', 1)); message_no := split_part(p_name, '/', 2)::int;
END $$;

-- What staff see: marketing nothing of service, which is what members and support tell each other.
CREATE VIEW loyalty.outbox_seen WITH (security_barrier) AS
  SELECT m.number || '/' || o.message_no AS message, o.member_id, o.message_no, o.key, o.purpose, o.language, o.subject, o.body, o.filling - 'link' AS filling, o.seq, o.not_after,
         o.state, o.due_at, o.attempts, o.why, o.written_at, o.written_by, o.settled_at
    FROM loyalty.outbox o JOIN loyalty.member m USING (member_id) WHERE o.purpose <> 'service' OR (SELECT loyalty.caller_role()) <> 'marketing';

-- How the outbox is: messages by state, counted up to p_most, and how many workers can send.
CREATE FUNCTION loyalty.outbox_health(p_most int, OUT waiting bigint, OUT due_seconds bigint, OUT failed bigint, OUT uncertain bigint, OUT senders bigint, OUT why text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT (SELECT count(*) FROM (SELECT FROM loyalty.outbox o WHERE o.state IN ('waiting', 'sending') LIMIT p_most) x),
         (SELECT extract(epoch FROM now() - o.due_at)::bigint FROM loyalty.outbox o WHERE o.state = 'waiting' AND o.due_at < now() ORDER BY o.due_at LIMIT 1),
         (SELECT count(*) FROM (SELECT FROM loyalty.outbox o WHERE o.state = 'failed' LIMIT p_most) x),
         (SELECT count(*) FROM (SELECT FROM loyalty.outbox o WHERE o.state = 'uncertain' LIMIT p_most) x),
         (SELECT count(*) FROM loyalty.worker_heartbeat w WHERE w.sends_mail AND w.beat_at > now() - interval '15 s'),
         coalesce((SELECT o.why FROM loyalty.outbox o WHERE o.state = 'waiting' AND o.why <> '' ORDER BY o.due_at DESC LIMIT 1), '') $$;

GRANT SELECT ON loyalty.outbox_seen TO loyalty_support, loyalty_marketing, loyalty_manager, loyalty_admin;
GRANT EXECUTE ON FUNCTION loyalty.outbox_retry(bigint, int), loyalty.outbox_cancel(bigint, int), loyalty.message_of(text), loyalty.outbox_health(int)
  TO loyalty_support, loyalty_marketing, loyalty_manager, loyalty_admin;
GRANT EXECUTE ON FUNCTION loyalty.outbox_next(int), loyalty.outbox_told(bigint, int, uuid, text, text), loyalty.outbox_sweep() TO loyalty_worker;
