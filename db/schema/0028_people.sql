-- Members are people: two memberships of one person become one, and part again.
--
-- A merge is an event of the member that goes ('merge', the source). Posting it sends all open lots on to the other, the target, with their
-- dates; whatever the source's journal still leads to later (an event under way, a return, a cancelled reward) goes on in the same way, debt
-- included, so that a merged member has nothing and owes nothing. The journal and the ledger of either stay its own. What names the source
-- leads to the target meanwhile; its rewards stay usable by their codes, and stand with its cases under the target; the higher tier is kept until its day.
-- Progress towards tiers is not added up: each membership's windows are its own, with what they began and end on, and a tier reached by a sum would have
-- given what no end of the merge could take back exactly.
-- Its end ('unmerge') is again an event of the source. In the transaction that posts it the target's journal gets a transfer for each
-- event by which points came, of what is left of their lots, and the end of the tier it kept for the source; those of one member are posted in their order, so nothing can overtake.
-- Who was merged into whom stands in member_merge (0003), whose journal an event then belongs into tells event_owner (0007).

-- Why these two cannot become one; NULL: they can.
CREATE FUNCTION loyalty.merge_trouble(p_source bigint, p_target bigint) RETURNS text LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_source loyalty.member; v_target loyalty.member; v_debtor bigint;
BEGIN
  SELECT * INTO v_source FROM loyalty.member m WHERE m.member_id = p_source;
  SELECT * INTO v_target FROM loyalty.member m WHERE m.member_id = p_target;
  IF p_source = p_target THEN RETURN 'it is the same member';
  ELSIF v_source.status <> 'active' THEN RETURN format('member %s is %s', v_source.number, v_source.status);
  ELSIF v_target.status IS DISTINCT FROM 'active' THEN RETURN format('member %s is %s', v_target.number, v_target.status);
  ELSIF EXISTS (SELECT FROM loyalty.household h WHERE h.member_id IN (p_source, p_target)) THEN RETURN 'a household is no person';
  ELSIF EXISTS (SELECT FROM loyalty.household_member h WHERE h.member_id = p_source) THEN
    RETURN format('member %s belongs to a household: let it leave first', v_source.number);
  ELSIF EXISTS (SELECT FROM loyalty.member_merge g WHERE g.target_id = p_source AND g.ended_at IS NULL) THEN
    RETURN format('other members were merged into %s: part them first, or merge the other way round', v_source.number);
  END IF;
  SELECT m.number INTO v_debtor FROM loyalty.balance b JOIN loyalty.member m USING (member_id)
   WHERE b.member_id IN (p_source, p_target) AND b.points < 0 LIMIT 1;
  IF FOUND THEN RETURN format('member %s owes points: settle that first', v_debtor); END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION loyalty.merge_check(p_event loyalty.journal) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_trouble text; v_status text; v_target bigint;
BEGIN
  IF p_event.type NOT IN ('merge', 'unmerge') THEN RETURN; END IF;
  SELECT i.member_id INTO v_target FROM loyalty.member_identifier i WHERE i.value = p_event.other_number::text AND i.kind = 'number';
  PERFORM pg_advisory_xact_lock(11, 0);    -- of two that would cross, the second sees the first
  IF EXISTS (SELECT FROM loyalty.inbox i JOIN loyalty.journal j USING (member_id, seq) WHERE i.bucket IN (loyalty.bucket_of(p_event.member_id), loyalty.bucket_of(v_target))
               AND i.member_id IN (p_event.member_id, v_target) AND j.type IN ('merge', 'unmerge')) THEN
    RAISE EXCEPTION 'one of the two is being merged at this moment' USING ERRCODE = 'LY010', HINT = 'wait until the worker has posted it';
  ELSIF p_event.type = 'merge' THEN
    v_trouble := loyalty.merge_trouble(p_event.member_id, v_target);
    IF v_trouble IS NOT NULL THEN RAISE EXCEPTION '%', v_trouble USING ERRCODE = 'LY002'; END IF;
  ELSE
    SELECT m.status INTO v_status FROM loyalty.member m WHERE m.member_id = p_event.member_id;
    IF v_status <> 'merged' THEN RAISE EXCEPTION 'the member is not merged' USING ERRCODE = 'LY010'; END IF;
  END IF;
END $$;

-- What would happen, a line each: what it is, what the source has of it, what becomes of it. Last, where there is one, the trouble.
CREATE FUNCTION loyalty.merge_preview(p_source bigint, p_target bigint) RETURNS TABLE (what text, has text, becomes text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE v_trouble text; v_source loyalty.member; v_target loyalty.member; v_tier record;
BEGIN
  IF loyalty.caller_role() NOT IN ('support', 'manager', 'admin') THEN RAISE EXCEPTION 'your role (%) does not merge members', loyalty.caller_role() USING ERRCODE = 'LY001'; END IF;
  SELECT * INTO v_source FROM loyalty.member m WHERE m.member_id = p_source;
  SELECT * INTO v_target FROM loyalty.member m WHERE m.member_id = p_target;
  IF v_source.number IS NULL OR v_target.number IS NULL THEN RAISE EXCEPTION 'there is no such member' USING ERRCODE = 'LY004'; END IF;
  v_trouble := loyalty.merge_trouble(p_source, p_target);
  PERFORM loyalty.audit_write(p_target, 'member.merge_preview', v_source.number::text, NULL);
  RETURN QUERY SELECT 'member', v_source.number || ' ' || btrim(v_source.given_name || ' ' || v_source.family_name) || coalesce(', born ' || v_source.born, ''),
    'goes into ' || v_target.number || ' ' || btrim(v_target.given_name || ' ' || v_target.family_name) || coalesce(', born ' || v_target.born, '');
  RETURN QUERY SELECT i.kind, i.value, format('leads to %s', v_target.number) FROM loyalty.member_identifier i
    WHERE i.member_id = p_source AND i.kind <> 'external' ORDER BY i.kind = 'number' DESC, i.kind, i.value;
  RETURN QUERY SELECT 'points', trim_scale(b.points / power(10::numeric, c.decimals)) || ' ' || c.code || ' in ' || count(l.lot_no) || CASE count(l.lot_no) WHEN 1 THEN ' lot' ELSE ' lots' END,
    format('move with their dates; then %s %s', trim_scale((b.points + coalesce(t.points, 0)) / power(10::numeric, c.decimals)), c.code)
    FROM loyalty.balance b JOIN loyalty.currency c USING (currency_id) LEFT JOIN loyalty.lot l ON l.member_id = p_source AND l.currency_id = b.currency_id AND l.remaining > 0
    LEFT JOIN loyalty.balance t ON t.member_id = p_target AND t.currency_id = b.currency_id
   WHERE b.member_id = p_source AND b.points > 0 GROUP BY c.currency_id, c.code, c.decimals, b.points, t.points ORDER BY c.currency_id;
  RETURN QUERY SELECT 'reward', r.name || coalesce(' until ' || nullif(i.expires_on, 'infinity'), ''), 'stays usable by its code, and stands there too' FROM loyalty.issued_reward i
    JOIN loyalty.reward r USING (reward_id) WHERE i.member_id = p_source AND loyalty.reward_state(i) IN ('issued', 'reserved') ORDER BY i.reward_no;
  SELECT s.code, s.rank, t.code AS target_code, coalesce(t.rank, -1) AS target_rank INTO v_tier
    FROM loyalty.standing x JOIN loyalty.tier s ON s.tier_id = x.tier_id LEFT JOIN loyalty.standing y ON y.member_id = p_target
    LEFT JOIN loyalty.tier t ON t.tier_id = y.tier_id WHERE x.member_id = p_source;
  IF FOUND THEN
    RETURN QUERY SELECT 'tier', v_tier.code, CASE WHEN v_tier.rank > v_tier.target_rank THEN format('is kept until its day, or until they part, instead of %s', coalesce(v_tier.target_code, 'none'))
                                             ELSE format('%s stays', v_tier.target_code) END;
  END IF;
  IF EXISTS (SELECT FROM loyalty.ladder) THEN RETURN QUERY SELECT 'tier progress', 'as each has it', 'is not added up: what was earned counts where it was earned'; END IF;
  RETURN QUERY SELECT 'cases', count(*) || ' not resolved', 'keep their numbers, and stand there too' FROM loyalty.member_case k
    WHERE k.member_id = p_source AND k.state NOT IN ('resolved', 'closed', 'merged') HAVING count(*) > 0;
  IF v_trouble IS NOT NULL THEN RETURN QUERY SELECT 'trouble', v_trouble, 'nothing can be merged'; END IF;
END $$;

-- The merge is posted: the two are one from now on, or not at all.
CREATE FUNCTION loyalty.merge_begin(e loyalty.journal) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_target bigint; v_status text; r loyalty.journal;
BEGIN
  SELECT i.member_id INTO STRICT v_target FROM loyalty.member_identifier i WHERE i.value = e.other_number::text AND i.kind = 'number';
  PERFORM FROM loyalty.member m WHERE m.member_id IN (e.member_id, v_target) ORDER BY m.member_id FOR UPDATE;
  SELECT m.status INTO v_status FROM loyalty.member m WHERE m.member_id = v_target;
  IF v_status <> 'active' OR v_target = e.member_id THEN    -- since it was loaded; the next try will see it
    RAISE EXCEPTION 'member % takes nobody in', e.other_number USING ERRCODE = 'LY010';
  END IF;
  INSERT INTO loyalty.member_merge (member_id, seq, target_id) VALUES (e.member_id, e.seq, v_target);
  UPDATE loyalty.member m SET status = 'merged', version = m.version + 1 WHERE m.member_id = e.member_id;
  UPDATE loyalty.member_identifier i SET member_id = v_target, from_id = e.member_id WHERE i.member_id = e.member_id AND i.kind <> 'external';
  DELETE FROM loyalty.household_member h WHERE h.member_id = e.member_id;
  UPDATE loyalty.standing s SET pool_share = NULL WHERE s.member_id = e.member_id AND s.pool_share IS NOT NULL;
  SELECT l.code, t.code, s.tier_until INTO r.object, r.tier, r.until_on FROM loyalty.standing s JOIN loyalty.tier t USING (tier_id) JOIN loyalty.ladder l USING (ladder_id)
   WHERE s.member_id = e.member_id AND t.rank > coalesce((SELECT y.rank FROM loyalty.standing x JOIN loyalty.tier y USING (tier_id) WHERE x.member_id = v_target), 0);
  IF FOUND THEN
    r.member_id := v_target; r.type := 'tier_grant'; r.lane := 0; r.activity_on := loyalty.business_day(); r.source := 'merge';
    r.external_id := 'tier ' || e.seq; r.reason := 'held by a member merged into this one'; r.submitted_by := e.submitted_by; r.approved_by := e.approved_by;
    PERFORM loyalty.journal_add(r);
  END IF;
  PERFORM pg_notify('loyalty_member', v_target::text);
END $$;

-- The unmerge is posted: what is left of the points that came is sent for.
CREATE FUNCTION loyalty.merge_end(e loyalty.journal) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE g loyalty.member_merge; v_number bigint; v_came record; v_kept record; r loyalty.journal;
BEGIN
  SELECT * INTO STRICT g FROM loyalty.member_merge x WHERE x.member_id = e.member_id AND x.ended_at IS NULL FOR UPDATE;
  UPDATE loyalty.member_merge x SET ended_seq = e.seq, ended_at = now() WHERE x.member_id = g.member_id AND x.seq = g.seq;
  UPDATE loyalty.member m SET status = 'active', version = m.version + 1 WHERE m.member_id = e.member_id RETURNING m.number INTO v_number;
  UPDATE loyalty.member_identifier i SET member_id = e.member_id, from_id = NULL WHERE i.member_id = g.target_id AND i.from_id = e.member_id;
  FOR v_came IN SELECT j.seq, j.object, j.amount FROM loyalty.journal j LEFT JOIN loyalty.inbox i ON i.bucket = loyalty.bucket_of(j.member_id)
                   AND i.member_id = j.member_id AND i.seq = j.seq
                 WHERE j.member_id = g.target_id AND j.type = 'receive' AND j.other_number = v_number AND j.seq > g.seq AND j.amount > 0 AND j.external_id LIKE '% %'
                   AND (i.seq IS NOT NULL OR EXISTS (SELECT FROM loyalty.lot l WHERE l.member_id = j.member_id AND l.seq = j.seq AND l.remaining > 0))
                 ORDER BY j.seq LOOP
    r := NULL; r.member_id := g.target_id; r.type := 'transfer'; r.lane := 0; r.activity_on := loyalty.business_day(); r.object := v_came.object;
    r.amount := v_came.amount; r.quantity := v_came.seq; r.other_number := v_number; r.source := 'merge'; r.external_id := concat_ws(' ', 'back', e.seq, v_came.seq);
    r.reason := 'the merge ended'; r.submitted_by := e.submitted_by; r.approved_by := e.approved_by;
    PERFORM loyalty.journal_add(r);
  END LOOP;
  SELECT j.object, j.tier, j.until_on INTO v_kept FROM loyalty.journal j WHERE j.member_id = g.target_id AND j.source = 'merge' AND j.external_id = 'tier ' || g.seq
     AND j.until_on > loyalty.business_day() AND NOT EXISTS (SELECT FROM loyalty.outcome o WHERE o.member_id = j.member_id AND o.seq = j.seq AND o.result <> 'accepted');
  IF FOUND THEN
    r := NULL; r.member_id := g.target_id; r.type := 'tier_grant'; r.lane := 0; r.activity_on := loyalty.business_day(); r.object := v_kept.object; r.tier := v_kept.tier;
    r.until_on := v_kept.until_on; r.quantity := -1; r.source := 'merge'; r.external_id := 'tier back ' || e.seq; r.reason := 'the merge ended';
    r.submitted_by := e.submitted_by; r.approved_by := e.approved_by;
    PERFORM loyalty.journal_add(r);
  END IF;
  PERFORM pg_notify('loyalty_member', g.target_id::text);
END $$;

-- What the worker's transaction that posts merges and their ends has to do besides.
CREATE FUNCTION loyalty.members_merged(p_members bigint[], p_seqs bigint[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE e loyalty.journal;
BEGIN
  FOR e IN SELECT j.* FROM unnest(p_members, p_seqs) u (member_id, seq) JOIN loyalty.journal j USING (member_id, seq) ORDER BY j.member_id, j.seq LOOP
    IF e.type = 'merge' THEN PERFORM loyalty.merge_begin(e); ELSE PERFORM loyalty.merge_end(e); END IF;
  END LOOP;
END $$;

-- Of a member: into whom it was merged, and who was merged into it, now or once. Newest first.
CREATE FUNCTION loyalty.member_merges(p_member_id bigint) RETURNS TABLE (is_source boolean, member_id bigint, number bigint, name text, merged_on date, ended_on date,
  merged_by text) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE v_zone text := coalesce((SELECT p.timezone FROM loyalty.programme p), 'UTC');
BEGIN
  PERFORM loyalty.caller_role();
  RETURN QUERY SELECT g.member_id = p_member_id, m.member_id, m.number, btrim(m.given_name || ' ' || m.family_name), (g.merged_at AT TIME ZONE v_zone)::date,
      (g.ended_at AT TIME ZONE v_zone)::date, j.submitted_by::text
    FROM loyalty.member_merge g JOIN loyalty.member m ON m.member_id = CASE WHEN g.member_id = p_member_id THEN g.target_id ELSE g.member_id END
    LEFT JOIN loyalty.journal j ON j.member_id = g.member_id AND j.seq = g.seq
   WHERE g.member_id = p_member_id OR g.target_id = p_member_id ORDER BY g.merged_at DESC, g.seq DESC;
END $$;

-- The member of that number itself, be it merged; NULL: there is none.
CREATE FUNCTION loyalty.member_numbered(p_number text) RETURNS bigint LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM loyalty.caller_role();
  RETURN (SELECT m.member_id FROM loyalty.member m WHERE m.number = CASE WHEN btrim(p_number) ~ '^[0-9]{1,18}$' THEN btrim(p_number)::bigint END);
END $$;

-- What is broken of merges, of sources p_from <= member_id <= p_to.
CREATE FUNCTION loyalty.merge_broken(p_from bigint, p_to bigint) RETURNS TABLE (member_id bigint, invariant text, detail text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT m.member_id, 'whoever is merged is so by an event', format('status %s, merge %s', m.status, g.seq)
    FROM (SELECT x.member_id, x.status FROM loyalty.member x WHERE x.member_id BETWEEN p_from AND p_to AND x.status = 'merged') m
    FULL JOIN (SELECT x.member_id, x.seq FROM loyalty.member_merge x WHERE x.member_id BETWEEN p_from AND p_to AND x.ended_at IS NULL) g USING (member_id)
   WHERE m.member_id IS NULL OR g.member_id IS NULL
  UNION ALL
  SELECT b.member_id, 'a merged member has nothing', format('currency %s: %s', b.currency_id, b.points)
    FROM loyalty.member_merge g JOIN loyalty.balance b USING (member_id) WHERE g.member_id BETWEEN p_from AND p_to AND g.ended_at IS NULL AND b.points <> 0
  UNION ALL
  SELECT DISTINCT g.member_id, 'what names a merged member leads to the other', format('number %s', m.number)
    FROM loyalty.member_merge g JOIN loyalty.member m USING (member_id) LEFT JOIN loyalty.member_identifier i ON i.value = m.number::text AND i.kind = 'number'
    LEFT JOIN loyalty.member_merge o ON o.member_id = g.member_id AND o.ended_at IS NULL
   WHERE g.member_id BETWEEN p_from AND p_to AND i.member_id IS DISTINCT FROM coalesce(o.target_id, g.member_id) $$;

-- Who serves members; anybody else is refused what follows.
CREATE FUNCTION loyalty.people_may(p_deed text, p_roles text[] DEFAULT '{support,manager,admin}') RETURNS void LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF loyalty.caller_role() <> ALL (p_roles) THEN
    RAISE EXCEPTION 'your role (%) does not %', loyalty.caller_role(), p_deed USING ERRCODE = 'LY001';
  END IF;
END $$;

-- Members who may be the person described, surest first: by what names one member alone, then by the name, typos forgiven, where they are born on
-- that day, or the very name where a day is not known. At most ten; not the member p_but. Texts that are NULL or empty are not known.
CREATE FUNCTION loyalty.member_duplicates(p_given text, p_family text, p_born date, p_email text, p_phone text, p_card text, p_but bigint DEFAULT NULL)
RETURNS TABLE (member_id bigint, number bigint, name text, born date, why text)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 10 SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
  g text COLLATE "C" := loyalty.fold(btrim(coalesce(p_given, ''))); f text COLLATE "C" := loyalty.fold(btrim(coalesce(p_family, '')));
  v_phone text := regexp_replace(coalesce(p_phone, ''), '[^0-9]', '', 'g'); v_given text[] := ARRAY[g]; v_family text[] := ARRAY[f];
BEGIN
  PERFORM loyalty.people_may('look for duplicates');
  IF p_born IS NOT NULL AND length(g) >= 3 THEN v_given := v_given || loyalty.words_like(g, 12); END IF;
  IF p_born IS NOT NULL AND length(f) >= 3 THEN v_family := v_family || loyalty.words_like(f, 12); END IF;
  RETURN QUERY SELECT m.member_id, m.number, btrim(m.given_name || ' ' || m.family_name), m.born, min(x.sure || x.why) COLLATE "default"
    FROM (SELECT i.member_id, '1' AS sure, CASE i.kind WHEN 'email' THEN 'the same e-mail' ELSE 'the same ' || i.kind END AS why FROM loyalty.member_identifier i
           WHERE (i.value, i.kind) IN ((loyalty.identifier_normal('email', coalesce(p_email, '')), 'email'), (loyalty.identifier_normal('phone', coalesce(p_phone, '')), 'phone'),
                                       (loyalty.identifier_normal('card', coalesce(p_card, '')), 'card'))
          UNION ALL SELECT i.member_id, '2', 'a phone that ends alike' FROM loyalty.member_identifier i
           WHERE length(v_phone) >= 9 AND i.kind = 'phone' AND right(i.value, 7) = right(v_phone, 7) AND i.value LIKE '%' || right(v_phone, 9)
          UNION ALL SELECT y.member_id, y.sure, y.why FROM unnest(v_given) a CROSS JOIN unnest(v_family) b CROSS JOIN LATERAL (
            SELECT m.member_id, CASE WHEN a = g AND b = f THEN '3' ELSE '4' END AS sure,
                   CASE WHEN m.born = p_born THEN CASE WHEN a = g AND b = f THEN 'the same name and date of birth' ELSE 'a name alike, the same date of birth' END
                        ELSE 'the same name' END AS why
              FROM loyalty.member m WHERE m.given_folded = a AND m.family_folded = b AND f <> ''
               AND (m.born = p_born OR (a = g AND b = f AND (m.born IS NULL OR p_born IS NULL))) LIMIT 5) y) x
    JOIN loyalty.member m USING (member_id)
   WHERE m.member_id IS DISTINCT FROM p_but AND m.status NOT IN ('merged', 'erased', 'closed') AND NOT m.flags @> '{household}'
   GROUP BY m.member_id, m.number, m.given_name, m.family_name, m.born ORDER BY min(x.sure || x.why), m.number LIMIT 10;
END $$;

-- The same for a member who is there.
CREATE FUNCTION loyalty.member_duplicates_of(p_member_id bigint) RETURNS TABLE (number bigint, name text, born date, why text)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 10 SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY SELECT d.number, d.name, d.born, substr(d.why, 2) FROM loyalty.member m CROSS JOIN LATERAL loyalty.member_duplicates(m.given_name, m.family_name, m.born, NULL,
      (SELECT max(i.value) FROM loyalty.member_identifier i WHERE i.member_id = m.member_id AND i.kind = 'phone'), NULL, m.member_id) d WHERE m.member_id = p_member_id;
END $$;

CREATE FUNCTION loyalty.past_add(p_member_id bigint, p_kind text, p_value text, p_since timestamptz, p_is_blocked boolean, p_reason text) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO loyalty.member_past (member_id, past_no, kind, value, since, is_blocked, reason)
  SELECT p_member_id, coalesce(max(p.past_no), 0) + 1, p_kind, p_value, p_since, p_is_blocked, coalesce(p_reason, '') FROM loyalty.member_past p WHERE p.member_id = p_member_id $$;

-- Changes what a member is called or reached by, or an attribute of the house's own; the old one stays in the past. p_old: which card, where there are several; p_value empty: there is none any
-- more. A blocked card is nobody's, and nobody's again: what comes with it is unknown.
CREATE FUNCTION loyalty.member_change(p_member_id bigint, p_kind text, p_value text, p_reason text DEFAULT '', p_old text DEFAULT NULL, p_is_blocked boolean DEFAULT false) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE m loyalty.member; v_old record; v_value text := btrim(coalesce(p_value, '')); v_changed jsonb;
BEGIN
  PERFORM loyalty.people_may('change members');
  SELECT * INTO m FROM loyalty.member x WHERE x.member_id = p_member_id AND x.status IN ('active', 'blocked') FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'there is no such member, or not any more' USING ERRCODE = 'LY004'; END IF;
  IF p_kind IN ('given_name', 'family_name') THEN
    IF v_value = '' AND p_kind = 'family_name' THEN RAISE EXCEPTION 'a member needs a family name' USING ERRCODE = 'LY002'; END IF;
    IF v_value = (CASE p_kind WHEN 'given_name' THEN m.given_name ELSE m.family_name END) THEN RETURN; END IF;
    PERFORM loyalty.past_add(p_member_id, p_kind, CASE p_kind WHEN 'given_name' THEN m.given_name ELSE m.family_name END, NULL, false, p_reason);
    UPDATE loyalty.member x SET given_name = CASE p_kind WHEN 'given_name' THEN v_value ELSE x.given_name END,
           family_name = CASE p_kind WHEN 'family_name' THEN v_value ELSE x.family_name END, version = x.version + 1 WHERE x.member_id = p_member_id;
    PERFORM loyalty.name_words_add(CASE p_kind WHEN 'given_name' THEN v_value END, CASE p_kind WHEN 'family_name' THEN v_value END);
  ELSIF p_kind IN ('email', 'phone', 'card') THEN
    SELECT count(*) OVER () AS n, i.value, i.added_at INTO v_old FROM loyalty.member_identifier i WHERE i.member_id = p_member_id AND i.kind = p_kind AND i.from_id IS NULL
       AND (coalesce(p_old, '') = '' OR i.value = loyalty.identifier_normal(p_kind, p_old)) ORDER BY i.added_at, i.value LIMIT 1;
    IF v_old.n > 1 THEN RAISE EXCEPTION 'the member has several: say which' USING ERRCODE = 'LY002';
    ELSIF NOT FOUND AND (coalesce(p_old, '') <> '' OR v_value = '') THEN RAISE EXCEPTION 'the member has no such %', p_kind USING ERRCODE = 'LY004';
    ELSIF v_old.value = loyalty.identifier_normal(p_kind, v_value) THEN RETURN;
    END IF;
    PERFORM loyalty.identifier_add(p_member_id, p_kind, v_value);
    IF v_old.value IS NOT NULL THEN
      DELETE FROM loyalty.member_identifier i WHERE i.value = v_old.value AND i.kind = p_kind;
      PERFORM loyalty.past_add(p_member_id, p_kind, v_old.value, v_old.added_at, p_is_blocked AND p_kind = 'card', p_reason);
    END IF;
    PERFORM loyalty.unmatched_match(p_member_id);
  ELSE
    v_changed := loyalty.attribute_set(p_member_id, p_kind, v_value, p_reason);
    IF v_changed IS NULL THEN RETURN; END IF;
  END IF;
  PERFORM loyalty.audit_write(p_member_id, 'member.change', p_kind || CASE WHEN p_is_blocked THEN ' blocked' ELSE '' END, nullif(v_changed, '{}'));
  PERFORM pg_notify('loyalty_member', p_member_id::text);
END $$;

-- Blocks a member, where something is not as it should be, or lets them spend again. Who is blocked earns, gives back and is served as ever, so that nothing
-- is lost, but spends nothing: no redemption, no points sent on, no reward used, here, at tills and from a household. What was accepted before stands.
CREATE FUNCTION loyalty.member_block(p_member_id bigint, p_is_blocked boolean, p_reason text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_status text;
BEGIN
  PERFORM loyalty.people_may(CASE WHEN p_is_blocked THEN 'block members' ELSE 'unblock members' END, CASE WHEN p_is_blocked THEN '{support,manager,admin}' ELSE '{manager,admin}' END::text[]);
  SELECT m.status INTO v_status FROM loyalty.member m WHERE m.member_id = p_member_id AND m.status IN ('active', 'blocked') FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'there is no such member, or not any more' USING ERRCODE = 'LY004';
  ELSIF coalesce(btrim(p_reason), '') = '' THEN RAISE EXCEPTION 'say why' USING ERRCODE = 'LY002', HINT = 'the reason stands in the timeline';
  ELSIF (v_status = 'blocked') = p_is_blocked THEN RETURN; END IF;
  PERFORM loyalty.past_add(p_member_id, 'status', v_status, NULL, false, btrim(p_reason));
  UPDATE loyalty.member m SET status = CASE WHEN p_is_blocked THEN 'blocked' ELSE 'active' END, version = m.version + 1 WHERE m.member_id = p_member_id;
  PERFORM loyalty.audit_write(p_member_id, CASE WHEN p_is_blocked THEN 'member.block' ELSE 'member.unblock' END, '', NULL);
  PERFORM pg_notify('loyalty_member', p_member_id::text);
END $$;

-- Refuses what a blocked member would spend; what is a merged member's is the other's.
CREATE FUNCTION loyalty.spending_check(p_member_id bigint) RETURNS void LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_number bigint;
BEGIN
  SELECT m.number INTO v_number FROM loyalty.member m WHERE m.status = 'blocked'
     AND m.member_id = coalesce((SELECT g.target_id FROM loyalty.member_merge g WHERE g.member_id = p_member_id AND g.ended_at IS NULL), p_member_id);
  IF FOUND THEN
    RAISE EXCEPTION 'member % is blocked: nothing is spent', v_number USING ERRCODE = 'LY010', HINT = 'the timeline tells why; a manager can unblock: loyalty member unblock';
  END IF;
END $$;

-- Several changes at once; NULL leaves as it is. p_old_card: the one that p_card takes the place of. p_own: attributes by their codes, and consents, 'given',
-- 'withdrawn' or, as they never go, '' for what was never asked; of those given here 'until' is the last day.
CREATE FUNCTION loyalty.member_edit(p_member_id bigint, p_given text, p_family text, p_email text, p_phone text, p_card text, p_old_card text, p_reason text,
  p_own jsonb DEFAULT '{}') RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_code text; v_value text; v_until date := nullif(p_own->>'until', '');
BEGIN
  IF p_given IS NOT NULL THEN PERFORM loyalty.member_change(p_member_id, 'given_name', p_given, p_reason); END IF;
  IF p_family IS NOT NULL THEN PERFORM loyalty.member_change(p_member_id, 'family_name', p_family, p_reason); END IF;
  IF p_email IS NOT NULL THEN PERFORM loyalty.member_change(p_member_id, 'email', p_email, p_reason); END IF;
  IF p_phone IS NOT NULL THEN PERFORM loyalty.member_change(p_member_id, 'phone', p_phone, p_reason); END IF;
  IF p_card IS NOT NULL THEN PERFORM loyalty.member_change(p_member_id, 'card', p_card, p_reason, p_old_card); END IF;
  FOR v_code, v_value IN SELECT x.key, x.value FROM jsonb_each_text(coalesce(p_own, '{}') - 'until') x ORDER BY x.key LOOP
    IF v_code = 'profiling' OR v_code LIKE '%:%' THEN
      IF v_value IN ('given', 'withdrawn') THEN
        PERFORM loyalty.consent_set(p_member_id, v_code, v_value = 'given', coalesce(nullif(btrim(p_reason), ''), 'at the desk'), NULL, CASE v_value WHEN 'given' THEN v_until END);
      END IF;
    ELSE
      PERFORM loyalty.member_change(p_member_id, v_code, v_value, p_reason);
    END IF;
  END LOOP;
END $$;

CREATE FUNCTION loyalty.member_past(p_member_id bigint) RETURNS TABLE (kind text, value text, is_blocked boolean, until date, by_login text, reason text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  PERFORM loyalty.people_may('see personal data');
  RETURN QUERY SELECT p.kind, p.value, p.is_blocked, p.until::date, p.by_login::text, p.reason FROM loyalty.member_past p
    WHERE p.member_id = p_member_id AND loyalty.past_seen(p.kind) ORDER BY p.past_no DESC;
END $$;

CREATE FUNCTION loyalty.member_note_add(p_member_id bigint, p_body text) RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_no int;
BEGIN
  PERFORM loyalty.people_may('write notes');
  IF coalesce(btrim(p_body), '') = '' OR length(p_body) > 4000 THEN RAISE EXCEPTION 'a note has 1 to 4000 characters' USING ERRCODE = 'LY002'; END IF;
  PERFORM FROM loyalty.member m WHERE m.member_id = p_member_id AND m.status <> 'erased' FOR UPDATE;    -- orders the numbers
  IF NOT FOUND THEN RAISE EXCEPTION 'there is no such member, or not any more' USING ERRCODE = 'LY004'; END IF;
  SELECT coalesce(max(n.note_no), 0) + 1 INTO v_no FROM loyalty.member_note n WHERE n.member_id = p_member_id;
  INSERT INTO loyalty.member_note (member_id, note_no, body) VALUES (p_member_id, v_no, btrim(p_body));
  PERFORM loyalty.audit_write(p_member_id, 'member.note', v_no::text, NULL);
  PERFORM pg_notify('loyalty_member', p_member_id::text);
  RETURN v_no;
END $$;

-- How it was at the end of a past day, as far as it is known today: a line each.
CREATE FUNCTION loyalty.member_as_of(p_member_id bigint, p_day date) RETURNS TABLE (what text, was text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE m loyalty.member; v_zone text := coalesce((SELECT p.timezone FROM loyalty.programme p), 'UTC'); v_end timestamptz := (p_day + 1)::timestamp AT TIME ZONE v_zone;
BEGIN
  PERFORM loyalty.people_may('see personal data');
  SELECT * INTO m FROM loyalty.member x WHERE x.member_id = p_member_id;
  IF NOT FOUND THEN RAISE EXCEPTION 'there is no such member' USING ERRCODE = 'LY004';
  ELSIF p_day IS NULL OR p_day > loyalty.business_day() THEN RAISE EXCEPTION 'that day has not been' USING ERRCODE = 'LY002', HINT = format('today is %s', loyalty.business_day()); END IF;
  PERFORM loyalty.audit_write(p_member_id, 'member.read', m.number || ' as of ' || p_day, NULL);
  RETURN QUERY SELECT 'member', m.number || ' ' || btrim(coalesce((SELECT p.value FROM loyalty.member_past p WHERE p.member_id = p_member_id AND p.kind = 'given_name' AND p.until >= v_end ORDER BY p.past_no LIMIT 1), m.given_name)
    || ' ' || coalesce((SELECT p.value FROM loyalty.member_past p WHERE p.member_id = p_member_id AND p.kind = 'family_name' AND p.until >= v_end ORDER BY p.past_no LIMIT 1), m.family_name));
  IF m.enrolled_on > p_day THEN RETURN QUERY SELECT 'status', format('enrolled only on %s', m.enrolled_on); RETURN; END IF;
  RETURN QUERY SELECT 'status', coalesce((SELECT 'merged into ' || t.number FROM loyalty.member_merge g JOIN loyalty.member t ON t.member_id = g.target_id
    WHERE g.member_id = p_member_id AND g.merged_at < v_end AND coalesce(g.ended_at, 'infinity') >= v_end),
    (SELECT p.value::text FROM loyalty.member_past p WHERE p.member_id = p_member_id AND p.kind = 'status' AND p.until >= v_end ORDER BY p.past_no LIMIT 1),
    CASE WHEN m.status = 'merged' THEN 'active' ELSE m.status END);
  RETURN QUERY SELECT x.kind, x.value::text FROM (
      SELECT i.kind, i.value, i.added_at AS since, 'infinity'::timestamptz AS until FROM loyalty.member_identifier i WHERE i.member_id = p_member_id AND i.kind NOT IN ('number', 'external')
      UNION ALL SELECT p.kind, p.value, p.since, p.until FROM loyalty.member_past p WHERE p.member_id = p_member_id AND p.kind IN ('email', 'phone', 'card')) x
    WHERE coalesce(x.since, '-infinity') < v_end AND x.until >= v_end ORDER BY 1, 2;
  RETURN QUERY SELECT x.name, x.value FROM (
      SELECT DISTINCT ON (a.attribute_id) a.attribute_id, a.name, y.value FROM loyalty.attribute a CROSS JOIN LATERAL (
          SELECT p.value, p.since, p.until FROM loyalty.member_past p WHERE p.member_id = p_member_id AND p.kind = 'attribute:' || a.code
          UNION ALL SELECT z.value, z.set_at, 'infinity' FROM loyalty.member_attribute z WHERE z.member_id = p_member_id AND z.attribute_id = a.attribute_id) y
       WHERE loyalty.attribute_seen(a.seen_by) AND y.since < v_end AND y.until >= v_end ORDER BY a.attribute_id, y.until) x ORDER BY x.attribute_id;
  RETURN QUERY SELECT 'tier of ' || l.code, t.code || coalesce(' until ' || nullif(x.until_on, 'infinity'), '') FROM (
      SELECT DISTINCT ON (c.ladder_id) c.ladder_id, c.tier_id, c.until_on FROM loyalty.member_tier c WHERE c.member_id = p_member_id AND c.since <= p_day
       ORDER BY c.ladder_id, c.change_no DESC) x JOIN loyalty.tier t ON t.tier_id = x.tier_id JOIN loyalty.ladder l ON l.ladder_id = x.ladder_id ORDER BY l.ladder_id;
  RETURN QUERY SELECT 'points', trim_scale(sum(e.amount) / power(10::numeric, c.decimals)) || ' ' || c.code FROM loyalty.ledger_entry e JOIN loyalty.currency c USING (currency_id)
    WHERE e.member_id = p_member_id AND e.activity_on <= p_day GROUP BY c.currency_id, c.code, c.decimals ORDER BY c.currency_id;
  RETURN QUERY SELECT 'lot', format('%s %s of %s, earned %s%s', trim_scale((l.granted - coalesce(u.used, 0)) / power(10::numeric, c.decimals)), c.code,
      trim_scale(l.granted / power(10::numeric, c.decimals)), l.earned_on, coalesce(', expires ' || nullif(l.expires_on, 'infinity'), ''))
    FROM loyalty.lot l JOIN loyalty.ledger_entry e ON e.member_id = p_member_id AND e.entry_no = l.entry_no JOIN loyalty.currency c ON c.currency_id = l.currency_id
    LEFT JOIN (SELECT x.lot_no, sum(x.amount) AS used FROM loyalty.lot_use x JOIN loyalty.ledger_entry d ON d.member_id = p_member_id AND d.entry_no = x.entry_no
                WHERE x.member_id = p_member_id AND d.activity_on <= p_day GROUP BY x.lot_no) u ON u.lot_no = l.lot_no
   WHERE l.member_id = p_member_id AND e.activity_on <= p_day AND l.granted > coalesce(u.used, 0)
   ORDER BY l.currency_id, coalesce(l.expires_on, 'infinity'), l.earned_on, l.lot_no LIMIT 100;
  RETURN QUERY SELECT 'reward', r.name || coalesce(' until ' || nullif(i.expires_on, 'infinity'), '') FROM loyalty.issued_reward i JOIN loyalty.reward r USING (reward_id)
    WHERE i.member_id = p_member_id AND i.issued_on <= p_day AND coalesce(i.expires_on, 'infinity') > p_day AND NOT EXISTS (SELECT FROM loyalty.reward_step s
      WHERE s.member_id = i.member_id AND s.reward_no = i.reward_no AND (s.step IN ('donate', 'cancel') OR s.step = 'use' AND i.state = 'redeemed') AND s.at < v_end) ORDER BY i.reward_no;
  RETURN QUERY SELECT 'consent', concat_ws(' ', n.kind, nullif(n.channel::text, 'none'), nullif(n.version, ''), 'until ' || n.until_on) FROM (SELECT DISTINCT ON (c.kind, c.channel) c.* FROM loyalty.member_consent c
    WHERE c.member_id = p_member_id AND c.said_at < v_end ORDER BY c.kind, c.channel, c.said_at DESC) n WHERE n.is_given AND coalesce(n.until_on, 'infinity') >= p_day ORDER BY 2;
  RETURN QUERY SELECT 'open case', k.case_no || ' ' || k.title FROM loyalty.member_case k WHERE k.member_id = p_member_id AND k.opened_at < v_end
    AND coalesce(k.resolved_at, 'infinity') >= v_end ORDER BY k.case_no;
END $$;

-- What is kept about a member, table by table: of a person's own by their right, of the ledger by ours.
CREATE FUNCTION loyalty.member_tables() RETURNS text[] LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT ARRAY['member', 'member_identifier', 'member_past', 'member_attribute', 'member_note', 'member_consent', 'member_merge', 'household_member', 'standing', 'balance', 'lot', 'member_tier',
    'member_verification', 'issued_reward', 'plan_charge', 'journal', 'outcome', 'ledger_entry', 'member_case', 'case_article', 'case_survey_ask', 'survey_invitation', 'survey_response',
    'outbox',
    'campaign_grant', 'approval', 'erasure'] $$;

-- All of it, as one JSON text; the engine's memory and what only indexes are left out, and staff's internal notes, which never leave.
CREATE FUNCTION loyalty.member_export(p_member_id bigint) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_table text; v_rows jsonb; v_all jsonb := '{}';
BEGIN
  PERFORM loyalty.people_may('export personal data');
  IF NOT EXISTS (SELECT FROM loyalty.member m WHERE m.member_id = p_member_id) THEN RAISE EXCEPTION 'there is no such member' USING ERRCODE = 'LY004'; END IF;
  IF EXISTS (SELECT FROM loyalty.member_attribute x JOIN loyalty.attribute a USING (attribute_id) WHERE x.member_id = p_member_id AND NOT loyalty.attribute_seen(a.seen_by)) THEN
    RAISE EXCEPTION 'there are attributes of the member that your role does not see' USING ERRCODE = 'LY001', HINT = 'an administrator can export all of it';
  END IF;
  FOREACH v_table IN ARRAY loyalty.member_tables() LOOP
    EXECUTE format('SELECT coalesce(jsonb_agg(jsonb_strip_nulls(to_jsonb(t) - ''memory'' - ''head'' - ''given_folded'' - ''family_folded'')), ''[]'') FROM loyalty.%I t WHERE t.member_id = $1%s', v_table,
      CASE v_table WHEN 'case_article' THEN ' AND t.kind <> ''internal''' ELSE '' END)
      INTO v_rows USING p_member_id;
    v_all := v_all || jsonb_build_object(v_table, v_rows);
  END LOOP;
  v_all := jsonb_set(v_all, '{member_attribute}', coalesce((SELECT jsonb_agg(jsonb_build_object('attribute', a.code, 'name', a.name, 'value', x.value, 'set_at', x.set_at,
    'by_login', x.by_login) ORDER BY a.code) FROM loyalty.member_attribute x JOIN loyalty.attribute a USING (attribute_id) WHERE x.member_id = p_member_id), '[]'));
  PERFORM loyalty.audit_write(p_member_id, 'member.export', '', NULL);
  RETURN jsonb_pretty(v_all);
END $$;

-- That a member's data were erased, and the proof that nothing else was: what the ledger says of the member, before and after.
CREATE TABLE loyalty.erasure (
  member_id bigint NOT NULL, erased_at timestamptz NOT NULL DEFAULT now(), by_login name NOT NULL DEFAULT session_user, reason text NOT NULL,
  entries bigint NOT NULL, head bytea NOT NULL, balances jsonb NOT NULL,
  CONSTRAINT erasure_pk PRIMARY KEY (member_id));
SELECT dist.distribute('loyalty.erasure', 'member_id', 'loyalty.member');

-- What the ledger says of a member: the chain of hashes over all entries, recomputed, and the sums.
CREATE FUNCTION loyalty.ledger_said(p_member_id bigint, OUT entries bigint, OUT head bytea, OUT balances jsonb) LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT (SELECT count(*) FROM loyalty.ledger_entry e WHERE e.member_id = p_member_id), loyalty.chain_head(p_member_id),
         coalesce((SELECT jsonb_object_agg(x.code, x.points) FROM (SELECT c.code, trim_scale(sum(e.amount) / power(10::numeric, c.decimals)) AS points
            FROM loyalty.ledger_entry e JOIN loyalty.currency c USING (currency_id) WHERE e.member_id = p_member_id GROUP BY c.code, c.decimals) x), '{}') $$;

-- Takes away what tells who a member is, everywhere, for good; number, journal and ledger stay, without a person. p_typed is the number once more. Of the
-- birth date the journal never had more than day and month, by which rules gave points; those stay with it.
CREATE FUNCTION loyalty.member_erase(p_member_id bigint, p_typed text, p_reason text) RETURNS SETOF loyalty.erasure
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE m loyalty.member; v_before record; v_after record; v_words text[];
BEGIN
  PERFORM loyalty.people_may('erase members', '{manager,admin}');
  SELECT * INTO m FROM loyalty.member x WHERE x.member_id = p_member_id FOR UPDATE;
  IF NOT FOUND OR m.status = 'erased' THEN RAISE EXCEPTION 'there is no such member, or not any more' USING ERRCODE = 'LY004';
  ELSIF btrim(p_typed) IS DISTINCT FROM m.number::text THEN RAISE EXCEPTION 'what was typed is not the number of the member' USING ERRCODE = 'LY002', HINT = format('type %s', m.number);
  ELSIF coalesce(btrim(p_reason), '') = '' THEN RAISE EXCEPTION 'an erasure needs a reason' USING ERRCODE = 'LY002', HINT = 'who asked for it, and how; nothing personal';
  ELSIF m.status = 'merged' OR EXISTS (SELECT FROM loyalty.member_merge g WHERE g.target_id = p_member_id AND g.ended_at IS NULL) THEN
    RAISE EXCEPTION 'the member is merged with another one: part them first, and erase both' USING ERRCODE = 'LY010';
  ELSIF EXISTS (SELECT FROM loyalty.household_member h WHERE h.member_id = p_member_id) OR m.flags @> '{household}' THEN
    RAISE EXCEPTION 'the member belongs to a household: let it leave first' USING ERRCODE = 'LY010';
  ELSIF EXISTS (SELECT FROM loyalty.inbox i WHERE i.bucket = loyalty.bucket_of(p_member_id) AND i.member_id = p_member_id) THEN
    RAISE EXCEPTION 'events of the member wait for the worker' USING ERRCODE = 'LY010', HINT = 'try again once they are posted';
  END IF;
  PERFORM FROM loyalty.standing s WHERE s.member_id = p_member_id FOR UPDATE;
  SELECT * INTO v_before FROM loyalty.ledger_said(p_member_id);
  v_words := string_to_array(m.given_folded || ' ' || m.family_folded, ' ');
  DELETE FROM loyalty.member_identifier i WHERE i.member_id = p_member_id AND i.kind <> 'number';
  SELECT v_words || coalesce(array_agg(w), '{}') INTO v_words FROM loyalty.member_past p CROSS JOIN LATERAL unnest(string_to_array(loyalty.fold(p.value), ' ')) w
   WHERE p.member_id = p_member_id AND p.kind LIKE '%name';
  DELETE FROM loyalty.member_past p WHERE p.member_id = p_member_id;
  DELETE FROM loyalty.member_attribute x USING loyalty.attribute a WHERE x.member_id = p_member_id AND a.attribute_id = x.attribute_id AND a.is_personal;
  DELETE FROM loyalty.member_note n WHERE n.member_id = p_member_id;
  DELETE FROM loyalty.member_consent c WHERE c.member_id = p_member_id;
  DELETE FROM loyalty.survey_token t WHERE t.member_id = p_member_id;
  DELETE FROM loyalty.case_draft d WHERE d.member_id = p_member_id;
  UPDATE loyalty.unmatched_event u SET named = '' WHERE u.member_id = p_member_id;
  UPDATE loyalty.journal j SET reason = NULL WHERE j.member_id = p_member_id AND j.reason IS NOT NULL;
  UPDATE loyalty.approval a SET body = a.body - 'reason' - 'evidence' WHERE a.member_id = p_member_id;
  UPDATE loyalty.member_case k SET title = 'erased' WHERE k.member_id = p_member_id;
  UPDATE loyalty.case_article a SET body = 'erased' WHERE a.member_id = p_member_id;
  UPDATE loyalty.case_event e SET old_value = '', new_value = '' WHERE e.member_id = p_member_id;
  PERFORM loyalty.survey_forget(p_member_id);
  UPDATE loyalty.outbox o SET subject = 'erased', body = 'erased', filling = NULL, state = CASE WHEN o.state IN ('waiting', 'failed') THEN 'cancelled' ELSE o.state END
   WHERE o.member_id = p_member_id;
  UPDATE loyalty.member x SET given_name = '', family_name = 'erased', born = NULL, city = '', language = '', channel = '', flags = '{}', status = 'erased',
         version = x.version + 1 WHERE x.member_id = p_member_id;
  DELETE FROM loyalty.name_word w WHERE w.word = ANY (v_words) AND NOT EXISTS (SELECT FROM loyalty.member x
     WHERE string_to_array(x.given_folded || ' ' || x.family_folded, ' ') @> ARRAY[w.word::text]);
  SELECT * INTO v_after FROM loyalty.ledger_said(p_member_id);
  IF v_after IS DISTINCT FROM v_before THEN RAISE EXCEPTION 'the ledger of the member would change' USING ERRCODE = 'LY010'; END IF;
  INSERT INTO loyalty.erasure (member_id, reason, entries, head, balances) VALUES (p_member_id, p_reason, v_after.entries, v_after.head, v_after.balances);
  PERFORM loyalty.audit_write(p_member_id, 'member.erase', m.number::text, NULL);
  PERFORM pg_notify('loyalty_member', p_member_id::text);
  RETURN QUERY SELECT * FROM loyalty.erasure e WHERE e.member_id = p_member_id;
END $$;

-- Purchases that came in for nobody: kept as they came, and given to the member they turn out to be of, by themselves once somebody is named so, or when
-- the member claims them; in either case not when they are older than the window.
CREATE TABLE loyalty.unmatched_event (
  source text COLLATE "C" NOT NULL, external_id text COLLATE "C" NOT NULL, named text COLLATE "C" NOT NULL,    -- named: a card, or what else was read
  type loyalty.event_type NOT NULL, activity_on date NOT NULL, body jsonb NOT NULL, amount bigint NOT NULL,    -- amount: minor units of money, all lines
  kept_at timestamptz NOT NULL DEFAULT now(), kept_by name NOT NULL DEFAULT session_user,
  member_id bigint, seq bigint, matched_at timestamptz, matched_by name,
  CONSTRAINT unmatched_event_pk PRIMARY KEY (external_id, source),
  CONSTRAINT unmatched_event_match_ck CHECK ((member_id IS NULL) = (seq IS NULL)));
SELECT dist.distribute('loyalty.unmatched_event', 'external_id', 'none');
CREATE INDEX unmatched_event_named ON loyalty.unmatched_event (named) WHERE member_id IS NULL;
CREATE INDEX unmatched_event_open ON loyalty.unmatched_event (activity_on, external_id, source) WHERE member_id IS NULL;

-- How many days back a purchase may be claimed.
CREATE TABLE loyalty.claim_window (one smallint NOT NULL DEFAULT 1, days int NOT NULL,
  CONSTRAINT claim_window_pk PRIMARY KEY (one), CONSTRAINT claim_window_ck CHECK (one = 1 AND days BETWEEN 0 AND 3650));
SELECT dist.reference('loyalty.claim_window');
INSERT INTO loyalty.claim_window (days) VALUES (60);

CREATE FUNCTION loyalty.claim_window_set(p_days int) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM loyalty.people_may('set how long purchases can be claimed', '{manager,admin}');
  IF p_days IS NULL OR p_days NOT BETWEEN 0 AND 3650 THEN RAISE EXCEPTION 'the window is 0 to 3650 days' USING ERRCODE = 'LY002'; END IF;
  PERFORM loyalty.audit_write(0, 'claim.window', p_days::text, (SELECT jsonb_build_object('days', jsonb_build_array(w.days, p_days)) FROM loyalty.claim_window w));
  UPDATE loyalty.claim_window SET days = p_days;
END $$;

-- Keeps what came for somebody nobody knows; known after all, it is submitted. The same key again is the same event.
CREATE FUNCTION loyalty.unmatched_keep(p_named text, p_type loyalty.event_type, p_source text, p_external_id text, p_activity_on date, p_body jsonb,
  OUT seq bigint, OUT status text, OUT reason text) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_member bigint := loyalty.member_of(p_named); r loyalty.journal; u loyalty.unmatched_event; v_day date;
BEGIN
  PERFORM loyalty.people_may('send what belongs to nobody', '{pos,admin}');
  IF v_member IS NOT NULL THEN
    SELECT s.seq, s.status, s.reason INTO seq, status, reason FROM loyalty.submit_event(v_member, p_type, p_source, p_external_id, p_activity_on, p_body) s;
    RETURN;
  ELSIF p_type NOT IN ('purchase', 'partner', 'activity') OR coalesce(btrim(p_named), '') = '' THEN
    RAISE EXCEPTION 'only a purchase, a partner event or an activity is kept for somebody unknown' USING ERRCODE = 'LY002';
  END IF;
  v_day := loyalty.activity_day(p_activity_on, 'pos');
  r := loyalty.event_read(0, p_type, p_source, p_external_id, v_day, p_body - 'activity_date');
  INSERT INTO loyalty.unmatched_event (source, external_id, named, type, activity_on, body, amount) VALUES (p_source, p_external_id, loyalty.identifier_normal('card', p_named), p_type,
    coalesce((p_body->>'activity_date')::date, v_day), p_body - 'activity_date', coalesce(r.amount, (SELECT sum(a) FROM unnest(r.line_amount) a), 0)) ON CONFLICT DO NOTHING;
  SELECT * INTO u FROM loyalty.unmatched_event x WHERE x.source = p_source AND x.external_id = p_external_id;
  IF (u.type, u.body) IS DISTINCT FROM (p_type, p_body - 'activity_date') THEN
    RAISE EXCEPTION 'another event has already been sent as % %', p_source, p_external_id USING ERRCODE = 'LY003', HINT = 'give each event an id of its own';
  END IF;
  status := 'kept'; reason := 'for nobody yet';
END $$;

-- Gives it to the member, in whose journal it then is. What happened before the enrolment, or today, is of today.
CREATE FUNCTION loyalty.unmatched_give(u loyalty.unmatched_event, p_member_id bigint) RETURNS bigint LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_today date := loyalty.business_day(); v_enrolled date := (SELECT m.enrolled_on FROM loyalty.member m WHERE m.member_id = p_member_id); r loyalty.journal; v_seq bigint;
BEGIN
  r := loyalty.event_read(p_member_id, u.type, u.source, u.external_id, v_today, u.body || CASE WHEN u.activity_on < v_today AND u.activity_on >= v_enrolled
         THEN jsonb_build_object('activity_date', u.activity_on) ELSE '{}' END);
  r.lane := 0; r.submitted_by := u.kept_by; r.approved_by := nullif(session_user, u.kept_by);
  v_seq := loyalty.journal_add(r);
  UPDATE loyalty.unmatched_event x SET member_id = p_member_id, seq = v_seq, matched_at = now(), matched_by = session_user WHERE x.source = u.source AND x.external_id = u.external_id;
  PERFORM loyalty.audit_write(p_member_id, 'claim.give', v_seq::text, NULL);
  RETURN v_seq;
END $$;

-- What was kept under a name that is now this member's.
CREATE FUNCTION loyalty.unmatched_match(p_member_id bigint) RETURNS int LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE u loyalty.unmatched_event; n int := 0;
BEGIN
  FOR u IN SELECT x.* FROM loyalty.member_identifier i JOIN loyalty.unmatched_event x ON x.named = upper(i.value) AND x.member_id IS NULL
            WHERE i.member_id = p_member_id AND i.kind IN ('card', 'number')
              AND x.activity_on >= loyalty.business_day() - (SELECT w.days FROM loyalty.claim_window w) ORDER BY x.activity_on, x.external_id FOR UPDATE OF x LOOP
    PERFORM loyalty.unmatched_give(u, p_member_id);
    n := n + 1;
  END LOOP;
  RETURN n;
END $$;

-- A member misses a purchase: who knows its receipt and its amount gets it, if it was kept and nobody has it.
CREATE FUNCTION loyalty.claim(p_member_id bigint, p_receipt text, p_amount bigint) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE u loyalty.unmatched_event; v_days int := (SELECT w.days FROM loyalty.claim_window w); v_number bigint;
BEGIN
  PERFORM loyalty.people_may('claim purchases');
  IF NOT EXISTS (SELECT FROM loyalty.member m WHERE m.member_id = p_member_id AND m.status IN ('active', 'blocked')) THEN
    RAISE EXCEPTION 'there is no such member, or not any more' USING ERRCODE = 'LY004';
  ELSIF EXISTS (SELECT FROM loyalty.journal j WHERE j.member_id = p_member_id AND j.external_id = btrim(p_receipt)) THEN
    RAISE EXCEPTION 'the member has this purchase already' USING ERRCODE = 'LY010', HINT = 'the timeline shows it';
  END IF;
  SELECT * INTO u FROM loyalty.unmatched_event x WHERE x.external_id = btrim(p_receipt) AND x.amount = p_amount ORDER BY x.member_id IS NOT NULL, x.source LIMIT 1 FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'no purchase with that receipt and amount was kept' USING ERRCODE = 'LY004', HINT = 'look at the receipt again, or open a case';
  ELSIF u.member_id IS NOT NULL THEN
    SELECT m.number INTO v_number FROM loyalty.member m WHERE m.member_id = u.member_id;
    RAISE EXCEPTION 'this purchase went to member % on %', v_number, u.matched_at::date USING ERRCODE = 'LY010', HINT = 'open a case';
  ELSIF u.activity_on < loyalty.business_day() - v_days THEN
    RAISE EXCEPTION 'the purchase of % is older than the % days in which it can be claimed', u.activity_on, v_days USING ERRCODE = 'LY010', HINT = 'goodwill can make up for it';
  END IF;
  RETURN loyalty.unmatched_give(u, p_member_id);
END $$;

-- What is kept and nobody's, newest first.
CREATE FUNCTION loyalty.unmatched_list(p_rows int) RETURNS TABLE (day date, source text, receipt text, named text, type text, amount bigint, can_be_claimed boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  PERFORM loyalty.people_may('see what is claimed');
  RETURN QUERY SELECT x.activity_on, x.source::text, x.external_id::text, x.named::text, x.type::text, x.amount, x.activity_on >= loyalty.business_day() - (SELECT w.days FROM loyalty.claim_window w)
    FROM loyalty.unmatched_event x WHERE x.member_id IS NULL ORDER BY x.activity_on DESC, x.external_id LIMIT least(p_rows, 1000);
END $$;

REVOKE ALL ON FUNCTION loyalty.merge_trouble(bigint, bigint), loyalty.merge_check(loyalty.journal), loyalty.merge_preview(bigint, bigint),
  loyalty.merge_begin(loyalty.journal), loyalty.merge_end(loyalty.journal),
  loyalty.members_merged(bigint[], bigint[]), loyalty.member_merges(bigint), loyalty.member_numbered(text), loyalty.merge_broken(bigint, bigint) FROM PUBLIC;
GRANT SELECT ON loyalty.member_merge TO loyalty_support, loyalty_manager, loyalty_admin, loyalty_worker;
GRANT EXECUTE ON FUNCTION loyalty.members_merged(bigint[], bigint[]) TO loyalty_worker;
GRANT EXECUTE ON FUNCTION loyalty.merge_preview(bigint, bigint), loyalty.member_merges(bigint), loyalty.member_numbered(text)
  TO loyalty_support, loyalty_manager, loyalty_admin;
GRANT EXECUTE ON FUNCTION loyalty.merge_broken(bigint, bigint) TO loyalty_manager, loyalty_admin, loyalty_worker;

REVOKE ALL ON FUNCTION loyalty.people_may(text, text[]), loyalty.member_duplicates(text, text, date, text, text, text, bigint), loyalty.member_duplicates_of(bigint),
  loyalty.past_add(bigint, text, text, timestamptz, boolean, text), loyalty.member_change(bigint, text, text, text, text, boolean), loyalty.member_block(bigint, boolean, text), loyalty.spending_check(bigint), loyalty.member_past(bigint),
  loyalty.member_edit(bigint, text, text, text, text, text, text, text, jsonb), loyalty.member_note_add(bigint, text), loyalty.member_as_of(bigint, date), loyalty.member_tables(), loyalty.member_export(bigint), loyalty.ledger_said(bigint),
  loyalty.member_erase(bigint, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION loyalty.member_duplicates(text, text, date, text, text, text, bigint), loyalty.member_duplicates_of(bigint),
  loyalty.member_change(bigint, text, text, text, text, boolean), loyalty.member_block(bigint, boolean, text), loyalty.member_edit(bigint, text, text, text, text, text, text, text, jsonb),
  loyalty.member_past(bigint), loyalty.member_note_add(bigint, text), loyalty.member_as_of(bigint, date), loyalty.member_export(bigint) TO loyalty_support, loyalty_manager, loyalty_admin;
GRANT EXECUTE ON FUNCTION loyalty.member_erase(bigint, text, text) TO loyalty_manager, loyalty_admin;
GRANT SELECT ON loyalty.erasure TO loyalty_manager, loyalty_admin;

REVOKE ALL ON FUNCTION loyalty.claim_window_set(int), loyalty.unmatched_keep(text, loyalty.event_type, text, text, date, jsonb),
  loyalty.unmatched_give(loyalty.unmatched_event, bigint), loyalty.unmatched_match(bigint), loyalty.claim(bigint, text, bigint), loyalty.unmatched_list(int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION loyalty.unmatched_keep(text, loyalty.event_type, text, text, date, jsonb) TO loyalty_pos, loyalty_admin;
GRANT EXECUTE ON FUNCTION loyalty.claim(bigint, text, bigint), loyalty.unmatched_list(int) TO loyalty_support, loyalty_manager, loyalty_admin;
GRANT EXECUTE ON FUNCTION loyalty.claim_window_set(int) TO loyalty_manager, loyalty_admin;
