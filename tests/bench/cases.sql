-- Two hundred people of the desk in ten groups, and :cases cases of all kinds, three in ten of them worked on; every facet is a chance of its own.
-- A stopwatch inside the server.
SET client_min_messages = warning;
DO $$ BEGIN PERFORM loyalty.staff_add(('s' || i)::name, 'Staff ' || i, 'support') FROM generate_series(1, 200) i; END $$;
DO $$ BEGIN PERFORM loyalty.desk_group_set('g' || i, 'name', 'Group ' || i) FROM generate_series(0, 9) i; END $$;
INSERT INTO loyalty.member_case (member_id, case_no, title, state, priority, group_code, owner, tags, opened_by, opened_at, due_at, answer_due_at, solution_due_at,
  warn_at, is_late, wait_until, resolved_at, resolved_by, cause, outcome, articles, events, changed_at)
SELECT 1 + n % m.members, 100 + n / m.members, 'Case number ' || n, x.state, 1 + floor(3 * bench.chance(n, 2))::int, 'g' || floor(10 * bench.chance(n, 3)),
       CASE WHEN NOT x.works OR bench.chance(n, 4) > 0.14 THEN 's' || bench.popular(200, bench.chance(n, 5)) END,
       CASE WHEN bench.chance(n, 6) < 0.2 THEN ARRAY['t' || floor(50 * bench.chance(n, 7))] ELSE '{}' END,
       's1', x.opened, x.due, x.due, x.due, 'infinity', x.works AND x.due < now() AND bench.chance(n, 8) < 0.9,
       CASE x.state WHEN 'waiting_us' THEN x.due END, CASE WHEN NOT x.works THEN x.opened + interval '1 h' END, CASE WHEN NOT x.works THEN 's1' END,
       CASE WHEN NOT x.works THEN 'cause' END, CASE WHEN NOT x.works THEN 'kept' END, 2, 4, x.opened + interval '1 h'
  FROM (SELECT count(*) AS members FROM loyalty.member) m, generate_series(0::bigint, :cases - 1) n,
       LATERAL (SELECT w.works, now() - bench.chance(n, 10) * interval '9000 h' AS opened, now() + (bench.chance(n, 11) * 22 - 2) * interval '1 day' AS due,
         CASE WHEN w.works THEN (ARRAY['new', 'open', 'open', 'waiting_member', 'waiting_us'])[1 + floor(5 * bench.chance(n, 9))::int]
              ELSE (ARRAY['resolved', 'closed'])[1 + floor(2 * bench.chance(n, 9))::int] END AS state
          FROM (SELECT bench.chance(n, 1) < 0.3 AS works) w) x;
SELECT loyalty.case_recount();
-- Nine queues, what the person has who asks, among them one that next to nothing matches.
INSERT INTO loyalty.case_queue (name, filter) VALUES ('Third group', 'group=g3'), ('Tagged', 'tag=t10'), ('Urgent', 'priority=high owner=none'),
  ('Rare', 'late state=new owner=none priority=high group=g3');
CREATE SCHEMA IF NOT EXISTS bench;
CREATE TABLE bench.case_read (round int NOT NULL, queue text NOT NULL, ms float8 NOT NULL, starved_ms float8 NOT NULL, rows int NOT NULL);
GRANT USAGE ON SCHEMA bench TO PUBLIC;
GRANT INSERT ON bench.case_read TO PUBLIC;
-- For how long the server's process has waited for a processor that others had.
CREATE FUNCTION bench.starved_ms() RETURNS float8 LANGUAGE sql SECURITY DEFINER AS $$
  SELECT split_part(pg_read_file('/proc/self/schedstat'), ' ', 2)::float8 / 1e6 $$;
-- Every queue of whoever asks, as the screen asks for it: a page of rows, and all queues with their counters.
CREATE FUNCTION bench.read_queues(p_round int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE q record; v_start timestamptz; v_starved float8; v_rows int;
BEGIN
  FOR q IN SELECT * FROM loyalty.case_queues() LOOP
    v_start := clock_timestamp();
    v_starved := bench.starved_ms();
    SELECT count(*) INTO v_rows FROM loyalty.case_page(q.filter, 'first', NULL, 90);
    PERFORM * FROM loyalty.case_queues();
    v_starved := bench.starved_ms() - v_starved;
    INSERT INTO bench.case_read VALUES (p_round, q.name, extract(epoch FROM clock_timestamp() - v_start) * 1000, v_starved, v_rows);
  END LOOP;
END $$;
VACUUM ANALYZE loyalty.member_case, loyalty.case_count, loyalty.case_tag, loyalty.case_queue;
