-- Find a member as one types: three stages, each stops when the page is full. (1) exact keys and ordered prefixes on btrees,
-- (2) words in any order by the index of words, (3) typos and parts of words through the vocabulary, never through the members.

CREATE FUNCTION loyalty.words_beginning(w text, k int) RETURNS text[] LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT array_agg(x.word) FROM (SELECT n.word FROM loyalty.name_word n WHERE n.word >= w AND n.word < w || U&'\+10FFFF'
    GROUP BY n.word ORDER BY sum(n.members) DESC, n.word LIMIT k) x $$;
CREATE FUNCTION loyalty.words_containing(w text, k int) RETURNS text[] LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT array_agg(x.word) FROM (SELECT n.word FROM loyalty.name_word n
    WHERE n.word LIKE '%' || replace(replace(replace(w, '\', '\\'), '%', '\%'), '_', '\_') || '%'
    GROUP BY n.word ORDER BY sum(n.members) DESC, n.word LIMIT k) x $$;
-- Words at most two letters off (short ones: one), nearest first. An error in one half of a word leaves the other half as it is, which the indexes
-- find at once; only for two errors, one in each half, the trigrams of all words are compared.
CREATE FUNCTION loyalty.words_like(w text, k int) RETURNS text[] LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE r text[]; a text := left(w, (length(w) + 1) / 2); b text := substr(w, (length(w) + 1) / 2 + 1); off int := CASE WHEN length(w) < 5 THEN 1 ELSE 2 END;
BEGIN
  IF length(b) < 2 THEN b := w; END IF;            -- one letter is no end to look for
  SELECT array_agg(x.word) INTO r FROM (SELECT n.word FROM loyalty.name_word n
    WHERE (n.word >= a AND n.word < a || U&'\+10FFFF' OR n.word LIKE '%' || replace(replace(replace(b, '\', '\\'), '%', '\%'), '_', '\_'))
      AND abs(length(n.word) - length(w)) <= off AND public.levenshtein_less_equal(n.word, w, off) <= off
    GROUP BY n.word ORDER BY min(public.levenshtein_less_equal(n.word, w, 2)), sum(n.members) DESC, n.word LIMIT k) x;
  IF r IS NULL AND off > 1 THEN
    SELECT array_agg(x.word) INTO r FROM (SELECT n.word FROM loyalty.name_word n
      WHERE n.word OPERATOR(public.%) w AND abs(length(n.word) - length(w)) <= off AND public.levenshtein_less_equal(n.word, w, off) <= off
      GROUP BY n.word ORDER BY min(public.levenshtein_less_equal(n.word, w, 2)), sum(n.members) DESC, n.word LIMIT k) x;
  END IF;
  RETURN r;
END $$;

-- Members that fit what was typed, best first: at most p_limit. Nothing personal comes out but the name.
CREATE FUNCTION loyalty.member_search(p_text text, p_limit int DEFAULT 50) RETURNS TABLE (member_id bigint, stage int)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  hi constant text := U&'\+10FFFF';
  s text COLLATE "C" := CASE WHEN p_text ~ '^\+?[0-9 ()./-]{3,200}$' THEN btrim(p_text)   -- nothing to fold
                             ELSE loyalty.fold(btrim(regexp_replace(left(p_text, 200), '\s+', ' ', 'g'))) END;
  w text[]; n int; d text; got bigint[] := '{}'; r bigint[]; words text[]; likely text[]; a text; b text; any_found boolean;
BEGIN
  PERFORM loyalty.caller_role();
  p_limit := least(p_limit, 200);
  IF s = '' THEN RETURN; END IF;
  IF s ~ '^\+?[0-9 ()./-]{3,}$' THEN               -- digits: number, card, phone, their ends
    d := regexp_replace(s, '[^0-9]', '', 'g');
    RETURN QUERY SELECT DISTINCT i.member_id, 1 FROM loyalty.member_identifier i
      WHERE i.value IN (d, '+' || d) AND i.kind IN ('number', 'card', 'phone') LIMIT p_limit;
    IF length(d) >= 7 THEN                         -- a number of seven digits may be the end of a phone's as well
      IF FOUND AND length(d) > 9 THEN RETURN; END IF;
      any_found := FOUND;
      RETURN QUERY SELECT i.member_id, 2 FROM loyalty.member_identifier i WHERE i.kind = 'phone' AND right(i.value, 7) = right(d, 7)
        AND i.value LIKE '%' || right(d, 9) AND i.value NOT IN (d, '+' || d) LIMIT p_limit;
      IF FOUND OR any_found THEN RETURN; END IF;
    END IF;
    RETURN QUERY SELECT i.member_id, 2 FROM loyalty.member_identifier i WHERE i.value > d AND i.value < d || hi AND i.kind IN ('number', 'card')
      ORDER BY i.value LIMIT p_limit;
    IF NOT FOUND AND length(d) = 4 THEN
      RETURN QUERY SELECT i.member_id, 2 FROM loyalty.member_identifier i WHERE i.kind = 'card' AND right(i.value, 4) = d LIMIT p_limit;
    END IF;
    RETURN;
  END IF;
  IF s ~ '[@._0-9]' AND s !~ ' ' THEN              -- e-mail, or a card with letters
    RETURN QUERY SELECT i.member_id, 1 FROM loyalty.member_identifier i
      WHERE i.value = upper(regexp_replace(s, '[^0-9a-z]', '', 'g')) AND i.kind = 'card' LIMIT p_limit;
    IF FOUND THEN RETURN; END IF;
    RETURN QUERY SELECT i.member_id, 1 FROM loyalty.member_identifier i WHERE i.value >= s AND i.value < s || hi AND i.kind = 'email'
      ORDER BY i.value LIMIT p_limit;
    IF FOUND THEN RETURN; END IF;
  END IF;
  w := string_to_array(s, ' '); n := cardinality(w);
  IF n = 1 THEN
    SELECT array_agg(x.member_id) INTO r FROM (SELECT m.member_id FROM loyalty.member m WHERE m.family_folded >= s AND m.family_folded < s || hi
      ORDER BY m.family_folded, m.given_folded, m.member_id LIMIT p_limit) x;
    got := got || coalesce(r, '{}');
    IF cardinality(got) < p_limit THEN
      SELECT array_agg(x.member_id) INTO r FROM (SELECT m.member_id FROM loyalty.member m WHERE m.given_folded >= s AND m.given_folded < s || hi
        AND m.member_id <> ALL (got) ORDER BY m.given_folded, m.family_folded, m.member_id LIMIT p_limit - cardinality(got)) x;
      got := got || coalesce(r, '{}');
    END IF;
  ELSE
    FOR i IN 1 .. n - 1 LOOP
      a := array_to_string(w[1:i], ' '); b := array_to_string(w[i + 1:n], ' ');
      EXIT WHEN cardinality(got) >= p_limit;
      SELECT array_agg(x.member_id) INTO r FROM (SELECT m.member_id FROM loyalty.member m WHERE m.given_folded = a AND m.family_folded >= b
        AND m.family_folded < b || hi AND m.member_id <> ALL (got) ORDER BY m.family_folded LIMIT p_limit - cardinality(got)) x;
      got := got || coalesce(r, '{}');
      EXIT WHEN cardinality(got) >= p_limit;
      SELECT array_agg(x.member_id) INTO r FROM (SELECT m.member_id FROM loyalty.member m WHERE m.family_folded = a AND m.given_folded >= b
        AND m.given_folded < b || hi AND m.member_id <> ALL (got) ORDER BY m.given_folded LIMIT p_limit - cardinality(got)) x;
      got := got || coalesce(r, '{}');
    END LOOP;
  END IF;
  RETURN QUERY SELECT u, 1 FROM unnest(got) u;
  IF cardinality(got) >= p_limit THEN RETURN; END IF;

  r := NULL;
  IF length(w[n]) >= 2 AND (n >= 2 OR length(s) >= 3) THEN
    words := loyalty.words_beginning(w[n], 100);
    IF words IS NOT NULL THEN
      SELECT array_agg(x.member_id) INTO r FROM (SELECT m.member_id FROM loyalty.member m
        WHERE string_to_array(m.given_folded || ' ' || m.family_folded, ' ') @> w[1:n - 1]
          AND string_to_array(m.given_folded || ' ' || m.family_folded, ' ') && words
          AND m.member_id <> ALL (got) LIMIT p_limit - cardinality(got)) x;
    END IF;
  END IF;
  RETURN QUERY SELECT u, 2 FROM unnest(r) u;
  got := got || coalesce(r, '{}');
  IF cardinality(got) >= 5 OR length(s) < 4 OR length(w[1]) < 3 OR length(w[n]) < 3 THEN RETURN; END IF;

  r := NULL;
  IF n = 1 THEN
    words := coalesce(loyalty.words_like(s, 12), '{}') || coalesce(loyalty.words_containing(s, 50), '{}');
    SELECT array_agg(DISTINCT x.member_id) INTO r FROM (SELECT y.member_id FROM unnest(words) f CROSS JOIN LATERAL
      (SELECT m.member_id FROM loyalty.member m WHERE m.family_folded = f ORDER BY m.given_folded LIMIT p_limit) y
      WHERE y.member_id <> ALL (got) LIMIT p_limit - cardinality(got)) x;
    IF coalesce(cardinality(r), 0) < 5 AND cardinality(words) > 0 THEN
      SELECT array_agg(x.member_id) INTO r FROM (SELECT m.member_id FROM loyalty.member m
        WHERE string_to_array(m.given_folded || ' ' || m.family_folded, ' ') && words AND m.member_id <> ALL (got)
        LIMIT p_limit - cardinality(got)) x;
    END IF;
  ELSE                                             -- asked once each: as part of a query they would be asked for every row and plan
    likely := loyalty.words_like(w[1], 12) || w[1]; words := loyalty.words_like(w[n], 12) || w[n];
    SELECT array_agg(DISTINCT x.member_id) INTO r FROM (SELECT y.member_id FROM unnest(likely) g, unnest(words) f
      CROSS JOIN LATERAL (SELECT m.member_id FROM loyalty.member m WHERE m.given_folded = g AND m.family_folded = f LIMIT 10) y
      WHERE y.member_id <> ALL (got) LIMIT p_limit - cardinality(got)) x;
    IF r IS NULL THEN
      words := words || coalesce(loyalty.words_containing(w[n], 50), '{}');
      SELECT array_agg(x.member_id) INTO r FROM (SELECT m.member_id FROM loyalty.member m
        WHERE string_to_array(m.given_folded || ' ' || m.family_folded, ' ') && likely
          AND string_to_array(m.given_folded || ' ' || m.family_folded, ' ') && words
          AND m.member_id <> ALL (got) LIMIT p_limit - cardinality(got)) x;
    END IF;
  END IF;
  RETURN QUERY SELECT u, 3 FROM unnest(r) u;
END $$;

-- The lines of lists. Screens send unnamed statements, so that poolers work, and making the plan of these joins costs more than running it: functions
-- keep their plans as long as the session lasts. They run with the rights of whoever calls them.

-- What a list shows of a member beside who it is; becomes part of the query it stands in. LIMIT 1 keeps each a look-up by its key: for hundreds of
-- members the planner would else read the tables whole.
CREATE FUNCTION loyalty.member_line(p_member_id bigint) RETURNS TABLE (tier text, tier_until date, last_activity_on date, points bigint, decimals smallint)
LANGUAGE sql STABLE AS $$
  SELECT t.code, s.tier_until, s.last_activity_on, b.points, (SELECT c.decimals FROM loyalty.currency c ORDER BY c.kind <> 'redeemable', c.currency_id LIMIT 1)
    FROM (SELECT) one
    LEFT JOIN LATERAL (SELECT s.tier_id, s.tier_until, s.last_activity_on FROM loyalty.standing s WHERE s.member_id = p_member_id LIMIT 1) s ON true
    LEFT JOIN loyalty.tier t ON t.tier_id = s.tier_id
    LEFT JOIN LATERAL (SELECT b.points FROM loyalty.balance b WHERE b.member_id = p_member_id AND b.currency_id =
      (SELECT c.currency_id FROM loyalty.currency c ORDER BY c.kind <> 'redeemable', c.currency_id LIMIT 1) LIMIT 1) b ON true $$;

-- A page of all members in the order of p_order ('number', 'name'): the first, last, or those after, before or from the member of number p_key, at
-- most 1000. It is cut on the index first and joined then, so that a page costs a page anywhere in the table; the 1000 keeps the planner to the index.
CREATE FUNCTION loyalty.member_page(p_order text, p_from text, p_key bigint, p_rows int) RETURNS TABLE (member_id bigint, number bigint,
  given_name text, family_name text, status text, tier text, tier_until date, last_activity_on date, points bigint, decimals smallint)
LANGUAGE plpgsql STABLE ROWS 60 SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
  k_id bigint; k_number bigint := p_key; k_family text COLLATE "C"; k_given text COLLATE "C";
  v_back boolean := p_from IN ('last', 'before'); v_step int := CASE p_from WHEN 'after' THEN 1 WHEN 'before' THEN -1 ELSE 0 END;
BEGIN
  IF p_from = 'first' THEN
    k_id := 0; k_number := 0; k_family := ''; k_given := '';
  ELSIF p_from = 'last' THEN
    k_id := 9223372036854775807; k_number := k_id; k_family := U&'\+10FFFF'; k_given := k_family;
  ELSIF p_order = 'name' THEN
    SELECT m.member_id, m.family_folded, m.given_folded INTO k_id, k_family, k_given FROM loyalty.member m WHERE m.number = p_key;
  END IF;
  k_id := k_id + v_step; k_number := k_number + v_step;
  IF p_order = 'number' AND NOT v_back THEN
    RETURN QUERY SELECT m.*, l.* FROM (SELECT x.member_id, x.number, x.given_name, x.family_name, x.status
        FROM loyalty.member x WHERE x.number >= k_number ORDER BY x.number LIMIT 1000) m, loyalty.member_line(m.member_id) l
      ORDER BY m.number LIMIT p_rows;
  ELSIF p_order = 'number' THEN
    RETURN QUERY SELECT y.* FROM (SELECT m.*, l.* FROM (SELECT x.member_id, x.number, x.given_name, x.family_name, x.status
        FROM loyalty.member x WHERE x.number <= k_number ORDER BY x.number DESC LIMIT 1000) m, loyalty.member_line(m.member_id) l
      ORDER BY m.number DESC LIMIT p_rows) y ORDER BY y.number;
  ELSIF NOT v_back THEN
    RETURN QUERY SELECT m.member_id, m.number, m.given_name, m.family_name, m.status, l.*
      FROM (SELECT x.member_id, x.number, x.given_name, x.family_name, x.status, x.family_folded, x.given_folded
        FROM loyalty.member x WHERE (x.family_folded, x.given_folded, x.member_id) >= (k_family, k_given, k_id)
        ORDER BY x.family_folded, x.given_folded, x.member_id LIMIT 1000) m, loyalty.member_line(m.member_id) l
      ORDER BY m.family_folded, m.given_folded, m.member_id LIMIT p_rows;
  ELSE
    RETURN QUERY SELECT y.member_id, y.number, y.given_name, y.family_name, y.status, y.tier, y.tier_until, y.last_activity_on, y.points, y.decimals
      FROM (SELECT m.*, l.* FROM (SELECT x.member_id, x.number, x.given_name, x.family_name, x.status, x.family_folded, x.given_folded
        FROM loyalty.member x WHERE (x.family_folded, x.given_folded, x.member_id) <= (k_family, k_given, k_id)
        ORDER BY x.family_folded DESC, x.given_folded DESC, x.member_id DESC LIMIT 1000) m, loyalty.member_line(m.member_id) l
      ORDER BY m.family_folded DESC, m.given_folded DESC, m.member_id DESC LIMIT p_rows) y ORDER BY y.family_folded, y.given_folded, y.member_id;
  END IF;
END $$;

-- What the search finds, as lines of a list. The code of an issued reward finds its owner, and reward_no is set: before names where it has both
-- letters and digits, else where nothing else was found. What is nothing but a number is looked up at once, by one query: members are found so most.
CREATE FUNCTION loyalty.member_find(p_text text, p_limit int) RETURNS TABLE (member_id bigint, number bigint, given_name text, family_name text,
  status text, tier text, tier_until date, last_activity_on date, points bigint, decimals smallint, is_guess boolean, reward_no bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50 SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE v_is_mixed boolean; v_member_id bigint; v_reward_no bigint;
BEGIN
  IF p_text ~ '^[0-9]{7,19}$' THEN         -- up to nine digits may be the end of a phone's as well
    RETURN QUERY SELECT m.member_id, m.number, m.given_name, m.family_name, m.status, l.*, false, NULL::bigint
      FROM (SELECT ARRAY(SELECT i.member_id FROM loyalty.member_identifier i
                          WHERE i.value IN (p_text, '+' || p_text) AND i.kind IN ('number', 'card', 'phone')
                         UNION ALL SELECT i.member_id FROM loyalty.member_identifier i WHERE length(p_text) < 10 AND i.kind = 'phone'
                            AND right(i.value, 7) = right(p_text, 7) AND i.value LIKE '%' || right(p_text, 9)) AS ids OFFSET 0) f
      JOIN loyalty.member m ON m.member_id = ANY (f.ids), loyalty.member_line(m.member_id) l
     WHERE EXISTS (SELECT FROM loyalty.staff s WHERE s.login = session_user AND s.active)
     ORDER BY array_position(f.ids, m.member_id) LIMIT least(p_limit, 200);
    IF FOUND THEN RETURN; END IF;
  END IF;
  v_is_mixed := p_text ~ '[0-9]' AND p_text ~ '[A-Za-z]';
  IF v_is_mixed THEN
    SELECT c.member_id, c.reward_no INTO v_member_id, v_reward_no FROM loyalty.code_owner(p_text) c;
  END IF;
  IF v_reward_no IS NULL THEN
    RETURN QUERY SELECT m.member_id, m.number, m.given_name, m.family_name, m.status, l.*, f.stage = 3, NULL::bigint
      FROM (SELECT q.member_id, min(q.place) AS place, min(q.stage) AS stage    -- several identifiers may lead to one member
              FROM loyalty.member_search(p_text, p_limit) WITH ORDINALITY q (member_id, stage, place) GROUP BY 1) f
      JOIN loyalty.member m ON m.member_id = f.member_id, loyalty.member_line(m.member_id) l ORDER BY f.place;
    IF FOUND THEN RETURN; END IF;
    IF NOT v_is_mixed THEN SELECT c.member_id, c.reward_no INTO v_member_id, v_reward_no FROM loyalty.code_owner(p_text) c; END IF;
    IF v_member_id IS NULL THEN           -- what once led to somebody, as likeness does
      RETURN QUERY SELECT m.member_id, m.number, m.given_name, m.family_name, m.status, l.*, true, NULL::bigint
        FROM (SELECT DISTINCT p.member_id FROM loyalty.member_past p WHERE (p.value, p.kind) IN ((loyalty.identifier_normal('email', p_text), 'email'),
                (loyalty.identifier_normal('phone', p_text), 'phone'), (loyalty.identifier_normal('card', p_text), 'card')) LIMIT least(p_limit, 200)) f
        JOIN loyalty.member m ON m.member_id = f.member_id, loyalty.member_line(m.member_id) l;
      RETURN;
    END IF;
  END IF;
  RETURN QUERY SELECT m.member_id, m.number, m.given_name, m.family_name, m.status, l.*, false, v_reward_no
    FROM loyalty.member m, loyalty.member_line(m.member_id) l WHERE m.member_id = v_member_id;
END $$;

-- The header card of one member: who serves members gets it with personal data, marketing without birth, identifiers and city. Either reading is
-- written down first.
CREATE FUNCTION loyalty.member_open(p_member_id bigint, OUT member_id bigint, OUT number bigint, OUT given_name text, OUT family_name text,
  OUT born date, OUT email text, OUT phone text, OUT card text, OUT city text, OUT language text, OUT channel text, OUT flags text[],
  OUT enrolled_on date, OUT status text, OUT version int)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_role text := loyalty.caller_role();
BEGIN
  IF v_role NOT IN ('support', 'marketing', 'manager', 'admin') THEN
    RAISE EXCEPTION 'your role does not see personal data' USING ERRCODE = 'LY001';
  END IF;
  SELECT m.member_id, m.number, m.given_name, m.family_name, m.born, m.city, m.language, m.channel, m.flags, m.enrolled_on, m.status, m.version
    INTO member_id, number, given_name, family_name, born, city, language, channel, flags, enrolled_on, status, version
    FROM loyalty.member m WHERE m.member_id = p_member_id;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no such member' USING ERRCODE = 'LY004';
  END IF;
  IF v_role = 'marketing' THEN
    born := NULL; city := '';
  ELSE
    SELECT max(i.value) FILTER (WHERE i.kind = 'email'), max(i.value) FILTER (WHERE i.kind = 'phone'), max(i.value) FILTER (WHERE i.kind = 'card')
      INTO email, phone, card FROM loyalty.member_identifier i    -- their own before those of who was merged into them
     WHERE i.member_id = p_member_id AND (i.from_id IS NULL OR NOT EXISTS (SELECT FROM loyalty.member_identifier o
             WHERE o.member_id = p_member_id AND o.kind = i.kind AND o.from_id IS NULL));
  END IF;
  PERFORM loyalty.audit_write(p_member_id, 'member.read', number::text, NULL);
END $$;

-- Counts the vocabulary again; cheap enough for every night and after every import.
CREATE FUNCTION loyalty.name_words_count() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO loyalty.name_word (word, kind, members)
  SELECT x.word, x.kind, count(*) FROM (
    SELECT unnest(string_to_array(m.given_folded, ' ')) AS word, 'g'::"char" AS kind FROM loyalty.member m
    UNION ALL SELECT unnest(string_to_array(m.family_folded, ' ')), 'f'::"char" FROM loyalty.member m) x WHERE x.word <> '' GROUP BY 1, 2
  ON CONFLICT (word, kind) DO UPDATE SET members = excluded.members $$;
