-- The desk: what is promised and by which clock, queues, groups and who stands in, what people are told of, drafts.

-- Working hours, as the promises count them: a day's hours, if it is no holiday, by the calendar's own time zone ('': the programme's). A calendar
-- without any hours is open round the clock.
CREATE TABLE loyalty.calendar (
  calendar text NOT NULL, timezone text NOT NULL DEFAULT '',
  CONSTRAINT calendar_pk PRIMARY KEY (calendar),
  CONSTRAINT calendar_name_ck CHECK (calendar ~ '^[a-z][a-z0-9_-]{0,30}$'));
SELECT dist.reference('loyalty.calendar');
INSERT INTO loyalty.calendar (calendar) VALUES ('always');
CREATE TABLE loyalty.calendar_hours (
  calendar text NOT NULL, weekday smallint NOT NULL, opens time NOT NULL, closes time NOT NULL,   -- weekday: 1 is Monday
  CONSTRAINT calendar_hours_pk PRIMARY KEY (calendar, weekday, opens),
  CONSTRAINT calendar_hours_ck CHECK (weekday BETWEEN 1 AND 7 AND opens < closes));
SELECT dist.reference('loyalty.calendar_hours');
ALTER TABLE loyalty.calendar_hours ADD CONSTRAINT calendar_hours_calendar_fk FOREIGN KEY (calendar) REFERENCES loyalty.calendar;
CREATE TABLE loyalty.calendar_holiday (
  calendar text NOT NULL, day date NOT NULL, name text NOT NULL,
  CONSTRAINT calendar_holiday_pk PRIMARY KEY (calendar, day));
SELECT dist.reference('loyalty.calendar_holiday');
ALTER TABLE loyalty.calendar_holiday ADD CONSTRAINT calendar_holiday_calendar_fk FOREIGN KEY (calendar) REFERENCES loyalty.calendar;
ALTER TABLE loyalty.case_group ADD CONSTRAINT case_group_calendar_fk FOREIGN KEY (calendar) REFERENCES loyalty.calendar;

-- What is promised, in minutes of the group's calendar: the first answer and the solution from when the case was opened, each further answer from the
-- one before. warn_minutes: so long before a promise ends, whoever has the case is warned. group_code '': of groups without a row of their own.
CREATE TABLE loyalty.case_sla (
  group_code text NOT NULL, priority smallint NOT NULL, answer_minutes int NOT NULL, update_minutes int NOT NULL, solution_minutes int NOT NULL,
  warn_minutes int NOT NULL,
  CONSTRAINT case_sla_pk PRIMARY KEY (group_code, priority),
  CONSTRAINT case_sla_ck CHECK (answer_minutes > 0 AND update_minutes > 0 AND solution_minutes > 0 AND warn_minutes >= 0));
SELECT dist.reference('loyalty.case_sla');
INSERT INTO loyalty.case_sla VALUES ('', 1, 240, 1440, 1440, 60), ('', 2, 1440, 2880, 4320, 240), ('', 3, 4320, 5760, 10080, 480);

-- The open stretches of a calendar on the days that lie from p_from on: p_days of them.
CREATE FUNCTION loyalty.calendar_stretches(p_calendar text, p_from timestamptz, p_days int) RETURNS TABLE (opens timestamptz, closes timestamptz)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH zone AS (SELECT coalesce(nullif(c.timezone, ''), p.timezone) AS name FROM loyalty.calendar c, loyalty.programme p WHERE c.calendar = p_calendar)
  SELECT greatest((d.day + h.opens) AT TIME ZONE z.name, p_from), (d.day + h.closes) AT TIME ZONE z.name
    FROM zone z, LATERAL (SELECT (p_from AT TIME ZONE z.name)::date + n AS day FROM generate_series(0, p_days - 1) n) d
    JOIN loyalty.calendar_hours h ON h.calendar = p_calendar AND h.weekday = extract(isodow FROM d.day)
   WHERE (d.day + h.closes) AT TIME ZONE z.name > p_from
     AND NOT EXISTS (SELECT FROM loyalty.calendar_holiday y WHERE y.calendar = p_calendar AND y.day = d.day) ORDER BY 1 $$;

-- The moment so many seconds of opening later.
CREATE FUNCTION loyalty.calendar_add(p_calendar text, p_from timestamptz, p_seconds double precision) RETURNS timestamptz
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_left double precision := p_seconds; v_stretch double precision; v_from timestamptz := p_from; r record;
BEGIN
  IF NOT EXISTS (SELECT FROM loyalty.calendar_hours h WHERE h.calendar = p_calendar) THEN RETURN p_from + make_interval(secs => p_seconds); END IF;
  FOR n IN 1..60 LOOP                                          -- 60 times 14 days: who is closed so long has no hours worth a promise
    FOR r IN SELECT * FROM loyalty.calendar_stretches(p_calendar, v_from, 14) LOOP
      v_stretch := extract(epoch FROM r.closes - r.opens);
      IF v_stretch >= v_left THEN RETURN r.opens + make_interval(secs => v_left); END IF;
      v_left := v_left - v_stretch;
      v_from := r.closes;
    END LOOP;
    v_from := greatest(v_from, p_from + make_interval(hours => 24 * 13 * n));
  END LOOP;
  RETURN v_from;
END $$;

-- How many seconds of it are open between two moments.
CREATE FUNCTION loyalty.calendar_seconds(p_calendar text, p_from timestamptz, p_to timestamptz) RETURNS double precision
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN p_to <= p_from THEN 0
              WHEN NOT EXISTS (SELECT FROM loyalty.calendar_hours h WHERE h.calendar = p_calendar) THEN extract(epoch FROM p_to - p_from)
              ELSE coalesce((SELECT sum(extract(epoch FROM least(s.closes, p_to) - s.opens))
                               FROM loyalty.calendar_stretches(p_calendar, p_from, 3 + (extract(epoch FROM p_to - p_from) / 86400)::int) s
                              WHERE s.opens < p_to), 0) END $$;

-- What was promised for p_due before the clock stood still, with as much left of it now. What was late already stays so.
CREATE FUNCTION loyalty.calendar_resumed(p_group text, p_paused_at timestamptz, p_due timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN p_due <= p_paused_at THEN p_due
              ELSE loyalty.calendar_add(g.calendar, now(), loyalty.calendar_seconds(g.calendar, p_paused_at, p_due)) END
    FROM loyalty.case_group g WHERE g.group_code = p_group AND p_due IS NOT NULL $$;

-- p_what: answer, update or solution.
CREATE FUNCTION loyalty.sla_due(p_group text, p_priority int, p_what text, p_from timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT loyalty.calendar_add(g.calendar, p_from, 60 * CASE p_what WHEN 'answer' THEN s.answer_minutes WHEN 'update' THEN s.update_minutes
                                                       ELSE s.solution_minutes END)
    FROM loyalty.case_group g JOIN loyalty.case_sla s ON s.group_code IN (g.group_code, '') AND s.priority = p_priority
   WHERE g.group_code = p_group ORDER BY s.group_code DESC LIMIT 1 $$;

CREATE FUNCTION loyalty.sla_warning(p_group text, p_priority int, p_due timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN p_due <= now() OR NOT isfinite(p_due) THEN 'infinity' ELSE greatest(p_due - make_interval(mins => s.warn_minutes), now()) END
    FROM loyalty.case_sla s WHERE s.group_code IN (p_group, '') AND s.priority = p_priority ORDER BY s.group_code DESC LIMIT 1 $$;

CREATE FUNCTION loyalty.case_priority(p_word text) RETURNS smallint LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_priority int := coalesce(array_position(ARRAY['high', 'normal', 'low'], lower(p_word)), array_position(ARRAY['1', '2', '3'], p_word));
BEGIN
  IF v_priority IS NULL THEN
    RAISE EXCEPTION 'there is no priority "%"', p_word USING ERRCODE = 'LY002', HINT = 'high, normal or low';
  END IF;
  RETURN v_priority;
END $$;

-- Small letters, each once, in their order.
CREATE FUNCTION loyalty.case_tags_clean(p_tags text[]) RETURNS text[] LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_tags text[] := coalesce((SELECT array_agg(DISTINCT t ORDER BY t) FROM (SELECT lower(btrim(x)) AS t FROM unnest(p_tags) x) y WHERE t <> ''), '{}');
BEGIN
  IF cardinality(v_tags) > 12 OR EXISTS (SELECT FROM unnest(v_tags) t WHERE t !~ '^[[:alnum:]][[:alnum:]_.-]{0,29}$') THEN
    RAISE EXCEPTION 'these tags are not allowed' USING ERRCODE = 'LY002', HINT = 'at most 12 words of letters, digits, dot, dash and underscore';
  END IF;
  RETURN v_tags;
END $$;

-- Queues: saved filters, everybody's (owner NULL) and one's own.
CREATE SEQUENCE loyalty.case_queue_seq AS int;
CREATE TABLE loyalty.case_queue (
  queue_no int NOT NULL DEFAULT nextval('loyalty.case_queue_seq'), owner name, name text NOT NULL, filter text NOT NULL,
  CONSTRAINT case_queue_pk PRIMARY KEY (queue_no),
  CONSTRAINT case_queue_name_ck CHECK (length(name) BETWEEN 1 AND 24));
SELECT dist.reference('loyalty.case_queue');
CREATE UNIQUE INDEX case_queue_name ON loyalty.case_queue (coalesce(owner, ''), lower(name));
INSERT INTO loyalty.case_queue (name, filter) VALUES ('Mine', 'owner=me'), ('Unassigned', 'owner=none'), ('Breaching', 'late'), ('All', ''),
  ('Resolved', 'state=ended');

-- Who is away, until when, and who stands in. Whoever stands in finds the other's cases among their own and is told what the other would be.
CREATE TABLE loyalty.staff_away (
  login name NOT NULL, substitute name NOT NULL, since timestamptz NOT NULL DEFAULT now(), until timestamptz NOT NULL,
  CONSTRAINT staff_away_pk PRIMARY KEY (login),
  CONSTRAINT staff_away_ck CHECK (login <> substitute));
SELECT dist.reference('loyalty.staff_away');
CREATE FUNCTION loyalty.staff_standing_in(p_login name) RETURNS name LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_login name := p_login; v_next name;
BEGIN
  FOR n IN 1..4 LOOP                                           -- two who stand in for each other end with one of them
    SELECT a.substitute INTO v_next FROM loyalty.staff_away a WHERE a.login = v_login AND a.since <= now() AND a.until > now();
    EXIT WHEN NOT FOUND OR NOT loyalty.case_is_staff(v_next);
    v_login := v_next;
  END LOOP;
  RETURN v_login;
END $$;
-- Oneself and those for whom one stands in.
CREATE FUNCTION loyalty.staff_stood_for(p_login name) RETURNS name[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT array_prepend(p_login, array_agg(a.login)) FROM loyalty.staff_away a WHERE a.since <= now() AND a.until > now()
     AND loyalty.staff_standing_in(a.login) = p_login AND a.login <> p_login $$;
-- p_substitute NULL: back again. Managers and administrators may say so of others.
CREATE FUNCTION loyalty.staff_away_set(p_login name, p_substitute name, p_until timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_login name := coalesce(p_login, session_user);
BEGIN
  PERFORM loyalty.case_worker();
  IF v_login <> session_user AND loyalty.caller_role() = 'support' THEN
    RAISE EXCEPTION 'only managers and administrators say who else is away' USING ERRCODE = 'LY001';
  END IF;
  DELETE FROM loyalty.staff_away a WHERE a.login = v_login;
  IF p_substitute IS NULL THEN RETURN; END IF;
  IF v_login = p_substitute OR NOT loyalty.case_is_staff(p_substitute) THEN
    RAISE EXCEPTION '% cannot stand in', p_substitute USING ERRCODE = 'LY002', HINT = 'somebody else who works on cases';
  ELSIF p_until IS NULL OR p_until <= now() THEN
    RAISE EXCEPTION 'until when?' USING ERRCODE = 'LY002', HINT = 'a day that is to come';
  END IF;
  INSERT INTO loyalty.staff_away (login, substitute, until) VALUES (v_login, p_substitute, p_until);
  PERFORM loyalty.audit_write(0, 'staff.away', v_login, jsonb_build_object('substitute', jsonb_build_array(NULL, p_substitute)));
END $$;

-- What a queue's words mean to whoever asks. owners NULL: whosever; '' is nobody.
CREATE TYPE loyalty.case_filter AS (states text[], owners name[], group_code text, priority smallint, tag text, is_late boolean);
CREATE FUNCTION loyalty.case_filter_of(p_text text) RETURNS loyalty.case_filter LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE f loyalty.case_filter; w text; v_key text; v_value text; v_good boolean;
BEGIN
  f.states := '{new,open,waiting_member,waiting_us}';
  FOR w IN SELECT x FROM regexp_split_to_table(lower(btrim(coalesce(p_text, ''))), '\s+') x WHERE x <> '' LOOP
    v_key := split_part(w, '=', 1);
    v_value := substr(w, length(v_key) + 2);
    v_good := v_value <> '' OR w = 'late';
    CASE v_key
    WHEN 'late' THEN f.is_late := true;
    WHEN 'owner' THEN f.owners := CASE v_value WHEN 'me' THEN loyalty.staff_stood_for(session_user) WHEN 'none' THEN ARRAY['']::name[] ELSE ARRAY[v_value]::name[] END;
    WHEN 'group' THEN f.group_code := v_value;
    WHEN 'tag' THEN f.tag := v_value;
    WHEN 'priority' THEN f.priority := loyalty.case_priority(v_value);
    WHEN 'state' THEN
      f.states := CASE v_value WHEN 'waiting' THEN ARRAY['waiting_member', 'waiting_us'] WHEN 'ended' THEN ARRAY['resolved', 'closed'] ELSE ARRAY[v_value] END;
      v_good := f.states <@ ARRAY['new', 'open', 'waiting_member', 'waiting_us', 'resolved', 'closed', 'merged'];
    ELSE v_good := false;
    END CASE;
    IF NOT v_good THEN
      RAISE EXCEPTION 'a filter knows no "%"', w USING ERRCODE = 'LY002',
        HINT = 'owner=me, none or a login; state=new, open, waiting, resolved, closed, ended or merged; group=, priority=, tag=, late';
    END IF;
  END LOOP;
  RETURN f;
END $$;

-- How many cases a filter has, from the counters.
CREATE FUNCTION loyalty.case_filter_count(p_text text) RETURNS bigint LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE f loyalty.case_filter := loyalty.case_filter_of(p_text); v_owners name[] := coalesce(f.owners, '{*}');
BEGIN
  RETURN (SELECT coalesce(sum(t.cases), 0) FROM loyalty.case_tally t
           WHERE t.owner = ANY (v_owners) AND t.tag = coalesce(f.tag, '') AND t.state = ANY (f.states) AND (f.group_code IS NULL OR t.group_code = f.group_code)
             AND (f.priority IS NULL OR t.priority = f.priority) AND (f.is_late IS NULL OR t.is_late));
END $$;

-- The queues of whoever asks, everybody's first.
CREATE FUNCTION loyalty.case_queues() RETURNS TABLE (queue_no int, name text, filter text, cases bigint, is_own boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT q.queue_no, q.name, q.filter, loyalty.case_filter_count(q.filter), q.owner IS NOT NULL FROM loyalty.case_queue q
   WHERE q.owner IS NULL OR q.owner = session_user ORDER BY q.owner IS NOT NULL, q.queue_no $$;

-- Saves a filter under a name, anew under a name one has already; p_is_shared: for everybody (managers and administrators). p_filter NULL: takes it away.
CREATE FUNCTION loyalty.case_queue_set(p_name text, p_filter text, p_is_shared boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_owner name := CASE WHEN p_is_shared THEN NULL ELSE session_user END;
BEGIN
  PERFORM loyalty.case_worker();
  IF p_is_shared AND loyalty.caller_role() = 'support' THEN
    RAISE EXCEPTION 'only managers and administrators change everybody''s queues' USING ERRCODE = 'LY001';
  END IF;
  PERFORM loyalty.case_filter_of(p_filter);
  IF coalesce(length(btrim(p_name)), 0) NOT BETWEEN 1 AND 24 THEN
    RAISE EXCEPTION 'a queue has a name of 1 to 24 letters' USING ERRCODE = 'LY002';
  END IF;
  DELETE FROM loyalty.case_queue q WHERE q.owner IS NOT DISTINCT FROM v_owner AND lower(q.name) = lower(btrim(p_name)) AND p_filter IS NULL;
  IF p_filter IS NULL THEN
    IF NOT FOUND THEN RAISE EXCEPTION 'there is no such queue' USING ERRCODE = 'LY004', HINT = 'see: loyalty case queues'; END IF;
    RETURN;
  END IF;
  UPDATE loyalty.case_queue q SET filter = p_filter WHERE q.owner IS NOT DISTINCT FROM v_owner AND lower(q.name) = lower(btrim(p_name));
  IF FOUND THEN RETURN; END IF;
  IF (SELECT count(*) FROM loyalty.case_queue q WHERE q.owner IS NULL OR q.owner = v_owner) >= 9 THEN
    RAISE EXCEPTION 'there is room for nine queues' USING ERRCODE = 'LY002', HINT = 'take one of yours away first';
  END IF;
  INSERT INTO loyalty.case_queue (owner, name, filter) VALUES (v_owner, btrim(p_name), p_filter);
END $$;

-- A page of the cases a filter shows: those that are worked on by what is promised next, others the last changed first.
-- p_from: first, last, after, before or from p_key, which is a row's key. due_s: until the promise, NULL when no clock runs; of an ended case how long ago.
CREATE FUNCTION loyalty.case_page(p_filter text, p_from text, p_key text, p_rows int) RETURNS TABLE (member_id bigint, case_no int, number bigint, member text,
  title text, state text, priority smallint, owner text, group_code text, tags text, age_s bigint, due_s bigint, is_late boolean, version int, key text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE f loyalty.case_filter := loyalty.case_filter_of(p_filter); v_all text[] := '{new,open,waiting_member,waiting_us}'; v_where text;
  v_is_due boolean; v_is_back boolean := p_from IN ('last', 'before'); v_is_up boolean; v_at timestamptz; v_member bigint; v_case int; v_order text; v_turned text;
BEGIN
  v_is_due := f.states <@ v_all;
  v_where := CASE WHEN f.states = v_all THEN 'c.is_working' WHEN v_is_due THEN 'c.is_working AND c.state = ANY ($4)' ELSE 'NOT c.is_working AND c.state = ANY ($4)' END
    || CASE WHEN f.owners IS NULL THEN '' WHEN f.owners = '{""}' THEN ' AND c.owner IS NULL' WHEN cardinality(f.owners) = 1 THEN ' AND c.owner = $5[1]'
            ELSE ' AND c.owner = ANY ($5)' END
    || CASE WHEN f.group_code IS NULL THEN '' ELSE ' AND c.group_code = $6' END || CASE WHEN f.priority IS NULL THEN '' ELSE ' AND c.priority = $7' END
    || CASE WHEN f.tag IS NULL THEN '' ELSE ' AND c.tags @> ARRAY[$8]' END || CASE WHEN f.is_late IS NULL THEN '' ELSE ' AND c.is_late' END;
  v_is_up := v_is_due <> v_is_back;                            -- along the index upwards
  v_at := CASE WHEN v_is_up THEN '-infinity' ELSE 'infinity' END;
  v_member := CASE WHEN v_is_up THEN 0 ELSE 9223372036854775807 END;
  v_case := CASE WHEN v_is_up THEN 0 ELSE 2147483647 END;
  IF p_key IS NOT NULL AND p_from IN ('after', 'before', 'from') THEN
    v_at := split_part(p_key, '|', 1)::timestamptz; v_member := split_part(p_key, '|', 2)::bigint; v_case := split_part(p_key, '|', 3)::int;
  END IF;
  v_order := replace(replace('ORDER BY c.AT WAY, c.member_id WAY, c.case_no WAY', 'AT', CASE WHEN v_is_due THEN 'due_at' ELSE 'changed_at' END), 'WAY',
    CASE WHEN v_is_up THEN 'ASC' ELSE 'DESC' END);
  v_turned := replace('ORDER BY x.at WAY, x.member_id WAY, x.case_no WAY', 'WAY', CASE WHEN v_is_due THEN 'ASC' ELSE 'DESC' END);
  RETURN QUERY EXECUTE format(
    'SELECT x.member_id, x.case_no, m.number, btrim(m.given_name || '' '' || m.family_name), x.title, x.state, x.priority, x.owner, x.group_code, x.tags,
            x.age_s, x.due_s, x.is_late, x.version, x.at::text || ''|'' || x.member_id || ''|'' || x.case_no
       FROM (SELECT c.member_id, c.case_no, c.title, c.state, c.priority, coalesce(c.owner::text, '''') AS owner, c.group_code, array_to_string(c.tags, '', '') AS tags,
                    extract(epoch FROM now() - c.opened_at)::bigint AS age_s,
                    CASE WHEN NOT c.is_working THEN extract(epoch FROM now() - coalesce(c.resolved_at, c.changed_at))
                         WHEN isfinite(c.due_at) THEN extract(epoch FROM c.due_at - now()) END::bigint AS due_s, c.is_late, c.version, c.%s AS at
               FROM loyalty.member_case c WHERE %s AND (c.%s, c.member_id, c.case_no) %s ($1, $2, $3) %s LIMIT $9) x
       JOIN loyalty.member m ON m.member_id = x.member_id %s',
    CASE WHEN v_is_due THEN 'due_at' ELSE 'changed_at' END, v_where, CASE WHEN v_is_due THEN 'due_at' ELSE 'changed_at' END,
    CASE WHEN v_is_up THEN '>' ELSE '<' END || CASE WHEN p_from = 'from' THEN '=' ELSE '' END, v_order, v_turned)
    USING v_at, v_member, v_case, f.states, f.owners, f.group_code, f.priority, f.tag, p_rows;
END $$;

-- Groups.
CREATE FUNCTION loyalty.case_group_known(p_group text) RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM loyalty.case_group g WHERE g.group_code = p_group) THEN
    RAISE EXCEPTION 'there is no group "%"', p_group USING ERRCODE = 'LY004', HINT = 'see: loyalty desk groups';
  END IF;
END $$;

-- Whose turn a new case of the group is: of those who are there, the one who got none the longest; NULL where the group does not hand out. Two at once
-- wait for nobody: the second takes the next in turn.
CREATE FUNCTION loyalty.case_turn(p_group text) RETURNS name LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_login name; v_turn bigint;
BEGIN
  IF NOT EXISTS (SELECT FROM loyalty.case_group g WHERE g.group_code = p_group AND g.hands_out) THEN RETURN NULL; END IF;
  SELECT m.login INTO v_login FROM loyalty.case_group_member m WHERE m.group_code = p_group AND loyalty.case_is_staff(m.login)
     AND loyalty.staff_standing_in(m.login) = m.login ORDER BY m.turn, m.login LIMIT 1 FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN
    RETURN (SELECT loyalty.staff_standing_in(m.login) FROM loyalty.case_group_member m WHERE m.group_code = p_group AND loyalty.case_is_staff(m.login)
             ORDER BY m.turn, m.login LIMIT 1);
  END IF;
  v_turn := nextval('loyalty.case_turn_seq');
  UPDATE loyalty.case_group_member m SET turn = v_turn WHERE m.group_code = p_group AND m.login = v_login;
  RETURN v_login;
END $$;

CREATE FUNCTION loyalty.desk_manager() RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF loyalty.caller_role() NOT IN ('manager', 'admin') THEN
    RAISE EXCEPTION 'only managers and administrators set up the desk' USING ERRCODE = 'LY001';
  END IF;
END $$;

-- Sets one thing of a group, which begins with the first: name, lead, hands_out (yes or no), calendar, add or remove (a login).
CREATE FUNCTION loyalty.desk_group_set(p_group text, p_key text, p_value text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM loyalty.desk_manager();
  INSERT INTO loyalty.case_group (group_code, name) VALUES (p_group, p_group) ON CONFLICT DO NOTHING;
  IF p_key IN ('lead', 'add') AND NOT loyalty.case_is_staff(p_value) THEN
    RAISE EXCEPTION '% is not active support staff', p_value USING ERRCODE = 'LY004';
  ELSIF p_key = 'calendar' AND NOT EXISTS (SELECT FROM loyalty.calendar c WHERE c.calendar = p_value) THEN
    RAISE EXCEPTION 'there is no calendar "%"', p_value USING ERRCODE = 'LY004', HINT = 'make it: loyalty desk calendar';
  ELSIF p_key = 'hands_out' AND p_value NOT IN ('yes', 'no') OR p_key NOT IN ('name', 'lead', 'hands_out', 'calendar', 'add', 'remove') THEN
    RAISE EXCEPTION 'a group has no %=%', p_key, p_value USING ERRCODE = 'LY002', HINT = 'name, lead, hands_out (yes or no), calendar, add or remove (a login)';
  END IF;
  UPDATE loyalty.case_group g SET name = CASE p_key WHEN 'name' THEN p_value ELSE g.name END, lead = CASE p_key WHEN 'lead' THEN p_value::name ELSE g.lead END,
         hands_out = CASE p_key WHEN 'hands_out' THEN p_value = 'yes' ELSE g.hands_out END, calendar = CASE p_key WHEN 'calendar' THEN p_value ELSE g.calendar END
   WHERE g.group_code = p_group;
  INSERT INTO loyalty.case_group_member (group_code, login) SELECT p_group, p_value WHERE p_key = 'add' ON CONFLICT DO NOTHING;
  DELETE FROM loyalty.case_group_member m WHERE m.group_code = p_group AND m.login = p_value AND p_key = 'remove';
  PERFORM loyalty.audit_write(0, 'desk.group', p_group, jsonb_build_object(p_key, jsonb_build_array(NULL, p_value)));
END $$;

-- Sets one thing of a calendar, which begins with the first: zone; mon to sun, a day's hours, as 09:00-12:30,13:30-18:00, or closed; holiday, as
-- 2026-12-25:Christmas; workday, as 2026-12-25.
CREATE FUNCTION loyalty.desk_calendar_set(p_calendar text, p_key text, p_value text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_weekday int := array_position(ARRAY['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], p_key); v_stretch text;
BEGIN
  PERFORM loyalty.desk_manager();
  INSERT INTO loyalty.calendar (calendar) VALUES (p_calendar) ON CONFLICT DO NOTHING;
  IF p_key = 'zone' THEN
    PERFORM now() AT TIME ZONE p_value;
    UPDATE loyalty.calendar c SET timezone = p_value WHERE c.calendar = p_calendar;
  ELSIF v_weekday IS NOT NULL THEN
    DELETE FROM loyalty.calendar_hours h WHERE h.calendar = p_calendar AND h.weekday = v_weekday;
    FOREACH v_stretch IN ARRAY CASE p_value WHEN 'closed' THEN '{}'::text[] ELSE string_to_array(p_value, ',') END LOOP
      INSERT INTO loyalty.calendar_hours (calendar, weekday, opens, closes)
      VALUES (p_calendar, v_weekday, split_part(v_stretch, '-', 1)::time, split_part(v_stretch, '-', 2)::time);
    END LOOP;
  ELSIF p_key IN ('holiday', 'workday') THEN
    DELETE FROM loyalty.calendar_holiday y WHERE y.calendar = p_calendar AND y.day = split_part(p_value, ':', 1)::date;
    INSERT INTO loyalty.calendar_holiday (calendar, day, name)
    SELECT p_calendar, split_part(p_value, ':', 1)::date, split_part(p_value, ':', 2) WHERE p_key = 'holiday';
  ELSE
    RAISE EXCEPTION 'a calendar has no "%"', p_key USING ERRCODE = 'LY002', HINT = 'zone, mon to sun, holiday or workday';
  END IF;
  PERFORM loyalty.audit_write(0, 'desk.calendar', p_calendar, jsonb_build_object(p_key, jsonb_build_array(NULL, p_value)));
END $$;

-- Sets one promise in minutes: answer, update, solution, or warn, of one priority; p_group '': of all groups without their own. Cases that are open
-- keep what was promised.
CREATE FUNCTION loyalty.desk_sla_set(p_group text, p_priority text, p_key text, p_minutes int) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_priority int := loyalty.case_priority(p_priority);
BEGIN
  PERFORM loyalty.desk_manager();
  IF p_group <> '' THEN PERFORM loyalty.case_group_known(p_group); END IF;
  IF p_key NOT IN ('answer', 'update', 'solution', 'warn') OR p_minutes IS NULL OR p_minutes < (CASE p_key WHEN 'warn' THEN 0 ELSE 1 END) THEN
    RAISE EXCEPTION 'a promise is answer, update, solution or warn, in minutes' USING ERRCODE = 'LY002';
  END IF;
  INSERT INTO loyalty.case_sla SELECT p_group, s.priority, s.answer_minutes, s.update_minutes, s.solution_minutes, s.warn_minutes
    FROM loyalty.case_sla s WHERE s.group_code = '' AND s.priority = v_priority ON CONFLICT DO NOTHING;
  UPDATE loyalty.case_sla s SET answer_minutes = CASE p_key WHEN 'answer' THEN p_minutes ELSE s.answer_minutes END,
         update_minutes = CASE p_key WHEN 'update' THEN p_minutes ELSE s.update_minutes END,
         solution_minutes = CASE p_key WHEN 'solution' THEN p_minutes ELSE s.solution_minutes END,
         warn_minutes = CASE p_key WHEN 'warn' THEN p_minutes ELSE s.warn_minutes END
   WHERE s.group_code = p_group AND s.priority = v_priority;
  PERFORM loyalty.audit_write(0, 'desk.sla', p_group || ' ' || p_priority, jsonb_build_object(p_key, jsonb_build_array(NULL, p_minutes)));
END $$;

-- Each time a case was resolved, as it was then: what the work figures are made of. reopened_at: it did not last.
CREATE TABLE loyalty.case_resolution (
  member_id bigint NOT NULL, case_no int NOT NULL, resolution_no int NOT NULL,
  at timestamptz NOT NULL DEFAULT now(), by_login name NOT NULL, group_code text NOT NULL, priority smallint NOT NULL,
  answer_s bigint, solution_s bigint NOT NULL,                 -- of the group's calendar, from when it was opened; answer_s NULL: never answered
  answers int NOT NULL, is_answer_late boolean NOT NULL, late_updates int NOT NULL, is_solution_late boolean NOT NULL,
  cause text NOT NULL, outcome text NOT NULL, reopened_at timestamptz,
  CONSTRAINT case_resolution_pk PRIMARY KEY (member_id, case_no, resolution_no));
SELECT dist.distribute('loyalty.case_resolution', 'member_id', 'loyalty.member');
ALTER TABLE loyalty.case_resolution ADD CONSTRAINT case_resolution_case_fk
  FOREIGN KEY (member_id, case_no) REFERENCES loyalty.member_case (member_id, case_no);
CREATE INDEX case_resolution_at ON loyalty.case_resolution (at);

CREATE FUNCTION loyalty.case_resolution_add(p_old loyalty.member_case, p_new loyalty.member_case) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO loyalty.case_resolution (member_id, case_no, resolution_no, by_login, group_code, priority, answer_s, solution_s, answers, is_answer_late,
    late_updates, is_solution_late, cause, outcome)
  SELECT p_old.member_id, p_old.case_no, coalesce((SELECT max(r.resolution_no) FROM loyalty.case_resolution r
           WHERE r.member_id = p_old.member_id AND r.case_no = p_old.case_no), 0) + 1, p_new.resolved_by, p_old.group_code, p_old.priority,
         loyalty.calendar_seconds(g.calendar, p_old.opened_at, p_old.first_answer_at), loyalty.calendar_seconds(g.calendar, p_old.opened_at, now()),
         p_old.answers, coalesce(p_old.first_answer_at, now()) > p_old.answer_due_at,
         p_old.late_updates + (p_old.paused_at IS NULL AND coalesce(p_old.update_due_at < now(), false))::int,
         coalesce(p_old.paused_at, now()) > p_old.solution_due_at, p_new.cause, p_new.outcome
    FROM loyalty.case_group g WHERE g.group_code = p_old.group_code $$;

CREATE FUNCTION loyalty.case_resolution_end(p_case loyalty.member_case) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE loyalty.case_resolution r SET reopened_at = now()
   WHERE r.member_id = p_case.member_id AND r.case_no = p_case.case_no AND r.reopened_at IS NULL $$;

-- What a person is told of, and has read.
CREATE SEQUENCE loyalty.desk_inbox_seq AS bigint;
CREATE TABLE loyalty.desk_inbox (
  login name NOT NULL, inbox_no bigint NOT NULL DEFAULT nextval('loyalty.desk_inbox_seq'), at timestamptz NOT NULL DEFAULT now(),
  member_id bigint NOT NULL, case_no int NOT NULL, what text NOT NULL, by_login name NOT NULL, read_at timestamptz,
  CONSTRAINT desk_inbox_pk PRIMARY KEY (login, inbox_no));
SELECT dist.reference('loyalty.desk_inbox');
CREATE INDEX desk_inbox_unread ON loyalty.desk_inbox (login) WHERE read_at IS NULL;
CREATE INDEX desk_inbox_at ON loyalty.desk_inbox (at);
CREATE TABLE loyalty.case_follower (
  member_id bigint NOT NULL, case_no int NOT NULL, login name NOT NULL,
  CONSTRAINT case_follower_pk PRIMARY KEY (member_id, case_no, login));
SELECT dist.distribute('loyalty.case_follower', 'member_id', 'loyalty.member');
ALTER TABLE loyalty.case_follower ADD CONSTRAINT case_follower_case_fk
  FOREIGN KEY (member_id, case_no) REFERENCES loyalty.member_case (member_id, case_no);

-- Who stands in for somebody who is away is told too.
CREATE FUNCTION loyalty.desk_tell(p_logins name[], p_member_id bigint, p_case_no int, p_what text, p_by name) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_login name;
BEGIN
  FOR v_login IN SELECT DISTINCT x FROM unnest(p_logins || ARRAY(SELECT loyalty.staff_standing_in(l) FROM unnest(p_logins) l)) x
                  WHERE x IS NOT NULL AND x <> p_by ORDER BY 1 LOOP
    INSERT INTO loyalty.desk_inbox (login, member_id, case_no, what, by_login) VALUES (v_login, p_member_id, p_case_no, p_what, p_by);
    PERFORM pg_notify('loyalty_desk', 'inbox ' || v_login);
  END LOOP;
END $$;

-- Followers are told of everything but what they did themselves, the owner of what comes from elsewhere, the group's lead of what is late.
CREATE FUNCTION loyalty.case_told(p_old loyalty.member_case, p_new loyalty.member_case, p_action text, p_by name) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_logins name[] := ARRAY(SELECT f.login FROM loyalty.case_follower f WHERE f.member_id = p_new.member_id AND f.case_no = p_new.case_no);
BEGIN
  IF p_action IN ('assigned', 'heard', 'warned', 'late', 'came back', 'reopened', 'merged', 'unmerged') AND p_new.owner IS NOT NULL THEN
    v_logins := v_logins || p_new.owner;
  END IF;
  IF p_action = 'late' THEN
    v_logins := v_logins || ARRAY(SELECT g.lead FROM loyalty.case_group g WHERE g.group_code = p_new.group_code AND g.lead IS NOT NULL);
  END IF;
  IF v_logins <> '{}' THEN PERFORM loyalty.desk_tell(v_logins, p_new.member_id, p_new.case_no, p_action, p_by); END IF;
END $$;

-- "@deniz" in a note: deniz follows the case from then on, and is told.
CREATE FUNCTION loyalty.case_mentioned(p_case loyalty.member_case, p_body text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_logins name[] := ARRAY(SELECT DISTINCT m[1]::name FROM regexp_matches(p_body, '@([a-z](?:[a-z0-9_.-]{0,29}[a-z0-9])?)', 'g') m
                                  WHERE loyalty.case_is_staff(m[1]::name) LIMIT 20);
BEGIN
  INSERT INTO loyalty.case_follower (member_id, case_no, login) SELECT p_case.member_id, p_case.case_no, x FROM unnest(v_logins) x WHERE x <> session_user
  ON CONFLICT DO NOTHING;
  PERFORM loyalty.desk_tell(v_logins, p_case.member_id, p_case.case_no, 'mentioned', session_user);
END $$;

CREATE FUNCTION loyalty.case_follow(p_member_id bigint, p_case_no int, p_is_on boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM loyalty.case_lock(p_member_id, p_case_no);
  DELETE FROM loyalty.case_follower f WHERE f.member_id = p_member_id AND f.case_no = p_case_no AND f.login = session_user;
  INSERT INTO loyalty.case_follower (member_id, case_no, login) SELECT p_member_id, p_case_no, session_user WHERE p_is_on;
END $$;

-- One's own inbox, newest first. p_key: a row's number.
CREATE FUNCTION loyalty.desk_inbox_page(p_from text, p_key text, p_rows int) RETURNS TABLE (inbox_no bigint, age_s bigint, what text, by_name text, member_id bigint,
  case_no int, number bigint, member text, title text, is_read boolean) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT x.inbox_no, extract(epoch FROM now() - x.at)::bigint, x.what, coalesce(s.name, x.by_login), x.member_id, x.case_no, m.number,
         btrim(m.given_name || ' ' || m.family_name), c.title, x.read_at IS NOT NULL
    FROM ((SELECT i.* FROM loyalty.desk_inbox i WHERE i.login = session_user AND p_from IN ('first', 'after', 'from')
              AND (p_from = 'first' OR i.inbox_no < p_key::bigint + (p_from = 'from')::int) ORDER BY i.inbox_no DESC LIMIT p_rows)
          UNION ALL
          (SELECT i.* FROM loyalty.desk_inbox i WHERE i.login = session_user AND p_from IN ('last', 'before')
              AND (p_from = 'last' OR i.inbox_no > p_key::bigint) ORDER BY i.inbox_no LIMIT p_rows)) x
    JOIN loyalty.member m ON m.member_id = x.member_id JOIN loyalty.member_case c ON c.member_id = x.member_id AND c.case_no = x.case_no
    LEFT JOIN loyalty.staff s ON s.login = x.by_login ORDER BY x.inbox_no DESC $$;
CREATE FUNCTION loyalty.desk_inbox_unread() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT count(*) FROM loyalty.desk_inbox i WHERE i.login = session_user AND i.read_at IS NULL $$;
-- Marks a line as read, or all that say something about a case, or (both NULL) everything.
CREATE FUNCTION loyalty.desk_inbox_read(p_member_id bigint, p_case_no int) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_rows bigint;
BEGIN
  UPDATE loyalty.desk_inbox i SET read_at = now() WHERE i.login = session_user AND i.read_at IS NULL
     AND (p_member_id IS NULL OR (i.member_id = p_member_id AND i.case_no = p_case_no));
  GET DIAGNOSTICS v_rows = ROW_COUNT;
  IF v_rows > 0 THEN PERFORM pg_notify('loyalty_desk', 'inbox ' || session_user); END IF;
  RETURN v_rows;
END $$;

-- What somebody is writing, as typed: there again after a crash or a lost link. The key is the one it will be sent under.
CREATE TABLE loyalty.case_draft (
  member_id bigint NOT NULL, case_no int NOT NULL, login name NOT NULL, kind text NOT NULL, body text NOT NULL, key uuid NOT NULL,
  saved_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT case_draft_pk PRIMARY KEY (member_id, case_no, login),
  CONSTRAINT case_draft_kind_ck CHECK (kind IN ('from_member', 'to_member', 'internal')),
  CONSTRAINT case_draft_body_ck CHECK (length(body) <= 20000));
SELECT dist.distribute('loyalty.case_draft', 'member_id', 'loyalty.member');
ALTER TABLE loyalty.case_draft ADD CONSTRAINT case_draft_case_fk
  FOREIGN KEY (member_id, case_no) REFERENCES loyalty.member_case (member_id, case_no);
CREATE INDEX case_draft_login ON loyalty.case_draft (login);
-- An empty text takes the draft away; so does a key under which the text was sent already. A server that crashes may forget the last second of it.
CREATE FUNCTION loyalty.case_draft_save(p_member_id bigint, p_case_no int, p_kind text, p_body text, p_key uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM loyalty.case_worker();
  PERFORM set_config('synchronous_commit', 'off', true);
  IF p_body = '' OR EXISTS (SELECT FROM loyalty.case_article a WHERE a.member_id = p_member_id AND a.case_no = p_case_no AND a.key = p_key) THEN
    DELETE FROM loyalty.case_draft d WHERE d.member_id = p_member_id AND d.case_no = p_case_no AND d.login = session_user;
    RETURN;
  END IF;
  INSERT INTO loyalty.case_draft AS d (member_id, case_no, login, kind, body, key) VALUES (p_member_id, p_case_no, session_user, p_kind, p_body, p_key)
  ON CONFLICT (member_id, case_no, login) DO UPDATE SET kind = excluded.kind, body = excluded.body, key = excluded.key, saved_at = excluded.saved_at;
END $$;
-- One's own; of one case, or of all.
CREATE FUNCTION loyalty.case_drafts(p_member_id bigint, p_case_no int) RETURNS TABLE (member_id bigint, case_no int, number bigint, kind text, body text, key uuid,
  age_s bigint) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT d.member_id, d.case_no, m.number, d.kind, d.body, d.key, extract(epoch FROM now() - d.saved_at)::bigint
    FROM loyalty.case_draft d JOIN loyalty.member m ON m.member_id = d.member_id
   WHERE d.login = session_user AND (p_member_id IS NULL OR (d.member_id = p_member_id AND d.case_no = p_case_no)) ORDER BY d.saved_at DESC LIMIT 100 $$;

-- What time brings, for a worker: cases that waited until now come back, promises about to end are warned of, those that ended are late and told of,
-- and what has been resolved for a week is closed. Returns how many cases that was; more than 200 wait for the next call.
CREATE FUNCTION loyalty.case_clock() RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE r record; v_old loyalty.member_case; v_new loyalty.member_case; v_done int := 0;
BEGIN
  FOR r IN (SELECT c.member_id, c.case_no FROM loyalty.member_case c WHERE c.state = 'waiting_us' AND c.wait_until <= now() LIMIT 50)
           UNION (SELECT c.member_id, c.case_no FROM loyalty.member_case c WHERE c.is_working AND NOT c.is_late AND c.due_at <= now() LIMIT 50)
           UNION (SELECT c.member_id, c.case_no FROM loyalty.member_case c WHERE c.is_working AND c.warn_at < 'infinity' AND c.warn_at <= now() LIMIT 50)
           UNION (SELECT c.member_id, c.case_no FROM loyalty.member_case c WHERE c.state = 'resolved' AND c.resolved_at < now() - interval '7 days' LIMIT 50) LOOP
    SELECT * INTO v_old FROM loyalty.member_case c WHERE c.member_id = r.member_id AND c.case_no = r.case_no FOR UPDATE SKIP LOCKED;
    CONTINUE WHEN NOT FOUND;
    v_new := v_old;
    v_done := v_done + 1;
    IF v_old.state = 'waiting_us' AND v_old.wait_until <= now() THEN
      v_new.state := 'open'; v_new.wait_until := NULL;
      PERFORM loyalty.case_change(v_old, v_new, 'came back', v_old.state, 'open');
    ELSIF v_old.is_working AND NOT v_old.is_late AND v_old.due_at <= now() THEN
      v_new.is_late := true; v_new.warn_at := 'infinity';
      PERFORM loyalty.case_change(v_old, v_new, 'late', '', CASE WHEN v_old.first_answer_at IS NULL AND v_old.answer_due_at <= now() THEN 'first answer'
                                                            WHEN v_old.solution_due_at <= now() THEN 'solution' ELSE 'update' END);
    ELSIF v_old.is_working AND v_old.warn_at <= now() THEN
      v_new.warn_at := 'infinity';
      PERFORM loyalty.case_change(v_old, v_new, 'warned', '', '');
    ELSIF v_old.state = 'resolved' AND v_old.resolved_at < now() - interval '7 days' THEN
      PERFORM loyalty.case_do(v_old, NULL, 'close', NULL, NULL, session_user);
    ELSE
      v_done := v_done - 1;
    END IF;
  END LOOP;
  RETURN v_done;
END $$;

-- The case that people call MEMBER/NO, as 1002764/3; a card does as well as the number.
CREATE FUNCTION loyalty.case_of(p_name text, OUT member_id bigint, OUT case_no int) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM loyalty.case_worker();
  IF p_name !~ '^[^/]+/[0-9]{1,9}$' THEN
    RAISE EXCEPTION '"%" is no case', p_name USING ERRCODE = 'LY002', HINT = 'cases are named by member and number, as 1002764/3';
  END IF;
  member_id := loyalty.member_of(split_part(p_name, '/', 1));
  case_no := split_part(p_name, '/', 2)::int;
  IF member_id IS NULL OR NOT EXISTS (SELECT FROM loyalty.member_case c WHERE c.member_id = case_of.member_id AND c.case_no = case_of.case_no) THEN
    RAISE EXCEPTION 'there is no case %', p_name USING ERRCODE = 'LY004';
  END IF;
END $$;

-- Rights.
GRANT SELECT ON loyalty.case_group, loyalty.case_group_member, loyalty.case_sla, loyalty.calendar, loyalty.calendar_hours, loyalty.calendar_holiday,
  loyalty.case_tally, loyalty.case_follower, loyalty.staff_away, loyalty.case_resolution TO loyalty_support, loyalty_manager, loyalty_admin;
GRANT EXECUTE ON FUNCTION loyalty.case_set(bigint, int, int, text, text, text), loyalty.case_of(text), loyalty.case_filter_of(text), loyalty.case_filter_count(text), loyalty.case_queues(),
  loyalty.case_queue_set(text, text, boolean), loyalty.case_page(text, text, text, int), loyalty.case_priority(text), loyalty.staff_stood_for(name),
  loyalty.staff_away_set(name, name, timestamptz), loyalty.case_follow(bigint, int, boolean), loyalty.desk_inbox_page(text, text, int), loyalty.desk_inbox_unread(),
  loyalty.desk_inbox_read(bigint, int), loyalty.case_draft_save(bigint, int, text, text, uuid), loyalty.case_drafts(bigint, int)
  TO loyalty_support, loyalty_manager, loyalty_admin;
GRANT EXECUTE ON FUNCTION loyalty.desk_group_set(text, text, text), loyalty.desk_calendar_set(text, text, text), loyalty.desk_sla_set(text, text, text, int)
  TO loyalty_manager, loyalty_admin;
GRANT EXECUTE ON FUNCTION loyalty.case_clock() TO loyalty_worker;
