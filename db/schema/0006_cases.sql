-- Cases: what members ask, who works on it, what was said and how it ended.
CREATE TABLE loyalty.member_case (
  member_id bigint NOT NULL, case_no int NOT NULL,             -- people say MEMBER/NO
  title text NOT NULL, state text NOT NULL DEFAULT 'new', priority smallint NOT NULL DEFAULT 2,
  owner name, channel text NOT NULL DEFAULT 'phone',
  opened_by name NOT NULL DEFAULT session_user, opened_at timestamptz NOT NULL DEFAULT now(),
  due_at timestamptz NOT NULL,           -- when the first answer, then the solution, is promised
  first_answer_at timestamptz, resolved_at timestamptz, resolved_by name,
  cause text, outcome text,              -- set when resolved
  articles int NOT NULL DEFAULT 0, events int NOT NULL DEFAULT 0,
  version int NOT NULL DEFAULT 1, changed_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT member_case_pk PRIMARY KEY (member_id, case_no),
  CONSTRAINT member_case_title_ck CHECK (length(title) BETWEEN 1 AND 200),
  CONSTRAINT member_case_state_ck CHECK (state IN ('new', 'open', 'waiting_member', 'resolved', 'closed', 'merged')),
  CONSTRAINT member_case_priority_ck CHECK (priority BETWEEN 1 AND 3),
  CONSTRAINT member_case_outcome_ck CHECK (outcome IN ('kept', 'lost', 'not_at_risk')),
  CONSTRAINT member_case_resolved_ck CHECK (state NOT IN ('resolved', 'closed') OR (cause IS NOT NULL AND outcome IS NOT NULL)));
SELECT dist.distribute('loyalty.member_case', 'member_id', 'loyalty.member');
ALTER TABLE loyalty.member_case ADD CONSTRAINT member_case_member_fk FOREIGN KEY (member_id) REFERENCES loyalty.member;
CREATE INDEX member_case_unassigned ON loyalty.member_case (due_at, member_id, case_no)
  WHERE owner IS NULL AND state IN ('new', 'open', 'waiting_member');
CREATE INDEX member_case_owned ON loyalty.member_case (owner, due_at, member_id, case_no) WHERE state IN ('new', 'open', 'waiting_member');
CREATE INDEX member_case_working ON loyalty.member_case (due_at, member_id, case_no) WHERE state IN ('new', 'open', 'waiting_member');
CREATE INDEX member_case_changed ON loyalty.member_case (changed_at, member_id, case_no);

-- What was said: public messages to the member, internal notes that never leave.
CREATE TABLE loyalty.case_article (
  member_id bigint NOT NULL, case_no int NOT NULL, article_no int NOT NULL,
  kind text NOT NULL, author name NOT NULL DEFAULT session_user, body text NOT NULL,
  written_at timestamptz NOT NULL DEFAULT now(), key uuid NOT NULL,            -- made by the writer: sent twice is once
  CONSTRAINT case_article_pk PRIMARY KEY (member_id, case_no, article_no),
  CONSTRAINT case_article_key_uq UNIQUE (member_id, case_no, key),
  CONSTRAINT case_article_kind_ck CHECK (kind IN ('from_member', 'to_member', 'internal')),
  CONSTRAINT case_article_body_ck CHECK (length(body) BETWEEN 1 AND 20000));
SELECT dist.distribute('loyalty.case_article', 'member_id', 'loyalty.member');
ALTER TABLE loyalty.case_article ADD CONSTRAINT case_article_case_fk
  FOREIGN KEY (member_id, case_no) REFERENCES loyalty.member_case (member_id, case_no);

CREATE TABLE loyalty.case_event (
  member_id bigint NOT NULL, case_no int NOT NULL, event_no int NOT NULL,
  at timestamptz NOT NULL DEFAULT now(), login name NOT NULL DEFAULT session_user,
  action text NOT NULL, old_value text NOT NULL DEFAULT '', new_value text NOT NULL DEFAULT '',
  CONSTRAINT case_event_pk PRIMARY KEY (member_id, case_no, event_no));
SELECT dist.distribute('loyalty.case_event', 'member_id', 'loyalty.member');
ALTER TABLE loyalty.case_event ADD CONSTRAINT case_event_case_fk
  FOREIGN KEY (member_id, case_no) REFERENCES loyalty.member_case (member_id, case_no);

-- Working cases by owner ('' is nobody's), kept by the functions below so that a badge is a look-up, not a count.
CREATE TABLE loyalty.case_count (
  owner name NOT NULL, working bigint NOT NULL,
  CONSTRAINT case_count_pk PRIMARY KEY (owner));
SELECT dist.reference('loyalty.case_count');

CREATE FUNCTION loyalty.case_counted(p_owner name, p_change int) RETURNS void LANGUAGE sql
SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO loyalty.case_count AS c (owner, working) VALUES (coalesce(p_owner, ''), p_change)
  ON CONFLICT (owner) DO UPDATE SET working = c.working + excluded.working $$;

CREATE FUNCTION loyalty.case_works(p_state text) RETURNS boolean LANGUAGE sql IMMUTABLE AS
$$ SELECT p_state IN ('new', 'open', 'waiting_member') $$;

-- Staff who work on cases, or an error. A web page may only through the functions of surveys, whose rules open cases by themselves.
CREATE FUNCTION loyalty.case_worker() RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF loyalty.caller_role() NOT IN ('support', 'manager', 'admin', 'web') THEN
    RAISE EXCEPTION 'your role does not work on cases' USING ERRCODE = 'LY001';
  END IF;
END $$;

-- Adds a line to the case's history, moves version and change time, tells open screens. Counters follow owner and state.
CREATE FUNCTION loyalty.case_change(p_old loyalty.member_case, p_new loyalty.member_case, p_action text, p_was text, p_is text)
RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE loyalty.member_case c SET state = p_new.state, owner = p_new.owner, priority = p_new.priority, title = p_new.title,
         due_at = p_new.due_at, first_answer_at = p_new.first_answer_at, resolved_at = p_new.resolved_at,
         resolved_by = p_new.resolved_by, cause = p_new.cause, outcome = p_new.outcome, articles = p_new.articles,
         events = p_old.events + 1, version = p_old.version + 1, changed_at = now()
   WHERE c.member_id = p_old.member_id AND c.case_no = p_old.case_no;
  INSERT INTO loyalty.case_event (member_id, case_no, event_no, action, old_value, new_value)
  VALUES (p_old.member_id, p_old.case_no, p_old.events + 1, p_action, coalesce(p_was, ''), coalesce(p_is, ''));
  IF (p_old.owner, loyalty.case_works(p_old.state)) IS DISTINCT FROM (p_new.owner, loyalty.case_works(p_new.state)) THEN
    IF loyalty.case_works(p_old.state) THEN PERFORM loyalty.case_counted(p_old.owner, -1); END IF;
    IF loyalty.case_works(p_new.state) THEN PERFORM loyalty.case_counted(p_new.owner, 1); END IF;
  END IF;
  PERFORM pg_notify('loyalty_case', p_old.member_id || '/' || p_old.case_no);
  RETURN p_old.version + 1;
END $$;

-- The case, locked for a change by whoever asks.
CREATE FUNCTION loyalty.case_lock(p_member_id bigint, p_case_no int) RETURNS loyalty.member_case
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_case loyalty.member_case;
BEGIN
  PERFORM loyalty.case_worker();
  SELECT * INTO v_case FROM loyalty.member_case c WHERE c.member_id = p_member_id AND c.case_no = p_case_no FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no such case' USING ERRCODE = 'LY004';
  END IF;
  RETURN v_case;
END $$;

-- An error unless the case is still as the caller saw it (p_version NULL: any version will do). Asked only after it is known that
-- the change is not there yet: a request whose answer was lost and that is sent again must succeed.
CREATE FUNCTION loyalty.case_unchanged(p_case loyalty.member_case, p_version int) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_last loyalty.case_event;
BEGIN
  IF p_version IS NULL OR p_case.version = p_version THEN RETURN; END IF;
  SELECT * INTO v_last FROM loyalty.case_event e WHERE e.member_id = p_case.member_id AND e.case_no = p_case.case_no
   ORDER BY e.event_no DESC LIMIT 1;
  RAISE EXCEPTION '% changed this case meanwhile (%)', coalesce(v_last.login::text, 'someone'), coalesce(v_last.action, '?')
    USING ERRCODE = 'LY020', HINT = 'look at what is new, then try again', DETAIL = p_case.version::text;
END $$;

-- Opens a case with its first article. Sent twice with one key it opens once. Returns its number.
CREATE FUNCTION loyalty.case_open(p_member_id bigint, p_key uuid, p_title text, p_channel text, p_priority int, p_kind text, p_body text)
RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_no int;
BEGIN
  PERFORM loyalty.case_worker();
  PERFORM FROM loyalty.standing s WHERE s.member_id = p_member_id FOR NO KEY UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'there is no such member' USING ERRCODE = 'LY004'; END IF;
  SELECT a.case_no INTO v_no FROM loyalty.case_article a WHERE a.member_id = p_member_id AND a.key = p_key;
  IF FOUND THEN RETURN v_no; END IF;
  SELECT coalesce(max(c.case_no), 0) + 1 INTO v_no FROM loyalty.member_case c WHERE c.member_id = p_member_id;
  INSERT INTO loyalty.member_case (member_id, case_no, title, channel, priority, due_at, articles, events)
  VALUES (p_member_id, v_no, p_title, p_channel, p_priority, now() + make_interval(hours => (ARRAY[4, 24, 72])[p_priority]), 1, 1);
  INSERT INTO loyalty.case_article (member_id, case_no, article_no, kind, body, key) VALUES (p_member_id, v_no, 1, p_kind, p_body, p_key);
  INSERT INTO loyalty.case_event (member_id, case_no, event_no, action, new_value) VALUES (p_member_id, v_no, 1, 'opened', p_channel);
  PERFORM loyalty.case_counted(NULL, 1);
  PERFORM loyalty.case_mail(c, 1, p_kind, p_body) FROM loyalty.member_case c WHERE c.member_id = p_member_id AND c.case_no = v_no;
  PERFORM pg_notify('loyalty_case', p_member_id || '/' || v_no);
  RETURN v_no;
END $$;

-- Gives the case to p_owner (NULL: to nobody). Taking is assigning to oneself. Returns the new version.
CREATE FUNCTION loyalty.case_assign(p_member_id bigint, p_case_no int, p_version int, p_owner name) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_old loyalty.member_case := loyalty.case_lock(p_member_id, p_case_no); v_new loyalty.member_case := v_old;
BEGIN
  IF v_old.owner IS NOT DISTINCT FROM p_owner THEN RETURN v_old.version; END IF;
  PERFORM loyalty.case_unchanged(v_old, p_version);
  IF NOT loyalty.case_works(v_old.state) THEN
    RAISE EXCEPTION 'this case is %', v_old.state USING ERRCODE = 'LY021', HINT = 'reopen it first';
  END IF;
  IF p_owner IS NOT NULL AND NOT EXISTS (SELECT FROM loyalty.staff s WHERE s.login = p_owner AND s.active
                                          AND s.role IN ('support', 'manager', 'admin')) THEN
    RAISE EXCEPTION '% is not active support staff', p_owner USING ERRCODE = 'LY004';
  END IF;
  v_new.owner := p_owner;
  IF v_new.state = 'new' AND p_owner IS NOT NULL THEN v_new.state := 'open'; END IF;
  RETURN loyalty.case_change(v_old, v_new, 'assigned', v_old.owner, p_owner);
END $$;

-- The next case by promise for whoever asks, taken at once; no row when nothing waits. Two at once get two cases.
CREATE FUNCTION loyalty.case_take_next(OUT member_id bigint, OUT case_no int) RETURNS SETOF record
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE r record; v_case loyalty.member_case;
BEGIN
  PERFORM loyalty.case_worker();
  FOR r IN SELECT c.member_id, c.case_no FROM loyalty.member_case c
            WHERE c.owner IS NULL AND c.state IN ('new', 'open', 'waiting_member') ORDER BY c.due_at, c.member_id, c.case_no LIMIT 50 LOOP
    SELECT * INTO v_case FROM loyalty.member_case c WHERE c.member_id = r.member_id AND c.case_no = r.case_no
       AND c.owner IS NULL FOR UPDATE SKIP LOCKED;
    CONTINUE WHEN NOT FOUND;
    PERFORM loyalty.case_assign(r.member_id, r.case_no, NULL, session_user);
    member_id := r.member_id; case_no := r.case_no;
    RETURN NEXT;
    RETURN;
  END LOOP;
END $$;

-- Adds an article; sent twice with one key it stands once. A first answer to the member stops that clock.
CREATE FUNCTION loyalty.case_write(p_member_id bigint, p_case_no int, p_key uuid, p_kind text, p_body text) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_old loyalty.member_case := loyalty.case_lock(p_member_id, p_case_no); v_new loyalty.member_case := v_old;
BEGIN
  IF EXISTS (SELECT FROM loyalty.case_article a WHERE a.member_id = p_member_id AND a.case_no = p_case_no AND a.key = p_key) THEN
    RETURN v_old.version;
  END IF;
  v_new.articles := v_old.articles + 1;
  INSERT INTO loyalty.case_article (member_id, case_no, article_no, kind, body, key)
  VALUES (p_member_id, p_case_no, v_new.articles, p_kind, p_body, p_key);
  PERFORM loyalty.case_mail(v_old, v_new.articles, p_kind, p_body);
  IF p_kind = 'to_member' THEN v_new.first_answer_at := coalesce(v_old.first_answer_at, now()); END IF;
  IF p_kind = 'from_member' AND v_old.state = 'waiting_member' THEN v_new.state := 'open'; END IF;
  RETURN loyalty.case_change(v_old, v_new, CASE p_kind WHEN 'internal' THEN 'noted' WHEN 'to_member' THEN 'answered' ELSE 'heard' END, '', '');
END $$;

CREATE FUNCTION loyalty.case_set_state(p_member_id bigint, p_case_no int, p_version int, p_state text) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_old loyalty.member_case := loyalty.case_lock(p_member_id, p_case_no); v_new loyalty.member_case := v_old;
BEGIN
  IF p_state NOT IN ('open', 'waiting_member') THEN
    RAISE EXCEPTION 'a case cannot be set to "%" by hand', p_state USING ERRCODE = 'LY002';
  END IF;
  IF v_old.state = p_state THEN RETURN v_old.version; END IF;
  PERFORM loyalty.case_unchanged(v_old, p_version);
  v_new.state := p_state;
  v_new.resolved_at := NULL; v_new.resolved_by := NULL; v_new.cause := NULL; v_new.outcome := NULL;
  RETURN loyalty.case_change(v_old, v_new, CASE WHEN loyalty.case_works(v_old.state) THEN 'state' ELSE 'reopened' END, v_old.state, p_state);
END $$;

CREATE FUNCTION loyalty.case_resolve(p_member_id bigint, p_case_no int, p_version int, p_cause text, p_outcome text) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_old loyalty.member_case := loyalty.case_lock(p_member_id, p_case_no); v_new loyalty.member_case := v_old;
BEGIN
  IF (v_old.state, v_old.resolved_by, v_old.cause, v_old.outcome) = ('resolved', session_user, p_cause, p_outcome) THEN
    RETURN v_old.version;
  END IF;
  PERFORM loyalty.case_unchanged(v_old, p_version);
  IF NOT loyalty.case_works(v_old.state) THEN
    RAISE EXCEPTION 'this case is already %', v_old.state USING ERRCODE = 'LY021';
  END IF;
  IF coalesce(btrim(p_cause), '') = '' OR coalesce(p_outcome, '') NOT IN ('kept', 'lost', 'not_at_risk') THEN
    RAISE EXCEPTION 'a case is resolved with its cause and its outcome' USING ERRCODE = 'LY002',
      HINT = 'outcome is one of kept, lost, not_at_risk';
  END IF;
  v_new.state := 'resolved'; v_new.cause := p_cause; v_new.outcome := p_outcome;
  v_new.owner := coalesce(v_old.owner, session_user); v_new.resolved_at := now(); v_new.resolved_by := session_user;
  RETURN loyalty.case_change(v_old, v_new, 'resolved', v_old.state, p_outcome || ': ' || p_cause);
END $$;
