-- Attributes: what a house wants to know of its members beyond what every house does (tables: 0003). An administrator declares them; they are set on the
-- member, by import and by verb; what was before stays in member_past, as with names and addresses; conditions ask for them as attribute(CODE).

-- A text as a value of the attribute: as it is kept, and as number or day. Empty: there is none. why: the text is none, and then nothing else is filled.
CREATE FUNCTION loyalty.attribute_read(a loyalty.attribute, p_text text, OUT value text, OUT number bigint, OUT day date, OUT why text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE v text := btrim(coalesce(p_text, ''));
BEGIN
  IF v = '' THEN RETURN; END IF;
  CASE a.type
    WHEN 'text' THEN
      IF length(v) > 200 OR v ~ '[[:cntrl:]]' THEN why := 'one line of at most 200 characters'; ELSE value := v; END IF;
    WHEN 'number' THEN
      v := replace(v, ',', '.');
      IF v !~ '^-?[0-9]{1,11}(\.[0-9]+)?$' OR scale(trim_scale(v::numeric)) > a.decimals THEN
        why := CASE a.decimals WHEN 0 THEN 'a whole number' ELSE format('a number with at most %s decimals', a.decimals) END;
      ELSE
        number := (v::numeric * power(10::numeric, a.decimals))::bigint; value := trim_scale(v::numeric)::text;
      END IF;
    WHEN 'date' THEN
      IF v ~ '^[0-9]{4}-(0[1-9]|1[0-2])-[0-9]{2}$' AND substr(v, 9)::int BETWEEN 1 AND extract(day FROM (substr(v, 1, 8) || '01')::date + interval '1 month - 1 day') THEN
        day := v::date; value := v;
      ELSE
        why := 'a day, as 2026-12-31';
      END IF;
    WHEN 'choice' THEN
      SELECT c INTO value FROM unnest(a.choices) c WHERE loyalty.fold(c) = loyalty.fold(v) LIMIT 1;
      IF NOT FOUND THEN why := 'one of ' || array_to_string(a.choices, ', '); END IF;
    ELSE
      IF lower(v) IN ('yes', 'no') THEN value := lower(v); ELSE why := 'yes or no'; END IF;
  END CASE;
END $$;

-- Declares an attribute, or changes what may change of one: name, who sees it, more choices, and, as long as no member has it, the rest. NULL: as it is, or
-- else usual: a text, personal, for those who serve members. Errors: LY001 not your right, LY002 impossible, LY010 members have it as it is.
CREATE FUNCTION loyalty.attribute_declare(p_code text, p_type text, p_name text, p_decimals int, p_choices text[], p_is_personal boolean, p_seen_by text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE o loyalty.attribute; n loyalty.attribute; v_is_used boolean; v_choices text[] := ARRAY(SELECT btrim(c) FROM unnest(p_choices) WITH ORDINALITY x (c, place) WHERE btrim(c) <> '' ORDER BY place);
BEGIN
  PERFORM loyalty.people_may('declare attributes', '{admin}');
  PERFORM pg_advisory_xact_lock(38, 0);
  SELECT * INTO o FROM loyalty.attribute a WHERE a.code = p_code FOR UPDATE;
  v_is_used := EXISTS (SELECT FROM loyalty.member_attribute x WHERE x.attribute_id = o.attribute_id);
  n := o; n.code := p_code;
  n.type := coalesce(p_type, o.type, 'text'); n.name := coalesce(nullif(btrim(p_name), ''), o.name, p_code);
  n.decimals := CASE WHEN n.type = 'number' THEN coalesce(p_decimals, o.decimals, 0) ELSE coalesce(p_decimals, 0) END;
  n.choices := CASE WHEN p_choices IS NULL THEN coalesce(o.choices, '{}') ELSE v_choices END;
  n.is_personal := coalesce(p_is_personal, o.is_personal, true); n.seen_by := coalesce(p_seen_by, o.seen_by, '{support,manager,admin}');
  IF n.code IS NULL OR n.code !~ '^[a-z][a-z0-9_]{0,39}$' OR n.code IN ('email', 'phone', 'card', 'given_name', 'family_name', 'status', 'profiling', 'until') THEN
    RAISE EXCEPTION '"%" is no name for an attribute', left(p_code, 60) USING ERRCODE = 'LY002', HINT = 'small letters, digits and _, a letter first, 40 at most';
  ELSIF n.type NOT IN ('text', 'number', 'date', 'choice', 'yes_no') THEN
    RAISE EXCEPTION 'there is no type %', left(n.type, 60) USING ERRCODE = 'LY002', HINT = 'text, number, date, choice, yes_no';
  ELSIF length(n.name) > 60 THEN
    RAISE EXCEPTION 'the name is longer than 60 characters' USING ERRCODE = 'LY002';
  ELSIF n.decimals NOT BETWEEN 0 AND (CASE n.type WHEN 'number' THEN 6 ELSE 0 END) THEN
    RAISE EXCEPTION 'only a number has decimals, 6 at most' USING ERRCODE = 'LY002';
  ELSIF (n.type = 'choice') <> (cardinality(n.choices) > 0) OR cardinality(n.choices) > 40 THEN
    RAISE EXCEPTION '%', CASE n.type WHEN 'choice' THEN 'a choice needs 1 to 40 words to choose from' ELSE 'only a choice has words to choose from' END USING ERRCODE = 'LY002';
  ELSIF EXISTS (SELECT FROM unnest(n.choices) c WHERE c ~ '[|[:cntrl:]]' OR length(c) > 60) OR (SELECT count(DISTINCT loyalty.fold(c)) < count(*) FROM unnest(n.choices) c) THEN
    RAISE EXCEPTION 'words to choose from differ, have 60 characters at most and no |' USING ERRCODE = 'LY002';
  ELSIF NOT n.seen_by <@ '{support,marketing,manager,admin}' THEN
    RAISE EXCEPTION 'attributes are seen by support, marketing, manager, admin' USING ERRCODE = 'LY002';
  ELSIF v_is_used AND ((n.type, n.decimals, n.is_personal) IS DISTINCT FROM (o.type, o.decimals, o.is_personal) OR NOT o.choices <@ n.choices) THEN
    RAISE EXCEPTION 'members have this attribute: its type, its words and whether it is personal stay' USING ERRCODE = 'LY010', HINT = 'declare another one';
  ELSIF o.code IS NULL AND (SELECT count(*) >= 15 FROM loyalty.attribute) THEN
    RAISE EXCEPTION 'there are 15 attributes already' USING ERRCODE = 'LY010', HINT = 'drop one that nobody has';
  END IF;
  IF o.code IS NULL THEN
    INSERT INTO loyalty.attribute (code, name, type, decimals, choices, is_personal, seen_by) VALUES (n.code, n.name, n.type, n.decimals, n.choices, n.is_personal, n.seen_by);
  ELSE
    UPDATE loyalty.attribute a SET name = n.name, type = n.type, decimals = n.decimals, choices = n.choices, is_personal = n.is_personal, seen_by = n.seen_by WHERE a.code = n.code;
  END IF;
  PERFORM loyalty.audit_write(0, 'attribute.declare', p_code, (SELECT jsonb_object_agg(x.key, jsonb_build_array(x.was, x.is_now)) FROM (
    SELECT b.key, (to_jsonb(o)->b.key) AS was, b.value AS is_now FROM jsonb_each(to_jsonb(n) - 'attribute_id' - 'declared_by' - 'declared_at') b) x WHERE x.was IS DISTINCT FROM x.is_now));
END $$;

-- Takes back the declaration of an attribute that no member has and no saved condition asks for.
CREATE FUNCTION loyalty.attribute_drop(p_code text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE a loyalty.attribute; v_members bigint; v_segment text;
BEGIN
  PERFORM loyalty.people_may('declare attributes', '{admin}');
  SELECT * INTO a FROM loyalty.attribute x WHERE x.code = p_code FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'there is no attribute %', left(p_code, 60) USING ERRCODE = 'LY004', HINT = 'see: loyalty attribute list'; END IF;
  SELECT count(*) INTO v_members FROM loyalty.member_attribute x WHERE x.attribute_id = a.attribute_id;
  SELECT min(s.code) INTO v_segment FROM loyalty.segment s WHERE s.condition ~* ('attribute\s*\(\s*[''"]?' || p_code || '[''"]?\s*\)');
  IF v_members > 0 OR v_segment IS NOT NULL THEN
    RAISE EXCEPTION '%', CASE WHEN v_members > 0 THEN format('%s members have this attribute', v_members) ELSE format('the segment %s asks for it', v_segment) END USING ERRCODE = 'LY010';
  END IF;
  DELETE FROM loyalty.attribute x WHERE x.attribute_id = a.attribute_id;
  PERFORM loyalty.audit_write(0, 'attribute.drop', p_code, NULL);
END $$;

-- Gives a member a value, or with an empty one takes it away; the caller holds the member's row. Answers what the audit log may hold of it, old and new,
-- nothing of what is personal; NULL: it was so already.
CREATE FUNCTION loyalty.attribute_set(p_member_id bigint, p_code text, p_value text, p_reason text) RETURNS jsonb LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE a loyalty.attribute; v_old loyalty.member_attribute; r record;
BEGIN
  SELECT * INTO a FROM loyalty.attribute x WHERE x.code = p_code FOR SHARE;
  IF NOT FOUND OR NOT loyalty.attribute_seen(a.seen_by) THEN
    RAISE EXCEPTION '"%" is nothing that can be changed', left(p_code, 60) USING ERRCODE = 'LY002',
      HINT = 'email, phone, card, given_name, family_name' || coalesce((SELECT string_agg(', ' || x.code, '' ORDER BY x.code) FROM loyalty.attribute x WHERE loyalty.attribute_seen(x.seen_by)), '');
  END IF;
  r := loyalty.attribute_read(a, p_value);
  IF r.why IS NOT NULL THEN RAISE EXCEPTION '%: %', a.name, r.why USING ERRCODE = 'LY002'; END IF;
  SELECT * INTO v_old FROM loyalty.member_attribute x WHERE x.member_id = p_member_id AND x.attribute_id = a.attribute_id;
  IF v_old.value IS NOT DISTINCT FROM r.value THEN RETURN NULL; END IF;
  IF v_old.value IS NOT NULL THEN PERFORM loyalty.past_add(p_member_id, 'attribute:' || a.code, v_old.value, v_old.set_at, false, p_reason); END IF;
  IF r.value IS NULL THEN
    DELETE FROM loyalty.member_attribute x WHERE x.member_id = p_member_id AND x.attribute_id = a.attribute_id;
  ELSE
    INSERT INTO loyalty.member_attribute (member_id, attribute_id, value, number, day, set_at) VALUES (p_member_id, a.attribute_id, r.value, r.number, r.day, clock_timestamp())
      ON CONFLICT (member_id, attribute_id) DO UPDATE SET value = excluded.value, number = excluded.number, day = excluded.day, set_at = excluded.set_at, by_login = excluded.by_login;
  END IF;
  RETURN CASE WHEN a.is_personal THEN '{}' ELSE jsonb_build_object(a.code, jsonb_build_array(v_old.value, r.value)) END;
END $$;

-- Why a member of a file cannot have these attributes, CODE=VALUE with | between them; NULL: it can.
CREATE FUNCTION loyalty.attributes_trouble(p_attributes text) RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT 'attributes: ' || min(CASE WHEN a.code IS NULL THEN format('there is no attribute %s', z.code) WHEN z.times > 1 THEN format('%s stands there twice', a.code)
                                    ELSE format('%s is %s', a.code, r.why) END)
    FROM (SELECT x AS word, btrim(split_part(x, '=', 1)) AS code, count(*) OVER (PARTITION BY btrim(split_part(x, '=', 1))) AS times
            FROM unnest(string_to_array(nullif(p_attributes, ''), '|')) x) z
    LEFT JOIN loyalty.attribute a ON a.code = z.code CROSS JOIN LATERAL loyalty.attribute_read(a, substr(z.word, strpos(z.word, '=') + 1)) r
   WHERE a.code IS NULL OR z.times > 1 OR r.why IS NOT NULL $$;

-- What is declared, and what the member has of it, of what the caller sees; by whom since when.
CREATE FUNCTION loyalty.member_attributes(p_member_id bigint) RETURNS TABLE (code text, name text, type text, decimals int, choices text, is_personal boolean, value text, since text, by_login text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE v_zone text := coalesce((SELECT p.timezone FROM loyalty.programme p), 'UTC');
BEGIN
  PERFORM loyalty.caller_role();
  RETURN QUERY SELECT a.code::text, a.name, a.type, a.decimals::int, array_to_string(a.choices, '|'), a.is_personal, x.value, to_char(x.set_at AT TIME ZONE v_zone, 'YYYY-MM-DD HH24:MI'), x.by_login::text
    FROM loyalty.attribute a LEFT JOIN loyalty.member_attribute x ON x.member_id = p_member_id AND x.attribute_id = a.attribute_id
   WHERE loyalty.attribute_seen(a.seen_by) ORDER BY a.attribute_id;
END $$;

-- What is known about a member besides, for the desk: the attributes, and of the consents those that are asked for most (type consent; value given, expired,
-- withdrawn, or NULL: never asked).
CREATE FUNCTION loyalty.member_about(p_member_id bigint) RETURNS TABLE (code text, name text, type text, decimals int, choices text, is_personal boolean, value text, since text, by_login text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE v_zone text := coalesce((SELECT p.timezone FROM loyalty.programme p), 'UTC');
BEGIN
  RETURN QUERY SELECT * FROM loyalty.member_attributes(p_member_id);
  RETURN QUERY SELECT m.code, m.name, 'consent', 0, '', true, n.state || coalesce(' until ' || n.until_on, ''), to_char(n.said_at AT TIME ZONE v_zone, 'YYYY-MM-DD HH24:MI'), n.by_login::text
    FROM (VALUES (1, 'promotions:email', 'E-mail promotions'), (2, 'promotions:sms', 'SMS promotions'), (3, 'profiling', 'Profiling')) m (place, code, name)
    LEFT JOIN loyalty.consent_now n ON n.member_id = p_member_id AND (n.kind, n.channel) = (split_part(m.code, ':', 1)::loyalty.consent_kind,
      coalesce(nullif(split_part(m.code, ':', 2), ''), 'none')::loyalty.consent_channel) ORDER BY m.place;
END $$;

-- What members have of one attribute, for conditions: of one member, or with NULL of all.
CREATE FUNCTION loyalty.attribute_values(p_attribute_id smallint, p_member_id bigint) RETURNS TABLE (member_id bigint, value text, folded text, number bigint, day date)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 100000 SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  IF NOT EXISTS (SELECT FROM loyalty.attribute a WHERE a.attribute_id = p_attribute_id AND loyalty.attribute_seen(a.seen_by)) THEN
    RAISE EXCEPTION 'your role does not see this attribute' USING ERRCODE = 'LY001';
  ELSIF p_member_id IS NOT NULL THEN
    RETURN QUERY SELECT x.member_id, x.value, x.folded::text, x.number, x.day FROM loyalty.member_attribute x WHERE x.member_id = p_member_id AND x.attribute_id = p_attribute_id;
  ELSE
    RETURN QUERY SELECT x.member_id, x.value, x.folded::text, x.number, x.day FROM loyalty.member_attribute x WHERE x.attribute_id = p_attribute_id;
  END IF;
END $$;

REVOKE ALL ON FUNCTION loyalty.attribute_seen(text[]), loyalty.past_seen(text), loyalty.attribute_read(loyalty.attribute, text), loyalty.attribute_declare(text, text, text, int, text[], boolean, text[]),
  loyalty.attribute_drop(text), loyalty.attribute_set(bigint, text, text, text), loyalty.attributes_trouble(text), loyalty.member_attributes(bigint), loyalty.member_about(bigint), loyalty.attribute_values(smallint, bigint) FROM PUBLIC;
GRANT SELECT ON loyalty.attribute TO loyalty_support, loyalty_marketing, loyalty_manager, loyalty_admin, loyalty_worker;
GRANT EXECUTE ON FUNCTION loyalty.attribute_seen(text[]), loyalty.attribute_values(smallint, bigint) TO loyalty_support, loyalty_marketing, loyalty_manager, loyalty_admin, loyalty_worker;
GRANT EXECUTE ON FUNCTION loyalty.attribute_declare(text, text, text, int, text[], boolean, text[]), loyalty.attribute_drop(text) TO loyalty_admin;
GRANT EXECUTE ON FUNCTION loyalty.member_attributes(bigint), loyalty.member_about(bigint) TO loyalty_support, loyalty_marketing, loyalty_manager, loyalty_admin;
