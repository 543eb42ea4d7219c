-- The condition language: what its SQL calls, the names it knows, and conditions saved as segments.
-- (Segments that members are verified in are the programme document's: 0019_segments.sql. They are asked for as verified(CODE).)

CREATE FUNCTION loyalty.folded(p_texts text[]) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN (SELECT coalesce(array_agg(loyalty.fold(t)), '{}') FROM unnest(p_texts) t);

-- The birthdays (member.birthday) kept between two days, both included: those of 29 February, where the year has none, on the 28th (p_leap feb28) or on
-- 1 March (mar1).
CREATE FUNCTION loyalty.birthdays(p_from date, p_to date, p_leap text) RETURNS smallint[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN (SELECT coalesce(array_agg(DISTINCT x.birthday), '{}')
            FROM generate_series(0, least(p_to - p_from, 366)) i
            CROSS JOIN LATERAL (SELECT p_from + i AS day) d
            CROSS JOIN LATERAL (SELECT (extract(month FROM d.day) * 100 + extract(day FROM d.day))::smallint AS birthday
                                UNION ALL SELECT 229::smallint
                                 WHERE CASE p_leap WHEN 'mar1' THEN to_char(d.day, 'MMDD') = '0301' AND to_char(d.day - 1, 'MMDD') = '0228'
                                                   ELSE to_char(d.day, 'MMDD') = '0228' AND to_char(d.day + 1, 'MMDD') = '0301' END) x);

-- How old members are on a day: one member, or with NULL all whose birth is known. The birth itself stays where it is.
CREATE FUNCTION loyalty.member_ages(p_day date, p_member_id bigint) RETURNS TABLE (member_id bigint, age int) LANGUAGE plpgsql STABLE SECURITY DEFINER
ROWS 100000 SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  IF p_member_id IS NOT NULL THEN
    RETURN QUERY SELECT m.member_id, extract(year FROM age(p_day, m.born))::int FROM loyalty.member m WHERE m.member_id = p_member_id AND m.born IS NOT NULL;
  ELSE
    RETURN QUERY SELECT m.member_id, extract(year FROM age(p_day, m.born))::int FROM loyalty.member m WHERE m.born IS NOT NULL;
  END IF;
END $$;

-- Conditions under a name. revision counts what was saved; members: how many there were when it was last counted.
CREATE TABLE loyalty.segment (
  code text NOT NULL, condition text NOT NULL, revision int NOT NULL DEFAULT 1,
  written_by name NOT NULL DEFAULT session_user, written_at timestamptz NOT NULL DEFAULT now(),
  members bigint, counted_at timestamptz,
  CONSTRAINT segment_pk PRIMARY KEY (code),
  CONSTRAINT segment_code_ck CHECK (code ~ '^[a-z][a-z0-9_]{0,39}$'),
  CONSTRAINT segment_condition_ck CHECK (length(condition) BETWEEN 1 AND 4000));
SELECT dist.reference('loyalty.segment');

-- Who uses it: kind is 'segment', or what else is built on conditions.
CREATE TABLE loyalty.segment_use (
  segment text NOT NULL, kind text NOT NULL, by_code text NOT NULL,
  CONSTRAINT segment_use_pk PRIMARY KEY (segment, kind, by_code));
SELECT dist.reference('loyalty.segment_use');
ALTER TABLE loyalty.segment_use ADD CONSTRAINT segment_use_segment_fk FOREIGN KEY (segment) REFERENCES loyalty.segment (code);
CREATE INDEX segment_use_by ON loyalty.segment_use (kind, by_code);

-- Writes down which segments something uses, instead of those noted before. Called by what saves it.
CREATE FUNCTION loyalty.segment_uses(p_kind text, p_by_code text, p_segments text[]) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_missing text;
BEGIN
  PERFORM FROM loyalty.segment s WHERE s.code = ANY (p_segments) ORDER BY s.code FOR SHARE;    -- none of them goes meanwhile
  SELECT u INTO v_missing FROM unnest(p_segments) u WHERE NOT EXISTS (SELECT FROM loyalty.segment s WHERE s.code = u) LIMIT 1;
  IF FOUND THEN RAISE EXCEPTION 'there is no segment %', v_missing USING ERRCODE = 'LY004', HINT = 'see: loyalty segment list'; END IF;
  DELETE FROM loyalty.segment_use u WHERE u.kind = p_kind AND u.by_code = p_by_code AND u.segment <> ALL (p_segments);
  INSERT INTO loyalty.segment_use (segment, kind, by_code) SELECT DISTINCT u, p_kind, p_by_code FROM unnest(p_segments) u ON CONFLICT DO NOTHING;
END $$;

CREATE FUNCTION loyalty.segment_writer() RETURNS void LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF loyalty.caller_role() NOT IN ('marketing', 'admin') THEN
    RAISE EXCEPTION 'only marketing and administrators write segments' USING ERRCODE = 'LY001';
  END IF;
END $$;

-- Saves a condition under a name; p_segments are those its text uses. p_revision: the one that was changed, 0 for a new segment, NULL for whatever
-- there is. Returns the revision it has now; what is so already stays. Errors: LY001 not your right, LY002 impossible, LY003 the name is taken,
-- LY004 it uses what is not there, LY020 someone changed it meanwhile.
CREATE FUNCTION loyalty.segment_save(p_code text, p_condition text, p_segments text[], p_revision int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_old loyalty.segment; v_through text;
BEGIN
  PERFORM loyalty.segment_writer();
  PERFORM pg_advisory_xact_lock(23, 0);    -- two that each begin to use the other would both see no circle
  IF p_code !~ '^[a-z][a-z0-9_]{0,39}$' THEN
    RAISE EXCEPTION '"%" is no name for a segment', left(p_code, 60) USING ERRCODE = 'LY002', HINT = 'small letters, digits and _, a letter first, 40 at most';
  END IF;
  SELECT * INTO v_old FROM loyalty.segment s WHERE s.code = p_code FOR UPDATE;
  IF v_old.condition = p_condition THEN RETURN v_old.revision; END IF;
  IF v_old.code IS NOT NULL AND p_revision = 0 THEN
    RAISE EXCEPTION 'there is a segment % already', p_code USING ERRCODE = 'LY003', HINT = 'choose another name';
  ELSIF p_revision IS DISTINCT FROM coalesce(v_old.revision, 0) AND p_revision IS NOT NULL THEN
    RAISE EXCEPTION '%', CASE WHEN v_old.code IS NULL THEN 'this segment is gone' ELSE v_old.written_by || ' changed this segment meanwhile' END
      USING ERRCODE = 'LY020', HINT = 'look at what is new, then try again', DETAIL = coalesce(v_old.condition, '');
  END IF;
  INSERT INTO loyalty.segment AS s (code, condition) VALUES (p_code, p_condition)
    ON CONFLICT (code) DO UPDATE SET condition = excluded.condition, revision = s.revision + 1, written_by = excluded.written_by,
      written_at = excluded.written_at, members = NULL, counted_at = NULL;
  PERFORM loyalty.segment_uses('segment', p_code, p_segments);
  WITH RECURSIVE used (through, code) AS (
    SELECT u.segment, u.segment FROM loyalty.segment_use u WHERE u.kind = 'segment' AND u.by_code = p_code
    UNION SELECT x.through, u.segment FROM used x JOIN loyalty.segment_use u ON u.kind = 'segment' AND u.by_code = x.code)
  SELECT min(x.through) INTO v_through FROM used x WHERE x.code = p_code;
  IF v_through IS NOT NULL THEN
    RAISE EXCEPTION 'the segment % would contain itself, through %', p_code, v_through USING ERRCODE = 'LY002';
  END IF;
  PERFORM loyalty.audit_write(0, 'segment.save', p_code, jsonb_build_object('condition', jsonb_build_array(v_old.condition, p_condition)));
  RETURN coalesce(v_old.revision, 0) + 1;
END $$;

-- Takes a segment away that nothing uses. Errors: as above, and LY010 it is in use.
CREATE FUNCTION loyalty.segment_drop(p_code text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_old loyalty.segment; v_users text;
BEGIN
  PERFORM loyalty.segment_writer();
  SELECT * INTO v_old FROM loyalty.segment s WHERE s.code = p_code FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'there is no segment %', left(p_code, 60) USING ERRCODE = 'LY004', HINT = 'see: loyalty segment list'; END IF;
  SELECT string_agg(format('the %s %s', u.kind, u.by_code), ', ' ORDER BY u.kind, u.by_code) INTO v_users FROM loyalty.segment_use u WHERE u.segment = p_code;
  IF v_users IS NOT NULL THEN
    RAISE EXCEPTION 'the segment % is used by %', p_code, v_users USING ERRCODE = 'LY010', HINT = 'change those first';
  END IF;
  DELETE FROM loyalty.segment_use u WHERE u.kind = 'segment' AND u.by_code = p_code;
  DELETE FROM loyalty.segment s WHERE s.code = p_code;
  PERFORM loyalty.audit_write(0, 'segment.drop', p_code, jsonb_build_object('condition', jsonb_build_array(v_old.condition, NULL)));
END $$;

-- Notes how many members a revision of a segment had when somebody counted them.
CREATE FUNCTION loyalty.segment_counted(p_code text, p_revision int, p_members bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF loyalty.caller_role() NOT IN ('marketing', 'manager', 'admin') THEN
    RAISE EXCEPTION 'your role does not count segments' USING ERRCODE = 'LY001';
  END IF;
  UPDATE loyalty.segment s SET members = p_members, counted_at = now() WHERE s.code = p_code AND s.revision = p_revision;
END $$;

-- Writes down that members are about to be exported, and which. Errors: LY001 not your right.
CREATE FUNCTION loyalty.export_note(p_what text, p_condition text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF loyalty.caller_role() NOT IN ('marketing', 'manager', 'admin') THEN
    RAISE EXCEPTION 'your role does not export members' USING ERRCODE = 'LY001';
  END IF;
  PERFORM loyalty.audit_write(0, 'export.' || p_what, left(p_condition, 4000), NULL);
END $$;

-- All names that a condition may use, the main ladder and the main currency before others; and one row of kind 'programme': its money as code, the
-- business day as label, and as id whether who asks may ask for birthdays and ages, as rank whether for members' names. Of attributes (of: their type)
-- and their choices (of: the attribute) those that who asks may see.
CREATE FUNCTION loyalty.condition_names() RETURNS TABLE (kind text, id int, of int, rank int, decimals int, code text, label text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT x.* FROM (
    SELECT 'programme', has_function_privilege('loyalty.member_ages(date, bigint)', 'EXECUTE')::int, 0,
           has_column_privilege('loyalty.member', 'family_name', 'SELECT')::int, 0, coalesce((SELECT p.money FROM loyalty.programme p), 'USD'),
           loyalty.business_day()::text
    UNION ALL SELECT 'ladder', l.ladder_id, 0, CASE WHEN l.code = (SELECT v.projection->'ladders'->0->>'code' FROM loyalty.programme_version v
        WHERE v.state = 'approved' AND v.effective_from <= loyalty.business_day() ORDER BY v.effective_from DESC, v.version_no DESC LIMIT 1) THEN 0 ELSE l.ladder_id END, 0, l.code, ''
      FROM loyalty.ladder l
    UNION ALL SELECT 'tier', t.tier_id, t.ladder_id, t.rank, 0, t.code, '' FROM loyalty.tier t
    UNION ALL SELECT 'currency', c.currency_id, 0, row_number() OVER (ORDER BY c.kind <> 'redeemable', c.currency_id)::int, c.decimals, c.code, c.kind FROM loyalty.currency c
    UNION ALL SELECT 'reward', r.reward_id, 0, 0, 0, r.code, r.name FROM loyalty.reward r
    UNION ALL SELECT 'verified', s.segment_id, 0, 0, 0, s.code, s.name FROM loyalty.verified_segment s
    UNION ALL SELECT 'plan', 0, 0, CASE WHEN bool_or((x->>'months')::int = 0) THEN 0 ELSE max((x->>'months')::int) END, 0, x->>'code', ''
      FROM loyalty.programme_version v, jsonb_array_elements(v.projection->'plans') x WHERE v.state = 'approved' GROUP BY x->>'code'
    UNION ALL SELECT 'attribute', a.attribute_id, array_position('{text,number,date,choice,yes_no}', a.type) - 1, 0, a.decimals, a.code, a.name
      FROM loyalty.attribute a WHERE loyalty.attribute_seen(a.seen_by)
    UNION ALL SELECT 'choice', 0, a.attribute_id, c.place::int, 0, c.choice, '' FROM loyalty.attribute a CROSS JOIN LATERAL unnest(a.choices) WITH ORDINALITY c (choice, place)
     WHERE loyalty.attribute_seen(a.seen_by)
    UNION ALL SELECT 'segment', s.revision, 0, 0, 0, s.code, s.condition FROM loyalty.segment s)
    x (kind, id, of, rank, decimals, code, label) ORDER BY x.kind, x.of, x.rank, x.id, x.code $$;

-- Rights. Marketing asks by what it may not see of one member: members stay numbers there, without names, identifiers and births. Of the journal it
-- reads what was bought when and for how much. Support, who have all of this, do not ask for births. The worker asks for audiences.
GRANT SELECT (member_id, number, city_folded, language, channel_folded, flags, enrolled_on, status, birthday) ON loyalty.member TO loyalty_marketing, loyalty_worker;
GRANT SELECT (city_folded, channel_folded) ON loyalty.member TO loyalty_support, loyalty_manager, loyalty_admin;
GRANT SELECT (birthday) ON loyalty.member TO loyalty_manager, loyalty_admin;
GRANT SELECT (member_id, tier_id, tier_until, last_activity_on, last_purchase_on, purchases) ON loyalty.standing TO loyalty_marketing;
GRANT SELECT (member_id, seq, type, activity_on, happened_on, amount, line_amount) ON loyalty.journal TO loyalty_marketing;
GRANT SELECT (member_id, change_no, ladder_id, tier_id) ON loyalty.member_tier TO loyalty_marketing;
GRANT SELECT (member_id, is_working) ON loyalty.member_case TO loyalty_marketing, loyalty_worker;
GRANT SELECT (member_id, segment_id, until_on, ended_on) ON loyalty.member_verification TO loyalty_marketing;
GRANT SELECT (member_id, reward_id, expires_on, state) ON loyalty.issued_reward TO loyalty_marketing;
GRANT SELECT (member_id, charge_no, plan, charged_on, amount_minor) ON loyalty.plan_charge TO loyalty_marketing;
GRANT SELECT (member_id) ON loyalty.household TO loyalty_support, loyalty_marketing, loyalty_manager, loyalty_admin, loyalty_worker;
GRANT SELECT (member_id, role) ON loyalty.household_member TO loyalty_support, loyalty_marketing, loyalty_manager, loyalty_admin, loyalty_worker;
GRANT SELECT (member_id, kind, channel, said_at, is_given, until_on) ON loyalty.member_consent TO loyalty_worker;
GRANT SELECT ON loyalty.segment, loyalty.segment_use TO loyalty_support, loyalty_marketing, loyalty_manager, loyalty_admin, loyalty_worker;
REVOKE ALL ON FUNCTION loyalty.folded(text[]), loyalty.birthdays(date, date, text), loyalty.member_ages(date, bigint), loyalty.segment_uses(text, text, text[]),
  loyalty.segment_writer(), loyalty.segment_save(text, text, text[], int), loyalty.segment_drop(text), loyalty.segment_counted(text, int, bigint),
  loyalty.export_note(text, text), loyalty.condition_names() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION loyalty.folded(text[]), loyalty.birthdays(date, date, text), loyalty.condition_names()
  TO loyalty_support, loyalty_marketing, loyalty_manager, loyalty_admin, loyalty_worker;
GRANT EXECUTE ON FUNCTION loyalty.member_line(bigint) TO loyalty_marketing;
GRANT EXECUTE ON FUNCTION loyalty.member_ages(date, bigint) TO loyalty_marketing, loyalty_manager, loyalty_admin, loyalty_worker;
GRANT EXECUTE ON FUNCTION loyalty.segment_save(text, text, text[], int), loyalty.segment_drop(text) TO loyalty_marketing, loyalty_admin;
GRANT EXECUTE ON FUNCTION loyalty.segment_counted(text, int, bigint), loyalty.export_note(text, text) TO loyalty_marketing, loyalty_manager, loyalty_admin;
