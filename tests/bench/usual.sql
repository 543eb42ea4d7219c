-- The usual design, to compare the worker with: tables as ours, and one PL/pgSQL function an event that applies the rules of
-- programme.conf and writes the same rows at once. Where the engine keeps its memory in bytes, this keeps points by month.
CREATE SCHEMA usual;
CREATE TABLE usual.journal (LIKE loyalty.journal INCLUDING ALL);
CREATE TABLE usual.outcome (LIKE loyalty.outcome INCLUDING ALL);
CREATE TABLE usual.ledger_entry (LIKE loyalty.ledger_entry INCLUDING ALL);
CREATE TABLE usual.lot (LIKE loyalty.lot INCLUDING ALL) WITH (fillfactor = 80);
CREATE TABLE usual.lot_use (LIKE loyalty.lot_use INCLUDING ALL);
CREATE TABLE usual.balance (LIKE loyalty.balance INCLUDING ALL) WITH (fillfactor = 70);
CREATE TABLE usual.issued_reward (LIKE loyalty.issued_reward INCLUDING ALL);
CREATE TABLE usual.standing (LIKE loyalty.standing INCLUDING ALL) WITH (fillfactor = 60);
CREATE TABLE usual.month_points (member_id bigint, month date, points bigint NOT NULL, PRIMARY KEY (member_id, month)) WITH (fillfactor = 70);
-- Both begin from the same state.
INSERT INTO usual.ledger_entry SELECT * FROM loyalty.ledger_entry ORDER BY member_id, entry_no;
INSERT INTO usual.lot SELECT * FROM loyalty.lot ORDER BY member_id, lot_no;
INSERT INTO usual.balance SELECT * FROM loyalty.balance ORDER BY member_id;
INSERT INTO usual.standing SELECT * FROM loyalty.standing ORDER BY member_id;
UPDATE usual.standing SET memory = '\x', tier_id = 1;
VACUUM (FULL, ANALYZE) usual.standing;
VACUUM (ANALYZE) usual.ledger_entry, usual.lot, usual.balance, usual.month_points;

-- Takes p_amount from the member's open lots, those of event p_first first, then those that expire first.
CREATE FUNCTION usual.consume(p_member_id bigint, p_entry_no bigint, p_amount bigint, p_first bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE v_left bigint := p_amount; v_part bigint; l usual.lot;
BEGIN
  FOR l IN SELECT * FROM usual.lot x WHERE x.member_id = p_member_id AND x.remaining > 0
            ORDER BY x.seq IS DISTINCT FROM p_first, x.expires_on, x.earned_on, x.lot_no LOOP
    EXIT WHEN v_left = 0;
    v_part := least(v_left, l.remaining);
    UPDATE usual.lot x SET remaining = x.remaining - v_part WHERE x.member_id = p_member_id AND x.lot_no = l.lot_no;
    INSERT INTO usual.lot_use VALUES (p_member_id, p_entry_no, l.lot_no, v_part);
    v_left := v_left - v_part;
  END LOOP;
END $$;

CREATE FUNCTION usual.post(p_n bigint, p_round int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE e bench.event; s usual.standing; w usual.ledger_entry; v_seq bigint := nextval('loyalty.journal_seq'); v_today date := loyalty.business_day();
        v_points bigint; v_of bigint; v_now timestamptz := now();
BEGIN
  SELECT * INTO STRICT e FROM bench.event x WHERE x.n = p_n;
  SELECT * INTO STRICT s FROM usual.standing x WHERE x.member_id = e.member_id FOR UPDATE;
  IF e.type = 'return' THEN
    SELECT j.seq INTO v_of FROM usual.journal j WHERE j.member_id = e.member_id AND j.source = 'bench' AND j.external_id = p_round || '-' || e.of_n;
  END IF;
  INSERT INTO usual.journal (member_id, seq, type, lane, activity_on, amount, quantity, of_seq, object, source, external_id)
  VALUES (e.member_id, v_seq, e.type::loyalty.event_type, 1, v_today, CASE WHEN e.type <> 'redeem' THEN e.amount END, CASE WHEN e.type = 'redeem' THEN 1 END,
          v_of, CASE WHEN e.type = 'redeem' THEN 'coffee' END, 'bench', p_round || '-' || e.n);
  w := NULL; w.member_id := e.member_id; w.entry_no := s.entries + 1; w.seq := v_seq; w.posted_at := v_now; w.activity_on := v_today; w.currency_id := 1;
  IF e.type = 'purchase' THEN
    w.tier_id := s.tier_id; w.account_id := 1; w.rule_id := 1; w.multipliers := 0; w.factor := 10000;
    w.amount := floor(e.amount * CASE WHEN s.tier_id = 2 THEN 1.5 ELSE 1 END / 100);
  ELSIF e.type = 'return' THEN
    SELECT x.amount INTO v_points FROM usual.ledger_entry x WHERE x.member_id = e.member_id AND x.seq = v_of AND x.account_id = 1;
    w.account_id := 4; w.of_seq := v_of; w.amount := -v_points;
  ELSE
    w.account_id := 2; w.amount := -100;
  END IF;
  SELECT b.points INTO v_points FROM usual.balance b WHERE b.member_id = e.member_id AND b.currency_id = 1;
  IF w.amount IS NULL OR (e.type = 'redeem' AND v_points < 100) THEN
    INSERT INTO usual.outcome (member_id, seq, result, reason) VALUES (e.member_id, v_seq, 'denied', CASE e.type WHEN 'redeem' THEN 'balance' ELSE 'original' END);
    UPDATE usual.standing x SET last_seq = v_seq, revision = x.revision + 1 WHERE x.member_id = e.member_id;
    RETURN;
  END IF;
  w.balance_after := v_points + w.amount;
  INSERT INTO usual.ledger_entry SELECT (w).*;
  IF w.amount > 0 THEN
    s.lots := s.lots + 1;
    INSERT INTO usual.lot (member_id, lot_no, entry_no, seq, granted, remaining, earned_on, expires_on, currency_id)
    VALUES (e.member_id, s.lots, w.entry_no, v_seq, greatest(w.amount + least(v_points, 0), 0), greatest(w.amount + least(v_points, 0), 0), v_today,
            (date_trunc('month', v_today) + interval '13 months')::date, 1);
  ELSE
    PERFORM usual.consume(e.member_id, w.entry_no, -w.amount, v_of);
  END IF;
  UPDATE usual.balance b SET points = w.balance_after WHERE b.member_id = e.member_id AND b.currency_id = 1;
  IF e.type = 'redeem' THEN
    s.rewards := s.rewards + 1;
    INSERT INTO usual.issued_reward (member_id, reward_no, seq, reward_id, issued_on, value_minor) VALUES (e.member_id, s.rewards, v_seq, 1, v_today, 300);
  ELSE
    INSERT INTO usual.month_points AS p VALUES (e.member_id, date_trunc('month', v_today), w.amount)
      ON CONFLICT (member_id, month) DO UPDATE SET points = p.points + excluded.points;
    SELECT CASE WHEN sum(p.points) >= 5000 THEN 2 ELSE 1 END INTO s.tier_id
      FROM usual.month_points p WHERE p.member_id = e.member_id AND p.month > v_today - interval '12 months';
  END IF;
  UPDATE usual.standing x SET revision = x.revision + 1, entries = w.entry_no, lots = s.lots, rewards = s.rewards, tier_id = s.tier_id, last_seq = v_seq,
         processed_on = v_today, last_activity_on = v_today,
         head = sha256(s.head || int8send(w.member_id) || int8send(w.entry_no) || int8send(w.seq) || int8send(w.amount) || int8send(w.balance_after)
                       || timestamptz_send(w.posted_at) || date_send(w.activity_on) || int2send(w.currency_id) || int2send(w.account_id))
   WHERE x.member_id = e.member_id;
END $$;
