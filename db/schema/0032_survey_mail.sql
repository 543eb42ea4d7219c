-- Invitations to surveys by e-mail: members who consent to promotions by e-mail, and have an address, are owed a message with their own link.

-- What a survey writes to whom it asks: subject, body, the link with {token} for each one's own, and the language (NULL: the member's) numbers and days are
-- written in.
CREATE TABLE loyalty.survey_letter (
  survey_id smallint NOT NULL, subject text NOT NULL, body text NOT NULL, link text NOT NULL, language text,
  written_by name NOT NULL DEFAULT session_user, written_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT survey_letter_pk PRIMARY KEY (survey_id), CONSTRAINT survey_letter_link_ck CHECK (link LIKE '%{token}%'));
SELECT dist.reference('loyalty.survey_letter');
ALTER TABLE loyalty.survey_letter ADD CONSTRAINT survey_letter_survey_fk FOREIGN KEY (survey_id) REFERENCES loyalty.survey;

-- Writes the letter of a survey, anew where there is one; what waits in the outbox stays as it is.
CREATE FUNCTION loyalty.survey_letter_set(p_code text, p_subject text, p_body text, p_link text, p_language text) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE s loyalty.survey := loyalty.survey_of(p_code);
BEGIN
  PERFORM loyalty.survey_writer();
  IF position('{token}' IN p_link) = 0 THEN
    RAISE EXCEPTION 'the link has no {token}' USING ERRCODE = 'LY002';
  END IF;
  INSERT INTO loyalty.survey_letter (survey_id, subject, body, link, language) VALUES (s.survey_id, p_subject, p_body, p_link, p_language)
  ON CONFLICT (survey_id) DO UPDATE SET subject = excluded.subject, body = excluded.body, link = excluded.link, language = excluded.language,
    written_by = excluded.written_by, written_at = excluded.written_at;
  PERFORM loyalty.audit_write(0, 'survey.letter', s.code, NULL);
END $$;

-- Invites a sample (p_again NULL), or makes new links for those of wave p_again who have not answered, whose older messages that still wait are cancelled. The
-- letter is the survey's own where p_link is NULL; the link is p_link with {token} replaced; it stands in the outbox until it is sent, and is shown to nobody. Rows: how many messages wait, and how many
-- are not sent and why.
CREATE FUNCTION loyalty.survey_mail(p_code text, p_sample numeric, p_condition text, p_members bigint[], p_quota bigint, p_again int, p_subject text, p_body text,
  p_link text, p_language text)
RETURNS TABLE (messages bigint, state text, why text) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE s loyalty.survey := loyalty.survey_of(p_code); l loyalty.survey_letter; i record; v_no int; v_member_id bigint; v_key text; v_owed bigint[] := '{}'; v_numbers int[] := '{}';
BEGIN
  PERFORM loyalty.survey_writer();
  IF p_link IS NULL THEN
    SELECT * INTO l FROM loyalty.survey_letter x WHERE x.survey_id = s.survey_id;
    IF NOT FOUND THEN RAISE EXCEPTION 'the survey has no letter to send' USING ERRCODE = 'LY002', HINT = 'write it first: loyalty survey letter'; END IF;
  ELSE
    l.subject := p_subject; l.body := p_body; l.link := p_link; l.language := p_language;
  END IF;
  IF position('{token}' IN l.link) = 0 THEN
    RAISE EXCEPTION 'the link has no {token}' USING ERRCODE = 'LY002';
  END IF;
  FOR i IN SELECT v.* FROM loyalty.survey_invite(p_code, p_sample, p_condition, true, p_members, p_quota) v WHERE p_again IS NULL
           UNION ALL SELECT v.* FROM loyalty.survey_invite_again(p_code, p_again) v WHERE p_again IS NOT NULL LOOP
    v_member_id := loyalty.member_of(i.number::text);
    v_key := format('survey %s/%s', p_code, i.wave_no);
    UPDATE loyalty.outbox o SET state = 'cancelled', why = 'there is a newer link', filling = o.filling - 'link', settled_at = now()
     WHERE o.member_id = v_member_id AND o.state IN ('waiting', 'failed') AND (o.key = v_key OR o.key LIKE v_key || ' %');
    v_no := loyalty.outbox_add(v_member_id, concat_ws(' ', v_key, CASE WHEN p_again IS NOT NULL THEN left(md5(i.token), 8) END), 'promotions', l.subject, l.body,
      jsonb_build_object('survey', s.name, 'link', replace(l.link, '{token}', i.token), 'expires', i.ends_on), NULL, l.language, NULL,
      (i.ends_on + 1)::timestamp AT TIME ZONE loyalty.survey_zone());
    v_owed := v_owed || v_member_id; v_numbers := v_numbers || v_no;
  END LOOP;
  RETURN QUERY SELECT count(*), o.state, o.why FROM unnest(v_owed, v_numbers) u (member_id, message_no) JOIN loyalty.outbox o USING (member_id, message_no)
                GROUP BY 2, 3 ORDER BY 1 DESC;
END $$;

GRANT SELECT ON loyalty.survey_letter TO loyalty_marketing, loyalty_manager, loyalty_admin;
GRANT EXECUTE ON FUNCTION loyalty.survey_letter_set(text, text, text, text, text), loyalty.survey_mail(text, numeric, text, bigint[], bigint, int, text, text,
  text, text) TO loyalty_marketing, loyalty_manager, loyalty_admin;
