-- What screens read of members. Their statements are unnamed, so that poolers work, and planning what joins many tables takes longer than running it;
-- a function keeps its plans as long as the session lasts. Marketing, which reads no journal, may ask some of them all the same.

-- What is going on around a member, for the header card; nothing personal.
CREATE FUNCTION loyalty.member_situation(p_member_id bigint, OUT last_purchase_on date, OUT open_cases bigint, OUT waiting bigint, OUT pending bigint,
  OUT failed bigint, OUT household text, OUT paid_on date, OUT unpaid_minor bigint, OUT merged_into bigint)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE v_pool_id bigint; v_owes boolean;
BEGIN    -- neither aggregates nor, in the common case, what is rare: making a plan's nodes ready takes longer here than running them
  SELECT (SELECT j.activity_on FROM loyalty.journal j WHERE j.member_id = p_member_id AND j.type = 'purchase' ORDER BY j.activity_on DESC LIMIT 1),
         cardinality(ARRAY(SELECT 1 FROM loyalty.member_case c WHERE c.member_id = p_member_id AND c.is_working)),
         cardinality(ARRAY(SELECT 1 FROM loyalty.approval a WHERE a.member_id = p_member_id AND a.decision IS NULL)),
         cardinality(ARRAY(SELECT 1 FROM loyalty.inbox i WHERE i.bucket = loyalty.bucket_of(p_member_id) AND i.member_id = p_member_id)),
         cardinality(ARRAY(SELECT 1 FROM loyalty.outcome o WHERE o.member_id = p_member_id AND o.result = 'failed')),
         (SELECT p.on_day FROM loyalty.plan_payment p WHERE p.member_id = p_member_id AND p.result = 'paid' ORDER BY p.on_day DESC LIMIT 1),
         EXISTS (SELECT FROM loyalty.plan_open o WHERE o.member_id = p_member_id),
         (SELECT x.pool_id FROM loyalty.household_member x WHERE x.member_id = p_member_id)
    INTO last_purchase_on, open_cases, waiting, pending, failed, paid_on, v_owes, v_pool_id;
  unpaid_minor := 0;
  SELECT m.number INTO merged_into FROM loyalty.member_merge g JOIN loyalty.member m ON m.member_id = g.target_id WHERE g.member_id = p_member_id AND g.ended_at IS NULL;
  IF v_owes THEN
    SELECT coalesce(sum(c.amount_minor), 0) INTO unpaid_minor FROM loyalty.plan_open o JOIN loyalty.plan_charge c USING (member_id, charge_no)
     WHERE o.member_id = p_member_id AND c.amount_minor > 0;
  END IF;
  IF v_pool_id IS NOT NULL THEN
    SELECT format('household %s: %s', m.number, coalesce((
             SELECT string_agg(trim_scale(b.points / power(10::numeric, c.decimals)) || ' ' || c.code, ', ' ORDER BY c.currency_id)
               FROM loyalty.balance b JOIN loyalty.currency c USING (currency_id) WHERE b.member_id = v_pool_id AND b.points <> 0), 'no points'))
      INTO household FROM loyalty.member m WHERE m.member_id = v_pool_id;
  END IF;
END $$;

-- Where a member stands, in rows of three kinds: one 's' (number: version of the programme, 0 for none; day: the business day; memory: the engine's, in
-- hex), an 'l' for each open lot, a 'd' for each debt (remaining: what is owed).
CREATE FUNCTION loyalty.member_standing(p_member_id bigint) RETURNS TABLE (part text, number bigint, seq bigint, granted bigint, remaining bigint,
  day date, expires_on date, currency_id smallint, memory text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE v_first_open bigint;
BEGIN
  SELECT 's', coalesce(s.programme_version, 0), loyalty.business_day(), encode(s.memory, 'hex'), s.first_open_lot
    INTO part, number, day, memory, v_first_open FROM loyalty.standing s WHERE s.member_id = p_member_id;
  IF NOT FOUND THEN RETURN; END IF;
  RETURN NEXT;
  RETURN QUERY SELECT 'l', l.lot_no, l.seq, l.granted, l.remaining, l.earned_on, l.expires_on, l.currency_id, NULL
    FROM loyalty.lot l WHERE l.member_id = p_member_id AND l.lot_no >= v_first_open AND l.remaining > 0 ORDER BY l.lot_no;
  RETURN QUERY SELECT 'd', NULL::bigint, NULL::bigint, NULL::bigint, -b.points, NULL::date, NULL::date, b.currency_id, NULL
    FROM loyalty.balance b WHERE b.member_id = p_member_id AND b.points < 0;
END $$;

-- The timeline's lines, whatever table they are of, narrow: of journal and ledger, which may be long, this is all that is read of what is not on the
-- page; the other branches bring their few rows whole. What a date did comes first on its day: its moment is midnight. kind: 0 event, 1 what a date did to
-- points, 2 change of tier, 3 rewards issued without being asked for, 4 case opened, 5 case ended, 6 request that waits or was refused, 7 verification that
-- ended by itself, 8 another member merged into this one, 9 and parted again (id: that member), 10 note, 11 change of what it is called or reached by, and
-- of timeline_surprises() (0034_campaign_history.sql): 12 a campaign gave nothing, 13 message. of, was: campaign of an event, numbers of account and rule, tier and the one before, reward, or segment.
CREATE TYPE loyalty.timeline_line AS (day date, at timestamptz, seq bigint, kind int, id bigint, family text, of bigint, was bigint, what text, name text,
  object text, reason text, amount bigint, quantity bigint, person text, result text, why text, points numeric, currency_id smallint);
CREATE FUNCTION loyalty.timeline_lines(p_member_id bigint, p_zone text) RETURNS SETOF loyalty.timeline_line LANGUAGE sql STABLE AS $$
  SELECT j.activity_on, j.submitted_at, j.seq, 0, j.seq,
         CASE WHEN j.type IN ('purchase', 'partner', 'return') THEN 'purchases' WHEN j.type IN ('redeem', 'reward_grant') THEN 'rewards'
              WHEN j.type IN ('tier_grant', 'multiplier_grant', 'enrol', 'subscribe', 'cancel_plan', 'verify', 'unverify', 'merge', 'unmerge') THEN 'status' ELSE 'points' END,
         CASE WHEN j.source ~ '^campaign:[0-9]{1,9}$' THEN substr(j.source, 10)::bigint END, NULL::bigint, '', '', '', '', NULL::bigint, NULL::bigint, '', '', '',
         NULL::numeric, NULL::smallint
    FROM loyalty.journal j WHERE j.member_id = p_member_id
  UNION ALL
  SELECT e.activity_on, e.activity_on::timestamp AT TIME ZONE p_zone, 0, 1, max(e.entry_no), 'points', e.account_id, e.rule_id, '', '', '', '', NULL,
         NULL, '', '', '', sum(e.amount), e.currency_id
    FROM loyalty.ledger_entry e WHERE e.member_id = p_member_id AND e.seq = 0 GROUP BY e.activity_on, e.account_id, e.rule_id, e.currency_id
  UNION ALL
  SELECT t.since, coalesce(j.submitted_at, t.since::timestamp AT TIME ZONE p_zone), t.seq, 2, t.change_no, 'status', t.tier_id, t.was_tier_id, '', '', '',
         coalesce(t.until_on::text, ''), NULL, NULL, '', '', '', NULL, NULL
    FROM loyalty.member_tier t LEFT JOIN loyalty.journal j ON j.member_id = t.member_id AND j.seq = t.seq WHERE t.member_id = p_member_id
  UNION ALL
  SELECT w.issued_on, coalesce(j.submitted_at, w.issued_on::timestamp AT TIME ZONE p_zone), w.seq, 3, min(w.reward_no), 'rewards', w.reward_id, 0, '',
         '', '', coalesce(w.expires_on::text, ''), w.value_minor, count(*), '', '', '', NULL, NULL
    FROM loyalty.issued_reward w LEFT JOIN loyalty.journal j ON j.member_id = w.member_id AND j.seq = w.seq
   WHERE w.member_id = p_member_id AND (j.type IS NULL OR j.type NOT IN ('redeem', 'reward_grant'))
   GROUP BY w.issued_on, j.submitted_at, w.seq, w.reward_id, w.expires_on, w.value_minor
  UNION ALL
  SELECT (c.opened_at AT TIME ZONE p_zone)::date, c.opened_at, 0, 4, c.case_no, 'cases', 0, 0, c.state, c.title, '', '', NULL, NULL,
         coalesce(c.owner, '')::text, '', '', NULL, NULL
    FROM loyalty.member_case c WHERE c.member_id = p_member_id
  UNION ALL
  SELECT (c.resolved_at AT TIME ZONE p_zone)::date, c.resolved_at, 0, 5, c.case_no, 'cases', 0, 0, c.state, c.title, coalesce(c.outcome, ''),
         coalesce(c.cause, ''), NULL, NULL, coalesce(c.resolved_by, '')::text, '', '', NULL, NULL
    FROM loyalty.member_case c WHERE c.member_id = p_member_id AND c.resolved_at IS NOT NULL
  UNION ALL
  SELECT (a.requested_at AT TIME ZONE p_zone)::date, a.requested_at, 0, 6, (extract(epoch FROM a.requested_at) * 1000000)::bigint, 'points', 0, 0,
         a.type::text, coalesce(a.body->>'receiver', a.external_id), coalesce(a.body->>'currency', a.body->>'reward', ''), coalesce(a.body->>'reason', ''), (a.body->>'amount')::bigint,
         NULL, a.requested_by::text, coalesce(a.decision, 'waiting'), coalesce(a.decision_reason, a.why), NULL, NULL
    FROM loyalty.approval a WHERE a.member_id = p_member_id AND a.decision IS DISTINCT FROM 'approved'
  UNION ALL
  SELECT v.ended_on, v.ended_on::timestamp AT TIME ZONE p_zone, 0, 7, v.seq, 'status', v.segment_id, 0, '', '', '', '', NULL, NULL, '', '', '', NULL, NULL
    FROM loyalty.member_verification v WHERE v.member_id = p_member_id AND v.end_seq = 0
  UNION ALL
  SELECT (x.at AT TIME ZONE p_zone)::date, x.at, 0, x.kind, g.member_id, 'status', 0, 0, '', m.number::text, '', '', NULL, NULL, '', '', '', NULL, NULL
    FROM loyalty.member_merge g JOIN loyalty.member m USING (member_id) CROSS JOIN LATERAL (VALUES (g.merged_at, 8), (g.ended_at, 9)) x (at, kind)
   WHERE g.target_id = p_member_id AND x.at IS NOT NULL
  UNION ALL
  SELECT (n.at AT TIME ZONE p_zone)::date, n.at, 0, 10, n.note_no, 'notes', 0, 0, '', n.body, '', '', NULL, NULL, n.by_login::text, '', '', NULL, NULL
    FROM loyalty.member_note n WHERE n.member_id = p_member_id
  UNION ALL
  SELECT (p.until AT TIME ZONE p_zone)::date, p.until, 0, 11, p.past_no, 'status', 0, 0, p.kind, p.value, '', p.reason, NULL, NULL, p.by_login::text,
         '', '', NULL, NULL FROM loyalty.member_past p WHERE p.member_id = p_member_id AND loyalty.past_seen(p.kind) $$;

-- A page of a member's timeline, newest first: of one family, '' for all; first, last, or those after, before or from the line of key p_key. What is on
-- the page is read whole. Marketing gets it without cases and requests, and without reasons, receipts and the names of staff.
CREATE FUNCTION loyalty.member_timeline(p_member_id bigint, p_family text, p_from text, p_key text, p_rows int) RETURNS TABLE (key text, day date,
  clock text, kind int, id bigint, seq bigint, what text, name text, object text, reason text, person text, amount bigint, quantity bigint, result text,
  why text, points numeric, currency_id smallint, of bigint, was bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 60 SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
  v_is_outline boolean := NOT EXISTS (SELECT FROM loyalty.staff s WHERE s.login = session_user AND s.active AND s.role IN ('support', 'manager', 'admin'));
  v_zone text := coalesce((SELECT p.timezone FROM loyalty.programme p), 'UTC'); k text[] := string_to_array(p_key, ' ');
  k_day date := k[1]; k_at timestamptz := timestamptz 'epoch' + k[2]::float8 * interval '1 microsecond'; k_seq bigint := k[3]; k_kind int := k[4];
  k_id bigint := k[5]::bigint + (p_from = 'from')::int; v_page loyalty.timeline_line[];
BEGIN
  IF p_from IN ('last', 'before') THEN
    v_page := ARRAY(SELECT ROW(l.*)::loyalty.timeline_line
      FROM (SELECT * FROM loyalty.timeline_lines(p_member_id, v_zone) UNION ALL SELECT * FROM loyalty.timeline_surprises(p_member_id, v_zone)) l
      WHERE (p_family = '' OR l.family = p_family OR p_family = 'campaigns' AND l.kind = 0 AND l.of IS NOT NULL)
        AND (l.kind NOT BETWEEN 4 AND 11 OR NOT v_is_outline) AND (p_from = 'last' OR (l.day, l.at, l.seq, l.kind, l.id) > (k_day, k_at, k_seq, k_kind, k_id))
      ORDER BY l.day, l.at, l.seq, l.kind, l.id LIMIT p_rows);
  ELSE
    v_page := ARRAY(SELECT ROW(l.*)::loyalty.timeline_line
      FROM (SELECT * FROM loyalty.timeline_lines(p_member_id, v_zone) UNION ALL SELECT * FROM loyalty.timeline_surprises(p_member_id, v_zone)) l
      WHERE (p_family = '' OR l.family = p_family OR p_family = 'campaigns' AND l.kind = 0 AND l.of IS NOT NULL)
        AND (l.kind NOT BETWEEN 4 AND 11 OR NOT v_is_outline) AND (p_from = 'first' OR (l.day, l.at, l.seq, l.kind, l.id) < (k_day, k_at, k_seq, k_kind, k_id))
      ORDER BY l.day DESC, l.at DESC, l.seq DESC, l.kind DESC, l.id DESC LIMIT p_rows);
  END IF;
  IF v_page = '{}' THEN RETURN; END IF;
  RETURN QUERY WITH points AS (  -- of an event: of the currency that members spend, where it moved that
      SELECT DISTINCT ON (x.seq) x.seq, x.currency_id, x.points
        FROM (SELECT e.seq, e.currency_id, sum(e.amount) AS points FROM loyalty.ledger_entry e
               WHERE e.member_id = p_member_id AND e.seq <> 0 AND e.seq IN (SELECT g.seq FROM unnest(v_page) g WHERE g.kind = 0) GROUP BY 1, 2) x
        JOIN loyalty.currency c USING (currency_id) ORDER BY x.seq, c.kind <> 'redeemable', x.currency_id)
    SELECT concat_ws(' ', g.day, (extract(epoch FROM g.at) * 1000000)::bigint, g.seq, g.kind, g.id), g.day,
           CASE WHEN (g.at AT TIME ZONE v_zone)::date = g.day AND g.kind IN (0, 4, 5, 6) THEN to_char(g.at AT TIME ZONE v_zone, 'HH24:MI') END,
           g.kind, g.id, g.seq, coalesce(j.type::text, g.what), CASE WHEN j.type = 'verify' THEN coalesce(v.until_on::text, '')
             WHEN j.type = 'multiplier_grant' THEN j.until_on::text WHEN v_is_outline THEN ''
             ELSE coalesce(j.other_number::text, j.external_id || coalesce(' of ' || j.happened_on, ''), g.name) END, coalesce(j.object, g.object),
           CASE WHEN v_is_outline AND g.of IS NULL THEN g.reason ELSE coalesce(j.reason, g.reason) END,
           CASE WHEN c.prize IS NOT NULL THEN concat_ws(' ', c.prize || ':', c.why) WHEN v_is_outline THEN g.person ELSE coalesce(j.submitted_by::text, g.person) END,
           coalesce(j.amount, (SELECT sum(a) FROM unnest(j.line_amount) a)::bigint, g.amount), coalesce(j.quantity, g.quantity),
           CASE WHEN i.seq IS NOT NULL THEN 'pending' WHEN o.result <> 'accepted' THEN o.result ELSE g.result END, coalesce(o.reason, g.why),
           coalesce(p.points, g.points), coalesce(p.currency_id, g.currency_id), g.of, g.was
      FROM unnest(v_page) g
      LEFT JOIN loyalty.journal j ON g.kind = 0 AND j.member_id = p_member_id AND j.seq = g.seq
      LEFT JOIN loyalty.outcome o ON o.member_id = p_member_id AND o.seq = j.seq
      LEFT JOIN loyalty.inbox i ON i.bucket = loyalty.bucket_of(p_member_id) AND i.member_id = p_member_id AND i.seq = j.seq
      LEFT JOIN points p ON p.seq = j.seq
      LEFT JOIN LATERAL loyalty.campaign_of_event(p_member_id, g.of, j.external_id) c ON g.kind = 0 AND g.of IS NOT NULL
      LEFT JOIN loyalty.member_verification v ON j.type = 'verify' AND v.member_id = p_member_id AND v.seq = j.seq
     ORDER BY g.day DESC, g.at DESC, g.seq DESC, g.kind DESC, g.id DESC;
END $$;

REVOKE ALL ON FUNCTION loyalty.member_situation(bigint), loyalty.member_standing(bigint), loyalty.timeline_lines(bigint, text),
  loyalty.member_timeline(bigint, text, text, text, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION loyalty.member_situation(bigint), loyalty.member_standing(bigint), loyalty.timeline_lines(bigint, text),
  loyalty.member_timeline(bigint, text, text, text, int)
  TO loyalty_support, loyalty_manager, loyalty_admin;
GRANT EXECUTE ON FUNCTION loyalty.member_situation(bigint), loyalty.member_standing(bigint), loyalty.member_timeline(bigint, text, text, text, int)
  TO loyalty_marketing;
GRANT SELECT (first_open_lot) ON loyalty.standing TO loyalty_marketing;
GRANT SELECT (seq, granted) ON loyalty.lot TO loyalty_marketing;
