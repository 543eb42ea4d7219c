-- Consents: what a member agreed to or took back, when, how, and who wrote it down. Lines are only ever added; of each matter the newest one counts,
-- through its last day where it has one: from then on it is as if the member had never been asked.
-- Nothing in it names the member, so whatever becomes of their personal data it stays beside journal and ledger, to show what was allowed when.
CREATE TYPE loyalty.consent_kind AS ENUM ('promotions', 'partner_promotions', 'profiling', 'terms');
CREATE TYPE loyalty.consent_channel AS ENUM ('none', 'email', 'sms', 'phone', 'post', 'app');

CREATE TABLE loyalty.member_consent (
  member_id bigint NOT NULL, kind loyalty.consent_kind NOT NULL, channel loyalty.consent_channel NOT NULL,  -- channel: of what is sent
  said_at timestamptz NOT NULL,          -- when the member said so, which may be before it was written down
  is_given boolean NOT NULL, version text NOT NULL DEFAULT '',  -- version: of the terms
  source text NOT NULL,                  -- how: on the phone, a form, a file
  until_on date,                         -- the last day a given one holds; NULL: until it is taken back
  by_login name NOT NULL DEFAULT session_user, noted_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT member_consent_pk PRIMARY KEY (member_id, kind, channel, said_at),
  CONSTRAINT member_consent_channel_ck CHECK ((kind IN ('promotions', 'partner_promotions')) = (channel <> 'none')),
  CONSTRAINT member_consent_version_ck CHECK ((kind = 'terms') = (version <> '')),
  CONSTRAINT member_consent_until_ck CHECK (until_on IS NULL OR is_given AND until_on >= '1900-01-01'),
  CONSTRAINT member_consent_text_ck CHECK (length(source) BETWEEN 1 AND 200 AND length(version) <= 64));
SELECT dist.distribute('loyalty.member_consent', 'member_id', 'loyalty.member');
ALTER TABLE loyalty.member_consent ADD CONSTRAINT member_consent_member_fk FOREIGN KEY (member_id) REFERENCES loyalty.member;
-- An audience: all who consent to one matter, in order of member, out of the index alone.
CREATE INDEX member_consent_audience ON loyalty.member_consent (kind, channel, member_id, said_at DESC) INCLUDE (is_given, until_on);

-- The newest line of each matter; state is what it comes to today: given, expired or withdrawn.
CREATE VIEW loyalty.consent_now AS
  SELECT DISTINCT ON (c.member_id, c.kind, c.channel) c.member_id, c.kind, c.channel, c.said_at, c.is_given, c.version, c.source, c.by_login, c.noted_at, c.until_on,
         CASE WHEN NOT c.is_given THEN 'withdrawn' WHEN c.until_on < loyalty.business_day() THEN 'expired' ELSE 'given' END AS state
    FROM loyalty.member_consent c ORDER BY c.member_id, c.kind, c.channel, c.said_at DESC;

-- May the member be addressed so? Whoever was never asked has not consented. It keeps its plan, one descent of an index.
CREATE FUNCTION loyalty.member_consents(p_member_id bigint, p_kind loyalty.consent_kind, p_channel loyalty.consent_channel DEFAULT 'none') RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  RETURN coalesce((SELECT c.is_given AND (c.until_on IS NULL OR c.until_on >= loyalty.business_day()) FROM loyalty.member_consent c WHERE c.member_id = p_member_id AND c.kind = p_kind AND c.channel = p_channel
                    ORDER BY c.said_at DESC LIMIT 1), false);
END $$;

-- All who may be, in order of member.
CREATE FUNCTION loyalty.consenting_members(p_kind loyalty.consent_kind, p_channel loyalty.consent_channel DEFAULT 'none') RETURNS SETOF bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT n.member_id FROM (SELECT DISTINCT ON (c.member_id) c.member_id, c.is_given, c.until_on FROM loyalty.member_consent c
                            WHERE c.kind = p_kind AND c.channel = p_channel ORDER BY c.member_id, c.said_at DESC) n
   WHERE n.is_given AND (n.until_on IS NULL OR n.until_on >= (SELECT loyalty.business_day())) $$;

-- 'promotions:email', 'profiling', 'terms:2026-05' taken apart. Errors have SQLSTATE LY002.
CREATE FUNCTION loyalty.consent_read(p_what text, OUT kind loyalty.consent_kind, OUT channel loyalty.consent_channel, OUT version text)
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_word text := split_part(p_what, ':', 1); v_rest text := substr(p_what, length(split_part(p_what, ':', 1)) + 2);
BEGIN
  IF p_what = 'profiling' OR (v_word = 'terms' AND length(v_rest) BETWEEN 1 AND 64) THEN
    kind := v_word; channel := 'none'; version := v_rest;
  ELSIF v_word IN ('promotions', 'partner_promotions') AND v_rest IN ('email', 'sms', 'phone', 'post', 'app') THEN
    kind := v_word; channel := v_rest; version := '';
  ELSE
    RAISE EXCEPTION '"%" is nothing that a member consents to', left(p_what, 60) USING ERRCODE = 'LY002',
      HINT = 'promotions:CHANNEL, partner_promotions:CHANNEL, profiling or terms:VERSION; channels are email, sms, phone, post, app';
  END IF;
END $$;

-- What a file or a form says of consents: '-promotions:sms' refused, 'profiling@2027-12-31' given through that day.
CREATE FUNCTION loyalty.consent_said(p_word text, OUT what text, OUT is_given boolean, OUT until_on date) LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  is_given := p_word NOT LIKE '-%'; what := ltrim(p_word, '-');
  IF what ~ '@[0-9]{4}-[0-9]{2}-[0-9]{2}$' THEN
    until_on := right(what, 10)::date; what := left(what, -11);
  END IF;
END $$;

-- Writes down what a member said, now or at a moment gone by; p_until: the last day it holds. False: it was so already, and nothing is written. Errors: LY001 not your right,
-- LY002 not possible, LY003 the member said the opposite at that very moment, LY004 no such member.
CREATE FUNCTION loyalty.consent_set(p_member_id bigint, p_what text, p_is_given boolean, p_source text, p_said_at timestamptz DEFAULT NULL,
  p_until date DEFAULT NULL) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_role text := loyalty.caller_role(); r record := loyalty.consent_read(p_what); v_now timestamptz; v_last loyalty.consent_now;
BEGIN
  IF v_role NOT IN ('support', 'manager', 'admin', 'pos') THEN
    RAISE EXCEPTION 'your role (%) reads consents and does not write them', v_role USING ERRCODE = 'LY001';
  ELSIF p_said_at > clock_timestamp() OR p_said_at < '1900-01-01' THEN
    RAISE EXCEPTION 'nobody can have said so on %', p_said_at::date USING ERRCODE = 'LY002';
  ELSIF p_until < coalesce((p_said_at AT TIME ZONE (SELECT p.timezone FROM loyalty.programme p))::date, loyalty.business_day()) OR p_until IS NOT NULL AND NOT p_is_given THEN
    RAISE EXCEPTION '%', CASE WHEN p_is_given THEN format('a consent cannot have ended on %s before it was given', p_until) ELSE 'only what is given has a last day' END USING ERRCODE = 'LY002';
  ELSIF length(coalesce(p_source, '')) NOT BETWEEN 1 AND 200 THEN
    RAISE EXCEPTION 'say how the member said so' USING ERRCODE = 'LY002', HINT = 'in at most 200 characters';
  END IF;
  PERFORM FROM loyalty.member m WHERE m.member_id = p_member_id AND m.status IN ('active', 'blocked');
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no such member' USING ERRCODE = 'LY004';
  END IF;
  PERFORM pg_advisory_xact_lock(8, hashint8(p_member_id));     -- that of the member's audit: who writes at once writes one after the other
  v_now := clock_timestamp();
  SELECT * INTO v_last FROM loyalty.consent_now c WHERE c.member_id = p_member_id AND c.kind = r.kind AND c.channel = r.channel;
  IF p_said_at IS NULL AND (v_last.is_given, v_last.version, v_last.until_on) IS NOT DISTINCT FROM (p_is_given, r.version, p_until) THEN RETURN false; END IF;
  INSERT INTO loyalty.member_consent (member_id, kind, channel, said_at, is_given, version, source, until_on)
  VALUES (p_member_id, r.kind, r.channel, coalesce(p_said_at, v_now), p_is_given, r.version, p_source, p_until) ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    PERFORM FROM loyalty.member_consent c WHERE c.member_id = p_member_id AND c.kind = r.kind AND c.channel = r.channel AND c.said_at = p_said_at
       AND (c.is_given, c.version, c.until_on) IS NOT DISTINCT FROM (p_is_given, r.version, p_until);
    IF NOT FOUND THEN
      RAISE EXCEPTION 'the member said something else at that moment' USING ERRCODE = 'LY003', HINT = 'what was said later has a later moment';
    END IF;
    RETURN false;
  END IF;
  IF v_role <> 'pos' THEN
    PERFORM loyalty.audit_write(p_member_id, CASE WHEN p_is_given THEN 'consent.give' ELSE 'consent.withdraw' END, p_what || coalesce('@' || p_until, ''), NULL);
  END IF;
  PERFORM pg_notify('loyalty_member', p_member_id::text);
  RETURN true;
END $$;

-- Marketing asks, for its audiences and for one member; whoever speaks with members writes down what they say.
GRANT SELECT ON loyalty.member_consent, loyalty.consent_now TO loyalty_support, loyalty_marketing, loyalty_manager, loyalty_admin;
GRANT EXECUTE ON FUNCTION loyalty.member_consents(bigint, loyalty.consent_kind, loyalty.consent_channel),
  loyalty.consenting_members(loyalty.consent_kind, loyalty.consent_channel)
  TO loyalty_support, loyalty_marketing, loyalty_manager, loyalty_admin;
GRANT EXECUTE ON FUNCTION loyalty.consent_set(bigint, text, boolean, text, timestamptz, date) TO loyalty_support, loyalty_manager, loyalty_admin, loyalty_pos;
GRANT EXECUTE ON FUNCTION loyalty.member_of(text) TO loyalty_marketing;
