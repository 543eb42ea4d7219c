-- The programme: its dated versions (documents, see the format), and projections of them for joins and labels.
-- Codes get small numbers once and keep them over versions, so that ledger rows stay narrow and old rows readable.
CREATE TABLE loyalty.programme (
  programme_id smallint NOT NULL DEFAULT 1, code text NOT NULL, name text NOT NULL, money text NOT NULL,
  timezone text NOT NULL,                -- what "day" means; PostgreSQL's name of a time zone
  processed_on date NOT NULL,            -- the last business day whose due members were all advanced
  opened_on date NOT NULL DEFAULT '-infinity',   -- the latest day that any member was brought to; kept by whoever posts
  last_version_no smallint NOT NULL DEFAULT 1,   -- given to a version so far: that of a dropped draft is not given again
  cluster_word text NOT NULL DEFAULT '', -- shown on every screen: PRODUCTION, TEST, DEMO
  CONSTRAINT programme_pk PRIMARY KEY (programme_id), CONSTRAINT programme_one_ck CHECK (programme_id = 1));
SELECT dist.reference('loyalty.programme');

CREATE TABLE loyalty.programme_version (
  version_no smallint NOT NULL, code text NOT NULL,    -- the document's own
  document text NOT NULL, sha256 bytea NOT NULL, effective_from date NOT NULL,
  state text NOT NULL, author name NOT NULL DEFAULT session_user, written_at timestamptz NOT NULL DEFAULT now(),
  submitter name, submitted_at timestamptz,
  refusal text,                          -- why it was last sent back; until it is submitted again
  approver name, approved_at timestamptz, retired_by name, retired_at timestamptz, retired_why text,
  projection jsonb,                      -- what the document names, since its approval
  CONSTRAINT programme_version_pk PRIMARY KEY (version_no),
  CONSTRAINT programme_version_other_ck CHECK (version_no = 1 OR approver <> author AND approver <> submitter),
  CONSTRAINT programme_version_state_ck CHECK (state IN ('draft', 'submitted', 'approved', 'retired')));
SELECT dist.reference('loyalty.programme_version');

CREATE TABLE loyalty.currency (
  currency_id smallint NOT NULL, code text NOT NULL, kind text NOT NULL, decimals smallint NOT NULL,
  partner text COLLATE "C" NOT NULL DEFAULT '',          -- whose it is, for good
  CONSTRAINT currency_pk PRIMARY KEY (currency_id), CONSTRAINT currency_code_uq UNIQUE (code));
SELECT dist.reference('loyalty.currency');

CREATE TABLE loyalty.ladder (
  ladder_id smallint NOT NULL, code text NOT NULL,
  CONSTRAINT ladder_pk PRIMARY KEY (ladder_id), CONSTRAINT ladder_code_uq UNIQUE (code));
SELECT dist.reference('loyalty.ladder');

CREATE TABLE loyalty.tier (
  tier_id smallint NOT NULL, ladder_id smallint NOT NULL, code text NOT NULL, rank smallint NOT NULL,
  CONSTRAINT tier_pk PRIMARY KEY (tier_id), CONSTRAINT tier_code_uq UNIQUE (ladder_id, code));
SELECT dist.reference('loyalty.tier');
ALTER TABLE loyalty.tier ADD CONSTRAINT tier_ladder_fk FOREIGN KEY (ladder_id) REFERENCES loyalty.ladder;

-- What gives points by itself: rules of earning, grants of a date, payouts, automatic issues.
CREATE TABLE loyalty.rule (
  rule_id smallint NOT NULL, code text NOT NULL, kind text NOT NULL,
  CONSTRAINT rule_pk PRIMARY KEY (rule_id), CONSTRAINT rule_code_uq UNIQUE (code),
  CONSTRAINT rule_kind_ck CHECK (kind IN ('earn', 'grant', 'payout', 'auto')));
SELECT dist.reference('loyalty.rule');

CREATE TABLE loyalty.reward (
  reward_id smallint NOT NULL, code text NOT NULL, name text NOT NULL, kind text NOT NULL,
  currency_id smallint, cost bigint,     -- in units of 10^-decimals of the currency; NULL: cannot be redeemed
  offered boolean NOT NULL,              -- stands in the version in force
  first_day date, last_day date,         -- on which it is offered; NULL: no such end
  CONSTRAINT reward_pk PRIMARY KEY (reward_id), CONSTRAINT reward_code_uq UNIQUE (code));
SELECT dist.reference('loyalty.reward');
ALTER TABLE loyalty.reward ADD CONSTRAINT reward_currency_fk FOREIGN KEY (currency_id) REFERENCES loyalty.currency;

-- What members are verified as. Named apart from the segments of campaigns, which are conditions and nobody's claim.
CREATE TABLE loyalty.verified_segment (
  segment_id smallint NOT NULL, code text NOT NULL, name text NOT NULL,
  CONSTRAINT verified_segment_pk PRIMARY KEY (segment_id), CONSTRAINT verified_segment_code_uq UNIQUE (code));
SELECT dist.reference('loyalty.verified_segment');

-- The programme's side of every transfer. There are no balances of these: their totals are sums over entries.
CREATE TABLE loyalty.account (
  account_id smallint NOT NULL, code text NOT NULL,
  CONSTRAINT account_pk PRIMARY KEY (account_id), CONSTRAINT account_code_uq UNIQUE (code));
SELECT dist.reference('loyalty.account');
INSERT INTO loyalty.account VALUES (1, 'issued'), (2, 'redeemed'), (3, 'expired'), (4, 'reversed'), (5, 'adjusted'),
  (6, 'goodwill'), (7, 'granted'), (8, 'paid_out'), (9, 'auto_issued'), (10, 'written_off'), (11, 'transferred'), (12, 'converted');

-- Today, as the programme counts days.
CREATE FUNCTION loyalty.business_day() RETURNS date LANGUAGE plpgsql STABLE AS $$
BEGIN    -- which keeps its plan: in SQL it would be planned anew by each statement that asks, and most do
  RETURN (SELECT (now() AT TIME ZONE coalesce((SELECT p.timezone FROM loyalty.programme p), 'UTC'))::date);
END $$;
