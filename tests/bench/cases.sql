-- Two hundred people of the desk in ten groups, and :cases cases of all kinds, three in ten of them worked on; the counters as the functions would have
-- left them, and a stopwatch inside the server.
SET client_min_messages = warning;
DO $$ BEGIN PERFORM loyalty.staff_add(('s' || i)::name, 'Staff ' || i, 'support') FROM generate_series(1, 200) i; END $$;
DO $$ BEGIN PERFORM loyalty.desk_group_set('g' || i, 'name', 'Group ' || i) FROM generate_series(0, 9) i; END $$;
INSERT INTO loyalty.member_case (member_id, case_no, title, state, priority, group_code, owner, tags, opened_by, opened_at, due_at, answer_due_at, solution_due_at,
  warn_at, is_late, wait_until, resolved_at, resolved_by, cause, outcome, articles, events, changed_at)
SELECT 1 + n % m.members, 100 + n / m.members, 'Case number ' || n, x.state, 1 + n % 3, 'g' || n % 10,
       CASE WHEN n % 7 > 0 OR x.state IN ('resolved', 'closed') THEN 's' || 1 + n::bigint * 31 % 200 END, CASE n % 5 WHEN 0 THEN ARRAY['t' || n % 50] ELSE '{}' END,
       's1', now() - n % 9000 * interval '1 h', x.due, x.due, x.due, 'infinity', x.due < now() AND n % 10 < 3,
       CASE x.state WHEN 'waiting_us' THEN x.due END, CASE WHEN x.state IN ('resolved', 'closed') THEN now() - n % 9000 * interval '1 h' END,
       CASE WHEN x.state IN ('resolved', 'closed') THEN 's1' END, CASE WHEN x.state IN ('resolved', 'closed') THEN 'cause' END,
       CASE WHEN x.state IN ('resolved', 'closed') THEN 'kept' END, 2, 4, now() - n % 9000 * interval '1 h' + n * interval '1 ms'
  FROM (SELECT count(*) AS members FROM loyalty.member) m, generate_series(0, :cases - 1) n,
       LATERAL (SELECT CASE WHEN n % 10 >= 3 THEN CASE n % 2 WHEN 0 THEN 'closed' ELSE 'resolved' END
                            ELSE (ARRAY['new', 'open', 'open', 'waiting_member', 'waiting_us'])[1 + n / 10 % 5] END AS state,
                       now() + (n::bigint * 7919 % 2000000 - 200000) * interval '1 s' AS due) x;
INSERT INTO loyalty.case_count
SELECT o, t, c.state, c.group_code, c.priority, c.is_late, count(*) FROM loyalty.member_case c, unnest(ARRAY['*', coalesce(c.owner, '')]) o,
       unnest(array_append(c.tags, '')) t GROUP BY 1, 2, 3, 4, 5, 6;
INSERT INTO loyalty.case_queue (name, filter) VALUES ('Third group', 'group=g3'), ('Tagged', 'tag=t10'), ('Urgent', 'priority=high owner=none'), ('Waiting', 'state=waiting owner=me');
CREATE SCHEMA IF NOT EXISTS bench;
CREATE TABLE bench.case_read (round int NOT NULL, queue text NOT NULL, ms float8 NOT NULL, rows int NOT NULL);
GRANT USAGE ON SCHEMA bench TO PUBLIC;
GRANT INSERT ON bench.case_read TO PUBLIC;
-- Every queue of whoever asks, as the screen asks for it: a page of rows, and all queues with their counters.
CREATE FUNCTION bench.read_queues(p_round int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE q record; v_start timestamptz; v_rows int;
BEGIN
  FOR q IN SELECT * FROM loyalty.case_queues() LOOP
    v_start := clock_timestamp();
    SELECT count(*) INTO v_rows FROM loyalty.case_page(q.filter, 'first', NULL, 90);
    PERFORM * FROM loyalty.case_queues();
    INSERT INTO bench.case_read VALUES (p_round, q.name, extract(epoch FROM clock_timestamp() - v_start) * 1000, v_rows);
  END LOOP;
END $$;
VACUUM ANALYZE loyalty.member_case, loyalty.case_count, loyalty.case_queue;
