-- After a case: a while after it was resolved, its member is asked how it went.
--
-- A case is asked about once. What became of that:
--   waiting    until due_at
--   asked      the member is invited, and the survey's letter waits in the outbox
--   left out   why tells the reason: opened again, asked by any survey within the cooldown, no consent, no address, not in the sample ...

-- Which survey asks after cases of a group ('': of groups without a rule of their own), and how long after. Without a row nobody is asked.
CREATE TABLE loyalty.case_survey (
  group_code text NOT NULL, survey_id smallint NOT NULL, after_hours int NOT NULL,
  made_by name NOT NULL DEFAULT session_user, made_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT case_survey_pk PRIMARY KEY (group_code),
  CONSTRAINT case_survey_hours_ck CHECK (after_hours BETWEEN 0 AND 2160));
SELECT dist.reference('loyalty.case_survey');
ALTER TABLE loyalty.case_survey ADD CONSTRAINT case_survey_letter_fk FOREIGN KEY (survey_id) REFERENCES loyalty.survey_letter;
CREATE INDEX case_survey_survey ON loyalty.case_survey (survey_id);

CREATE TABLE loyalty.case_survey_ask (
  member_id bigint NOT NULL, case_no int NOT NULL, survey_id smallint NOT NULL,
  resolved_at timestamptz NOT NULL,      -- the case is as it was then, or is not asked about
  due_at timestamptz NOT NULL, state text NOT NULL DEFAULT 'waiting', why text NOT NULL DEFAULT '', settled_at timestamptz,
  CONSTRAINT case_survey_ask_pk PRIMARY KEY (member_id, case_no),
  CONSTRAINT case_survey_ask_state_ck CHECK (state IN ('waiting', 'asked', 'left out')));
SELECT dist.distribute('loyalty.case_survey_ask', 'member_id', 'loyalty.member');
ALTER TABLE loyalty.case_survey_ask ADD CONSTRAINT case_survey_ask_case_fk
  FOREIGN KEY (member_id, case_no) REFERENCES loyalty.member_case (member_id, case_no);
CREATE INDEX case_survey_ask_due ON loyalty.case_survey_ask (due_at, member_id, case_no) WHERE state = 'waiting';
CREATE INDEX case_survey_ask_survey ON loyalty.case_survey_ask (survey_id, state);

-- Sets the rule of a group, NULL or '' of all others; p_code NULL: nobody is asked any more, whom a rule has noted already is. Errors: LY001, LY002, LY004.
CREATE FUNCTION loyalty.case_survey_set(p_code text, p_group text, p_hours int) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE s loyalty.survey; v_group text := coalesce(p_group, '');
BEGIN
  PERFORM loyalty.survey_writer();
  IF v_group <> '' THEN PERFORM loyalty.case_group_known(v_group); END IF;
  IF p_code IS NULL THEN
    DELETE FROM loyalty.case_survey r WHERE r.group_code = v_group;
    IF NOT FOUND THEN RAISE EXCEPTION 'nobody is asked after such cases' USING ERRCODE = 'LY004', HINT = 'see: loyalty survey rules'; END IF;
  ELSE
    s := loyalty.survey_of(p_code);
    IF NOT EXISTS (SELECT FROM loyalty.survey_letter l WHERE l.survey_id = s.survey_id) THEN
      RAISE EXCEPTION 'the survey has no letter to send' USING ERRCODE = 'LY002', HINT = 'write it first: loyalty survey letter';
    ELSIF p_hours NOT BETWEEN 0 AND 2160 THEN
      RAISE EXCEPTION 'members are asked 0 to 2160 hours after a case' USING ERRCODE = 'LY002';
    END IF;
    INSERT INTO loyalty.case_survey (group_code, survey_id, after_hours) VALUES (v_group, s.survey_id, coalesce(p_hours, 24))
    ON CONFLICT (group_code) DO UPDATE SET survey_id = excluded.survey_id, after_hours = excluded.after_hours, made_by = excluded.made_by, made_at = excluded.made_at;
  END IF;
  PERFORM loyalty.audit_write(0, 'survey.after-case', v_group, jsonb_build_object('survey', jsonb_build_array(NULL, p_code)));
  PERFORM pg_notify('loyalty_survey', coalesce(s.survey_id::text, ''));
END $$;

-- Notes a case that was resolved. Resolved again, it is asked about after that; a case that was asked about is not noted again.
CREATE FUNCTION loyalty.case_survey_plan(p_case loyalty.member_case) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO loyalty.case_survey_ask AS a (member_id, case_no, survey_id, resolved_at, due_at)
  SELECT p_case.member_id, p_case.case_no, r.survey_id, p_case.resolved_at, p_case.resolved_at + make_interval(hours => r.after_hours)
    FROM loyalty.case_survey r WHERE r.group_code IN (p_case.group_code, '') ORDER BY r.group_code DESC LIMIT 1
  ON CONFLICT (member_id, case_no) DO UPDATE SET survey_id = excluded.survey_id, resolved_at = excluded.resolved_at, due_at = excluded.due_at, state = 'waiting',
    why = '', settled_at = NULL WHERE a.state <> 'asked' $$;

-- Why the member is not asked now; NULL: nothing is in the way.
CREATE FUNCTION loyalty.case_survey_bar(a loyalty.case_survey_ask, s loyalty.survey) RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN c.state = 'merged' THEN 'the case was merged'
              WHEN c.state NOT IN ('resolved', 'closed') OR c.resolved_at <> a.resolved_at THEN 'the case was opened again'
              WHEN a.due_at < now() - interval '14 days' THEN 'it was too late'
              WHEN loyalty.business_day() < s.opens_on OR loyalty.business_day() > s.closes_on THEN 'the survey is not open'
              WHEN EXISTS (SELECT FROM loyalty.survey_invitation i WHERE i.member_id = a.member_id AND i.invited_at > now() - make_interval(days => s.cooldown_days))
              THEN 'asked by a survey not long ago'
              WHEN EXISTS (SELECT FROM loyalty.survey_response r WHERE r.member_id = a.member_id AND r.survey_id = s.survey_id
                              AND r.window_no = (loyalty.business_day() - s.opens_on) / s.window_days) THEN 'has answered not long ago'
              WHEN abs(hashint8extended(a.member_id, a.case_no) % 10000) >= s.sample * 100 THEN 'not in the sample'
              ELSE loyalty.outbox_bar(a.member_id, 'promotions') END
    FROM loyalty.member_case c WHERE c.member_id = a.member_id AND c.case_no = a.case_no $$;

-- Invites the member in this month's wave, by the survey's letter.
CREATE FUNCTION loyalty.case_survey_invite(a loyalty.case_survey_ask, s loyalty.survey) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_today date := loyalty.business_day(); v_zone text := loyalty.survey_zone(); v_token text := loyalty.survey_token_make(); w loyalty.survey_wave;
        l loyalty.survey_letter; v_ends timestamptz := ((v_today + s.link_days + 1)::timestamp AT TIME ZONE v_zone) - interval '1 us';
BEGIN
  SELECT * INTO STRICT l FROM loyalty.survey_letter x WHERE x.survey_id = s.survey_id;
  SELECT * INTO w FROM loyalty.survey_wave x WHERE x.survey_id = s.survey_id AND x.cases_of = date_trunc('month', v_today::timestamp)::date;
  IF NOT FOUND THEN
    INSERT INTO loyalty.survey_wave (survey_id, wave_no, sample, condition, seed, audience, invited, quota, ends_at, cases_of)
    SELECT s.survey_id, coalesce(max(x.wave_no), 0) + 1, s.sample, 'after a case', 0, 0, 0, s.quota, v_ends, date_trunc('month', v_today::timestamp)::date
      FROM loyalty.survey_wave x WHERE x.survey_id = s.survey_id RETURNING * INTO w;
  ELSIF w.answers >= w.quota THEN
    RAISE EXCEPTION 'this month has all its answers' USING ERRCODE = 'LY002';
  END IF;
  INSERT INTO loyalty.survey_invitation (member_id, survey_id, wave_no, ends_at, case_no) VALUES (a.member_id, s.survey_id, w.wave_no, v_ends, a.case_no)
  ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN RAISE EXCEPTION 'asked after another case this month' USING ERRCODE = 'LY002'; END IF;
  UPDATE loyalty.survey_wave x SET audience = x.audience + 1, invited = x.invited + 1, ends_at = v_ends WHERE x.survey_id = w.survey_id AND x.wave_no = w.wave_no;
  INSERT INTO loyalty.survey_token (hash, member_id, survey_id, wave_no) VALUES (loyalty.survey_token_hash(v_token), a.member_id, s.survey_id, w.wave_no);
  INSERT INTO loyalty.survey_delta (survey_id, what, on_day) VALUES (s.survey_id, 'invited', v_today);
  PERFORM loyalty.outbox_add(a.member_id, format('survey %s/%s', s.code, w.wave_no), 'promotions', l.subject, l.body, jsonb_build_object('survey', s.name,
    'link', replace(l.link, '{token}', v_token), 'expires', (v_ends AT TIME ZONE v_zone)::date,
    'case', (SELECT m.number || '/' || a.case_no FROM loyalty.member m WHERE m.member_id = a.member_id)), NULL, l.language, NULL, v_ends);
  PERFORM pg_notify('loyalty_survey', s.survey_id::text);
END $$;

-- Asks those whose time has come, at most so many; for a worker. Returns how many it has settled. What is in the way of one is written down there.
CREATE FUNCTION loyalty.case_survey_step(p_rows int) RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE a loyalty.case_survey_ask; s loyalty.survey; v_why text; v_done int := 0;
BEGIN
  IF NOT EXISTS (SELECT FROM loyalty.case_survey_ask x WHERE x.state = 'waiting' AND x.due_at <= now())
     OR NOT pg_try_advisory_xact_lock(26, 2) THEN              -- a wave that is drawn would invite whom this does
    RETURN 0;
  END IF;
  FOR a IN SELECT * FROM loyalty.case_survey_ask x WHERE x.state = 'waiting' AND x.due_at <= now() ORDER BY x.due_at, x.member_id, x.case_no
            LIMIT p_rows FOR UPDATE SKIP LOCKED LOOP
    SELECT * INTO STRICT s FROM loyalty.survey x WHERE x.survey_id = a.survey_id;
    v_why := loyalty.case_survey_bar(a, s);
    BEGIN
      PERFORM loyalty.case_survey_invite(a, s) WHERE v_why IS NULL;
    EXCEPTION WHEN SQLSTATE 'LY002' OR SQLSTATE 'LY004' THEN v_why := SQLERRM;
    END;
    UPDATE loyalty.case_survey_ask x SET state = CASE WHEN v_why IS NULL THEN 'asked' ELSE 'left out' END, why = coalesce(v_why, ''), settled_at = now()
     WHERE x.member_id = a.member_id AND x.case_no = a.case_no;
    PERFORM pg_notify('loyalty_case', a.member_id || '/' || a.case_no);
    v_done := v_done + 1;
  END LOOP;
  RETURN v_done;
END $$;

-- "4 of 5": a score as people say it.
CREATE FUNCTION loyalty.survey_said(s loyalty.survey, p_score int) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS
$$ SELECT format('%s of %s', p_score, s.highest * cardinality(s.questions)) $$;

-- An answer about a case stands in the case's history, and open screens of it show it.
CREATE FUNCTION loyalty.case_survey_answered(s loyalty.survey, r loyalty.survey_response) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE c loyalty.member_case;
BEGIN
  SELECT * INTO c FROM loyalty.member_case x WHERE x.member_id = r.member_id AND x.case_no = r.about_case FOR UPDATE;
  PERFORM loyalty.case_change(c, c, 'said how it went', '', loyalty.survey_said(s, r.score)) WHERE FOUND;
END $$;

-- How it went, in a line: what the member said, or why nothing is said; '' where nobody is asked. pleased: 2 yes, 1 neither, 0 no, NULL not said.
CREATE FUNCTION loyalty.case_survey_words(p_member_id bigint, p_case_no int, OUT words text, OUT pleased int) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE r loyalty.survey_response; s loyalty.survey; a loyalty.case_survey_ask; v_zone text := loyalty.survey_zone();
BEGIN
  words := '';
  SELECT * INTO r FROM loyalty.survey_response x WHERE x.member_id = p_member_id AND x.about_case = p_case_no ORDER BY x.answered_at DESC LIMIT 1;
  IF FOUND THEN
    SELECT * INTO s FROM loyalty.survey x WHERE x.survey_id = r.survey_id;
    words := concat_ws(': ', 'said ' || loyalty.survey_said(s, r.score), nullif(left(r.comment, 200), ''));
    pleased := loyalty.survey_class(s, r.score);
    RETURN;
  END IF;
  SELECT * INTO a FROM loyalty.case_survey_ask x WHERE x.member_id = p_member_id AND x.case_no = p_case_no;
  IF FOUND THEN
    words := CASE a.state WHEN 'waiting' THEN 'is asked how it went on ' || (a.due_at AT TIME ZONE v_zone)::date
                          WHEN 'asked' THEN 'asked how it went on ' || (a.settled_at AT TIME ZONE v_zone)::date ELSE 'not asked how it went: ' || a.why END;
  END IF;
END $$;

GRANT SELECT ON loyalty.case_survey TO loyalty_support, loyalty_marketing, loyalty_manager, loyalty_admin;
GRANT SELECT ON loyalty.case_survey_ask TO loyalty_support, loyalty_manager, loyalty_admin;
GRANT SELECT (survey_id, state, why) ON loyalty.case_survey_ask TO loyalty_marketing;
GRANT EXECUTE ON FUNCTION loyalty.case_survey_set(text, text, int) TO loyalty_marketing, loyalty_manager, loyalty_admin;
GRANT EXECUTE ON FUNCTION loyalty.case_survey_words(bigint, int) TO loyalty_support, loyalty_manager, loyalty_admin;
GRANT EXECUTE ON FUNCTION loyalty.case_survey_step(int) TO loyalty_worker;
