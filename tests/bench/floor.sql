-- What the floor program lists: the same members in one flat table, with the one index each way of reading needs.
CREATE TABLE floor_member AS
  SELECT m.member_id AS id, m.number::text COLLATE "C" AS number, m.given_name || ' ' || m.family_name AS name,
         m.city, t.code AS tier, b.points::text AS points
    FROM loyalty.member m JOIN loyalty.standing s USING (member_id) JOIN loyalty.balance b ON b.member_id = m.member_id AND b.currency_id = 1
    LEFT JOIN loyalty.tier t ON t.tier_id = s.tier_id;
ALTER TABLE floor_member ADD PRIMARY KEY (id);
CREATE INDEX floor_member_number ON floor_member (number);
-- A screen with personal data writes down who read it, so the floor's does.
CREATE TABLE floor_read (at timestamptz NOT NULL DEFAULT now(), login name NOT NULL DEFAULT session_user, id bigint NOT NULL);
GRANT SELECT ON floor_member TO loyalty_support;
GRANT INSERT ON floor_read TO loyalty_support;
VACUUM (ANALYZE, FREEZE) floor_member;
