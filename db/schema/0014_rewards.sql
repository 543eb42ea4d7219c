-- Issued rewards after they were issued: their codes, their stock, and what becomes of them at a till.
--
-- What moves points is an event of the journal, worked by the engine: 'redeem' issues rewards (grants, payouts and automatic issues
-- do too, by a date or another event), 'cancel_reward' takes one back and gives its points to the very lots that paid.
-- What happens to the code alone is a state in issued_reward, changed by the functions below and told in reward_step:
--
--   issued -> reserved -> redeemed       a till reserves until a moment, then uses; after that moment it is issued again, by itself
--   issued -> redeemed                   wholly, or part by part as long as something of its value is left
--   issued -> donated, expired           expired: from its day on, written down when the worker closes that day; no points return
--   issued -> cancelled                  at once when cancel_reward is submitted; issued again should a worker deny the event

-- A code as it is looked up, however it was typed: letters and digits alone, capitals, O as 0, I and L as 1.
CREATE FUNCTION loyalty.code_normal(p_code text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN translate(upper(regexp_replace(p_code, '[^0-9A-Za-z]', '', 'g')), 'OIL', '011');

-- Every code there is, unique over all members: of issued rewards, and of pools, whose codes wait for a member.
CREATE TABLE loyalty.reward_code (
  code text COLLATE "C" NOT NULL,        -- as code_normal() gives it
  reward_id smallint NOT NULL, member_id bigint, reward_no bigint,   -- whose it is; NULL: nobody's yet
  printed text,                          -- of a pool: as it came; NULL: drawn by us, printed in groups of four
  CONSTRAINT reward_code_pk PRIMARY KEY (code),
  CONSTRAINT reward_code_code_ck CHECK (length(code) BETWEEN 4 AND 64 AND length(printed) <= 80),
  CONSTRAINT reward_code_owner_ck CHECK ((member_id IS NULL) = (reward_no IS NULL)));
SELECT dist.distribute('loyalty.reward_code', 'code', 'none');
CREATE INDEX reward_code_free ON loyalty.reward_code (reward_id) WHERE member_id IS NULL;

-- Rewards of which there is a number. No row: as many as members can pay for. A redemption takes its units from free to held when
-- it is submitted, so that it is refused at once where there are none; the worker makes them issued, or free again if it denies.
-- What the programme issues by itself (grants, payouts, automatic issues) cannot be refused: without stock it waits for its code.
CREATE TABLE loyalty.reward_stock (
  reward_id smallint NOT NULL, is_pool boolean NOT NULL,             -- a pool's stock is its imported codes; one used never returns
  total bigint NOT NULL, free bigint NOT NULL, held bigint NOT NULL DEFAULT 0, issued bigint NOT NULL DEFAULT 0,
  CONSTRAINT reward_stock_pk PRIMARY KEY (reward_id),
  CONSTRAINT reward_stock_ck CHECK (free >= 0 AND held >= 0 AND issued >= 0 AND total = free + held + issued));
SELECT dist.reference('loyalty.reward_stock');

CREATE TABLE loyalty.stock_hold (
  member_id bigint NOT NULL, seq bigint NOT NULL, reward_id smallint NOT NULL, units bigint NOT NULL,
  CONSTRAINT stock_hold_pk PRIMARY KEY (member_id, seq),
  CONSTRAINT stock_hold_units_ck CHECK (units > 0));
SELECT dist.distribute('loyalty.stock_hold', 'member_id', 'loyalty.member');

-- How many of each were issued and what became of them, kept for the screens in a row a bucket, so that workers never meet.
CREATE TABLE loyalty.reward_tally (
  reward_id smallint NOT NULL, bucket smallint NOT NULL, issued bigint NOT NULL DEFAULT 0, redeemed bigint NOT NULL DEFAULT 0,
  donated bigint NOT NULL DEFAULT 0, expired bigint NOT NULL DEFAULT 0, cancelled bigint NOT NULL DEFAULT 0,
  CONSTRAINT reward_tally_pk PRIMARY KEY (reward_id, bucket)) WITH (fillfactor = 50);
SELECT dist.reference('loyalty.reward_tally');

-- What happened to an issued reward since. Only ever added to. key: the till's own for what it asked, so that asking twice is once.
CREATE TABLE loyalty.reward_step (
  member_id bigint NOT NULL, reward_no bigint NOT NULL, step_no int NOT NULL, step text NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(), login name NOT NULL DEFAULT session_user, key text NOT NULL DEFAULT '',
  amount_minor bigint, until_at timestamptz, note text NOT NULL DEFAULT '', seq bigint,    -- seq: the event, of cancel and restore
  CONSTRAINT reward_step_pk PRIMARY KEY (member_id, reward_no, step_no),
  CONSTRAINT reward_step_step_ck CHECK (step IN ('reserve', 'release', 'use', 'donate', 'expire', 'cancel', 'restore')));
SELECT dist.distribute('loyalty.reward_step', 'member_id', 'loyalty.member');

CREATE FUNCTION loyalty.reward_step_add(i loyalty.issued_reward, p_step text, p_key text DEFAULT '', p_amount bigint DEFAULT NULL,
  p_until timestamptz DEFAULT NULL, p_note text DEFAULT '', p_seq bigint DEFAULT NULL) RETURNS void LANGUAGE sql
SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO loyalty.reward_step (member_id, reward_no, step_no, step, key, amount_minor, until_at, note, seq)
  SELECT i.member_id, i.reward_no, coalesce((SELECT max(s.step_no) FROM loyalty.reward_step s WHERE s.member_id = i.member_id
           AND s.reward_no = i.reward_no), 0) + 1, p_step, p_key, p_amount, p_until, coalesce(p_note, ''), p_seq $$;

CREATE FUNCTION loyalty.reward_tallied(p_reward_id smallint, p_member_id bigint, p_state text, p_change int) RETURNS void LANGUAGE sql
SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO loyalty.reward_tally AS t (reward_id, bucket, redeemed, donated, expired, cancelled)
  SELECT p_reward_id, loyalty.bucket_of(p_member_id), (p_state = 'redeemed')::int * p_change, (p_state = 'donated')::int * p_change,
         (p_state = 'expired')::int * p_change, (p_state = 'cancelled')::int * p_change
  ON CONFLICT (reward_id, bucket) DO UPDATE SET redeemed = t.redeemed + excluded.redeemed, donated = t.donated + excluded.donated,
    expired = t.expired + excluded.expired, cancelled = t.cancelled + excluded.cancelled $$;

-- Stock.

-- Takes what a redemption just submitted will need, or refuses it (LY030).
CREATE FUNCTION loyalty.stock_hold_add(p_member_id bigint, p_seq bigint, p_reward text, p_units bigint) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE s loyalty.reward_stock; v_units bigint := coalesce(p_units, 1);
BEGIN
  IF EXISTS (SELECT FROM loyalty.reward r WHERE r.code = p_reward AND r.kind = 'partner_transfer') THEN v_units := 1; END IF;
  IF v_units NOT BETWEEN 1 AND 100000000 THEN RETURN; END IF;          -- the engine refuses it
  SELECT x.* INTO s FROM loyalty.reward_stock x JOIN loyalty.reward r USING (reward_id) WHERE r.code = p_reward FOR UPDATE OF x;
  IF NOT FOUND THEN RETURN; END IF;
  IF s.free < v_units THEN
    RAISE EXCEPTION '%', CASE WHEN s.free = 0 THEN format('there are no %s left', p_reward)
                         ELSE format('there are only %s %s left', s.free, p_reward) END USING ERRCODE = 'LY030',
      HINT = CASE WHEN s.is_pool THEN 'more codes come with: loyalty import codes' ELSE 'more come with: loyalty reward stock' END;
  END IF;
  UPDATE loyalty.reward_stock x SET free = s.free - v_units, held = s.held + v_units WHERE x.reward_id = s.reward_id;
  INSERT INTO loyalty.stock_hold VALUES (p_member_id, p_seq, s.reward_id, v_units);
END $$;

-- Gives back what is still held for these events: they were denied, or given up.
CREATE FUNCTION loyalty.stock_release(p_member_id bigint[], p_seq bigint[]) RETURNS void LANGUAGE sql
SET search_path = pg_catalog, pg_temp AS $$
  WITH gone AS (DELETE FROM loyalty.stock_hold h USING unnest(p_member_id, p_seq) g (member_id, seq)
                 WHERE h.member_id = g.member_id AND h.seq = g.seq RETURNING h.reward_id, h.units)
  UPDATE loyalty.reward_stock s SET free = s.free + x.units, held = s.held - x.units
    FROM (SELECT g.reward_id, sum(g.units)::bigint AS units FROM gone g GROUP BY 1) x WHERE s.reward_id = x.reward_id $$;

-- Gives codes to those of these issued rewards that have none: what was held for them first, then as far as there are free ones.
-- A pool gives its own codes, each once; else p_code has one for each. The caller has locked the stock.
CREATE FUNCTION loyalty.stock_give(p_stock loyalty.reward_stock, p_member_id bigint[], p_reward_no bigint[], p_code text[]) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_held bigint; v_free bigint;
BEGIN
  WITH bare AS (
    SELECT i.member_id, i.reward_no, i.seq, g.code, h.units, row_number() OVER (PARTITION BY i.member_id, i.seq ORDER BY i.reward_no) <= coalesce(h.units, 0) AS is_held
      FROM unnest(p_member_id, p_reward_no, p_code) g (member_id, reward_no, code)
      JOIN loyalty.issued_reward i ON i.member_id = g.member_id AND i.reward_no = g.reward_no
      LEFT JOIN loyalty.stock_hold h ON h.member_id = i.member_id AND h.seq = i.seq AND h.reward_id = i.reward_id
     WHERE i.reward_id = p_stock.reward_id AND i.code IS NULL),
  chosen AS (
    SELECT b.*, row_number() OVER (ORDER BY b.member_id, b.reward_no) AS nth
      FROM (SELECT b.*, row_number() OVER (PARTITION BY b.is_held ORDER BY b.member_id, b.reward_no) AS place FROM bare b) b
     WHERE b.is_held OR b.place <= p_stock.free),
  picked AS (
    SELECT c.code, row_number() OVER () AS nth FROM (
      SELECT c.code FROM loyalty.reward_code c WHERE p_stock.is_pool AND c.reward_id = p_stock.reward_id AND c.member_id IS NULL
       LIMIT (SELECT count(*) FROM chosen) FOR UPDATE SKIP LOCKED) c),
  given AS (
    SELECT c.member_id, c.reward_no, c.seq, c.units, c.is_held, CASE WHEN p_stock.is_pool THEN p.code ELSE c.code END AS code
      FROM chosen c LEFT JOIN picked p USING (nth) WHERE NOT p_stock.is_pool OR p.code IS NOT NULL),
  handed AS (
    UPDATE loyalty.reward_code c SET member_id = g.member_id, reward_no = g.reward_no FROM given g WHERE p_stock.is_pool AND c.code = g.code),
  drawn AS (
    INSERT INTO loyalty.reward_code (code, reward_id, member_id, reward_no)
    SELECT g.code, p_stock.reward_id, g.member_id, g.reward_no FROM given g WHERE NOT p_stock.is_pool),
  coded AS (
    UPDATE loyalty.issued_reward i SET code = g.code, is_stocked = p_stock.total > 0 FROM given g
     WHERE i.member_id = g.member_id AND i.reward_no = g.reward_no),
  unheld AS (
    DELETE FROM loyalty.stock_hold h USING given g WHERE h.member_id = g.member_id AND h.seq = g.seq AND g.is_held)
  SELECT count(*) FILTER (WHERE g.is_held), count(*) FILTER (WHERE NOT g.is_held) INTO v_held, v_free FROM given g;
  UPDATE loyalty.reward_stock s SET held = s.held - v_held, free = s.free - v_free, issued = s.issued + v_held + v_free
   WHERE s.reward_id = p_stock.reward_id AND v_held + v_free > 0;
  RETURN v_held + v_free;
END $$;

-- What a worker's batch means for codes, stock and tallies, in its transaction: the redemptions it processed, the rewards it issued
-- (each with a code drawn for it) and the cancellations it posted or denied.
CREATE FUNCTION loyalty.rewards_settle(p_redeem_member bigint[], p_redeem_seq bigint[], p_member bigint[], p_reward_no bigint[], p_code text[],
  p_cancel_member bigint[], p_cancel_no bigint[], p_cancel_seq bigint[], p_cancelled boolean[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE s loyalty.reward_stock; v_ended record;
BEGIN
  FOR s IN SELECT x.* FROM loyalty.reward_stock x                      -- in one order, so that no two workers wait for each other
            WHERE x.reward_id IN (SELECT h.reward_id FROM unnest(p_redeem_member, p_redeem_seq) g (m, q)
                                    JOIN loyalty.stock_hold h ON h.member_id = g.m AND h.seq = g.q
                                  UNION SELECT r.reward_id FROM unnest(p_member || p_cancel_member, p_reward_no || p_cancel_no) g (m, n)
                                    JOIN loyalty.issued_reward r ON r.member_id = g.m AND r.reward_no = g.n)
            ORDER BY x.reward_id FOR UPDATE LOOP
    PERFORM loyalty.stock_give(s, p_member, p_reward_no, p_code);
  END LOOP;
  PERFORM loyalty.stock_release(p_redeem_member, p_redeem_seq);
  FOR v_ended IN SELECT r AS issued, g.q AS seq, g.good FROM unnest(p_cancel_member, p_cancel_no, p_cancel_seq, p_cancelled) g (m, n, q, good)
              JOIN loyalty.issued_reward r ON r.member_id = g.m AND r.reward_no = g.n
             WHERE CASE WHEN g.good THEN r.cancel_seq IS NULL OR r.cancel_seq = g.q ELSE r.cancel_seq = g.q END LOOP
    PERFORM loyalty.reward_cancel_end(v_ended.issued, v_ended.seq, v_ended.good);
  END LOOP;
  INSERT INTO loyalty.reward_tally AS t (reward_id, bucket, issued)
  SELECT r.reward_id, loyalty.bucket_of(r.member_id), count(*) FROM unnest(p_member, p_reward_no) g (m, n)
    JOIN loyalty.issued_reward r ON r.member_id = g.m AND r.reward_no = g.n GROUP BY 1, 2 ORDER BY 1, 2
  ON CONFLICT (reward_id, bucket) DO UPDATE SET issued = t.issued + excluded.issued;
END $$;

-- States.

-- What an issued reward is at this moment: reservations and validity end by themselves. A reservation made in time outlasts the validity.
CREATE FUNCTION loyalty.reward_state(i loyalty.issued_reward) RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN CASE WHEN i.state NOT IN ('issued', 'reserved') OR (i.state = 'reserved' AND i.reserved_until > clock_timestamp()) THEN i.state
            WHEN i.expires_on <= loyalty.business_day() THEN 'expired' ELSE 'issued' END;

-- In whole units of money, for messages.
CREATE FUNCTION loyalty.money_words(p_minor bigint) RETURNS text LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp
RETURN to_char(p_minor / 100.0, 'FM999999999990.00');

-- The issued reward of a code, locked for the transaction, so that of two tills with one code the second sees what the first did.
CREATE FUNCTION loyalty.reward_lock(p_code text) RETURNS loyalty.issued_reward LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE i loyalty.issued_reward;
BEGIN
  SELECT x.* INTO i FROM loyalty.reward_code c JOIN loyalty.issued_reward x USING (member_id, reward_no)
   WHERE c.code = loyalty.code_normal(p_code) FOR UPDATE OF x;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no issued reward with this code' USING ERRCODE = 'LY004', HINT = 'type it again, or scan it';
  ELSIF EXISTS (SELECT FROM loyalty.reward r WHERE r.reward_id = i.reward_id AND r.kind = 'partner_transfer') THEN
    RAISE EXCEPTION 'these points go to a partner: there is nothing to use' USING ERRCODE = 'LY031', HINT = 'the partner is told with: loyalty partner transfers';
  END IF;
  RETURN i;
END $$;

-- Refuses (LY031) what the state does not allow, with one clear reason. A key that holds the reservation may use it.
CREATE FUNCTION loyalty.reward_ready(i loyalty.issued_reward, p_key text) RETURNS void LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_state text := loyalty.reward_state(i);
BEGIN
  PERFORM loyalty.spending_check(i.member_id);
  IF coalesce(length(p_key), 0) NOT BETWEEN 1 AND 64 THEN
    RAISE EXCEPTION 'what a till asks for needs a key of its own' USING ERRCODE = 'LY002', HINT = 'at most 64 characters';
  ELSIF v_state = 'issued' OR (v_state = 'reserved' AND i.reserved_by = p_key) THEN
    RETURN;
  ELSIF v_state = 'reserved' THEN
    RAISE EXCEPTION 'this reward is reserved elsewhere until %',
      to_char(i.reserved_until AT TIME ZONE coalesce((SELECT p.timezone FROM loyalty.programme p), 'UTC'), 'YYYY-MM-DD HH24:MI:SS')
      USING ERRCODE = 'LY031', HINT = 'wait, or let the other one release it';
  END IF;
  RAISE EXCEPTION '%', CASE v_state WHEN 'redeemed' THEN 'this reward has been used already' WHEN 'donated' THEN 'this reward has been donated'
    WHEN 'cancelled' THEN 'this reward has been cancelled' ELSE format('this reward expired on %s', i.expires_on) END USING ERRCODE = 'LY031';
END $$;

CREATE FUNCTION loyalty.reward_told(i loyalty.issued_reward, p_action text) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF loyalty.caller_role() <> 'pos' THEN
    PERFORM loyalty.audit_write(i.member_id, 'reward.' || p_action, i.reward_no::text, NULL);
  END IF;
  PERFORM pg_notify('loyalty_member', i.member_id::text);
END $$;

-- What whoever holds a code may know about it. code NULL: none such.
CREATE FUNCTION loyalty.reward_find(p_code text, OUT member_id bigint, OUT number bigint, OUT reward_no bigint, OUT reward text, OUT name text,
  OUT state text, OUT value_minor bigint, OUT remaining_minor bigint, OUT issued_on date, OUT expires_on date, OUT reserved_until timestamptz,
  OUT reserved_by text) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM loyalty.caller_role();
  SELECT i.member_id, m.number, i.reward_no, r.code, r.name, loyalty.reward_state(i), i.value_minor, i.value_minor - i.used_minor, i.issued_on,
         i.expires_on, CASE WHEN loyalty.reward_state(i) = 'reserved' THEN i.reserved_until END,
         CASE WHEN loyalty.reward_state(i) = 'reserved' THEN i.reserved_by END
    INTO reward_find.member_id, number, reward_find.reward_no, reward, name, state, value_minor, remaining_minor, issued_on, expires_on,
         reserved_until, reserved_by
    FROM loyalty.reward_code c JOIN loyalty.issued_reward i USING (member_id, reward_no) JOIN loyalty.reward r ON r.reward_id = i.reward_id
    JOIN loyalty.member m ON m.member_id = i.member_id WHERE c.code = loyalty.code_normal(p_code);
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no issued reward with this code' USING ERRCODE = 'LY004', HINT = 'type it again, or scan it';
  END IF;
END $$;

-- Whose code it is; no row: nobody's.
CREATE FUNCTION loyalty.code_owner(p_code text) RETURNS TABLE (member_id bigint, reward_no bigint) LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 1
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT c.member_id, c.reward_no FROM loyalty.reward_code c WHERE c.code = loyalty.code_normal(p_code) AND c.member_id IS NOT NULL;
END $$;

-- Holds a reward for whoever gives this key, until then; the same key again gets the same answer.
CREATE FUNCTION loyalty.reward_reserve(p_code text, p_key text, p_seconds int DEFAULT 900) RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE i loyalty.issued_reward; v_until timestamptz;
BEGIN
  PERFORM loyalty.caller_role();
  IF p_seconds NOT BETWEEN 1 AND 86400 THEN
    RAISE EXCEPTION 'a reservation lasts 1 to 86400 seconds' USING ERRCODE = 'LY002';
  END IF;
  i := loyalty.reward_lock(p_code);
  PERFORM loyalty.reward_ready(i, p_key);
  IF loyalty.reward_state(i) = 'reserved' THEN RETURN i.reserved_until; END IF;
  v_until := clock_timestamp() + make_interval(secs => p_seconds);
  UPDATE loyalty.issued_reward x SET state = 'reserved', reserved_until = v_until, reserved_by = p_key
   WHERE x.member_id = i.member_id AND x.reward_no = i.reward_no;
  PERFORM loyalty.reward_step_add(i, 'reserve', p_key, NULL, v_until);
  PERFORM loyalty.reward_told(i, 'reserve');
  RETURN v_until;
END $$;

-- Ends a reservation before its time. Tills end their own; staff any. Where there is none, nothing happens.
CREATE FUNCTION loyalty.reward_release(p_code text, p_key text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE i loyalty.issued_reward; v_role text := loyalty.caller_role();
BEGIN
  i := loyalty.reward_lock(p_code);
  IF loyalty.reward_state(i) <> 'reserved' THEN RETURN; END IF;
  IF v_role = 'pos' THEN PERFORM loyalty.reward_ready(i, p_key); END IF;
  UPDATE loyalty.issued_reward x SET state = 'issued', reserved_until = NULL, reserved_by = NULL
   WHERE x.member_id = i.member_id AND x.reward_no = i.reward_no;
  PERFORM loyalty.reward_step_add(i, 'release', coalesce(p_key, ''));
  PERFORM loyalty.reward_told(i, 'release');
END $$;

-- Takes an issued reward, or p_amount of what is left of its value, for good; p_step is 'use' or 'donate'. Returns what is left.
-- The same key and amount again change nothing and get the same answer; another amount under a used key is an error (LY003).
CREATE FUNCTION loyalty.reward_take(p_step text, p_code text, p_key text, p_amount bigint, p_note text) RETURNS bigint LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE i loyalty.issued_reward; v_done loyalty.reward_step; v_left bigint; v_amount bigint; v_state text;
BEGIN
  i := loyalty.reward_lock(p_code);
  v_left := i.value_minor - i.used_minor;
  SELECT s.* INTO v_done FROM loyalty.reward_step s WHERE s.member_id = i.member_id AND s.reward_no = i.reward_no AND s.key = p_key
     AND s.step IN ('use', 'donate');
  IF FOUND THEN
    IF v_done.step <> p_step OR (p_amount IS NOT NULL AND p_amount <> v_done.amount_minor) THEN
      RAISE EXCEPTION 'the key % was used for something else', p_key USING ERRCODE = 'LY003', HINT = 'give each use a key of its own';
    END IF;
    RETURN v_left;
  END IF;
  PERFORM loyalty.reward_ready(i, p_key);
  v_amount := coalesce(p_amount, v_left);
  IF p_amount IS NOT NULL AND i.value_minor = 0 THEN
    RAISE EXCEPTION 'this reward has no value in money: it is used whole' USING ERRCODE = 'LY002';
  ELSIF p_amount < 1 THEN
    RAISE EXCEPTION 'an amount is above zero' USING ERRCODE = 'LY002';
  ELSIF v_amount > v_left THEN
    RAISE EXCEPTION 'only % is left of this reward', loyalty.money_words(v_left) USING ERRCODE = 'LY032';
  END IF;
  v_state := CASE WHEN v_amount < v_left THEN 'issued' WHEN p_step = 'donate' THEN 'donated' ELSE 'redeemed' END;
  UPDATE loyalty.issued_reward x SET state = v_state, used_minor = i.used_minor + v_amount, reserved_until = NULL, reserved_by = NULL
   WHERE x.member_id = i.member_id AND x.reward_no = i.reward_no;
  PERFORM loyalty.reward_step_add(i, p_step, p_key, v_amount, NULL, p_note);
  IF v_state <> 'issued' THEN PERFORM loyalty.reward_tallied(i.reward_id, i.member_id, v_state, 1); END IF;
  PERFORM loyalty.reward_told(i, p_step);
  RETURN v_left - v_amount;
END $$;
CREATE FUNCTION loyalty.reward_use(p_code text, p_key text, p_amount bigint DEFAULT NULL, p_note text DEFAULT '') RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM loyalty.caller_role();
  RETURN loyalty.reward_take('use', p_code, p_key, p_amount, p_note);
END $$;
-- What is left of it goes to somebody else's good; p_note says whose.
CREATE FUNCTION loyalty.reward_donate(p_code text, p_key text, p_note text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM loyalty.caller_role();
  RETURN loyalty.reward_take('donate', p_code, p_key, NULL, p_note);
END $$;

-- A cancellation was submitted: the code is void at once, so that no till takes it while a worker gives the points back.
CREATE FUNCTION loyalty.reward_void(p_member_id bigint, p_seq bigint, p_reward_no bigint) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE i loyalty.issued_reward; v_state text;
BEGIN
  SELECT x.* INTO i FROM loyalty.issued_reward x WHERE x.member_id = p_member_id AND x.reward_no = p_reward_no FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the member has no issued reward %', coalesce(p_reward_no::text, '') USING ERRCODE = 'LY004';
  END IF;
  v_state := loyalty.reward_state(i);
  IF v_state <> 'issued' OR i.used_minor > 0 THEN
    RAISE EXCEPTION 'this reward cannot be cancelled: %', CASE WHEN i.used_minor > 0 THEN format('%s of it has been used', loyalty.money_words(i.used_minor))
      ELSE 'it is ' || v_state END USING ERRCODE = 'LY031', HINT = CASE v_state WHEN 'reserved' THEN 'release the reservation first' ELSE '' END;
  END IF;
  UPDATE loyalty.issued_reward x SET state = 'cancelled', reserved_until = NULL, reserved_by = NULL, cancel_seq = p_seq
   WHERE x.member_id = p_member_id AND x.reward_no = p_reward_no;
  PERFORM loyalty.reward_step_add(i, 'cancel', '', NULL, NULL, '', p_seq);
  PERFORM loyalty.reward_tallied(i.reward_id, i.member_id, 'cancelled', 1);
END $$;

-- A worker has posted the cancellation: what was counted returns to the stock, but never a pool's code, which the member has seen.
-- Or the cancellation was denied or given up: the code is good again.
CREATE FUNCTION loyalty.reward_cancel_end(i loyalty.issued_reward, p_seq bigint, p_is_good boolean) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT p_is_good THEN
    UPDATE loyalty.issued_reward x SET state = 'issued', cancel_seq = NULL WHERE x.member_id = i.member_id AND x.reward_no = i.reward_no;
    PERFORM loyalty.reward_step_add(i, 'restore', '', NULL, NULL, '', p_seq);
    PERFORM loyalty.reward_tallied(i.reward_id, i.member_id, 'cancelled', -1);
    RETURN;
  END IF;
  IF i.cancel_seq IS NULL THEN PERFORM loyalty.reward_void(i.member_id, p_seq, i.reward_no); END IF;
  UPDATE loyalty.reward_stock s SET free = s.free + 1, issued = s.issued - 1 WHERE s.reward_id = i.reward_id AND i.is_stocked AND NOT s.is_pool;
  IF FOUND THEN
    UPDATE loyalty.issued_reward x SET is_stocked = false WHERE x.member_id = i.member_id AND x.reward_no = i.reward_no;
  END IF;
END $$;

-- An event that no worker could post is given up.
CREATE FUNCTION loyalty.reward_event_dropped(p_member_id bigint, p_seq bigint) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE i loyalty.issued_reward;
BEGIN
  PERFORM loyalty.stock_release(ARRAY[p_member_id], ARRAY[p_seq]);
  SELECT x.* INTO i FROM loyalty.issued_reward x WHERE x.member_id = p_member_id AND x.cancel_seq = p_seq FOR UPDATE;
  IF FOUND THEN PERFORM loyalty.reward_cancel_end(i, p_seq, false); END IF;
END $$;

-- Writes down what has expired by the day the worker closes, at most p_limit; returns how many. A till that holds one keeps it.
CREATE FUNCTION loyalty.rewards_expire(p_day date, p_limit int) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_count bigint;
BEGIN
  WITH due AS (
    SELECT x.member_id, x.reward_no FROM loyalty.issued_reward x WHERE x.state IN ('issued', 'reserved') AND x.expires_on <= p_day
       AND (x.state = 'issued' OR x.reserved_until <= now()) ORDER BY x.expires_on, x.member_id, x.reward_no LIMIT p_limit FOR UPDATE SKIP LOCKED),
  gone AS (
    UPDATE loyalty.issued_reward i SET state = 'expired', reserved_until = NULL, reserved_by = NULL FROM due d
     WHERE i.member_id = d.member_id AND i.reward_no = d.reward_no RETURNING i.*),
  told AS (
    INSERT INTO loyalty.reward_step (member_id, reward_no, step_no, step)
    SELECT g.member_id, g.reward_no, coalesce((SELECT max(s.step_no) FROM loyalty.reward_step s WHERE s.member_id = g.member_id
             AND s.reward_no = g.reward_no), 0) + 1, 'expire' FROM gone g),
  tallied AS (
    INSERT INTO loyalty.reward_tally AS t (reward_id, bucket, expired)
    SELECT g.reward_id, loyalty.bucket_of(g.member_id), count(*) FROM gone g GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (reward_id, bucket) DO UPDATE SET expired = t.expired + excluded.expired)
  SELECT count(*) INTO v_count FROM gone;
  RETURN v_count;
END $$;

-- Whoever looks after the catalogue.

-- Says how many of a reward there may be from now on, those out already not counted; NULL: as many as members can pay for.
CREATE FUNCTION loyalty.stock_set(p_reward text, p_total bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_id smallint; s loyalty.reward_stock;
BEGIN
  IF loyalty.caller_role() NOT IN ('marketing', 'manager', 'admin') THEN
    RAISE EXCEPTION 'only marketing, managers and administrators set stock' USING ERRCODE = 'LY001';
  ELSIF p_total NOT BETWEEN 0 AND 1000000000000 THEN
    RAISE EXCEPTION 'a stock is 0 to 1000000000000' USING ERRCODE = 'LY002';
  END IF;
  SELECT r.reward_id INTO v_id FROM loyalty.reward r WHERE r.code = p_reward;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the programme has no reward "%"', p_reward USING ERRCODE = 'LY004', HINT = 'see: loyalty reward list';
  END IF;
  SELECT x.* INTO s FROM loyalty.reward_stock x WHERE x.reward_id = v_id FOR UPDATE;
  IF s.is_pool THEN
    RAISE EXCEPTION 'the stock of % is its imported codes', p_reward USING ERRCODE = 'LY030', HINT = 'more come with: loyalty import codes';
  ELSIF p_total < s.held + s.issued THEN
    RAISE EXCEPTION '% % are out already', s.held + s.issued, p_reward USING ERRCODE = 'LY030', HINT = 'the stock cannot be less than that';
  ELSIF p_total IS NULL AND s.held > 0 THEN
    RAISE EXCEPTION '% redemptions of % are under way', s.held, p_reward USING ERRCODE = 'LY030', HINT = 'try again in a moment';
  END IF;
  IF p_total IS NULL THEN
    DELETE FROM loyalty.reward_stock x WHERE x.reward_id = v_id;
    UPDATE loyalty.issued_reward i SET is_stocked = false WHERE i.reward_id = v_id AND i.is_stocked;
  ELSE
    INSERT INTO loyalty.reward_stock AS x (reward_id, is_pool, total, free) VALUES (v_id, false, p_total, p_total)
    ON CONFLICT (reward_id) DO UPDATE SET total = excluded.total, free = excluded.total - x.held - x.issued;
  END IF;
  PERFORM loyalty.audit_write(0, 'reward.stock', p_reward, jsonb_build_object('total', jsonb_build_array(s.total, p_total)));
END $$;

-- Gives codes to rewards that wait for stock, the oldest members first, one of p_code for each; returns how many are served. p_code NULL
-- only counts those that wait and could be served.
CREATE FUNCTION loyalty.stock_serve(p_reward text, p_code text[]) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_id smallint; s loyalty.reward_stock; v_member bigint[]; v_no bigint[];
BEGIN
  IF loyalty.caller_role() NOT IN ('marketing', 'manager', 'admin') THEN
    RAISE EXCEPTION 'only marketing, managers and administrators serve who waits' USING ERRCODE = 'LY001';
  END IF;
  SELECT r.reward_id INTO v_id FROM loyalty.reward r WHERE r.code = p_reward;
  SELECT x.* INTO s FROM loyalty.reward_stock x WHERE x.reward_id = v_id FOR UPDATE;
  IF NOT FOUND AND p_code IS NOT NULL THEN                             -- no limit any more
    s := (v_id, false, 0, 1000000000000, 0, 0);
  END IF;
  IF p_code IS NULL THEN
    RETURN (SELECT least(count(*), CASE WHEN s.reward_id IS NULL THEN count(*) ELSE s.free END) FROM loyalty.issued_reward i
             WHERE i.reward_id = v_id AND i.code IS NULL AND i.state = 'issued');
  END IF;
  SELECT array_agg(w.member_id), array_agg(w.reward_no) INTO v_member, v_no FROM (
    SELECT i.member_id, i.reward_no FROM loyalty.issued_reward i WHERE i.reward_id = v_id AND i.code IS NULL AND i.state = 'issued'
     ORDER BY i.reward_id, i.member_id, i.reward_no LIMIT cardinality(p_code)) w;
  RETURN loyalty.stock_give(s, v_member, v_no, p_code);
END $$;

-- How many issued ones of a reward have no code yet, for whoever looks at the catalogue.
CREATE FUNCTION loyalty.stock_waiting(p_reward_id smallint) RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT count(*) FROM loyalty.issued_reward i WHERE i.reward_id = p_reward_id AND i.code IS NULL AND i.state = 'issued' $$;

-- Codes of a pool on their way in, from a file; see 0010_import.sql.
CREATE UNLOGGED TABLE loyalty.import_code (
  import_no bigint NOT NULL, line_no bigint NOT NULL, reward text NOT NULL, code text NOT NULL,
  by_login name NOT NULL DEFAULT session_user,
  CONSTRAINT import_code_pk PRIMARY KEY (import_no, line_no));
SELECT dist.distribute('loyalty.import_code', 'import_no', 'loyalty.import_event');

-- Takes lines p_from..p_to of staged codes into the pool of their reward. A code this pool has already is known; one that
-- stands in an earlier line, or belongs to another reward, is rejected. What looks alike is the same code.
CREATE FUNCTION loyalty.import_codes(p_import_no bigint, p_from bigint, p_to bigint, OUT taken bigint, OUT known bigint, OUT rejected bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_reward text; v_id smallint; v_lines bigint;
BEGIN
  IF loyalty.caller_role() NOT IN ('marketing', 'admin') THEN
    RAISE EXCEPTION 'only marketing and administrators import codes' USING ERRCODE = 'LY001';
  END IF;
  PERFORM loyalty.import_check(p_import_no);
  PERFORM loyalty.import_own(p_import_no, (SELECT count(*) FROM loyalty.import_code s
    WHERE s.import_no = p_import_no AND s.line_no BETWEEN p_from AND p_to AND s.by_login <> session_user));
  SELECT min(s.reward), count(*) INTO v_reward, v_lines FROM loyalty.import_code s WHERE s.import_no = p_import_no AND s.line_no BETWEEN p_from AND p_to;
  v_id := loyalty.pool_open(v_reward);
  INSERT INTO loyalty.import_reject (import_no, line_no, reason)
  SELECT p_import_no, x.line_no, CASE WHEN length(x.code) < 4 THEN 'code: it has less than 4 letters and digits' WHEN x.nth > 1 THEN 'code: it stands in an earlier line too'
                                      ELSE 'code: it belongs to another reward already' END
    FROM (SELECT s.line_no, loyalty.code_normal(s.code) AS code, row_number() OVER (PARTITION BY loyalty.code_normal(s.code) ORDER BY s.line_no) AS nth
            FROM loyalty.import_code s WHERE s.import_no = p_import_no AND s.line_no BETWEEN p_from AND p_to) x
    LEFT JOIN loyalty.reward_code c ON c.code = x.code
   WHERE length(x.code) < 4 OR x.nth > 1 OR c.reward_id <> v_id OR (c.code IS NOT NULL AND c.printed IS NULL);
  GET DIAGNOSTICS rejected = ROW_COUNT;
  INSERT INTO loyalty.reward_code (code, reward_id, printed)
  SELECT loyalty.code_normal(s.code), v_id, s.code FROM loyalty.import_code s WHERE s.import_no = p_import_no AND s.line_no BETWEEN p_from AND p_to
     AND NOT EXISTS (SELECT FROM loyalty.import_reject x WHERE x.import_no = s.import_no AND x.line_no = s.line_no) ORDER BY 1
  ON CONFLICT DO NOTHING;
  GET DIAGNOSTICS taken = ROW_COUNT;
  known := v_lines - taken - rejected;
  UPDATE loyalty.reward_stock s SET total = s.total + taken, free = s.free + taken WHERE s.reward_id = v_id;
  DELETE FROM loyalty.import_code s WHERE s.import_no = p_import_no AND s.line_no BETWEEN p_from AND p_to;
  UPDATE loyalty.import i SET taken = i.taken + import_codes.taken, known = i.known + import_codes.known,
         rejected = i.rejected + import_codes.rejected WHERE i.import_no = p_import_no;
END $$;

-- The reward of that code, from now on with a pool, which is empty at first.
CREATE FUNCTION loyalty.pool_open(p_reward text) RETURNS smallint LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_id smallint;
BEGIN
  SELECT r.reward_id INTO v_id FROM loyalty.reward r WHERE r.code = p_reward;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the programme has no reward "%"', p_reward USING ERRCODE = 'LY004', HINT = 'see: loyalty reward list';
  END IF;
  INSERT INTO loyalty.reward_stock (reward_id, is_pool, total, free) VALUES (v_id, true, 0, 0) ON CONFLICT DO NOTHING;
  IF NOT (SELECT s.is_pool FROM loyalty.reward_stock s WHERE s.reward_id = v_id) THEN
    RAISE EXCEPTION 'the stock of % is a number, not a pool of codes', p_reward USING ERRCODE = 'LY030',
      HINT = format('take the number away first: loyalty reward stock %s none', p_reward);
  END IF;
  RETURN v_id;
END $$;

-- Everything that is broken about issued rewards of members p_from <= member_id <= p_to, a row each.
CREATE FUNCTION loyalty.reward_broken(p_from bigint, p_to bigint) RETURNS TABLE (member_id bigint, invariant text, detail text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH step AS (
    SELECT s.member_id, s.reward_no, coalesce(sum(s.amount_minor) FILTER (WHERE s.step IN ('use', 'donate')), 0) AS used, count(*) AS n, max(s.step_no) AS top,
           (array_agg(s.step ORDER BY s.step_no DESC))[1] AS last
      FROM loyalty.reward_step s WHERE s.member_id BETWEEN p_from AND p_to GROUP BY 1, 2),
  reward AS (SELECT i.*, s.used, s.n, s.top, s.last FROM loyalty.issued_reward i LEFT JOIN step s USING (member_id, reward_no) WHERE i.member_id BETWEEN p_from AND p_to)
  SELECT r.member_id, 'an issued reward is what its steps made of it', format('reward %s: %s, last step %s', r.reward_no, r.state, coalesce(r.last, 'none'))
    FROM reward r WHERE r.state <> CASE coalesce(r.last, 'release') WHEN 'release' THEN 'issued' WHEN 'restore' THEN 'issued' WHEN 'reserve' THEN 'reserved'
      WHEN 'expire' THEN 'expired' WHEN 'cancel' THEN 'cancelled' WHEN 'donate' THEN 'donated' ELSE CASE WHEN r.used_minor < r.value_minor THEN 'issued' ELSE 'redeemed' END END
      OR coalesce(r.n, 0) <> coalesce(r.top, 0)
  UNION ALL
  SELECT r.member_id, 'what was used of a reward is the sum of its uses', format('reward %s: %s, steps %s', r.reward_no, r.used_minor, coalesce(r.used, 0))
    FROM reward r WHERE r.used_minor <> coalesce(r.used, 0)
  UNION ALL
  SELECT s.member_id, 'a step belongs to an issued reward', format('reward %s', s.reward_no)
    FROM step s LEFT JOIN loyalty.issued_reward i USING (member_id, reward_no) WHERE i.reward_no IS NULL
  UNION ALL
  SELECT r.member_id, 'a cancelled reward has its event, which no worker denied', format('reward %s, event %s', r.reward_no, coalesce(r.cancel_seq::text, 'none'))
    FROM reward r LEFT JOIN loyalty.journal j ON j.member_id = r.member_id AND j.seq = r.cancel_seq AND j.type = 'cancel_reward' AND j.quantity = r.reward_no
    LEFT JOIN loyalty.outcome o ON o.member_id = r.member_id AND o.seq = r.cancel_seq
   WHERE (r.state = 'cancelled') <> (j.seq IS NOT NULL) OR (r.state = 'cancelled') <> (r.cancel_seq IS NOT NULL)
      OR (r.state = 'cancelled' AND o.result IN ('denied', 'cancelled'))
  UNION ALL
  SELECT r.member_id, 'a cancelled reward gave back what it cost', format('reward %s: cost %s, given back %s', r.reward_no, r.cost, coalesce(e.amount, 0))
    FROM reward r LEFT JOIN loyalty.inbox i ON i.bucket = loyalty.bucket_of(r.member_id) AND i.member_id = r.member_id AND i.seq = r.cancel_seq
    LEFT JOIN loyalty.outcome o ON o.member_id = r.member_id AND o.seq = r.cancel_seq AND o.result = 'failed'
   CROSS JOIN LATERAL (SELECT sum(e.amount) AS amount FROM loyalty.ledger_entry e
                        WHERE e.member_id = r.member_id AND e.seq = r.cancel_seq AND e.amount > 0 AND e.account_id IN (2, 8, 9)) e
   WHERE r.state = 'cancelled' AND i.seq IS NULL AND o.seq IS NULL AND r.cost <> coalesce(e.amount, 0)
  UNION ALL
  SELECT r.member_id, 'a code is of one issued reward', format('reward %s', r.reward_no)
    FROM reward r LEFT JOIN (SELECT * FROM loyalty.reward_code c WHERE c.member_id BETWEEN p_from AND p_to) c ON c.code = r.code
   WHERE r.code IS NOT NULL AND (c.member_id, c.reward_no, c.reward_id) IS DISTINCT FROM (r.member_id, r.reward_no, r.reward_id) $$;

-- The same of stocks and tallies, which are of no one member: member_id 0.
CREATE FUNCTION loyalty.stock_broken() RETURNS TABLE (member_id bigint, invariant text, detail text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT 0::bigint, 'a stock is what is free, held and issued', format('%s: %s = %s free + %s held + %s issued; found %s free, %s held, %s issued', r.code, s.total, s.free,
         s.held, s.issued, f.free, h.held, n.issued)
    FROM loyalty.reward_stock s JOIN loyalty.reward r USING (reward_id)
   CROSS JOIN LATERAL (SELECT coalesce(sum(h.units), 0) AS held FROM loyalty.stock_hold h WHERE h.reward_id = s.reward_id) h
   CROSS JOIN LATERAL (SELECT count(*) AS issued FROM loyalty.issued_reward i WHERE i.reward_id = s.reward_id AND i.is_stocked) n
   CROSS JOIN LATERAL (SELECT CASE WHEN s.is_pool THEN count(*) - h.held ELSE s.total - h.held - n.issued END AS free
                         FROM loyalty.reward_code c WHERE s.is_pool AND c.reward_id = s.reward_id AND c.member_id IS NULL) f
   WHERE (s.free, s.held, s.issued) IS DISTINCT FROM (f.free, h.held::bigint, n.issued)
  UNION ALL
  SELECT 0, 'the tally of a reward is the count of its issued rewards', format('%s: issued %s of %s, redeemed %s of %s, donated %s of %s, expired %s of %s, cancelled %s of %s',
         r.code, t.issued, i.issued, t.redeemed, i.redeemed, t.donated, i.donated, t.expired, i.expired, t.cancelled, i.cancelled)
    FROM loyalty.reward r
    JOIN (SELECT t.reward_id, sum(t.issued) AS issued, sum(t.redeemed) AS redeemed, sum(t.donated) AS donated, sum(t.expired) AS expired, sum(t.cancelled) AS cancelled
            FROM loyalty.reward_tally t GROUP BY 1) t USING (reward_id)
    FULL JOIN (SELECT i.reward_id, count(*) AS issued, count(*) FILTER (WHERE i.state = 'redeemed') AS redeemed, count(*) FILTER (WHERE i.state = 'donated') AS donated,
            count(*) FILTER (WHERE i.state = 'expired') AS expired, count(*) FILTER (WHERE i.state = 'cancelled') AS cancelled
            FROM loyalty.issued_reward i GROUP BY 1) i USING (reward_id)
   WHERE (t.issued, t.redeemed, t.donated, t.expired, t.cancelled) IS DISTINCT FROM (i.issued, i.redeemed, i.donated, i.expired, i.cancelled) $$;

-- Rights. Codes are worth money: whoever works at the desk sees those of a member, and nobody those of a pool.
GRANT SELECT ON loyalty.reward_stock, loyalty.reward_tally TO loyalty_support, loyalty_marketing, loyalty_manager, loyalty_admin, loyalty_worker;
GRANT SELECT ON loyalty.reward_step TO loyalty_support, loyalty_manager, loyalty_admin;
GRANT EXECUTE ON FUNCTION loyalty.reward_state(loyalty.issued_reward), loyalty.code_normal(text), loyalty.stock_waiting(smallint) TO loyalty_support, loyalty_marketing, loyalty_manager, loyalty_admin;
GRANT EXECUTE ON FUNCTION loyalty.reward_find(text), loyalty.reward_reserve(text, text, int), loyalty.reward_release(text, text),
  loyalty.reward_use(text, text, bigint, text), loyalty.reward_donate(text, text, text) TO loyalty_support, loyalty_manager, loyalty_admin, loyalty_pos;
GRANT EXECUTE ON FUNCTION loyalty.code_owner(text) TO loyalty_support, loyalty_manager, loyalty_admin;
GRANT EXECUTE ON FUNCTION loyalty.stock_set(text, bigint), loyalty.stock_serve(text, text[]) TO loyalty_marketing, loyalty_manager, loyalty_admin;
GRANT EXECUTE ON FUNCTION loyalty.import_codes(bigint, bigint, bigint) TO loyalty_marketing, loyalty_admin;
GRANT EXECUTE ON FUNCTION loyalty.import_start(text, text), loyalty.import_finish(bigint) TO loyalty_marketing;
GRANT INSERT (import_no, line_no, reward, code) ON loyalty.import_code TO loyalty_marketing, loyalty_admin;
GRANT SELECT ON loyalty.import_reject TO loyalty_marketing;
GRANT INSERT ON loyalty.reward_code TO loyalty_worker;
GRANT EXECUTE ON FUNCTION loyalty.rewards_settle(bigint[], bigint[], bigint[], bigint[], text[], bigint[], bigint[], bigint[], boolean[]),
  loyalty.rewards_expire(date, int) TO loyalty_worker;
GRANT EXECUTE ON FUNCTION loyalty.reward_broken(bigint, bigint), loyalty.stock_broken() TO loyalty_manager, loyalty_admin, loyalty_worker;
