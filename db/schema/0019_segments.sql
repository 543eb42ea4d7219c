-- Verified segments: who is in one now, for audiences, and for a version that would leave one out.
CREATE INDEX member_verification_holds ON loyalty.member_verification (segment_id, member_id) WHERE ended_on IS NULL;

-- All who are in a segment on the business day, in order of member.
CREATE FUNCTION loyalty.segment_members(p_segment text) RETURNS TABLE (member_id bigint, since date, until_on date)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT v.member_id, v.since, v.until_on FROM loyalty.member_verification v
   WHERE v.segment_id = (SELECT s.segment_id FROM loyalty.verified_segment s WHERE s.code = p_segment) AND v.ended_on IS NULL
     AND coalesce(v.until_on, 'infinity') > (SELECT loyalty.business_day()) ORDER BY 1 $$;

-- In words, what members are verified as that a document does not name (programme_held).
CREATE FUNCTION loyalty.segment_held(p jsonb) RETURNS text[] LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(array_agg(format('%s the verification as %s', loyalty.members_word(h.members), h.code) ORDER BY h.segment_id), '{}')
    FROM (SELECT s.segment_id, s.code, n.members
            FROM loyalty.verified_segment s CROSS JOIN LATERAL (SELECT count(*) AS members FROM loyalty.segment_members(s.code)) n
           WHERE n.members > 0 AND NOT EXISTS (SELECT FROM jsonb_array_elements(p->'segments') x WHERE x->>'code' = s.code)) h $$;

GRANT EXECUTE ON FUNCTION loyalty.segment_members(text) TO loyalty_support, loyalty_manager, loyalty_admin;
