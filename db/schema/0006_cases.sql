-- Cases: what members ask, who works on it, what was said and how it ended.

-- Who works on what. Of a group that hands out, each new case goes to the one of its people whose turn it is; late cases are told to its lead. One that is
-- switched off gets no case any more and keeps those it has.
CREATE TABLE loyalty.case_group (
  group_code text NOT NULL, name text NOT NULL, lead name, hands_out boolean NOT NULL DEFAULT false, calendar text NOT NULL DEFAULT 'always',
  is_off boolean NOT NULL DEFAULT false,
  CONSTRAINT case_group_pk PRIMARY KEY (group_code),
  CONSTRAINT case_group_code_ck CHECK (group_code ~ '^[a-z][a-z0-9_-]{0,30}$'));
SELECT dist.reference('loyalty.case_group');
INSERT INTO loyalty.case_group (group_code, name) VALUES ('desk', 'Desk');
CREATE TABLE loyalty.case_group_member (
  group_code text NOT NULL, login name NOT NULL, turn bigint NOT NULL DEFAULT 0,     -- the lowest is next
  CONSTRAINT case_group_member_pk PRIMARY KEY (group_code, login));
SELECT dist.reference('loyalty.case_group_member');
ALTER TABLE loyalty.case_group_member ADD CONSTRAINT case_group_member_group_fk FOREIGN KEY (group_code) REFERENCES loyalty.case_group;
CREATE SEQUENCE loyalty.case_turn_seq AS bigint;

CREATE TABLE loyalty.member_case (
  member_id bigint NOT NULL, case_no int NOT NULL,             -- people say MEMBER/NO
  title text NOT NULL, state text NOT NULL DEFAULT 'new', priority smallint NOT NULL DEFAULT 2,
  is_working boolean GENERATED ALWAYS AS (state IN ('new', 'open', 'waiting_member', 'waiting_us')) STORED,
  group_code text NOT NULL DEFAULT 'desk', owner name, tags text[] NOT NULL DEFAULT '{}', channel text NOT NULL DEFAULT 'phone',
  opened_by name NOT NULL DEFAULT session_user, opened_at timestamptz NOT NULL DEFAULT now(),
  -- What is promised, each by its own clock; due_at is the next of those that run, infinity when none does.
  due_at timestamptz NOT NULL, answer_due_at timestamptz NOT NULL, update_due_at timestamptz, solution_due_at timestamptz NOT NULL,
  paused_at timestamptz,                 -- since when the clocks of update and solution stand still
  warn_at timestamptz NOT NULL DEFAULT 'infinity',             -- when whoever has it is to be warned; infinity: has been
  is_late boolean NOT NULL DEFAULT false,                      -- a promise was broken and told of
  late_updates int NOT NULL DEFAULT 0,
  wait_until timestamptz,                -- of waiting_us: comes back by itself
  first_answer_at timestamptz, resolved_at timestamptz, resolved_by name,
  cause text, outcome text,              -- set when resolved
  merged_into int,                       -- another case of the member: what was said here stands there
  answers int NOT NULL DEFAULT 0, reopens int NOT NULL DEFAULT 0, articles int NOT NULL DEFAULT 0, events int NOT NULL DEFAULT 0,
  version int NOT NULL DEFAULT 1, changed_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT member_case_pk PRIMARY KEY (member_id, case_no),
  CONSTRAINT member_case_title_ck CHECK (length(title) BETWEEN 1 AND 200),
  CONSTRAINT member_case_state_ck CHECK (state IN ('new', 'open', 'waiting_member', 'waiting_us', 'resolved', 'closed', 'merged')),
  CONSTRAINT member_case_priority_ck CHECK (priority BETWEEN 1 AND 3),
  CONSTRAINT member_case_outcome_ck CHECK (outcome IN ('kept', 'lost', 'not_at_risk')),
  CONSTRAINT member_case_wait_ck CHECK ((state = 'waiting_us') = (wait_until IS NOT NULL)),
  CONSTRAINT member_case_merged_ck CHECK ((state = 'merged') = (merged_into IS NOT NULL)),
  CONSTRAINT member_case_resolved_ck CHECK (state NOT IN ('resolved', 'closed') OR (cause IS NOT NULL AND outcome IS NOT NULL)));
SELECT dist.distribute('loyalty.member_case', 'member_id', 'loyalty.member');
ALTER TABLE loyalty.member_case ADD CONSTRAINT member_case_member_fk FOREIGN KEY (member_id) REFERENCES loyalty.member;
ALTER TABLE loyalty.member_case ADD CONSTRAINT member_case_group_fk FOREIGN KEY (group_code) REFERENCES loyalty.case_group;
-- A queue is read along an index in its order. Working cases by what is promised next: all, an owner's, nobody's, a group's, late ones; the others by when
-- they last changed. What a filter leaves next to nothing of is read stretch by stretch: each group, state, priority and lateness is one (see case_page).
CREATE INDEX member_case_working ON loyalty.member_case (due_at, member_id, case_no) WHERE is_working;
CREATE INDEX member_case_owned ON loyalty.member_case (owner, due_at, member_id, case_no) WHERE is_working;
CREATE INDEX member_case_unassigned ON loyalty.member_case (due_at, member_id, case_no) WHERE owner IS NULL AND is_working;
CREATE INDEX member_case_group ON loyalty.member_case (group_code, due_at, member_id, case_no) WHERE is_working;
CREATE INDEX member_case_late ON loyalty.member_case (due_at, member_id, case_no) WHERE is_late AND is_working;
CREATE INDEX member_case_stretch ON loyalty.member_case (group_code, state, priority, is_late, due_at, member_id, case_no) WHERE is_working;
CREATE INDEX member_case_free_stretch ON loyalty.member_case (group_code, state, priority, is_late, due_at, member_id, case_no)
  WHERE owner IS NULL AND is_working;
CREATE INDEX member_case_ended ON loyalty.member_case (changed_at, member_id, case_no) WHERE NOT is_working;
CREATE INDEX member_case_ended_owned ON loyalty.member_case (owner, changed_at, member_id, case_no) WHERE NOT is_working;
CREATE INDEX member_case_ended_stretch ON loyalty.member_case (group_code, state, priority, changed_at, member_id, case_no) WHERE NOT is_working;
-- For the worker: what comes back, is to be warned of, has become late, can be closed.
CREATE INDEX member_case_wakes ON loyalty.member_case (wait_until) WHERE state = 'waiting_us';
CREATE INDEX member_case_warns ON loyalty.member_case (warn_at) WHERE is_working AND warn_at < 'infinity';
CREATE INDEX member_case_breaks ON loyalty.member_case (due_at) WHERE is_working AND NOT is_late;
CREATE INDEX member_case_closes ON loyalty.member_case (resolved_at) WHERE state = 'resolved';

-- The tags of a case once more, each in the order of the queue it makes: at is due_at of a working case, changed_at of another.
CREATE TABLE loyalty.case_tag (
  member_id bigint NOT NULL, case_no int NOT NULL, tag text NOT NULL, is_working boolean NOT NULL, at timestamptz NOT NULL,
  CONSTRAINT case_tag_pk PRIMARY KEY (member_id, case_no, tag));
SELECT dist.distribute('loyalty.case_tag', 'member_id', 'loyalty.member');
ALTER TABLE loyalty.case_tag ADD CONSTRAINT case_tag_case_fk FOREIGN KEY (member_id, case_no) REFERENCES loyalty.member_case (member_id, case_no);
CREATE INDEX case_tag_queue ON loyalty.case_tag (tag, is_working, at, member_id, case_no);
CREATE FUNCTION loyalty.case_tagged(p_case loyalty.member_case, p_changed_at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_is_working boolean := p_case.state IN ('new', 'open', 'waiting_member', 'waiting_us');
BEGIN
  DELETE FROM loyalty.case_tag g WHERE g.member_id = p_case.member_id AND g.case_no = p_case.case_no AND g.tag <> ALL (p_case.tags);
  INSERT INTO loyalty.case_tag AS g (member_id, case_no, tag, is_working, at)
  SELECT p_case.member_id, p_case.case_no, t, v_is_working, CASE WHEN v_is_working THEN p_case.due_at ELSE p_changed_at END FROM unnest(p_case.tags) t
  ON CONFLICT (member_id, case_no, tag) DO UPDATE SET is_working = excluded.is_working, at = excluded.at WHERE (g.is_working, g.at) <> (excluded.is_working, excluded.at);
END $$;

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

-- How many cases there are of each kind, so that a queue's counter is a look-up and not a count. Every case stands under its owner ('' is nobody)
-- and under '*', under no tag ('') and under each of its own, under its group and under '*', under its priority and under 0: whatever a filter names, at
-- most fourteen rows have its number. Whoever changes a case adds rows of change, which nobody else waits for; now and then one of them folds those
-- that have been committed into case_count. case_tally is both together.
CREATE TABLE loyalty.case_count (
  owner name NOT NULL, tag text NOT NULL, group_code text NOT NULL, priority smallint NOT NULL, state text NOT NULL, is_late boolean NOT NULL,
  cases bigint NOT NULL,
  CONSTRAINT case_count_pk PRIMARY KEY (owner, tag, group_code, priority, state, is_late)) WITH (fillfactor = 80);
SELECT dist.reference('loyalty.case_count');
CREATE SEQUENCE loyalty.case_count_change_seq AS bigint;
CREATE TABLE loyalty.case_count_change (
  change_no bigint NOT NULL DEFAULT nextval('loyalty.case_count_change_seq'),
  owner name NOT NULL, tag text NOT NULL, group_code text NOT NULL, priority smallint NOT NULL, state text NOT NULL, is_late boolean NOT NULL,
  cases bigint NOT NULL,
  CONSTRAINT case_count_change_pk PRIMARY KEY (owner, tag, group_code, priority, change_no))
  WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
SELECT dist.reference('loyalty.case_count_change');
CREATE VIEW loyalty.case_tally AS
  SELECT c.owner, c.tag, c.group_code, c.priority, c.state, c.is_late, c.cases FROM loyalty.case_count c
  UNION ALL SELECT x.owner, x.tag, x.group_code, x.priority, x.state, x.is_late, x.cases FROM loyalty.case_count_change x;

-- Two who fold wait for nobody: the second leaves it to the first.
CREATE FUNCTION loyalty.case_count_fold() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT pg_try_advisory_xact_lock(29, 0) THEN RETURN; END IF;
  WITH gone AS (DELETE FROM loyalty.case_count_change x RETURNING x.*)
  INSERT INTO loyalty.case_count AS c (owner, tag, group_code, priority, state, is_late, cases)
  SELECT g.owner, g.tag, g.group_code, g.priority, g.state, g.is_late, sum(g.cases) FROM gone g GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(g.cases) <> 0
  ON CONFLICT (owner, tag, group_code, priority, state, is_late) DO UPDATE SET cases = c.cases + excluded.cases;
  DELETE FROM loyalty.case_count c WHERE c.cases = 0;
END $$;

CREATE FUNCTION loyalty.case_cells(p_case loyalty.member_case, p_change int) RETURNS TABLE (owner name, tag text, group_code text, priority smallint,
  state text, is_late boolean, cases bigint) LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT o, t, g, p, p_case.state, p_case.is_late, p_change FROM unnest(ARRAY['*', coalesce(p_case.owner, '')]) o, unnest(array_prepend('', p_case.tags)) t,
         unnest(ARRAY['*', p_case.group_code]) g, unnest(ARRAY[0::smallint, p_case.priority]) p WHERE p_case.member_id IS NOT NULL $$;

-- p_old NULL: a new case. Every 1024th row of change is the one that folds.
CREATE FUNCTION loyalty.case_counted(p_old loyalty.member_case, p_new loyalty.member_case) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_last bigint; v_rows bigint;
BEGIN
  WITH added AS (
    INSERT INTO loyalty.case_count_change (owner, tag, group_code, priority, state, is_late, cases)
    SELECT x.owner, x.tag, x.group_code, x.priority, x.state, x.is_late, sum(x.cases)
      FROM (SELECT * FROM loyalty.case_cells(p_old, -1) UNION ALL SELECT * FROM loyalty.case_cells(p_new, 1)) x
     GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(x.cases) <> 0 RETURNING change_no)
  SELECT max(a.change_no), count(*) INTO v_last, v_rows FROM added a;
  IF v_rows > 0 AND v_last / 1024 <> (v_last - v_rows) / 1024 THEN
    PERFORM loyalty.case_count_fold();
  END IF;
END $$;

-- Counters and queues of tags anew from the cases, after rows were loaded past the functions; nobody changes a case meanwhile.
CREATE FUNCTION loyalty.case_recount() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  LOCK TABLE loyalty.member_case IN SHARE MODE;
  DELETE FROM loyalty.case_count_change;
  DELETE FROM loyalty.case_count;
  DELETE FROM loyalty.case_tag;
  INSERT INTO loyalty.case_count (owner, tag, group_code, priority, state, is_late, cases)
  SELECT o, t, g, p, c.state, c.is_late, count(*) FROM loyalty.member_case c, unnest(ARRAY['*', coalesce(c.owner, '')]) o, unnest(array_prepend('', c.tags)) t,
         unnest(ARRAY['*', c.group_code]) g, unnest(ARRAY[0::smallint, c.priority]) p GROUP BY 1, 2, 3, 4, 5, 6;
  INSERT INTO loyalty.case_tag (member_id, case_no, tag, is_working, at)
  SELECT c.member_id, c.case_no, t, c.is_working, CASE WHEN c.is_working THEN c.due_at ELSE c.changed_at END FROM loyalty.member_case c, unnest(c.tags) t;
END $$;
-- What the counters, or the queues of tags, say otherwise than the cases themselves.
CREATE FUNCTION loyalty.case_broken() RETURNS TABLE (member_id bigint, invariant text, detail text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT 0::bigint, 'a queue counts the cases there are', format('owner %s, tag "%s", group %s, priority %s, %s%s: %s counted, %s there', x.owner, x.tag,
           x.group_code, x.priority, x.state, CASE WHEN x.is_late THEN ', late' ELSE '' END, sum(x.counted), sum(x.there))
    FROM (SELECT t.owner, t.tag, t.group_code, t.priority, t.state, t.is_late, t.cases AS counted, 0 AS there FROM loyalty.case_tally t
          UNION ALL
          SELECT o, t, g, p, c.state, c.is_late, 0, count(*) FROM loyalty.member_case c, unnest(ARRAY['*', coalesce(c.owner, '')]) o,
                 unnest(array_prepend('', c.tags)) t, unnest(ARRAY['*', c.group_code]) g, unnest(ARRAY[0::smallint, c.priority]) p GROUP BY 1, 2, 3, 4, 5, 6) x
   GROUP BY x.owner, x.tag, x.group_code, x.priority, x.state, x.is_late HAVING sum(x.counted) <> sum(x.there)
  UNION ALL
  SELECT coalesce(c.member_id, g.member_id), 'a tagged case stands in the queue of its tag', format('case %s, tag "%s"', coalesce(c.case_no, g.case_no), coalesce(c.tag, g.tag))
    FROM (SELECT k.member_id, k.case_no, t AS tag, k.is_working, CASE WHEN k.is_working THEN k.due_at ELSE k.changed_at END AS at
            FROM loyalty.member_case k, unnest(k.tags) t) c
    FULL JOIN loyalty.case_tag g ON g.member_id = c.member_id AND g.case_no = c.case_no AND g.tag = c.tag
   WHERE (g.is_working, g.at) IS DISTINCT FROM (c.is_working, c.at) $$;

-- Staff who work on cases, or an error. A web page may only through the functions of surveys, whose rules open cases by themselves.
CREATE FUNCTION loyalty.case_worker() RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF loyalty.caller_role() NOT IN ('support', 'manager', 'admin', 'web') THEN
    RAISE EXCEPTION 'your role does not work on cases' USING ERRCODE = 'LY001';
  END IF;
END $$;

-- The clocks as the change leaves them. While somebody else is waited for, those of update and solution stand still and then go on with what was
-- left of them; the first answer is owed whatever else is waited for.
CREATE FUNCTION loyalty.case_clocked(p_old loyalty.member_case, p_new loyalty.member_case) RETURNS loyalty.member_case
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_waits boolean := p_new.state IN ('waiting_member', 'waiting_us'); v_due timestamptz;
BEGIN
  IF v_waits AND p_old.paused_at IS NULL THEN
    p_new.paused_at := now();
  ELSIF NOT v_waits AND p_old.paused_at IS NOT NULL THEN
    p_new.update_due_at := loyalty.calendar_resumed(p_new.group_code, p_old.paused_at, p_new.update_due_at);
    p_new.solution_due_at := loyalty.calendar_resumed(p_new.group_code, p_old.paused_at, p_new.solution_due_at);
    p_new.paused_at := NULL;
  END IF;
  IF (p_old.priority, p_old.group_code) IS DISTINCT FROM (p_new.priority, p_new.group_code) THEN
    p_new.answer_due_at := loyalty.sla_due(p_new.group_code, p_new.priority, 'answer', p_new.opened_at);
    p_new.solution_due_at := loyalty.sla_due(p_new.group_code, p_new.priority, 'solution', p_new.opened_at);
  END IF;
  v_due := coalesce(least(CASE WHEN p_new.first_answer_at IS NULL THEN p_new.answer_due_at END, p_new.wait_until,
    CASE WHEN NOT v_waits THEN p_new.update_due_at END, CASE WHEN NOT v_waits THEN p_new.solution_due_at END), 'infinity');
  IF v_due <> p_old.due_at THEN
    p_new.due_at := v_due;
    p_new.warn_at := loyalty.sla_warning(p_new.group_code, p_new.priority, v_due);
    p_new.is_late := v_due < now();
  END IF;
  p_new.is_late := p_new.is_late AND p_new.state IN ('new', 'open', 'waiting_member', 'waiting_us');
  RETURN p_new;
END $$;

-- Adds a line to the case's history, moves version and change time, tells open screens and whom it concerns. Clocks and counters follow.
-- p_by: who did it; a worker does what somebody asked for before.
CREATE FUNCTION loyalty.case_change(p_old loyalty.member_case, p_new loyalty.member_case, p_action text, p_was text, p_is text,
  p_by name DEFAULT session_user) RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_new loyalty.member_case := loyalty.case_clocked(p_old, p_new);
BEGIN
  UPDATE loyalty.member_case c SET state = v_new.state, owner = v_new.owner, priority = v_new.priority, title = v_new.title, group_code = v_new.group_code,
         tags = v_new.tags, due_at = v_new.due_at, answer_due_at = v_new.answer_due_at, update_due_at = v_new.update_due_at,
         solution_due_at = v_new.solution_due_at, paused_at = v_new.paused_at, warn_at = v_new.warn_at, is_late = v_new.is_late,
         late_updates = v_new.late_updates, wait_until = v_new.wait_until, first_answer_at = v_new.first_answer_at, resolved_at = v_new.resolved_at,
         resolved_by = v_new.resolved_by, cause = v_new.cause, outcome = v_new.outcome, merged_into = v_new.merged_into, answers = v_new.answers,
         reopens = v_new.reopens, articles = v_new.articles, events = p_old.events + 1, version = p_old.version + 1, changed_at = now()
   WHERE c.member_id = p_old.member_id AND c.case_no = p_old.case_no;
  INSERT INTO loyalty.case_event (member_id, case_no, event_no, login, action, old_value, new_value)
  VALUES (p_old.member_id, p_old.case_no, p_old.events + 1, p_by, p_action, coalesce(p_was, ''), coalesce(p_is, ''));
  IF (p_old.owner, p_old.state, p_old.group_code, p_old.priority, p_old.is_late, p_old.tags)
     IS DISTINCT FROM (v_new.owner, v_new.state, v_new.group_code, v_new.priority, v_new.is_late, v_new.tags) THEN
    PERFORM loyalty.case_counted(p_old, v_new);
  END IF;
  IF p_old.tags <> '{}' OR v_new.tags <> '{}' THEN PERFORM loyalty.case_tagged(v_new, now()); END IF;
  PERFORM loyalty.case_told(p_old, v_new, p_action, p_by);
  IF (p_old.resolved_at, p_old.outcome) IS DISTINCT FROM (v_new.resolved_at, v_new.outcome) THEN
    PERFORM loyalty.insight_case_count(p_old, -1), loyalty.insight_case_count(v_new, 1);
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

CREATE FUNCTION loyalty.case_is_staff(p_login name) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT FROM loyalty.staff s WHERE s.login = p_login AND s.active AND s.role IN ('support', 'manager', 'admin')) $$;

-- Opens a case with its first article, in p_group ('desk' where NULL). Sent twice with one key it opens once. Returns its number.
CREATE FUNCTION loyalty.case_open(p_member_id bigint, p_key uuid, p_title text, p_channel text, p_priority int, p_kind text, p_body text,
  p_group text DEFAULT NULL, p_tags text[] DEFAULT '{}') RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_no int; v_group text := coalesce(p_group, 'desk'); v_case loyalty.member_case;
BEGIN
  PERFORM loyalty.case_worker();
  PERFORM FROM loyalty.standing s WHERE s.member_id = p_member_id FOR NO KEY UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'there is no such member' USING ERRCODE = 'LY004'; END IF;
  SELECT a.case_no INTO v_no FROM loyalty.case_article a WHERE a.member_id = p_member_id AND a.key = p_key;
  IF FOUND THEN RETURN v_no; END IF;
  PERFORM loyalty.case_group_known(v_group);
  SELECT coalesce(max(c.case_no), 0) + 1 INTO v_no FROM loyalty.member_case c WHERE c.member_id = p_member_id;
  v_case.answer_due_at := loyalty.sla_due(v_group, p_priority, 'answer', now());
  v_case.owner := loyalty.case_turn(v_group);
  INSERT INTO loyalty.member_case (member_id, case_no, title, channel, priority, group_code, tags, owner, due_at, answer_due_at, solution_due_at, warn_at,
    articles, events)
  VALUES (p_member_id, v_no, p_title, p_channel, p_priority, v_group, loyalty.case_tags_clean(p_tags), v_case.owner, v_case.answer_due_at,
    v_case.answer_due_at, loyalty.sla_due(v_group, p_priority, 'solution', now()), loyalty.sla_warning(v_group, p_priority, v_case.answer_due_at), 1, 1)
  RETURNING * INTO v_case;
  INSERT INTO loyalty.case_article (member_id, case_no, article_no, kind, body, key) VALUES (p_member_id, v_no, 1, p_kind, p_body, p_key);
  INSERT INTO loyalty.case_event (member_id, case_no, event_no, action, new_value) VALUES (p_member_id, v_no, 1, 'opened', p_channel);
  PERFORM loyalty.case_mail(v_case, 1, p_kind, p_body);
  PERFORM loyalty.case_counted(NULL, v_case);
  PERFORM loyalty.case_tagged(v_case, v_case.changed_at) WHERE v_case.tags <> '{}';
  PERFORM loyalty.case_told(NULL, v_case, 'assigned', session_user) WHERE v_case.owner IS NOT NULL;
  PERFORM pg_notify('loyalty_case', p_member_id || '/' || v_no);
  RETURN v_no;
END $$;

-- One thing done to a case that is locked: the word, its value, for 'resolve' the outcome too. All ways lead here, those of one person with one case,
-- of macros and of jobs over many. Returns the new version; the old one where it was so already.
CREATE FUNCTION loyalty.case_do(p_old loyalty.member_case, p_version int, p_word text, p_value text, p_also text, p_by name) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_new loyalty.member_case := p_old; v_action text := p_word; v_was text; v_is text := p_value;
BEGIN
  IF p_word IN ('assign', 'resolve', 'wait', 'waiting_member') AND NOT p_old.is_working
     AND (p_old.state, p_old.resolved_by, p_old.cause, p_old.outcome) IS DISTINCT FROM ('resolved', p_by, p_value, p_also) THEN
    RAISE EXCEPTION 'this case is %', p_old.state USING ERRCODE = 'LY021', HINT = 'reopen it first';
  ELSIF p_old.state = 'merged' THEN
    RAISE EXCEPTION 'this case was merged into case %', p_old.merged_into USING ERRCODE = 'LY021', HINT = 'work on that one, or take it out again';
  END IF;
  CASE p_word
  WHEN 'assign' THEN
    v_new.owner := nullif(nullif(p_value, ''), 'none');
    IF v_new.owner IS NOT NULL AND NOT loyalty.case_is_staff(v_new.owner) THEN
      RAISE EXCEPTION '% is not active support staff', p_value USING ERRCODE = 'LY004';
    END IF;
    v_new.owner := loyalty.staff_standing_in(v_new.owner);
    IF v_new.state = 'new' AND v_new.owner IS NOT NULL THEN v_new.state := 'open'; END IF;
    v_action := 'assigned'; v_was := p_old.owner; v_is := v_new.owner;
  WHEN 'priority' THEN
    v_new.priority := loyalty.case_priority(p_value); v_was := (ARRAY['high', 'normal', 'low'])[p_old.priority];
  WHEN 'title' THEN v_new.title := p_value; v_was := p_old.title;
  WHEN 'group' THEN
    PERFORM loyalty.case_group_known(p_value);
    v_new.group_code := p_value; v_was := p_old.group_code;
  WHEN 'tag' THEN v_new.tags := loyalty.case_tags_clean(p_old.tags || string_to_array(lower(p_value), ',')); v_action := 'tagged';
  WHEN 'untag' THEN v_new.tags := array_remove(p_old.tags, lower(p_value)); v_action := 'untagged';
  WHEN 'tags' THEN v_new.tags := loyalty.case_tags_clean(string_to_array(lower(p_value), ',')); v_was := array_to_string(p_old.tags, ', ');
  WHEN 'open', 'waiting_member' THEN
    v_new.state := p_word; v_new.wait_until := NULL;
    v_new.resolved_at := NULL; v_new.resolved_by := NULL; v_new.cause := NULL; v_new.outcome := NULL;
    v_action := CASE WHEN p_old.is_working THEN 'state' ELSE 'reopened' END; v_was := p_old.state; v_is := p_word;
    IF NOT p_old.is_working THEN v_new.reopens := p_old.reopens + 1; END IF;
  WHEN 'wait' THEN
    v_new.state := 'waiting_us'; v_new.wait_until := p_value::timestamptz; v_action := 'state'; v_was := p_old.state;
    IF v_new.wait_until <= now() OR NOT isfinite(v_new.wait_until) THEN
      RAISE EXCEPTION 'a case waits until a time that is to come' USING ERRCODE = 'LY002';
    END IF;
    v_is := 'waiting until ' || to_char(v_new.wait_until AT TIME ZONE (SELECT p.timezone FROM loyalty.programme p), 'YYYY-MM-DD HH24:MI');
  WHEN 'resolve' THEN
    IF coalesce(btrim(p_value), '') = '' OR coalesce(p_also, '') NOT IN ('kept', 'lost', 'not_at_risk') THEN
      RAISE EXCEPTION 'a case is resolved with its cause and its outcome' USING ERRCODE = 'LY002', HINT = 'outcome is one of kept, lost, not_at_risk';
    END IF;
    v_new.state := 'resolved'; v_new.wait_until := NULL; v_new.cause := p_value; v_new.outcome := p_also;
    v_new.owner := coalesce(p_old.owner, p_by); v_new.resolved_at := coalesce(p_old.resolved_at, now()); v_new.resolved_by := p_by;
    v_action := 'resolved'; v_was := p_old.state; v_is := p_also || ': ' || p_value;
  WHEN 'close' THEN
    IF p_old.state NOT IN ('resolved', 'closed') THEN
      RAISE EXCEPTION 'this case is not resolved' USING ERRCODE = 'LY021', HINT = 'resolve it with its cause and outcome';
    END IF;
    v_new.state := 'closed'; v_action := 'closed'; v_was := p_old.state; v_is := 'closed';
  ELSE
    RAISE EXCEPTION 'nothing is called "%"', p_word USING ERRCODE = 'LY002',
      HINT = 'assign, priority, group, tag, untag, tags, title, open, waiting_member, wait, resolve or close';
  END CASE;
  IF v_new IS NOT DISTINCT FROM p_old THEN RETURN p_old.version; END IF;
  PERFORM loyalty.case_unchanged(p_old, p_version);
  IF v_action = 'reopened' THEN PERFORM loyalty.case_resolution_end(p_old); END IF;
  IF v_action = 'resolved' THEN PERFORM loyalty.case_resolution_add(p_old, v_new), loyalty.case_survey_plan(v_new); END IF;
  RETURN loyalty.case_change(p_old, v_new, v_action, v_was, v_is, p_by);
END $$;

-- What one person does to one case; p_version as seen (NULL: any).
CREATE FUNCTION loyalty.case_set(p_member_id bigint, p_case_no int, p_version int, p_word text, p_value text, p_also text DEFAULT NULL) RETURNS int
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT loyalty.case_do(loyalty.case_lock(p_member_id, p_case_no), p_version, p_word, p_value, p_also, session_user) $$;

-- Gives the case to p_owner (NULL: to nobody). Taking is assigning to oneself. Returns the new version.
CREATE FUNCTION loyalty.case_assign(p_member_id bigint, p_case_no int, p_version int, p_owner name) RETURNS int
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT loyalty.case_set(p_member_id, p_case_no, p_version, 'assign', p_owner) $$;

-- The next case by promise for whoever asks, of their groups if they are in any, taken at once; no row when nothing waits. Two at once get two cases.
CREATE FUNCTION loyalty.case_take_next(OUT member_id bigint, OUT case_no int) RETURNS SETOF record
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE r record; v_case loyalty.member_case; v_groups text[];
BEGIN
  PERFORM loyalty.case_worker();
  SELECT array_agg(g.group_code) INTO v_groups FROM loyalty.case_group_member g WHERE g.login = session_user;
  FOR r IN SELECT c.member_id, c.case_no FROM loyalty.member_case c
            WHERE c.owner IS NULL AND c.is_working AND c.paused_at IS NULL AND (v_groups IS NULL OR c.group_code = ANY (v_groups))
            ORDER BY c.due_at, c.member_id, c.case_no LIMIT 1000 LOOP
    SELECT * INTO v_case FROM loyalty.member_case c WHERE c.member_id = r.member_id AND c.case_no = r.case_no
       AND c.owner IS NULL AND c.is_working FOR UPDATE SKIP LOCKED;
    CONTINUE WHEN NOT FOUND;
    PERFORM loyalty.case_do(v_case, NULL, 'assign', session_user, NULL, session_user);
    member_id := r.member_id; case_no := r.case_no;
    RETURN NEXT;
    RETURN;
  END LOOP;
END $$;

-- Adds an article; sent twice with one key it stands once. An answer to the member stops the first clock and starts that of the next update; what the
-- member says opens a case that waited for it or had ended. What is said to a case that was merged stands in the one it became.
CREATE FUNCTION loyalty.case_write(p_member_id bigint, p_case_no int, p_key uuid, p_kind text, p_body text) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_old loyalty.member_case; v_new loyalty.member_case;
        v_into int := (SELECT c.merged_into FROM loyalty.member_case c WHERE c.member_id = p_member_id AND c.case_no = p_case_no);
BEGIN
  IF v_into IS NOT NULL THEN RETURN loyalty.case_write(p_member_id, v_into, p_key, p_kind, p_body); END IF;    -- without a lock on this one: merges lock in order
  v_old := loyalty.case_lock(p_member_id, p_case_no);
  IF EXISTS (SELECT FROM loyalty.case_article a WHERE a.member_id = p_member_id AND a.key = p_key) THEN
    RETURN v_old.version;                                      -- here, or in a case that this one has been merged into or taken out of since
  ELSIF v_old.merged_into IS NOT NULL THEN
    RETURN loyalty.case_write(p_member_id, v_old.merged_into, p_key, p_kind, p_body);
  ELSIF v_old.state = 'closed' AND p_kind = 'to_member' THEN
    RAISE EXCEPTION 'this case is closed' USING ERRCODE = 'LY021', HINT = 'open it again, or open a new one';
  END IF;
  v_new := v_old;
  v_new.articles := v_old.articles + 1;
  INSERT INTO loyalty.case_article (member_id, case_no, article_no, kind, body, key)
  VALUES (p_member_id, p_case_no, v_new.articles, p_kind, p_body, p_key);
  PERFORM loyalty.case_mail(v_old, v_new.articles, p_kind, p_body);
  DELETE FROM loyalty.case_draft d WHERE d.member_id = p_member_id AND d.case_no = p_case_no AND d.login = session_user;
  IF p_kind = 'to_member' THEN
    v_new.answers := v_old.answers + 1;
    v_new.first_answer_at := coalesce(v_old.first_answer_at, now());
    IF v_old.update_due_at < now() AND v_old.paused_at IS NULL THEN v_new.late_updates := v_old.late_updates + 1; END IF;
    v_new.update_due_at := loyalty.sla_due(v_old.group_code, v_old.priority, 'update', now());
  ELSIF p_kind = 'from_member' AND v_old.state IN ('waiting_member', 'resolved', 'closed') THEN
    v_new.state := 'open'; v_new.resolved_at := NULL; v_new.resolved_by := NULL; v_new.cause := NULL; v_new.outcome := NULL;
    IF NOT v_old.is_working THEN
      v_new.reopens := v_old.reopens + 1;
      PERFORM loyalty.case_resolution_end(v_old);
    END IF;
  ELSIF p_kind = 'internal' THEN
    PERFORM loyalty.case_mentioned(v_old, p_body);
  END IF;
  RETURN loyalty.case_change(v_old, v_new, CASE p_kind WHEN 'internal' THEN 'noted' WHEN 'to_member' THEN 'answered' ELSE 'heard' END, '', '');
END $$;

CREATE FUNCTION loyalty.case_set_state(p_member_id bigint, p_case_no int, p_version int, p_state text) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF p_state NOT IN ('open', 'waiting_member') THEN
    RAISE EXCEPTION 'a case cannot be set to "%" by hand', p_state USING ERRCODE = 'LY002';
  END IF;
  RETURN loyalty.case_set(p_member_id, p_case_no, p_version, p_state, NULL);
END $$;

CREATE FUNCTION loyalty.case_resolve(p_member_id bigint, p_case_no int, p_version int, p_cause text, p_outcome text) RETURNS int
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT loyalty.case_set(p_member_id, p_case_no, p_version, 'resolve', p_cause, p_outcome) $$;
