-- What became of a campaign, as the audit log has it: written, submitted, approved, sent back, moved by people or by itself; and what became of a
-- member's turns.

CREATE INDEX audit_log_campaign ON loyalty.audit_log (object, audit_no) WHERE member_id = 0 AND action LIKE 'campaign.%';

-- The newest first. is_by_itself: a worker did it.
CREATE FUNCTION loyalty.campaign_history(p_campaign int, p_most int) RETURNS TABLE (at timestamptz, login name, is_by_itself boolean, action text,
  revision_no int, reason text) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT a.at, a.login, a.application LIKE 'loyalty worker%',
         substr(a.action, 10), (a.changed->'revision'->>1)::int, a.changed->'reason'->>1
    FROM loyalty.audit_log a
   WHERE a.member_id = 0 AND a.action LIKE 'campaign.%' AND a.object = p_campaign::text ORDER BY a.audit_no DESC LIMIT p_most $$;

-- What brought a member's turn: "birthday 2026-12-01".
CREATE FUNCTION loyalty.campaign_turn(g loyalty.campaign_grant) RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT concat_ws(' ', r.projection->>'trigger', g.on_day) FROM loyalty.campaign_revision r WHERE r.campaign_no = g.campaign_no AND r.revision_no = g.revision_no $$;

-- The prize that an event of the journal gave, by its source (campaign:3) and id, and why; no row: it was no campaign's.
CREATE FUNCTION loyalty.campaign_of_event(p_member_id bigint, p_campaign bigint, p_external_id text) RETURNS TABLE (prize text, why text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT g.prize, loyalty.campaign_turn(g) FROM loyalty.campaign_grant g WHERE g.member_id = p_member_id AND g.campaign_no = p_campaign AND g.outcome = 'prize'
     AND g.instance = CASE WHEN p_external_id ~ '^[0-9]{1,18}$' THEN p_external_id::bigint END $$;

-- The lines of a member's timeline that are neither deeds nor cases (loyalty.timeline_lines has those): turns that won nothing, which support does not
-- see lest it tell members; and messages, of which marketing sees none of service.
CREATE FUNCTION loyalty.timeline_surprises(p_member_id bigint, p_zone text) RETURNS SETOF loyalty.timeline_line LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT g.granted_on, g.decided_at, 0::bigint, 12, g.decision_no, 'campaigns', g.campaign_no::bigint, 0::bigint, '', c.name, g.outcome, '', NULL::bigint, NULL::bigint,
         loyalty.campaign_turn(g), '', '', NULL::numeric, NULL::smallint
    FROM loyalty.campaign_grant g JOIN loyalty.campaign c USING (campaign_no)
   WHERE g.member_id = p_member_id AND g.outcome <> 'prize' AND (SELECT loyalty.caller_role()) IN ('marketing', 'manager', 'admin')
  UNION ALL
  SELECT (o.written_at AT TIME ZONE p_zone)::date, o.written_at, 0, 13, o.message_no, 'messages', 0, 0, o.state,
         CASE WHEN o.filling IS NULL THEN o.subject ELSE regexp_replace(o.subject, '\{[^{}]*\}', '…', 'g') END, o.purpose, o.why, NULL, NULL, '', '', '', NULL, NULL
    FROM loyalty.outbox o WHERE o.member_id = p_member_id AND (o.purpose <> 'service' OR (SELECT loyalty.caller_role()) <> 'marketing') $$;

REVOKE ALL ON FUNCTION loyalty.campaign_turn(loyalty.campaign_grant), loyalty.campaign_of_event(bigint, bigint, text), loyalty.timeline_surprises(bigint, text) FROM PUBLIC;
REVOKE ALL ON FUNCTION loyalty.campaign_history(int, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION loyalty.campaign_history(int, int) TO loyalty_support, loyalty_marketing, loyalty_manager, loyalty_admin;
