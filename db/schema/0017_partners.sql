-- Partners: whose events earn our points, and to whose currency our points go; what each of us pays for that, and settlements, in
-- which it is billed once.
--
-- Every entry of the ledger that concerns a partner has one row in partner_entry, written with it by the worker. A settlement takes all rows
-- up to a day that none has taken before, so that what is posted late falls into the next one: nothing is billed twice, or never.
-- partner_broken() holds the rows against ledger and journal, settlement_broken() what was billed against the rows; verify calls both.

CREATE TABLE loyalty.partner (
  partner text COLLATE "C" NOT NULL,     -- as events name it
  name text NOT NULL, added_by name NOT NULL DEFAULT session_user, added_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT partner_pk PRIMARY KEY (partner),
  CONSTRAINT partner_text_ck CHECK (length(partner) BETWEEN 1 AND 64 AND length(name) BETWEEN 1 AND 120));
SELECT dist.reference('loyalty.partner');

-- Prices, in whole money for a whole point. In force once a second person approved them; the last of those with the latest day counts.
CREATE TABLE loyalty.partner_price (
  partner text COLLATE "C" NOT NULL, price_no int NOT NULL, from_on date NOT NULL,
  issued numeric(14, 6),                 -- what the partner pays us for a point issued for its events; NULL: not agreed
  sent numeric(14, 6),                   -- what we pay the partner for a point of ours sent to it; NULL: not agreed
  state text NOT NULL DEFAULT 'waiting', author name NOT NULL DEFAULT session_user, written_at timestamptz NOT NULL DEFAULT now(),
  decided_by name, decided_at timestamptz, remark text NOT NULL DEFAULT '',
  CONSTRAINT partner_price_pk PRIMARY KEY (partner, price_no),
  CONSTRAINT partner_price_state_ck CHECK (state IN ('waiting', 'approved', 'refused', 'replaced')),
  CONSTRAINT partner_price_other_ck CHECK (state <> 'approved' OR decided_by <> author),
  CONSTRAINT partner_price_ck CHECK (issued >= 0 AND sent >= 0));
SELECT dist.reference('loyalty.partner_price');
ALTER TABLE loyalty.partner_price ADD CONSTRAINT partner_price_partner_fk FOREIGN KEY (partner) REFERENCES loyalty.partner;

CREATE TABLE loyalty.partner_entry (
  member_id bigint NOT NULL, entry_no bigint NOT NULL, seq bigint NOT NULL, partner text COLLATE "C" NOT NULL,
  kind text NOT NULL,                    -- issued, returned: points for the partner's events, and taken back by a return of one
                                         -- sent, unsent: points that went into its currency, and back when that was cancelled
  currency_id smallint NOT NULL, amount bigint NOT NULL, activity_on date NOT NULL,  -- as the entry has them
  priced_on date NOT NULL,               -- whose price counts: of what is taken back the day on which it was given
  settlement_no int,                     -- that billed it; NULL: none yet
  CONSTRAINT partner_entry_pk PRIMARY KEY (member_id, entry_no),
  CONSTRAINT partner_entry_kind_ck CHECK (kind IN ('issued', 'returned', 'sent', 'unsent')));
SELECT dist.distribute('loyalty.partner_entry', 'member_id', 'loyalty.member');
CREATE INDEX partner_entry_settlement ON loyalty.partner_entry (partner, settlement_no, activity_on);
CREATE INDEX journal_partner ON loyalty.journal (member_id, seq) WHERE type = 'partner';

CREATE TABLE loyalty.settlement (
  partner text COLLATE "C" NOT NULL, settlement_no int NOT NULL,
  from_on date NOT NULL, to_on date NOT NULL,          -- what is dated before, and came after the settlement before, is of its first day
  entries bigint NOT NULL, settled_by name NOT NULL DEFAULT session_user, settled_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT settlement_pk PRIMARY KEY (partner, settlement_no),
  CONSTRAINT settlement_to_uq UNIQUE (partner, to_on),
  CONSTRAINT settlement_days_ck CHECK (to_on >= from_on));
SELECT dist.reference('loyalty.settlement');
ALTER TABLE loyalty.settlement ADD CONSTRAINT settlement_partner_fk FOREIGN KEY (partner) REFERENCES loyalty.partner;

-- What was billed: points as the ledger has them (signed, of the member), money as owed to us (issued and unsent above 0).
CREATE TABLE loyalty.settlement_line (
  partner text COLLATE "C" NOT NULL, settlement_no int NOT NULL, line_no int NOT NULL, currency_id smallint NOT NULL, kind text NOT NULL,
  price numeric(14, 6) NOT NULL, entries bigint NOT NULL, points bigint NOT NULL, money_minor bigint NOT NULL,
  CONSTRAINT settlement_line_pk PRIMARY KEY (partner, settlement_no, line_no));
SELECT dist.reference('loyalty.settlement_line');
ALTER TABLE loyalty.settlement_line ADD CONSTRAINT settlement_line_of_fk FOREIGN KEY (partner, settlement_no) REFERENCES loyalty.settlement;

-- What of the ledger concerns partners, of members p_from <= member_id <= p_to: from ledger and journal alone.
CREATE FUNCTION loyalty.partner_entries_of(p_from bigint, p_to bigint) RETURNS TABLE (member_id bigint, entry_no bigint, seq bigint, partner text,
  kind text, currency_id smallint, amount bigint, activity_on date, priced_on date) LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT e.member_id, e.entry_no, e.seq, j.object, CASE e.account_id WHEN 1 THEN 'issued' ELSE 'returned' END, e.currency_id, e.amount, e.activity_on,
         j.activity_on
    FROM loyalty.journal j JOIN loyalty.ledger_entry e ON e.member_id = j.member_id AND e.member_id BETWEEN p_from AND p_to
     AND ((e.account_id = 1 AND e.seq = j.seq) OR (e.account_id = 4 AND e.of_seq = j.seq))
   WHERE j.type = 'partner' AND j.member_id BETWEEN p_from AND p_to
  UNION ALL
  SELECT e.member_id, e.entry_no, e.seq, c.partner, CASE WHEN e.amount < 0 THEN 'sent' ELSE 'unsent' END, e.currency_id, e.amount, e.activity_on, g.activity_on
    FROM loyalty.ledger_entry g JOIN loyalty.currency c USING (currency_id)
    JOIN loyalty.ledger_entry e ON e.member_id = g.member_id AND e.member_id BETWEEN p_from AND p_to AND e.account_id = 2
     AND g.seq = CASE WHEN e.amount < 0 THEN e.seq ELSE e.of_seq END
   WHERE g.account_id = 12 AND g.amount > 0 AND g.member_id BETWEEN p_from AND p_to $$;
INSERT INTO loyalty.partner_entry (member_id, entry_no, seq, partner, kind, currency_id, amount, activity_on, priced_on)
SELECT * FROM loyalty.partner_entries_of(-9223372036854775808, 9223372036854775807);

-- Sums of a period, of one partner or of all (NULL), a row for each settlement, currency, kind and price. What was settled counts in the
-- period it was settled with, however it is dated; what was not, on its day, or on the first day that is open yet. price NULL: none is agreed.
CREATE FUNCTION loyalty.partner_sums(p_partner text, p_from date, p_to date) RETURNS TABLE (partner text, settlement_no int, currency_id smallint,
  kind text, price numeric, entries bigint, events bigint, points bigint, money_minor bigint) LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH period AS (
    SELECT s.partner, s.settlement_no, s.from_on FROM loyalty.settlement s WHERE s.to_on >= p_from AND s.from_on <= p_to
    UNION ALL
    SELECT s.partner, NULL, max(s.to_on) + 1 FROM loyalty.settlement s GROUP BY s.partner),
  daily AS (   -- a price is looked up once a day, not once an entry
    SELECT e.partner, e.settlement_no, e.currency_id, e.kind, e.priced_on, count(*) AS entries, count(DISTINCT (e.member_id, e.seq)) AS events,
           sum(e.amount) AS points
      FROM loyalty.partner_entry e LEFT JOIN period p ON p.partner = e.partner AND p.settlement_no IS NOT DISTINCT FROM e.settlement_no
     WHERE (p_partner IS NULL OR e.partner = p_partner) AND e.activity_on <= p_to AND (e.settlement_no IS NULL OR p.partner IS NOT NULL)
       AND greatest(e.activity_on, coalesce(p.from_on, '-infinity')) BETWEEN p_from AND p_to GROUP BY 1, 2, 3, 4, 5),
  priced AS (
    SELECT d.*, (SELECT CASE WHEN d.kind IN ('issued', 'returned') THEN x.issued ELSE x.sent END FROM loyalty.partner_price x
                  WHERE x.partner = d.partner AND x.state = 'approved' AND x.from_on <= d.priced_on ORDER BY x.from_on DESC, x.price_no DESC LIMIT 1) AS price
      FROM daily d)
  SELECT d.partner, d.settlement_no, d.currency_id, d.kind, d.price, sum(d.entries)::bigint, sum(d.events)::bigint, sum(d.points)::bigint,
         round(sum(d.points) / power(10::numeric, c.decimals) * d.price * 100)::bigint
    FROM priced d JOIN loyalty.currency c USING (currency_id) GROUP BY d.partner, d.settlement_no, d.currency_id, c.decimals, d.kind, d.price $$;

-- The report: a row for each partner and currency. Points and money are positive in the direction their column names.
CREATE FUNCTION loyalty.settlement_report(p_partner text, p_from date, p_to date) RETURNS TABLE (partner text, name text, currency text,
  events bigint, issued numeric, returns bigint, taken_back numeric, sent numeric, they_owe numeric, we_owe numeric, net numeric, no_price numeric)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  IF loyalty.caller_role() NOT IN ('marketing', 'manager', 'admin') THEN
    RAISE EXCEPTION 'only marketing, managers and administrators see settlements' USING ERRCODE = 'LY001';
  ELSIF p_partner IS NOT NULL AND NOT EXISTS (SELECT FROM loyalty.partner x WHERE x.partner = p_partner)
    AND NOT EXISTS (SELECT FROM loyalty.partner_entry e WHERE e.partner = p_partner) THEN
    RAISE EXCEPTION 'there is no partner "%"', p_partner USING ERRCODE = 'LY004', HINT = 'see: loyalty partner list';
  ELSIF p_from > p_to THEN
    RAISE EXCEPTION 'the period ends before it begins' USING ERRCODE = 'LY002';
  END IF;
  RETURN QUERY SELECT s.partner, coalesce(p.name, ''), c.code,
      coalesce(sum(s.events) FILTER (WHERE s.kind = 'issued'), 0)::bigint,
      coalesce(trim_scale(sum(s.points) FILTER (WHERE s.kind = 'issued') / power(10::numeric, c.decimals)), 0),
      coalesce(sum(s.events) FILTER (WHERE s.kind = 'returned'), 0)::bigint,
      coalesce(trim_scale(-sum(s.points) FILTER (WHERE s.kind = 'returned') / power(10::numeric, c.decimals)), 0),
      coalesce(trim_scale(-sum(s.points) FILTER (WHERE s.kind IN ('sent', 'unsent')) / power(10::numeric, c.decimals)), 0),
      coalesce(round(sum(s.money_minor) FILTER (WHERE s.kind IN ('issued', 'returned')) / 100.0, 2), 0.00),
      coalesce(round(-sum(s.money_minor) FILTER (WHERE s.kind NOT IN ('issued', 'returned')) / 100.0, 2), 0.00),
      coalesce(round(sum(s.money_minor) / 100.0, 2), 0.00),
      coalesce(trim_scale(sum(abs(s.points)) FILTER (WHERE s.price IS NULL) / power(10::numeric, c.decimals)), 0)
    FROM loyalty.partner_sums(p_partner, p_from, p_to) s JOIN loyalty.currency c ON c.currency_id = s.currency_id
    LEFT JOIN loyalty.partner p ON p.partner = s.partner GROUP BY s.partner, p.name, c.code, c.decimals ORDER BY s.partner, c.code;
END $$;

-- Names a partner, and asks for prices from a day on; one that still waits is replaced. Returns the number of the price, NULL without one.
CREATE FUNCTION loyalty.partner_set(p_partner text, p_name text, p_issued numeric, p_sent numeric, p_from date) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_old loyalty.partner; v_no int; v_from date := coalesce(p_from, loyalty.business_day());
BEGIN
  IF loyalty.caller_role() NOT IN ('marketing', 'manager', 'admin') THEN
    RAISE EXCEPTION 'only marketing, managers and administrators write partners down' USING ERRCODE = 'LY001';
  ELSIF length(p_partner) NOT BETWEEN 1 AND 64 OR length(p_name) NOT BETWEEN 1 AND 120 THEN
    RAISE EXCEPTION 'a partner has a code of 1 to 64 characters and a name of 1 to 120' USING ERRCODE = 'LY002';
  ELSIF p_issued NOT BETWEEN 0 AND 1000000 OR p_sent NOT BETWEEN 0 AND 1000000 THEN
    RAISE EXCEPTION 'a price is 0 to 1000000 for a point' USING ERRCODE = 'LY002';
  END IF;
  INSERT INTO loyalty.partner (partner, name) VALUES (p_partner, coalesce(p_name, p_partner)) ON CONFLICT DO NOTHING;
  SELECT * INTO v_old FROM loyalty.partner p WHERE p.partner = p_partner FOR UPDATE;
  IF p_name IS DISTINCT FROM v_old.name THEN
    UPDATE loyalty.partner p SET name = coalesce(p_name, v_old.name) WHERE p.partner = p_partner;
  END IF;
  IF p_issued IS NOT NULL OR p_sent IS NOT NULL THEN
    PERFORM loyalty.partner_open_day(p_partner, v_from);
    UPDATE loyalty.partner_price x SET state = 'replaced', decided_by = session_user, decided_at = now()
     WHERE x.partner = p_partner AND x.state = 'waiting';
    SELECT coalesce(max(x.price_no), 0) + 1 INTO v_no FROM loyalty.partner_price x WHERE x.partner = p_partner;
    INSERT INTO loyalty.partner_price (partner, price_no, from_on, issued, sent) VALUES (p_partner, v_no, v_from, p_issued, p_sent);
  END IF;
  PERFORM loyalty.audit_write(0, 'partner.set', p_partner, jsonb_build_object('name', jsonb_build_array(v_old.name, p_name),
    'price', jsonb_build_array(NULL, v_no), 'issued', jsonb_build_array(NULL, p_issued), 'sent', jsonb_build_array(NULL, p_sent), 'from', jsonb_build_array(NULL, v_from)));
  RETURN v_no;
END $$;

-- Refuses (LY002) a price that would change what is settled already.
CREATE FUNCTION loyalty.partner_open_day(p_partner text, p_from date) RETURNS void LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_settled date := (SELECT max(s.to_on) FROM loyalty.settlement s WHERE s.partner = p_partner);
BEGIN
  IF p_from <= v_settled THEN
    RAISE EXCEPTION 'no price of % can begin on %', p_partner, p_from USING ERRCODE = 'LY002', DETAIL = format('it is settled up to %s', v_settled),
      HINT = format('take %s or a later day', v_settled + 1);
  END IF;
END $$;

-- Approves or refuses (p_reason) a price that waits. Never one's own.
CREATE FUNCTION loyalty.partner_price_decide(p_partner text, p_price_no int, p_is_good boolean, p_reason text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE x loyalty.partner_price; v_state text := CASE WHEN p_is_good THEN 'approved' ELSE 'refused' END;
BEGIN
  IF loyalty.caller_role() NOT IN ('manager', 'admin') THEN
    RAISE EXCEPTION 'only managers and administrators decide on prices' USING ERRCODE = 'LY001';
  END IF;
  PERFORM FROM loyalty.partner p WHERE p.partner = p_partner FOR UPDATE;
  SELECT * INTO x FROM loyalty.partner_price y WHERE y.partner = p_partner AND y.price_no = p_price_no;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no price % of "%"', p_price_no, p_partner USING ERRCODE = 'LY004', HINT = 'see: loyalty partner show';
  ELSIF x.state = v_state AND x.decided_by = session_user THEN
    RETURN;
  ELSIF x.state <> 'waiting' THEN
    RAISE EXCEPTION 'this price is % already, by %', x.state, x.decided_by USING ERRCODE = 'LY010';
  ELSIF x.author = session_user AND p_is_good THEN
    RAISE EXCEPTION 'you wrote this price yourself' USING ERRCODE = 'LY012', HINT = 'someone else has to decide';
  ELSIF p_is_good THEN
    PERFORM loyalty.partner_open_day(p_partner, x.from_on);
  ELSIF coalesce(length(p_reason), 0) NOT BETWEEN 1 AND 1000 THEN
    RAISE EXCEPTION 'a refusal needs a reason' USING ERRCODE = 'LY002', HINT = 'at most 1000 characters';
  END IF;
  UPDATE loyalty.partner_price y SET state = v_state, decided_by = session_user, decided_at = now(), remark = coalesce(p_reason, '')
   WHERE y.partner = p_partner AND y.price_no = p_price_no;
  PERFORM loyalty.audit_write(0, 'partner.' || v_state, p_partner || ' ' || p_price_no, NULL);
END $$;

-- Settles a partner up to the end of a day that is over; returns the settlement's number. The same day again is the settlement it was.
CREATE FUNCTION loyalty.partner_settle(p_partner text, p_to date) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_last loyalty.settlement; v_no int; v_entries bigint; v_day date;
BEGIN
  IF loyalty.caller_role() NOT IN ('manager', 'admin') THEN
    RAISE EXCEPTION 'only managers and administrators settle' USING ERRCODE = 'LY001';
  ELSIF current_setting('transaction_isolation') <> 'read committed' THEN   -- an older view would not see what somebody else just settled
    RAISE EXCEPTION 'partners are settled in a read committed transaction' USING ERRCODE = 'LY002';
  END IF;
  PERFORM set_config('citus.multi_shard_modify_mode', 'sequential', true);
  PERFORM FROM loyalty.partner p WHERE p.partner = p_partner FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no partner "%"', p_partner USING ERRCODE = 'LY004', HINT = 'see: loyalty partner list';
  ELSIF p_to IS NULL OR p_to >= loyalty.business_day() THEN
    RAISE EXCEPTION 'a partner is settled up to a day that is over' USING ERRCODE = 'LY002', HINT = format('at the latest %s', loyalty.business_day() - 1);
  END IF;
  SELECT * INTO v_last FROM loyalty.settlement s WHERE s.partner = p_partner ORDER BY s.settlement_no DESC LIMIT 1;
  IF p_to <= v_last.to_on THEN
    SELECT s.settlement_no INTO v_no FROM loyalty.settlement s WHERE s.partner = p_partner AND s.to_on = p_to;
    IF FOUND THEN RETURN v_no; END IF;
    RAISE EXCEPTION '% is settled up to % already', p_partner, v_last.to_on USING ERRCODE = 'LY010', HINT = 'take a later day';
  END IF;
  v_no := coalesce(v_last.settlement_no, 0) + 1;
  UPDATE loyalty.partner_entry e SET settlement_no = v_no WHERE e.partner = p_partner AND e.settlement_no IS NULL AND e.activity_on <= p_to;
  GET DIAGNOSTICS v_entries = ROW_COUNT;
  INSERT INTO loyalty.settlement (partner, settlement_no, from_on, to_on, entries)
  VALUES (p_partner, v_no, coalesce(v_last.to_on + 1, '-infinity'), p_to, v_entries);
  IF EXISTS (SELECT FROM loyalty.partner_sums(p_partner, '-infinity', p_to) s WHERE s.settlement_no = v_no AND s.price IS NULL) THEN
    SELECT min(e.priced_on) INTO v_day FROM loyalty.partner_entry e WHERE e.partner = p_partner AND e.settlement_no = v_no;
    RAISE EXCEPTION 'no price is agreed with % for all of it', p_partner USING ERRCODE = 'LY034',
      DETAIL = format('its points begin on %s', v_day), HINT = 'loyalty partner set asks for a price, loyalty partner approve agrees to it';
  END IF;
  INSERT INTO loyalty.settlement_line (partner, settlement_no, line_no, currency_id, kind, price, entries, points, money_minor)
  SELECT p_partner, v_no, row_number() OVER (ORDER BY s.currency_id, s.kind, s.price), s.currency_id, s.kind, s.price, s.entries, s.points, s.money_minor
    FROM loyalty.partner_sums(p_partner, '-infinity', p_to) s WHERE s.settlement_no = v_no;
  PERFORM loyalty.audit_write(0, 'partner.settle', p_partner || ' ' || v_no, jsonb_build_object('to', jsonb_build_array(v_last.to_on, p_to)));
  RETURN v_no;
END $$;

-- How many entries of a partner no settlement has yet.
CREATE FUNCTION loyalty.partner_open(p_partner text) RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT count(*) FROM loyalty.partner_entry e WHERE e.partner = p_partner AND e.settlement_no IS NULL $$;

-- What of the partners' rows is not what ledger and journal say, of members p_from <= member_id <= p_to.
CREATE FUNCTION loyalty.partner_broken(p_from bigint, p_to bigint) RETURNS TABLE (member_id bigint, invariant text, detail text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(e.member_id, o.member_id), 'a partner''s points are entries of the ledger', format('entry %s: %s %s of %s, the ledger has %s %s of %s',
         coalesce(e.entry_no, o.entry_no), coalesce(e.kind, 'nothing'), e.amount, e.partner, coalesce(o.kind, 'nothing'), o.amount, o.partner)
    FROM (SELECT * FROM loyalty.partner_entry e WHERE e.member_id BETWEEN p_from AND p_to) e
    FULL JOIN loyalty.partner_entries_of(p_from, p_to) o ON o.member_id = e.member_id AND o.entry_no = e.entry_no
   WHERE (e.seq, e.partner, e.kind, e.currency_id, e.amount, e.activity_on, e.priced_on)
         IS DISTINCT FROM (o.seq, o.partner, o.kind, o.currency_id, o.amount, o.activity_on, o.priced_on) $$;

-- The same of settlements, which are of no one member: member_id 0.
CREATE FUNCTION loyalty.settlement_broken() RETURNS TABLE (member_id bigint, invariant text, detail text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT 0::bigint, 'a settlement billed what it covers', format('%s, settlement %s: %s %s points, %s minor units billed; covered %s, %s',
         coalesce(l.partner, s.partner), coalesce(l.settlement_no, s.settlement_no), coalesce(l.kind, s.kind), l.points, l.money_minor, s.points, s.money_minor)
    FROM loyalty.settlement_line l
    FULL JOIN (SELECT * FROM loyalty.partner_sums(NULL, '-infinity', 'infinity') x WHERE x.settlement_no IS NOT NULL) s
      ON s.partner = l.partner AND s.settlement_no = l.settlement_no AND s.currency_id = l.currency_id AND s.kind = l.kind AND s.price = l.price
   WHERE (l.entries, l.points, l.money_minor) IS DISTINCT FROM (s.entries, s.points, s.money_minor)
  UNION ALL
  SELECT 0, 'settlements follow one another without a gap', format('%s, settlement %s', s.partner, s.settlement_no)
    FROM (SELECT s.*, lag(s.to_on) OVER w AS before, row_number() OVER w AS n FROM loyalty.settlement s
          WINDOW w AS (PARTITION BY s.partner ORDER BY s.settlement_no)) s
   WHERE s.n <> s.settlement_no OR s.from_on <> coalesce(s.before + 1, '-infinity') $$;

-- What the partner is to be told: transfers into its currency, oldest first, those not before p_since. p_key marks those that no file has
-- told yet as told by the file of that name, and gives what that file told; after that a transfer cannot be cancelled. The same key again
-- gives the same transfers. state: to tell, told, cancelled.
CREATE FUNCTION loyalty.partner_transfers(p_partner text, p_since date, p_key text) RETURNS TABLE (member bigint, reference text, day date, points numeric,
  currency text, gives numeric, into_currency text, state text, file text) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE i loyalty.issued_reward; v_key text := 'file ' || p_key;
BEGIN
  IF loyalty.caller_role() NOT IN ('manager', 'admin') THEN
    RAISE EXCEPTION 'only managers and administrators see what went to partners' USING ERRCODE = 'LY001';
  ELSIF length(p_key) NOT BETWEEN 1 AND 50 THEN
    RAISE EXCEPTION 'a file has a name of 1 to 50 characters' USING ERRCODE = 'LY002';
  ELSIF NOT EXISTS (SELECT FROM loyalty.partner p WHERE p.partner = p_partner) AND NOT EXISTS (SELECT FROM loyalty.partner_entry e WHERE e.partner = p_partner) THEN
    RAISE EXCEPTION 'there is no partner "%"', p_partner USING ERRCODE = 'LY004', HINT = 'see: loyalty partner list';
  END IF;
  PERFORM pg_advisory_xact_lock(17, hashtext(p_partner || ' ' || v_key)) WHERE p_key IS NOT NULL;
  IF p_key IS NOT NULL AND NOT EXISTS (SELECT FROM loyalty.partner_entry e JOIN loyalty.issued_reward r ON r.member_id = e.member_id AND r.entry_no = e.entry_no
      JOIN loyalty.reward_step s ON s.member_id = r.member_id AND s.reward_no = r.reward_no AND s.key = v_key WHERE e.partner = p_partner AND e.kind = 'sent') THEN
    FOR i IN SELECT r.* FROM loyalty.partner_entry e JOIN loyalty.issued_reward r ON r.member_id = e.member_id AND r.entry_no = e.entry_no
              WHERE e.partner = p_partner AND e.kind = 'sent' AND r.state = 'issued' AND (p_since IS NULL OR e.activity_on >= p_since)
              ORDER BY r.member_id, r.reward_no FOR UPDATE OF r LOOP
      UPDATE loyalty.issued_reward r SET state = 'redeemed' WHERE r.member_id = i.member_id AND r.reward_no = i.reward_no;
      PERFORM loyalty.reward_step_add(i, 'use', v_key, 0);
      PERFORM loyalty.reward_tallied(i.reward_id, i.member_id, 'redeemed', 1);
      PERFORM loyalty.reward_told(i, 'told');
    END LOOP;
  END IF;
  RETURN QUERY SELECT m.number, coalesce(r.code, ''), r.issued_on, trim_scale(-e.amount / power(10::numeric, c.decimals)), c.code,
      trim_scale(g.amount / power(10::numeric, k.decimals)), k.code, CASE r.state WHEN 'issued' THEN 'to tell' WHEN 'redeemed' THEN 'told' ELSE r.state END,
      coalesce(substr(s.key, 6), '')
    FROM loyalty.partner_entry e JOIN loyalty.issued_reward r ON r.member_id = e.member_id AND r.entry_no = e.entry_no
    JOIN loyalty.member m ON m.member_id = e.member_id JOIN loyalty.currency c ON c.currency_id = e.currency_id
    JOIN loyalty.ledger_entry g ON g.member_id = e.member_id AND g.seq = e.seq AND g.account_id = 12 JOIN loyalty.currency k ON k.currency_id = g.currency_id
    LEFT JOIN loyalty.reward_step s ON s.member_id = r.member_id AND s.reward_no = r.reward_no AND s.step = 'use'
   WHERE e.partner = p_partner AND e.kind = 'sent' AND (p_since IS NULL OR e.activity_on >= p_since) AND (p_key IS NULL OR s.key = v_key)
   ORDER BY r.issued_on, m.number, r.reward_no;
END $$;

-- Rights.
REVOKE ALL ON FUNCTION loyalty.partner_entries_of(bigint, bigint), loyalty.partner_sums(text, date, date), loyalty.settlement_report(text, date, date),
  loyalty.partner_set(text, text, numeric, numeric, date), loyalty.partner_open_day(text, date), loyalty.partner_price_decide(text, int, boolean, text),
  loyalty.partner_settle(text, date), loyalty.partner_open(text), loyalty.partner_transfers(text, date, text), loyalty.partner_broken(bigint, bigint),
  loyalty.settlement_broken() FROM PUBLIC;
GRANT SELECT ON loyalty.partner, loyalty.partner_price, loyalty.settlement, loyalty.settlement_line TO loyalty_marketing, loyalty_manager, loyalty_admin;
GRANT INSERT ON loyalty.partner_entry TO loyalty_worker;
GRANT EXECUTE ON FUNCTION loyalty.settlement_report(text, date, date), loyalty.partner_set(text, text, numeric, numeric, date), loyalty.partner_open(text)
  TO loyalty_marketing, loyalty_manager, loyalty_admin;
GRANT EXECUTE ON FUNCTION loyalty.partner_price_decide(text, int, boolean, text), loyalty.partner_settle(text, date),
  loyalty.partner_transfers(text, date, text) TO loyalty_manager, loyalty_admin;
GRANT EXECUTE ON FUNCTION loyalty.partner_broken(bigint, bigint), loyalty.settlement_broken() TO loyalty_manager, loyalty_admin, loyalty_worker;
