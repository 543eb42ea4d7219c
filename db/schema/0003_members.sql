-- Members: who they are, how they are found, and where each one stands.

-- One folding for all search: accents, case and the Turkish i are forgiven; what is shown is the stored spelling.
CREATE FUNCTION loyalty.fold(x text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN lower(public.unaccent('public.unaccent'::regdictionary, normalize(x, NFC)));

CREATE SEQUENCE loyalty.member_id_seq AS bigint;
CREATE SEQUENCE loyalty.member_number_seq AS bigint START 1000001;
CREATE TABLE loyalty.member (
  member_id bigint NOT NULL DEFAULT nextval('loyalty.member_id_seq'),
  number bigint NOT NULL,                -- what people are told; unique through member_identifier
  given_name text NOT NULL, family_name text NOT NULL,
  given_folded text COLLATE "C" NOT NULL GENERATED ALWAYS AS (loyalty.fold(given_name)) STORED,
  family_folded text COLLATE "C" NOT NULL GENERATED ALWAYS AS (loyalty.fold(family_name)) STORED,
  born date, city text NOT NULL DEFAULT '', language text NOT NULL DEFAULT '', channel text NOT NULL DEFAULT '',
  city_folded text COLLATE "C" NOT NULL GENERATED ALWAYS AS (loyalty.fold(city)) STORED,
  channel_folded text COLLATE "C" NOT NULL GENERATED ALWAYS AS (loyalty.fold(channel)) STORED,
  birthday smallint GENERATED ALWAYS AS ((extract(month FROM born) * 100 + extract(day FROM born))::smallint) STORED,   -- 1122
  flags text[] NOT NULL DEFAULT '{}', enrolled_on date NOT NULL, status text NOT NULL DEFAULT 'active',
  version int NOT NULL DEFAULT 1,        -- of this row, for edits at the same time
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT member_pk PRIMARY KEY (member_id),
  CONSTRAINT member_name_ck CHECK (length(given_name) <= 200 AND length(family_name) BETWEEN 1 AND 200),
  CONSTRAINT member_status_ck CHECK (status IN ('active', 'blocked', 'merged', 'erased', 'closed'))) WITH (fillfactor = 95);
SELECT dist.distribute('loyalty.member', 'member_id', 'none');
CREATE INDEX member_number ON loyalty.member (number);
CREATE INDEX member_family ON loyalty.member (family_folded, given_folded, member_id);
CREATE INDEX member_given ON loyalty.member (given_folded, family_folded, member_id);
CREATE INDEX member_words ON loyalty.member USING gin (string_to_array(given_folded || ' ' || family_folded, ' '));

-- Everything that names one member: unique over all members, so keyed by the identifier itself.
CREATE TABLE loyalty.member_identifier (
  value text COLLATE "C" NOT NULL, kind text NOT NULL, member_id bigint NOT NULL,
  added_at timestamptz NOT NULL DEFAULT now(),
  from_id bigint,                        -- whose it was before that member was merged into this one
  CONSTRAINT member_identifier_pk PRIMARY KEY (value, kind) INCLUDE (member_id),   -- so that an import reads nothing but the index
  CONSTRAINT member_identifier_kind_ck CHECK (kind IN ('number', 'card', 'email', 'phone', 'external')),
  CONSTRAINT member_identifier_value_ck CHECK (length(value) BETWEEN 1 AND 254));
SELECT dist.distribute('loyalty.member_identifier', 'value', 'none');
CREATE INDEX member_identifier_member ON loyalty.member_identifier (member_id, kind);
CREATE INDEX member_identifier_phone7 ON loyalty.member_identifier (right(value, 7)) WHERE kind = 'phone';
CREATE INDEX member_identifier_card4 ON loyalty.member_identifier (right(value, 4)) WHERE kind = 'card';

-- How an identifier is written down: e-mail folded to lower case, phone as + and digits, card as digits and letters.
CREATE FUNCTION loyalty.identifier_normal(p_kind text, p_value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE p_kind
  WHEN 'email' THEN lower(btrim(p_value))
  WHEN 'phone' THEN CASE WHEN btrim(p_value) LIKE '+%' THEN '+' WHEN btrim(p_value) LIKE '00%' THEN '+' ELSE '' END
                    || regexp_replace(regexp_replace(btrim(p_value), '^00', ''), '[^0-9]', '', 'g')
  WHEN 'card' THEN upper(regexp_replace(p_value, '[^0-9A-Za-z]', '', 'g'))
  ELSE btrim(p_value) END;

-- The words that names are made of, for typos and parts of words: tens of thousands however many members.
CREATE TABLE loyalty.name_word (
  word text COLLATE "C" NOT NULL, kind "char" NOT NULL, members bigint NOT NULL DEFAULT 1,  -- kind g given, f family; members: as of the last count
  CONSTRAINT name_word_pk PRIMARY KEY (word, kind));
SELECT dist.reference('loyalty.name_word');
CREATE INDEX name_word_trigram ON loyalty.name_word USING gin (word public.gin_trgm_ops);

-- Where a member stands: the one row that is locked to post anything for the member.
-- memory is what the engine must remember besides balances and lots, in the engine's own bytes; the journal can always rebuild it.
CREATE TABLE loyalty.standing (
  member_id bigint NOT NULL,
  revision bigint NOT NULL DEFAULT 0,    -- counts saves; a save names the revision it read
  entries bigint NOT NULL DEFAULT 0,     -- entries posted = number of the newest
  head bytea NOT NULL DEFAULT '\x',      -- of the hash chain over the entries
  last_seq bigint NOT NULL DEFAULT 0,    -- highest journal event processed
  events bigint NOT NULL DEFAULT 0,      -- how many were processed, accepted or denied
  processed_on date NOT NULL DEFAULT '-infinity',  -- the member's day
  programme_version smallint,            -- under which memory was written
  tier_id smallint, tier_until date,     -- of the programme's first ladder, for lists
  first_open_lot bigint NOT NULL DEFAULT 1,
  lots bigint NOT NULL DEFAULT 0, rewards bigint NOT NULL DEFAULT 0,   -- numbers given so far
  tier_changes bigint NOT NULL DEFAULT 0, charges bigint NOT NULL DEFAULT 0,
  last_activity_on date, last_purchase_on date,  -- the days those happened on
  purchases bigint NOT NULL DEFAULT 0,   -- accepted so far
  pool_share smallint,                   -- per cent of what is earned that goes to the household; NULL: there never was one
  memory bytea NOT NULL DEFAULT '\x',
  CONSTRAINT standing_pk PRIMARY KEY (member_id)) WITH (fillfactor = 60);
SELECT dist.distribute('loyalty.standing', 'member_id', 'loyalty.member');
ALTER TABLE loyalty.standing ADD CONSTRAINT standing_member_fk FOREIGN KEY (member_id) REFERENCES loyalty.member;

-- Members fall into sixteen buckets, of which a worker has one to itself while it posts.
CREATE FUNCTION loyalty.bucket_of(p_member_id bigint) RETURNS smallint LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN (hashint8(p_member_id) & 15)::smallint;

-- When a date will next change something for a member. Apart from standing, whose updates must stay without index work.
CREATE TABLE loyalty.member_due (
  member_id bigint NOT NULL, due_on date NOT NULL, bucket smallint NOT NULL GENERATED ALWAYS AS (loyalty.bucket_of(member_id)) STORED,
  CONSTRAINT member_due_pk PRIMARY KEY (member_id));
SELECT dist.distribute('loyalty.member_due', 'member_id', 'loyalty.member');
CREATE INDEX member_due_day ON loyalty.member_due (bucket, due_on, member_id);

-- Two memberships that are one: while it has no end, all that the source has goes on to the target (0028).
CREATE TABLE loyalty.member_merge (
  member_id bigint NOT NULL, seq bigint NOT NULL,              -- the source and its event
  target_id bigint NOT NULL, merged_at timestamptz NOT NULL DEFAULT now(),
  ended_seq bigint, ended_at timestamptz,
  CONSTRAINT member_merge_pk PRIMARY KEY (member_id, seq),
  CONSTRAINT member_merge_end_ck CHECK ((ended_seq IS NULL) = (ended_at IS NULL)));
SELECT dist.distribute('loyalty.member_merge', 'member_id', 'loyalty.member');
CREATE INDEX member_merge_target ON loyalty.member_merge (target_id);

-- What a member was called and reached by before: changed, taken away, or, a card, blocked. Found by search, as likeness is.
CREATE TABLE loyalty.member_past (
  member_id bigint NOT NULL, past_no int NOT NULL, kind text NOT NULL, value text COLLATE "C" NOT NULL, is_blocked boolean NOT NULL DEFAULT false,
  since timestamptz, until timestamptz NOT NULL DEFAULT clock_timestamp(), by_login name NOT NULL DEFAULT session_user, reason text NOT NULL DEFAULT '',
  CONSTRAINT member_past_pk PRIMARY KEY (member_id, past_no),
  CONSTRAINT member_past_kind_ck CHECK (kind IN ('email', 'phone', 'card', 'given_name', 'family_name', 'status') OR kind LIKE 'attribute:%'));
SELECT dist.distribute('loyalty.member_past', 'member_id', 'loyalty.member');
CREATE INDEX member_past_value ON loyalty.member_past (value, kind);

-- What those who serve a member tell each other.
CREATE TABLE loyalty.member_note (
  member_id bigint NOT NULL, note_no int NOT NULL, body text NOT NULL, by_login name NOT NULL DEFAULT session_user, at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT member_note_pk PRIMARY KEY (member_id, note_no),
  CONSTRAINT member_note_body_ck CHECK (length(body) BETWEEN 1 AND 4000));
SELECT dist.distribute('loyalty.member_note', 'member_id', 'loyalty.member');

-- What a house wants to know of its members beyond what every house does: declared by an administrator, of a type that stays for good (0038).
CREATE SEQUENCE loyalty.attribute_id_seq AS smallint;
CREATE TABLE loyalty.attribute (
  attribute_id smallint NOT NULL DEFAULT nextval('loyalty.attribute_id_seq'), code text COLLATE "C" NOT NULL, name text NOT NULL, type text NOT NULL,
  decimals smallint NOT NULL DEFAULT 0,  -- of a number
  choices text[] NOT NULL DEFAULT '{}',  -- in the order in which they are offered
  is_personal boolean NOT NULL,          -- goes with the person when a member is erased
  seen_by text[] NOT NULL,               -- roles that see and set it; administrators and the worker do in any case
  declared_by name NOT NULL DEFAULT session_user, declared_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT attribute_pk PRIMARY KEY (attribute_id), CONSTRAINT attribute_code_uq UNIQUE (code),
  CONSTRAINT attribute_code_ck CHECK (code ~ '^[a-z][a-z0-9_]{0,39}$' AND code NOT IN ('email', 'phone', 'card', 'given_name', 'family_name', 'status', 'profiling', 'until')),
  CONSTRAINT attribute_name_ck CHECK (length(name) BETWEEN 1 AND 60),
  CONSTRAINT attribute_type_ck CHECK (type IN ('text', 'number', 'date', 'choice', 'yes_no')),
  CONSTRAINT attribute_decimals_ck CHECK (decimals BETWEEN 0 AND CASE type WHEN 'number' THEN 6 ELSE 0 END),
  CONSTRAINT attribute_choices_ck CHECK ((type = 'choice') = (cardinality(choices) > 0)),
  CONSTRAINT attribute_seen_ck CHECK (seen_by <@ '{support,marketing,manager,admin}'));
SELECT dist.reference('loyalty.attribute');

CREATE TABLE loyalty.member_attribute (
  member_id bigint NOT NULL, attribute_id smallint NOT NULL, value text NOT NULL,    -- as people read it
  folded text COLLATE "C" NOT NULL GENERATED ALWAYS AS (loyalty.fold(value)) STORED,
  number bigint, day date,               -- the value of a number, in units of its last decimal, and of a date
  set_at timestamptz NOT NULL DEFAULT now(), by_login name NOT NULL DEFAULT session_user,
  CONSTRAINT member_attribute_pk PRIMARY KEY (member_id, attribute_id));
SELECT dist.distribute('loyalty.member_attribute', 'member_id', 'loyalty.member');
ALTER TABLE loyalty.member_attribute ADD CONSTRAINT member_attribute_member_fk FOREIGN KEY (member_id) REFERENCES loyalty.member;
ALTER TABLE loyalty.member_attribute ADD CONSTRAINT member_attribute_attribute_fk FOREIGN KEY (attribute_id) REFERENCES loyalty.attribute;
CREATE INDEX member_attribute_which ON loyalty.member_attribute (attribute_id, member_id);

-- Whether the caller sees what these roles see.
CREATE FUNCTION loyalty.attribute_seen(p_roles text[]) RETURNS boolean LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN loyalty.caller_role() = ANY (p_roles || '{admin,worker}'::text[]);
END $$;

-- The same of a line of the past: all but those of an attribute that the caller does not see.
CREATE FUNCTION loyalty.past_seen(p_kind text) RETURNS boolean LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN p_kind NOT LIKE 'attribute:%'
      OR EXISTS (SELECT FROM loyalty.attribute a WHERE a.code = substr(p_kind, 11) AND loyalty.attribute_seen(a.seen_by));
END $$;
