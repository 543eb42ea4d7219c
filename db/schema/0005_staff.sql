-- Staff: who may do how much, what waits for a second person, and who did what.
-- Everyone logs in as themself; identity is session_user, which no setting can forge.
CREATE TABLE loyalty.staff (
  login name NOT NULL, name text NOT NULL, role text NOT NULL, active boolean NOT NULL DEFAULT true,
  added_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT staff_pk PRIMARY KEY (login),
  CONSTRAINT staff_role_ck CHECK (role IN ('support', 'marketing', 'manager', 'admin', 'worker', 'pos', 'web')));
SELECT dist.reference('loyalty.staff');

-- Which kinds of event a role may submit, and how much without a second person: for adjust and transfer in whole points, for purchase
-- in minor units of money. NULL: no limit; 0: always needs a second person. No row: never.
CREATE TABLE loyalty.role_limit (
  role text NOT NULL, type loyalty.event_type NOT NULL,
  per_event bigint, per_member_day bigint, per_person_day bigint,  -- day: of the programme; both count what this person did
  CONSTRAINT role_limit_pk PRIMARY KEY (role, type));
SELECT dist.reference('loyalty.role_limit');
INSERT INTO loyalty.role_limit (role, type, per_event, per_member_day, per_person_day) VALUES
  ('support', 'purchase', 20000, 20000, 200000), ('support', 'adjust', 250, 250, 2500), ('support', 'transfer', 1000, 1000, 10000),
  ('manager', 'purchase', 200000, 200000, 2000000), ('manager', 'adjust', 5000, 10000, 50000), ('manager', 'transfer', 25000, 50000, 250000),
  ('admin', 'purchase', 200000, 200000, 2000000), ('admin', 'adjust', 5000, 10000, 50000), ('admin', 'transfer', 25000, 50000, 250000);
-- What takes points, only asks, or rests on evidence that stands beside it is free; what could invent points or money some other way waits for a second person.
INSERT INTO loyalty.role_limit (role, type)
SELECT r, t::loyalty.event_type FROM unnest(ARRAY['support', 'manager', 'admin']) r, unnest(ARRAY['return', 'redeem', 'cancel_reward', 'enrol', 'session_end',
  'verify', 'unverify']) t;
INSERT INTO loyalty.role_limit (role, type, per_event, per_member_day, per_person_day)
SELECT r, t::loyalty.event_type, 0, 0, 0 FROM unnest(ARRAY['support', 'manager', 'admin']) r,
       unnest(ARRAY['partner', 'activity', 'subscribe', 'use_benefit', 'cancel_plan', 'tier_grant']) t;
-- Merging gives one member what another had: whoever serves members asks for it.
INSERT INTO loyalty.role_limit (role, type, per_event)
SELECT r, t::loyalty.event_type, CASE r WHEN 'support' THEN 0 END FROM unnest(ARRAY['support', 'manager', 'admin']) r, unnest(ARRAY['merge', 'unmerge']) t;
INSERT INTO loyalty.role_limit (role, type)
SELECT 'pos', t::loyalty.event_type FROM unnest(ARRAY['enrol', 'purchase', 'partner', 'activity', 'return', 'redeem', 'subscribe',
  'use_benefit', 'cancel_plan', 'session_end', 'cancel_reward', 'transfer', 'verify', 'unverify']) t;

-- An event that waits for a second person. request_hash is of what was asked for, so that what is approved is what was shown.
CREATE TABLE loyalty.approval (
  member_id bigint NOT NULL, source text NOT NULL, external_id text NOT NULL,  -- the event's own key: approved twice is once
  type loyalty.event_type NOT NULL, activity_on date NOT NULL, body jsonb NOT NULL, request_hash bytea NOT NULL,
  why text NOT NULL,                     -- which limit it is above
  requested_by name NOT NULL DEFAULT session_user, requested_at timestamptz NOT NULL DEFAULT now(),
  decided_by name, decided_at timestamptz, decision text, decision_reason text, seq bigint,
  CONSTRAINT approval_pk PRIMARY KEY (member_id, source, external_id),
  CONSTRAINT approval_decision_ck CHECK (decision IN ('approved', 'refused')),
  CONSTRAINT approval_decided_ck CHECK ((decided_by IS NULL) = (decision IS NULL)),
  CONSTRAINT approval_other_ck CHECK (decided_by IS NULL OR decided_by <> requested_by));
SELECT dist.distribute('loyalty.approval', 'member_id', 'loyalty.member');
CREATE INDEX approval_waiting ON loyalty.approval (requested_at, member_id) WHERE decision IS NULL;

-- Who did what to whom. One chain of hashes a member (member 0: the house itself), so that a missing or changed row shows.
CREATE TABLE loyalty.audit_log (
  member_id bigint NOT NULL, audit_no bigint NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp(),
  login name NOT NULL DEFAULT session_user, application text NOT NULL DEFAULT coalesce(current_setting('application_name', true), ''),
  client inet DEFAULT inet_client_addr(),
  action text NOT NULL, object text NOT NULL DEFAULT '',
  changed jsonb,                         -- {"column": [old, new]}; never personal data, only that it changed
  hash bytea NOT NULL,
  CONSTRAINT audit_log_pk PRIMARY KEY (member_id, audit_no));
SELECT dist.distribute('loyalty.audit_log', 'member_id', 'none');
CREATE INDEX audit_log_login ON loyalty.audit_log (login, at);
CREATE INDEX audit_log_at ON loyalty.audit_log (at, member_id, audit_no);

CREATE FUNCTION loyalty.audit_hash(p_prev bytea, p_member_id bigint, p_no bigint, p_at timestamptz, p_login name, p_application text,
  p_client inet, p_action text, p_object text, p_changed jsonb) RETURNS bytea LANGUAGE sql STABLE AS
$$ SELECT sha256(p_prev || convert_to(concat_ws(E'\x1f', p_member_id, p_no, extract(epoch FROM p_at), p_login, p_application, host(p_client),
     p_action, p_object, p_changed), 'UTF8')) $$;

-- Writes one line of the log, in the caller's transaction. The lock orders writers of one chain.
CREATE FUNCTION loyalty.audit_write(p_member_id bigint, p_action text, p_object text, p_changed jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_prev loyalty.audit_log; v_at timestamptz; v_app text := coalesce(current_setting('application_name', true), '');
BEGIN
  PERFORM pg_advisory_xact_lock(8, hashint8(p_member_id));
  SELECT * INTO v_prev FROM loyalty.audit_log a WHERE a.member_id = p_member_id ORDER BY a.audit_no DESC LIMIT 1;
  v_at := clock_timestamp();
  INSERT INTO loyalty.audit_log (member_id, audit_no, at, login, application, client, action, object, changed, hash)
  VALUES (p_member_id, coalesce(v_prev.audit_no, 0) + 1, v_at, session_user, v_app, inet_client_addr(), p_action, p_object, p_changed,
          loyalty.audit_hash(coalesce(v_prev.hash, '\x'), p_member_id, coalesce(v_prev.audit_no, 0) + 1, v_at, session_user, v_app,
                             inet_client_addr(), p_action, p_object, p_changed));
END $$;

-- The role of whoever is asking; an error for anyone who is not active staff. A superuser counts as admin (first set-up).
CREATE FUNCTION loyalty.caller_role() RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_role text;
BEGIN
  SELECT s.role INTO v_role FROM loyalty.staff s WHERE s.login = session_user AND s.active;
  IF v_role IS NULL AND (SELECT rolsuper FROM pg_roles WHERE rolname = session_user) THEN v_role := 'admin'; END IF;
  IF v_role IS NULL THEN
    RAISE EXCEPTION '% is not active staff of this programme', session_user USING ERRCODE = 'LY001',
      HINT = 'an administrator can add you: loyalty staff add LOGIN NAME ROLE';
  END IF;
  RETURN v_role;
END $$;

CREATE FUNCTION loyalty.staff_add(p_login name, p_name text, p_role text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_old loyalty.staff;
BEGIN
  IF loyalty.caller_role() <> 'admin' THEN
    RAISE EXCEPTION 'only an administrator adds staff' USING ERRCODE = 'LY001';
  END IF;
  SELECT * INTO v_old FROM loyalty.staff s WHERE s.login = p_login;
  PERFORM dist.close_login(p_login);
  PERFORM dist.make_login(p_login, p_role);
  INSERT INTO loyalty.staff (login, name, role) VALUES (p_login, p_name, p_role)
    ON CONFLICT (login) DO UPDATE SET name = excluded.name, role = excluded.role, active = true;
  PERFORM loyalty.audit_write(0, 'staff.add', p_login, jsonb_build_object('role', jsonb_build_array(v_old.role, p_role)));
END $$;

CREATE FUNCTION loyalty.staff_disable(p_login name) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF loyalty.caller_role() <> 'admin' THEN
    RAISE EXCEPTION 'only an administrator disables staff' USING ERRCODE = 'LY001';
  END IF;
  UPDATE loyalty.staff SET active = false WHERE login = p_login AND active;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no active staff with the login %', p_login USING ERRCODE = 'LY004', HINT = 'see: loyalty staff list';
  END IF;
  PERFORM dist.close_login(p_login);
  PERFORM loyalty.audit_write(0, 'staff.disable', p_login, NULL);
END $$;
