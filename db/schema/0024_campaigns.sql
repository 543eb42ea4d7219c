-- Campaigns: surprise rewards by chance, within a budget, with a hold-out, and re-derivable by anyone once the seed is shown.
--
-- What a campaign is stands in documents, one a revision: written by marketing, approved by a manager or administrator who neither wrote
-- nor submitted it. The approved revision runs on until the next one is approved. The way of a campaign:
--
--   draft -> scheduled -> running -> ended     draft: no revision is approved yet; scheduled, running: the worker moves it by its days
--                  \  <-> paused /             paused: by a person, or by itself at the end of budget or stock, or when it does harm
--
-- What happens is decided by the worker, under advisory lock 12, in the order of decision_no: a row for each instance of the trigger,
-- won or not, so that the whole history can be decided once more and compared. Budget, stock and the event that gives the prize
-- change in the transaction that writes the decision; the checks below keep a budget from being exceeded whoever posts.
-- Errors: LY001 not your right, LY002 not possible, LY004 no such campaign, LY010 in another state, LY012 needs another person,
-- LY013 not the document that was shown.
CREATE TABLE loyalty.campaign (
  campaign_no int NOT NULL, code text COLLATE "C" NOT NULL, name text NOT NULL,
  state text NOT NULL DEFAULT 'draft', why text NOT NULL DEFAULT '',       -- why it was paused or ended
  moved_by name NOT NULL DEFAULT session_user, moved_at timestamptz NOT NULL DEFAULT now(),
  revision_no int, last_revision_no int NOT NULL DEFAULT 1,                -- in force; written so far
  seed_sha256 bytea,                     -- since its first approval: of the seed, which is shown when the campaign has ended
  currency_id smallint,                  -- of its points, in whose units these are
  budget_points bigint, budget_minor bigint,                               -- of the revision in force; NULL: no limit
  spent_points bigint NOT NULL DEFAULT 0, spent_minor bigint NOT NULL DEFAULT 0,
  decisions bigint NOT NULL DEFAULT 0, grants bigint NOT NULL DEFAULT 0,
  ran_to date, at_member bigint NOT NULL DEFAULT 0, passed_at timestamptz NOT NULL DEFAULT '-infinity',   -- how far the worker has come
  CONSTRAINT campaign_pk PRIMARY KEY (campaign_no), CONSTRAINT campaign_code_uq UNIQUE (code),
  CONSTRAINT campaign_state_ck CHECK (state IN ('draft', 'scheduled', 'running', 'paused', 'ended')),
  CONSTRAINT campaign_points_ck CHECK (spent_points BETWEEN 0 AND coalesce(budget_points, spent_points)),
  CONSTRAINT campaign_minor_ck CHECK (spent_minor BETWEEN 0 AND coalesce(budget_minor, spent_minor)));
SELECT dist.reference('loyalty.campaign');

CREATE TABLE loyalty.campaign_revision (
  campaign_no int NOT NULL, revision_no int NOT NULL,
  document text NOT NULL, sha256 bytea NOT NULL,
  projection jsonb NOT NULL,             -- what the database has to know of the document; the approver's program makes it again
  state text NOT NULL DEFAULT 'draft', author name NOT NULL DEFAULT session_user, written_at timestamptz NOT NULL DEFAULT now(),
  submitter name, submitted_at timestamptz,
  refusal text,                          -- why it was last sent back; until it is submitted again
  approver name, approved_at timestamptz,
  CONSTRAINT campaign_revision_pk PRIMARY KEY (campaign_no, revision_no),
  CONSTRAINT campaign_revision_other_ck CHECK (approver <> author AND approver <> submitter),
  CONSTRAINT campaign_revision_state_ck CHECK (state IN ('draft', 'submitted', 'approved', 'replaced')));
SELECT dist.reference('loyalty.campaign_revision');
ALTER TABLE loyalty.campaign_revision ADD CONSTRAINT campaign_revision_campaign_fk FOREIGN KEY (campaign_no) REFERENCES loyalty.campaign;

-- The prizes of the revision in force, and how many of each were given by all revisions.
CREATE TABLE loyalty.campaign_prize (
  campaign_no int NOT NULL, prize text COLLATE "C" NOT NULL, stock bigint,  -- NULL: no limit
  given bigint NOT NULL DEFAULT 0,
  CONSTRAINT campaign_prize_pk PRIMARY KEY (campaign_no, prize),
  CONSTRAINT campaign_prize_stock_ck CHECK (given BETWEEN 0 AND coalesce(stock, given)));
SELECT dist.reference('loyalty.campaign_prize');
ALTER TABLE loyalty.campaign_prize ADD CONSTRAINT campaign_prize_campaign_fk FOREIGN KEY (campaign_no) REFERENCES loyalty.campaign;

-- What a campaign did on each business day.
CREATE TABLE loyalty.campaign_day (
  campaign_no int NOT NULL, day date NOT NULL, decisions bigint NOT NULL, grants bigint NOT NULL, points bigint NOT NULL, minor bigint NOT NULL,
  CONSTRAINT campaign_day_pk PRIMARY KEY (campaign_no, day)) WITH (fillfactor = 70);
SELECT dist.reference('loyalty.campaign_day');
ALTER TABLE loyalty.campaign_day ADD CONSTRAINT campaign_day_campaign_fk FOREIGN KEY (campaign_no) REFERENCES loyalty.campaign;

-- The secrets of the draws; campaign 0: that of the universal hold-out. Staff read none before the end, see campaign_seed_shown().
CREATE TABLE loyalty.campaign_seed (
  campaign_no int NOT NULL, seed bytea NOT NULL,
  CONSTRAINT campaign_seed_pk PRIMARY KEY (campaign_no), CONSTRAINT campaign_seed_ck CHECK (length(seed) = 32));
SELECT dist.reference('loyalty.campaign_seed');

-- Two of the server's strong random uuids have 244 random bits.
CREATE FUNCTION loyalty.seed_draw() RETURNS bytea LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS
$$ SELECT sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())) $$;
INSERT INTO loyalty.campaign_seed SELECT 0, loyalty.seed_draw();

-- What holds for all campaigns together.
CREATE TABLE loyalty.campaign_policy (
  policy_id smallint NOT NULL DEFAULT 1,
  cooldown_days int NOT NULL DEFAULT 7,  -- a member whom any campaign gave something gets nothing for so long
  hold_out_ppm int NOT NULL DEFAULT 0,   -- members, in parts per million, whom no campaign ever gives anything
  CONSTRAINT campaign_policy_pk PRIMARY KEY (policy_id), CONSTRAINT campaign_policy_one_ck CHECK (policy_id = 1),
  CONSTRAINT campaign_policy_range_ck CHECK (cooldown_days BETWEEN 0 AND 3660 AND hold_out_ppm BETWEEN 0 AND 500000));
SELECT dist.reference('loyalty.campaign_policy');
INSERT INTO loyalty.campaign_policy DEFAULT VALUES;

-- Every decision: what happened to a member at an instance of the trigger. Only ever added to.
-- outcome: prize; none (the draw said no); hold_out; limit, cooldown, budget, stock: what was drawn could not be given.
CREATE SEQUENCE loyalty.campaign_decision_seq AS bigint;
CREATE TABLE loyalty.campaign_grant (
  member_id bigint NOT NULL, campaign_no int NOT NULL,
  instance bigint NOT NULL,              -- of the trigger: a year, an event, a case ... (the functions due_*)
  decision_no bigint NOT NULL, revision_no int NOT NULL,
  on_day date NOT NULL,                  -- of the instance
  granted_on date NOT NULL, decided_at timestamptz NOT NULL DEFAULT now(),   -- granted_on: the business day of the decision
  ticket int NOT NULL,                   -- 0 to 999999, see campaign_ticket()
  outcome text NOT NULL, drawn text, prize text,               -- drawn: by the ticket; prize: given, that or its consolation
  points bigint NOT NULL DEFAULT 0, minor bigint NOT NULL DEFAULT 0,         -- what it costs the budgets
  seq bigint,                            -- the event that gives it
  CONSTRAINT campaign_grant_pk PRIMARY KEY (member_id, campaign_no, instance),
  CONSTRAINT campaign_grant_ticket_ck CHECK (ticket BETWEEN 0 AND 999999),
  CONSTRAINT campaign_grant_outcome_ck CHECK (outcome IN ('prize', 'none', 'hold_out', 'limit', 'cooldown', 'budget', 'stock')),
  CONSTRAINT campaign_grant_prize_ck CHECK ((outcome = 'prize') = (prize IS NOT NULL) AND (outcome = 'prize') = (seq IS NOT NULL)));
SELECT dist.distribute('loyalty.campaign_grant', 'member_id', 'loyalty.member');
CREATE INDEX campaign_grant_decision ON loyalty.campaign_grant (campaign_no, decision_no);

-- Instances by hand: for one member, or (member 0) for everybody in the audience.
CREATE SEQUENCE loyalty.campaign_call_seq AS bigint;
CREATE TABLE loyalty.campaign_call (
  member_id bigint NOT NULL, campaign_no int NOT NULL, call_no bigint NOT NULL DEFAULT nextval('loyalty.campaign_call_seq'),
  called_on date NOT NULL, called_by name NOT NULL DEFAULT session_user, called_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT campaign_call_pk PRIMARY KEY (member_id, campaign_no, call_no));
SELECT dist.distribute('loyalty.campaign_call', 'member_id', 'loyalty.member');
CREATE INDEX campaign_call_day ON loyalty.campaign_call (campaign_no, called_on);

-- The life of a campaign.

CREATE FUNCTION loyalty.campaign_told(p_campaign int, p_action text, p_changed jsonb) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM loyalty.audit_write(0, 'campaign.' || p_action, p_campaign::text, p_changed);
  PERFORM pg_notify('loyalty_campaign', p_campaign::text);
END $$;

CREATE FUNCTION loyalty.campaign_may(p_roles text[], p_what text) RETURNS void LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF loyalty.caller_role() <> ALL (p_roles) THEN
    RAISE EXCEPTION 'your role (%) does not % campaigns', loyalty.caller_role(), p_what USING ERRCODE = 'LY001';
  END IF;
END $$;

-- The campaign, locked: the worker's piece under way is over then, and the next one sees what was changed.
CREATE FUNCTION loyalty.campaign_lock(p_campaign int) RETURNS loyalty.campaign LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE c loyalty.campaign;
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN   -- an older view would not see what was given meanwhile
    RAISE EXCEPTION 'campaigns change in a read committed transaction' USING ERRCODE = 'LY002';
  END IF;
  SELECT * INTO c FROM loyalty.campaign x WHERE x.campaign_no = p_campaign FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no campaign %', p_campaign USING ERRCODE = 'LY004', HINT = 'loyalty campaign list shows them';
  END IF;
  RETURN c;
END $$;

-- Its newest revision in that state, with the document that was shown.
CREATE FUNCTION loyalty.campaign_revision_take(p_campaign int, p_state text, p_sha256 bytea) RETURNS loyalty.campaign_revision LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE c loyalty.campaign := loyalty.campaign_lock(p_campaign); r loyalty.campaign_revision;
BEGIN
  SELECT * INTO r FROM loyalty.campaign_revision x WHERE x.campaign_no = p_campaign AND x.revision_no = c.last_revision_no;
  IF c.state = 'ended' THEN
    RAISE EXCEPTION 'campaign % has ended', p_campaign USING ERRCODE = 'LY010', HINT = 'copy it: loyalty campaign copy';
  ELSIF r.state <> p_state THEN
    RAISE EXCEPTION 'revision % of campaign % is %, not %', r.revision_no, p_campaign, CASE r.state WHEN 'draft' THEN 'a draft' ELSE r.state END,
      CASE p_state WHEN 'draft' THEN 'a draft' ELSE p_state END USING ERRCODE = 'LY010',
      DETAIL = CASE r.state WHEN 'draft' THEN coalesce('refused: ' || r.refusal, format('%s has not submitted it yet', r.author))
                 WHEN 'submitted' THEN format('%s submitted it', r.submitter) ELSE format('%s approved it', r.approver) END,
      HINT = CASE r.state WHEN 'draft' THEN format('submit it first: loyalty campaign submit %s', p_campaign)
               WHEN 'submitted' THEN format('approve or refuse it first: loyalty campaign approve %s', p_campaign)
               ELSE 'load the changed document: it becomes a new revision' END;
  ELSIF r.sha256 <> p_sha256 THEN
    RAISE EXCEPTION 'campaign % is not the document that was shown', p_campaign USING ERRCODE = 'LY013', DETAIL = 'its author has changed it meanwhile',
      HINT = 'look at it again';
  END IF;
  RETURN r;
END $$;

-- Refuses (LY002) what the database can know to be wrong, as SETTING: REASON. The program checks the whole document. p_is_anybody: whether
-- anybody is in its audience, which its caller has looked up in the same statement.
CREATE FUNCTION loyalty.campaign_check(p_campaign loyalty.campaign, p jsonb, p_is_anybody boolean) RETURNS void LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE x jsonb; v_field text; v_why text;
BEGIN
  SELECT f, w INTO v_field, v_why FROM (VALUES
    ('audience', NOT coalesce(p_is_anybody, false), 'nobody is in it'),
    ('end', (p->>'ends_on')::date < greatest((p->>'starts_on')::date, loyalty.business_day()), 'it is over before it begins'),
    ('prizes', (SELECT sum((z->>'chance')::bigint) FROM jsonb_array_elements(p->'prizes') z) IS DISTINCT FROM 1000000, 'the chances do not come to 100 %'),
    ('currency', p->>'currency' IS NOT NULL AND NOT EXISTS (SELECT FROM loyalty.currency y WHERE y.code = p->>'currency'), 'there is no such currency'),
    ('currency', p_campaign.spent_points > 0 AND p->>'currency' IS DISTINCT FROM (SELECT y.code FROM loyalty.currency y WHERE y.currency_id = p_campaign.currency_id),
      'points of another currency have been given'),
    ('trigger.survey', p->>'survey' IS NOT NULL AND NOT EXISTS (SELECT FROM loyalty.survey y WHERE y.code = p->>'survey'), 'there is no such survey'),
    ('budget.points', (p->>'budget_points')::bigint < (SELECT max((z->>'points')::bigint) FROM jsonb_array_elements(p->'prizes') z), 'is less than one prize'),
    ('budget.money', (p->>'budget_minor')::bigint < (SELECT max((z->>'minor')::bigint) FROM jsonb_array_elements(p->'prizes') z), 'is less than one prize'),
    ('budget.points', (p->>'budget_points')::bigint < p_campaign.spent_points, 'more has been spent'),
    ('budget.money', (p->>'budget_minor')::bigint < p_campaign.spent_minor, 'more has been spent')) t (f, is_wrong, w) WHERE is_wrong LIMIT 1;
  FOR x IN SELECT z FROM jsonb_array_elements(p->'prizes') z LOOP
    IF x->>'kind' = 'reward' AND NOT EXISTS (SELECT FROM loyalty.reward w WHERE w.code = x->>'object' AND w.offered AND w.kind <> 'partner_transfer') THEN
      v_field := 'prizes.' || (x->>'code') || '.reward'; v_why := format('no reward %s is offered', x->>'object');
    ELSIF x->>'kind' = 'tier' AND NOT EXISTS (SELECT FROM loyalty.tier t JOIN loyalty.ladder l USING (ladder_id)
                                               WHERE l.code = x->>'object' AND t.code = x->>'tier') THEN
      v_field := 'prizes.' || (x->>'code') || '.tier'; v_why := format('there is no tier %s of %s', x->>'tier', x->>'object');
    ELSIF (x->>'stock')::bigint < (SELECT z.given FROM loyalty.campaign_prize z WHERE z.campaign_no = p_campaign.campaign_no AND z.prize = x->>'code') THEN
      v_field := 'prizes.' || (x->>'code') || '.stock'; v_why := 'more have been given';
    END IF;
  END LOOP;
  IF v_why IS NOT NULL THEN
    RAISE EXCEPTION '%: %', v_field, v_why USING ERRCODE = 'LY002', HINT = 'change the document and load it again';
  END IF;
END $$;

-- Puts a document in: a new campaign, a new revision of one, or the caller's own draft of that rewritten. Answers the campaign's number.
CREATE FUNCTION loyalty.campaign_save(p_code text, p_document text, p_projection jsonb) RETURNS int LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE c loyalty.campaign; r loyalty.campaign_revision; v_no int; v_sha bytea := sha256(convert_to(p_document, 'UTF8'));
BEGIN
  PERFORM loyalty.campaign_may('{marketing,admin}', 'write');
  LOCK TABLE loyalty.campaign_revision IN SHARE ROW EXCLUSIVE MODE;
  SELECT x.campaign_no INTO v_no FROM loyalty.campaign x WHERE x.code = p_code;
  IF NOT FOUND THEN
    SELECT coalesce(max(x.campaign_no), 0) + 1 INTO v_no FROM loyalty.campaign x;
    INSERT INTO loyalty.campaign (campaign_no, code, name) VALUES (v_no, p_code, p_projection->>'name');
    INSERT INTO loyalty.campaign_revision (campaign_no, revision_no, document, sha256, projection) VALUES (v_no, 1, p_document, v_sha, p_projection);
    PERFORM loyalty.campaign_told(v_no, 'write', jsonb_build_object('sha256', jsonb_build_array(NULL, encode(v_sha, 'hex'))));
    RETURN v_no;
  END IF;
  c := loyalty.campaign_lock(v_no);
  SELECT * INTO r FROM loyalty.campaign_revision x WHERE x.campaign_no = v_no AND x.revision_no = c.last_revision_no;
  IF r.sha256 = v_sha THEN RETURN v_no; END IF;
  IF c.state = 'ended' THEN
    RAISE EXCEPTION 'campaign % has ended', v_no USING ERRCODE = 'LY010', HINT = 'give the document another code: it becomes a new campaign';
  ELSIF r.state = 'submitted' THEN
    RAISE EXCEPTION 'revision % of campaign % waits for its approval', r.revision_no, v_no USING ERRCODE = 'LY010',
      HINT = format('take it back first: loyalty campaign refuse %s REASON', v_no);
  ELSIF r.state = 'draft' AND r.author <> session_user THEN
    RAISE EXCEPTION 'revision % of campaign % is a draft of %', r.revision_no, v_no, r.author USING ERRCODE = 'LY001',
      HINT = 'its author changes it, or give the document another code';
  ELSIF r.state = 'draft' THEN
    UPDATE loyalty.campaign_revision x SET document = p_document, sha256 = v_sha, projection = p_projection, written_at = now()
     WHERE x.campaign_no = v_no AND x.revision_no = r.revision_no;
  ELSE
    INSERT INTO loyalty.campaign_revision (campaign_no, revision_no, document, sha256, projection)
    VALUES (v_no, c.last_revision_no + 1, p_document, v_sha, p_projection);
    UPDATE loyalty.campaign x SET last_revision_no = c.last_revision_no + 1 WHERE x.campaign_no = v_no;
  END IF;
  IF c.state = 'draft' THEN UPDATE loyalty.campaign x SET name = p_projection->>'name' WHERE x.campaign_no = v_no; END IF;
  PERFORM loyalty.campaign_told(v_no, 'write', jsonb_build_object('sha256', jsonb_build_array(encode(r.sha256, 'hex'), encode(v_sha, 'hex'))));
  RETURN v_no;
END $$;

-- p_sha256 is of the document that was shown, p_projection what that says, p_is_anybody whether its audience has a member: so for both that follow.
CREATE FUNCTION loyalty.campaign_submit(p_campaign int, p_sha256 bytea, p_projection jsonb, p_is_anybody boolean) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE r loyalty.campaign_revision;
BEGIN
  PERFORM loyalty.campaign_may('{marketing,admin}', 'submit');
  r := loyalty.campaign_revision_take(p_campaign, 'draft', p_sha256);
  PERFORM loyalty.campaign_check(loyalty.campaign_lock(p_campaign), p_projection, p_is_anybody);
  UPDATE loyalty.campaign_revision x SET state = 'submitted', submitter = session_user, submitted_at = now(), refusal = NULL
   WHERE x.campaign_no = p_campaign AND x.revision_no = r.revision_no;
  PERFORM loyalty.campaign_told(p_campaign, 'submit', jsonb_build_object('revision', jsonb_build_array(NULL, r.revision_no)));
END $$;

-- The first approval draws the seed and publishes its hash. From here on the worker goes by this revision.
CREATE FUNCTION loyalty.campaign_approve(p_campaign int, p_sha256 bytea, p_projection jsonb, p_is_anybody boolean) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE r loyalty.campaign_revision; c loyalty.campaign; p jsonb := p_projection;
BEGIN
  PERFORM loyalty.campaign_may('{manager,admin}', 'approve');
  r := loyalty.campaign_revision_take(p_campaign, 'submitted', p_sha256);
  c := loyalty.campaign_lock(p_campaign);
  IF session_user IN (r.author, r.submitter) THEN
    RAISE EXCEPTION 'you wrote or submitted revision % of campaign % yourself', r.revision_no, p_campaign USING ERRCODE = 'LY012',
      HINT = 'someone else has to decide';
  END IF;
  PERFORM loyalty.campaign_check(c, p, p_is_anybody);
  IF c.seed_sha256 IS NULL THEN INSERT INTO loyalty.campaign_seed SELECT p_campaign, loyalty.seed_draw(); END IF;
  UPDATE loyalty.campaign_revision x SET state = 'replaced' WHERE x.campaign_no = p_campaign AND x.state = 'approved';
  UPDATE loyalty.campaign_revision x SET state = 'approved', approver = session_user, approved_at = now(), projection = p
   WHERE x.campaign_no = p_campaign AND x.revision_no = r.revision_no;
  UPDATE loyalty.campaign_prize x SET stock = (z->>'stock')::bigint FROM jsonb_array_elements(p->'prizes') z
   WHERE x.campaign_no = p_campaign AND x.prize = z->>'code';
  INSERT INTO loyalty.campaign_prize (campaign_no, prize, stock)
  SELECT p_campaign, z->>'code', (z->>'stock')::bigint FROM jsonb_array_elements(p->'prizes') z WHERE z->>'kind' <> 'nothing' ON CONFLICT DO NOTHING;
  INSERT INTO loyalty.account VALUES (1000 + p_campaign, 'campaign:' || p_campaign) ON CONFLICT DO NOTHING;
  UPDATE loyalty.campaign x SET revision_no = r.revision_no, name = p->>'name', state = CASE c.state WHEN 'draft' THEN 'scheduled' ELSE c.state END,
         moved_by = session_user, moved_at = now(), seed_sha256 = (SELECT sha256(s.seed) FROM loyalty.campaign_seed s WHERE s.campaign_no = p_campaign),
         currency_id = (SELECT y.currency_id FROM loyalty.currency y WHERE y.code = p->>'currency'),
         budget_points = (p->>'budget_points')::bigint, budget_minor = (p->>'budget_minor')::bigint, at_member = 0,
         ran_to = greatest(c.ran_to, greatest((p->>'starts_on')::date, loyalty.business_day()) - 1)
   WHERE x.campaign_no = p_campaign;
  PERFORM loyalty.campaign_told(p_campaign, 'approve', jsonb_build_object('revision', jsonb_build_array(c.revision_no, r.revision_no)));
END $$;

-- Back to its author as a draft. Who wrote or submitted it may take it back.
CREATE FUNCTION loyalty.campaign_refuse(p_campaign int, p_sha256 bytea, p_reason text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE r loyalty.campaign_revision := loyalty.campaign_revision_take(p_campaign, 'submitted', p_sha256);
BEGIN
  IF session_user NOT IN (r.author, r.submitter) THEN PERFORM loyalty.campaign_may('{manager,admin}', 'refuse'); END IF;
  IF coalesce(btrim(p_reason), '') = '' OR length(p_reason) > 1000 THEN
    RAISE EXCEPTION 'a refusal needs a reason' USING ERRCODE = 'LY002', HINT = 'at most 1000 characters';
  END IF;
  UPDATE loyalty.campaign_revision x SET state = 'draft', refusal = btrim(p_reason) WHERE x.campaign_no = p_campaign AND x.revision_no = r.revision_no;
  PERFORM loyalty.campaign_told(p_campaign, 'refuse', jsonb_build_object('reason', jsonb_build_array(NULL, btrim(p_reason))));
END $$;

-- Moves a campaign by hand: p_move is pause, resume or stop. Stopped it has ended, and its seed may be seen; a draft goes out that way too.
CREATE FUNCTION loyalty.campaign_move(p_campaign int, p_move text, p_reason text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE c loyalty.campaign; v_state text;
BEGIN
  PERFORM loyalty.campaign_may('{marketing,manager,admin}', p_move);
  c := loyalty.campaign_lock(p_campaign);
  IF (p_move = 'pause' AND c.state = 'paused') OR (p_move = 'stop' AND c.state = 'ended') THEN RETURN; END IF;
  IF p_move <> 'resume' AND (coalesce(btrim(p_reason), '') = '' OR length(p_reason) > 1000) THEN
    RAISE EXCEPTION 'to % a campaign needs a reason', p_move USING ERRCODE = 'LY002', HINT = 'at most 1000 characters';
  ELSIF NOT c.state = ANY (CASE p_move WHEN 'pause' THEN '{scheduled,running}'::text[] WHEN 'resume' THEN '{paused}'
                             WHEN 'stop' THEN '{draft,scheduled,running,paused}' ELSE '{}' END) THEN
    RAISE EXCEPTION 'campaign % is %: it cannot be %', p_campaign, CASE c.state WHEN 'draft' THEN 'a draft' ELSE c.state END,
      CASE p_move WHEN 'pause' THEN 'paused' WHEN 'resume' THEN 'resumed' ELSE 'stopped' END USING ERRCODE = 'LY010';
  END IF;
  v_state := CASE p_move WHEN 'pause' THEN 'paused' WHEN 'stop' THEN 'ended' ELSE 'scheduled' END;
  UPDATE loyalty.campaign x SET state = v_state, why = CASE p_move WHEN 'resume' THEN '' ELSE btrim(p_reason) END, moved_by = session_user, moved_at = now(),
         ran_to = CASE p_move WHEN 'resume' THEN greatest(c.ran_to, loyalty.business_day() - 1) ELSE c.ran_to END   -- a pause is not made up for
   WHERE x.campaign_no = p_campaign;
  PERFORM loyalty.campaign_told(p_campaign, p_move, jsonb_build_object('state', jsonb_build_array(c.state, v_state), 'reason', jsonb_build_array(NULL, btrim(p_reason))));
END $$;

CREATE FUNCTION loyalty.campaign_policy_set(p_cooldown_days int, p_hold_out_ppm int) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE o loyalty.campaign_policy;
BEGIN
  PERFORM loyalty.campaign_may('{manager,admin}', 'set rules for');
  SELECT * INTO o FROM loyalty.campaign_policy FOR UPDATE;
  UPDATE loyalty.campaign_policy SET cooldown_days = coalesce(p_cooldown_days, o.cooldown_days), hold_out_ppm = coalesce(p_hold_out_ppm, o.hold_out_ppm);
  PERFORM loyalty.campaign_told(0, 'policy', jsonb_build_object('cooldown_days', jsonb_build_array(o.cooldown_days, coalesce(p_cooldown_days, o.cooldown_days)),
    'hold_out_ppm', jsonb_build_array(o.hold_out_ppm, coalesce(p_hold_out_ppm, o.hold_out_ppm))));
EXCEPTION WHEN check_violation THEN
  RAISE EXCEPTION 'these rules are not possible' USING ERRCODE = 'LY002', HINT = 'a cooldown has 0 to 3660 days, a hold-out 0 to 50 per cent';
END $$;

-- Fires a campaign whose trigger is by hand: for one member, or, without, for all of its audience.
CREATE FUNCTION loyalty.campaign_trigger(p_campaign int, p_member text) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE c loyalty.campaign; v_no bigint; v_member bigint := loyalty.member_of(p_member);
BEGIN
  PERFORM loyalty.campaign_may('{marketing,manager,admin}', 'trigger');
  c := loyalty.campaign_lock(p_campaign);
  IF c.state NOT IN ('scheduled', 'running') OR (SELECT r.projection->>'trigger' FROM loyalty.campaign_revision r
       WHERE r.campaign_no = p_campaign AND r.revision_no = c.revision_no) IS DISTINCT FROM 'hand' THEN
    RAISE EXCEPTION 'campaign % does not wait to be triggered by hand', p_campaign USING ERRCODE = 'LY010', DETAIL = format('it is %s', c.state);
  ELSIF p_member IS NOT NULL AND NOT EXISTS (SELECT FROM loyalty.member m WHERE m.member_id = v_member AND m.status = 'active') THEN
    RAISE EXCEPTION 'there is no such member' USING ERRCODE = 'LY004';
  END IF;
  INSERT INTO loyalty.campaign_call (member_id, campaign_no, called_on) VALUES (coalesce(v_member, 0), p_campaign, loyalty.business_day())
  RETURNING call_no INTO v_no;
  PERFORM loyalty.campaign_told(p_campaign, 'trigger', jsonb_build_object('call', jsonb_build_array(NULL, v_no)));
  RETURN v_no;
END $$;

-- The seed of a campaign that has ended, for anybody's own calculation; NULL before.
CREATE FUNCTION loyalty.campaign_seed_shown(p_campaign int) RETURNS bytea LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM loyalty.caller_role();
  RETURN (SELECT s.seed FROM loyalty.campaign_seed s JOIN loyalty.campaign c USING (campaign_no) WHERE s.campaign_no = p_campaign AND c.state = 'ended');
END $$;

-- Instances of triggers. Each function answers those on days p_from to p_to (both included) of members above p_after, in order of member, at most
-- p_limit of them; instance names one for good, so that it is decided once.
CREATE INDEX member_tier_day ON loyalty.member_tier USING brin (since);
CREATE INDEX member_case_resolved ON loyalty.member_case (resolved_at) WHERE resolved_at IS NOT NULL;

CREATE FUNCTION loyalty.month_day(p_day date) RETURNS int LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN (extract(month FROM p_day) * 100 + extract(day FROM p_day))::int;

-- So that a day's birthdays and anniversaries are found without looking at everybody.
CREATE INDEX member_birthday ON loyalty.member (birthday, member_id) WHERE birthday IS NOT NULL;
CREATE INDEX member_enrolled_day ON loyalty.member (loyalty.month_day(enrolled_on), member_id);

-- The days from p_from to p_to with the months and days that are kept on them: 29 February on the 28th or on 1 March where the year has none.
-- Without a search_path of its own, so that the planner takes it apart and sees how many days there are: by one day members are found through the index,
-- by many in one pass. So each call of the two functions below is planned anew.
CREATE FUNCTION loyalty.kept_days(p_from date, p_to date, p_leap text) RETURNS TABLE (day date, month_day int) LANGUAGE sql IMMUTABLE AS $$
  SELECT d.day, loyalty.month_day(d.day) FROM (SELECT p_from + i AS day FROM generate_series(0, p_to - p_from) i) d
  UNION ALL
  SELECT d.day, 229 FROM (SELECT p_from + i AS day FROM generate_series(0, p_to - p_from) i) d
   WHERE CASE p_leap WHEN 'mar1' THEN loyalty.month_day(d.day) = 301 AND loyalty.month_day(d.day - 1) = 228
                     ELSE loyalty.month_day(d.day) = 228 AND loyalty.month_day(d.day + 1) = 301 END $$;

CREATE FUNCTION loyalty.due_birthday(p_from date, p_to date, p_after bigint, p_limit int, p_leap text)
RETURNS TABLE (member_id bigint, instance bigint, on_day date) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY SELECT m.member_id, extract(year FROM d.day)::bigint, d.day FROM loyalty.member m JOIN loyalty.kept_days(p_from, p_to, p_leap) d ON d.month_day = m.birthday
   WHERE m.member_id > p_after AND m.status = 'active' AND m.born < d.day ORDER BY 1, 3 LIMIT p_limit;
END $$;

CREATE FUNCTION loyalty.due_anniversary(p_from date, p_to date, p_after bigint, p_limit int, p_leap text)
RETURNS TABLE (member_id bigint, instance bigint, on_day date) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY SELECT m.member_id, extract(year FROM d.day)::bigint, d.day FROM loyalty.member m
    JOIN loyalty.kept_days(p_from, p_to, p_leap) d ON d.month_day = loyalty.month_day(m.enrolled_on)
   WHERE m.member_id > p_after AND m.status = 'active' AND extract(year FROM m.enrolled_on) < extract(year FROM d.day) ORDER BY 1, 3 LIMIT p_limit;
END $$;

-- Purchases of these days that were accepted. The journal is read by day first: in order of member it would be read whole.
CREATE FUNCTION loyalty.accepted_purchases(p_from date, p_to date, p_after bigint) RETURNS TABLE (member_id bigint, seq bigint, on_day date)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH bought AS MATERIALIZED (SELECT j.member_id, j.seq, j.activity_on FROM loyalty.journal j
                                WHERE j.activity_on BETWEEN p_from AND p_to AND j.type = 'purchase' AND j.member_id > p_after)
  SELECT b.member_id, b.seq, b.activity_on FROM bought b JOIN loyalty.member m ON m.member_id = b.member_id AND m.status = 'active'
   WHERE NOT EXISTS (SELECT FROM loyalty.outcome o WHERE o.member_id = b.member_id AND o.seq = b.seq AND o.result <> 'accepted')
     AND NOT EXISTS (SELECT FROM loyalty.inbox i WHERE i.bucket = loyalty.bucket_of(b.member_id) AND i.member_id = b.member_id AND i.seq = b.seq) $$;

CREATE FUNCTION loyalty.due_purchase(p_from date, p_to date, p_after bigint, p_limit int, p_nth int, p_each boolean)
RETURNS TABLE (member_id bigint, instance bigint, on_day date) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT b.member_id, b.seq, b.on_day FROM loyalty.accepted_purchases(p_from, p_to, p_after) b
   CROSS JOIN LATERAL (SELECT count(*) AS nth FROM loyalty.journal j WHERE j.member_id = b.member_id AND j.seq <= b.seq AND j.type = 'purchase'
     AND NOT EXISTS (SELECT FROM loyalty.outcome o WHERE o.member_id = j.member_id AND o.seq = j.seq AND o.result <> 'accepted')) n
   WHERE CASE WHEN p_each THEN n.nth % p_nth = 0 ELSE n.nth = p_nth END ORDER BY 1, 2 LIMIT p_limit $$;

-- The first purchase after so many days without any.
CREATE FUNCTION loyalty.due_return(p_from date, p_to date, p_after bigint, p_limit int, p_days int)
RETURNS TABLE (member_id bigint, instance bigint, on_day date) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT b.member_id, b.seq, b.on_day FROM loyalty.accepted_purchases(p_from, p_to, p_after) b
   CROSS JOIN LATERAL (SELECT max(j.activity_on) AS last FROM loyalty.journal j WHERE j.member_id = b.member_id AND j.seq < b.seq AND j.type = 'purchase'
     AND NOT EXISTS (SELECT FROM loyalty.outcome o WHERE o.member_id = j.member_id AND o.seq = j.seq AND o.result <> 'accepted')) n
   WHERE n.last <= b.on_day - p_days ORDER BY 1, 2 LIMIT p_limit $$;

-- Reached from below; the change of tier is the instance.
CREATE FUNCTION loyalty.due_tier(p_from date, p_to date, p_after bigint, p_limit int, p_ladder text, p_tier text)
RETURNS TABLE (member_id bigint, instance bigint, on_day date) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH change AS MATERIALIZED (SELECT h.member_id, h.change_no, h.since FROM loyalty.member_tier h JOIN loyalty.tier t ON t.tier_id = h.tier_id
                                 JOIN loyalty.ladder l ON l.ladder_id = t.ladder_id JOIN loyalty.tier w ON w.tier_id = h.was_tier_id
                                WHERE h.since BETWEEN p_from AND p_to AND h.member_id > p_after AND l.code = p_ladder AND t.code = p_tier AND w.rank < t.rank)
  SELECT c.member_id, c.change_no, c.since FROM change c JOIN loyalty.member m ON m.member_id = c.member_id AND m.status = 'active'
   ORDER BY 1, 2 LIMIT p_limit $$;

CREATE FUNCTION loyalty.due_case(p_from date, p_to date, p_after bigint, p_limit int)
RETURNS TABLE (member_id bigint, instance bigint, on_day date) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT c.member_id, c.case_no, (c.resolved_at AT TIME ZONE p.timezone)::date FROM loyalty.member_case c
    JOIN loyalty.member m ON m.member_id = c.member_id AND m.status = 'active', loyalty.programme p
   WHERE c.resolved_at >= p_from::timestamp AT TIME ZONE p.timezone AND c.resolved_at < (p_to + 1)::timestamp AT TIME ZONE p.timezone
     AND c.state IN ('resolved', 'closed') AND c.member_id > p_after ORDER BY 1, 2 LIMIT p_limit $$;

-- Everybody, on the first day or each day, week or month from it; in a shorter month on its last day.
CREATE FUNCTION loyalty.due_schedule(p_from date, p_to date, p_after bigint, p_limit int, p_every text, p_start date)
RETURNS TABLE (member_id bigint, instance bigint, on_day date) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH d AS MATERIALIZED (
    SELECT x.day FROM (SELECT p_from + i AS day FROM generate_series(0, p_to - p_from) i) x
     WHERE x.day >= p_start AND CASE p_every WHEN 'once' THEN x.day = p_start WHEN 'day' THEN true WHEN 'week' THEN (x.day - p_start) % 7 = 0
       ELSE extract(day FROM x.day) = least(extract(day FROM p_start), extract(day FROM date_trunc('month', x.day) + interval '1 month' - interval '1 day')) END)
  SELECT m.member_id, (d.day - date '2000-01-01')::bigint, d.day FROM loyalty.member m CROSS JOIN d
   WHERE m.member_id > p_after AND m.status = 'active' AND m.enrolled_on <= d.day
     AND NOT EXISTS (SELECT FROM loyalty.household h WHERE h.member_id = m.member_id)
   ORDER BY 1, 3 LIMIT p_limit $$;

CREATE FUNCTION loyalty.due_hand(p_from date, p_to date, p_after bigint, p_limit int, p_campaign int)
RETURNS TABLE (member_id bigint, instance bigint, on_day date) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT m.member_id, c.call_no, c.called_on FROM loyalty.campaign_call c JOIN loyalty.member m ON c.member_id IN (0, m.member_id)
   WHERE c.campaign_no = p_campaign AND c.called_on BETWEEN p_from AND p_to AND m.member_id > p_after AND m.status = 'active'
     AND NOT EXISTS (SELECT FROM loyalty.household h WHERE h.member_id = m.member_id) ORDER BY 1, 2 LIMIT p_limit $$;

-- The run. One worker at a time decides: the next piece of a campaign that has something left to do up to the business day, with all that the
-- decisions depend on; no row: nothing, or another worker is at it. Its caller reads the instances, decides, and calls campaign_post() in the same
-- transaction. Triggers that are no calendar's are passed again when the last pass began before p_pass (NULL: a minute ago).
CREATE FUNCTION loyalty.campaign_take(p_day date, p_pass timestamptz) RETURNS TABLE (campaign_no int, revision_no int, code text, document text,
  from_on date, to_on date, after_member bigint, seed bytea, house_seed bytea, house_hold_out int, cooldown_days int, spent_points bigint, spent_minor bigint,
  granted bigint[], prizes text[], stocks bigint[], complaints bigint, opt_outs bigint, audience text, answers bigint[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE c loyalty.campaign; r loyalty.campaign_revision; v_start date; v_end date; v_calendar boolean; v_from date; v_to date;
BEGIN
  IF NOT pg_try_advisory_xact_lock(12, 0) THEN RETURN; END IF;
  FOR c IN SELECT x.* FROM loyalty.campaign x WHERE x.state IN ('scheduled', 'running', 'paused') ORDER BY x.ran_to, x.passed_at, x.campaign_no LOOP
    SELECT * INTO c FROM loyalty.campaign x WHERE x.campaign_no = c.campaign_no FOR UPDATE;
    SELECT * INTO r FROM loyalty.campaign_revision x WHERE x.campaign_no = c.campaign_no AND x.revision_no = c.revision_no;
    v_start := (r.projection->>'starts_on')::date; v_end := (r.projection->>'ends_on')::date; v_calendar := (r.projection->>'is_calendar')::boolean;
    IF v_end < p_day AND (c.state = 'paused' OR c.ran_to >= v_end) THEN
      UPDATE loyalty.campaign x SET state = 'ended', why = 'its last day is over', moved_by = session_user, moved_at = now() WHERE x.campaign_no = c.campaign_no;
      PERFORM loyalty.campaign_told(c.campaign_no, 'end', jsonb_build_object('state', jsonb_build_array(c.state, 'ended')));
      CONTINUE;
    END IF;
    CONTINUE WHEN c.state NOT IN ('scheduled', 'running') OR v_start > p_day
      OR c.ran_to >= least(p_day, v_end) AND (v_calendar OR v_end < p_day OR c.passed_at >= coalesce(p_pass, now() - interval '1 min'));
    IF c.state = 'scheduled' THEN
      UPDATE loyalty.campaign x SET state = 'running', moved_by = session_user, moved_at = now() WHERE x.campaign_no = c.campaign_no;
      PERFORM loyalty.campaign_told(c.campaign_no, 'run', jsonb_build_object('state', jsonb_build_array('scheduled', 'running')));
    END IF;
    IF v_calendar THEN
      v_from := c.ran_to + 1; v_to := c.ran_to + 1;
    ELSE    -- what happened on the last days may have been told late: a look at them once a day
      v_from := CASE WHEN c.ran_to < p_day THEN greatest(v_start, least(c.ran_to + 1, p_day - 3)) ELSE p_day END; v_to := least(p_day, v_end);
    END IF;
    PERFORM FROM loyalty.reward_stock s JOIN loyalty.reward w USING (reward_id)
      WHERE w.code IN (SELECT z->>'object' FROM jsonb_array_elements(r.projection->'prizes') z WHERE z->>'kind' = 'reward') ORDER BY s.reward_id FOR UPDATE OF s;
    RETURN QUERY
    SELECT c.campaign_no, c.revision_no, c.code, r.document, v_from, v_to, c.at_member, s.seed, h.seed, y.hold_out_ppm, y.cooldown_days, c.spent_points, c.spent_minor,
           (SELECT ARRAY[coalesce(sum(d.grants) FILTER (WHERE d.day = p_day), 0), coalesce(sum(d.grants) FILTER (WHERE d.day >= date_trunc('week', p_day)), 0),
                         coalesce(sum(d.grants) FILTER (WHERE d.day >= date_trunc('month', p_day)), 0),
                         coalesce(sum(d.grants) FILTER (WHERE d.day >= date_trunc('year', p_day)), 0), coalesce(sum(d.grants), 0)]::bigint[]
              FROM loyalty.campaign_day d WHERE d.campaign_no = c.campaign_no AND d.day <= p_day),
           z.prizes, z.stocks,
           CASE WHEN r.projection ? 'complaints' THEN loyalty.campaign_complaints(c.campaign_no) ELSE 0 END,
           CASE WHEN r.projection ? 'opt_outs' THEN loyalty.campaign_opt_outs(c.campaign_no) ELSE 0 END, r.projection->>'audience',
           CASE WHEN r.projection ? 'nps_drop' THEN loyalty.campaign_answers(c.campaign_no) ELSE '{}' END
      FROM loyalty.campaign_seed s, loyalty.campaign_seed h, loyalty.campaign_policy y,
           (SELECT array_agg(x->>'code' ORDER BY n) AS prizes, array_agg(loyalty.campaign_left(c.campaign_no, x, p_day) ORDER BY n) AS stocks
              FROM jsonb_array_elements(r.projection->'prizes') WITH ORDINALITY t (x, n)) z
     WHERE s.campaign_no = c.campaign_no AND h.campaign_no = 0;
    RETURN;
  END LOOP;
END $$;

-- How many of a prize are left on a day: of the campaign's own stock, and of the reward's, which is offered that day. NULL: no limit.
CREATE FUNCTION loyalty.campaign_left(p_campaign int, p_prize jsonb, p_day date) RETURNS bigint LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT least((SELECT z.stock - z.given FROM loyalty.campaign_prize z WHERE z.campaign_no = p_campaign AND z.prize = p_prize->>'code'),
               (SELECT s.free FROM loyalty.reward_stock s JOIN loyalty.reward w USING (reward_id) WHERE p_prize->>'kind' = 'reward' AND w.code = p_prize->>'object'),
               (SELECT 0 FROM loyalty.reward w WHERE p_prize->>'kind' = 'reward' AND w.code = p_prize->>'object'
                   AND NOT (w.offered AND p_day BETWEEN coalesce(w.first_day, '-infinity') AND coalesce(w.last_day, 'infinity')))) $$;

-- Harm: cases opened, and promotions refused, by members within two weeks of what the campaign gave them. (What they answer: 0033_campaign_answers.sql.)
CREATE FUNCTION loyalty.campaign_complaints(p_campaign int) RETURNS bigint LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT count(*) FROM loyalty.campaign_grant g WHERE g.campaign_no = p_campaign AND g.outcome = 'prize' AND EXISTS (
    SELECT FROM loyalty.member_case c WHERE c.member_id = g.member_id AND c.opened_at BETWEEN g.decided_at AND g.decided_at + interval '14 days') $$;
CREATE FUNCTION loyalty.campaign_opt_outs(p_campaign int) RETURNS bigint LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT count(*) FROM loyalty.campaign_grant g WHERE g.campaign_no = p_campaign AND g.outcome = 'prize' AND EXISTS (
    SELECT FROM loyalty.member_consent c WHERE c.member_id = g.member_id AND c.kind = 'promotions' AND NOT c.is_given
       AND c.said_at BETWEEN g.decided_at AND g.decided_at + interval '14 days') $$;

-- The type of the event that gives a prize of that kind.
CREATE FUNCTION loyalty.campaign_event(p_kind text) RETURNS loyalty.event_type LANGUAGE sql IMMUTABLE
  RETURN (CASE p_kind WHEN 'points' THEN 'adjust' WHEN 'reward' THEN 'reward_grant' WHEN 'tier' THEN 'tier_grant' WHEN 'multiplier' THEN 'multiplier_grant' END)::loyalty.event_type;

-- Writes a piece's decisions down, in their order, with the events that give the prizes. p_after: the member the piece has come to; NULL: the days
-- are done. p_pause: why the campaign is to pause now; NULL: it goes on.
CREATE FUNCTION loyalty.campaign_post(p_campaign int, p_day date, p_to date, p_member bigint[], p_instance bigint[], p_on_day date[], p_ticket int[],
  p_outcome text[], p_drawn text[], p_prize text[], p_points bigint[], p_minor bigint[], p_after bigint, p_pause text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE c loyalty.campaign; p jsonb;
BEGIN
  SELECT * INTO c FROM loyalty.campaign x WHERE x.campaign_no = p_campaign FOR UPDATE;
  SELECT r.projection INTO p FROM loyalty.campaign_revision r WHERE r.campaign_no = p_campaign AND r.revision_no = c.revision_no;
  WITH decided AS MATERIALIZED (
    SELECT u.*, nextval('loyalty.campaign_decision_seq') AS decision_no, CASE WHEN u.outcome = 'prize' THEN nextval('loyalty.journal_seq') END AS seq
      FROM (SELECT * FROM unnest(p_member, p_instance, p_on_day, p_ticket, p_outcome, p_drawn, p_prize, p_points, p_minor)
              WITH ORDINALITY u (member_id, instance, on_day, ticket, outcome, drawn, prize, points, minor, n) ORDER BY n) u),
  prize AS MATERIALIZED (
    SELECT z->>'code' AS code, z->>'kind' AS kind, z->>'object' AS object, z->>'tier' AS tier, (z->>'days')::int AS days, (z->>'factor')::bigint AS factor
      FROM jsonb_array_elements(p->'prizes') z),
  noted AS (
    INSERT INTO loyalty.campaign_grant (member_id, campaign_no, instance, decision_no, revision_no, on_day, granted_on, ticket, outcome, drawn, prize, points, minor, seq)
    SELECT d.member_id, p_campaign, d.instance, d.decision_no, c.revision_no, d.on_day, p_day, d.ticket, d.outcome, d.drawn, d.prize, d.points, d.minor, d.seq FROM decided d),
  told AS (
    INSERT INTO loyalty.journal (member_id, seq, type, lane, activity_on, amount, quantity, object, tier, until_on, reason, source, external_id)
    SELECT d.member_id, d.seq, loyalty.campaign_event(z.kind), 1, p_day,
           CASE z.kind WHEN 'points' THEN d.points ELSE z.factor END, CASE z.kind WHEN 'reward' THEN 1 END, z.object, z.tier,
           CASE WHEN z.kind IN ('tier', 'multiplier') THEN p_day + z.days END,
           c.name, 'campaign:' || p_campaign, d.instance::text
      FROM decided d JOIN prize z ON z.code = d.prize WHERE d.outcome = 'prize'),
  asked AS (
    INSERT INTO loyalty.inbox SELECT loyalty.bucket_of(d.member_id), d.member_id, d.seq, 1 FROM decided d WHERE d.outcome = 'prize'),
  held AS (
    INSERT INTO loyalty.stock_hold SELECT d.member_id, d.seq, s.reward_id, 1 FROM decided d JOIN prize z ON z.code = d.prize
      JOIN loyalty.reward w ON w.code = z.object JOIN loyalty.reward_stock s USING (reward_id) WHERE z.kind = 'reward' AND d.outcome = 'prize' RETURNING reward_id),
  stock AS (
    UPDATE loyalty.reward_stock s SET free = s.free - h.units, held = s.held + h.units
      FROM (SELECT reward_id, count(*) AS units FROM held GROUP BY 1) h WHERE s.reward_id = h.reward_id),
  given AS (
    UPDATE loyalty.campaign_prize z SET given = z.given + g.units
      FROM (SELECT d.prize, count(*) AS units FROM decided d WHERE d.outcome = 'prize' GROUP BY 1) g WHERE z.campaign_no = p_campaign AND z.prize = g.prize)
  INSERT INTO loyalty.campaign_day AS y (campaign_no, day, decisions, grants, points, minor)
  SELECT p_campaign, p_day, count(*), count(d.seq), coalesce(sum(d.points), 0), coalesce(sum(d.minor), 0) FROM decided d HAVING count(*) > 0
  ON CONFLICT (campaign_no, day) DO UPDATE SET decisions = y.decisions + excluded.decisions, grants = y.grants + excluded.grants,
    points = y.points + excluded.points, minor = y.minor + excluded.minor;
  IF p ? 'body' THEN
    PERFORM loyalty.outbox_add(g.member_id, format('campaign %s/%s', p_campaign, g.instance), 'promotions', p->>'subject', p->>'body',
                               jsonb_build_object('campaign', c.name), g.seq)
       FROM unnest(p_member, p_instance, p_outcome) u (m, i, o) JOIN loyalty.campaign_grant g ON g.member_id = u.m AND g.campaign_no = p_campaign AND g.instance = u.i
      WHERE u.o = 'prize';
  END IF;
  UPDATE loyalty.campaign x SET decisions = x.decisions + u.decisions, grants = x.grants + u.grants, spent_points = x.spent_points + u.points,
         spent_minor = x.spent_minor + u.minor, at_member = coalesce(p_after, 0), ran_to = CASE WHEN p_after IS NULL THEN greatest(x.ran_to, p_to) ELSE x.ran_to END,
         passed_at = CASE WHEN p_after IS NULL THEN now() ELSE x.passed_at END,
         state = CASE WHEN p_pause IS NULL THEN x.state ELSE 'paused' END, why = coalesce(p_pause, ''),
         moved_by = CASE WHEN p_pause IS NULL THEN x.moved_by ELSE session_user END, moved_at = CASE WHEN p_pause IS NULL THEN x.moved_at ELSE now() END
    FROM (SELECT count(*) AS decisions, count(*) FILTER (WHERE o = 'prize') AS grants, coalesce(sum(a), 0) AS points, coalesce(sum(b), 0) AS minor
            FROM unnest(p_outcome, p_points, p_minor) t (o, a, b)) u
   WHERE x.campaign_no = p_campaign;
  IF p_pause IS NOT NULL THEN
    PERFORM loyalty.campaign_told(p_campaign, 'pause', jsonb_build_object('state', jsonb_build_array(c.state, 'paused'), 'reason', jsonb_build_array(NULL, p_pause)));
  ELSIF cardinality(p_member) > 0 THEN
    PERFORM pg_notify('loyalty_campaign', p_campaign::text);
  END IF;
END $$;

-- The draw once more, by other means than the program's: HMAC-SHA256 by hand. One pad for all draws of a seed: p_byte 54 is the inner, 92 the outer.
CREATE FUNCTION loyalty.campaign_pad(p_seed bytea, p_byte int) RETURNS bytea LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT decode(string_agg(lpad(to_hex((CASE WHEN i < length(p_seed) THEN get_byte(p_seed, i) ELSE 0 END) # p_byte), 2, '0'), '' ORDER BY i), 'hex')
    FROM generate_series(0, 63) i $$;
CREATE FUNCTION loyalty.campaign_ticket(p_inner bytea, p_outer bytea, p_text text) RETURNS int LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT ((u.high * 1000000 + ((u.low * 1000000) >> 32)) >> 32)::int
    FROM (SELECT sha256(p_outer || sha256(p_inner || convert_to(p_text, 'UTF8'))) AS code OFFSET 0) h,
         LATERAL (SELECT ('x' || encode(substr(h.code, 1, 4), 'hex'))::bit(32)::bigint & 4294967295 AS high,
                         ('x' || encode(substr(h.code, 5, 4), 'hex'))::bit(32)::bigint & 4294967295 AS low) u $$;

-- The cooldowns that the house has had: a decision has to fit one of them.
CREATE FUNCTION loyalty.campaign_cooldowns() RETURNS int[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT array_agg(DISTINCT x ORDER BY x)
    FROM (SELECT p.cooldown_days AS x FROM loyalty.campaign_policy p
          UNION ALL SELECT (e #>> '{}')::int FROM loyalty.audit_log a, jsonb_array_elements(a.changed->'cooldown_days') e WHERE a.member_id = 0 AND a.action = 'campaign.policy') h $$;

-- Everything that is wrong with what a campaign decided and gave, a row each. No row is the proof. The house's hold-out may have been set anew
-- meanwhile: a decision has to fit one of its shares.
CREATE FUNCTION loyalty.campaign_broken(p_campaign int) RETURNS TABLE (member_id bigint, instance bigint, invariant text, detail text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE v_seed bytea; v_house bytea; v_inner bytea; v_outer bytea; v_house_inner bytea; v_house_outer bytea; v_least int; v_most int;
BEGIN
  PERFORM loyalty.campaign_may('{support,marketing,manager,admin}', 'verify');
  SELECT s.seed INTO v_seed FROM loyalty.campaign_seed s WHERE s.campaign_no = p_campaign;
  IF NOT FOUND THEN RETURN; END IF;
  SELECT s.seed INTO v_house FROM loyalty.campaign_seed s WHERE s.campaign_no = 0;
  v_inner := loyalty.campaign_pad(v_seed, 54); v_outer := loyalty.campaign_pad(v_seed, 92);
  v_house_inner := loyalty.campaign_pad(v_house, 54); v_house_outer := loyalty.campaign_pad(v_house, 92);
  SELECT min(x), max(x) INTO v_least, v_most
    FROM (SELECT p.hold_out_ppm AS x FROM loyalty.campaign_policy p
          UNION ALL SELECT (e #>> '{}')::int FROM loyalty.audit_log a, jsonb_array_elements(a.changed->'hold_out_ppm') e WHERE a.member_id = 0 AND a.action = 'campaign.policy') h;
  RETURN QUERY
  WITH prize AS MATERIALIZED (
    SELECT r.revision_no, z->>'code' AS code, z->>'kind' AS kind, z->>'object' AS object, z->>'tier' AS tier, z->>'consolation' AS consolation,
           (z->>'points')::bigint AS points, (z->>'minor')::bigint AS minor, (z->>'factor')::bigint AS factor, (z->>'days')::int AS days, (r.projection->>'hold_out')::int AS hold_out,
           sum((z->>'chance')::int) OVER w - (z->>'chance')::int AS low, sum((z->>'chance')::int) OVER w AS high
      FROM loyalty.campaign_revision r, jsonb_array_elements(r.projection->'prizes') WITH ORDINALITY t (z, n)
     WHERE r.campaign_no = p_campaign WINDOW w AS (PARTITION BY r.revision_no ORDER BY n)),
  decided AS MATERIALIZED (
    SELECT g.*, loyalty.campaign_ticket(v_inner, v_outer, format('draw|%s|%s|%s|%s', g.campaign_no, g.revision_no, g.member_id, g.instance)) AS is_ticket,
           loyalty.campaign_ticket(v_inner, v_outer, format('hold-out|%s|%s', g.campaign_no, g.member_id)) AS own,
           loyalty.campaign_ticket(v_house_inner, v_house_outer, format('hold-out|%s', g.member_id)) AS house
      FROM loyalty.campaign_grant g WHERE g.campaign_no = p_campaign)
  SELECT d.member_id, d.instance, 'the ticket is the one the seed gives', format('ticket %s, the seed gives %s', d.ticket, d.is_ticket)
    FROM decided d WHERE d.ticket <> d.is_ticket
  UNION ALL
  SELECT d.member_id, d.instance, 'whoever is held out is so by the draw', format('outcome %s', d.outcome)
    FROM decided d JOIN (SELECT DISTINCT z.revision_no, z.hold_out FROM prize z) z USING (revision_no)
   WHERE CASE WHEN d.own < z.hold_out OR d.house < v_least THEN d.outcome <> 'hold_out' ELSE d.outcome = 'hold_out' AND d.house >= v_most END
  UNION ALL
  SELECT d.member_id, d.instance, 'what was drawn has that ticket', format('ticket %s, drawn %s', d.ticket, coalesce(d.drawn, 'nothing'))
    FROM decided d LEFT JOIN prize z ON z.revision_no = d.revision_no AND z.code = d.drawn
   WHERE d.outcome <> 'hold_out' AND (z.code IS NULL OR d.ticket < z.low OR d.ticket >= z.high OR (d.outcome = 'none') <> (z.kind = 'nothing') AND z.consolation IS NULL)
  UNION ALL
  SELECT d.member_id, d.instance, 'what was given was drawn, or is its consolation', format('drawn %s, given %s', d.drawn, d.prize)
    FROM decided d JOIN prize z ON z.revision_no = d.revision_no AND z.code = d.drawn LEFT JOIN prize g ON g.revision_no = d.revision_no AND g.code = d.prize
   WHERE d.outcome = 'prize' AND (g.code IS NULL OR d.prize NOT IN (z.code, coalesce(z.consolation, z.code)) OR (d.points, d.minor) <> (g.points, g.minor))
  UNION ALL
  SELECT d.member_id, d.instance, 'a prize has the event that gives it', coalesce(format('event %s: %s %s', j.seq, j.type, j.object), 'there is none')
    FROM decided d JOIN prize z ON z.revision_no = d.revision_no AND z.code = d.prize
    LEFT JOIN loyalty.journal j ON j.member_id = d.member_id AND j.seq = d.seq AND j.source = 'campaign:' || p_campaign AND j.external_id = d.instance::text
   WHERE j.seq IS NULL OR j.object <> z.object OR j.tier IS DISTINCT FROM z.tier OR j.type <> loyalty.campaign_event(z.kind) OR j.activity_on <> d.granted_on
      OR j.amount IS DISTINCT FROM CASE z.kind WHEN 'points' THEN d.points ELSE z.factor END
      OR j.until_on IS DISTINCT FROM CASE WHEN z.kind IN ('tier', 'multiplier') THEN d.granted_on + z.days END
  UNION ALL
  SELECT j.member_id, NULL, 'an event of the campaign was decided', format('event %s', j.seq)
    FROM loyalty.journal j LEFT JOIN decided d ON d.member_id = j.member_id AND d.seq = j.seq
   WHERE j.source = 'campaign:' || p_campaign AND d.seq IS NULL
  UNION ALL
  SELECT NULL, NULL, 'the sums are those of the decisions', format('%s decisions, %s grants, %s points, %s money', c.decisions, c.grants, c.spent_points, c.spent_minor)
    FROM loyalty.campaign c CROSS JOIN (SELECT count(*) AS n, count(d.seq) AS w, coalesce(sum(d.points), 0) AS p, coalesce(sum(d.minor), 0) AS m FROM decided d) d
   WHERE c.campaign_no = p_campaign AND (c.decisions, c.grants, c.spent_points, c.spent_minor) IS DISTINCT FROM (d.n, d.w, d.p::bigint, d.m::bigint)
  UNION ALL
  SELECT NULL, NULL, 'what was given of a prize is counted', format('prize %s: %s', z.prize, z.given)
    FROM loyalty.campaign_prize z WHERE z.campaign_no = p_campaign AND z.given <> (SELECT count(*) FROM decided d WHERE d.prize = z.prize)
  UNION ALL
  SELECT NULL, NULL, 'what each day did is counted', format('%s: %s decisions, %s grants, %s points, %s money', day, y.decisions, y.grants, y.points, y.minor)
    FROM (SELECT d.granted_on AS day, count(*) AS n, count(d.seq) AS w, sum(d.points)::bigint AS p, sum(d.minor)::bigint AS m FROM decided d GROUP BY 1) d
    FULL JOIN (SELECT * FROM loyalty.campaign_day x WHERE x.campaign_no = p_campaign) y USING (day)
   WHERE (y.decisions, y.grants, y.points, y.minor) IS DISTINCT FROM (d.n, d.w, d.p, d.m)
  UNION ALL
  SELECT NULL, NULL, 'the seed is the one whose hash was shown', encode(c.seed_sha256, 'hex')
    FROM loyalty.campaign c WHERE c.campaign_no = p_campaign AND c.seed_sha256 IS DISTINCT FROM sha256(v_seed);
END $$;

-- Rights.
REVOKE ALL ON FUNCTION loyalty.seed_draw(), loyalty.campaign_told(int, text, jsonb), loyalty.campaign_may(text[], text), loyalty.campaign_lock(int),
  loyalty.campaign_revision_take(int, text, bytea), loyalty.campaign_check(loyalty.campaign, jsonb, boolean), loyalty.campaign_save(text, text, jsonb),
  loyalty.campaign_submit(int, bytea, jsonb, boolean), loyalty.campaign_approve(int, bytea, jsonb, boolean), loyalty.campaign_refuse(int, bytea, text),
  loyalty.campaign_move(int, text, text), loyalty.campaign_policy_set(int, int), loyalty.campaign_trigger(int, text), loyalty.campaign_seed_shown(int),
  loyalty.month_day(date), loyalty.kept_days(date, date, text), loyalty.accepted_purchases(date, date, bigint),
  loyalty.due_birthday(date, date, bigint, int, text), loyalty.due_anniversary(date, date, bigint, int, text),
  loyalty.due_purchase(date, date, bigint, int, int, boolean), loyalty.due_return(date, date, bigint, int, int),
  loyalty.due_tier(date, date, bigint, int, text, text), loyalty.due_case(date, date, bigint, int),
  loyalty.due_schedule(date, date, bigint, int, text, date), loyalty.due_hand(date, date, bigint, int, int),
  loyalty.campaign_cooldowns(), loyalty.campaign_pad(bytea, int), loyalty.campaign_ticket(bytea, bytea, text), loyalty.campaign_broken(int),
  loyalty.campaign_event(text), loyalty.campaign_take(date, timestamptz), loyalty.campaign_left(int, jsonb, date), loyalty.campaign_complaints(int), loyalty.campaign_opt_outs(int),
  loyalty.campaign_post(int, date, date, bigint[], bigint[], date[], int[], text[], text[], text[], bigint[], bigint[], bigint, text) FROM PUBLIC;
GRANT SELECT ON loyalty.campaign, loyalty.campaign_revision, loyalty.campaign_prize, loyalty.campaign_day, loyalty.campaign_policy
  TO loyalty_support, loyalty_marketing, loyalty_manager, loyalty_admin, loyalty_worker;
GRANT SELECT ON loyalty.campaign_grant TO loyalty_support, loyalty_marketing, loyalty_manager, loyalty_admin, loyalty_worker;
GRANT SELECT ON loyalty.campaign_call TO loyalty_marketing, loyalty_manager, loyalty_admin;
GRANT EXECUTE ON FUNCTION loyalty.campaign_save(text, text, jsonb), loyalty.campaign_submit(int, bytea, jsonb, boolean) TO loyalty_marketing, loyalty_admin;
GRANT EXECUTE ON FUNCTION loyalty.campaign_approve(int, bytea, jsonb, boolean), loyalty.campaign_policy_set(int, int) TO loyalty_manager, loyalty_admin;
GRANT EXECUTE ON FUNCTION loyalty.campaign_refuse(int, bytea, text), loyalty.campaign_move(int, text, text), loyalty.campaign_trigger(int, text)
  TO loyalty_marketing, loyalty_manager, loyalty_admin;
GRANT EXECUTE ON FUNCTION loyalty.campaign_seed_shown(int) TO loyalty_support, loyalty_marketing, loyalty_manager, loyalty_admin;
GRANT EXECUTE ON FUNCTION loyalty.due_birthday(date, date, bigint, int, text), loyalty.due_anniversary(date, date, bigint, int, text),
  loyalty.due_purchase(date, date, bigint, int, int, boolean), loyalty.due_return(date, date, bigint, int, int),
  loyalty.due_tier(date, date, bigint, int, text, text), loyalty.due_case(date, date, bigint, int),
  loyalty.due_schedule(date, date, bigint, int, text, date), loyalty.due_hand(date, date, bigint, int, int)
  TO loyalty_marketing, loyalty_manager, loyalty_admin, loyalty_worker;
GRANT EXECUTE ON FUNCTION loyalty.campaign_take(date, timestamptz),
  loyalty.campaign_post(int, date, date, bigint[], bigint[], date[], int[], text[], text[], text[], bigint[], bigint[], bigint, text) TO loyalty_worker;
GRANT EXECUTE ON FUNCTION loyalty.campaign_broken(int), loyalty.campaign_cooldowns() TO loyalty_support, loyalty_marketing, loyalty_manager, loyalty_admin;
