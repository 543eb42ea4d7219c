-- Members are people: two memberships of one person become one, and part again.
--
-- A merge is an event of the member that goes ('merge', the source). Posting it sends all open lots on to the other, the target, with their
-- dates; whatever the source's journal still leads to later (an event under way, a return, a cancelled reward) goes on in the same way, debt
-- included, so that a merged member has nothing and owes nothing. The journal and the ledger of either stay its own. What names the source
-- leads to the target meanwhile; its rewards stay usable by their codes; the higher tier is kept until its day.
-- Its end ('unmerge') is again an event of the source. In the transaction that posts it the target's journal gets a transfer for each
-- event by which points came, of what is left of their lots; those of one member are posted in their order, so nothing can overtake.
-- Who was merged into whom stands in member_merge (0003), whose journal an event then belongs into tells event_owner (0007).

-- Why these two cannot become one; NULL: they can.
CREATE FUNCTION loyalty.merge_trouble(p_source bigint, p_target bigint) RETURNS text LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_source loyalty.member; v_target loyalty.member; v_debtor bigint;
BEGIN
  SELECT * INTO v_source FROM loyalty.member m WHERE m.member_id = p_source;
  SELECT * INTO v_target FROM loyalty.member m WHERE m.member_id = p_target;
  IF p_source = p_target THEN RETURN 'it is the same member';
  ELSIF v_source.status NOT IN ('active', 'blocked') THEN RETURN format('member %s is %s', v_source.number, v_source.status);
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
  RETURN QUERY SELECT 'reward', r.name || coalesce(' until ' || nullif(i.expires_on, 'infinity'), ''), 'stays usable by its code' FROM loyalty.issued_reward i
    JOIN loyalty.reward r USING (reward_id) WHERE i.member_id = p_source AND loyalty.reward_state(i) IN ('issued', 'reserved') ORDER BY i.reward_no;
  SELECT s.code, s.rank, t.code AS target_code, coalesce(t.rank, -1) AS target_rank INTO v_tier
    FROM loyalty.standing x JOIN loyalty.tier s ON s.tier_id = x.tier_id LEFT JOIN loyalty.standing y ON y.member_id = p_target
    LEFT JOIN loyalty.tier t ON t.tier_id = y.tier_id WHERE x.member_id = p_source;
  IF FOUND THEN
    RETURN QUERY SELECT 'tier', v_tier.code, CASE WHEN v_tier.rank > v_tier.target_rank THEN format('is kept until its day instead of %s', coalesce(v_tier.target_code, 'none'))
                                             ELSE format('%s stays', v_tier.target_code) END;
  END IF;
  RETURN QUERY SELECT 'cases', count(*) || ' not resolved', 'stay with their numbers' FROM loyalty.member_case k
    WHERE k.member_id = p_source AND loyalty.case_works(k.state) HAVING count(*) > 0;
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
DECLARE g loyalty.member_merge; v_number bigint; v_came record; r loyalty.journal;
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

REVOKE ALL ON FUNCTION loyalty.merge_trouble(bigint, bigint), loyalty.merge_check(loyalty.journal), loyalty.merge_preview(bigint, bigint),
  loyalty.merge_begin(loyalty.journal), loyalty.merge_end(loyalty.journal),
  loyalty.members_merged(bigint[], bigint[]), loyalty.member_merges(bigint), loyalty.member_numbered(text), loyalty.merge_broken(bigint, bigint) FROM PUBLIC;
GRANT SELECT ON loyalty.member_merge TO loyalty_support, loyalty_manager, loyalty_admin, loyalty_worker;
GRANT EXECUTE ON FUNCTION loyalty.members_merged(bigint[], bigint[]) TO loyalty_worker;
GRANT EXECUTE ON FUNCTION loyalty.merge_preview(bigint, bigint), loyalty.member_merges(bigint), loyalty.member_numbered(text)
  TO loyalty_support, loyalty_manager, loyalty_admin;
GRANT EXECUTE ON FUNCTION loyalty.merge_broken(bigint, bigint) TO loyalty_manager, loyalty_admin, loyalty_worker;
