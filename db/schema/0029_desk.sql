-- The desk: what is promised and by which clock, queues, groups and who stands in, what people are told of, drafts, macros, merging, jobs over many
-- cases, work figures, the reading of the audit log. What is set up here (calendars, holidays, promises, queues, texts, macros, checklists) is switched off
-- rather than deleted (is_off), so that it can be switched on again; 0040_desk_settings.sql has the list of it all.

-- Working hours, as the promises count them: a day's hours, if it is no holiday, by the calendar's own time zone ('': the programme's). A calendar
-- without any hours is open round the clock.
CREATE TABLE loyalty.calendar (
  calendar text NOT NULL, timezone text NOT NULL DEFAULT '', is_off boolean NOT NULL DEFAULT false,
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
  calendar text NOT NULL, day date NOT NULL, name text NOT NULL, is_off boolean NOT NULL DEFAULT false,
  CONSTRAINT calendar_holiday_pk PRIMARY KEY (calendar, day));
SELECT dist.reference('loyalty.calendar_holiday');
ALTER TABLE loyalty.calendar_holiday ADD CONSTRAINT calendar_holiday_calendar_fk FOREIGN KEY (calendar) REFERENCES loyalty.calendar;
ALTER TABLE loyalty.case_group ADD CONSTRAINT case_group_calendar_fk FOREIGN KEY (calendar) REFERENCES loyalty.calendar;

-- What is promised, in minutes of the group's calendar: the first answer and the solution from when the case was opened, each further answer from the
-- one before. warn_minutes: so long before a promise ends, whoever has the case is warned. group_code '': of groups without a row of their own.
CREATE TABLE loyalty.case_sla (
  group_code text NOT NULL, priority smallint NOT NULL, answer_minutes int NOT NULL, update_minutes int NOT NULL, solution_minutes int NOT NULL,
  warn_minutes int NOT NULL, is_off boolean NOT NULL DEFAULT false,
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
     AND NOT EXISTS (SELECT FROM loyalty.calendar_holiday y WHERE y.calendar = p_calendar AND y.day = d.day AND NOT y.is_off) ORDER BY 1 $$;

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
    FROM loyalty.case_group g JOIN loyalty.case_sla s ON s.group_code IN (g.group_code, '') AND s.priority = p_priority AND NOT s.is_off
   WHERE g.group_code = p_group ORDER BY s.group_code DESC LIMIT 1 $$;

CREATE FUNCTION loyalty.sla_warning(p_group text, p_priority int, p_due timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN p_due <= now() OR NOT isfinite(p_due) THEN 'infinity' ELSE greatest(p_due - make_interval(mins => s.warn_minutes), now()) END
    FROM loyalty.case_sla s WHERE s.group_code IN (p_group, '') AND s.priority = p_priority AND NOT s.is_off ORDER BY s.group_code DESC LIMIT 1 $$;

CREATE FUNCTION loyalty.case_priority(p_word text) RETURNS smallint LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_priority int := coalesce(array_position(ARRAY['high', 'normal', 'low'], lower(p_word)), array_position(ARRAY['1', '2', '3'], p_word));
BEGIN
  IF v_priority IS NULL AND p_word IS NOT NULL THEN
    RAISE EXCEPTION 'there is no priority "%"', p_word USING ERRCODE = 'LY002', HINT = 'high, normal or low';
  END IF;
  RETURN v_priority;
END $$;

-- Small letters, each once, in their order.
CREATE FUNCTION loyalty.case_tags_clean(p_tags text[]) RETURNS text[] LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_tags text[] := coalesce((SELECT array_agg(DISTINCT t ORDER BY t) FROM (SELECT lower(btrim(x)) AS t FROM unnest(p_tags) x) y WHERE t <> ''), '{}');
BEGIN
  IF p_tags IS NULL THEN RETURN NULL; END IF;
  IF cardinality(v_tags) > 12 OR EXISTS (SELECT FROM unnest(v_tags) t WHERE t !~ '^[[:alnum:]][[:alnum:]_.-]{0,29}$') THEN
    RAISE EXCEPTION 'these tags are not allowed' USING ERRCODE = 'LY002', HINT = 'at most 12 words of letters, digits, dot, dash and underscore';
  END IF;
  RETURN v_tags;
END $$;

-- Queues: saved filters, everybody's (owner NULL) and one's own.
CREATE SEQUENCE loyalty.case_queue_seq AS int;
CREATE TABLE loyalty.case_queue (
  queue_no int NOT NULL DEFAULT nextval('loyalty.case_queue_seq'), owner name, name text NOT NULL, filter text NOT NULL,
  is_off boolean NOT NULL DEFAULT false,
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
        HINT = 'owner=me, none or a login; state=new, open, waiting, resolved, closed, ended or merged; group=, priority=, tag=, late', COLUMN = 'filter';
    END IF;
  END LOOP;
  RETURN f;
END $$;

-- How many cases a filter has, from the counters.
CREATE FUNCTION loyalty.case_filter_sum(f loyalty.case_filter) RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off AS $$
BEGIN
  RETURN (SELECT coalesce(sum(t.cases), 0) FROM unnest(coalesce(f.owners, '{*}')) o
            JOIN loyalty.case_tally t ON t.owner = o AND t.tag = coalesce(f.tag, '') AND t.group_code = coalesce(f.group_code, '*')
             AND t.priority = coalesce(f.priority, 0) AND t.state = ANY (f.states) AND (f.is_late IS NULL OR t.is_late));
END $$;
CREATE FUNCTION loyalty.case_filter_count(p_text text) RETURNS bigint LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN loyalty.case_filter_sum(loyalty.case_filter_of(p_text));
END $$;

-- The queues of whoever asks, everybody's first.
CREATE FUNCTION loyalty.case_queues() RETURNS TABLE (queue_no int, name text, filter text, cases bigint, is_own boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT q.queue_no, q.name, q.filter, loyalty.case_filter_sum(loyalty.case_filter_of(q.filter)), q.owner IS NOT NULL
    FROM loyalty.case_queue q WHERE (q.owner IS NULL OR q.owner = session_user) AND NOT q.is_off ORDER BY q.owner IS NOT NULL, q.queue_no;
END $$;

-- A screen shows nine of them, everybody's and one's own. p_owner NULL: everybody's.
CREATE FUNCTION loyalty.case_queue_room(p_owner name) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF (SELECT count(*) FROM loyalty.case_queue q WHERE (q.owner IS NULL OR q.owner = p_owner) AND NOT q.is_off) >= 9 THEN
    RAISE EXCEPTION 'there is room for nine queues' USING ERRCODE = 'LY002', HINT = 'take one away, or switch it off', COLUMN = 'name';
  END IF;
END $$;

-- Saves a filter under a name, anew under a name one has already; p_is_shared: for everybody (managers and administrators). p_filter NULL: takes it away.
CREATE FUNCTION loyalty.case_queue_set(p_name text, p_filter text, p_is_shared boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_owner name := CASE WHEN p_is_shared THEN NULL ELSE session_user END; v_was jsonb;
BEGIN
  PERFORM loyalty.case_worker();
  IF p_is_shared AND loyalty.caller_role() = 'support' THEN
    RAISE EXCEPTION 'only managers and administrators change everybody''s queues' USING ERRCODE = 'LY001';
  END IF;
  PERFORM loyalty.case_filter_of(p_filter);
  IF coalesce(length(btrim(p_name)), 0) NOT BETWEEN 1 AND 24 OR octet_length(p_name) > 80 THEN
    RAISE EXCEPTION 'a queue has a name of 1 to 24 letters' USING ERRCODE = 'LY002', COLUMN = 'name';
  END IF;
  IF p_is_shared THEN v_was := loyalty.desk_setting_now('queue', lower(btrim(p_name))); END IF;
  DELETE FROM loyalty.case_queue q WHERE q.owner IS NOT DISTINCT FROM v_owner AND lower(q.name) = lower(btrim(p_name)) AND p_filter IS NULL;
  IF p_filter IS NULL AND NOT FOUND THEN
    RAISE EXCEPTION 'there is no such queue' USING ERRCODE = 'LY004', HINT = 'see: loyalty case queues';
  END IF;
  UPDATE loyalty.case_queue q SET filter = p_filter WHERE q.owner IS NOT DISTINCT FROM v_owner AND lower(q.name) = lower(btrim(p_name));
  IF NOT FOUND AND p_filter IS NOT NULL THEN
    PERFORM loyalty.case_queue_room(v_owner);
    INSERT INTO loyalty.case_queue (owner, name, filter) VALUES (v_owner, btrim(p_name), p_filter);
  END IF;
  IF p_is_shared THEN PERFORM loyalty.desk_setting_changed('queue', lower(btrim(p_name)), v_was); END IF;
END $$;

-- Whether a page of a filter is read more cheaply as stretches, of each of which the counters say that it has few, than along an index that has all
-- of p_base, most of which the filter then throws away.
CREATE FUNCTION loyalty.case_filter_is_rare(f loyalty.case_filter, p_base loyalty.case_filter, p_rows int) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_stretches bigint; v_cases bigint; v_base bigint;
BEGIN
  IF f IS NOT DISTINCT FROM p_base THEN RETURN false; END IF;
  v_cases := loyalty.case_filter_sum(f);
  v_base := loyalty.case_filter_sum(p_base);
  v_stretches := cardinality(f.states) * CASE WHEN f.priority IS NULL THEN 3 ELSE 1 END * CASE WHEN f.is_late IS NULL THEN 2 ELSE 1 END
    * CASE WHEN f.group_code IS NULL THEN (SELECT count(*) FROM loyalty.case_group) ELSE 1 END;
  RETURN least(v_base, p_rows * v_base / greatest(v_cases, 1)) > 3 * v_stretches + least(v_cases, p_rows * v_stretches);
END $$;

-- A page of the cases a filter shows: those that are worked on by what is promised next, others the last changed first.
-- p_from: first, last, after, before or from p_key, which is a row's key. due_s: until the promise, NULL when no clock runs; of an ended case how long ago.
-- The page is put together of stretches, each of which an index has in order; mostly of one.
CREATE FUNCTION loyalty.case_page(p_filter text, p_from text, p_key text, p_rows int) RETURNS TABLE (member_id bigint, case_no int, number bigint, member text,
  title text, state text, priority smallint, owner text, group_code text, tags text, age_s bigint, due_s bigint, is_late boolean, version int, key text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET enable_sort = off SET jit = off AS $$
DECLARE f loyalty.case_filter := loyalty.case_filter_of(p_filter); v_base loyalty.case_filter; v_is_due boolean; v_is_back boolean := p_from IN ('last', 'before');
  v_is_up boolean; v_at timestamptz; v_member bigint; v_case int; v_stretches text := '(SELECT) k'; v_cases text := 'loyalty.member_case c'; v_where text; v_order text := 'c.due_at';
BEGIN
  v_base.states := '{new,open,waiting_member,waiting_us}';
  v_is_due := f.states <@ v_base.states;
  v_where := CASE WHEN v_is_due THEN 'c.is_working' ELSE 'NOT c.is_working' END;
  IF NOT v_is_due THEN v_order := 'c.changed_at'; v_base.states := '{resolved,closed,merged}'; END IF;
  IF f.owners <> '{""}' THEN
    v_stretches := 'unnest($5) k (owner)';
    v_where := v_where || ' AND c.owner = k.owner' || CASE WHEN f.tag IS NULL THEN '' ELSE ' AND c.tags @> ARRAY[$8]' END;
  ELSIF f.tag IS NOT NULL THEN
    v_cases := 'loyalty.case_tag g JOIN loyalty.member_case c ON c.member_id = g.member_id AND c.case_no = g.case_no';
    v_where := 'g.tag = $8 AND ' || CASE WHEN v_is_due THEN 'g.is_working' ELSE 'NOT g.is_working' END || CASE WHEN f.owners IS NULL THEN '' ELSE ' AND c.owner IS NULL' END;
    v_order := 'g.at';
  ELSE
    v_where := v_where || CASE WHEN f.owners IS NULL THEN '' ELSE ' AND c.owner IS NULL' END;
    v_base.owners := f.owners;
    IF v_is_due AND f.owners IS NULL AND f.is_late THEN v_base.is_late := true;
    ELSIF v_is_due AND f.owners IS NULL THEN v_base.group_code := f.group_code;
    END IF;
    IF loyalty.case_filter_is_rare(f, v_base, p_rows) THEN
      v_stretches := '(SELECT s.state, x.group_code, p.priority, l.is_late FROM unnest($4) s (state), loyalty.case_group x, (VALUES (1::smallint), (2), (3)) p (priority),
        (VALUES (true), (false)) l (is_late) WHERE ($6 IS NULL OR x.group_code = $6) AND ($7 IS NULL OR p.priority = $7) AND ($10 IS NULL OR l.is_late)'
        || CASE WHEN v_is_due THEN ') k' ELSE ' AND NOT l.is_late) k' END;
      v_where := v_where || ' AND c.group_code = k.group_code AND c.state = k.state AND c.priority = k.priority' || CASE WHEN v_is_due THEN ' AND c.is_late = k.is_late' ELSE '' END;
    END IF;
  END IF;
  v_where := v_where || CASE WHEN f.states = v_base.states THEN '' ELSE ' AND c.state = ANY ($4)' END || CASE WHEN f.group_code IS NULL THEN '' ELSE ' AND c.group_code = $6' END
    || CASE WHEN f.priority IS NULL THEN '' ELSE ' AND c.priority = $7' END || CASE WHEN f.is_late IS NULL THEN '' ELSE ' AND c.is_late' END;
  v_is_up := v_is_due <> v_is_back;                            -- along the index upwards
  v_at := CASE WHEN v_is_up THEN '-infinity' ELSE 'infinity' END;
  v_member := CASE WHEN v_is_up THEN 0 ELSE 9223372036854775807 END;
  v_case := CASE WHEN v_is_up THEN 0 ELSE 2147483647 END;
  IF p_key IS NOT NULL AND p_from IN ('after', 'before', 'from') THEN
    v_at := split_part(p_key, '|', 1)::timestamptz; v_member := split_part(p_key, '|', 2)::bigint; v_case := split_part(p_key, '|', 3)::int;
  END IF;
  RETURN QUERY EXECUTE format(
    'SELECT x.member_id, x.case_no, m.number, btrim(m.given_name || '' '' || m.family_name), x.title, x.state, x.priority, coalesce(x.owner::text, ''''),
            x.group_code, array_to_string(x.tags, '', ''), extract(epoch FROM now() - x.opened_at)::bigint,
            CASE WHEN NOT x.is_working THEN extract(epoch FROM now() - coalesce(x.resolved_at, x.changed_at))
                 WHEN isfinite(x.due_at) THEN extract(epoch FROM x.due_at - now()) END::bigint, x.is_late, x.version,
            x.at::text || ''|'' || x.member_id || ''|'' || x.case_no
       FROM (SELECT y.* FROM %1$s CROSS JOIN LATERAL
              (SELECT c.*, %4$s AS at FROM %2$s WHERE %3$s AND (%4$s, %5$s.member_id, %5$s.case_no) %6$s ($1, $2, $3)
                ORDER BY %4$s %7$s, %5$s.member_id %7$s, %5$s.case_no %7$s LIMIT $9) y ORDER BY y.at %7$s, y.member_id %7$s, y.case_no %7$s LIMIT $9) x
       JOIN loyalty.member m ON m.member_id = x.member_id ORDER BY x.at %8$s, x.member_id %8$s, x.case_no %8$s',
    v_stretches, v_cases, v_where, v_order, left(v_order, 1), CASE WHEN v_is_up THEN '>' ELSE '<' END || CASE WHEN p_from = 'from' THEN '=' ELSE '' END,
    CASE WHEN v_is_up THEN 'ASC' ELSE 'DESC' END, CASE WHEN v_is_due THEN 'ASC' ELSE 'DESC' END)
    USING v_at, v_member, v_case, f.states, f.owners, f.group_code, f.priority, f.tag, p_rows, f.is_late;
END $$;

-- Groups.
CREATE FUNCTION loyalty.case_group_known(p_group text) RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_is_off boolean;
BEGIN
  SELECT g.is_off INTO v_is_off FROM loyalty.case_group g WHERE g.group_code = p_group;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no group "%"', p_group USING ERRCODE = 'LY004', HINT = 'see: loyalty desk groups', COLUMN = 'group';
  ELSIF v_is_off THEN
    RAISE EXCEPTION 'the group "%" is switched off', p_group USING ERRCODE = 'LY002', HINT = 'switch it on: loyalty desk on group', COLUMN = 'group';
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

-- What a code of the desk may be called.
CREATE FUNCTION loyalty.desk_code(p_code text, p_column text) RETURNS void LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF p_code IS NULL OR p_code !~ '^[a-z][a-z0-9_-]{0,30}$' THEN
    RAISE EXCEPTION 'a code begins with a small letter' USING ERRCODE = 'LY002', HINT = 'then small letters, digits, - and _, 31 at most', COLUMN = p_column;
  END IF;
END $$;

-- The people of a group, as logins with blanks between: those named stay or come, others go. Whose turn it is stays.
CREATE FUNCTION loyalty.desk_people_set(p_group text, p_people text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_people name[] := ARRAY(SELECT x::name FROM regexp_split_to_table(btrim(p_people), '[ ,]+') x WHERE x <> ''); v_odd name;
BEGIN
  SELECT x INTO v_odd FROM unnest(v_people) x WHERE NOT loyalty.case_is_staff(x) AND NOT EXISTS (SELECT FROM loyalty.case_group_member m
    WHERE m.group_code = p_group AND m.login = x) LIMIT 1;
  IF FOUND THEN RAISE EXCEPTION '% is not active support staff', v_odd USING ERRCODE = 'LY004', COLUMN = 'people'; END IF;
  DELETE FROM loyalty.case_group_member m WHERE m.group_code = p_group AND m.login <> ALL (v_people);
  INSERT INTO loyalty.case_group_member (group_code, login) SELECT p_group, x FROM unnest(v_people) x ON CONFLICT DO NOTHING;
END $$;

-- Sets one thing of a group, which begins with the first: name, lead ('': nobody), hands_out (yes or no), calendar, people (all their logins), add or
-- remove (a login).
CREATE FUNCTION loyalty.desk_group_set(p_group text, p_key text, p_value text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_was jsonb := loyalty.desk_setting_now('group', p_group);
BEGIN
  PERFORM loyalty.desk_manager();
  PERFORM loyalty.desk_code(p_group, 'group');
  INSERT INTO loyalty.case_group (group_code, name) VALUES (p_group, p_group) ON CONFLICT DO NOTHING;
  IF p_key IN ('lead', 'add') AND p_value <> '' AND NOT loyalty.case_is_staff(p_value) THEN
    RAISE EXCEPTION '% is not active support staff', p_value USING ERRCODE = 'LY004', COLUMN = p_key;
  ELSIF p_key = 'calendar' AND NOT EXISTS (SELECT FROM loyalty.calendar c WHERE c.calendar = p_value AND NOT c.is_off) THEN
    RAISE EXCEPTION 'there is no calendar "%"', p_value USING ERRCODE = 'LY004', HINT = 'make it, or switch it on: loyalty desk calendar', COLUMN = p_key;
  ELSIF p_key = 'name' AND length(btrim(p_value)) NOT BETWEEN 1 AND 60 THEN
    RAISE EXCEPTION 'a group has a name of 1 to 60 letters' USING ERRCODE = 'LY002', COLUMN = p_key;
  ELSIF p_key = 'hands_out' AND p_value NOT IN ('yes', 'no') OR p_key NOT IN ('name', 'lead', 'hands_out', 'calendar', 'people', 'add', 'remove') THEN
    RAISE EXCEPTION 'a group has no %=%', p_key, p_value USING ERRCODE = 'LY002', COLUMN = p_key,
      HINT = 'name, lead, hands_out (yes or no), calendar, people, add or remove (a login)';
  END IF;
  UPDATE loyalty.case_group g SET name = CASE p_key WHEN 'name' THEN btrim(p_value) ELSE g.name END,
         lead = CASE p_key WHEN 'lead' THEN nullif(p_value, '')::name ELSE g.lead END,
         hands_out = CASE p_key WHEN 'hands_out' THEN p_value = 'yes' ELSE g.hands_out END, calendar = CASE p_key WHEN 'calendar' THEN p_value ELSE g.calendar END
   WHERE g.group_code = p_group;
  IF p_key = 'people' THEN PERFORM loyalty.desk_people_set(p_group, p_value); END IF;
  INSERT INTO loyalty.case_group_member (group_code, login) SELECT p_group, p_value WHERE p_key = 'add' ON CONFLICT DO NOTHING;
  DELETE FROM loyalty.case_group_member m WHERE m.group_code = p_group AND m.login = p_value AND p_key = 'remove';
  PERFORM loyalty.desk_setting_changed('group', p_group, v_was);
END $$;

-- A weekday's hours of a calendar, as 09:00-12:30,13:30-18:00; '' or closed: none.
CREATE FUNCTION loyalty.desk_hours_set(p_calendar text, p_key text, p_hours text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_weekday int := array_position(ARRAY['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], p_key); v_stretch text; v_opens time; v_closes time;
  v_last time := '00:00';
BEGIN
  DELETE FROM loyalty.calendar_hours h WHERE h.calendar = p_calendar AND h.weekday = v_weekday;
  FOREACH v_stretch IN ARRAY CASE WHEN p_hours IN ('closed', '') THEN '{}'::text[] ELSE string_to_array(replace(p_hours, ' ', ''), ',') END LOOP
    IF v_stretch !~ '^([01]?[0-9]|2[0-3]):[0-5][0-9]-(([01]?[0-9]|2[0-3]):[0-5][0-9]|24:00)$' THEN
      RAISE EXCEPTION '"%" are no hours', v_stretch USING ERRCODE = 'LY002', HINT = 'as 09:00-12:30,13:30-18:00, or closed', COLUMN = p_key;
    END IF;
    v_opens := split_part(v_stretch, '-', 1)::time; v_closes := split_part(v_stretch, '-', 2)::time;
    IF v_opens >= v_closes OR v_opens < v_last THEN
      RAISE EXCEPTION '% does not come after what is before it', v_stretch USING ERRCODE = 'LY002', HINT = 'from the morning to the night, without overlap', COLUMN = p_key;
    END IF;
    INSERT INTO loyalty.calendar_hours (calendar, weekday, opens, closes) VALUES (p_calendar, v_weekday, v_opens, v_closes);
    v_last := v_closes;
  END LOOP;
END $$;

CREATE FUNCTION loyalty.desk_day(p_text text, p_column text) RETURNS date LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF p_text ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' THEN RETURN p_text::date; END IF;
  RAISE data_exception;
EXCEPTION WHEN data_exception THEN
  RAISE EXCEPTION '"%" is no day', p_text USING ERRCODE = 'LY002', HINT = 'as 2026-12-25', COLUMN = p_column;
END $$;

-- Sets one thing of a calendar, which begins with the first: zone ('': the programme's); mon to sun, a day's hours, as 09:00-12:30,13:30-18:00, or closed;
-- holiday, as 2026-12-25:Christmas; workday, as 2026-12-25.
CREATE FUNCTION loyalty.desk_calendar_set(p_calendar text, p_key text, p_value text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_day date; v_kind text := 'calendar'; v_name text := p_calendar; v_was jsonb;
BEGIN
  PERFORM loyalty.desk_manager();
  PERFORM loyalty.desk_code(p_calendar, 'calendar');
  IF p_key IN ('holiday', 'workday') THEN
    v_day := loyalty.desk_day(split_part(p_value, ':', 1), 'day'); v_kind := 'holiday'; v_name := p_calendar || '|' || v_day;
  END IF;
  v_was := loyalty.desk_setting_now(v_kind, v_name);
  INSERT INTO loyalty.calendar (calendar) VALUES (p_calendar) ON CONFLICT DO NOTHING;
  IF p_key = 'zone' THEN
    IF p_value <> '' AND NOT EXISTS (SELECT FROM pg_timezone_names z WHERE lower(z.name) = lower(p_value)) THEN
      RAISE EXCEPTION 'there is no time zone "%"', p_value USING ERRCODE = 'LY002', HINT = 'as Europe/Istanbul', COLUMN = p_key;
    END IF;
    UPDATE loyalty.calendar c SET timezone = p_value WHERE c.calendar = p_calendar;
  ELSIF p_key IN ('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun') THEN
    PERFORM loyalty.desk_hours_set(p_calendar, p_key, p_value);
  ELSIF v_kind = 'holiday' THEN
    INSERT INTO loyalty.calendar_holiday AS y (calendar, day, name) SELECT p_calendar, v_day, substr(p_value, strpos(p_value || ':', ':') + 1) WHERE p_key = 'holiday'
    ON CONFLICT (calendar, day) DO UPDATE SET name = excluded.name;
    UPDATE loyalty.calendar_holiday y SET is_off = p_key = 'workday' WHERE y.calendar = p_calendar AND y.day = v_day;
  ELSE
    RAISE EXCEPTION 'a calendar has no "%"', p_key USING ERRCODE = 'LY002', HINT = 'zone, mon to sun, holiday or workday';
  END IF;
  PERFORM loyalty.desk_setting_changed(v_kind, v_name, v_was);
END $$;

-- Sets one promise in minutes: answer, update, solution, or warn, of one priority; p_group '': of all groups without their own. Cases that are open
-- keep what was promised.
CREATE FUNCTION loyalty.desk_sla_set(p_group text, p_priority text, p_key text, p_minutes int) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_priority int := loyalty.case_priority(p_priority); v_name text := p_group || '|' || v_priority;
  v_was jsonb := loyalty.desk_setting_now('promise', v_name);
BEGIN
  PERFORM loyalty.desk_manager();
  IF p_group <> '' THEN PERFORM loyalty.case_group_known(p_group); END IF;
  IF p_key NOT IN ('answer', 'update', 'solution', 'warn') OR p_minutes IS NULL OR p_minutes > 1000000 OR p_minutes < (CASE p_key WHEN 'warn' THEN 0 ELSE 1 END) THEN
    RAISE EXCEPTION 'a promise is answer, update, solution or warn, in minutes' USING ERRCODE = 'LY002', COLUMN = p_key, HINT = 'a whole number from 1 on (warn: from 0)';
  END IF;
  INSERT INTO loyalty.case_sla SELECT p_group, s.priority, s.answer_minutes, s.update_minutes, s.solution_minutes, s.warn_minutes
    FROM loyalty.case_sla s WHERE s.group_code = '' AND s.priority = v_priority ON CONFLICT DO NOTHING;
  UPDATE loyalty.case_sla s SET answer_minutes = CASE p_key WHEN 'answer' THEN p_minutes ELSE s.answer_minutes END,
         update_minutes = CASE p_key WHEN 'update' THEN p_minutes ELSE s.update_minutes END,
         solution_minutes = CASE p_key WHEN 'solution' THEN p_minutes ELSE s.solution_minutes END,
         warn_minutes = CASE p_key WHEN 'warn' THEN p_minutes ELSE s.warn_minutes END
   WHERE s.group_code = p_group AND s.priority = v_priority;
  PERFORM loyalty.desk_setting_changed('promise', v_name, v_was);
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

-- Who has a case open, and who is writing: as long as the connection that said so is alive, so that a screen that was killed is gone at once.
CREATE UNLOGGED TABLE loyalty.case_presence (
  member_id bigint NOT NULL, case_no int NOT NULL, login name NOT NULL, pid int NOT NULL, is_writing boolean NOT NULL,
  since timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT case_presence_pk PRIMARY KEY (member_id, case_no, login, pid));
SELECT dist.distribute('loyalty.case_presence', 'member_id', 'loyalty.member');
CREATE FUNCTION loyalty.case_here(p_member_id bigint, p_case_no int, p_is_here boolean, p_is_writing boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM loyalty.case_worker();
  PERFORM set_config('synchronous_commit', 'off', true);
  DELETE FROM loyalty.case_presence p WHERE p.member_id = p_member_id AND p.case_no = p_case_no AND (p.pid = pg_backend_pid()
     OR NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.pid = p.pid AND a.usename = p.login));
  INSERT INTO loyalty.case_presence (member_id, case_no, login, pid, is_writing)
  SELECT p_member_id, p_case_no, session_user, pg_backend_pid(), p_is_writing WHERE p_is_here;
  PERFORM pg_notify('loyalty_desk', 'case ' || p_member_id || '/' || p_case_no);
END $$;
-- "Bora writes, Suzan": others who have it open; '' for nobody.
CREATE FUNCTION loyalty.case_others(p_member_id bigint, p_case_no int) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(string_agg(x.name || CASE WHEN x.writes THEN ' writes' ELSE '' END, ', ' ORDER BY x.name), '')
    FROM (SELECT coalesce(s.name, p.login) AS name, bool_or(p.is_writing) AS writes FROM loyalty.case_presence p
            JOIN pg_stat_activity a ON a.pid = p.pid AND a.usename = p.login LEFT JOIN loyalty.staff s ON s.login = p.login
           WHERE p.member_id = p_member_id AND p.case_no = p_case_no AND p.login <> session_user GROUP BY 1) x $$;

-- What a form changes at once; NULL: left as it is, whoever changed it meanwhile. p_version: as seen (NULL: any).
CREATE FUNCTION loyalty.case_edit(p_member_id bigint, p_case_no int, p_version int, p_title text, p_priority text, p_group text, p_tags text) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_case loyalty.member_case := loyalty.case_lock(p_member_id, p_case_no); r record; v_version int := v_case.version;
BEGIN
  IF (coalesce(p_title, v_case.title), coalesce(loyalty.case_priority(p_priority), v_case.priority), coalesce(p_group, v_case.group_code),
      coalesce(loyalty.case_tags_clean(string_to_array(lower(p_tags), ',')), v_case.tags)) = (v_case.title, v_case.priority, v_case.group_code, v_case.tags) THEN
    RETURN v_case.version;
  END IF;
  PERFORM loyalty.case_unchanged(v_case, p_version);
  FOR r IN SELECT * FROM (VALUES ('title', p_title), ('priority', p_priority), ('group', p_group), ('tags', p_tags)) x (word, value) WHERE value IS NOT NULL LOOP
    SELECT * INTO v_case FROM loyalty.member_case c WHERE c.member_id = p_member_id AND c.case_no = p_case_no;
    v_version := loyalty.case_do(v_case, NULL, r.word, r.value, NULL, session_user);
  END LOOP;
  RETURN v_version;
END $$;

-- Canned texts and macros. A text's places: {given_name}, {family_name}, {number}, {case}, {me}. A macro writes its text, if it has one, then does its
-- steps, as "priority=high tag=vip assign=me waiting_member" or "resolve=kept:late posting" (blanks in a value are written as _).
CREATE TABLE loyalty.case_text (
  text_code text NOT NULL, name text NOT NULL, body text NOT NULL, is_off boolean NOT NULL DEFAULT false,
  CONSTRAINT case_text_pk PRIMARY KEY (text_code),
  CONSTRAINT case_text_ck CHECK (text_code ~ '^[a-z][a-z0-9_-]{0,30}$' AND length(body) BETWEEN 1 AND 10000));
SELECT dist.reference('loyalty.case_text');
CREATE TABLE loyalty.case_macro (
  macro_code text NOT NULL, name text NOT NULL, text_code text, steps text NOT NULL DEFAULT '', is_off boolean NOT NULL DEFAULT false,
  CONSTRAINT case_macro_pk PRIMARY KEY (macro_code),
  CONSTRAINT case_macro_ck CHECK (macro_code ~ '^[a-z][a-z0-9_-]{0,30}$'));
SELECT dist.reference('loyalty.case_macro');
ALTER TABLE loyalty.case_macro ADD CONSTRAINT case_macro_text_fk FOREIGN KEY (text_code) REFERENCES loyalty.case_text;
INSERT INTO loyalty.case_text VALUES
  ('received', 'We look into it', E'Dear {given_name},\n\nthank you for your message about {case}. We look into it and write to you again.\n\nKind regards\n{me}'),
  ('posted', 'The points were posted', E'Dear {given_name},\n\nthe missing points have been posted to your account {number}. Please excuse the delay.\n\nKind regards\n{me}');
INSERT INTO loyalty.case_macro VALUES ('received', 'Say that we look into it', 'received', 'assign=me'),
  ('posted', 'Points posted: tell and resolve', 'posted', 'resolve=kept:late_posting');

CREATE FUNCTION loyalty.case_text_fill(p_body text, p_member_id bigint, p_case_no int) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
  SELECT replace(replace(replace(replace(replace(p_body, '{given_name}', m.given_name), '{family_name}', m.family_name), '{number}', m.number::text),
         '{case}', m.number || '/' || p_case_no), '{me}', coalesce((SELECT s.name FROM loyalty.staff s WHERE s.login = session_user), session_user))
    FROM loyalty.member m WHERE m.member_id = p_member_id $$;
-- The texts as they read for a case.
CREATE FUNCTION loyalty.case_texts(p_member_id bigint, p_case_no int) RETURNS TABLE (text_code text, name text, body text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT t.text_code, t.name, loyalty.case_text_fill(t.body, p_member_id, p_case_no) FROM loyalty.case_text t WHERE NOT t.is_off
   ORDER BY t.name LIMIT 60 $$;
-- p_body NULL: taken away.
CREATE FUNCTION loyalty.case_text_set(p_text text, p_name text, p_body text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_was jsonb := loyalty.desk_setting_now('text', p_text);
BEGIN
  PERFORM loyalty.desk_manager();
  PERFORM loyalty.desk_code(p_text, 'text');
  IF p_body IS NULL THEN
    DELETE FROM loyalty.case_text t WHERE t.text_code = p_text;
  ELSIF length(btrim(p_name)) NOT BETWEEN 1 AND 60 THEN
    RAISE EXCEPTION 'a text has a name of 1 to 60 letters' USING ERRCODE = 'LY002', COLUMN = 'name';
  ELSIF length(btrim(p_body, E' \n')) = 0 OR length(p_body) > 10000 THEN
    RAISE EXCEPTION 'a text has 1 to 10,000 letters' USING ERRCODE = 'LY002', COLUMN = 'body';
  ELSE
    INSERT INTO loyalty.case_text AS t (text_code, name, body) VALUES (p_text, btrim(p_name), p_body)
    ON CONFLICT (text_code) DO UPDATE SET name = excluded.name, body = excluded.body;
  END IF;
  PERFORM loyalty.desk_setting_changed('text', p_text, v_was);
END $$;

-- An error unless a macro knows these steps, and those that need a value have one that is possible.
CREATE FUNCTION loyalty.case_macro_steps(p_steps text) RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE w text; v_word text; v_value text;
BEGIN
  FOR w IN SELECT x FROM regexp_split_to_table(btrim(coalesce(p_steps, '')), '\s+') x WHERE x <> '' LOOP
    v_word := split_part(w, '=', 1); v_value := substr(w, length(v_word) + 2);
    IF v_word NOT IN ('assign', 'priority', 'group', 'tag', 'untag', 'open', 'waiting_member', 'resolve', 'close') THEN
      RAISE EXCEPTION 'a macro does no "%"', v_word USING ERRCODE = 'LY002', COLUMN = 'steps',
        HINT = 'assign, priority, group, tag, untag, open, waiting_member, resolve or close';
    ELSIF (CASE v_word WHEN 'assign' THEN v_value NOT IN ('me', 'none') AND NOT loyalty.case_is_staff(v_value)
                      WHEN 'priority' THEN v_value NOT IN ('high', 'normal', 'low')
                      WHEN 'group' THEN NOT EXISTS (SELECT FROM loyalty.case_group g WHERE g.group_code = v_value AND NOT g.is_off)
                      WHEN 'tag' THEN v_value !~ '^[[:alnum:]][[:alnum:]_.-]{0,29}$' WHEN 'untag' THEN v_value = ''
                      WHEN 'resolve' THEN v_value !~ '^(kept|lost|not_at_risk):.' ELSE v_value <> '' END) THEN
      RAISE EXCEPTION 'a macro cannot do "%"', w USING ERRCODE = 'LY002', COLUMN = 'steps', HINT = CASE v_word WHEN 'assign' THEN 'assign=me, none or a login'
        WHEN 'priority' THEN 'priority=high, normal or low' WHEN 'group' THEN 'group= and one that there is' WHEN 'tag' THEN 'tag= and a word'
        WHEN 'untag' THEN 'untag= and a word' WHEN 'resolve' THEN 'resolve=kept:late_posting, or lost: or not_at_risk: and the cause' ELSE 'the word alone' END;
    END IF;
  END LOOP;
END $$;
-- p_name NULL: taken away.
CREATE FUNCTION loyalty.case_macro_set(p_macro text, p_name text, p_text text, p_steps text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_was jsonb := loyalty.desk_setting_now('macro', p_macro);
BEGIN
  PERFORM loyalty.desk_manager();
  PERFORM loyalty.desk_code(p_macro, 'macro');
  PERFORM loyalty.case_macro_steps(p_steps);
  IF p_name IS NULL THEN
    DELETE FROM loyalty.case_macro m WHERE m.macro_code = p_macro;
  ELSIF length(btrim(p_name)) NOT BETWEEN 1 AND 60 THEN
    RAISE EXCEPTION 'a macro has a name of 1 to 60 letters' USING ERRCODE = 'LY002', COLUMN = 'name';
  ELSIF p_text <> '' AND NOT EXISTS (SELECT FROM loyalty.case_text t WHERE t.text_code = p_text AND NOT t.is_off) THEN
    RAISE EXCEPTION 'there is no text "%"', p_text USING ERRCODE = 'LY004', HINT = 'see: loyalty desk texts', COLUMN = 'text';
  ELSIF coalesce(p_text, '') = '' AND btrim(coalesce(p_steps, '')) = '' THEN
    RAISE EXCEPTION 'a macro that does nothing' USING ERRCODE = 'LY002', HINT = 'give it a text, or a step', COLUMN = 'steps';
  ELSE
    INSERT INTO loyalty.case_macro AS m (macro_code, name, text_code, steps) VALUES (p_macro, btrim(p_name), nullif(p_text, ''), coalesce(btrim(p_steps), ''))
    ON CONFLICT (macro_code) DO UPDATE SET name = excluded.name, text_code = excluded.text_code, steps = excluded.steps;
  END IF;
  PERFORM loyalty.desk_setting_changed('macro', p_macro, v_was);
END $$;
-- All of it or nothing; sent twice with one key it is done once. Returns the new version.
CREATE FUNCTION loyalty.case_macro_run(p_member_id bigint, p_case_no int, p_version int, p_key uuid, p_macro text) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_case loyalty.member_case := loyalty.case_lock(p_member_id, p_case_no); v_macro loyalty.case_macro; v_body text; w text; v_value text;
BEGIN
  SELECT * INTO v_macro FROM loyalty.case_macro m WHERE m.macro_code = p_macro AND NOT m.is_off;
  IF NOT FOUND THEN RAISE EXCEPTION 'there is no macro "%"', p_macro USING ERRCODE = 'LY004', HINT = 'see: loyalty desk macros'; END IF;
  IF EXISTS (SELECT FROM loyalty.case_article a WHERE a.member_id = p_member_id AND a.case_no = p_case_no AND a.key = p_key) THEN RETURN v_case.version; END IF;
  PERFORM loyalty.case_unchanged(v_case, p_version);
  SELECT loyalty.case_text_fill(t.body, p_member_id, p_case_no) INTO v_body FROM loyalty.case_text t WHERE t.text_code = v_macro.text_code;
  IF v_body IS NOT NULL THEN PERFORM loyalty.case_write(p_member_id, p_case_no, p_key, 'to_member', v_body); END IF;
  FOR w IN SELECT x FROM regexp_split_to_table(btrim(v_macro.steps), '\s+') x WHERE x <> '' LOOP
    SELECT * INTO v_case FROM loyalty.member_case c WHERE c.member_id = p_member_id AND c.case_no = p_case_no;
    v_value := replace(substr(w, length(split_part(w, '=', 1)) + 2), '_', ' ');
    PERFORM loyalty.case_do(v_case, NULL, split_part(w, '=', 1), CASE WHEN w LIKE 'resolve=%' THEN substr(v_value, strpos(v_value, ':') + 1)
      WHEN w = 'assign=me' THEN session_user::text ELSE substr(w, length(split_part(w, '=', 1)) + 2) END,
      CASE WHEN w LIKE 'resolve=%' THEN replace(split_part(v_value, ':', 1), ' ', '_') END, session_user);
  END LOOP;
  RETURN (SELECT c.version FROM loyalty.member_case c WHERE c.member_id = p_member_id AND c.case_no = p_case_no);
END $$;

-- What is to be done before a case of a group is resolved: it is told, not enforced.
CREATE TABLE loyalty.case_check (
  group_code text NOT NULL, check_no int NOT NULL, name text NOT NULL, is_off boolean NOT NULL DEFAULT false,
  CONSTRAINT case_check_pk PRIMARY KEY (group_code, check_no),
  CONSTRAINT case_check_name_ck CHECK (length(name) BETWEEN 1 AND 80));
SELECT dist.reference('loyalty.case_check');
ALTER TABLE loyalty.case_check ADD CONSTRAINT case_check_group_fk FOREIGN KEY (group_code) REFERENCES loyalty.case_group;
CREATE TABLE loyalty.case_checked (
  member_id bigint NOT NULL, case_no int NOT NULL, name text NOT NULL, login name NOT NULL DEFAULT session_user, at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT case_checked_pk PRIMARY KEY (member_id, case_no, name));
SELECT dist.distribute('loyalty.case_checked', 'member_id', 'loyalty.member');
ALTER TABLE loyalty.case_checked ADD CONSTRAINT case_checked_case_fk
  FOREIGN KEY (member_id, case_no) REFERENCES loyalty.member_case (member_id, case_no);
-- A group's whole list; none takes it away.
CREATE FUNCTION loyalty.case_check_set(p_group text, p_names text[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_was jsonb := loyalty.desk_setting_now('checklist', p_group); v_names text[] := ARRAY(SELECT btrim(x) FROM unnest(p_names) x WHERE btrim(x) <> '');
BEGIN
  PERFORM loyalty.desk_manager();
  PERFORM loyalty.case_group_known(p_group);
  IF EXISTS (SELECT FROM unnest(v_names) x WHERE length(x) > 80) THEN
    RAISE EXCEPTION 'a line has 80 letters at most' USING ERRCODE = 'LY002', COLUMN = 'lines';
  ELSIF cardinality(v_names) > 60 OR (SELECT count(DISTINCT x) FROM unnest(v_names) x) < cardinality(v_names) THEN
    RAISE EXCEPTION 'a line stands there once, and 60 lines at most' USING ERRCODE = 'LY002', COLUMN = 'lines';
  END IF;
  DELETE FROM loyalty.case_check k WHERE k.group_code = p_group;
  INSERT INTO loyalty.case_check (group_code, check_no, name, is_off) SELECT p_group, n, x, coalesce(v_was->>'off' = 'yes', false)
    FROM unnest(v_names) WITH ORDINALITY u (x, n);
  PERFORM loyalty.desk_setting_changed('checklist', p_group, v_was);
END $$;
-- Ticks a line off, or, done already, not.
CREATE FUNCTION loyalty.case_tick(p_member_id bigint, p_case_no int, p_name text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_case loyalty.member_case := loyalty.case_lock(p_member_id, p_case_no);
BEGIN
  IF NOT EXISTS (SELECT FROM loyalty.case_check k WHERE k.group_code = v_case.group_code AND k.name = p_name AND NOT k.is_off) THEN
    RAISE EXCEPTION 'the list has no "%"', p_name USING ERRCODE = 'LY004';
  END IF;
  DELETE FROM loyalty.case_checked d WHERE d.member_id = p_member_id AND d.case_no = p_case_no AND d.name = p_name;
  IF NOT FOUND THEN INSERT INTO loyalty.case_checked (member_id, case_no, name) VALUES (p_member_id, p_case_no, p_name); END IF;
  PERFORM pg_notify('loyalty_case', p_member_id || '/' || p_case_no);
END $$;
CREATE FUNCTION loyalty.case_checklist(p_member_id bigint, p_case_no int) RETURNS TABLE (name text, is_done boolean, login name)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT k.name, d.name IS NOT NULL, d.login FROM loyalty.member_case c JOIN loyalty.case_check k ON k.group_code = c.group_code AND NOT k.is_off
    LEFT JOIN loyalty.case_checked d ON d.member_id = p_member_id AND d.case_no = p_case_no AND d.name = k.name
   WHERE c.member_id = p_member_id AND c.case_no = p_case_no ORDER BY k.check_no $$;

-- Makes one case of two of the same member: what was said in the one stands in the other too, and what is said to it from then on. Whose it is and what
-- is promised stay those of p_into. Cases of two members are linked instead: neither is to read of the other.
CREATE FUNCTION loyalty.case_merge(p_member_id bigint, p_case_no int, p_version int, p_into int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_into loyalty.member_case; v_old loyalty.member_case; v_new loyalty.member_case;
BEGIN
  IF p_into = p_case_no THEN RAISE EXCEPTION 'a case is not merged into itself' USING ERRCODE = 'LY002'; END IF;
  IF p_into < p_case_no THEN v_into := loyalty.case_lock(p_member_id, p_into); END IF;       -- in one order, so that two who merge crosswise wait, and do not lock
  v_old := loyalty.case_lock(p_member_id, p_case_no);
  IF p_into > p_case_no THEN v_into := loyalty.case_lock(p_member_id, p_into); END IF;
  IF v_old.merged_into = p_into THEN RETURN v_old.version; END IF;
  IF v_old.state = 'merged' OR v_into.state = 'merged' THEN
    RAISE EXCEPTION 'case % is merged already', CASE WHEN v_old.state = 'merged' THEN p_case_no ELSE p_into END USING ERRCODE = 'LY021';
  END IF;
  PERFORM loyalty.case_unchanged(v_old, p_version);
  UPDATE loyalty.member_case c SET merged_into = p_into WHERE c.member_id = p_member_id AND c.merged_into = p_case_no;
  v_new := v_old; v_new.state := 'merged'; v_new.merged_into := p_into; v_new.wait_until := NULL;
  v_new.resolved_at := NULL; v_new.resolved_by := NULL; v_new.cause := NULL; v_new.outcome := NULL;
  PERFORM loyalty.case_change(v_into, v_into, 'merged', '', 'with case ' || p_case_no);
  RETURN loyalty.case_change(v_old, v_new, 'merged', v_old.state, 'into case ' || p_into);
END $$;
-- Takes it out again, open.
CREATE FUNCTION loyalty.case_unmerge(p_member_id bigint, p_case_no int) RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_old loyalty.member_case := loyalty.case_lock(p_member_id, p_case_no); v_new loyalty.member_case;
BEGIN
  IF v_old.state <> 'merged' THEN RETURN v_old.version; END IF;
  v_new := v_old; v_new.state := 'open'; v_new.merged_into := NULL;
  RETURN loyalty.case_change(v_old, v_new, 'unmerged', 'into case ' || v_old.merged_into, 'open');
END $$;

-- Cases that have to do with one another, of whichever members. Each side knows the other.
CREATE TABLE loyalty.case_link (
  member_id bigint NOT NULL, case_no int NOT NULL, other_member_id bigint NOT NULL, other_case_no int NOT NULL, login name NOT NULL DEFAULT session_user,
  CONSTRAINT case_link_pk PRIMARY KEY (member_id, case_no, other_member_id, other_case_no));
SELECT dist.distribute('loyalty.case_link', 'member_id', 'loyalty.member');
ALTER TABLE loyalty.case_link ADD CONSTRAINT case_link_case_fk
  FOREIGN KEY (member_id, case_no) REFERENCES loyalty.member_case (member_id, case_no);
CREATE FUNCTION loyalty.case_link_set(p_member_id bigint, p_case_no int, p_other_member_id bigint, p_other_case_no int, p_is_on boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM loyalty.case_worker();
  IF (p_member_id, p_case_no) = (p_other_member_id, p_other_case_no) THEN RAISE EXCEPTION 'a case is not linked with itself' USING ERRCODE = 'LY002'; END IF;
  DELETE FROM loyalty.case_link l WHERE (l.member_id, l.case_no, l.other_member_id, l.other_case_no) = (p_member_id, p_case_no, p_other_member_id, p_other_case_no);
  DELETE FROM loyalty.case_link l WHERE (l.member_id, l.case_no, l.other_member_id, l.other_case_no) = (p_other_member_id, p_other_case_no, p_member_id, p_case_no);
  IF p_is_on THEN
    INSERT INTO loyalty.case_link (member_id, case_no, other_member_id, other_case_no)          -- in one order, as two who merge
    SELECT * FROM (VALUES (p_member_id, p_case_no, p_other_member_id, p_other_case_no), (p_other_member_id, p_other_case_no, p_member_id, p_case_no)) x (m, c, om, oc)
     ORDER BY m, c;
  END IF;
  PERFORM pg_notify('loyalty_case', p_member_id || '/' || p_case_no);
  PERFORM pg_notify('loyalty_case', p_other_member_id || '/' || p_other_case_no);
END $$;
-- What one article is about becomes a case of its own, linked with this one. Sent twice with one key it is done once. Returns its number.
CREATE FUNCTION loyalty.case_split(p_member_id bigint, p_case_no int, p_article_no int, p_key uuid, p_title text) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_case loyalty.member_case; a loyalty.case_article; v_no int;
BEGIN
  PERFORM FROM loyalty.standing s WHERE s.member_id = p_member_id FOR NO KEY UPDATE;           -- first, as all who open cases
  v_case := loyalty.case_lock(p_member_id, p_case_no);
  SELECT * INTO a FROM loyalty.case_article x WHERE x.member_id = p_member_id AND x.case_no = p_case_no AND x.article_no = p_article_no;
  IF NOT FOUND THEN RAISE EXCEPTION 'there is no article %', p_article_no USING ERRCODE = 'LY004'; END IF;
  -- An answer was sent once: in the new case it stands as a note of what was said.
  v_no := loyalty.case_open(p_member_id, p_key, p_title, v_case.channel, v_case.priority, CASE a.kind WHEN 'to_member' THEN 'internal' ELSE a.kind END, a.body,
    v_case.group_code, v_case.tags);
  IF NOT EXISTS (SELECT FROM loyalty.case_link l WHERE l.member_id = p_member_id AND l.case_no = v_no) THEN
    PERFORM loyalty.case_link_set(p_member_id, p_case_no, p_member_id, v_no, true);
    PERFORM loyalty.case_change(v_case, v_case, 'split', '', 'case ' || v_no);
  END IF;
  RETURN v_no;
END $$;
-- "1002764/3 Stars missing (open)" of each case that has to do with this one: linked, merged into it, or what it was merged into.
CREATE FUNCTION loyalty.case_relations(p_member_id bigint, p_case_no int) RETURNS TABLE (what text, member_id bigint, case_no int, number bigint, title text, state text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT x.what, c.member_id, c.case_no, m.number, c.title, c.state
    FROM (SELECT 'linked' AS what, l.other_member_id AS member_id, l.other_case_no AS case_no FROM loyalty.case_link l
           WHERE l.member_id = p_member_id AND l.case_no = p_case_no
          UNION ALL SELECT 'merged here', y.member_id, y.case_no FROM loyalty.member_case y WHERE y.member_id = p_member_id AND y.merged_into = p_case_no
          UNION ALL SELECT 'merged into', y.member_id, y.merged_into FROM loyalty.member_case y
           WHERE y.member_id = p_member_id AND y.case_no = p_case_no AND y.merged_into IS NOT NULL) x
    JOIN loyalty.member_case c ON c.member_id = x.member_id AND c.case_no = x.case_no JOIN loyalty.member m ON m.member_id = x.member_id
   ORDER BY 1, 4, 3 LIMIT 20 $$;

-- One thing done to many cases, by a worker, in pieces: it goes on where it was after a crash, and can be undone. Rows keep what a case was before, and
-- its version after, so that undoing touches none that somebody changed since.
CREATE SEQUENCE loyalty.case_job_seq AS bigint;
CREATE TABLE loyalty.case_job (
  job_no bigint NOT NULL DEFAULT nextval('loyalty.case_job_seq'), login name NOT NULL DEFAULT session_user, asked_at timestamptz NOT NULL DEFAULT now(),
  word text NOT NULL, value text, also text, filter text NOT NULL, key uuid NOT NULL,
  state text NOT NULL DEFAULT 'waiting', total bigint NOT NULL DEFAULT 0, done bigint NOT NULL DEFAULT 0, failed bigint NOT NULL DEFAULT 0,
  undone bigint NOT NULL DEFAULT 0, ended_at timestamptz,
  CONSTRAINT case_job_pk PRIMARY KEY (job_no),
  CONSTRAINT case_job_state_ck CHECK (state IN ('waiting', 'done', 'stopped', 'undoing', 'undone')));
SELECT dist.reference('loyalty.case_job');
CREATE UNIQUE INDEX case_job_key ON loyalty.case_job (login, key);
CREATE TABLE loyalty.case_job_row (
  member_id bigint NOT NULL, case_no int NOT NULL, job_no bigint NOT NULL, state text NOT NULL DEFAULT 'waiting',
  before jsonb, version int, why text NOT NULL DEFAULT '',
  CONSTRAINT case_job_row_pk PRIMARY KEY (member_id, case_no, job_no),
  CONSTRAINT case_job_row_state_ck CHECK (state IN ('waiting', 'done', 'failed', 'undone', 'changed')));
SELECT dist.distribute('loyalty.case_job_row', 'member_id', 'loyalty.member');
ALTER TABLE loyalty.case_job_row ADD CONSTRAINT case_job_row_case_fk
  FOREIGN KEY (member_id, case_no) REFERENCES loyalty.member_case (member_id, case_no);
CREATE INDEX case_job_row_state ON loyalty.case_job_row (job_no, state);

-- Asks for it, of the cases named ("12|3 14|1": ids of member and case) or of all that p_filter shows. Sent twice with one key it is asked once.
CREATE FUNCTION loyalty.case_job_start(p_key uuid, p_word text, p_value text, p_also text, p_filter text, p_cases text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_no bigint; v_rows bigint; f loyalty.case_filter := loyalty.case_filter_of(p_filter);
BEGIN
  PERFORM loyalty.case_worker();
  SELECT j.job_no INTO v_no FROM loyalty.case_job j WHERE j.login = session_user AND j.key = p_key;
  IF FOUND THEN RETURN v_no; END IF;
  IF p_word NOT IN ('assign', 'priority', 'group', 'tag', 'untag', 'open', 'waiting_member', 'wait', 'resolve', 'close') THEN
    RAISE EXCEPTION 'nothing that is done to many is called "%"', p_word USING ERRCODE = 'LY002',
      HINT = 'assign, priority, group, tag, untag, open, waiting_member, wait, resolve or close';
  END IF;
  INSERT INTO loyalty.case_job (word, value, also, filter, key) VALUES (p_word, p_value, p_also, CASE WHEN p_cases IS NULL THEN coalesce(p_filter, '') ELSE 'marked' END, p_key)
  RETURNING job_no INTO v_no;
  IF p_cases IS NOT NULL THEN
    INSERT INTO loyalty.case_job_row (member_id, case_no, job_no)
    SELECT DISTINCT c.member_id, c.case_no, v_no FROM regexp_split_to_table(btrim(p_cases), '\s+') x
      JOIN loyalty.member_case c ON c.member_id = split_part(x, '|', 1)::bigint AND c.case_no = split_part(x, '|', 2)::int;
  ELSE
    INSERT INTO loyalty.case_job_row (member_id, case_no, job_no)
    SELECT c.member_id, c.case_no, v_no FROM loyalty.member_case c
     WHERE c.state = ANY (f.states) AND (f.owners IS NULL OR coalesce(c.owner, '') = ANY (f.owners)) AND (f.group_code IS NULL OR c.group_code = f.group_code)
       AND (f.priority IS NULL OR c.priority = f.priority) AND (f.tag IS NULL OR c.tags @> ARRAY[f.tag]) AND (f.is_late IS NULL OR c.is_late);
  END IF;
  GET DIAGNOSTICS v_rows = ROW_COUNT;
  IF v_rows = 0 THEN RAISE EXCEPTION 'no case is meant' USING ERRCODE = 'LY004'; END IF;
  UPDATE loyalty.case_job j SET total = v_rows WHERE j.job_no = v_no;
  PERFORM loyalty.audit_write(0, 'case.job', v_no::text, jsonb_build_object(p_word, jsonb_build_array(NULL, p_value), 'cases', jsonb_build_array(NULL, v_rows)));
  PERFORM pg_notify('loyalty_desk', 'job ' || v_no);
  RETURN v_no;
END $$;
-- One's own, or, for managers and administrators, anybody's.
CREATE FUNCTION loyalty.case_job_of(p_job_no bigint) RETURNS loyalty.case_job LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_job loyalty.case_job;
BEGIN
  PERFORM loyalty.case_worker();
  SELECT * INTO v_job FROM loyalty.case_job j WHERE j.job_no = p_job_no AND (j.login = session_user OR loyalty.caller_role() <> 'support') FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'there is no job % of yours', p_job_no USING ERRCODE = 'LY004', HINT = 'see: loyalty case jobs'; END IF;
  RETURN v_job;
END $$;
CREATE FUNCTION loyalty.case_job_stop(p_job_no bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM loyalty.case_job_of(p_job_no);
  UPDATE loyalty.case_job j SET state = 'stopped', ended_at = now() WHERE j.job_no = p_job_no AND j.state = 'waiting';
  PERFORM pg_notify('loyalty_desk', 'job ' || p_job_no);
END $$;
CREATE FUNCTION loyalty.case_job_undo(p_job_no bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF (loyalty.case_job_of(p_job_no)).state IN ('undoing', 'undone') THEN RETURN; END IF;
  UPDATE loyalty.case_job j SET state = 'undoing', ended_at = NULL WHERE j.job_no = p_job_no;
  PERFORM loyalty.audit_write(0, 'case.job.undo', p_job_no::text, NULL);
  PERFORM pg_notify('loyalty_desk', 'job ' || p_job_no);
END $$;

-- p_waits: for somebody who is at the case. A job that has changed a case waits for nobody: who has the next may wait for what the job has.
CREATE FUNCTION loyalty.case_job_do(p_job loyalty.case_job, p_row loyalty.case_job_row, p_waits boolean) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_case loyalty.member_case; v_old loyalty.member_case; v_version int;
BEGIN
  IF p_waits THEN
    SELECT * INTO v_case FROM loyalty.member_case c WHERE c.member_id = p_row.member_id AND c.case_no = p_row.case_no FOR UPDATE;
  ELSE
    SELECT * INTO v_case FROM loyalty.member_case c WHERE c.member_id = p_row.member_id AND c.case_no = p_row.case_no FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN RETURN 'later'; END IF;
  END IF;
  IF p_job.state = 'waiting' THEN
    v_version := loyalty.case_do(v_case, NULL, p_job.word, p_job.value, p_job.also, p_job.login);
    UPDATE loyalty.case_job_row r SET state = 'done', before = to_jsonb(v_case), version = v_version
     WHERE r.member_id = p_row.member_id AND r.case_no = p_row.case_no AND r.job_no = p_row.job_no;
    RETURN 'done';
  END IF;
  IF v_case.version <> p_row.version THEN
    UPDATE loyalty.case_job_row r SET state = 'changed', why = 'changed since'
     WHERE r.member_id = p_row.member_id AND r.case_no = p_row.case_no AND r.job_no = p_row.job_no;
    RETURN 'changed';
  END IF;
  v_old := jsonb_populate_record(NULL::loyalty.member_case, p_row.before);
  IF v_old.version <> v_case.version THEN                      -- else it was so already, and nothing was done
    IF v_case.state = 'resolved' AND v_old.state <> 'resolved' THEN
      DELETE FROM loyalty.case_resolution r WHERE r.member_id = v_case.member_id AND r.case_no = v_case.case_no AND r.reopened_at IS NULL;
    END IF;
    v_old.articles := v_case.articles; v_old.answers := v_case.answers; v_old.events := v_case.events; v_old.version := v_case.version;
    PERFORM loyalty.case_change(v_case, v_old, 'undone', p_job.word, 'job ' || p_job.job_no, p_job.login);
  END IF;
  UPDATE loyalty.case_job_row r SET state = 'undone' WHERE r.member_id = p_row.member_id AND r.case_no = p_row.case_no AND r.job_no = p_row.job_no;
  RETURN 'undone';
END $$;

-- A piece of the oldest job, for a worker; returns how many cases that was. What cannot be done to a case is written down with why, and the rest goes on.
CREATE FUNCTION loyalty.case_job_step(p_rows int) RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_job loyalty.case_job; r loyalty.case_job_row; v_done int := 0; v_word text; v_good int := 0; v_bad int := 0; v_undone int := 0; v_later int := 0;
BEGIN
  SELECT * INTO v_job FROM loyalty.case_job j WHERE j.state IN ('waiting', 'undoing') ORDER BY j.job_no LIMIT 1 FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN RETURN 0; END IF;
  FOR r IN SELECT * FROM loyalty.case_job_row x WHERE x.job_no = v_job.job_no AND x.state = CASE v_job.state WHEN 'waiting' THEN 'waiting' ELSE 'done' END
            ORDER BY x.member_id, x.case_no LIMIT p_rows LOOP
    v_done := v_done + 1;
    BEGIN
      v_word := loyalty.case_job_do(v_job, r, v_done = 1);
      v_good := v_good + (v_word = 'done')::int; v_undone := v_undone + (v_word = 'undone')::int; v_later := v_later + (v_word = 'later')::int;
    EXCEPTION WHEN SQLSTATE 'LY001' OR SQLSTATE 'LY002' OR SQLSTATE 'LY004' OR SQLSTATE 'LY021' OR data_exception THEN
      v_bad := v_bad + 1;
      UPDATE loyalty.case_job_row x SET state = 'failed', why = sqlerrm WHERE x.member_id = r.member_id AND x.case_no = r.case_no AND x.job_no = r.job_no;
    END;
  END LOOP;
  UPDATE loyalty.case_job j SET done = j.done + v_good, failed = j.failed + v_bad, undone = j.undone + v_undone,
         state = CASE WHEN v_done = p_rows OR v_later > 0 THEN j.state WHEN j.state = 'waiting' THEN 'done' ELSE 'undone' END,
         ended_at = CASE WHEN v_done < p_rows AND v_later = 0 THEN now() END WHERE j.job_no = v_job.job_no;
  PERFORM pg_notify('loyalty_desk', 'job ' || v_job.job_no);
  RETURN greatest(v_done, 1);
END $$;
-- Jobs, the newest first, with what went wrong in words.
CREATE FUNCTION loyalty.case_jobs(p_rows int) RETURNS TABLE (job_no bigint, login name, what text, filter text, state text, total bigint, done bigint, failed bigint,
  undone bigint, why text, age_s bigint) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT j.job_no, j.login, concat_ws(' ', j.word, j.value, j.also), j.filter, j.state, j.total, j.done, j.failed, j.undone,
         coalesce((SELECT r.why FROM loyalty.case_job_row r WHERE r.job_no = j.job_no AND r.why <> '' LIMIT 1), ''), extract(epoch FROM now() - j.asked_at)::bigint
    FROM loyalty.case_job j WHERE j.login = session_user OR loyalty.caller_role() <> 'support' ORDER BY j.job_no DESC LIMIT p_rows $$;

-- What an event that waits would do, a line each: what of whom, as it is, as it would be. Last, where there is one, the trouble that has come up since.
CREATE FUNCTION loyalty.approval_effect(p_member_id bigint, p_source text, p_external_id text) RETURNS TABLE (what text, has text, becomes text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE a loyalty.approval; c loyalty.currency; v_other bigint; v_unit numeric; v_amount numeric; v_trouble text;
BEGIN
  PERFORM loyalty.case_worker();
  SELECT * INTO a FROM loyalty.approval x WHERE x.member_id = p_member_id AND x.source = p_source AND x.external_id = p_external_id;
  IF NOT FOUND THEN RAISE EXCEPTION 'there is no such request' USING ERRCODE = 'LY004'; END IF;
  IF a.type IN ('transfer', 'merge') THEN v_other := loyalty.member_of(a.body->>'receiver'); END IF;
  IF a.type IN ('adjust', 'transfer') THEN
    SELECT * INTO c FROM loyalty.currency x WHERE x.code = a.body->>'currency' OR (NOT a.body ? 'currency' AND x.currency_id = 1);
    v_unit := power(10::numeric, c.decimals); v_amount := (a.body->>'amount')::numeric / v_unit * CASE a.type WHEN 'transfer' THEN -1 ELSE 1 END;
    RETURN QUERY SELECT m.number || ' ' || btrim(m.given_name || ' ' || m.family_name), trim_scale(b.points) || ' ' || c.code,
        trim_scale(b.points + CASE x.member_id WHEN p_member_id THEN v_amount ELSE -v_amount END) || ' ' || c.code
      FROM (VALUES (1, p_member_id), (2, v_other)) x (n, member_id) JOIN loyalty.member m USING (member_id),
           LATERAL (SELECT coalesce((SELECT l.points FROM loyalty.balance l WHERE l.member_id = x.member_id AND l.currency_id = c.currency_id), 0) / v_unit AS points) b
     ORDER BY x.n;
  ELSIF a.type = 'merge' AND v_other IS NOT NULL THEN
    RETURN QUERY SELECT * FROM loyalty.merge_preview(p_member_id, v_other);
  ELSIF a.type = 'unmerge' THEN
    RETURN QUERY SELECT 'member'::text, 'merged into ' || m.number || ' ' || btrim(m.given_name || ' ' || m.family_name), 'stands by itself again, with what it brought'::text
      FROM loyalty.member_merge g JOIN loyalty.member m ON m.member_id = g.target_id WHERE g.member_id = p_member_id ORDER BY g.seq DESC LIMIT 1;
  ELSIF a.type = 'tier_grant' THEN
    RETURN QUERY SELECT l.code, coalesce(t.code, 'none'), (a.body->>'tier') || coalesce(' until ' || (a.body->>'until'), '')
      FROM loyalty.ladder l LEFT JOIN LATERAL (SELECT x.tier_id FROM loyalty.member_tier x WHERE x.member_id = p_member_id AND x.ladder_id = l.ladder_id
             ORDER BY x.change_no DESC LIMIT 1) h ON true LEFT JOIN loyalty.tier t ON t.tier_id = h.tier_id
     WHERE l.code = coalesce(a.body->>'ladder', l.code) ORDER BY l.ladder_id LIMIT 1;
  ELSIF a.type IN ('purchase', 'activity', 'partner') THEN
    RETURN QUERY SELECT 'points'::text, trim_scale(b.points / power(10::numeric, c.decimals)) || ' ' || c.code, 'and what the rules give for it'::text
      FROM loyalty.balance b JOIN loyalty.currency c USING (currency_id) WHERE b.member_id = p_member_id ORDER BY c.currency_id LIMIT 3;
  END IF;
  v_trouble := CASE a.type WHEN 'transfer' THEN coalesce(loyalty.giver_trouble(p_member_id), loyalty.transfer_trouble(p_member_id,
    (SELECT m.number FROM loyalty.member m WHERE m.member_id = v_other))) END;
  IF v_trouble IS NOT NULL THEN RETURN QUERY SELECT 'trouble'::text, v_trouble, 'it cannot be approved'::text; END IF;
END $$;

-- The work figures of a period, by group, person or altogether (p_by: group, person, all). A case counts each time it was resolved, when and by whom
-- and in the group it was then. Waiting is in seconds of the group's calendar from when the case was opened. Of a hundred resolutions: late_answer, had
-- its first answer, late_update, a further one, late_solution, was resolved after what was promised; reopened, did not last; first_contact, took one
-- answer and lasted. saved: of those that were at risk (kept or lost), kept. rated: how many members said how it went, after that resolution; pleased: of
-- a hundred of them, those in the best class of the survey that asked.
CREATE FUNCTION loyalty.desk_figures(p_from date, p_to date, p_by text) RETURNS TABLE (who text, resolved bigint, answer_median_s bigint, answer_p90_s bigint,
  solution_median_s bigint, solution_p90_s bigint, late_answer numeric, late_update numeric, late_solution numeric, reopened numeric, first_contact numeric,
  kept bigint, lost bigint, saved numeric, rated bigint, pleased numeric) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM loyalty.desk_manager();
  IF p_by NOT IN ('group', 'person', 'all') OR p_by IS NULL THEN
    RAISE EXCEPTION 'figures are by group, person or all' USING ERRCODE = 'LY002';
  END IF;
  RETURN QUERY SELECT CASE p_by WHEN 'group' THEN r.group_code WHEN 'person' THEN r.by_login::text ELSE 'all' END, count(*),
      percentile_disc(0.5) WITHIN GROUP (ORDER BY r.answer_s), percentile_disc(0.9) WITHIN GROUP (ORDER BY r.answer_s),
      percentile_disc(0.5) WITHIN GROUP (ORDER BY r.solution_s), percentile_disc(0.9) WITHIN GROUP (ORDER BY r.solution_s),
      round(100.0 * count(*) FILTER (WHERE r.is_answer_late) / count(*), 1), round(100.0 * count(*) FILTER (WHERE r.late_updates > 0) / count(*), 1),
      round(100.0 * count(*) FILTER (WHERE r.is_solution_late) / count(*), 1), round(100.0 * count(r.reopened_at) / count(*), 1),
      round(100.0 * count(*) FILTER (WHERE r.answers = 1 AND r.reopened_at IS NULL) / count(*), 1),
      count(*) FILTER (WHERE r.outcome = 'kept'), count(*) FILTER (WHERE r.outcome = 'lost'),
      round(100.0 * count(*) FILTER (WHERE r.outcome = 'kept') / nullif(count(*) FILTER (WHERE r.outcome <> 'not_at_risk'), 0), 1),
      count(w.is_pleased), round(100.0 * count(*) FILTER (WHERE w.is_pleased) / nullif(count(w.is_pleased), 0), 1)
    FROM loyalty.programme p, loyalty.case_resolution r
    LEFT JOIN LATERAL (SELECT loyalty.survey_class(s, a.score) = 2 AS is_pleased FROM loyalty.survey_response a JOIN loyalty.survey s USING (survey_id)
                        WHERE a.member_id = r.member_id AND a.about_case = r.case_no AND a.answered_at >= r.at
                          AND NOT EXISTS (SELECT FROM loyalty.case_resolution l WHERE l.member_id = r.member_id AND l.case_no = r.case_no
                                             AND l.resolution_no > r.resolution_no AND l.at <= a.answered_at)
                        ORDER BY a.answered_at LIMIT 1) w ON true
   WHERE r.at >= p_from::timestamp AT TIME ZONE p.timezone AND r.at < (p_to + 1)::timestamp AT TIME ZONE p.timezone GROUP BY 1 ORDER BY 2 DESC, 1;
END $$;

-- The audit log as a manager reads it, newest first: of a login, an action that begins so, a member, days; reads only: who read personal data. Any may be
-- NULL. p_key: a row's key.
CREATE FUNCTION loyalty.audit_page(p_login text, p_action text, p_member_id bigint, p_from date, p_to date, p_reads boolean, p_page text, p_key text, p_rows int)
RETURNS TABLE (key text, at text, login name, application text, client text, action text, object text, changed text, member_id bigint, number bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_zone text := (SELECT p.timezone FROM loyalty.programme p); v_back boolean := p_page IN ('last', 'before'); v_at timestamptz; v_member bigint; v_no bigint;
BEGIN
  PERFORM loyalty.desk_manager();
  v_at := CASE WHEN v_back THEN '-infinity' ELSE 'infinity' END;
  IF p_key IS NOT NULL AND p_page IN ('after', 'before', 'from') THEN
    v_at := split_part(p_key, '|', 1)::timestamptz; v_member := split_part(p_key, '|', 2)::bigint; v_no := split_part(p_key, '|', 3)::bigint;
  END IF;
  RETURN QUERY EXECUTE format(
    'SELECT x.at::text || ''|'' || x.member_id || ''|'' || x.audit_no, to_char(x.at AT TIME ZONE $1, ''YYYY-MM-DD HH24:MI:SS''), x.login, x.application,
            coalesce(host(x.client), ''''), x.action, x.object, coalesce(x.changed::text, ''''), x.member_id, m.number
       FROM (SELECT * FROM loyalty.audit_log a WHERE (a.at, a.member_id, a.audit_no) %s ($2, coalesce($3, %s), coalesce($4, %s)) %s%s%s%s%s%s
              ORDER BY a.at %s, a.member_id %s, a.audit_no %s LIMIT $10) x
       LEFT JOIN loyalty.member m ON m.member_id = x.member_id ORDER BY x.at DESC, x.member_id DESC, x.audit_no DESC',
    CASE WHEN v_back THEN '>' ELSE '<' END || CASE WHEN p_page = 'from' THEN '=' ELSE '' END,
    CASE WHEN v_back THEN '-1' ELSE '9223372036854775807' END, CASE WHEN v_back THEN '-1' ELSE '9223372036854775807' END,
    CASE WHEN p_login IS NULL THEN '' ELSE ' AND a.login = $5' END, CASE WHEN p_action IS NULL THEN '' ELSE ' AND starts_with(a.action, $6)' END,
    CASE WHEN p_member_id IS NULL THEN '' ELSE ' AND a.member_id = $7' END,
    CASE WHEN p_from IS NULL THEN '' ELSE ' AND a.at >= $8::timestamp AT TIME ZONE $1' END,
    CASE WHEN p_to IS NULL THEN '' ELSE ' AND a.at < ($9 + 1)::timestamp AT TIME ZONE $1' END,
    CASE WHEN p_reads THEN ' AND a.action LIKE ''%.read''' ELSE '' END,
    CASE WHEN v_back THEN 'ASC' ELSE 'DESC' END, CASE WHEN v_back THEN 'ASC' ELSE 'DESC' END, CASE WHEN v_back THEN 'ASC' ELSE 'DESC' END)
    USING v_zone, v_at, v_member, v_no, p_login::name, p_action, p_member_id, p_from, p_to, p_rows;
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
  loyalty.case_tally, loyalty.case_tag, loyalty.case_follower, loyalty.staff_away, loyalty.case_resolution, loyalty.case_text, loyalty.case_macro, loyalty.case_check,
  loyalty.case_link TO loyalty_support, loyalty_manager, loyalty_admin;
GRANT EXECUTE ON FUNCTION loyalty.case_set(bigint, int, int, text, text, text), loyalty.case_of(text), loyalty.case_filter_of(text), loyalty.case_filter_count(text), loyalty.case_queues(),
  loyalty.case_filter_is_rare(loyalty.case_filter, loyalty.case_filter, int),
  loyalty.case_queue_set(text, text, boolean), loyalty.case_page(text, text, text, int), loyalty.case_priority(text), loyalty.staff_stood_for(name),
  loyalty.staff_away_set(name, name, timestamptz), loyalty.case_follow(bigint, int, boolean), loyalty.desk_inbox_page(text, text, int), loyalty.desk_inbox_unread(),
  loyalty.desk_inbox_read(bigint, int), loyalty.case_draft_save(bigint, int, text, text, uuid), loyalty.case_drafts(bigint, int),
  loyalty.case_here(bigint, int, boolean, boolean), loyalty.case_others(bigint, int), loyalty.case_edit(bigint, int, int, text, text, text, text),
  loyalty.case_texts(bigint, int), loyalty.case_macro_run(bigint, int, int, uuid, text), loyalty.case_tick(bigint, int, text), loyalty.case_checklist(bigint, int),
  loyalty.case_merge(bigint, int, int, int), loyalty.case_unmerge(bigint, int), loyalty.case_link_set(bigint, int, bigint, int, boolean),
  loyalty.case_split(bigint, int, int, uuid, text), loyalty.case_relations(bigint, int), loyalty.case_job_start(uuid, text, text, text, text, text),
  loyalty.case_job_stop(bigint), loyalty.case_job_undo(bigint), loyalty.case_jobs(int), loyalty.approval_effect(bigint, text, text)
  TO loyalty_support, loyalty_manager, loyalty_admin;
GRANT EXECUTE ON FUNCTION loyalty.desk_group_set(text, text, text), loyalty.desk_calendar_set(text, text, text), loyalty.desk_sla_set(text, text, text, int),
  loyalty.case_text_set(text, text, text), loyalty.case_macro_set(text, text, text, text), loyalty.case_check_set(text, text[]),
  loyalty.desk_figures(date, date, text), loyalty.audit_page(text, text, bigint, date, date, boolean, text, text, int)
  TO loyalty_manager, loyalty_admin;
GRANT EXECUTE ON FUNCTION loyalty.case_broken() TO loyalty_manager, loyalty_admin, loyalty_worker;
GRANT EXECUTE ON FUNCTION loyalty.case_clock(), loyalty.case_job_step(int) TO loyalty_worker;
