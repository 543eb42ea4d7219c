-- Campaigns and what members say: a trigger that waits for answers to a survey, and answers that tell of harm.

CREATE INDEX survey_response_day ON loyalty.survey_response USING brin (answered_on);

-- Answers of these days. p_answer: promoter, passive or detractor, the best, middle and worst answers of a survey of any kind; any: all of them.
CREATE FUNCTION loyalty.due_survey(p_from date, p_to date, p_after bigint, p_limit int, p_survey text, p_answer text)
RETURNS TABLE (member_id bigint, instance bigint, on_day date) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT r.member_id, (r.survey_id::bigint << 32) + r.window_no, r.answered_on FROM loyalty.survey s JOIN loyalty.survey_response r USING (survey_id)
    JOIN loyalty.member m ON m.member_id = r.member_id AND m.status = 'active'
   WHERE s.code = p_survey AND r.answered_on BETWEEN p_from AND p_to AND r.member_id > p_after
     AND (p_answer = 'any' OR loyalty.survey_class(s, r.score) = CASE p_answer WHEN 'promoter' THEN 2 WHEN 'passive' THEN 1 ELSE 0 END)
   ORDER BY 1, 2 LIMIT p_limit $$;

-- Promoters, passives and detractors among the members whom a campaign gave something, then among those it held out: by each one's first answer to a
-- survey that asks for NPS, in the 30 days after their first decision.
CREATE FUNCTION loyalty.campaign_answers(p_campaign int) RETURNS bigint[] LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT ARRAY[count(*) FILTER (WHERE NOT f.is_held_out AND n.class = 2), count(*) FILTER (WHERE NOT f.is_held_out AND n.class = 1),
               count(*) FILTER (WHERE NOT f.is_held_out AND n.class = 0), count(*) FILTER (WHERE f.is_held_out AND n.class = 2),
               count(*) FILTER (WHERE f.is_held_out AND n.class = 1), count(*) FILTER (WHERE f.is_held_out AND n.class = 0)]
    FROM loyalty.campaign_first(p_campaign) f
   CROSS JOIN LATERAL (SELECT loyalty.survey_class(s, r.score) AS class FROM loyalty.survey_response r JOIN loyalty.survey s USING (survey_id)
                        WHERE r.member_id = f.member_id AND s.kind = 'nps' AND r.answered_on BETWEEN f.from_day + 1 AND f.from_day + 30
                        ORDER BY r.answered_at, r.survey_id LIMIT 1) n $$;

REVOKE ALL ON FUNCTION loyalty.campaign_answers(int), loyalty.due_survey(date, date, bigint, int, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION loyalty.due_survey(date, date, bigint, int, text, text) TO loyalty_marketing, loyalty_manager, loyalty_admin, loyalty_worker;
