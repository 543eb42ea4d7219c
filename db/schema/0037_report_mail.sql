-- Reports in the outbox: what a scheduled report came to, kept once, and to whom it is mailed. Recipients are people of the house and no members, so their
-- messages have a table of their own; its states are those of loyalty.outbox, and the same workers send both.
CREATE SEQUENCE loyalty.report_issue_seq AS bigint;
CREATE TABLE loyalty.report_issue (
  issue_no bigint NOT NULL DEFAULT nextval('loyalty.report_issue_seq'), report_no bigint NOT NULL,       -- report_no: of the job
  report text NOT NULL, format text NOT NULL, day date NOT NULL,
  title text NOT NULL, body text NOT NULL,       -- of the message
  content text,                                  -- what is attached; NULL: the body is the report
  written_at timestamptz NOT NULL DEFAULT now(), written_for name NOT NULL,                              -- who has scheduled it
  CONSTRAINT report_issue_pk PRIMARY KEY (issue_no),
  CONSTRAINT report_issue_size_ck CHECK (octet_length(body) + coalesce(octet_length(content), 0) <= 10000000));
SELECT dist.reference('loyalty.report_issue');
CREATE TABLE loyalty.report_mail (
  issue_no bigint NOT NULL, mail_no int NOT NULL,                -- people say R12/1
  address text NOT NULL,
  state text NOT NULL DEFAULT 'waiting', due_at timestamptz NOT NULL DEFAULT now(),
  attempts int NOT NULL DEFAULT 0, claim uuid, why text NOT NULL DEFAULT '', settled_at timestamptz,
  CONSTRAINT report_mail_pk PRIMARY KEY (issue_no, mail_no),
  CONSTRAINT report_mail_state_ck CHECK (state IN ('waiting', 'sending', 'sent', 'failed', 'uncertain', 'cancelled'))) WITH (fillfactor = 70);
SELECT dist.reference('loyalty.report_mail');
ALTER TABLE loyalty.report_mail ADD CONSTRAINT report_mail_issue_fk FOREIGN KEY (issue_no) REFERENCES loyalty.report_issue ON DELETE CASCADE;
CREATE INDEX report_mail_open ON loyalty.report_mail (state, due_at) WHERE state <> 'sent';

-- Owes the recipients of a job what it came to, in the transaction that notes it as written. What was mailed, and the job of what was
-- mailed once, are kept for ninety days.
CREATE FUNCTION loyalty.report_mail_add(p_report_no bigint, p_day date, p_title text, p_body text, p_content text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE r loyalty.report_job; v_no bigint;
BEGIN
  DELETE FROM loyalty.report_issue i WHERE i.written_at < now() - interval '90 days'
     AND NOT EXISTS (SELECT FROM loyalty.report_mail m WHERE m.issue_no = i.issue_no AND m.state IN ('waiting', 'sending'));
  DELETE FROM loyalty.report_job j WHERE j.every = 'once' AND j.written_at < now() - interval '90 days';
  SELECT * INTO STRICT r FROM loyalty.report_job j WHERE j.report_no = p_report_no;
  INSERT INTO loyalty.report_issue (report_no, report, format, day, title, body, content, written_for)
  VALUES (r.report_no, r.report, r.format, p_day, p_title, p_body, p_content, r.asked_by) RETURNING issue_no INTO v_no;
  INSERT INTO loyalty.report_mail (issue_no, mail_no, address) SELECT v_no, u.place, u.address FROM unnest(r.addresses) WITH ORDINALITY u (address, place);
  PERFORM pg_notify('loyalty_outbox', '');
  RETURN v_no;
END $$;

-- As loyalty.outbox_next(), of reports; what it is named by stands first, in two parts.
CREATE FUNCTION loyalty.report_mail_next(p_seconds int) RETURNS TABLE (issue_no bigint, mail_no int, claim uuid, key text, purpose text, language text, subject text,
  body text, is_template boolean, address text, at text, attachment text, attachment_name text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE m loyalty.report_mail; v_claim uuid := gen_random_uuid();
BEGIN
  SELECT * INTO m FROM loyalty.report_mail x WHERE x.state = 'waiting' AND x.due_at <= now() ORDER BY x.due_at, x.issue_no, x.mail_no LIMIT 1 FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN RETURN; END IF;
  UPDATE loyalty.report_mail x SET state = 'sending', claim = v_claim, attempts = x.attempts + 1, due_at = now() + p_seconds * interval '1 s'
   WHERE x.issue_no = m.issue_no AND x.mail_no = m.mail_no;
  RETURN QUERY
  SELECT m.issue_no, m.mail_no, v_claim, format('report %s/%s', m.issue_no, m.mail_no), 'report', 'en', i.title, i.body, false, m.address,
         to_char(now() AT TIME ZONE 'UTC', 'Dy, DD Mon YYYY HH24:MI:SS "+0000"'), i.content, format('%s-%s.%s', i.report, i.day, i.format)
    FROM loyalty.report_issue i WHERE i.issue_no = m.issue_no;
END $$;

-- As loyalty.outbox_told(). False: the claim was lost meanwhile.
CREATE FUNCTION loyalty.report_mail_told(p_issue_no bigint, p_mail_no int, p_claim uuid, p_result text, p_why text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE m loyalty.report_mail; f record;
BEGIN
  SELECT * INTO m FROM loyalty.report_mail x WHERE x.issue_no = p_issue_no AND x.mail_no = p_mail_no AND x.claim = p_claim
     AND x.state IN ('sending', 'uncertain') FOR UPDATE;
  IF NOT FOUND THEN RETURN false; END IF;
  f := loyalty.outbox_fate(p_result, m.attempts);
  UPDATE loyalty.report_mail x SET state = f.state, due_at = f.due_at, attempts = f.attempts, claim = NULL, why = left(p_why, 300),
         settled_at = CASE WHEN f.state <> 'waiting' THEN now() END
   WHERE x.issue_no = p_issue_no AND x.mail_no = p_mail_no;
  RETURN true;
END $$;

-- As loyalty.outbox_sweep().
CREATE FUNCTION loyalty.report_mail_sweep() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH swept AS (
    UPDATE loyalty.report_mail m SET state = 'uncertain', why = 'whoever sent it ended before telling whether it left', settled_at = now()
     WHERE m.state = 'sending' AND m.due_at < now() RETURNING 1)
  SELECT count(*) FROM swept $$;

-- R12/1, locked for a decision of whoever asks.
CREATE FUNCTION loyalty.report_mail_lock(p_name text) RETURNS loyalty.report_mail LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE m loyalty.report_mail;
BEGIN
  PERFORM loyalty.insight_may();
  IF p_name ~ '^R[0-9]{1,18}/[0-9]{1,9}$' THEN
    SELECT * INTO m FROM loyalty.report_mail x WHERE x.issue_no = split_part(substr(p_name, 2), '/', 1)::bigint AND x.mail_no = split_part(p_name, '/', 2)::int FOR UPDATE;
  END IF;
  IF m.issue_no IS NULL THEN
    RAISE EXCEPTION 'there is no such message' USING ERRCODE = 'LY004', HINT = 'see: loyalty outbox list';
  END IF;
  RETURN m;
END $$;
CREATE FUNCTION loyalty.report_mail_retry(p_name text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE m loyalty.report_mail := loyalty.report_mail_lock(p_name);
BEGIN
  IF m.state NOT IN ('failed', 'uncertain', 'cancelled') THEN
    RAISE EXCEPTION 'this message is %', m.state USING ERRCODE = 'LY021', HINT = 'only what failed, is uncertain or was cancelled is sent again';
  END IF;
  UPDATE loyalty.report_mail x SET state = 'waiting', due_at = now(), attempts = 0, claim = NULL, why = '', settled_at = NULL
   WHERE x.issue_no = m.issue_no AND x.mail_no = m.mail_no;
  PERFORM loyalty.audit_write(0, 'report.mail-retry', p_name, jsonb_build_object('state', jsonb_build_array(m.state, 'waiting')));
  PERFORM pg_notify('loyalty_outbox', '');
END $$;
CREATE FUNCTION loyalty.report_mail_cancel(p_name text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE m loyalty.report_mail := loyalty.report_mail_lock(p_name);
BEGIN
  IF m.state = 'cancelled' THEN RETURN; END IF;
  IF m.state NOT IN ('waiting', 'failed', 'uncertain') THEN
    RAISE EXCEPTION 'this message is %', m.state USING ERRCODE = 'LY021', HINT = 'only what waits, failed or is uncertain can be cancelled';
  END IF;
  UPDATE loyalty.report_mail x SET state = 'cancelled', why = 'by ' || session_user, settled_at = now() WHERE x.issue_no = m.issue_no AND x.mail_no = m.mail_no;
  PERFORM loyalty.audit_write(0, 'report.mail-cancel', p_name, jsonb_build_object('state', jsonb_build_array(m.state, 'cancelled')));
END $$;

-- What managers and administrators see of it; nobody else sees anything.
CREATE VIEW loyalty.report_mail_seen WITH (security_barrier) AS
  SELECT format('R%s/%s', m.issue_no, m.mail_no) AS message, m.issue_no, m.mail_no, i.report_no, i.report, i.format, i.day, m.address, i.title, i.body,
         octet_length(i.content) AS attached, m.state, m.due_at, m.attempts, m.why, i.written_at, i.written_for, m.settled_at
    FROM loyalty.report_mail m JOIN loyalty.report_issue i USING (issue_no) WHERE (SELECT loyalty.caller_role()) IN ('manager', 'admin');

-- What became of the newest issue of a job, by address: "2 sent; 1 failed: ann@example.org: no such mailbox".
CREATE FUNCTION loyalty.report_mail_word(p_report_no bigint) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT string_agg(s.word, '; ' ORDER BY s.word DESC) FROM (
    SELECT count(*) || ' ' || m.state || coalesce(': ' || string_agg(m.address || coalesce(': ' || nullif(m.why, ''), ''), ', ' ORDER BY m.mail_no)
             FILTER (WHERE m.state <> 'sent'), '') AS word
      FROM loyalty.report_mail m WHERE m.issue_no = (SELECT max(i.issue_no) FROM loyalty.report_issue i WHERE i.report_no = p_report_no) GROUP BY m.state) s $$;

-- For the Health screen: reports that are due again, those that could not be written, and mails of them that were not delivered.
CREATE FUNCTION loyalty.report_health(OUT scheduled bigint, OUT next_at text, OUT unwritten bigint, OUT undelivered bigint, OUT why text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT (SELECT count(*) FROM loyalty.report_job r WHERE r.every <> 'once'),
         (SELECT to_char(min(r.next_at) AT TIME ZONE coalesce((SELECT p.timezone FROM loyalty.programme p), 'UTC'), 'YYYY-MM-DD HH24:MI') FROM loyalty.report_job r
           WHERE r.every <> 'once'),
         (SELECT count(*) FROM loyalty.report_job r WHERE r.why <> ''),
         (SELECT count(*) FROM loyalty.report_mail m WHERE m.state IN ('failed', 'uncertain')),
         coalesce((SELECT r.report || ': ' || r.why FROM loyalty.report_job r WHERE r.why <> '' ORDER BY r.next_at LIMIT 1),
                  (SELECT format('R%s/%s: %s', m.issue_no, m.mail_no, m.why) FROM loyalty.report_mail m WHERE m.state IN ('failed', 'uncertain')
                    ORDER BY m.issue_no DESC, m.mail_no LIMIT 1), '') $$;

GRANT SELECT ON loyalty.report_mail_seen TO loyalty_support, loyalty_marketing, loyalty_manager, loyalty_admin;
GRANT EXECUTE ON FUNCTION loyalty.report_health() TO loyalty_support, loyalty_marketing, loyalty_manager, loyalty_admin;
GRANT EXECUTE ON FUNCTION loyalty.report_mail_retry(text), loyalty.report_mail_cancel(text), loyalty.report_mail_word(bigint) TO loyalty_manager, loyalty_admin;
GRANT EXECUTE ON FUNCTION loyalty.report_mail_add(bigint, date, text, text, text), loyalty.report_mail_next(int),
  loyalty.report_mail_told(bigint, int, uuid, text, text), loyalty.report_mail_sweep() TO loyalty_worker;
