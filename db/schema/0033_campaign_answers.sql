-- Campaigns and what members say: a trigger that waits for answers to a survey.

CREATE INDEX survey_response_day ON loyalty.survey_response USING brin (answered_on);

-- Answers of these days. p_answer: promoter, passive or detractor, the best, middle and worst answers of a survey of any kind; any: all of them.
CREATE FUNCTION loyalty.due_survey(p_from date, p_to date, p_after bigint, p_limit int, p_survey text, p_answer text)
RETURNS TABLE (member_id bigint, instance bigint, on_day date) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT r.member_id, (r.survey_id::bigint << 32) + r.window_no, r.answered_on FROM loyalty.survey s JOIN loyalty.survey_response r USING (survey_id)
    JOIN loyalty.member m ON m.member_id = r.member_id AND m.status = 'active'
   WHERE s.code = p_survey AND r.answered_on BETWEEN p_from AND p_to AND r.member_id > p_after
     AND (p_answer = 'any' OR loyalty.survey_class(s, r.score) = CASE p_answer WHEN 'promoter' THEN 2 WHEN 'passive' THEN 1 ELSE 0 END)
   ORDER BY 1, 2 LIMIT p_limit $$;

REVOKE ALL ON FUNCTION loyalty.due_survey(date, date, bigint, int, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION loyalty.due_survey(date, date, bigint, int, text, text) TO loyalty_marketing, loyalty_manager, loyalty_admin, loyalty_worker;
