-- Insights: the figures managers steer by, kept as sums by month that a screen reads at once, however many members there are.
-- A bulk batch adds what it changes itself (model/posting/batch_figures.c). Who posts what a person waits for, or what takes a look back, leaves a narrow
-- row a member (insight_due); a worker with nothing better to do takes such members, compares what they did with what insight_member has of them, and adds
-- the difference to the sums of their bucket. Sums are kept by bucket, so that no row is wanted twice at a time: whoever writes them, or insight_member,
-- has advisory lock (9, bucket), for which no posting waits.

-- Months are counted from January 2000 = 0.
CREATE FUNCTION loyalty.month_of(p_day date) RETURNS smallint LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN ((date_part('year', p_day)::int - 2000) * 12 + date_part('month', p_day)::int - 1)::smallint;
CREATE FUNCTION loyalty.month_day(p_month int) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN make_date(2000 + p_month / 12, p_month % 12 + 1, 1);

-- Members whose figures are behind: a row a save, taken away by the transaction that brings the figures up to it.
CREATE TABLE loyalty.insight_due (
  bucket smallint NOT NULL, member_id bigint NOT NULL, revision bigint NOT NULL,  -- of the standing; 0: not by a save
  CONSTRAINT insight_due_pk PRIMARY KEY (bucket, member_id, revision))
  WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000, autovacuum_vacuum_cost_delay = 0);
SELECT dist.distribute('loyalty.insight_due', 'member_id', 'loyalty.member');

-- What the sums hold of a member. Entries, lots as given and tier changes never change, so how many are in is enough; the rest is compared whole.
CREATE TABLE loyalty.insight_member (
  member_id bigint NOT NULL,
  entries bigint NOT NULL, lots bigint NOT NULL, tier_changes bigint NOT NULL, -- how many are in the sums
  joined smallint NOT NULL,              -- month of enrolment
  is_counted boolean NOT NULL,           -- a person in the programme: no household, not closed, merged or erased
  tier_id smallint,                      -- of the first ladder
  last_purchase_on date,
  months smallint[] NOT NULL,            -- months in which they bought, did or redeemed something, rising; and of each:
  orders int[] NOT NULL, spend bigint[] NOT NULL,              -- purchases; minor units of money, less what was returned of them
  redemptions int[] NOT NULL,
  CONSTRAINT insight_member_pk PRIMARY KEY (member_id)) WITH (fillfactor = 85);
SELECT dist.distribute('loyalty.insight_member', 'member_id', 'loyalty.member');

-- Members and money by month. A member who bought in a month counts in the windows of months to come already, so nothing is to be done when one begins.
CREATE TABLE loyalty.insight_month (
  month smallint NOT NULL, bucket smallint NOT NULL,
  joined bigint NOT NULL DEFAULT 0,      -- enrolled in the month; the rest: of the window of so many months that ends with it
  active_3 bigint NOT NULL DEFAULT 0, active_12 bigint NOT NULL DEFAULT 0,     -- did something
  stayed_12 bigint NOT NULL DEFAULT 0,   -- and in the twelve months before too
  buyers_12 bigint NOT NULL DEFAULT 0, repeaters_12 bigint NOT NULL DEFAULT 0, -- bought once, twice at least
  redeemers_12 bigint NOT NULL DEFAULT 0,
  orders bigint NOT NULL DEFAULT 0, revenue bigint NOT NULL DEFAULT 0,         -- in the month; minor units of money, less returns
  CONSTRAINT insight_month_pk PRIMARY KEY (month, bucket)) WITH (fillfactor = 50);
SELECT dist.reference('loyalty.insight_month');

-- The ledger by month: what went over each account, as the ledger has it (from the member's side).
CREATE TABLE loyalty.insight_points (
  month smallint NOT NULL, currency_id smallint NOT NULL, account_id smallint NOT NULL, bucket smallint NOT NULL,
  amount bigint NOT NULL, entries bigint NOT NULL,
  CONSTRAINT insight_points_pk PRIMARY KEY (month, currency_id, account_id, bucket)) WITH (fillfactor = 50);
SELECT dist.reference('loyalty.insight_points');

-- Points by the month they were earned in: what was given, and what became of it. What none of the others took is open.
CREATE TABLE loyalty.insight_cohort (
  month smallint NOT NULL, currency_id smallint NOT NULL, bucket smallint NOT NULL,
  granted bigint NOT NULL, redeemed bigint NOT NULL, expired bigint NOT NULL,
  returned bigint NOT NULL,              -- taken back or corrected
  moved bigint NOT NULL,                 -- to other members, less what came from them
  CONSTRAINT insight_cohort_pk PRIMARY KEY (month, currency_id, bucket)) WITH (fillfactor = 50);
SELECT dist.reference('loyalty.insight_cohort');

-- Movement between tiers by month, and how many members each tier of the first ladder has now.
CREATE TABLE loyalty.insight_tier (
  month smallint NOT NULL, was_tier_id smallint NOT NULL, tier_id smallint NOT NULL, bucket smallint NOT NULL,
  members bigint NOT NULL,
  CONSTRAINT insight_tier_pk PRIMARY KEY (month, was_tier_id, tier_id, bucket)) WITH (fillfactor = 50);
SELECT dist.reference('loyalty.insight_tier');
CREATE TABLE loyalty.insight_size (
  tier_id smallint NOT NULL, bucket smallint NOT NULL, members bigint NOT NULL,
  CONSTRAINT insight_size_pk PRIMARY KEY (tier_id, bucket)) WITH (fillfactor = 50);
SELECT dist.reference('loyalty.insight_size');

-- Cases by the month they were resolved in; whoever changes a case keeps it.
CREATE TABLE loyalty.insight_case (
  month smallint NOT NULL, bucket smallint NOT NULL, kept bigint NOT NULL, lost bigint NOT NULL, not_at_risk bigint NOT NULL,
  CONSTRAINT insight_case_pk PRIMARY KEY (month, bucket)) WITH (fillfactor = 50);
SELECT dist.reference('loyalty.insight_case');

CREATE FUNCTION loyalty.insight_case_count(p_case loyalty.member_case, p_change int) RETURNS void LANGUAGE sql
SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO loyalty.insight_case AS c (month, bucket, kept, lost, not_at_risk)
  SELECT loyalty.month_of((p_case.resolved_at AT TIME ZONE coalesce((SELECT p.timezone FROM loyalty.programme p), 'UTC'))::date),
         loyalty.bucket_of(p_case.member_id), p_change * (p_case.outcome = 'kept')::int, p_change * (p_case.outcome = 'lost')::int,
         p_change * (p_case.outcome = 'not_at_risk')::int
   WHERE p_case.resolved_at IS NOT NULL AND p_case.outcome IS NOT NULL
  ON CONFLICT (month, bucket) DO UPDATE SET kept = c.kept + excluded.kept, lost = c.lost + excluded.lost,
    not_at_risk = c.not_at_risk + excluded.not_at_risk $$;

-- The grid of recency, frequency and money: break points of the scores, and members by cell, as of a closed day. A job counts it in parts.
CREATE TABLE loyalty.insight_grid_value (
  axis text NOT NULL, value bigint NOT NULL, part smallint NOT NULL, members bigint NOT NULL,
  CONSTRAINT insight_grid_value_pk PRIMARY KEY (axis, value, part),
  CONSTRAINT insight_grid_value_axis_ck CHECK (axis IN ('recency', 'frequency', 'money')));
SELECT dist.reference('loyalty.insight_grid_value');
CREATE TABLE loyalty.insight_grid (
  as_of date NOT NULL, cell smallint NOT NULL, part smallint NOT NULL, members bigint NOT NULL, spend bigint NOT NULL,
  CONSTRAINT insight_grid_pk PRIMARY KEY (as_of, cell, part));
SELECT dist.reference('loyalty.insight_grid');
-- Of each axis the least value (recency: the most days) of scores 2 to 5.
CREATE TABLE loyalty.insight_break (
  as_of date NOT NULL, axis text NOT NULL, breaks bigint[] NOT NULL,
  CONSTRAINT insight_break_pk PRIMARY KEY (as_of, axis), CONSTRAINT insight_break_four_ck CHECK (cardinality(breaks) = 4));
SELECT dist.reference('loyalty.insight_break');

-- Work on figures that takes long, cut into parts: a worker does a part in one transaction and notes it, so that killed anywhere it goes on there.
CREATE SEQUENCE loyalty.insight_job_seq AS bigint;
CREATE TABLE loyalty.insight_job (
  job_no bigint NOT NULL DEFAULT nextval('loyalty.insight_job_seq'), kind text NOT NULL, as_of date NOT NULL,
  parts smallint NOT NULL, done smallint NOT NULL DEFAULT 0, members bigint NOT NULL DEFAULT 0,
  until_id bigint NOT NULL,              -- the highest member when it was asked for: its parts share the ids up to there
  asked_by name NOT NULL DEFAULT session_user, asked_at timestamptz NOT NULL DEFAULT now(),
  started_at timestamptz, ended_at timestamptz,
  CONSTRAINT insight_job_pk PRIMARY KEY (job_no),
  CONSTRAINT insight_job_kind_ck CHECK (kind IN ('recompute', 'grid')));
SELECT dist.reference('loyalty.insight_job');
CREATE INDEX insight_job_open ON loyalty.insight_job (job_no) WHERE ended_at IS NULL;

-- Writes a job down; one of its kind that is still open is the answer. The grid is counted in parts of at most 50,000 members or so, twice.
CREATE FUNCTION loyalty.insight_job_add(p_kind text, p_as_of date) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_no bigint; v_until bigint := coalesce((SELECT max(s.member_id) FROM loyalty.standing s), 0);
BEGIN
  PERFORM pg_advisory_xact_lock(10, 1);
  SELECT j.job_no INTO v_no FROM loyalty.insight_job j WHERE j.kind = p_kind AND j.ended_at IS NULL;
  IF NOT FOUND THEN
    INSERT INTO loyalty.insight_job (kind, as_of, until_id, parts)
    VALUES (p_kind, p_as_of, v_until, CASE p_kind WHEN 'grid' THEN 2 * least(64, 1 + v_until / 50000) ELSE 16 END) RETURNING job_no INTO v_no;
  END IF;
  RETURN v_no;
END $$;

-- Scores of one to five against the break points, and the cell they make: 555 is best.
CREATE FUNCTION loyalty.insight_money(p_spend bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE   -- to three digits
  RETURN CASE WHEN p_spend < 1000 THEN greatest(p_spend, 0) ELSE p_spend - p_spend % (10 ^ (length(p_spend::text) - 3))::bigint END;
CREATE FUNCTION loyalty.insight_cell(p_recency bigint, p_frequency bigint, p_money bigint, r bigint[], f bigint[], m bigint[]) RETURNS smallint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN (100 * (1 + (p_recency <= r[1])::int + (p_recency <= r[2])::int + (p_recency <= r[3])::int + (p_recency <= r[4])::int)
    + 10 * (1 + (p_frequency >= f[1])::int + (p_frequency >= f[2])::int + (p_frequency >= f[3])::int + (p_frequency >= f[4])::int)
    + 1 + (p_money >= m[1])::int + (p_money >= m[2])::int + (p_money >= m[3])::int + (p_money >= m[4])::int)::smallint;
-- Orders and money of the twelve months that end with p_month.
CREATE FUNCTION loyalty.insight_year(p_months smallint[], p_orders int[], p_spend bigint[], p_month int) RETURNS TABLE (orders bigint, spend bigint)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(sum(u.orders), 0)::bigint, coalesce(sum(u.spend), 0)::bigint FROM unnest(p_months, p_orders, p_spend) u (month, orders, spend)
   WHERE u.month > p_month - 12 AND u.month <= p_month $$;

-- What the house must say itself, as no ledger knows it.
CREATE TABLE loyalty.insight_setting (
  name text NOT NULL, value numeric NOT NULL, set_by name NOT NULL DEFAULT session_user, set_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT insight_setting_pk PRIMARY KEY (name),
  CONSTRAINT insight_setting_ck CHECK (CASE name WHEN 'margin' THEN value > 0 AND value <= 100 WHEN 'years' THEN value > 0 AND value <= 50
    WHEN 'discount' THEN value BETWEEN 0 AND 100 WHEN 'never_used' THEN value BETWEEN 0 AND 100 WHEN 'point_cost' THEN value >= 0 ELSE false END));
SELECT dist.reference('loyalty.insight_setting');
-- All sales of a month, members' and others'.
CREATE TABLE loyalty.insight_sales (
  month smallint NOT NULL, transactions bigint NOT NULL, set_by name NOT NULL DEFAULT session_user, set_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT insight_sales_pk PRIMARY KEY (month), CONSTRAINT insight_sales_ck CHECK (transactions >= 0));
SELECT dist.reference('loyalty.insight_sales');

-- Figures as they were when someone pinned them, each with what it meant then.
CREATE SEQUENCE loyalty.insight_baseline_seq AS bigint;
CREATE TABLE loyalty.insight_baseline (
  baseline_no bigint NOT NULL DEFAULT nextval('loyalty.insight_baseline_seq'), name text NOT NULL, month smallint NOT NULL,
  pinned_by name NOT NULL DEFAULT session_user, pinned_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT insight_baseline_pk PRIMARY KEY (baseline_no), CONSTRAINT insight_baseline_name_ck CHECK (length(name) BETWEEN 1 AND 60));
SELECT dist.reference('loyalty.insight_baseline');
CREATE TABLE loyalty.insight_pinned (
  baseline_no bigint NOT NULL, code text NOT NULL, value double precision, definition text NOT NULL,
  CONSTRAINT insight_pinned_pk PRIMARY KEY (baseline_no, code));
SELECT dist.reference('loyalty.insight_pinned');
ALTER TABLE loyalty.insight_pinned ADD CONSTRAINT insight_pinned_baseline_fk FOREIGN KEY (baseline_no) REFERENCES loyalty.insight_baseline;

-- Reports that a worker writes by itself: into its folder for reports, as a file named by report and day, or as mail (0037_report_mail.sql).
CREATE SEQUENCE loyalty.report_job_seq AS bigint;
CREATE TABLE loyalty.report_job (
  report_no bigint NOT NULL DEFAULT nextval('loyalty.report_job_seq'), report text NOT NULL, format text NOT NULL,
  every text NOT NULL, hour smallint NOT NULL,                 -- on the first day of the week or month, at that hour of the programme's time zone
  addresses text[] NOT NULL DEFAULT '{}', by_mail boolean GENERATED ALWAYS AS (cardinality(addresses) > 0) STORED,     -- none: into the folder
  next_at timestamptz NOT NULL, written_at timestamptz, written_to text NOT NULL DEFAULT '', why text NOT NULL DEFAULT '',  -- why: of the last try, if it failed
  asked_by name NOT NULL DEFAULT session_user, asked_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT report_job_pk PRIMARY KEY (report_no), CONSTRAINT report_job_uq UNIQUE (report, format, every, by_mail),
  CONSTRAINT report_job_report_ck CHECK (report IN ('programme', 'liability', 'cases', 'nps')),
  CONSTRAINT report_job_format_ck CHECK (format IN ('text', 'csv', 'json', 'html')),
  CONSTRAINT report_job_every_ck CHECK (every IN ('once', 'day', 'week', 'month')), CONSTRAINT report_job_hour_ck CHECK (hour BETWEEN 0 AND 23),
  CONSTRAINT report_job_addresses_ck CHECK (cardinality(addresses) <= 20));
SELECT dist.reference('loyalty.report_job');
CREATE INDEX report_job_next ON loyalty.report_job (next_at);

-- The first time after that moment; of what is written once, never.
CREATE FUNCTION loyalty.report_next(p_every text, p_hour int, p_after timestamptz) RETURNS timestamptz LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce((SELECT CASE WHEN t.at > p_after THEN t.at ELSE (t.local + ('1 ' || p_every)::interval) AT TIME ZONE t.zone END
    FROM (SELECT z.zone, l.local, l.local AT TIME ZONE z.zone AS at
            FROM (SELECT coalesce((SELECT p.timezone FROM loyalty.programme p), 'UTC') AS zone) z,
                 LATERAL (SELECT date_trunc(p_every, p_after AT TIME ZONE z.zone) + make_interval(hours => p_hour) AS local) l) t
   WHERE p_every <> 'once'), 'infinity') $$;

CREATE FUNCTION loyalty.insight_may() RETURNS void LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF loyalty.caller_role() NOT IN ('manager', 'admin') THEN
    RAISE EXCEPTION 'figures are for managers and administrators' USING ERRCODE = 'LY001';
  END IF;
END $$;

-- Says a member's figures are behind, where no posting does: after a change of who they are.
CREATE FUNCTION loyalty.insight_touch(p_member_id bigint) RETURNS void LANGUAGE sql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO loyalty.insight_due VALUES (loyalty.bucket_of(p_member_id), p_member_id, 0) ON CONFLICT DO NOTHING $$;

-- Asks for a job; one of its kind that is still open is the answer. Workers hear of it.
CREATE FUNCTION loyalty.insight_job_ask(p_kind text) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_no bigint;
BEGIN
  PERFORM loyalty.insight_may();
  v_no := loyalty.insight_job_add(p_kind, loyalty.business_day() - 1);
  PERFORM loyalty.audit_write(0, 'insight.' || p_kind, v_no::text, NULL);
  PERFORM pg_notify('loyalty_journal', 'insight');
  RETURN v_no;
END $$;

CREATE FUNCTION loyalty.insight_set(p_name text, p_value numeric) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_was numeric;
BEGIN
  PERFORM loyalty.insight_may();
  SELECT s.value INTO v_was FROM loyalty.insight_setting s WHERE s.name = p_name;
  IF p_value IS NULL THEN
    DELETE FROM loyalty.insight_setting s WHERE s.name = p_name;
  ELSE
    INSERT INTO loyalty.insight_setting (name, value) VALUES (p_name, p_value)
    ON CONFLICT (name) DO UPDATE SET value = excluded.value, set_by = excluded.set_by, set_at = excluded.set_at;
  END IF;
  PERFORM loyalty.audit_write(0, 'insight.set', p_name, jsonb_build_object(p_name, jsonb_build_array(v_was, p_value)));
  PERFORM pg_notify('loyalty_insight', '');
EXCEPTION WHEN check_violation THEN
  RAISE EXCEPTION '% cannot be %', p_name, p_value USING ERRCODE = 'LY002',
    HINT = 'margin, never_used (more than 0 and up to 100) and discount are per cent, years go up to 50, point_cost is money for one point';
END $$;

CREATE FUNCTION loyalty.insight_sales_set(p_month date, p_transactions bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_was bigint;
BEGIN
  PERFORM loyalty.insight_may();
  IF p_transactions < 0 OR p_month > loyalty.business_day() THEN
    RAISE EXCEPTION 'sales are told for a month that has begun, by their number' USING ERRCODE = 'LY002';
  END IF;
  SELECT s.transactions INTO v_was FROM loyalty.insight_sales s WHERE s.month = loyalty.month_of(p_month);
  INSERT INTO loyalty.insight_sales (month, transactions) VALUES (loyalty.month_of(p_month), p_transactions)
  ON CONFLICT (month) DO UPDATE SET transactions = excluded.transactions, set_by = excluded.set_by, set_at = excluded.set_at;
  PERFORM loyalty.audit_write(0, 'insight.sales', to_char(p_month, 'YYYY-MM'), jsonb_build_object('transactions', jsonb_build_array(v_was, p_transactions)));
  PERFORM pg_notify('loyalty_insight', '');
END $$;

-- A report of that kind, format and pace is one job for the folder and one for mail: asked for again it takes the new hour and addresses. One that is
-- written once is due now.
CREATE FUNCTION loyalty.report_schedule(p_report text, p_format text, p_every text, p_hour int, p_addresses text[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_no bigint; v_bad text := (SELECT u.a FROM unnest(p_addresses) u (a) WHERE u.a !~ '^[^@[:space:],<>"]+@[^@[:space:],<>"]+$' LIMIT 1);
BEGIN
  PERFORM loyalty.insight_may();
  IF v_bad IS NOT NULL THEN
    RAISE EXCEPTION '"%" is no address that mail can be sent to', left(v_bad, 80) USING ERRCODE = 'LY002';
  END IF;
  INSERT INTO loyalty.report_job AS r (report, format, every, hour, addresses, next_at)
  VALUES (p_report, p_format, p_every, p_hour, p_addresses, CASE p_every WHEN 'once' THEN now() ELSE loyalty.report_next(p_every, p_hour, now()) END)
  ON CONFLICT ON CONSTRAINT report_job_uq DO UPDATE SET hour = excluded.hour, addresses = excluded.addresses, next_at = excluded.next_at, why = '',
    asked_by = excluded.asked_by, asked_at = excluded.asked_at RETURNING r.report_no INTO v_no;
  PERFORM loyalty.audit_write(0, 'report.schedule', concat_ws(' ', p_report, p_format, p_every, p_hour, array_to_string(p_addresses, ',')), NULL);
  RETURN v_no;
EXCEPTION WHEN check_violation THEN
  RAISE EXCEPTION 'no such report can be written' USING ERRCODE = 'LY002', HINT = 'hours go from 0 to 23; a report goes to at most twenty addresses';
END $$;
CREATE FUNCTION loyalty.report_unschedule(p_report_no bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM loyalty.insight_may();
  DELETE FROM loyalty.report_job r WHERE r.report_no = p_report_no;
  IF NOT FOUND THEN RAISE EXCEPTION 'there is no scheduled report %', p_report_no USING ERRCODE = 'LY004', HINT = 'see: loyalty report scheduled'; END IF;
  PERFORM loyalty.audit_write(0, 'report.unschedule', p_report_no::text, NULL);
END $$;
-- What became of one that was due: written (p_why ''), or to be tried again in an hour.
CREATE FUNCTION loyalty.report_told(p_report_no bigint, p_written_to text, p_why text) RETURNS void LANGUAGE sql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE loyalty.report_job r SET why = p_why, next_at = CASE p_why WHEN '' THEN loyalty.report_next(r.every, r.hour, now()) ELSE now() + interval '1 h' END,
         written_at = CASE p_why WHEN '' THEN now() ELSE r.written_at END, written_to = CASE p_why WHEN '' THEN p_written_to ELSE r.written_to END
   WHERE r.report_no = p_report_no $$;

-- Pins figures under a name. The newest baseline is the one that figures are compared with.
CREATE FUNCTION loyalty.insight_pin(p_name text, p_month int, p_codes text[], p_values double precision[], p_definitions text[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_no bigint;
BEGIN
  PERFORM loyalty.insight_may();
  IF coalesce(length(btrim(p_name)), 0) NOT BETWEEN 1 AND 60 THEN
    RAISE EXCEPTION 'a baseline needs a name of at most 60 characters' USING ERRCODE = 'LY002';
  END IF;
  INSERT INTO loyalty.insight_baseline (name, month) VALUES (btrim(p_name), p_month) RETURNING baseline_no INTO v_no;
  INSERT INTO loyalty.insight_pinned SELECT v_no, u.* FROM unnest(p_codes, p_values, p_definitions) u;
  PERFORM loyalty.audit_write(0, 'insight.pin', btrim(p_name), NULL);
  PERFORM pg_notify('loyalty_insight', '');
  RETURN v_no;
END $$;

-- Takes members of a bucket who are behind into the sums, those above p_after first, as far as SQL does it; and answers what the sums of the months held
-- of each and are to hold, which is the caller's part. One statement, so one look at the database: what it finds posted is what it says is in. What a lot
-- gave or lost has the side of the account that the entry is with: a lot that a cancelled reward brought back is less redeemed.
CREATE FUNCTION loyalty.insight_fold(p_bucket smallint, p_after bigint, p_limit int) RETURNS TABLE (member_id bigint,
  was_counted boolean, was_joined smallint, was_tier_id smallint, was_months smallint[], was_orders int[], was_spend bigint[], was_redemptions int[],
  is_counted boolean, joined smallint, tier_id smallint, months smallint[], orders int[], spend bigint[], redemptions int[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH who AS (
    SELECT DISTINCT d.member_id FROM loyalty.insight_due d WHERE d.bucket = p_bucket AND d.member_id > p_after ORDER BY 1 LIMIT p_limit),
  gone AS (
    DELETE FROM loyalty.insight_due d USING who w WHERE d.bucket = p_bucket AND d.member_id = w.member_id),
  stand AS (    -- and what they did by month; member by member, so that no estimate can go wrong. What was returned belongs to the month of its purchase.
    SELECT s.member_id, s.entries, s.lots, s.tier_changes, s.tier_id, loyalty.month_of(m.enrolled_on) AS joined,
           m.status IN ('active', 'blocked') AND NOT 'household' = ANY (m.flags) AS is_counted,
           coalesce(i.entries, 0) AS was_entries, coalesce(i.lots, 0) AS was_lots, coalesce(i.tier_changes, 0) AS was_tier_changes, i.tier_id AS was_tier_id,
           f.months, f.orders, f.spend, f.redemptions, f.bought_on
      FROM who w JOIN loyalty.standing s USING (member_id) JOIN loyalty.member m USING (member_id) LEFT JOIN loyalty.insight_member i USING (member_id)
     CROSS JOIN LATERAL (
        SELECT array_agg(d.month ORDER BY d.month) AS months, array_agg(d.orders::int ORDER BY d.month) AS orders,
               array_agg(d.spend ORDER BY d.month) AS spend, array_agg(d.redemptions::int ORDER BY d.month) AS redemptions, max(d.bought_on) AS bought_on
          FROM (SELECT loyalty.month_of(coalesce(p.happened_on, p.activity_on, j.happened_on, j.activity_on)) AS month,
                       count(*) FILTER (WHERE j.type = 'purchase') AS orders,
                       coalesce(sum(coalesce(j.amount, (SELECT sum(a) FROM unnest(j.line_amount) a)) * CASE j.type WHEN 'purchase' THEN 1 ELSE -1 END)
                         FILTER (WHERE j.type = 'purchase' OR p.type = 'purchase'), 0)::bigint AS spend,
                       count(*) FILTER (WHERE j.type = 'redeem') AS redemptions,
                       max(coalesce(j.happened_on, j.activity_on)) FILTER (WHERE j.type = 'purchase') AS bought_on
                  FROM loyalty.journal j LEFT JOIN loyalty.journal p ON j.type = 'return' AND p.member_id = s.member_id AND p.seq = j.of_seq
                 WHERE j.member_id = s.member_id AND j.type IN ('purchase', 'partner', 'activity', 'redeem', 'return')
                   AND (SELECT i.seq FROM loyalty.inbox i WHERE i.bucket = p_bucket AND i.member_id = s.member_id AND i.seq = j.seq) IS NULL
                   AND coalesce((SELECT o.result FROM loyalty.outcome o WHERE o.member_id = s.member_id AND o.seq = j.seq), 'accepted') = 'accepted'
                 GROUP BY 1) d) f),
  saved AS (
    INSERT INTO loyalty.insight_member (member_id, entries, lots, tier_changes, joined, is_counted, tier_id, last_purchase_on, months, orders, spend,
      redemptions)
    SELECT s.member_id, s.entries, s.lots, s.tier_changes, s.joined, s.is_counted, s.tier_id, s.bought_on, coalesce(s.months, '{}'),
           coalesce(s.orders, '{}'), coalesce(s.spend, '{}'), coalesce(s.redemptions, '{}')
      FROM stand s
    ON CONFLICT ON CONSTRAINT insight_member_pk DO UPDATE SET entries = excluded.entries, lots = excluded.lots, tier_changes = excluded.tier_changes,
      joined = excluded.joined, is_counted = excluded.is_counted, tier_id = excluded.tier_id, last_purchase_on = excluded.last_purchase_on,
      months = excluded.months, orders = excluded.orders, spend = excluded.spend, redemptions = excluded.redemptions),
  points AS (
    INSERT INTO loyalty.insight_points AS x (month, currency_id, account_id, bucket, amount, entries)
    SELECT loyalty.month_of(e.activity_on), e.currency_id, e.account_id, p_bucket, sum(e.amount), count(*)
      FROM stand s JOIN loyalty.ledger_entry e ON e.member_id = s.member_id AND e.entry_no > s.was_entries GROUP BY 1, 2, 3
    ON CONFLICT ON CONSTRAINT insight_points_pk DO UPDATE SET amount = x.amount + excluded.amount, entries = x.entries + excluded.entries),
  flow AS (
    SELECT l.earned_on, l.currency_id, coalesce(e.account_id, 1) AS account_id, l.granted AS given
      FROM stand s JOIN loyalty.lot l ON l.member_id = s.member_id AND l.lot_no > s.was_lots
      LEFT JOIN loyalty.ledger_entry e ON e.member_id = s.member_id AND e.entry_no = l.entry_no
    UNION ALL
    SELECT l.earned_on, l.currency_id, CASE WHEN e.account_id IN (1, 5, 6, 7) OR e.account_id > 1000 THEN 4 ELSE e.account_id END, -u.amount
      FROM stand s JOIN loyalty.lot_use u ON u.member_id = s.member_id AND u.entry_no > s.was_entries
      JOIN loyalty.ledger_entry e ON e.member_id = s.member_id AND e.entry_no = u.entry_no
      JOIN loyalty.lot l ON l.member_id = s.member_id AND l.lot_no = u.lot_no),
  cohort AS (
    INSERT INTO loyalty.insight_cohort AS x (month, currency_id, bucket, granted, redeemed, expired, returned, moved)
    SELECT loyalty.month_of(f.earned_on), f.currency_id, p_bucket, coalesce(sum(f.given) FILTER (WHERE f.account_id IN (1, 5, 6, 7) OR f.account_id > 1000), 0),
           coalesce(-sum(f.given) FILTER (WHERE f.account_id IN (2, 8, 9, 12)), 0), coalesce(-sum(f.given) FILTER (WHERE f.account_id = 3), 0),
           coalesce(-sum(f.given) FILTER (WHERE f.account_id IN (4, 10)), 0), coalesce(-sum(f.given) FILTER (WHERE f.account_id = 11), 0)
      FROM flow f GROUP BY 1, 2
    ON CONFLICT ON CONSTRAINT insight_cohort_pk DO UPDATE SET granted = x.granted + excluded.granted, redeemed = x.redeemed + excluded.redeemed,
      expired = x.expired + excluded.expired, returned = x.returned + excluded.returned, moved = x.moved + excluded.moved),
  step AS (     -- the first tier has no change to it
    SELECT loyalty.month_of(c.since) AS month, c.was_tier_id, c.tier_id
      FROM stand s JOIN loyalty.member_tier c ON c.member_id = s.member_id AND c.change_no > s.was_tier_changes
    UNION ALL
    SELECT s.joined, 0::smallint, coalesce((SELECT c.was_tier_id FROM loyalty.member_tier c WHERE c.member_id = s.member_id
             AND c.ladder_id = (SELECT t.ladder_id FROM loyalty.tier t WHERE t.tier_id = s.tier_id) ORDER BY c.change_no LIMIT 1), s.tier_id)
      FROM stand s WHERE s.tier_id IS NOT NULL AND s.was_tier_id IS NULL),
  tier AS (
    INSERT INTO loyalty.insight_tier AS x (month, was_tier_id, tier_id, bucket, members)
    SELECT s.month, s.was_tier_id, s.tier_id, p_bucket, count(*) FROM step s GROUP BY 1, 2, 3
    ON CONFLICT ON CONSTRAINT insight_tier_pk DO UPDATE SET members = x.members + excluded.members)
  SELECT s.member_id, i.is_counted, i.joined, i.tier_id, i.months, i.orders, i.spend, i.redemptions,
         s.is_counted, s.joined, s.tier_id, s.months, s.orders, s.spend, s.redemptions
    FROM stand s LEFT JOIN loyalty.insight_member i USING (member_id) ORDER BY s.member_id;
END $$;

-- The cases of a bucket, counted anew.
CREATE FUNCTION loyalty.insight_cases_recount(p_bucket int) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM loyalty.insight_case c WHERE c.bucket = p_bucket;
  PERFORM loyalty.insight_case_count(c, 1) FROM loyalty.member_case c
    WHERE c.resolved_at IS NOT NULL AND loyalty.bucket_of(c.member_id) = p_bucket;
END $$;

-- Sums that are not what a recount of their members comes to, for the proof: of what insight_member says is in them, so that it is true at any moment; and
-- members of whom something was posted that is not in them, and nobody is told to count it. No rows is good. Windows are looked at for the last three months.
CREATE FUNCTION loyalty.insight_broken() RETURNS TABLE (figure text, key text, kept bigint[], counted bigint[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off AS $$
  WITH recent AS (SELECT generate_series(n - 2, n) AS month FROM loyalty.month_of(loyalty.business_day()) n),
  flow AS (
    SELECT l.earned_on, l.currency_id, coalesce(e.account_id, 1) AS account_id, l.granted AS given
      FROM loyalty.insight_member i JOIN loyalty.lot l ON l.member_id = i.member_id AND l.lot_no <= i.lots
      LEFT JOIN loyalty.ledger_entry e ON e.member_id = i.member_id AND e.entry_no = l.entry_no
    UNION ALL
    SELECT l.earned_on, l.currency_id, CASE WHEN e.account_id IN (1, 5, 6, 7) OR e.account_id > 1000 THEN 4 ELSE e.account_id END, -u.amount
      FROM loyalty.insight_member i JOIN loyalty.lot_use u ON u.member_id = i.member_id AND u.entry_no <= i.entries
      JOIN loyalty.ledger_entry e ON e.member_id = i.member_id AND e.entry_no = u.entry_no
      JOIN loyalty.lot l ON l.member_id = i.member_id AND l.lot_no = u.lot_no),
  year AS (     -- a row a member and recent month
    SELECT r.month, bool_or(u.month > r.month - 3 AND u.month <= r.month) AS is_active_3, bool_or(u.month > r.month - 12 AND u.month <= r.month) AS is_active,
           bool_or(u.month > r.month - 24 AND u.month <= r.month - 12) AS was_active,
           coalesce(sum(u.orders) FILTER (WHERE u.month > r.month - 12 AND u.month <= r.month), 0) AS orders,
           coalesce(sum(u.redemptions) FILTER (WHERE u.month > r.month - 12 AND u.month <= r.month), 0) AS redemptions
      FROM loyalty.insight_member i CROSS JOIN recent r CROSS JOIN LATERAL unnest(i.months, i.orders, i.redemptions) u (month, orders, redemptions)
     WHERE i.is_counted GROUP BY i.member_id, r.month),
  kept AS (
    SELECT 'points' AS figure, concat_ws('/', p.month, p.currency_id, p.account_id) AS key, ARRAY[sum(p.amount), sum(p.entries)]::bigint[] AS value
      FROM loyalty.insight_points p GROUP BY 2
    UNION ALL SELECT 'cohort', concat_ws('/', c.month, c.currency_id), ARRAY[sum(c.granted), sum(c.redeemed), sum(c.expired), sum(c.returned), sum(c.moved)]::bigint[]
      FROM loyalty.insight_cohort c GROUP BY 2
    UNION ALL SELECT 'month', m.month::text, ARRAY[sum(m.joined), sum(m.orders), sum(m.revenue)]::bigint[] FROM loyalty.insight_month m GROUP BY 2
    UNION ALL SELECT 'window', m.month::text,
           ARRAY[sum(m.active_3), sum(m.active_12), sum(m.stayed_12), sum(m.buyers_12), sum(m.repeaters_12), sum(m.redeemers_12)]::bigint[]
      FROM loyalty.insight_month m JOIN recent USING (month) GROUP BY 2
    UNION ALL SELECT 'movement', concat_ws('/', t.month, t.was_tier_id, t.tier_id), ARRAY[sum(t.members)]::bigint[] FROM loyalty.insight_tier t GROUP BY 2
    UNION ALL SELECT 'tier', z.tier_id::text, ARRAY[sum(z.members)]::bigint[] FROM loyalty.insight_size z GROUP BY 2
    UNION ALL SELECT 'case', c.month::text, ARRAY[sum(c.kept), sum(c.lost), sum(c.not_at_risk)]::bigint[] FROM loyalty.insight_case c GROUP BY 2),
  counted AS (
    SELECT 'points' AS figure, concat_ws('/', loyalty.month_of(e.activity_on), e.currency_id, e.account_id) AS key, ARRAY[sum(e.amount), count(*)]::bigint[] AS value
      FROM loyalty.insight_member i JOIN loyalty.ledger_entry e ON e.member_id = i.member_id AND e.entry_no <= i.entries GROUP BY 2
    UNION ALL SELECT 'cohort', concat_ws('/', loyalty.month_of(f.earned_on), f.currency_id),
           ARRAY[coalesce(sum(f.given) FILTER (WHERE f.account_id IN (1, 5, 6, 7) OR f.account_id > 1000), 0),
             coalesce(-sum(f.given) FILTER (WHERE f.account_id IN (2, 8, 9, 12)), 0), coalesce(-sum(f.given) FILTER (WHERE f.account_id = 3), 0),
             coalesce(-sum(f.given) FILTER (WHERE f.account_id IN (4, 10)), 0), coalesce(-sum(f.given) FILTER (WHERE f.account_id = 11), 0)]::bigint[]
      FROM flow f GROUP BY 2
    UNION ALL SELECT 'month', x.month::text, ARRAY[sum(x.joined), sum(x.orders), sum(x.spend)]::bigint[]
      FROM (SELECT i.joined AS month, 1 AS joined, 0 AS orders, 0::bigint AS spend FROM loyalty.insight_member i WHERE i.is_counted
            UNION ALL SELECT u.month, 0, u.orders, u.spend FROM loyalty.insight_member i, unnest(i.months, i.orders, i.spend) u (month, orders, spend)
             WHERE i.is_counted) x GROUP BY 2
    UNION ALL SELECT 'window', y.month::text, ARRAY[count(*) FILTER (WHERE y.is_active_3), count(*) FILTER (WHERE y.is_active),
             count(*) FILTER (WHERE y.is_active AND y.was_active), count(*) FILTER (WHERE y.orders >= 1), count(*) FILTER (WHERE y.orders >= 2),
             count(*) FILTER (WHERE y.redemptions > 0)]::bigint[] FROM year y GROUP BY 2
    UNION ALL SELECT 'movement', concat_ws('/', x.month, x.was_tier_id, x.tier_id), ARRAY[count(*)]::bigint[]
      FROM (SELECT loyalty.month_of(c.since) AS month, c.was_tier_id, c.tier_id
              FROM loyalty.insight_member i JOIN loyalty.member_tier c ON c.member_id = i.member_id AND c.change_no <= i.tier_changes
            UNION ALL
            SELECT i.joined, 0, coalesce((SELECT c.was_tier_id FROM loyalty.member_tier c WHERE c.member_id = i.member_id
                     AND c.ladder_id = (SELECT t.ladder_id FROM loyalty.tier t WHERE t.tier_id = i.tier_id) ORDER BY c.change_no LIMIT 1), i.tier_id)
              FROM loyalty.insight_member i WHERE i.tier_id IS NOT NULL) x GROUP BY 2
    UNION ALL SELECT 'tier', i.tier_id::text, ARRAY[count(*)]::bigint[] FROM loyalty.insight_member i WHERE i.is_counted AND i.tier_id IS NOT NULL GROUP BY 2
    UNION ALL SELECT 'case', loyalty.month_of((c.resolved_at AT TIME ZONE coalesce((SELECT p.timezone FROM loyalty.programme p), 'UTC'))::date)::text,
           ARRAY[count(*) FILTER (WHERE c.outcome = 'kept'), count(*) FILTER (WHERE c.outcome = 'lost'), count(*) FILTER (WHERE c.outcome = 'not_at_risk')]::bigint[]
      FROM loyalty.member_case c WHERE c.resolved_at IS NOT NULL AND c.outcome IS NOT NULL GROUP BY 2)
  SELECT figure, key, k.value, c.value
    FROM (SELECT * FROM kept WHERE 0 <> ANY (kept.value)) k FULL JOIN (SELECT * FROM counted WHERE 0 <> ANY (counted.value)) c USING (figure, key)
   WHERE k.value IS DISTINCT FROM c.value
  UNION ALL
  SELECT 'member', s.member_id::text, ARRAY[coalesce(i.entries, 0), coalesce(i.lots, 0), coalesce(i.tier_changes, 0)], ARRAY[s.entries, s.lots, s.tier_changes]::bigint[]
    FROM loyalty.standing s LEFT JOIN loyalty.insight_member i USING (member_id)
   WHERE (coalesce(i.entries, 0), coalesce(i.lots, 0), coalesce(i.tier_changes, 0)) <> (s.entries, s.lots, s.tier_changes)
     AND NOT EXISTS (SELECT FROM loyalty.insight_due d WHERE d.bucket = loyalty.bucket_of(s.member_id) AND d.member_id = s.member_id) $$;

-- For the report: cases of the last months by the month of opening and of resolving, hours as medians; and why they came.
CREATE FUNCTION loyalty.report_case_months(p_months int) RETURNS TABLE (month text, opened bigint, resolved bigint, kept bigint, lost bigint,
  not_at_risk bigint, answer_hours double precision, solution_hours double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH g AS (SELECT generate_series(n - p_months + 1, n) AS month FROM loyalty.month_of(loyalty.business_day()) n),
  z AS (SELECT coalesce((SELECT p.timezone FROM loyalty.programme p), 'UTC') AS zone),
  c AS (SELECT loyalty.month_of((c.opened_at AT TIME ZONE z.zone)::date) AS opened, loyalty.month_of((c.resolved_at AT TIME ZONE z.zone)::date) AS resolved,
               c.outcome, extract(epoch FROM c.first_answer_at - c.opened_at) / 3600 AS answer, extract(epoch FROM c.resolved_at - c.opened_at) / 3600 AS solution
          FROM loyalty.member_case c, z WHERE c.state <> 'merged')
  SELECT to_char(loyalty.month_day(g.month), 'YYYY-MM'), coalesce(o.n, 0), coalesce(r.n, 0), coalesce(r.kept, 0), coalesce(r.lost, 0),
         coalesce(r.not_at_risk, 0), r.answer, r.solution
    FROM g LEFT JOIN (SELECT c.opened AS month, count(*) AS n FROM c GROUP BY 1) o USING (month)
    LEFT JOIN (SELECT c.resolved AS month, count(*) AS n, count(*) FILTER (WHERE c.outcome = 'kept') AS kept,
                      count(*) FILTER (WHERE c.outcome = 'lost') AS lost, count(*) FILTER (WHERE c.outcome = 'not_at_risk') AS not_at_risk,
                      percentile_cont(0.5) WITHIN GROUP (ORDER BY c.answer) AS answer, percentile_cont(0.5) WITHIN GROUP (ORDER BY c.solution) AS solution
                 FROM c WHERE c.resolved IS NOT NULL GROUP BY 1) r USING (month) ORDER BY g.month $$;
CREATE FUNCTION loyalty.report_case_causes(p_months int) RETURNS TABLE (cause text, resolved bigint, kept bigint, lost bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT c.cause, count(*), count(*) FILTER (WHERE c.outcome = 'kept'), count(*) FILTER (WHERE c.outcome = 'lost') FROM loyalty.member_case c
   WHERE c.resolved_at > now() - make_interval(months => p_months) AND c.cause IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 20 $$;

-- How far the figures are: members still to be taken in (up to 1000), and the job that runs or ran last.
CREATE FUNCTION loyalty.insight_behind() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT count(*) FROM (SELECT FROM loyalty.insight_due LIMIT 1000) d $$;

REVOKE ALL ON FUNCTION loyalty.insight_broken(), loyalty.month_of(date), loyalty.month_day(int), loyalty.insight_may(), loyalty.insight_touch(bigint), loyalty.insight_job_ask(text),
  loyalty.insight_set(text, numeric), loyalty.insight_sales_set(date, bigint), loyalty.insight_pin(text, int, text[], double precision[], text[]),
  loyalty.insight_behind(), loyalty.insight_case_count(loyalty.member_case, int), loyalty.insight_cases_recount(int), loyalty.insight_job_add(text, date),
  loyalty.insight_fold(smallint, bigint, int), loyalty.report_case_months(int), loyalty.report_case_causes(int), loyalty.report_next(text, int, timestamptz),
  loyalty.report_schedule(text, text, text, int, text[]), loyalty.report_unschedule(bigint), loyalty.report_told(bigint, text, text), loyalty.insight_money(bigint), loyalty.insight_cell(bigint, bigint, bigint, bigint[], bigint[], bigint[]),
  loyalty.insight_year(smallint[], int[], bigint[], int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION loyalty.report_case_months(int), loyalty.report_case_causes(int), loyalty.month_of(date), loyalty.month_day(int), loyalty.insight_money(bigint),
  loyalty.insight_cell(bigint, bigint, bigint, bigint[], bigint[], bigint[]), loyalty.insight_year(smallint[], int[], bigint[], int) TO loyalty_manager, loyalty_admin, loyalty_worker;
GRANT EXECUTE ON FUNCTION loyalty.insight_job_ask(text), loyalty.insight_set(text, numeric), loyalty.insight_sales_set(date, bigint),
  loyalty.insight_pin(text, int, text[], double precision[], text[]), loyalty.insight_behind() TO loyalty_manager, loyalty_admin;
GRANT EXECUTE ON FUNCTION loyalty.insight_broken() TO loyalty_manager, loyalty_admin, loyalty_worker;
GRANT EXECUTE ON FUNCTION loyalty.insight_behind(), loyalty.insight_job_add(text, date), loyalty.insight_cases_recount(int),
  loyalty.insight_fold(smallint, bigint, int) TO loyalty_worker;
GRANT EXECUTE ON FUNCTION loyalty.report_schedule(text, text, text, int, text[]), loyalty.report_unschedule(bigint) TO loyalty_manager, loyalty_admin;
GRANT EXECUTE ON FUNCTION loyalty.report_told(bigint, text, text) TO loyalty_worker;
GRANT SELECT ON loyalty.report_job TO loyalty_manager, loyalty_admin, loyalty_worker;
GRANT UPDATE (next_at) ON loyalty.report_job TO loyalty_worker;  -- so that it may hold the row while it writes
GRANT SELECT ON loyalty.insight_month, loyalty.insight_points, loyalty.insight_cohort, loyalty.insight_tier, loyalty.insight_size, loyalty.insight_case,
  loyalty.insight_grid, loyalty.insight_break, loyalty.insight_job, loyalty.insight_setting, loyalty.insight_sales, loyalty.insight_baseline,
  loyalty.insight_pinned, loyalty.insight_member TO loyalty_manager, loyalty_admin, loyalty_worker;
GRANT SELECT, INSERT, DELETE ON loyalty.insight_due TO loyalty_worker;
GRANT INSERT, UPDATE, DELETE ON loyalty.insight_member, loyalty.insight_month, loyalty.insight_points, loyalty.insight_cohort, loyalty.insight_tier,
  loyalty.insight_size TO loyalty_worker;
GRANT SELECT, INSERT, DELETE ON loyalty.insight_grid_value TO loyalty_worker;
GRANT INSERT, DELETE ON loyalty.insight_grid, loyalty.insight_break TO loyalty_worker;
GRANT UPDATE ON loyalty.insight_job TO loyalty_worker;
