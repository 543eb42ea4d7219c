-- What people type to find a member, :each of every kind, made from members drawn by :seed; and a stopwatch inside the server.
SELECT setseed(:seed);
CREATE TABLE bench.target AS
  SELECT row_number() OVER () AS n, m.member_id, m.number::text AS number, split_part(m.given_name, ' ', 1) AS given, m.family_name AS family,
         (SELECT i.value FROM loyalty.member_identifier i WHERE i.member_id = m.member_id AND i.kind = 'card') AS card,
         (SELECT i.value FROM loyalty.member_identifier i WHERE i.member_id = m.member_id AND i.kind = 'phone') AS phone,
         (SELECT i.value FROM loyalty.member_identifier i WHERE i.member_id = m.member_id AND i.kind = 'email') AS email
    FROM (SELECT 1 + floor(random() * :members)::bigint AS member_id FROM generate_series(1, :each * 40)) d JOIN loyalty.member m USING (member_id);
-- One letter of the family name is left out, doubled, changed, or swapped with the next, never the first.
CREATE FUNCTION bench.mistyped(x text) RETURNS text LANGUAGE sql VOLATILE AS $$
  SELECT CASE floor(random() * 4)::int
           WHEN 0 THEN left(x, p - 1) || substr(x, p + 1) WHEN 1 THEN left(x, p) || substr(x, p)
           WHEN 2 THEN left(x, p - 1) || chr(97 + floor(random() * 26)::int) || substr(x, p + 1)
           ELSE left(x, p - 1) || substr(x, p + 1, 1) || substr(x, p, 1) || substr(x, p + 2) END
    FROM (SELECT 2 + floor(random() * (length(x) - 2))::int AS p) y $$;
CREATE TABLE bench.probe AS
  SELECT row_number() OVER () AS n, kind, text, member_id
    FROM (SELECT k.kind, k.text, t.member_id, row_number() OVER (PARTITION BY k.kind ORDER BY t.n) AS nth
            FROM bench.target t CROSS JOIN LATERAL (VALUES
              ('card', card), ('number', number), ('phone', phone), ('last 7 of the phone', right(phone, 7)),
              ('e-mail, first letters', left(email, 6 + (n % 10)::int)),
              ('one letter', left(family, 1)), ('two letters', left(family, 2)), ('three letters', left(family, 3)),
              ('given name', given), ('given name and three letters', given || ' ' || left(family, 3)),
              ('given and family name', given || ' ' || family), ('family and given name', family || ' ' || given),
              ('part of a name', CASE WHEN length(family) >= 7 THEN substr(family, 3, 4) END),
              ('a typo', CASE WHEN length(family) >= 5 AND loyalty.fold(family) ~ '^[a-z]+$' THEN bench.mistyped(loyalty.fold(family)) END),
              ('given name and a typo', CASE WHEN length(family) >= 5 AND loyalty.fold(family) ~ '^[a-z]+$'
                                             THEN given || ' ' || bench.mistyped(loyalty.fold(family)) END)) k (kind, text)
           WHERE k.text <> '') x
   WHERE nth <= :each ORDER BY random();

CREATE FUNCTION bench.search_ms(p_text text, p_member_id bigint, OUT ms float8, OUT rows int, OUT hit boolean) LANGUAGE plpgsql AS $$
DECLARE v_from timestamptz := clock_timestamp(); v_found bigint[];
BEGIN
  v_found := ARRAY(SELECT s.member_id FROM loyalty.member_search(p_text, 50) s);
  ms := extract(epoch FROM clock_timestamp() - v_from) * 1000;
  rows := cardinality(v_found);
  hit := EXISTS (SELECT FROM loyalty.member f JOIN loyalty.member m USING (family_folded) WHERE f.member_id = ANY (v_found) AND m.member_id = p_member_id);
END $$;
CREATE TABLE bench.searched (round int, n bigint, ms float8, rows int, hit boolean); -- hit: someone of that family name was found
GRANT USAGE ON SCHEMA bench TO loyalty_support;
GRANT SELECT ON bench.probe TO loyalty_support;
GRANT INSERT ON bench.searched TO loyalty_support;
-- Each probe by the median of its rounds, so that what the machine did besides counts little. Round 0 warms up.
CREATE VIEW bench.found AS
  SELECT p.kind, p.text, percentile_cont(0.5) WITHIN GROUP (ORDER BY s.ms) AS ms, max(s.rows) AS rows, bool_or(s.hit) AS hit
    FROM bench.searched s JOIN bench.probe p USING (n) WHERE s.round > 0 GROUP BY p.n, p.kind, p.text;
