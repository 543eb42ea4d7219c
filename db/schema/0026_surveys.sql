-- Surveys: what members are asked, who was invited, what they answered, and the counts that every figure is read from.
--
-- What becomes of an answer:
--   taken          it counts
--   commented      the words that came after its score are put to it
--   known          the same was said before: nothing changes
--   partial        no score, or not all of a survey's: the words are kept, nothing counts, the link stays good
--   out_of_range   a score the question does not have
--   duplicate      the member said something else in the same window
--   late           after the link or the survey ended, or before the survey began
--   full           the wave has all the answers it was to have
--   unknown        no such link: counted, and the sender is told
-- All but the last are kept word for word, in survey_response or survey_refusal, and all are counted.
--
-- An answer adds one row to survey_delta in the transaction that takes it, and touches no row that others write. Every so often one of those who
-- answer folds these into survey_day. A figure is the sum of both (survey_count), and equals a recount at any moment (survey_broken).
CREATE TABLE loyalty.survey (
  survey_id smallint NOT NULL, code text COLLATE "C" NOT NULL, name text NOT NULL,
  kind text NOT NULL, is_transactional boolean NOT NULL DEFAULT false,
  questions text[] NOT NULL,             -- one; of a cli three, of which the score is the sum
  ask_promoter text NOT NULL DEFAULT '', ask_passive text NOT NULL DEFAULT '', ask_detractor text NOT NULL DEFAULT '',  -- asked after the score
  lowest smallint NOT NULL, highest smallint NOT NULL,              -- of a question
  opens_on date NOT NULL, closes_on date,                       -- the last day; NULL: none is set
  window_days int NOT NULL,              -- windows follow each other from opens_on on; a member has one answer in each
  cooldown_days int NOT NULL,            -- nobody is invited who was invited to any survey so many days ago or less
  link_days int NOT NULL, sample numeric(5, 2) NOT NULL,        -- sample: per cent of those who could be invited
  quota bigint,                          -- answers a wave is to have; NULL: any number
  case_at_most smallint, case_priority smallint NOT NULL DEFAULT 2, case_owner name,  -- a score up to this opens a case by itself; NULL: none does
  case_group text,                       -- whose queue it goes to; NULL: the desk's
  made_by name NOT NULL DEFAULT session_user, made_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT survey_pk PRIMARY KEY (survey_id), CONSTRAINT survey_code_uq UNIQUE (code),
  CONSTRAINT survey_code_ck CHECK (code ~ '^[a-z][a-z0-9_]{0,31}$'),
  CONSTRAINT survey_kind_ck CHECK (kind IN ('nps', 'csat', 'ces', 'cli')),
  CONSTRAINT survey_questions_ck CHECK (cardinality(questions) = CASE kind WHEN 'cli' THEN 3 ELSE 1 END),
  CONSTRAINT survey_text_ck CHECK (length(name) BETWEEN 1 AND 80 AND length(array_to_string(questions, '')) BETWEEN 1 AND 1500
    AND length(ask_promoter) <= 500 AND length(ask_passive) <= 500 AND length(ask_detractor) <= 500),
  CONSTRAINT survey_days_ck CHECK (window_days BETWEEN 1 AND 3660 AND cooldown_days BETWEEN 0 AND 3660 AND link_days BETWEEN 1 AND 366),
  CONSTRAINT survey_sample_ck CHECK (sample BETWEEN 0.01 AND 100), CONSTRAINT survey_quota_ck CHECK (quota > 0),
  CONSTRAINT survey_closes_ck CHECK (closes_on >= opens_on), CONSTRAINT survey_priority_ck CHECK (case_priority BETWEEN 1 AND 3));
SELECT dist.reference('loyalty.survey');

-- Invitations made at once.
CREATE TABLE loyalty.survey_wave (
  survey_id smallint NOT NULL, wave_no int NOT NULL,
  sample numeric(5, 2) NOT NULL, seed bigint NOT NULL,         -- a member is in the sample by a hash of seed and id
  condition text NOT NULL DEFAULT '',    -- who was meant, as it was typed; '': everybody
  audience bigint NOT NULL, invited bigint NOT NULL,            -- audience: who could have been invited
  quota bigint,                          -- answers it is to have; NULL: any number
  answers bigint NOT NULL DEFAULT 0,     -- kept only where it has a quota
  ends_at timestamptz NOT NULL,          -- of the last of its links
  cases_of date,                         -- a month's first day: those who are asked in it after their cases, one by one; NULL: invited at once
  made_by name NOT NULL DEFAULT session_user, made_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT survey_wave_pk PRIMARY KEY (survey_id, wave_no));
SELECT dist.reference('loyalty.survey_wave');
ALTER TABLE loyalty.survey_wave ADD CONSTRAINT survey_wave_survey_fk FOREIGN KEY (survey_id) REFERENCES loyalty.survey;

CREATE TABLE loyalty.survey_invitation (
  member_id bigint NOT NULL, survey_id smallint NOT NULL, wave_no int NOT NULL,
  invited_at timestamptz NOT NULL DEFAULT now(), ends_at timestamptz NOT NULL, answered_at timestamptz,
  case_no int,                           -- of the member's, that is asked about
  segments text[] NOT NULL DEFAULT '{}', -- saved ones that the member was in then
  CONSTRAINT survey_invitation_pk PRIMARY KEY (member_id, survey_id, wave_no));
SELECT dist.distribute('loyalty.survey_invitation', 'member_id', 'loyalty.member');
ALTER TABLE loyalty.survey_invitation ADD CONSTRAINT survey_invitation_member_fk FOREIGN KEY (member_id) REFERENCES loyalty.member;

-- Of the token in a link only the hash is kept: who reads the database can answer for nobody.
CREATE TABLE loyalty.survey_token (
  hash bytea NOT NULL, member_id bigint NOT NULL, survey_id smallint NOT NULL, wave_no int NOT NULL,
  CONSTRAINT survey_token_pk PRIMARY KEY (hash));
SELECT dist.distribute('loyalty.survey_token', 'hash', 'none');
CREATE INDEX survey_token_member ON loyalty.survey_token (member_id, survey_id, wave_no);

CREATE TABLE loyalty.survey_response (
  member_id bigint NOT NULL, survey_id smallint NOT NULL, window_no int NOT NULL,
  score smallint NOT NULL, scores smallint[],                   -- scores: of a cli, one a question
  comment text NOT NULL DEFAULT '', channel text NOT NULL, answered_at timestamptz NOT NULL, answered_on date NOT NULL,
  tier_id smallint, region text NOT NULL DEFAULT '',            -- as the member's were when it was taken
  segments text[] NOT NULL DEFAULT '{}',                        -- as of the invitation, so that what came of it since moves nobody between parts
  campaigns int[] NOT NULL DEFAULT '{}',                        -- whose prize the member was given in the 90 days before
  tags text[] NOT NULL DEFAULT '{}',                            -- what it is about, as people found
  wave_no int, invited_on date,          -- NULL: answered without an invitation
  case_no int,                           -- that it opened
  about_case int,                        -- that was asked about
  taken_by name NOT NULL DEFAULT session_user, taken_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT survey_response_pk PRIMARY KEY (member_id, survey_id, window_no),
  CONSTRAINT survey_response_channel_ck CHECK (channel IN ('web', 'email', 'sms', 'app', 'phone', 'store', 'other')),
  CONSTRAINT survey_response_comment_ck CHECK (length(comment) <= 10000));
SELECT dist.distribute('loyalty.survey_response', 'member_id', 'loyalty.member');
ALTER TABLE loyalty.survey_response ADD CONSTRAINT survey_response_member_fk FOREIGN KEY (member_id) REFERENCES loyalty.member;
CREATE INDEX survey_response_newest ON loyalty.survey_response (survey_id, answered_at, member_id, window_no) INCLUDE (score, tier_id, channel, region);
CREATE INDEX survey_response_words ON loyalty.survey_response USING gin (loyalty.fold(comment) public.gin_trgm_ops) WHERE comment <> '';
CREATE INDEX survey_response_tags ON loyalty.survey_response USING gin (tags) WHERE tags <> '{}';
CREATE INDEX survey_response_case ON loyalty.survey_response (survey_id, answered_at) WHERE case_no IS NOT NULL;

-- What could not be taken, word for word.
CREATE TABLE loyalty.survey_refusal (
  member_id bigint NOT NULL, survey_id smallint NOT NULL, reason text NOT NULL, said_at timestamptz NOT NULL,
  scores int[], comment text NOT NULL DEFAULT '', channel text NOT NULL, noted_on date NOT NULL,
  taken_by name NOT NULL DEFAULT session_user,
  CONSTRAINT survey_refusal_pk PRIMARY KEY (member_id, survey_id, reason, said_at));
SELECT dist.distribute('loyalty.survey_refusal', 'member_id', 'loyalty.member');

-- What is to be added to the counts: so many answers of a kind on a day, or so many invited, refused.
CREATE SEQUENCE loyalty.survey_delta_no_seq AS bigint;
CREATE TABLE loyalty.survey_delta (
  delta_no bigint NOT NULL DEFAULT nextval('loyalty.survey_delta_no_seq'), survey_id smallint NOT NULL, what text NOT NULL, on_day date NOT NULL,
  score smallint NOT NULL DEFAULT 0, tier text NOT NULL DEFAULT '', channel text NOT NULL DEFAULT '', region text NOT NULL DEFAULT '',
  reason text NOT NULL DEFAULT '', invited_on date, segments text[] NOT NULL DEFAULT '{}', campaigns int[] NOT NULL DEFAULT '{}', tag text NOT NULL DEFAULT '',
  n bigint NOT NULL DEFAULT 1,
  CONSTRAINT survey_delta_pk PRIMARY KEY (delta_no), CONSTRAINT survey_delta_what_ck CHECK (what IN ('answer', 'invited', 'refused', 'tagged')))
  WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);
SELECT dist.distribute('loyalty.survey_delta', 'delta_no', 'none');

-- The counts: by day (d), week (w) and month (m), in all and by what a member or an answer is (dimension). Their number is bounded by the days, whatever
-- the number of answers. Of invited and replied, who replied counts on the day of the invitation. An answer counts once for each segment, campaign and
-- tag it has, and for '' where it has no segment or no campaign.
CREATE TABLE loyalty.survey_day (
  survey_id smallint NOT NULL, grain "char" NOT NULL, dimension text COLLATE "C" NOT NULL, start_on date NOT NULL,
  value text COLLATE "C" NOT NULL, score smallint NOT NULL, n bigint NOT NULL,
  CONSTRAINT survey_day_pk PRIMARY KEY (survey_id, grain, dimension, start_on, value, score)) WITH (fillfactor = 80);
SELECT dist.reference('loyalty.survey_day');

-- What one of them adds to. Without a search_path of its own, so that the planner takes it apart.
CREATE FUNCTION loyalty.survey_cells(d loyalty.survey_delta) RETURNS SETOF loyalty.survey_day LANGUAGE sql IMMUTABLE ROWS 18 AS $$
  SELECT d.survey_id, g.grain, c.dimension, g.start_on, v.value, c.score, d.n
    FROM (VALUES ('all', d.on_day, '{""}'::text[], d.score, d.what = 'answer'), ('tier', d.on_day, ARRAY[d.tier], d.score, d.what = 'answer'),
                 ('channel', d.on_day, ARRAY[d.channel], d.score, d.what = 'answer'), ('region', d.on_day, ARRAY[d.region], d.score, d.what = 'answer'),
                 ('segment', d.on_day, CASE d.segments WHEN '{}' THEN '{""}' ELSE d.segments END, d.score, d.what = 'answer'),
                 ('campaign', d.on_day, CASE d.campaigns WHEN '{}' THEN '{""}' ELSE d.campaigns::text[] END, d.score, d.what = 'answer'),
                 ('tag', d.on_day, ARRAY[d.tag], d.score, d.what = 'tagged'),
                 ('replied', d.invited_on, '{""}', 0::smallint, d.what = 'answer' AND d.invited_on IS NOT NULL),
                 ('invited', d.on_day, '{""}', 0::smallint, d.what = 'invited'), ('refused', d.on_day, ARRAY[d.reason], 0::smallint, d.what = 'refused'))
         c (dimension, day, names, score, is_meant)
   CROSS JOIN LATERAL unnest(c.names) v (value)
   CROSS JOIN LATERAL (VALUES ('d'::"char", c.day), ('w', date_trunc('week', c.day::timestamp)::date), ('m', date_trunc('month', c.day::timestamp)::date))
         g (grain, start_on)
   WHERE c.is_meant AND (g.grain <> 'd' OR c.dimension NOT IN ('tier', 'channel', 'region', 'segment', 'campaign', 'tag')) $$;

-- What counts now. Summed by whoever reads it, as a place may stand in it more than once.
CREATE VIEW loyalty.survey_count AS
  SELECT s.survey_id, s.grain, s.dimension, s.start_on, s.value, s.score, s.n FROM loyalty.survey_day s
  UNION ALL SELECT c.* FROM loyalty.survey_delta d CROSS JOIN LATERAL loyalty.survey_cells(d) c;

-- Folds what is there, unless somebody else is at it. One transaction either way, so that no reader sees it half done.
CREATE FUNCTION loyalty.survey_fold() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_folded bigint;
BEGIN
  IF NOT pg_try_advisory_xact_lock(26, 0) THEN RETURN 0; END IF;
  WITH gone AS (DELETE FROM loyalty.survey_delta d RETURNING d.*),
       cell AS (SELECT c.survey_id, c.grain, c.dimension, c.start_on, c.value, c.score, sum(c.n)::bigint AS n
                  FROM gone g CROSS JOIN LATERAL loyalty.survey_cells(ROW(g.*)::loyalty.survey_delta) c GROUP BY 1, 2, 3, 4, 5, 6),
       kept AS (INSERT INTO loyalty.survey_day AS k SELECT * FROM cell
                ON CONFLICT (survey_id, grain, dimension, start_on, value, score) DO UPDATE SET n = k.n + excluded.n)
  SELECT count(*) INTO v_folded FROM gone;
  RETURN v_folded;
END $$;

CREATE FUNCTION loyalty.survey_zone() RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS
$$ SELECT coalesce((SELECT p.timezone FROM loyalty.programme p), 'UTC') $$;

-- Every count that is not what a recount of answers, invitations and refusals gives. No row is the proof; one statement, one look.
CREATE FUNCTION loyalty.survey_broken() RETURNS TABLE (survey_id smallint, grain "char", dimension text, start_on date, value text, score smallint,
  kept bigint, counted bigint) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH fact AS (
    SELECT NULL::bigint, r.survey_id, 'answer', r.answered_on, r.score, coalesce(r.tier_id::text, ''), r.channel, r.region, '', r.invited_on, r.segments, r.campaigns, '',
           count(*) FROM loyalty.survey_response r GROUP BY 2, 4, 5, 6, 7, 8, 10, 11, 12
    UNION ALL
    SELECT NULL, r.survey_id, 'tagged', r.answered_on, r.score, '', '', '', '', NULL, '{}', '{}', x, count(*)
      FROM loyalty.survey_response r, unnest(r.tags) x GROUP BY 2, 4, 5, 13
    UNION ALL
    SELECT NULL, i.survey_id, 'invited', (i.invited_at AT TIME ZONE loyalty.survey_zone())::date, 0, '', '', '', '', NULL, '{}', '{}', '', count(*)
      FROM loyalty.survey_invitation i GROUP BY 2, 4
    UNION ALL
    SELECT NULL, f.survey_id, 'refused', f.noted_on, 0, '', '', '', f.reason, NULL, '{}', '{}', '', count(*) FROM loyalty.survey_refusal f GROUP BY 2, 4, 9),
  counted AS (
    SELECT c.survey_id, c.grain, c.dimension, c.start_on, c.value, c.score, sum(c.n)::bigint AS n
      FROM fact f CROSS JOIN LATERAL loyalty.survey_cells(ROW(f.*)::loyalty.survey_delta) c GROUP BY 1, 2, 3, 4, 5, 6),
  kept AS (
    SELECT c.survey_id, c.grain, c.dimension, c.start_on, c.value, c.score, sum(c.n)::bigint AS n
      FROM loyalty.survey_count c WHERE c.survey_id <> 0 GROUP BY 1, 2, 3, 4, 5, 6)
  SELECT survey_id, grain, dimension, start_on, value, score, k.n, c.n
    FROM kept k FULL JOIN counted c USING (survey_id, grain, dimension, start_on, value, score) WHERE coalesce(k.n, 0) <> coalesce(c.n, 0) $$;

-- The survey of that code, or an error.
CREATE FUNCTION loyalty.survey_of(p_code text) RETURNS loyalty.survey LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE s loyalty.survey;
BEGIN
  SELECT * INTO s FROM loyalty.survey x WHERE x.code = p_code;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no survey "%"', left(p_code, 40) USING ERRCODE = 'LY004', HINT = 'see: loyalty survey list';
  END IF;
  RETURN s;
END $$;

CREATE FUNCTION loyalty.survey_writer() RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF loyalty.caller_role() NOT IN ('marketing', 'manager', 'admin') THEN
    RAISE EXCEPTION 'your role does not write surveys' USING ERRCODE = 'LY001';
  END IF;
END $$;

-- Makes a survey out of {"code": ..., "kind": ...}, keys as the columns are called. The same again changes nothing. Errors: LY001, LY002.
CREATE FUNCTION loyalty.survey_create(p jsonb) RETURNS smallint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE s loyalty.survey; v_old loyalty.survey; v_names text[]; v_why text;
BEGIN
  PERFORM loyalty.survey_writer();
  s := jsonb_populate_record(NULL::loyalty.survey, jsonb_build_object('is_transactional', false, 'ask_promoter', '', 'ask_passive', '',
    'ask_detractor', '', 'opens_on', loyalty.business_day(), 'window_days', 90, 'cooldown_days', 30, 'link_days', 14, 'sample', 100, 'case_priority', 2) || p);
  s.lowest := CASE s.kind WHEN 'nps' THEN 0 ELSE 1 END;
  s.highest := CASE s.kind WHEN 'nps' THEN 10 WHEN 'csat' THEN 5 WHEN 'ces' THEN 7 ELSE 6 END;
  IF s.case_owner IS NOT NULL AND NOT EXISTS (SELECT FROM loyalty.staff w WHERE w.login = s.case_owner AND w.active AND w.role IN ('support', 'manager', 'admin')) THEN
    RAISE EXCEPTION '% is not active support staff', s.case_owner USING ERRCODE = 'LY002', HINT = 'who is to have the cases; leave it out for anybody';
  ELSIF s.case_group IS NOT NULL AND NOT EXISTS (SELECT FROM loyalty.case_group g WHERE g.group_code = s.case_group) THEN
    RAISE EXCEPTION 'there is no group "%" of people who work on cases', left(s.case_group, 40) USING ERRCODE = 'LY002', HINT = 'leave it out for the desk';
  END IF;
  SELECT * INTO v_old FROM loyalty.survey x WHERE x.code = s.code;
  IF FOUND THEN
    s.survey_id := v_old.survey_id; s.made_by := v_old.made_by; s.made_at := v_old.made_at;
    s.opens_on := CASE WHEN p ? 'opens_on' THEN s.opens_on ELSE v_old.opens_on END;
    IF v_old IS DISTINCT FROM s THEN
      RAISE EXCEPTION 'there is a survey "%" that is not the same', s.code USING ERRCODE = 'LY002',
        HINT = 'figures are of what was asked: close it and create one of another code';
    END IF;
    RETURN s.survey_id;
  END IF;
  PERFORM pg_advisory_xact_lock(26, 1);
  SELECT coalesce(max(x.survey_id), 0) + 1 INTO s.survey_id FROM loyalty.survey x;
  s.made_by := session_user; s.made_at := now();
  INSERT INTO loyalty.survey SELECT s.*;
  PERFORM loyalty.audit_write(0, 'survey.create', s.code, NULL);
  PERFORM pg_notify('loyalty_survey', s.survey_id::text);
  RETURN s.survey_id;
EXCEPTION WHEN check_violation OR not_null_violation OR invalid_text_representation OR numeric_value_out_of_range OR invalid_datetime_format
  OR datetime_field_overflow THEN
  GET STACKED DIAGNOSTICS v_why = CONSTRAINT_NAME;
  RAISE EXCEPTION 'the survey cannot be made: %', CASE v_why
      WHEN 'survey_code_ck' THEN 'its code is a word of small letters, digits and _, up to 32' WHEN 'survey_kind_ck' THEN 'kind is nps, csat, ces or cli'
      WHEN 'survey_questions_ck' THEN 'it asks one question, a cli three' WHEN 'survey_text_ck' THEN 'a text is missing or too long'
      WHEN 'survey_days_ck' THEN 'windows have 1 to 3660 days, cooldowns 0 to 3660, links 1 to 366' WHEN 'survey_sample_ck' THEN 'sample is from 0.01 to 100 per cent'
      WHEN 'survey_closes_ck' THEN 'it closes before it opens' WHEN 'survey_priority_ck' THEN 'priority is 1, 2 or 3'
      WHEN 'survey_quota_ck' THEN 'a quota is above 0' ELSE SQLERRM END USING ERRCODE = 'LY002';
END $$;

-- Its last day is p_on, today unless told.
CREATE FUNCTION loyalty.survey_close(p_code text, p_on date DEFAULT NULL) RETURNS date LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE s loyalty.survey := loyalty.survey_of(p_code); v_on date := coalesce(p_on, loyalty.business_day());
BEGIN
  PERFORM loyalty.survey_writer();
  IF v_on < s.opens_on THEN
    RAISE EXCEPTION 'it opens on %', s.opens_on USING ERRCODE = 'LY002';
  END IF;
  UPDATE loyalty.survey x SET closes_on = v_on WHERE x.survey_id = s.survey_id;
  PERFORM loyalty.audit_write(0, 'survey.close', s.code, jsonb_build_object('closes_on', jsonb_build_array(s.closes_on, v_on)));
  PERFORM pg_notify('loyalty_survey', s.survey_id::text);
  RETURN v_on;
END $$;

-- A token of 128 unguessable bits; and what is kept of it.
CREATE FUNCTION loyalty.survey_token_make() RETURNS text LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  SELECT encode(substr(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())), 1, 16), 'hex') $$;
CREATE FUNCTION loyalty.survey_token_hash(p_token text) RETURNS bytea LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT sha256(convert_to(btrim(p_token), 'UTF8')) $$;

-- The active ones of these members (NULL: of all), and what is in the way of asking each: asked by any survey within the cooldown, an answer in this
-- window, no way to write to them. NULL: they can be invited.
CREATE FUNCTION loyalty.survey_audience(s loyalty.survey, p_by_mail boolean, p_members bigint[]) RETURNS TABLE (member_id bigint, number bigint, language text, bar text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT m.member_id, m.number, m.language,
         CASE WHEN EXISTS (SELECT FROM loyalty.survey_invitation i WHERE i.member_id = m.member_id AND i.invited_at > now() - make_interval(days => s.cooldown_days)) THEN 'asked'
              WHEN EXISTS (SELECT FROM loyalty.survey_response r WHERE r.member_id = m.member_id AND r.survey_id = s.survey_id
                              AND r.window_no = (loyalty.business_day() - s.opens_on) / s.window_days) THEN 'answered'
              WHEN p_by_mail AND loyalty.outbox_bar(m.member_id, 'promotions') IS NOT NULL THEN 'unreachable' END
    FROM loyalty.member m WHERE m.status = 'active' AND (p_members IS NULL OR m.member_id IN (SELECT x FROM unnest(p_members) x)) $$;

-- The seed of the survey's next wave; and whether the sample of a wave has a member.
CREATE FUNCTION loyalty.survey_seed(s loyalty.survey) RETURNS bigint LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT ('x' || substr(md5(s.code || '/' || (coalesce(max(w.wave_no), 0) + 1)), 1, 15))::bit(60)::bigint FROM loyalty.survey_wave w WHERE w.survey_id = s.survey_id $$;
CREATE FUNCTION loyalty.survey_is_drawn(p_member_id bigint, p_seed bigint, p_sample numeric) RETURNS boolean LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$ SELECT abs(hashint8extended(p_member_id, p_seed) % 10000) < p_sample * 100 $$;

-- Of whom a wave would be made now, without making one: the active ones meant, those in whose way something is, who could be invited, whom the sample
-- has; and whether the survey has a letter to send. Rights and errors as of survey_invite().
CREATE FUNCTION loyalty.survey_preview(p_code text, p_sample numeric, p_by_mail boolean, p_members bigint[], OUT meant bigint, OUT asked_lately bigint,
  OUT has_answered bigint, OUT unreachable bigint, OUT audience bigint, OUT invited bigint, OUT has_letter boolean) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE s loyalty.survey := loyalty.survey_of(p_code); v_sample numeric(5, 2) := coalesce(p_sample, s.sample); v_seed bigint := loyalty.survey_seed(s);
BEGIN
  PERFORM loyalty.survey_writer(), loyalty.survey_wave_fits(s, v_sample, NULL);
  SELECT count(*), count(*) FILTER (WHERE a.bar = 'asked'), count(*) FILTER (WHERE a.bar = 'answered'), count(*) FILTER (WHERE a.bar = 'unreachable'),
         count(*) FILTER (WHERE a.bar IS NULL), count(*) FILTER (WHERE a.bar IS NULL AND loyalty.survey_is_drawn(a.member_id, v_seed, v_sample))
    INTO meant, asked_lately, has_answered, unreachable, audience, invited FROM loyalty.survey_audience(s, p_by_mail, p_members) a;
  has_letter := EXISTS (SELECT FROM loyalty.survey_letter l WHERE l.survey_id = s.survey_id);
END $$;
CREATE FUNCTION loyalty.survey_wave_fits(s loyalty.survey, p_sample numeric, p_quota bigint) RETURNS void LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_today date := loyalty.business_day();
BEGIN
  IF p_sample NOT BETWEEN 0.01 AND 100 THEN
    RAISE EXCEPTION 'a sample is from 0.01 to 100 per cent' USING ERRCODE = 'LY002';
  ELSIF p_quota <= 0 THEN
    RAISE EXCEPTION 'a quota is above 0' USING ERRCODE = 'LY002';
  ELSIF v_today < s.opens_on OR v_today > s.closes_on THEN
    RAISE EXCEPTION 'the survey is % today', CASE WHEN v_today < s.opens_on THEN 'not open yet' ELSE 'closed' END USING ERRCODE = 'LY002';
  END IF;
END $$;

-- Invites a sample of those of p_members (NULL: of all) who can be; p_condition: who is meant, in words of the caller. p_quota NULL: the survey's. Gives each
-- one's token, which nobody can read again. Errors: LY001, LY002, LY004.
CREATE FUNCTION loyalty.survey_invite(p_code text, p_sample numeric DEFAULT NULL, p_condition text DEFAULT NULL, p_by_mail boolean DEFAULT false,
  p_members bigint[] DEFAULT NULL, p_quota bigint DEFAULT NULL)
RETURNS TABLE (number bigint, token text, language text, ends_on date, wave_no int) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE s loyalty.survey := loyalty.survey_of(p_code); v_today date := loyalty.business_day(); v_sample numeric(5, 2) := coalesce(p_sample, s.sample);
        v_wave int; v_seed bigint; v_ends timestamptz; v_audience bigint; v_invited bigint;
BEGIN
  PERFORM loyalty.survey_writer(), loyalty.survey_wave_fits(s, v_sample, p_quota);
  PERFORM pg_advisory_xact_lock(26, 2);  -- two waves at once would each invite whom the other does
  SELECT coalesce(max(w.wave_no), 0) + 1 INTO v_wave FROM loyalty.survey_wave w WHERE w.survey_id = s.survey_id;
  v_seed := loyalty.survey_seed(s);
  v_ends := ((v_today + s.link_days + 1)::timestamp AT TIME ZONE loyalty.survey_zone()) - interval '1 us';
  RETURN QUERY
  WITH audience AS MATERIALIZED (
    SELECT a.member_id, a.number, a.language, loyalty.survey_is_drawn(a.member_id, v_seed, v_sample) AS is_drawn
      FROM loyalty.survey_audience(s, p_by_mail, p_members) a WHERE a.bar IS NULL),
  drawn AS MATERIALIZED (SELECT a.member_id, a.number, a.language, loyalty.survey_token_make() AS token FROM audience a WHERE a.is_drawn ORDER BY a.member_id),
  wave AS (
    INSERT INTO loyalty.survey_wave (survey_id, wave_no, sample, condition, seed, audience, invited, quota, ends_at)
    SELECT s.survey_id, v_wave, v_sample, coalesce(p_condition, ''), v_seed, count(*), count(*) FILTER (WHERE a.is_drawn), coalesce(p_quota, s.quota), v_ends FROM audience a),
  invitation AS (
    INSERT INTO loyalty.survey_invitation (member_id, survey_id, wave_no, ends_at) SELECT d.member_id, s.survey_id, v_wave, v_ends FROM drawn d),
  hashed AS (
    INSERT INTO loyalty.survey_token (hash, member_id, survey_id, wave_no)
    SELECT loyalty.survey_token_hash(d.token), d.member_id, s.survey_id, v_wave FROM drawn d),
  counted AS (
    INSERT INTO loyalty.survey_delta (survey_id, what, on_day, n) SELECT s.survey_id, 'invited', v_today, count(*) FROM drawn d HAVING count(*) > 0)
  SELECT d.number, d.token, d.language, (v_ends AT TIME ZONE loyalty.survey_zone())::date, v_wave FROM drawn d ORDER BY d.number;
  SELECT w.audience, w.invited INTO v_audience, v_invited FROM loyalty.survey_wave w WHERE w.survey_id = s.survey_id AND w.wave_no = v_wave;
  PERFORM loyalty.audit_write(0, 'survey.invite', s.code || '/' || v_wave, jsonb_build_object('invited', jsonb_build_array(0, v_invited)));
  PERFORM pg_notify('loyalty_survey', s.survey_id::text);
END $$;

-- Notes which of those invited by this very transaction are in a segment, as answers will be told apart by it.
CREATE FUNCTION loyalty.survey_invited_in(p_code text, p_segment text, p_members bigint[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE s loyalty.survey := loyalty.survey_of(p_code);
BEGIN
  PERFORM loyalty.survey_writer();
  UPDATE loyalty.survey_invitation i SET segments = array_append(i.segments, p_segment)
   WHERE i.survey_id = s.survey_id AND i.invited_at = now() AND i.member_id IN (SELECT x FROM unnest(p_members) x)
     AND p_segment <> ALL (i.segments) AND EXISTS (SELECT FROM loyalty.segment g WHERE g.code = p_segment);
END $$;

-- New tokens for all of a wave who have not answered, to remind them or because a file was lost. The old ones are of no use any more.
CREATE FUNCTION loyalty.survey_invite_again(p_code text, p_wave_no int)
RETURNS TABLE (number bigint, token text, language text, ends_on date, wave_no int) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE s loyalty.survey := loyalty.survey_of(p_code);
BEGIN
  PERFORM loyalty.survey_writer();
  PERFORM FROM loyalty.survey_wave w WHERE w.survey_id = s.survey_id AND w.wave_no = p_wave_no AND w.ends_at > now();
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the survey has no wave % whose links are still good', p_wave_no USING ERRCODE = 'LY004', HINT = 'see: loyalty survey show';
  END IF;
  DELETE FROM loyalty.survey_token t USING loyalty.survey_invitation i WHERE t.member_id = i.member_id AND t.survey_id = i.survey_id AND t.wave_no = i.wave_no
     AND i.survey_id = s.survey_id AND i.wave_no = p_wave_no AND i.answered_at IS NULL AND i.ends_at > now();
  RETURN QUERY
  WITH drawn AS MATERIALIZED (
    SELECT m.member_id, m.number, m.language, i.ends_at, loyalty.survey_token_make() AS token
      FROM loyalty.survey_invitation i JOIN loyalty.member m USING (member_id)
     WHERE i.survey_id = s.survey_id AND i.wave_no = p_wave_no AND i.answered_at IS NULL AND i.ends_at > now() AND m.status = 'active'),
  hashed AS (
    INSERT INTO loyalty.survey_token (hash, member_id, survey_id, wave_no)
    SELECT loyalty.survey_token_hash(d.token), d.member_id, s.survey_id, p_wave_no FROM drawn d)
  SELECT d.number, d.token, d.language, (d.ends_at AT TIME ZONE loyalty.survey_zone())::date, p_wave_no FROM drawn d ORDER BY d.number;
  PERFORM loyalty.audit_write(0, 'survey.remind', s.code || '/' || p_wave_no, NULL);
END $$;

-- Keeps what cannot be taken and counts it; p_member_id NULL: only counts it. Gives the reason back.
CREATE FUNCTION loyalty.survey_refuse(p_survey_id smallint, p_member_id bigint, p_reason text, p_scores int[], p_comment text, p_channel text,
  p_said_at timestamptz) RETURNS text LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_today date := loyalty.business_day();
BEGIN
  IF p_member_id IS NOT NULL THEN
    INSERT INTO loyalty.survey_refusal (member_id, survey_id, reason, said_at, scores, comment, channel, noted_on)
    VALUES (p_member_id, p_survey_id, p_reason, p_said_at, p_scores, p_comment, p_channel, v_today) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN RETURN p_reason; END IF;
  END IF;
  INSERT INTO loyalty.survey_delta (survey_id, what, on_day, reason) VALUES (p_survey_id, 'refused', v_today, p_reason);
  RETURN p_reason;
END $$;

-- The score that answers come to, NULL where some are missing; -1: one is none of the question's.
CREATE FUNCTION loyalty.survey_score(s loyalty.survey, p_scores int[]) RETURNS int LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN bool_or(x NOT BETWEEN s.lowest AND s.highest) THEN -1
              WHEN count(x) = cardinality(s.questions) AND cardinality(p_scores) = cardinality(s.questions) THEN sum(x)::int
              WHEN cardinality(p_scores) > cardinality(s.questions) THEN -1 END FROM unnest(p_scores) x $$;

-- 2 promoter or pleased, 1 passive, 0 detractor or displeased.
CREATE FUNCTION loyalty.survey_class(s loyalty.survey, p_score int) RETURNS int LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE s.kind WHEN 'nps' THEN (p_score >= 7)::int + (p_score >= 9)::int WHEN 'csat' THEN (p_score >= 3)::int + (p_score >= 4)::int
              WHEN 'ces' THEN (p_score >= 4)::int + (p_score >= 5)::int ELSE (p_score >= 9)::int + (p_score >= 13)::int END $$;

-- What is asked after such a score.
CREATE FUNCTION loyalty.survey_follow_up(s loyalty.survey, p_score int) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE loyalty.survey_class(s, p_score) WHEN 2 THEN s.ask_promoter WHEN 1 THEN s.ask_passive ELSE s.ask_detractor END $$;

-- An answer that came just now: opens the survey's case where its rule says so. An old one, out of a file, opens none. An answer counts even where
-- its case cannot be opened: that goes to the server's log, and a person can open the case.
CREATE FUNCTION loyalty.survey_case(s loyalty.survey, p_member_id bigint, p_window_no int, p_score int, p_comment text, p_channel text) RETURNS int
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_no int; v_about int;
BEGIN
  IF s.case_at_most IS NULL OR p_score > s.case_at_most THEN RETURN NULL; END IF;
  v_no := loyalty.case_open(p_member_id, md5(format('survey %s/%s/%s', s.survey_id, p_member_id, p_window_no))::uuid,
    left(format('Answered %s: %s', p_score, s.name), 200), CASE p_channel WHEN 'phone' THEN 'phone' WHEN 'app' THEN 'app' WHEN 'store' THEN 'store' ELSE 'email' END,
    s.case_priority, 'from_member', CASE p_comment WHEN '' THEN format('%s, without a word of explanation.', p_score) ELSE p_comment END, s.case_group);
  IF EXISTS (SELECT FROM loyalty.staff w WHERE w.login = s.case_owner AND w.active) THEN PERFORM loyalty.case_assign(p_member_id, v_no, NULL, s.case_owner); END IF;
  UPDATE loyalty.survey_response r SET case_no = v_no WHERE r.member_id = p_member_id AND r.survey_id = s.survey_id AND r.window_no = p_window_no
  RETURNING r.about_case INTO v_about;
  PERFORM loyalty.case_link_set(p_member_id, v_no, p_member_id, v_about, true) WHERE v_about <> v_no;
  RETURN v_no;
EXCEPTION WHEN SQLSTATE 'LY001' OR SQLSTATE 'LY002' OR SQLSTATE 'LY004' OR SQLSTATE 'LY021' THEN
  RAISE WARNING 'no case was opened for an answer to survey %: %', s.code, SQLERRM;
  RETURN NULL;
END $$;

-- Words that came after the score go to the case too, where it still takes any.
CREATE FUNCTION loyalty.survey_case_words(p_member_id bigint, p_case_no int, p_words text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM loyalty.case_write(p_member_id, p_case_no, gen_random_uuid(), 'from_member', p_words);
EXCEPTION WHEN SQLSTATE 'LY001' OR SQLSTATE 'LY002' OR SQLSTATE 'LY004' OR SQLSTATE 'LY021' THEN
  RAISE WARNING 'case % of a member takes no more words: %', p_case_no, SQLERRM;
END $$;

-- The campaigns that gave the member something in the 90 days before an answer.
CREATE FUNCTION loyalty.survey_campaigns(p_member_id bigint, p_day date) RETURNS int[] LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(array_agg(DISTINCT g.campaign_no ORDER BY g.campaign_no), '{}') FROM loyalty.campaign_grant g
   WHERE g.member_id = p_member_id AND g.outcome = 'prize' AND g.granted_on BETWEEN p_day - 90 AND p_day $$;

-- Takes an answer of a member, who came by the invitation i or by none; returns what becomes of it.
CREATE FUNCTION loyalty.survey_take(s loyalty.survey, p_member_id bigint, i loyalty.survey_invitation, p_scores int[], p_comment text, p_channel text)
RETURNS text LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_today date := loyalty.business_day(); v_window int := (v_today - s.opens_on) / s.window_days; v_score int := loyalty.survey_score(s, p_scores);
        r loyalty.survey_response; v_zone text := loyalty.survey_zone(); v_no bigint; v_quota bigint;
BEGIN
  SELECT * INTO r FROM loyalty.survey_response x WHERE x.member_id = p_member_id AND x.survey_id = s.survey_id
     AND (x.window_no = v_window OR (i.answered_at IS NOT NULL AND x.wave_no = i.wave_no))
   ORDER BY (x.wave_no IS NOT DISTINCT FROM i.wave_no) DESC LIMIT 1 FOR UPDATE;
  IF FOUND AND coalesce(v_score = r.score, p_comment <> '') THEN         -- words may come after the score, without it
    IF p_comment IN ('', r.comment) THEN RETURN 'known'; END IF;
    IF r.comment = '' AND coalesce(i.ends_at, now()) >= now() THEN
      UPDATE loyalty.survey_response x SET comment = p_comment WHERE x.member_id = r.member_id AND x.survey_id = r.survey_id AND x.window_no = r.window_no;
      PERFORM loyalty.survey_case_words(r.member_id, r.case_no, p_comment) WHERE r.case_no IS NOT NULL;
      PERFORM pg_notify('loyalty_survey', s.survey_id::text);
      RETURN 'commented';
    END IF;
  END IF;
  IF v_score IS NULL OR v_score < 0 THEN
    RETURN loyalty.survey_refuse(s.survey_id, p_member_id, CASE WHEN v_score < 0 THEN 'out_of_range' ELSE 'partial' END, p_scores, p_comment, p_channel, clock_timestamp());
  ELSIF r.member_id IS NOT NULL OR i.answered_at IS NOT NULL THEN
    RETURN loyalty.survey_refuse(s.survey_id, p_member_id, 'duplicate', p_scores, p_comment, p_channel, clock_timestamp());
  ELSIF v_today < s.opens_on OR v_today > s.closes_on OR i.ends_at < now() THEN
    RETURN loyalty.survey_refuse(s.survey_id, p_member_id, 'late', p_scores, p_comment, p_channel, clock_timestamp());
  END IF;
  SELECT w.quota INTO v_quota FROM loyalty.survey_wave w WHERE w.survey_id = s.survey_id AND w.wave_no = i.wave_no;
  IF v_quota IS NOT NULL THEN
    UPDATE loyalty.survey_wave w SET answers = w.answers + 1 WHERE w.survey_id = s.survey_id AND w.wave_no = i.wave_no AND w.answers < w.quota;
    IF NOT FOUND THEN RETURN loyalty.survey_refuse(s.survey_id, p_member_id, 'full', p_scores, p_comment, p_channel, clock_timestamp()); END IF;
  END IF;
  INSERT INTO loyalty.survey_response (member_id, survey_id, window_no, score, scores, comment, channel, answered_at, answered_on, tier_id, region, wave_no, invited_on,
    about_case, segments, campaigns)
  SELECT p_member_id, s.survey_id, v_window, v_score, CASE s.kind WHEN 'cli' THEN p_scores END, p_comment, p_channel, now(), v_today, t.tier_id, m.city, i.wave_no,
         (i.invited_at AT TIME ZONE v_zone)::date, i.case_no, coalesce(i.segments, '{}'), loyalty.survey_campaigns(p_member_id, v_today) FROM loyalty.member m LEFT JOIN loyalty.standing t USING (member_id) WHERE m.member_id = p_member_id
  ON CONFLICT DO NOTHING RETURNING * INTO r;
  IF NOT FOUND THEN                      -- another answer of the member's came in between
    UPDATE loyalty.survey_wave w SET answers = w.answers - 1 WHERE w.survey_id = s.survey_id AND w.wave_no = i.wave_no AND w.quota IS NOT NULL;
    RETURN loyalty.survey_refuse(s.survey_id, p_member_id, 'duplicate', p_scores, p_comment, p_channel, clock_timestamp());
  END IF;
  UPDATE loyalty.survey_invitation x SET answered_at = now() WHERE x.member_id = p_member_id AND x.survey_id = s.survey_id AND x.wave_no = i.wave_no;
  INSERT INTO loyalty.survey_delta (survey_id, what, on_day, score, tier, channel, region, invited_on, segments, campaigns)
  VALUES (s.survey_id, 'answer', r.answered_on, r.score, coalesce(r.tier_id::text, ''), r.channel, r.region, r.invited_on, r.segments, r.campaigns) RETURNING delta_no INTO v_no;
  PERFORM loyalty.case_survey_answered(s, r) WHERE r.about_case IS NOT NULL;
  PERFORM loyalty.survey_case(s, p_member_id, v_window, v_score, p_comment, p_channel);
  IF v_no % 64 = 0 THEN PERFORM loyalty.survey_fold(); END IF;
  PERFORM pg_notify('loyalty_survey', s.survey_id::text);
  RETURN 'taken';
END $$;

-- Takes the words and the region of an erased member out of the answers; they count on, as of no region.
CREATE FUNCTION loyalty.survey_forget(p_member_id bigint) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO loyalty.survey_delta (survey_id, what, on_day, score, tier, channel, region, invited_on, segments, campaigns, n)
  SELECT r.survey_id, 'answer', r.answered_on, r.score, coalesce(r.tier_id::text, ''), r.channel, x.region, r.invited_on, r.segments, r.campaigns, x.n
    FROM loyalty.survey_response r CROSS JOIN LATERAL (VALUES (r.region, -1), ('', 1)) x (region, n) WHERE r.member_id = p_member_id AND r.region <> '';
  UPDATE loyalty.survey_response r SET comment = '', region = '' WHERE r.member_id = p_member_id;
  UPDATE loyalty.survey_refusal f SET comment = '' WHERE f.member_id = p_member_id;
END $$;

-- Says that an answer is about something, or (p_is_on false) is not; said twice it is said once. Errors: LY001, LY002, LY004.
CREATE FUNCTION loyalty.survey_tag(p_member_id bigint, p_survey_id int, p_window_no int, p_tag text, p_is_on boolean) RETURNS text[] LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE r loyalty.survey_response; v_tags text[];
BEGIN
  PERFORM loyalty.case_worker();
  SELECT * INTO r FROM loyalty.survey_response x WHERE x.member_id = p_member_id AND x.survey_id = p_survey_id AND x.window_no = p_window_no FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'there is no such answer' USING ERRCODE = 'LY004'; END IF;
  v_tags := loyalty.case_tags_clean(CASE WHEN p_is_on THEN r.tags || p_tag ELSE array_remove(r.tags, lower(btrim(p_tag))) END);
  IF v_tags = r.tags THEN RETURN r.tags; END IF;
  UPDATE loyalty.survey_response x SET tags = v_tags WHERE x.member_id = r.member_id AND x.survey_id = r.survey_id AND x.window_no = r.window_no;
  INSERT INTO loyalty.survey_delta (survey_id, what, on_day, score, tag, n)
  VALUES (r.survey_id, 'tagged', r.answered_on, r.score, lower(btrim(p_tag)), CASE WHEN p_is_on THEN 1 ELSE -1 END);
  PERFORM loyalty.audit_write(p_member_id, CASE WHEN p_is_on THEN 'survey.tag' ELSE 'survey.untag' END, lower(btrim(p_tag)), NULL);
  PERFORM pg_notify('loyalty_survey', r.survey_id::text);
  RETURN v_tags;
END $$;

-- The words and the way an answer came by, made fit: none is '', a way that we do not know is 'other'.
CREATE FUNCTION loyalty.survey_words(p_comment text) RETURNS text LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF length(p_comment) > 10000 THEN
    RAISE EXCEPTION 'a comment has at most 10000 characters' USING ERRCODE = 'LY002';
  END IF;
  RETURN coalesce(btrim(p_comment, E' \t\r\n'), '');
END $$;
CREATE FUNCTION loyalty.survey_channel(p_channel text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN p_channel IN ('web', 'email', 'sms', 'app', 'phone', 'store') THEN p_channel ELSE 'other' END $$;

-- For the web page behind a link: what to ask. state: open, answered, ended or unknown.
CREATE FUNCTION loyalty.survey_look(p_token text, OUT state text, OUT name text, OUT kind text, OUT questions text[], OUT lowest int, OUT highest int, OUT ends_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE t loyalty.survey_token; i loyalty.survey_invitation; s loyalty.survey;
BEGIN
  SELECT * INTO t FROM loyalty.survey_token x WHERE x.hash = loyalty.survey_token_hash(p_token);
  state := 'unknown';
  IF NOT FOUND THEN RETURN; END IF;
  SELECT * INTO i FROM loyalty.survey_invitation x WHERE x.member_id = t.member_id AND x.survey_id = t.survey_id AND x.wave_no = t.wave_no;
  SELECT * INTO s FROM loyalty.survey x WHERE x.survey_id = t.survey_id;
  state := CASE WHEN i.answered_at IS NOT NULL THEN 'answered' WHEN i.ends_at < now() OR loyalty.business_day() > s.closes_on THEN 'ended' ELSE 'open' END;
  name := s.name; kind := s.kind; questions := s.questions; lowest := s.lowest; highest := s.highest; ends_at := i.ends_at;
END $$;

-- For the web page behind a link: takes the answer, one score a question, or of surveys with one question that. ask: what to ask next, '' for nothing.
CREATE FUNCTION loyalty.survey_answer_all(p_token text, p_scores int[], p_comment text DEFAULT '', p_channel text DEFAULT 'web', OUT fate text, OUT ask text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE t loyalty.survey_token; i loyalty.survey_invitation; s loyalty.survey;
BEGIN
  SELECT * INTO t FROM loyalty.survey_token x WHERE x.hash = loyalty.survey_token_hash(p_token);
  ask := '';
  IF NOT FOUND THEN
    fate := loyalty.survey_refuse(0::smallint, NULL, 'unknown', p_scores, '', '', NULL);
    RETURN;
  END IF;
  SELECT * INTO s FROM loyalty.survey x WHERE x.survey_id = t.survey_id;
  SELECT * INTO i FROM loyalty.survey_invitation x WHERE x.member_id = t.member_id AND x.survey_id = t.survey_id AND x.wave_no = t.wave_no FOR UPDATE;
  fate := loyalty.survey_take(s, t.member_id, i, p_scores, loyalty.survey_words(p_comment), loyalty.survey_channel(p_channel));
  IF fate IN ('taken', 'known') AND coalesce(btrim(p_comment), '') = '' THEN
    ask := coalesce(loyalty.survey_follow_up(s, loyalty.survey_score(s, p_scores)), '');
  END IF;
END $$;
CREATE FUNCTION loyalty.survey_answer(p_token text, p_score int, p_comment text DEFAULT '', p_channel text DEFAULT 'web', OUT fate text, OUT ask text)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT * FROM loyalty.survey_answer_all(p_token, ARRAY[p_score], p_comment, p_channel) $$;

-- What a member said to us: an invitation that waits is answered with it. Errors: LY001, LY002, LY004.
CREATE FUNCTION loyalty.survey_answer_for(p_member_id bigint, p_code text, p_scores int[], p_comment text, p_channel text DEFAULT 'phone', OUT fate text, OUT ask text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE s loyalty.survey := loyalty.survey_of(p_code); i loyalty.survey_invitation;
BEGIN
  IF loyalty.caller_role() NOT IN ('support', 'manager', 'admin') THEN
    RAISE EXCEPTION 'your role does not take answers' USING ERRCODE = 'LY001';
  END IF;
  PERFORM FROM loyalty.member m WHERE m.member_id = p_member_id AND m.status IN ('active', 'blocked');
  IF NOT FOUND THEN RAISE EXCEPTION 'there is no such member' USING ERRCODE = 'LY004'; END IF;
  SELECT * INTO i FROM loyalty.survey_invitation x WHERE x.member_id = p_member_id AND x.survey_id = s.survey_id AND x.answered_at IS NULL AND x.ends_at >= now()
   ORDER BY x.wave_no DESC LIMIT 1 FOR UPDATE;
  fate := loyalty.survey_take(s, p_member_id, i, p_scores, loyalty.survey_words(p_comment), loyalty.survey_channel(p_channel));
  ask := '';
  IF fate IN ('taken', 'known') AND coalesce(btrim(p_comment), '') = '' THEN
    ask := coalesce(loyalty.survey_follow_up(s, loyalty.survey_score(s, p_scores)), '');
  END IF;
  IF fate = 'taken' THEN PERFORM loyalty.audit_write(p_member_id, 'survey.answer', s.code, NULL); END IF;
END $$;

-- Answers out of files, as imports are (0010_import.sql): read and checked by the program, staged, taken in chunks.
CREATE UNLOGGED TABLE loyalty.import_response (
  import_no bigint NOT NULL, line_no bigint NOT NULL, survey text COLLATE "C", member text COLLATE "C", token text COLLATE "C",
  scores int[] NOT NULL, comment text, channel text, said_at text NOT NULL, by_login name NOT NULL DEFAULT session_user,
  -- what is found out about the line while it is taken
  survey_id smallint, member_id bigint, wave_no int, invited_at timestamptz, window_no int, score smallint, answered_at timestamptz, answered_on date, verdict text,
  CONSTRAINT import_response_pk PRIMARY KEY (import_no, line_no));
SELECT dist.distribute('loyalty.import_response', 'import_no', 'loyalty.import_event');

-- Finds out of each line whose it is, of which survey and window, and what is wrong with it by itself.
CREATE FUNCTION loyalty.import_responses_find(p_import_no bigint, p_from bigint, p_to bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_zone text := loyalty.survey_zone();
BEGIN
  UPDATE loyalty.import_response x
     SET survey_id = f.survey_id, member_id = f.member_id, wave_no = f.wave_no, invited_at = f.invited_at, answered_at = f.answered_at, answered_on = f.day,
         window_no = (f.day - f.opens_on) / f.window_days, score = f.score, comment = loyalty.survey_words(x.comment), channel = loyalty.survey_channel(x.channel),
         verdict = CASE WHEN f.survey_id IS NULL THEN CASE WHEN x.token IS NULL THEN 'no survey' ELSE 'unknown' END WHEN f.member_id IS NULL THEN 'no member'
                        WHEN f.answered_at > now() THEN 'future' WHEN f.score < 0 THEN 'out_of_range' WHEN f.score IS NULL THEN 'partial'
                        WHEN f.day < f.opens_on OR f.day > f.closes_on OR f.answered_at > f.ends_at THEN 'late' END
    FROM (SELECT y.line_no, s.survey_id, s.opens_on, s.closes_on, s.window_days, y.answered_at, (y.answered_at AT TIME ZONE v_zone)::date AS day,
                 loyalty.survey_score(s, y.scores) AS score, coalesce(t.member_id, m.member_id) AS member_id, i.wave_no, i.invited_at, i.ends_at
            FROM (SELECT z.line_no, z.survey, z.member, z.token, z.scores,    -- without a zone it is the programme's
                         CASE WHEN substr(z.said_at, 11) ~ '(Z|[+-][0-9:]+)$' THEN z.said_at::timestamptz ELSE z.said_at::timestamp AT TIME ZONE v_zone END AS answered_at
                    FROM loyalty.import_response z WHERE z.import_no = p_import_no AND z.line_no BETWEEN p_from AND p_to) y
            LEFT JOIN loyalty.survey_token t ON y.token IS NOT NULL AND t.hash = loyalty.survey_token_hash(y.token)
            LEFT JOIN loyalty.member_identifier m ON y.token IS NULL AND m.kind = 'number' AND m.value = y.member
            LEFT JOIN loyalty.survey s ON s.survey_id = t.survey_id OR (y.token IS NULL AND s.code = y.survey)
            LEFT JOIN loyalty.survey_invitation i ON i.member_id = t.member_id AND i.survey_id = t.survey_id AND i.wave_no = t.wave_no
         ) f
   WHERE x.import_no = p_import_no AND x.line_no = f.line_no;
END $$;

-- The tier a member had on a day, of the programme's first ladder.
CREATE FUNCTION loyalty.survey_tier(p_member_id bigint, p_day date) RETURNS smallint LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce((SELECT t.tier_id FROM loyalty.member_tier t JOIN loyalty.standing s USING (member_id) JOIN loyalty.tier x ON x.tier_id = s.tier_id
                    WHERE t.member_id = p_member_id AND t.ladder_id = x.ladder_id AND t.since <= p_day ORDER BY t.change_no DESC LIMIT 1),
                  (SELECT t.was_tier_id FROM loyalty.member_tier t JOIN loyalty.standing s USING (member_id) JOIN loyalty.tier x ON x.tier_id = s.tier_id
                    WHERE t.member_id = p_member_id AND t.ladder_id = x.ladder_id AND t.was_tier_id > 0 ORDER BY t.change_no LIMIT 1),
                  (SELECT s.tier_id FROM loyalty.standing s WHERE s.member_id = p_member_id)) $$;

-- Chooses those that can be taken: nothing is wrong with them, and of a member and window it is the earliest, with nothing there already.
CREATE FUNCTION loyalty.import_responses_choose(p_import_no bigint, p_from bigint, p_to bigint) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_chosen bigint;
BEGIN
  UPDATE loyalty.import_response x SET verdict = 'taken'
    FROM (SELECT y.line_no, row_number() OVER (PARTITION BY y.member_id, y.survey_id, y.window_no ORDER BY y.answered_at, y.line_no) AS nth
            FROM loyalty.import_response y
           WHERE y.import_no = p_import_no AND y.line_no BETWEEN p_from AND p_to AND y.verdict IS NULL
             AND NOT EXISTS (SELECT FROM loyalty.survey_response r WHERE r.member_id = y.member_id AND r.survey_id = y.survey_id AND r.window_no = y.window_no)
             AND NOT EXISTS (SELECT FROM loyalty.survey_invitation i WHERE i.member_id = y.member_id AND i.survey_id = y.survey_id AND i.wave_no = y.wave_no
                                AND i.answered_at IS NOT NULL)) f
   WHERE x.import_no = p_import_no AND x.line_no = f.line_no AND f.nth = 1;
  GET DIAGNOSTICS v_chosen = ROW_COUNT;
  RETURN v_chosen;
END $$;

-- Writes the chosen down. An answer that comes in between is met at the unique key: what was written is undone, and chosen anew.
CREATE FUNCTION loyalty.import_responses_write(p_import_no bigint, p_from bigint, p_to bigint) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_zone text := loyalty.survey_zone(); v_taken bigint;
BEGIN
  LOOP
    v_taken := loyalty.import_responses_choose(p_import_no, p_from, p_to);
    BEGIN
      INSERT INTO loyalty.survey_response (member_id, survey_id, window_no, score, scores, comment, channel, answered_at, answered_on, tier_id, region, wave_no, invited_on,
        about_case, segments, campaigns)
      SELECT x.member_id, x.survey_id, x.window_no, x.score, CASE WHEN cardinality(x.scores) > 1 THEN x.scores END, x.comment, x.channel, x.answered_at, x.answered_on,
             loyalty.survey_tier(x.member_id, x.answered_on), m.city, x.wave_no, (x.invited_at AT TIME ZONE v_zone)::date, i.case_no,
             coalesce(i.segments, '{}'), loyalty.survey_campaigns(x.member_id, x.answered_on)
        FROM loyalty.import_response x JOIN loyalty.member m USING (member_id)
        LEFT JOIN loyalty.survey_invitation i ON i.member_id = x.member_id AND i.survey_id = x.survey_id AND i.wave_no = x.wave_no
       WHERE x.import_no = p_import_no AND x.line_no BETWEEN p_from AND p_to AND x.verdict = 'taken' ORDER BY x.answered_at;
      EXIT;
    EXCEPTION WHEN unique_violation THEN
      UPDATE loyalty.import_response x SET verdict = NULL WHERE x.import_no = p_import_no AND x.line_no BETWEEN p_from AND p_to AND x.verdict = 'taken';
    END;
  END LOOP;
  INSERT INTO loyalty.survey_delta (survey_id, what, on_day, score, tier, channel, region, invited_on, segments, campaigns, n)
  SELECT r.survey_id, 'answer', r.answered_on, r.score, coalesce(r.tier_id::text, ''), r.channel, r.region, r.invited_on, r.segments, r.campaigns, count(*)
    FROM loyalty.import_response x JOIN loyalty.survey_response r USING (member_id, survey_id, window_no)
   WHERE x.import_no = p_import_no AND x.line_no BETWEEN p_from AND p_to AND x.verdict = 'taken' GROUP BY 1, 3, 4, 5, 6, 7, 8, 9, 10;
  UPDATE loyalty.survey_invitation i SET answered_at = x.answered_at FROM loyalty.import_response x
   WHERE x.import_no = p_import_no AND x.line_no BETWEEN p_from AND p_to AND x.verdict = 'taken' AND x.wave_no IS NOT NULL
     AND i.member_id = x.member_id AND i.survey_id = x.survey_id AND i.wave_no = x.wave_no;
  RETURN v_taken;
END $$;

-- Takes lines p_from..p_to of staged answers. Of a survey with a quota no more are taken than its live answers may be: a file comes after the fact.
CREATE FUNCTION loyalty.import_responses(p_import_no bigint, p_from bigint, p_to bigint, OUT taken bigint, OUT known bigint, OUT rejected bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE x record;
BEGIN
  PERFORM loyalty.import_check(p_import_no);
  PERFORM loyalty.import_own(p_import_no, (SELECT count(*) FROM loyalty.import_response s
    WHERE s.import_no = p_import_no AND s.line_no BETWEEN p_from AND p_to AND s.by_login <> session_user));
  PERFORM loyalty.import_responses_find(p_import_no, p_from, p_to);
  taken := loyalty.import_responses_write(p_import_no, p_from, p_to);
  UPDATE loyalty.import_response s SET verdict = CASE WHEN EXISTS (
      SELECT FROM loyalty.survey_response r WHERE r.member_id = s.member_id AND r.survey_id = s.survey_id AND r.window_no = s.window_no
         AND r.score = s.score AND r.comment = s.comment AND r.answered_at = s.answered_at) THEN 'known' ELSE 'duplicate' END
   WHERE s.import_no = p_import_no AND s.line_no BETWEEN p_from AND p_to AND s.verdict IS NULL;
  GET DIAGNOSTICS known = ROW_COUNT;
  WITH kept AS (
    INSERT INTO loyalty.survey_refusal (member_id, survey_id, reason, said_at, scores, comment, channel, noted_on)
    SELECT s.member_id, s.survey_id, s.verdict, s.answered_at, s.scores, s.comment, s.channel, loyalty.business_day() FROM loyalty.import_response s
     WHERE s.import_no = p_import_no AND s.line_no BETWEEN p_from AND p_to AND s.verdict IN ('out_of_range', 'partial', 'late', 'duplicate')
    ON CONFLICT DO NOTHING RETURNING survey_id, reason, noted_on)
  INSERT INTO loyalty.survey_delta (survey_id, what, on_day, reason, n) SELECT k.survey_id, 'refused', k.noted_on, k.reason, count(*) FROM kept k GROUP BY 1, 3, 4;
  INSERT INTO loyalty.import_reject (import_no, line_no, reason)
  SELECT s.import_no, s.line_no, CASE s.verdict WHEN 'no survey' THEN format('survey: there is no survey %s', s.survey) WHEN 'unknown' THEN 'token: nobody was given it'
           WHEN 'no member' THEN format('member: there is no member %s', s.member) WHEN 'future' THEN format('answered_at: %s has not come yet', s.answered_at)
           WHEN 'out_of_range' THEN format('score: %s is none of the survey''s', array_to_string(s.scores, '|')) WHEN 'partial' THEN 'score: not all questions are answered'
           WHEN 'late' THEN 'answered_at: the survey or the link was not open then' ELSE 'member: answered otherwise in the same window' END
    FROM loyalty.import_response s WHERE s.import_no = p_import_no AND s.line_no BETWEEN p_from AND p_to AND s.verdict NOT IN ('taken', 'known');
  GET DIAGNOSTICS rejected = ROW_COUNT;
  known := known - (SELECT count(*) FROM loyalty.import_response s WHERE s.import_no = p_import_no AND s.line_no BETWEEN p_from AND p_to AND s.verdict = 'duplicate');
  FOR x IN SELECT s.member_id, s.window_no, s.score, s.comment, s.channel, v AS made FROM loyalty.import_response s JOIN loyalty.survey v USING (survey_id)
            WHERE s.import_no = p_import_no AND s.line_no BETWEEN p_from AND p_to AND s.verdict = 'taken' AND s.score <= v.case_at_most
              AND s.answered_at > now() - interval '7 days' ORDER BY s.member_id LOOP
    PERFORM loyalty.survey_case(x.made, x.member_id, x.window_no, x.score, x.comment, x.channel);
  END LOOP;
  DELETE FROM loyalty.import_response s WHERE s.import_no = p_import_no AND s.line_no BETWEEN p_from AND p_to;
  UPDATE loyalty.import i SET taken = i.taken + import_responses.taken, known = i.known + import_responses.known,
         rejected = i.rejected + import_responses.rejected WHERE i.import_no = p_import_no;
  PERFORM loyalty.survey_fold();
  PERFORM pg_notify('loyalty_survey', '');
END $$;

-- The case of an answer, which a person opens; the same again is the same case. Errors: LY001, LY004.
CREATE FUNCTION loyalty.survey_case_open(p_member_id bigint, p_survey_id int, p_window_no int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE s loyalty.survey; r loyalty.survey_response;
BEGIN
  PERFORM loyalty.case_worker();
  SELECT * INTO r FROM loyalty.survey_response x WHERE x.member_id = p_member_id AND x.survey_id = p_survey_id AND x.window_no = p_window_no;
  IF NOT FOUND THEN RAISE EXCEPTION 'there is no such answer' USING ERRCODE = 'LY004'; END IF;
  IF r.case_no IS NOT NULL THEN RETURN r.case_no; END IF;
  SELECT * INTO s FROM loyalty.survey x WHERE x.survey_id = p_survey_id;
  s.case_at_most := r.score; s.case_owner := NULL;
  r.case_no := loyalty.survey_case(s, r.member_id, r.window_no, r.score, r.comment, r.channel);
  IF r.case_no IS NULL THEN
    RAISE EXCEPTION 'the case was not opened' USING ERRCODE = 'LY002', HINT = 'the log of the server tells why';
  END IF;
  RETURN r.case_no;
END $$;

-- Comments as words between blanks: small letters, no marks of Arabic, no apostrophes; # where one sentence or thought ends and another begins, which is at
-- all other signs, at control characters and at Japanese endings (hiragana). A long run of Chinese characters is taken one by one.
CREATE FUNCTION loyalty.survey_text(p_comment text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT regexp_replace(regexp_replace(regexp_replace(lower(normalize(p_comment, NFKC)), '[''`\u2018\u2019\u02BC\u0640\u064B-\u0652\u0307]', '', 'g'),
    '[\u0001-\u0008\u000E-\u001F!-/:-@\[-`{-\u009F\u00A1-\u00BF\u00D7\u00F7\u060C\u061B\u061F\u06D4\u200B-\u206F\u2190-\u2BFF\u3001-\u3004\u3008-\u3030\u3041-\u309F\u30FB\uFE00-\uFE0F\uFFF9-\uFFFD]+',
    ' # ', 'g'), '([\u4E00-\u9FFF])(?=[\u4E00-\u9FFF]{4})|(?<=[\u4E00-\u9FFF]{4})([\u4E00-\u9FFF])', ' \1\2 ', 'g') $$;

-- Words of a language that say nothing by themselves, as PostgreSQL's dictionaries have them; for Arabic, of which they have none, the most frequent.
CREATE FUNCTION loyalty.survey_is_filler(p_word text, p_language text) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT p_word ~ '^([0-9]+|.)$' OR ts_lexize('pg_catalog.english_stem', p_word) = '{}' OR coalesce(ts_lexize((SELECT d::regdictionary
      FROM (VALUES ('da', 'danish_stem'), ('de', 'german_stem'), ('es', 'spanish_stem'), ('fi', 'finnish_stem'), ('fr', 'french_stem'), ('hu', 'hungarian_stem'),
            ('it', 'italian_stem'), ('nb', 'norwegian_stem'), ('nl', 'dutch_stem'), ('no', 'norwegian_stem'), ('pt', 'portuguese_stem'), ('ru', 'russian_stem'),
            ('sv', 'swedish_stem'), ('tr', 'turkish_stem')) x (code, d) WHERE x.code = left(lower(p_language), 2)), p_word) = '{}', false)
    OR p_word = ANY ('{في,من,على,إلى,الى,عن,مع,هذا,هذه,كان,كانت,لا,ما,لم,لن,أن,ان,إن,هو,هي,أنا,انا,كل,قد,و,أو,او,ثم,التي,الذي,بعد,قبل,جدا}') $$;

-- What members say in a class of scores, in words that stand side by side: one to three of them, in at least two answers, those first that are more common
-- there than in the other answers. A part of a longer phrase is left out where it hardly stands without it. answers: that say it; share: of those
-- with words, per cent; others: of those of other scores. Of the newest 1,000 comments of each, so that it takes no longer with more.
CREATE FUNCTION loyalty.survey_phrases(p_survey_id int, p_least int, p_most int, p_from date, p_to date, p_rows int)
RETURNS TABLE (phrase text, answers bigint, share numeric, others numeric) LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH said AS MATERIALIZED (
    SELECT row_number() OVER () AS id, x.is_meant, x.comment, m.language FROM (
      (SELECT true AS is_meant, r.member_id, r.comment FROM loyalty.survey_response r WHERE r.survey_id = p_survey_id AND r.score BETWEEN p_least AND p_most AND r.comment <> ''
          AND (p_from IS NULL OR r.answered_on >= p_from) AND (p_to IS NULL OR r.answered_on < p_to) ORDER BY r.answered_at DESC LIMIT 1000)
      UNION ALL
      (SELECT false, r.member_id, r.comment FROM loyalty.survey_response r WHERE r.survey_id = p_survey_id AND r.score NOT BETWEEN p_least AND p_most AND r.comment <> ''
          AND (p_from IS NULL OR r.answered_on >= p_from) AND (p_to IS NULL OR r.answered_on < p_to) ORDER BY r.answered_at DESC LIMIT 1000)) x
      JOIN loyalty.member m USING (member_id)),
  word AS MATERIALIZED (
    SELECT s.id, s.is_meant, s.language, w.place, w.word FROM said s CROSS JOIN LATERAL regexp_split_to_table(loyalty.survey_text(s.comment), '\s+') WITH ORDINALITY w (word, place)
     WHERE w.word <> ''),
  known AS MATERIALIZED (
    SELECT d.word, d.language, loyalty.fold(d.word) AS key, d.word = '#' OR length(d.word) > 40 AS is_end, loyalty.survey_is_filler(d.word, d.language) AS is_filler
      FROM (SELECT DISTINCT w.word, w.language FROM word w) d),
  side AS (
    SELECT w.id, w.is_meant, w.word AS w1, k.key AS k1, k.is_end AS e1, k.is_filler AS f1, lead(w.word) OVER p AS w2, lead(k.key) OVER p AS k2, lead(k.is_end) OVER p AS e2,
           lead(k.is_filler) OVER p AS f2, lead(w.word, 2) OVER p AS w3, lead(k.key, 2) OVER p AS k3, lead(k.is_end, 2) OVER p AS e3, lead(k.is_filler, 2) OVER p AS f3
      FROM word w JOIN known k USING (word, language) WINDOW p AS (PARTITION BY w.id ORDER BY w.place)),
  gram AS (
    SELECT s.id, s.is_meant, g.words, g.key FROM side s CROSS JOIN LATERAL (VALUES (s.w1, s.k1, true), (s.w1 || ' ' || s.w2, s.k1 || ' ' || s.k2, NOT (s.e2 OR s.f2)),
      (s.w1 || ' ' || s.w2 || ' ' || s.w3, s.k1 || ' ' || s.k2 || ' ' || s.k3, NOT (s.e2 OR s.e3 OR s.f3))) g (words, key, is_good)
     WHERE g.is_good AND NOT (s.e1 OR s.f1)),
  counted AS MATERIALIZED (
    SELECT g.key, mode() WITHIN GROUP (ORDER BY g.words) AS words, count(DISTINCT g.id) FILTER (WHERE g.is_meant) AS n,
           count(DISTINCT g.id) FILTER (WHERE NOT g.is_meant) AS other FROM gram g GROUP BY g.key),
  whole AS (SELECT count(*) FILTER (WHERE s.is_meant) AS n, nullif(count(*) FILTER (WHERE NOT s.is_meant), 0) AS other FROM said s),
  often AS MATERIALIZED (SELECT c.*, 100.0 * c.n / w.n AS share, coalesce(100.0 * c.other / w.other, 0) AS others FROM counted c, whole w WHERE c.n >= 2
                          ORDER BY c.n DESC, c.key LIMIT 400)
  SELECT regexp_replace(o.words, '([\u4E00-\u9FFF]) (?=[\u4E00-\u9FFF])', '\1', 'g'), o.n, round(o.share, 1), round(o.others, 1) FROM often o
   WHERE NOT EXISTS (SELECT FROM often l WHERE l.key <> o.key AND strpos(' ' || l.key || ' ', ' ' || o.key || ' ') > 0 AND l.n >= 0.8 * o.n)
   ORDER BY o.share - o.others DESC, o.n DESC, o.key LIMIT p_rows $$;

-- Figures are for whoever steers; words and names for whoever may see members; a web page may ask and answer by token alone.
GRANT SELECT ON loyalty.survey, loyalty.survey_wave TO loyalty_support, loyalty_marketing, loyalty_manager, loyalty_admin;
GRANT SELECT ON loyalty.survey TO loyalty_worker;    -- campaigns name them
GRANT SELECT ON loyalty.survey_day, loyalty.survey_delta, loyalty.survey_count TO loyalty_marketing, loyalty_manager, loyalty_admin;
GRANT SELECT ON loyalty.survey_response, loyalty.survey_refusal TO loyalty_support, loyalty_manager, loyalty_admin;
GRANT EXECUTE ON FUNCTION loyalty.survey_cells(loyalty.survey_delta), loyalty.survey_create(jsonb), loyalty.survey_close(text, date),
  loyalty.survey_invite(text, numeric, text, boolean, bigint[], bigint), loyalty.survey_preview(text, numeric, boolean, bigint[]),
  loyalty.survey_invited_in(text, text, bigint[]), loyalty.survey_invite_again(text, int)
  TO loyalty_marketing, loyalty_manager, loyalty_admin;
GRANT EXECUTE ON FUNCTION loyalty.survey_answer_for(bigint, text, int[], text, text), loyalty.survey_case_open(bigint, int, int), loyalty.survey_zone(),
  loyalty.survey_phrases(int, int, int, date, date, int), loyalty.survey_text(text), loyalty.survey_is_filler(text, text),
  loyalty.survey_tag(bigint, int, int, text, boolean),
  loyalty.survey_class(loyalty.survey, int) TO loyalty_support, loyalty_manager, loyalty_admin;
GRANT EXECUTE ON FUNCTION loyalty.survey_broken(), loyalty.survey_fold() TO loyalty_manager, loyalty_admin, loyalty_worker;
GRANT EXECUTE ON FUNCTION loyalty.survey_look(text), loyalty.survey_answer_all(text, int[], text, text), loyalty.survey_answer(text, int, text, text) TO loyalty_web;
GRANT EXECUTE ON FUNCTION loyalty.import_start(text, text), loyalty.import_finish(bigint), loyalty.import_responses(bigint, bigint, bigint)
  TO loyalty_manager, loyalty_admin;
GRANT INSERT (import_no, line_no, survey, member, token, scores, comment, channel, said_at) ON loyalty.import_response TO loyalty_manager, loyalty_admin;
GRANT SELECT ON loyalty.import_reject TO loyalty_manager;
