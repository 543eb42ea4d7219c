-- Nights: a business day's due members, how many there are and how many of them have been advanced. Rows of days gone by stay for a year.
CREATE TABLE loyalty.night (
  day date NOT NULL, bucket smallint NOT NULL,
  due bigint NOT NULL,                    -- members, counted before the first was advanced
  advanced bigint NOT NULL DEFAULT 0,     -- of those, by the night or by an event of their own
  started_at timestamptz NOT NULL DEFAULT now(), moved_at timestamptz NOT NULL DEFAULT now(),
  since_at timestamptz NOT NULL DEFAULT now(), since_advanced bigint NOT NULL DEFAULT 0, -- of when work was last taken up after a pause
  CONSTRAINT night_pk PRIMARY KEY (day, bucket)) WITH (fillfactor = 50);
SELECT dist.reference('loyalty.night');
GRANT SELECT ON loyalty.night TO loyalty_support, loyalty_marketing, loyalty_manager, loyalty_admin, loyalty_worker;

-- What is to be done of a night. Buckets not counted yet are counted first, for a tenth of a second at a time, as somebody may wait for the worker: until
-- is_counted, call again. buckets: bit b, whether bucket b has members due. is_ahead: of a night that is to take p_hours, more is done than is needed so
-- far; then buckets is 0. What ten thousand members cost need not be spread.
CREATE FUNCTION loyalty.night_look(p_day date, p_hours int, OUT is_counted boolean, OUT buckets int, OUT is_ahead boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_bucket int; v_until timestamptz := clock_timestamp() + interval '100 ms';
BEGIN
  buckets := 0;
  is_ahead := false;
  is_counted := false;
  FOR v_bucket IN SELECT b FROM generate_series(0, 15) b WHERE NOT EXISTS (SELECT FROM loyalty.night n WHERE n.day = p_day AND n.bucket = b) LOOP
    IF clock_timestamp() > v_until THEN RETURN; END IF;
    DELETE FROM loyalty.night n WHERE n.day < p_day - 400 AND n.bucket = v_bucket;
    INSERT INTO loyalty.night (day, bucket, due)
    SELECT p_day, v_bucket, count(*) FROM loyalty.member_due d WHERE d.bucket = v_bucket AND d.due_on <= p_day ON CONFLICT DO NOTHING;
  END LOOP;
  is_counted := true;
  IF p_hours > 0 THEN
    SELECT sum(n.advanced) >= 10000 + sum(n.due) * extract(epoch FROM now() - min(n.started_at)) / (p_hours * 3600) INTO is_ahead
      FROM loyalty.night n WHERE n.day = p_day;
    IF is_ahead THEN RETURN; END IF;
  END IF;
  SELECT coalesce(sum(1 << b), 0) INTO buckets
    FROM generate_series(0, 15) b WHERE EXISTS (SELECT FROM loyalty.member_due d WHERE d.bucket = b AND d.due_on <= p_day);
END $$;

-- Notes that these members, who were due, have been advanced. A pause of ten minutes and more does not count for the pace.
CREATE FUNCTION loyalty.night_note(p_day date, p_members bigint[]) RETURNS void LANGUAGE sql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE loyalty.night n
     SET advanced = n.advanced + m.members, due = greatest(n.due, n.advanced + m.members), moved_at = now(),
         since_at = CASE WHEN n.moved_at < now() - interval '10 min' THEN now() ELSE n.since_at END,
         since_advanced = CASE WHEN n.moved_at < now() - interval '10 min' THEN n.advanced ELSE n.since_advanced END
    FROM (SELECT loyalty.bucket_of(x) AS bucket, count(*) AS members FROM unnest(p_members) x GROUP BY 1) m
   WHERE n.day = p_day AND n.bucket = m.bucket $$;

-- How the newest night goes: seconds, members a second, and when it will be over at that pace; NULL where that cannot be told.
CREATE FUNCTION loyalty.night_progress(OUT day date, OUT due bigint, OUT advanced bigint, OUT is_over boolean, OUT seconds bigint, OUT pace numeric,
  OUT ends_at timestamptz) LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE v_stretch record;
BEGIN
  SELECT n.day, sum(n.due), sum(n.advanced), p.processed_on >= n.day,
         extract(epoch FROM CASE WHEN p.processed_on >= n.day THEN max(n.moved_at) ELSE now() END - min(n.started_at))
    INTO day, due, advanced, is_over, seconds
    FROM loyalty.night n, loyalty.programme p WHERE n.day = (SELECT max(x.day) FROM loyalty.night x) GROUP BY n.day, p.processed_on;
  SELECT sum(n.advanced - n.since_advanced) AS members, extract(epoch FROM max(n.moved_at) - min(n.since_at)) AS seconds INTO v_stretch
    FROM loyalty.night n WHERE n.day = night_progress.day AND n.moved_at > now() - interval '10 min';
  pace := v_stretch.members / nullif(v_stretch.seconds, 0);
  ends_at := now() + (due - advanced) / nullif(pace, 0) * interval '1 s';
END $$;

REVOKE ALL ON FUNCTION loyalty.night_look(date, int), loyalty.night_note(date, bigint[]), loyalty.night_progress() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION loyalty.night_look(date, int), loyalty.night_note(date, bigint[]) TO loyalty_worker;
GRANT EXECUTE ON FUNCTION loyalty.night_progress() TO loyalty_support, loyalty_marketing, loyalty_manager, loyalty_admin, loyalty_worker;
