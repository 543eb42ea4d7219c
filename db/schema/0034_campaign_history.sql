-- What became of a campaign, as the audit log has it: written, submitted, approved, sent back, moved by people or by itself.

CREATE INDEX audit_log_campaign ON loyalty.audit_log (object, audit_no) WHERE member_id = 0 AND action LIKE 'campaign.%';

-- The newest first. is_by_itself: a worker did it.
CREATE FUNCTION loyalty.campaign_history(p_campaign int, p_most int) RETURNS TABLE (at timestamptz, login name, is_by_itself boolean, action text,
  revision_no int, reason text) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT a.at, a.login, a.application LIKE 'loyalty worker%',
         substr(a.action, 10), (a.changed->'revision'->>1)::int, a.changed->'reason'->>1
    FROM loyalty.audit_log a
   WHERE a.member_id = 0 AND a.action LIKE 'campaign.%' AND a.object = p_campaign::text ORDER BY a.audit_no DESC LIMIT p_most $$;

REVOKE ALL ON FUNCTION loyalty.campaign_history(int, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION loyalty.campaign_history(int, int) TO loyalty_support, loyalty_marketing, loyalty_manager, loyalty_admin;
