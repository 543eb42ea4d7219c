-- What was measured, and what must hold: the medians of interleaved rounds, as ratios.
SET client_min_messages = warning;
DROP SCHEMA IF EXISTS bench CASCADE;
CREATE SCHEMA bench;
CREATE TABLE bench.sample (name text NOT NULL, round int NOT NULL, value float8 NOT NULL);
CREATE VIEW bench.median AS
  SELECT name, percentile_cont(0.5) WITHIN GROUP (ORDER BY value) AS value FROM bench.sample GROUP BY name;

-- sense: '<' measured / floor at most, '>' at least; '+' measured at most floor + bound; '=' measured at most bound, '#' at least,
-- both without a floor.
CREATE TABLE bench.must (n int GENERATED ALWAYS AS IDENTITY, what text NOT NULL, measured text NOT NULL, floor text, sense text NOT NULL,
  bound numeric NOT NULL, unit text NOT NULL);
INSERT INTO bench.must (what, measured, floor, sense, bound, unit) VALUES
  ('start: frames that waited for the database', 'members.loyalty.frame_waits', NULL, '=', 0, ''),
  ('start: first frame', 'members.loyalty.first_frame', 'members.floor.first_frame', '<', 1.5, 'µs'),
  ('start: list usable', 'members.loyalty.usable', 'members.floor.usable', '<', 1.5, 'µs'),
  ('start: round trips', 'members.loyalty.start_trips', 'members.floor.start_trips', '+', 1, ''),
  ('row down', 'members.loyalty.down', 'members.floor.down', '<', 1.3, 'µs'),
  ('row up', 'members.loyalty.up', 'members.floor.up', '<', 1.3, 'µs'),
  ('row move, most bytes', 'members.loyalty.down_bytes', NULL, '=', 250, 'bytes'),
  ('page', 'members.loyalty.page', 'members.floor.page', '<', 1.3, 'µs'),
  ('screen change: open a member', 'members.loyalty.open', 'members.floor.open', '<', 1.3, 'µs'),
  ('screen change: back', 'members.loyalty.back', 'members.floor.back', '<', 1.3, 'µs'),
  ('500 keys in one write', 'members.loyalty.burst', 'members.floor.burst', '<', 2, 'µs'),
  ('500 keys: not on the exact row', 'members.loyalty.burst_inexact', NULL, '=', 0, ''),
  ('find by number', 'members.loyalty.find', 'members.floor.find', '<', 1.2, 'µs'),
  ('find by number: round trips', 'members.loyalty.find_trips', NULL, '=', 1, ''),
  ('End', 'members.loyalty.end', 'members.floor.end', '<', 1.2, 'µs'),
  ('End: round trips', 'members.loyalty.end_trips', NULL, '=', 1, ''),
  ('page 5,000', 'members.loyalty.deep_page', 'members.floor.deep_page', '<', 1.2, 'µs'),
  ('ten times the members: find by number', 'tenfold.loyalty.find', 'tenfold.floor.find', '<', 1.2, 'µs'),
  ('ten times the members: End', 'tenfold.loyalty.end', 'tenfold.floor.end', '<', 1.2, 'µs'),
  ('ten times the members: page 5,000', 'tenfold.loyalty.deep_page', 'tenfold.floor.deep_page', '<', 1.2, 'µs'),
  ('memory, resident', 'members.loyalty.resident_kb', 'members.floor.resident_kb', '<', 2, 'kB'),
  ('memory after 10,000 keys', 'members.loyalty.resident_after_kb', 'members.loyalty.resident_before_kb', '<', 1.02, 'kB'),
  ('memory at ten times the members', 'tenfold.loyalty.resident_kb', 'members.loyalty.resident_kb', '<', 1.02, 'kB'),
  ('idle: bytes written', 'members.loyalty.idle_bytes', NULL, '=', 0, ''),
  ('idle: wake-ups', 'members.loyalty.idle_wakeups', NULL, '=', 0, ''),
  ('find as you type: p99 of all kinds', 'members.search_p99', NULL, '=', 50, 'ms'),
  ('find as you type: p99 at ten times the members', 'tenfold.search_p99', NULL, '=', 100, 'ms'), -- twice the 50
  ('worker, submission counted in, against the usual design', 'worker.events', 'usual.events', '>', 5, '1/s'),
  ('worker, submission counted in, against raw COPY', 'worker.events', 'bare.events', '>', 0.07, '1/s'),
  ('one waiting event posted, against two bare commits', 'latency.posted', 'latency.two_commits', '<', 4, 'ms'),
  ('import of events, against raw COPY', 'import.lines', 'copy.lines', '>', 0.15, '1/s'),
  ('what-if, exact, against plain sums over its tables', 'what_if.exact', 'what_if.aggregate_true', '>', 0.333, '1/s'),
  ('what-if, exact, against sums over standings and balances', 'what_if.exact', 'what_if.aggregate_false', '>', 0.2, '1/s'),
  ('what-if: estimates a second, one within two seconds', 'what_if.estimate', NULL, '#', 0.5, '1/s'),
  ('a segment of four clauses, counted', 'segments.count', 'segments.by_hand', '>', 0.833, '1/s'),
  ('a segment: estimates a second', 'segments.estimate', NULL, '#', 2, '1/s'),
  ('engine: events of starbucks_us_2026 on one core', 'starbucks_us_2026.events', NULL, '#', 1000000, '1/s'),
  ('engine: events of delta_2025 on one core', 'delta_2025.events', NULL, '#', 1000000, '1/s'),
  ('engine: instructions an event, starbucks_us_2026', 'starbucks_us_2026.instructions', NULL, '=', 7000, ''),
  ('engine: instructions an event, delta_2025', 'delta_2025.instructions', NULL, '=', 7000, ''),
  ('engine: 10,000th event against the 2,000th, starbucks_us_2026', 'starbucks_us_2026.late', 'starbucks_us_2026.early', '<', 1.25, 'µs'),
  ('engine: 10,000th event against the 2,000th, delta_2025', 'delta_2025.late', 'delta_2025.early', '<', 1.25, 'µs'),
  ('engine: late events after a history of 1,000, starbucks_us_2026', 'starbucks_us_2026.late_1000', NULL, '#', 500, '1/s'),
  ('engine: late events after a history of 10,000, starbucks_us_2026', 'starbucks_us_2026.late_10000', NULL, '#', 50, '1/s'),
  ('engine: an event lived again for a late one, against an ordinary one, starbucks_us_2026', 'starbucks_us_2026.lived_10000', 'starbucks_us_2026.early', '<', 2, 'µs'),
  ('engine: the same after 10,000 events against 1,000, starbucks_us_2026', 'starbucks_us_2026.lived_10000', 'starbucks_us_2026.lived_1000', '<', 1.5, 'µs'),
  ('engine: late events after a history of 1,000, delta_2025', 'delta_2025.late_1000', NULL, '#', 500, '1/s'),
  ('engine: late events after a history of 10,000, delta_2025', 'delta_2025.late_10000', NULL, '#', 50, '1/s'),
  ('engine: an event lived again for a late one, against an ordinary one, delta_2025', 'delta_2025.lived_10000', 'delta_2025.early', '<', 2, 'µs'),
  ('engine: the same after 10,000 events against 1,000, delta_2025', 'delta_2025.lived_10000', 'delta_2025.lived_1000', '<', 1.5, 'µs'),
  ('surveys: all panels over all answers', 'surveys.all.paint', NULL, '=', 50, 'ms'),
  ('surveys: the same, against a tenth of the answers', 'surveys.all.paint', 'surveys.tenth.paint', '<', 1.5, 'ms'),
  ('surveys: the answers behind a bar, one region and score', 'surveys.all.answers', NULL, '=', 100, 'ms'),
  ('insights: the screen', 'insights.open', NULL, '=', 100, 'ms'),
  ('insights: grid, cohorts and movement of tiers', 'insights.breakdowns', NULL, '=', 100, 'ms'),
  ('insights: the members behind a figure, the slowest', 'insights.members', NULL, '=', 100, 'ms'),
  ('insights: members counted anew a second, in a job', 'insights.recompute', NULL, '#', 250, '1/s'),
  ('audit: every journal replayed and every ledger proved', 'audit.events', NULL, '#', 200000, '1/s'),
  ('campaigns: grants decided and posted, against the same events posted', 'campaigns.grants', 'campaigns.adjusts', '>', 0.5, '1/s'),
  ('campaigns: dry run over everybody, against a count and a hash each', 'campaigns.dry_run', 'campaigns.floor', '>', 0.667, '1/s'),
  ('a queue with its counters, 200 staff: p99 of database time', 'cases.screen_p99', NULL, '=', 10, 'ms'),
  ('the same at ten times the cases', 'cases_tenfold.screen_p99', NULL, '=', 10, 'ms'),
  ('counters that are not a recount', 'cases_tenfold.wrong', NULL, '=', 0, ''),
  ('a night with 1 % of the members due, against 99 % due; start-up not counted', 'night.hundredth', 'night.others', '<', 0.02, 's');

CREATE VIEW bench.verdict AS
  SELECT x.*, CASE sense WHEN '<' THEN x.measured <= bound * x.floor WHEN '>' THEN x.measured >= bound * x.floor
                         WHEN '+' THEN x.measured <= x.floor + bound
                         WHEN '#' THEN x.measured >= bound ELSE x.measured <= bound END AS is_ok
    FROM (SELECT t.n, t.what, m.value::numeric AS measured, f.value::numeric AS floor, t.sense, t.bound, t.unit
            FROM bench.must t JOIN bench.median m ON m.name = t.measured LEFT JOIN bench.median f ON f.name = t.floor) x;
