-- All that is set up at the desk, in one shape: of each kind its rows with their fields as text, changed field by field against what was seen, switched
-- off and on again, and each change written down with old and new. The functions of 0029_desk.sql that set one thing do the writing.

-- The fields of a kind, in their order; the first desk_setting_keys() name the row.
CREATE FUNCTION loyalty.desk_setting_names(p_kind text) RETURNS text[] LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE p_kind WHEN 'calendar' THEN '{calendar,zone,mon,tue,wed,thu,fri,sat,sun}' WHEN 'holiday' THEN '{calendar,day,name}'
    WHEN 'group' THEN '{group,name,lead,people,hands_out,calendar}' WHEN 'promise' THEN '{group,priority,answer,update,solution,warn}'
    WHEN 'text' THEN '{text,name,body}' WHEN 'macro' THEN '{macro,name,text,steps}' WHEN 'checklist' THEN '{group,lines}'
    WHEN 'queue' THEN '{name,filter}' END::text[] $$;
CREATE FUNCTION loyalty.desk_setting_keys(p_kind text) RETURNS int LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN p_kind IN ('holiday', 'promise') THEN 2 ELSE 1 END $$;
CREATE FUNCTION loyalty.desk_setting_key(p_kind text, p_fields text[]) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE p_kind WHEN 'promise' THEN p_fields[1] || '|' || loyalty.case_priority(p_fields[2]) WHEN 'queue' THEN lower(p_fields[1])
                     ELSE array_to_string(p_fields[1:loyalty.desk_setting_keys(p_kind)], '|') END $$;

-- Promises of '' are those of all groups without their own. A queue is everybody's here.
CREATE FUNCTION loyalty.desk_setting_rows(p_kind text) RETURNS TABLE (key text, is_off boolean, fields text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT c.calendar, c.is_off, ARRAY[c.calendar, c.timezone] || ARRAY(
           SELECT coalesce((SELECT string_agg(to_char(h.opens, 'HH24:MI') || '-' || to_char(h.closes, 'HH24:MI'), ',' ORDER BY h.opens)
                             FROM loyalty.calendar_hours h WHERE h.calendar = c.calendar AND h.weekday = d), '')
             FROM generate_series(1, 7) d ORDER BY d)
    FROM loyalty.calendar c WHERE p_kind = 'calendar'
  UNION ALL SELECT y.calendar || '|' || y.day, y.is_off, ARRAY[y.calendar, y.day::text, y.name] FROM loyalty.calendar_holiday y WHERE p_kind = 'holiday'
  UNION ALL SELECT g.group_code, g.is_off, ARRAY[g.group_code, g.name, coalesce(g.lead, ''),
           coalesce((SELECT string_agg(m.login, ' ' ORDER BY m.login) FROM loyalty.case_group_member m WHERE m.group_code = g.group_code), ''),
           CASE WHEN g.hands_out THEN 'yes' ELSE 'no' END, g.calendar] FROM loyalty.case_group g WHERE p_kind = 'group'
  UNION ALL SELECT s.group_code || '|' || s.priority, s.is_off, ARRAY[s.group_code, (ARRAY['high', 'normal', 'low'])[s.priority], s.answer_minutes::text,
           s.update_minutes::text, s.solution_minutes::text, s.warn_minutes::text] FROM loyalty.case_sla s WHERE p_kind = 'promise'
  UNION ALL SELECT t.text_code, t.is_off, ARRAY[t.text_code, t.name, t.body] FROM loyalty.case_text t WHERE p_kind = 'text'
  UNION ALL SELECT m.macro_code, m.is_off, ARRAY[m.macro_code, m.name, coalesce(m.text_code, ''), m.steps] FROM loyalty.case_macro m WHERE p_kind = 'macro'
  UNION ALL SELECT k.group_code, bool_or(k.is_off), ARRAY[k.group_code, string_agg(k.name, E'\n' ORDER BY k.check_no)] FROM loyalty.case_check k
   WHERE p_kind = 'checklist' GROUP BY k.group_code
  UNION ALL SELECT lower(q.name), q.is_off, ARRAY[q.name, q.filter] FROM loyalty.case_queue q WHERE p_kind = 'queue' AND q.owner IS NULL $$;

-- The same for whoever sets the desk up.
CREATE FUNCTION loyalty.desk_settings(p_kind text) RETURNS TABLE (key text, is_off boolean, fields text[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM loyalty.desk_manager();
  IF loyalty.desk_setting_names(p_kind) IS NULL THEN
    RAISE EXCEPTION 'nothing of the desk is called "%"', p_kind USING ERRCODE = 'LY002',
      HINT = 'calendar, holiday, group, promise, text, macro, checklist or queue';
  END IF;
  RETURN QUERY SELECT * FROM loyalty.desk_setting_rows(p_kind);
END $$;

-- One row by its fields, and whether it is off; NULL: there is none.
CREATE FUNCTION loyalty.desk_setting_now(p_kind text, p_key text) RETURNS jsonb LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT (SELECT jsonb_object_agg(n, f) FROM unnest(loyalty.desk_setting_names(p_kind), r.fields) u (n, f))
         || jsonb_build_object('off', CASE WHEN r.is_off THEN 'yes' ELSE 'no' END)
    FROM loyalty.desk_setting_rows(p_kind) r WHERE r.key = p_key $$;

-- Writes down what has become of the row since p_was, field by field, and tells open screens; nothing where nothing has.
CREATE FUNCTION loyalty.desk_setting_changed(p_kind text, p_key text, p_was jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_is jsonb := loyalty.desk_setting_now(p_kind, p_key); v_changed jsonb;
BEGIN
  SELECT jsonb_object_agg(n, jsonb_build_array(p_was->n, v_is->n)) INTO v_changed FROM unnest(loyalty.desk_setting_names(p_kind) || ARRAY['off']) n
   WHERE p_was->n IS DISTINCT FROM v_is->n;
  IF v_changed IS NULL THEN RETURN; END IF;
  PERFORM loyalty.audit_write(0, 'desk.' || p_kind, p_key, v_changed);
  PERFORM pg_notify('loyalty_desk', 'settings');
END $$;

-- One thing set by who else sets it.
CREATE FUNCTION loyalty.desk_setting_put(p_kind text, p_fields jsonb, p_name text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v text := p_fields->>p_name;
BEGIN
  CASE p_kind
  WHEN 'calendar' THEN PERFORM loyalty.desk_calendar_set(p_fields->>'calendar', p_name, v);
  WHEN 'holiday' THEN PERFORM loyalty.desk_calendar_set(p_fields->>'calendar', 'holiday', (p_fields->>'day') || ':' || v);
  WHEN 'group' THEN PERFORM loyalty.desk_group_set(p_fields->>'group', p_name, v);
  WHEN 'promise' THEN
    PERFORM loyalty.desk_sla_set(p_fields->>'group', p_fields->>'priority', p_name, CASE WHEN v ~ '^[0-9]{1,7}$' THEN v::int END);
  WHEN 'text' THEN PERFORM loyalty.case_text_set(p_fields->>'text', p_fields->>'name', p_fields->>'body');
  WHEN 'macro' THEN PERFORM loyalty.case_macro_set(p_fields->>'macro', p_fields->>'name', p_fields->>'text', p_fields->>'steps');
  WHEN 'checklist' THEN
    IF btrim(v, E' \n') = '' THEN RAISE EXCEPTION 'a list has at least one line' USING ERRCODE = 'LY002', COLUMN = 'lines'; END IF;
    PERFORM loyalty.case_check_set(p_fields->>'group', string_to_array(v, E'\n'));
  WHEN 'queue' THEN PERFORM loyalty.case_queue_set(p_fields->>'name', v, true);
  END CASE;
END $$;

-- Makes a row (p_was NULL), or changes what differs from p_was, all of it or nothing. What somebody else changed since it was seen is not overwritten.
-- Sent twice it is done once.
CREATE FUNCTION loyalty.desk_setting_set(p_kind text, p_was text[], p_fields text[]) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_names text[] := loyalty.desk_setting_names(p_kind); v_keys int := loyalty.desk_setting_keys(p_kind); v_key text; v_now jsonb; v_was jsonb; v_is jsonb;
  v_name text;
BEGIN
  PERFORM loyalty.desk_manager();
  PERFORM pg_advisory_xact_lock(40, hashtext(p_kind));
  v_is := (SELECT jsonb_object_agg(n, f) FROM unnest(v_names, p_fields) u (n, f));
  v_was := (SELECT jsonb_object_agg(n, f) FROM unnest(v_names, p_was) u (n, f) WHERE p_was IS NOT NULL);
  IF p_kind = 'holiday' THEN PERFORM loyalty.desk_day(v_is->>'day', 'day'); END IF;
  v_key := loyalty.desk_setting_key(p_kind, p_fields);
  v_now := loyalty.desk_setting_now(p_kind, v_key) - 'off';
  IF v_now = v_is THEN RETURN v_key; END IF;
  IF p_was IS NULL AND v_now IS NOT NULL THEN
    RAISE EXCEPTION 'there is one already' USING ERRCODE = 'LY002', COLUMN = v_names[v_keys], HINT = 'change that one, or switch it on';
  ELSIF v_now IS DISTINCT FROM v_was THEN
    RAISE EXCEPTION 'somebody changed it meanwhile' USING ERRCODE = 'LY020', HINT = 'look at what is new, then try again';
  END IF;
  FOREACH v_name IN ARRAY v_names[v_keys + 1:] LOOP
    IF p_was IS NULL OR v_was->v_name IS DISTINCT FROM v_is->v_name THEN
      PERFORM loyalty.desk_setting_put(p_kind, v_is, v_name);
      EXIT WHEN p_kind IN ('text', 'macro');                   -- those are written as a whole
    END IF;
  END LOOP;
  RETURN v_key;
END $$;

-- Why a row cannot be switched off, or on again; NULL: it can.
CREATE FUNCTION loyalty.desk_setting_held(p_kind text, p_key text, p_is_off boolean) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE
    WHEN p_is_off AND p_kind = 'calendar' THEN
      (SELECT 'these groups count by it: ' || string_agg(g.group_code, ', ' ORDER BY 1) FROM loyalty.case_group g WHERE g.calendar = p_key AND NOT g.is_off)
    WHEN p_is_off AND p_kind = 'group' AND p_key = 'desk' THEN 'cases that name no group come here'
    WHEN p_is_off AND p_kind = 'group' THEN
      (SELECT 'these surveys open cases in it: ' || string_agg(s.code, ', ' ORDER BY 1) FROM loyalty.survey s
        WHERE s.case_group = p_key AND (s.closes_on IS NULL OR s.closes_on >= loyalty.business_day()))
    WHEN p_is_off AND p_kind = 'promise' AND p_key LIKE '|%' THEN 'groups without promises of their own go by it'
    WHEN p_is_off AND p_kind = 'text' THEN
      (SELECT 'these macros send it: ' || string_agg(m.macro_code, ', ' ORDER BY 1) FROM loyalty.case_macro m WHERE m.text_code = p_key AND NOT m.is_off)
    WHEN NOT p_is_off AND p_kind = 'group' THEN
      (SELECT format('its calendar "%s" is switched off', c.calendar) FROM loyalty.case_group g JOIN loyalty.calendar c USING (calendar)
        WHERE g.group_code = p_key AND c.is_off)
    WHEN NOT p_is_off AND p_kind = 'macro' THEN
      (SELECT format('its text "%s" is switched off', t.text_code) FROM loyalty.case_macro m JOIN loyalty.case_text t USING (text_code)
        WHERE m.macro_code = p_key AND t.is_off)
    END $$;

-- Switches a row off, or on again; p_key: what names it, with | between. What is off is neither offered nor counted by, and stays as it is.
CREATE FUNCTION loyalty.desk_setting_switch(p_kind text, p_key text, p_is_off boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_was jsonb; v_why text; v_key text := loyalty.desk_setting_key(p_kind, CASE p_kind WHEN 'queue' THEN ARRAY[p_key] ELSE string_to_array(p_key, '|') END);
BEGIN
  PERFORM FROM loyalty.desk_settings(p_kind) s WHERE s.key = v_key;
  IF NOT FOUND THEN RAISE EXCEPTION 'there is no % "%"', p_kind, p_key USING ERRCODE = 'LY004', HINT = 'see: loyalty desk settings ' || p_kind; END IF;
  PERFORM pg_advisory_xact_lock(40, hashtext(p_kind));
  v_was := loyalty.desk_setting_now(p_kind, v_key);
  v_why := loyalty.desk_setting_held(p_kind, v_key, p_is_off);
  IF v_why IS NOT NULL THEN RAISE EXCEPTION '%', v_why USING ERRCODE = 'LY002', HINT = 'change that first'; END IF;
  UPDATE loyalty.calendar c SET is_off = p_is_off WHERE p_kind = 'calendar' AND c.calendar = v_key;
  UPDATE loyalty.calendar_holiday y SET is_off = p_is_off WHERE p_kind = 'holiday' AND y.calendar || '|' || y.day = v_key;
  UPDATE loyalty.case_group g SET is_off = p_is_off WHERE p_kind = 'group' AND g.group_code = v_key;
  UPDATE loyalty.case_sla s SET is_off = p_is_off WHERE p_kind = 'promise' AND s.group_code || '|' || s.priority = v_key;
  UPDATE loyalty.case_text t SET is_off = p_is_off WHERE p_kind = 'text' AND t.text_code = v_key;
  UPDATE loyalty.case_macro m SET is_off = p_is_off WHERE p_kind = 'macro' AND m.macro_code = v_key;
  UPDATE loyalty.case_check k SET is_off = p_is_off WHERE p_kind = 'checklist' AND k.group_code = v_key;
  IF p_kind = 'queue' AND NOT p_is_off THEN PERFORM loyalty.case_queue_room(NULL) WHERE v_was->>'off' = 'yes'; END IF;
  UPDATE loyalty.case_queue q SET is_off = p_is_off WHERE p_kind = 'queue' AND q.owner IS NULL AND lower(q.name) = v_key;
  PERFORM loyalty.desk_setting_changed(p_kind, v_key, v_was);
END $$;

GRANT EXECUTE ON FUNCTION loyalty.desk_settings(text), loyalty.desk_setting_names(text), loyalty.desk_setting_set(text, text[], text[]), loyalty.desk_setting_switch(text, text, boolean)
  TO loyalty_manager, loyalty_admin;
