-- Journal, inbox and ledger: what happened, what is still to do, what it came to.
-- Nobody is granted UPDATE or DELETE on journal, ledger_entry, lot_use; corrections are new events.
CREATE TYPE loyalty.event_type AS ENUM ('enrol', 'purchase', 'partner', 'activity', 'return', 'redeem', 'adjust', 'subscribe',
  'use_benefit', 'cancel_plan', 'tier_grant', 'session_end', 'cancel_reward', 'transfer', 'receive',
  'verify', 'unverify', 'merge', 'unmerge', 'reward_grant', 'multiplier_grant');

CREATE SEQUENCE loyalty.journal_seq AS bigint CACHE 1;
CREATE TABLE loyalty.journal (
  member_id bigint NOT NULL, seq bigint NOT NULL DEFAULT nextval('loyalty.journal_seq'),
  type loyalty.event_type NOT NULL, lane smallint NOT NULL,    -- 0: a person waits, 1: bulk
  activity_on date NOT NULL,     -- its date: the day it is posted on, which is the day it happened on, unless ...
  happened_on date,              -- ... it comes late: the earlier day, whose rules, tier and limits rate it
  amount bigint,                 -- purchase, partner, activity: minor units of money; adjust, transfer, receive: units of the currency;
                                 -- multiplier_grant: hundredths of the factor
  line_category text[], line_amount bigint[],                  -- instead of amount
  category text, quantity bigint,                              -- quantity: of an activity; units of a redemption; the number of
                                                               -- the member's issued reward that is cancelled
  basket bigint,                                               -- redeem: minor units of money
  of_seq bigint,                                               -- return: the event that is taken back
  object text,                                                 -- activity, partner, reward, currency, plan, ladder or segment
  tier text, until_on date, qualifying boolean,
  born date,                                                   -- enrol: month and day only, in the leap year 1904
  tender text, channel text, flags text[],
  other_number bigint,                                         -- transfer, merge: the receiver's number; receive: the giver's; redeem of a household: whose wish
  lot_amount bigint[], lot_earned_on date[], lot_expires_on date[],  -- receive: the lots it is made of; NULL: does not expire by itself
  active_on date,                                              -- receive: the giver's last activity, where points end without any
  reason text, case_no int,                                    -- why staff did it, and for which case; verify: the evidence
  source text COLLATE "C" NOT NULL, external_id text COLLATE "C" NOT NULL,  -- who sent it and their name for it: sent twice is once
  submitted_by name NOT NULL DEFAULT session_user, approved_by name,
  submitted_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT journal_pk PRIMARY KEY (member_id, seq),
  CONSTRAINT journal_source_uq UNIQUE (member_id, source, external_id),
  CONSTRAINT journal_happened_ck CHECK (happened_on IS NULL OR (happened_on < activity_on AND type IN ('purchase', 'partner', 'activity'))),
  CONSTRAINT journal_other_ck CHECK (other_number IS NOT NULL OR type NOT IN ('transfer', 'receive')),
  CONSTRAINT journal_receive_ck CHECK ((type = 'receive') = (source = 'transfer')),  -- whose keys nobody else may take
  CONSTRAINT journal_lane_ck CHECK (lane IN (0, 1)),
  CONSTRAINT journal_lines_ck CHECK (cardinality(line_category) IS NOT DISTINCT FROM cardinality(line_amount)),
  CONSTRAINT journal_text_ck CHECK (length(source) BETWEEN 1 AND 32 AND length(external_id) BETWEEN 1 AND 128));
SELECT dist.distribute('loyalty.journal', 'member_id', 'loyalty.member');
-- No foreign key to member: a third of the cost of an import; whoever inserts has joined with member, and verify looks.
-- What happened in a span of days: the journal grows by that day, so a few bytes a megabyte tell where to look.
CREATE INDEX journal_day ON loyalty.journal USING brin (activity_on) WITH (pages_per_range = 32, autosummarize = on);
CREATE INDEX journal_credited ON loyalty.journal (submitted_by, submitted_at) WHERE type IN ('adjust', 'purchase', 'transfer') AND lane = 0;

-- Pending events: one narrow row each, inserted with the event, deleted by the transaction that posts it.
CREATE TABLE loyalty.inbox (
  bucket smallint NOT NULL, member_id bigint NOT NULL, seq bigint NOT NULL, lane smallint NOT NULL,
  CONSTRAINT inbox_pk PRIMARY KEY (bucket, member_id, seq))
  WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000, autovacuum_vacuum_cost_delay = 0);
SELECT dist.distribute('loyalty.inbox', 'member_id', 'loyalty.member');
CREATE INDEX inbox_waiting ON loyalty.inbox (bucket, member_id) WHERE lane = 0;

-- Events that did not simply go through in the order of seq. No row and not in the inbox: accepted.
CREATE TABLE loyalty.outcome (
  member_id bigint NOT NULL, seq bigint NOT NULL, result text NOT NULL, reason text NOT NULL DEFAULT '',
  detail text NOT NULL DEFAULT '',
  after_seq bigint,              -- processed after this higher event, so replay must place it there ...
  revision bigint NOT NULL DEFAULT 0,  -- ... in the order of the saves (standing) it went with
  processed_on date,             -- the member's day before it, noted where its date was refused
  attempts int NOT NULL DEFAULT 1, at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT outcome_pk PRIMARY KEY (member_id, seq),
  CONSTRAINT outcome_result_ck CHECK (result IN ('accepted', 'denied', 'failed', 'cancelled')));
SELECT dist.distribute('loyalty.outcome', 'member_id', 'loyalty.member');
CREATE INDEX outcome_failed ON loyalty.outcome (at, member_id, seq) WHERE result = 'failed';

-- A transfer between the member (amount, signed) and an account of the programme (minus amount).
CREATE TABLE loyalty.ledger_entry (
  member_id bigint NOT NULL, entry_no bigint NOT NULL,
  seq bigint NOT NULL,           -- the event; 0: a date did it
  amount bigint NOT NULL, balance_after bigint NOT NULL,       -- of the currency, in units of 10^-decimals
  posted_at timestamptz NOT NULL, activity_on date NOT NULL,
  currency_id smallint NOT NULL, account_id smallint NOT NULL, rule_id smallint, tier_id smallint,
  multipliers smallint, factor bigint,                         -- of an award: what a return needs to rate it again
  of_seq bigint,                                               -- of a reversal: the event whose award is taken back
  CONSTRAINT ledger_entry_pk PRIMARY KEY (member_id, entry_no),
  CONSTRAINT ledger_entry_amount_ck CHECK (amount <> 0));
SELECT dist.distribute('loyalty.ledger_entry', 'member_id', 'loyalty.member');

-- What the member's chain of hashes runs over, byte for byte as the worker writes it: integers big endian, 0 for NULL, moments in
-- microseconds and days since 2000-01-01. The head after an entry is sha256(head before it || entry_bytes).
CREATE FUNCTION loyalty.entry_bytes(e loyalty.ledger_entry) RETURNS bytea LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT int8send(e.member_id) || int8send(e.entry_no) || int8send(e.seq) || int8send(e.amount) || int8send(e.balance_after)
    || timestamptz_send(e.posted_at) || date_send(e.activity_on) || int2send(e.currency_id) || int2send(e.account_id)
    || int2send(coalesce(e.rule_id, 0::smallint)) || int2send(coalesce(e.tier_id, 0::smallint)) || int2send(coalesce(e.multipliers, 0::smallint))
    || int8send(coalesce(e.factor, 0)) || int8send(coalesce(e.of_seq, 0)) $$;

-- The head of a member's chain, recomputed from the entries.
CREATE FUNCTION loyalty.chain_head(p_member_id bigint) RETURNS bytea LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_head bytea := ''; e loyalty.ledger_entry;
BEGIN
  FOR e IN SELECT * FROM loyalty.ledger_entry x WHERE x.member_id = p_member_id ORDER BY x.entry_no LOOP
    v_head := sha256(v_head || loyalty.entry_bytes(e));
  END LOOP;
  RETURN v_head;
END $$;

CREATE TABLE loyalty.lot (
  member_id bigint NOT NULL, lot_no bigint NOT NULL, entry_no bigint NOT NULL, seq bigint NOT NULL,
  granted bigint NOT NULL, remaining bigint NOT NULL,
  earned_on date NOT NULL, expires_on date, currency_id smallint NOT NULL,
  CONSTRAINT lot_pk PRIMARY KEY (member_id, lot_no),
  CONSTRAINT lot_remaining_ck CHECK (remaining BETWEEN 0 AND granted)) WITH (fillfactor = 80);
SELECT dist.distribute('loyalty.lot', 'member_id', 'loyalty.member');

-- Which lots paid for a debit, and, below zero, which got their points back.
CREATE TABLE loyalty.lot_use (
  member_id bigint NOT NULL, entry_no bigint NOT NULL, lot_no bigint NOT NULL, amount bigint NOT NULL,
  CONSTRAINT lot_use_pk PRIMARY KEY (member_id, entry_no, lot_no),
  CONSTRAINT lot_use_amount_ck CHECK (amount <> 0));
SELECT dist.distribute('loyalty.lot_use', 'member_id', 'loyalty.member');

CREATE TABLE loyalty.balance (
  member_id bigint NOT NULL, currency_id smallint NOT NULL,
  points bigint NOT NULL,        -- lots less debt; below zero is debt
  CONSTRAINT balance_pk PRIMARY KEY (member_id, currency_id)) WITH (fillfactor = 70);
SELECT dist.distribute('loyalty.balance', 'member_id', 'loyalty.member');

CREATE TABLE loyalty.member_tier (
  member_id bigint NOT NULL, change_no bigint NOT NULL, seq bigint NOT NULL,
  ladder_id smallint NOT NULL, tier_id smallint NOT NULL, was_tier_id smallint NOT NULL, since date NOT NULL, until_on date,
  CONSTRAINT member_tier_pk PRIMARY KEY (member_id, change_no));
SELECT dist.distribute('loyalty.member_tier', 'member_id', 'loyalty.member');

-- What a member was given. The worker posts it; what becomes of it then is told in 0014_rewards.sql.
CREATE TABLE loyalty.issued_reward (
  member_id bigint NOT NULL, reward_no bigint NOT NULL, seq bigint NOT NULL, reward_id smallint NOT NULL,
  issued_on date NOT NULL, expires_on date, value_minor bigint NOT NULL, state text NOT NULL DEFAULT 'issued',
  cost bigint NOT NULL DEFAULT 0, entry_no bigint,             -- its share of the debit that paid for it; NULL: it was free
  code text COLLATE "C",                 -- as reward_code has it; NULL: it waits for stock
  is_stocked boolean NOT NULL DEFAULT false,                   -- it is one of those that reward_stock counts
  used_minor bigint NOT NULL DEFAULT 0,  -- of its value
  reserved_until timestamptz, reserved_by text,                -- of the last reservation: its key
  cancel_seq bigint,                     -- the event that cancels it
  CONSTRAINT issued_reward_pk PRIMARY KEY (member_id, reward_no),
  CONSTRAINT issued_reward_used_ck CHECK (used_minor BETWEEN 0 AND value_minor),
  CONSTRAINT issued_reward_state_ck CHECK (state IN ('issued', 'reserved', 'redeemed', 'donated', 'expired', 'cancelled')));
SELECT dist.distribute('loyalty.issued_reward', 'member_id', 'loyalty.member');
CREATE INDEX issued_reward_ends ON loyalty.issued_reward (expires_on) WHERE state IN ('issued', 'reserved') AND expires_on IS NOT NULL;
CREATE INDEX issued_reward_waits ON loyalty.issued_reward (reward_id, member_id, reward_no) WHERE code IS NULL AND state = 'issued';

-- A verification: its event, and its end once that has come.
CREATE TABLE loyalty.member_verification (
  member_id bigint NOT NULL, seq bigint NOT NULL, segment_id smallint NOT NULL, since date NOT NULL,
  until_on date,                         -- the first day it does not hold any more; NULL: until it is ended
  ended_on date, end_seq bigint,         -- end_seq: the event that ended it, 0: its day came; both NULL: it holds
  CONSTRAINT member_verification_pk PRIMARY KEY (member_id, seq),
  CONSTRAINT member_verification_end_ck CHECK ((ended_on IS NULL) = (end_seq IS NULL)));
SELECT dist.distribute('loyalty.member_verification', 'member_id', 'loyalty.member');

CREATE TABLE loyalty.plan_charge (
  member_id bigint NOT NULL, charge_no bigint NOT NULL, seq bigint NOT NULL, plan text NOT NULL,
  charged_on date NOT NULL, amount_minor bigint NOT NULL,      -- a refund is negative
  CONSTRAINT plan_charge_pk PRIMARY KEY (member_id, charge_no));
SELECT dist.distribute('loyalty.plan_charge', 'member_id', 'loyalty.member');
