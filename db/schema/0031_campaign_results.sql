-- What became of campaigns: members whom one gave something beside those it held out, in the days after. A member counts once, by their first decision, so
-- that who came back more often does not count more often; and from the day after it, so that what triggered it does not count. What is looked at
-- is over: members whose days are not over yet are only counted.

-- Each member's first decision, of those who were given something or held out. Of the others it is the draw, a limit or the budget that said no.
CREATE FUNCTION loyalty.campaign_first(p_campaign int) RETURNS TABLE (member_id bigint, is_held_out boolean, from_day date)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT f.member_id, f.outcome = 'hold_out', f.granted_on
    FROM (SELECT DISTINCT ON (g.member_id) g.member_id, g.outcome, g.granted_on FROM loyalty.campaign_grant g WHERE g.campaign_no = p_campaign
           ORDER BY g.member_id, g.decision_no) f WHERE f.outcome IN ('prize', 'hold_out') $$;

-- The last day of which everything is known.
CREATE FUNCTION loyalty.campaign_known_to() RETURNS date LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT greatest(loyalty.business_day(), p.processed_on, p.opened_on) - 1 FROM loyalty.programme p $$;

-- A row a group. over: members whose p_days are over, of whom all that follows speaks: buyers (bought at least once), purchases and spent (of a member; minor
-- units of money, returns taken off) with mean and variance, what their prizes cost, their first answer to a survey that asks for NPS, who opened a case,
-- who took back the consent to promotions.
CREATE FUNCTION loyalty.campaign_results(p_campaign int, p_days int) RETURNS TABLE (is_held_out boolean, members bigint, over bigint, buyers bigint,
  purchases_mean double precision, purchases_variance double precision, spent_mean double precision, spent_variance double precision, minor bigint, points bigint,
  promoters bigint, passives bigint, detractors bigint, cases bigint, opt_outs bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE v_zone text := (SELECT p.timezone FROM loyalty.programme p);
BEGIN
  IF loyalty.caller_role() NOT IN ('marketing', 'manager', 'admin') THEN
    RAISE EXCEPTION 'marketing and managers see what became of campaigns' USING ERRCODE = 'LY001';
  ELSIF NOT EXISTS (SELECT FROM loyalty.campaign c WHERE c.campaign_no = p_campaign) THEN
    RAISE EXCEPTION 'there is no campaign %', p_campaign USING ERRCODE = 'LY004', HINT = 'loyalty campaign list shows them';
  END IF;
  RETURN QUERY
  WITH first AS MATERIALIZED (SELECT f.*, f.from_day + p_days <= loyalty.campaign_known_to() AS is_over FROM loyalty.campaign_first(p_campaign) f),
       member AS (
    SELECT f.is_held_out, f.member_id, f.is_over, b.purchases, coalesce(b.spent, 0) - coalesce(r.returned, 0) AS spent, g.minor, g.points, n.score,
           EXISTS (SELECT FROM loyalty.member_case c WHERE c.member_id = f.member_id AND (c.opened_at AT TIME ZONE v_zone)::date BETWEEN f.from_day + 1 AND f.from_day + p_days) AS has_case,
           EXISTS (SELECT FROM loyalty.member_consent c WHERE c.member_id = f.member_id AND c.kind = 'promotions' AND NOT c.is_given
                      AND (c.said_at AT TIME ZONE v_zone)::date BETWEEN f.from_day AND f.from_day + p_days) AS has_left
      FROM first f
      LEFT JOIN LATERAL (SELECT count(*) AS purchases, sum(coalesce(j.amount, (SELECT sum(x) FROM unnest(j.line_amount) x))) AS spent FROM loyalty.journal j
                          WHERE j.member_id = f.member_id AND j.type = 'purchase' AND coalesce(j.happened_on, j.activity_on) BETWEEN f.from_day + 1 AND f.from_day + p_days
                            AND NOT EXISTS (SELECT FROM loyalty.outcome o WHERE o.member_id = j.member_id AND o.seq = j.seq AND o.result <> 'accepted')) b ON f.is_over
      LEFT JOIN LATERAL (SELECT sum(coalesce(j.amount, (SELECT sum(x) FROM unnest(j.line_amount) x))) AS returned FROM loyalty.journal j
                          JOIN loyalty.journal p ON p.member_id = j.member_id AND p.seq = j.of_seq AND p.type = 'purchase'
                           AND coalesce(p.happened_on, p.activity_on) BETWEEN f.from_day + 1 AND f.from_day + p_days
                          WHERE j.member_id = f.member_id AND j.type = 'return' AND j.activity_on <= f.from_day + p_days
                            AND NOT EXISTS (SELECT FROM loyalty.outcome o WHERE o.member_id = j.member_id AND o.seq = j.seq AND o.result <> 'accepted')) r ON f.is_over
      LEFT JOIN LATERAL (SELECT sum(x.minor) AS minor, sum(x.points) AS points FROM loyalty.campaign_grant x WHERE x.member_id = f.member_id AND x.campaign_no = p_campaign
                            AND x.granted_on <= f.from_day + p_days) g ON f.is_over
      LEFT JOIN LATERAL (SELECT a.score FROM loyalty.survey_response a JOIN loyalty.survey s USING (survey_id) WHERE a.member_id = f.member_id AND s.kind = 'nps'
                            AND a.answered_on BETWEEN f.from_day + 1 AND f.from_day + p_days ORDER BY a.answered_at LIMIT 1) n ON f.is_over)
  SELECT m.is_held_out, count(*), count(*) FILTER (WHERE m.is_over), count(*) FILTER (WHERE m.is_over AND m.purchases > 0),
         coalesce(avg(m.purchases) FILTER (WHERE m.is_over), 0)::double precision, coalesce(var_samp(m.purchases) FILTER (WHERE m.is_over), 0)::double precision,
         coalesce(avg(m.spent) FILTER (WHERE m.is_over), 0)::double precision, coalesce(var_samp(m.spent) FILTER (WHERE m.is_over), 0)::double precision,
         coalesce(sum(m.minor), 0)::bigint, coalesce(sum(m.points), 0)::bigint, count(*) FILTER (WHERE m.score >= 9), count(*) FILTER (WHERE m.score BETWEEN 7 AND 8),
         count(*) FILTER (WHERE m.score <= 6), count(*) FILTER (WHERE m.is_over AND m.has_case), count(*) FILTER (WHERE m.is_over AND m.has_left)
    FROM member m GROUP BY m.is_held_out;
END $$;

-- On which day after the decision a member whose days are over bought again for the first time: members by group and day, 1 to p_days.
CREATE FUNCTION loyalty.campaign_comeback(p_campaign int, p_days int) RETURNS TABLE (is_held_out boolean, day int, members bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  IF loyalty.caller_role() NOT IN ('marketing', 'manager', 'admin') THEN
    RAISE EXCEPTION 'marketing and managers see what became of campaigns' USING ERRCODE = 'LY001';
  END IF;
  RETURN QUERY
  SELECT f.is_held_out, b.day, count(*) FROM loyalty.campaign_first(p_campaign) f
   CROSS JOIN LATERAL (SELECT min(coalesce(j.happened_on, j.activity_on)) - f.from_day AS day FROM loyalty.journal j WHERE j.member_id = f.member_id
                          AND j.type = 'purchase' AND coalesce(j.happened_on, j.activity_on) BETWEEN f.from_day + 1 AND f.from_day + p_days
                          AND NOT EXISTS (SELECT FROM loyalty.outcome o WHERE o.member_id = j.member_id AND o.seq = j.seq AND o.result <> 'accepted')) b
   WHERE f.from_day + p_days <= loyalty.campaign_known_to() AND b.day IS NOT NULL GROUP BY f.is_held_out, b.day ORDER BY f.is_held_out, b.day;
END $$;

GRANT EXECUTE ON FUNCTION loyalty.campaign_results(int, int), loyalty.campaign_comeback(int, int) TO loyalty_marketing, loyalty_manager, loyalty_admin;
