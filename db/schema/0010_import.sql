-- Imports: the program reads and checks each line, copies it into staging, and these functions take it into the journal in chunks.
-- Safe to run twice: an event's key is (member, source, external id), a member's is the number. A dry run is the same, rolled back.
CREATE SEQUENCE loyalty.import_no_seq AS bigint;
CREATE TABLE loyalty.import (
  import_no bigint NOT NULL DEFAULT nextval('loyalty.import_no_seq'), kind text NOT NULL, file_name text NOT NULL,
  by_login name NOT NULL DEFAULT session_user, started_at timestamptz NOT NULL DEFAULT now(), finished_at timestamptz,
  taken bigint NOT NULL DEFAULT 0, known bigint NOT NULL DEFAULT 0, rejected bigint NOT NULL DEFAULT 0,
  has_known boolean NOT NULL DEFAULT false,                      -- an event of it was sent before: look for each
  CONSTRAINT import_pk PRIMARY KEY (import_no), CONSTRAINT import_kind_ck CHECK (kind IN ('members', 'events', 'codes', 'responses')));
SELECT dist.reference('loyalty.import');

CREATE UNLOGGED TABLE loyalty.import_event (
  import_no bigint NOT NULL, line_no bigint NOT NULL, seq bigint NOT NULL DEFAULT nextval('loyalty.journal_seq'),
  member text COLLATE "C" NOT NULL, source text COLLATE "C" NOT NULL, external_id text COLLATE "C" NOT NULL,
  type loyalty.event_type NOT NULL, activity_on date NOT NULL, happened_on date, amount bigint, line_category text[], line_amount bigint[], category text, quantity bigint, basket bigint, of_external text COLLATE "C",
  object text, tier text, until_on date, qualifying boolean, tender text, channel text, flags text[], receiver text COLLATE "C", evidence text,
  by_login name NOT NULL DEFAULT session_user,                  -- who staged it; nobody may say so
  CONSTRAINT import_event_pk PRIMARY KEY (import_no, line_no));
SELECT dist.distribute('loyalty.import_event', 'import_no', 'none');

CREATE UNLOGGED TABLE loyalty.import_member (
  import_no bigint NOT NULL, line_no bigint NOT NULL, member_id bigint NOT NULL DEFAULT nextval('loyalty.member_id_seq'),
  number text COLLATE "C" NOT NULL, given_name text NOT NULL, family_name text NOT NULL, born date, email text, phone text, card text,
  city text, language text, channel text, flags text[], consents text[], attributes text, enrolled_on date NOT NULL,
  by_login name NOT NULL DEFAULT session_user,
  CONSTRAINT import_member_pk PRIMARY KEY (import_no, line_no));
SELECT dist.distribute('loyalty.import_member', 'import_no', 'loyalty.import_event');

CREATE TABLE loyalty.import_reject (
  import_no bigint NOT NULL, line_no bigint NOT NULL, reason text NOT NULL,
  CONSTRAINT import_reject_pk PRIMARY KEY (import_no, line_no));
SELECT dist.distribute('loyalty.import_reject', 'import_no', 'loyalty.import_event');

CREATE FUNCTION loyalty.import_start(p_kind text, p_file_name text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_no bigint;
BEGIN
  IF loyalty.caller_role() NOT IN ('admin', CASE p_kind WHEN 'codes' THEN 'marketing' WHEN 'responses' THEN 'manager' ELSE 'pos' END) THEN
    RAISE EXCEPTION '%', CASE p_kind WHEN 'codes' THEN 'only marketing and administrators import codes'
                         WHEN 'responses' THEN 'only managers and administrators import responses' ELSE 'only administrators and tills import' END USING ERRCODE = 'LY001';
  END IF;
  INSERT INTO loyalty.import (kind, file_name) VALUES (p_kind, p_file_name) RETURNING import_no INTO v_no;
  PERFORM loyalty.audit_write(0, 'import.start', v_no || ' ' || p_kind, NULL);
  RETURN v_no;
END $$;

-- The import, if it belongs to whoever asks.
CREATE FUNCTION loyalty.import_check(p_import_no bigint) RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM loyalty.import i WHERE i.import_no = p_import_no AND i.by_login = session_user AND i.finished_at IS NULL) THEN
    RAISE EXCEPTION 'there is no running import % of yours', p_import_no USING ERRCODE = 'LY004';
  END IF;
END $$;

-- Staging is open to every importer, so that each line is looked at for whose it is. What came from elsewhere stops the import.
CREATE FUNCTION loyalty.import_own(p_import_no bigint, p_strangers bigint) RETURNS void LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF p_strangers > 0 THEN
    RAISE EXCEPTION '% lines of import % were staged by somebody else', p_strangers, p_import_no USING ERRCODE = 'LY001';
  END IF;
END $$;

-- Staged lines as rows of the journal: returns, whose original may be of the same chunk, or all others. The numbers are looked up in
-- their order, so that one page of the index serves many.
CREATE FUNCTION loyalty.import_rows(p_import_no bigint, p_from bigint, p_to bigint, p_returns boolean) RETURNS SETOF loyalty.journal
LANGUAGE sql STABLE AS $$
  SELECT o.member_id, s.seq, s.type, 1::smallint, s.activity_on, nullif(s.happened_on, s.activity_on), s.amount, s.line_category, s.line_amount, s.category, s.quantity, s.basket,
         CASE WHEN p_returns THEN coalesce((SELECT j.seq FROM loyalty.journal j WHERE j.member_id = o.member_id AND j.source = s.source
                                             AND j.external_id = s.of_external), 0) END,
         s.object, s.tier, s.until_on, s.qualifying, NULL::date, s.tender, s.channel, s.flags, s.receiver::bigint,
         NULL::bigint[], NULL::date[], NULL::date[], NULL::date, s.evidence, NULL::int, s.source, s.external_id,
         session_user, NULL::name, now()
    FROM (SELECT * FROM loyalty.import_event x WHERE x.import_no = p_import_no AND x.line_no BETWEEN p_from AND p_to
             AND (x.type = 'return') = p_returns ORDER BY x.member OFFSET 0) s
    JOIN loyalty.member_identifier i ON i.value = s.member AND i.kind = 'number'
    CROSS JOIN LATERAL (SELECT CASE WHEN EXISTS (SELECT FROM loyalty.member_merge g WHERE g.member_id = i.member_id)
                                      OR EXISTS (SELECT FROM loyalty.member_merge g WHERE g.target_id = i.member_id)
                               THEN loyalty.event_owner(i.member_id, s.type, s.source, s.external_id, s.of_external) ELSE i.member_id END AS member_id) o
   ORDER BY 1, 2 $$;

-- Takes them into journal and inbox, but for those of a household, which earns nothing itself. is_new: no line of the file was met before, so none is looked for; when one turns up after all, what
-- was written is undone and is_new is false from then on.
CREATE FUNCTION loyalty.import_take(p_import_no bigint, p_from bigint, p_to bigint, p_returns boolean, INOUT is_new boolean, OUT taken bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF is_new THEN
    BEGIN
      WITH fresh AS (
        INSERT INTO loyalty.journal SELECT r.* FROM loyalty.import_rows(p_import_no, p_from, p_to, p_returns) r
         WHERE NOT EXISTS (SELECT FROM loyalty.household h WHERE h.member_id = r.member_id) RETURNING member_id, seq)
      INSERT INTO loyalty.inbox SELECT loyalty.bucket_of(f.member_id), f.member_id, f.seq, 1 FROM fresh f ORDER BY 1, 2, 3;
      GET DIAGNOSTICS taken = ROW_COUNT;
      RETURN;
    EXCEPTION WHEN unique_violation THEN is_new := false;
    END;
  END IF;
  WITH fresh AS (
    INSERT INTO loyalty.journal SELECT r.* FROM loyalty.import_rows(p_import_no, p_from, p_to, p_returns) r
     WHERE NOT EXISTS (SELECT FROM loyalty.household h WHERE h.member_id = r.member_id)
    ON CONFLICT ON CONSTRAINT journal_source_uq DO NOTHING RETURNING member_id, seq)
  INSERT INTO loyalty.inbox SELECT loyalty.bucket_of(f.member_id), f.member_id, f.seq, 1 FROM fresh f ORDER BY 1, 2, 3;
  GET DIAGNOSTICS taken = ROW_COUNT;
END $$;

-- Takes lines p_from..p_to of staged events into journal and inbox. What the caller's role may not submit is rejected, limits do not apply.
-- A chunk is sorted in memory: what the server gives by itself sends it to the disk.
CREATE FUNCTION loyalty.import_events(p_import_no bigint, p_from bigint, p_to bigint, OUT taken bigint, OUT known bigint, OUT rejected bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET work_mem = '64MB' AS $$
DECLARE v_role text := loyalty.caller_role(); v_lines bigint; v_returns bigint; v_strangers bigint; v_forbidden bigint; v_part record;
        v_is_new boolean := (SELECT NOT i.has_known FROM loyalty.import i WHERE i.import_no = p_import_no);
        v_last_day date := loyalty.business_day() + 1;    -- the sender may be a time zone ahead
        -- what needs an answer at once: stock that is counted, and codes that must be void before a till sees them
        v_stocked text[] := ARRAY(SELECT r.code FROM loyalty.reward_stock k JOIN loyalty.reward r USING (reward_id));
BEGIN
  PERFORM loyalty.import_check(p_import_no);
  SELECT count(*), count(*) FILTER (WHERE s.type = 'return'), count(*) FILTER (WHERE s.by_login <> session_user),
         count(*) FILTER (WHERE s.activity_on NOT BETWEEN '1900-01-01' AND v_last_day OR s.type IN ('cancel_reward', 'transfer', 'receive', 'merge', 'unmerge') OR (s.type = 'redeem' AND s.object = ANY (v_stocked)))
    INTO v_lines, v_returns, v_strangers, v_forbidden
    FROM loyalty.import_event s WHERE s.import_no = p_import_no AND s.line_no BETWEEN p_from AND p_to;
  PERFORM loyalty.import_own(p_import_no, v_strangers);
  IF v_role <> 'admin' OR v_forbidden > 0 THEN
    INSERT INTO loyalty.import_reject (import_no, line_no, reason)
    SELECT s.import_no, s.line_no, CASE WHEN s.activity_on NOT BETWEEN '1900-01-01' AND v_last_day THEN format('date: an event cannot happen on %s', s.activity_on)
             WHEN s.type = 'cancel_reward' THEN 'type: rewards are cancelled one by one' WHEN s.type = 'receive' THEN 'type: points arrive by a transfer'
             WHEN s.type IN ('merge', 'unmerge') THEN 'type: members are merged one by one'
             WHEN s.type = 'transfer' AND loyalty.import_transfer_trouble(s) IS NOT NULL THEN loyalty.import_transfer_trouble(s) WHEN s.type = 'redeem' AND s.object = ANY (v_stocked)
             THEN format('reward: the stock of %s is counted; redeem it by itself', s.object) ELSE format('type: your role (%s) may not submit %s', v_role, s.type) END
      FROM loyalty.import_event s WHERE s.import_no = p_import_no AND s.line_no BETWEEN p_from AND p_to
       AND (s.activity_on NOT BETWEEN '1900-01-01' AND v_last_day OR s.type IN ('cancel_reward', 'receive', 'merge', 'unmerge') OR (s.type = 'redeem' AND s.object = ANY (v_stocked))
            OR s.type = 'transfer' AND loyalty.import_transfer_trouble(s) IS NOT NULL
            OR v_role <> 'admin' AND s.type <> ALL (ARRAY(SELECT l.type FROM loyalty.role_limit l WHERE l.role = v_role)));
    GET DIAGNOSTICS v_forbidden = ROW_COUNT;
    IF v_forbidden > 0 THEN
      DELETE FROM loyalty.import_event s USING loyalty.import_reject x WHERE s.import_no = p_import_no AND s.line_no BETWEEN p_from AND p_to
         AND x.import_no = s.import_no AND x.line_no = s.line_no;
      v_lines := v_lines - v_forbidden;
    END IF;
  END IF;
  taken := 0; rejected := 0;
  FOR pass IN 0 .. CASE WHEN v_returns > 0 THEN 1 ELSE 0 END LOOP    -- returns last: their original may be of this chunk
    SELECT * INTO v_part FROM loyalty.import_take(p_import_no, p_from, p_to, pass = 1, v_is_new);
    taken := taken + v_part.taken; v_is_new := v_part.is_new;
  END LOOP;
  IF taken < v_lines THEN
    INSERT INTO loyalty.import_reject (import_no, line_no, reason)
    SELECT s.import_no, s.line_no, CASE WHEN i.member_id IS NULL THEN format('member: there is no member %s', s.member)
             WHEN h.member_id IS NOT NULL THEN format('member: %s is a household: its members earn, and it redeems', s.member) ELSE format('external_id: another event was already sent as %s %s', s.source, s.external_id) END
      FROM loyalty.import_event s LEFT JOIN loyalty.member_identifier i ON i.value = s.member AND i.kind = 'number'
      LEFT JOIN loyalty.household h ON h.member_id = i.member_id
      LEFT JOIN loyalty.journal j ON j.member_id = i.member_id AND j.source = s.source AND j.external_id = s.external_id
     WHERE s.import_no = p_import_no AND s.line_no BETWEEN p_from AND p_to
       AND (i.member_id IS NULL OR h.member_id IS NOT NULL OR (j.seq <> s.seq AND
            (j.type, j.activity_on, j.happened_on, j.amount, j.line_category, j.line_amount, j.category, j.quantity, j.basket, j.object, j.tier, j.until_on,
             j.qualifying, j.tender, j.channel, j.flags, j.other_number)
            IS DISTINCT FROM
            (s.type, s.activity_on, nullif(s.happened_on, s.activity_on), s.amount, s.line_category, s.line_amount, s.category, s.quantity, s.basket, s.object, s.tier, s.until_on,
             s.qualifying, s.tender, s.channel, s.flags, s.receiver::bigint)));
    GET DIAGNOSTICS rejected = ROW_COUNT;
  END IF;
  known := v_lines - taken - rejected; rejected := rejected + v_forbidden;
  DELETE FROM loyalty.import_event s WHERE s.import_no = p_import_no AND s.line_no BETWEEN p_from AND p_to;
  UPDATE loyalty.import i SET taken = i.taken + import_events.taken, known = i.known + import_events.known,
         rejected = i.rejected + import_events.rejected, has_known = i.has_known OR NOT v_is_new WHERE i.import_no = p_import_no;
END $$;

-- Takes lines p_from..p_to of staged members: row, identifiers, standing, enrol event. A line with an identifier of someone else is rejected whole.
CREATE FUNCTION loyalty.import_members(p_import_no bigint, p_from bigint, p_to bigint, OUT taken bigint, OUT known bigint, OUT rejected bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM loyalty.import_check(p_import_no);
  PERFORM loyalty.import_own(p_import_no, (SELECT count(*) FROM loyalty.import_member s
    WHERE s.import_no = p_import_no AND s.line_no BETWEEN p_from AND p_to AND s.by_login <> session_user));
  DELETE FROM loyalty.import_member s USING loyalty.member_identifier i
   WHERE s.import_no = p_import_no AND s.line_no BETWEEN p_from AND p_to AND i.value = s.number AND i.kind = 'number';
  GET DIAGNOSTICS known = ROW_COUNT;
  INSERT INTO loyalty.import_reject (import_no, line_no, reason)
  SELECT p_import_no, x.line_no, min(CASE WHEN x.kind = 'attributes' THEN x.value WHEN x.kind = 'date' THEN 'enrolled_on: nobody enrolled on ' || x.value WHEN x.owner IS NOT NULL THEN format('%s: belongs to another member already', x.kind)
                                         ELSE format('%s: stands in an earlier line too', x.kind) END)
    FROM (SELECT n.line_no, n.kind, n.value, i.member_id AS owner, row_number() OVER (PARTITION BY n.kind, n.value ORDER BY n.line_no) AS nth
            FROM (SELECT s.line_no, k.kind, loyalty.identifier_normal(k.kind, k.value) AS value FROM loyalty.import_member s
                   CROSS JOIN LATERAL (VALUES ('number', s.number), ('card', s.card), ('email', s.email), ('phone', s.phone)) k (kind, value)
                   WHERE s.import_no = p_import_no AND s.line_no BETWEEN p_from AND p_to AND k.value <> ''
                  UNION ALL SELECT s.line_no, 'date', s.enrolled_on::text FROM loyalty.import_member s WHERE s.import_no = p_import_no
                     AND s.line_no BETWEEN p_from AND p_to AND s.enrolled_on NOT BETWEEN '1900-01-01' AND loyalty.business_day() + 1
                  UNION ALL SELECT s.line_no, 'attributes', loyalty.attributes_trouble(s.attributes) FROM loyalty.import_member s WHERE s.import_no = p_import_no
                     AND s.line_no BETWEEN p_from AND p_to AND s.attributes <> '') n
            LEFT JOIN loyalty.member_identifier i ON i.value = n.value AND i.kind = n.kind) x
   WHERE x.value IS NOT NULL AND (x.kind IN ('date', 'attributes') OR x.owner IS NOT NULL OR x.nth > 1) GROUP BY x.line_no;
  GET DIAGNOSTICS rejected = ROW_COUNT;
  IF rejected > 0 THEN
    DELETE FROM loyalty.import_member s USING loyalty.import_reject x
     WHERE s.import_no = p_import_no AND s.line_no BETWEEN p_from AND p_to AND x.import_no = s.import_no AND x.line_no = s.line_no;
  END IF;
  INSERT INTO loyalty.member (member_id, number, given_name, family_name, born, city, language, channel, flags, enrolled_on)
  SELECT s.member_id, s.number::bigint, s.given_name, s.family_name, s.born, coalesce(s.city, ''), coalesce(s.language, ''),
         coalesce(s.channel, ''), coalesce(s.flags, '{}'), s.enrolled_on
    FROM loyalty.import_member s WHERE s.import_no = p_import_no AND s.line_no BETWEEN p_from AND p_to ORDER BY s.member_id;
  INSERT INTO loyalty.member_identifier (value, kind, member_id)
  SELECT loyalty.identifier_normal(k.kind, k.value), k.kind, s.member_id FROM loyalty.import_member s
   CROSS JOIN LATERAL (VALUES ('number', s.number), ('card', s.card), ('email', s.email), ('phone', s.phone)) k (kind, value)
   WHERE s.import_no = p_import_no AND s.line_no BETWEEN p_from AND p_to AND k.value <> '' ORDER BY 1;
  INSERT INTO loyalty.standing (member_id) SELECT s.member_id FROM loyalty.import_member s
   WHERE s.import_no = p_import_no AND s.line_no BETWEEN p_from AND p_to ORDER BY 1;
  INSERT INTO loyalty.member_consent (member_id, kind, channel, said_at, is_given, version, source, until_on)    -- said when they enrolled
  SELECT s.member_id, r.kind, r.channel, s.enrolled_on::timestamp AT TIME ZONE (SELECT p.timezone FROM loyalty.programme p), w.is_given, r.version, 'import', w.until_on
    FROM loyalty.import_member s CROSS JOIN LATERAL unnest(s.consents) c CROSS JOIN LATERAL loyalty.consent_said(c) w CROSS JOIN LATERAL loyalty.consent_read(w.what) r
   WHERE s.import_no = p_import_no AND s.line_no BETWEEN p_from AND p_to ON CONFLICT DO NOTHING;
  INSERT INTO loyalty.member_attribute (member_id, attribute_id, value, number, day)
  SELECT s.member_id, a.attribute_id, r.value, r.number, r.day FROM loyalty.import_member s CROSS JOIN LATERAL unnest(string_to_array(s.attributes, '|')) x
    JOIN loyalty.attribute a ON a.code = btrim(split_part(x, '=', 1)) CROSS JOIN LATERAL loyalty.attribute_read(a, substr(x, strpos(x, '=') + 1)) r
   WHERE s.import_no = p_import_no AND s.line_no BETWEEN p_from AND p_to AND s.attributes <> '' AND r.value IS NOT NULL;
  INSERT INTO loyalty.name_word (word, kind)
  SELECT DISTINCT x.word, x.kind FROM (
    SELECT unnest(string_to_array(m.given_folded, ' ')) AS word, 'g'::"char" AS kind FROM loyalty.import_member s JOIN loyalty.member m USING (member_id)
     WHERE s.import_no = p_import_no AND s.line_no BETWEEN p_from AND p_to
    UNION ALL SELECT unnest(string_to_array(m.family_folded, ' ')), 'f'::"char" FROM loyalty.import_member s JOIN loyalty.member m USING (member_id)
     WHERE s.import_no = p_import_no AND s.line_no BETWEEN p_from AND p_to) x WHERE x.word <> '' ON CONFLICT DO NOTHING;
  WITH fresh AS (
    INSERT INTO loyalty.journal (member_id, type, lane, activity_on, born, channel, flags, source, external_id)
    SELECT s.member_id, 'enrol', 1, s.enrolled_on,
           make_date(1904, extract(month FROM s.born)::int, extract(day FROM s.born)::int), nullif(s.channel, ''), s.flags, 'import', 'member ' || s.number
      FROM loyalty.import_member s WHERE s.import_no = p_import_no AND s.line_no BETWEEN p_from AND p_to ORDER BY s.member_id
    RETURNING member_id, seq)
  INSERT INTO loyalty.inbox SELECT loyalty.bucket_of(f.member_id), f.member_id, f.seq, 1 FROM fresh f;
  GET DIAGNOSTICS taken = ROW_COUNT;
  PERFORM loyalty.unmatched_match(s.member_id) FROM loyalty.import_member s    -- what was bought with the card, or the number, before it was anybody's
    WHERE s.import_no = p_import_no AND s.line_no BETWEEN p_from AND p_to AND EXISTS (SELECT FROM loyalty.unmatched_event u
      WHERE u.named IN (s.number, loyalty.identifier_normal('card', coalesce(s.card, ''))) AND u.member_id IS NULL) ORDER BY s.member_id;
  PERFORM setval('loyalty.member_number_seq', greatest((SELECT max(s.number::bigint) FROM loyalty.import_member s
    WHERE s.import_no = p_import_no AND s.line_no BETWEEN p_from AND p_to), (SELECT last_value FROM loyalty.member_number_seq)));
  DELETE FROM loyalty.import_member s WHERE s.import_no = p_import_no AND s.line_no BETWEEN p_from AND p_to;
  UPDATE loyalty.import i SET taken = i.taken + import_members.taken, known = i.known + import_members.known,
         rejected = i.rejected + import_members.rejected WHERE i.import_no = p_import_no;
END $$;

CREATE FUNCTION loyalty.import_finish(p_import_no bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM loyalty.import_check(p_import_no);
  DELETE FROM loyalty.import_event s WHERE s.import_no = p_import_no;
  DELETE FROM loyalty.import_member s WHERE s.import_no = p_import_no;
  DELETE FROM loyalty.import_code s WHERE s.import_no = p_import_no;
  DELETE FROM loyalty.import_response s WHERE s.import_no = p_import_no;
  UPDATE loyalty.import i SET finished_at = now() WHERE i.import_no = p_import_no;
  -- Counting the vocabulary reads all members, so only after many new ones: the words are there already, counts only rank them.
  IF (SELECT i.kind = 'members' AND i.taken * 100 > (SELECT c.reltuples FROM pg_class c WHERE c.oid = 'loyalty.member'::regclass)
        FROM loyalty.import i WHERE i.import_no = p_import_no) THEN PERFORM loyalty.name_words_count(); END IF;
  PERFORM loyalty.journal_told(0);
END $$;
