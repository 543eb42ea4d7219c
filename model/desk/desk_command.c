// The statements of the verbs of cases and of the desk.
#include "model/desk/desk_command.h"
#include <stddef.h>

// clang-format off
#define CASE "loyalty.case_of($1) c"
#define APPROVAL \
	"loyalty.member_of($1), $2, $3, (SELECT a.request_hash FROM loyalty.approval a" \
	" WHERE (a.member_id, a.source, a.external_id) = (loyalty.member_of($1), $2, $3))"
#define PAIRS(number) "unnest(string_to_array($" number ", E'\\x1f')) x"
#define KEY_VALUE "split_part(x, '=', 1), substr(x, strpos(x, '=') + 1)"

const struct desk_command DESK_COMMANDS[] = {
	{"case list", "SELECT number || '/' || case_no AS \"case\", member, title, state, (ARRAY['high', 'normal', 'low'])[priority] AS priority,"
		" owner, group_code AS \"group\", tags, is_late AS late, round(due_s / 3600.0, 1) AS due_hours"
		" FROM loyalty.case_page($1, 'first', NULL, coalesce($2::int, 100))", {"+1", "-most"}, .is_table = true},
	{"case count", "SELECT loyalty.case_filter_count($1)", {"+1"}, .done = "%s"},
	{"case queues", "SELECT name, filter, cases, is_own AS own FROM loyalty.case_queues()", {NULL}, .is_table = true},
	{"case queue", "SELECT loyalty.case_queue_set($1, coalesce($2, ''), $3::text IS NOT NULL)", {"1", "+2", "-shared"}, .done = "saved"},
	{"case unqueue", "SELECT loyalty.case_queue_set($1, NULL, $2::text IS NOT NULL)", {"1", "-shared"}, .done = "taken away"},
	{"case next", "SELECT m.number || '/' || c.case_no AS \"case\", k.title FROM loyalty.case_take_next() c"
		" JOIN loyalty.member m USING (member_id) JOIN loyalty.member_case k USING (member_id, case_no)", {NULL}, .is_table = true},
	{"case open", "SELECT $1 || '/' || loyalty.case_open(loyalty.member_of($1), $2::uuid, $3, coalesce($4, 'phone'),"
		" loyalty.case_priority(coalesce($5, 'normal')), CASE WHEN $6::text IS NULL THEN 'from_member' ELSE 'internal' END, $7, $8,"
		" coalesce(string_to_array($9, ','), '{}'))",
		{"1", "=", "2", "-channel", "-priority", "-internal", "3", "-group", "-tags"}, .done = "%s"},
	{"case show", "SELECT to_char(a.written_at, 'YYYY-MM-DD HH24:MI') AS at, a.kind, a.author, a.body FROM " CASE
		" JOIN loyalty.case_article a USING (member_id, case_no) ORDER BY a.article_no", {"1"}, .is_table = true},
	{"case history", "SELECT to_char(e.at, 'YYYY-MM-DD HH24:MI') AS at, e.login, e.action, e.old_value AS was, e.new_value AS is FROM " CASE
		" JOIN loyalty.case_event e USING (member_id, case_no) ORDER BY e.event_no", {"1"}, .is_table = true},
	{"case answer", "SELECT loyalty.case_write(c.member_id, c.case_no, $2::uuid, 'to_member', $3) FROM " CASE, {"1", "=", "+2"}, .done = "sent"},
	{"case note", "SELECT loyalty.case_write(c.member_id, c.case_no, $2::uuid, 'internal', $3) FROM " CASE, {"1", "=", "+2"}, .done = "written down"},
	{"case heard", "SELECT loyalty.case_write(c.member_id, c.case_no, $2::uuid, 'from_member', $3) FROM " CASE, {"1", "=", "+2"}, .done = "written down"},
	{"case set", "SELECT loyalty.case_set(c.member_id, c.case_no, NULL, $2, $3) FROM " CASE, {"1", "2", "+3"}, .done = "done"},
	{"case resolve", "SELECT loyalty.case_set(c.member_id, c.case_no, NULL, 'resolve', $3, $2) FROM " CASE, {"1", "2", "+3"}, .done = "resolved"},
	{"case follow", "SELECT loyalty.case_follow(c.member_id, c.case_no, true) FROM " CASE, {"1"}, .done = "followed"},
	{"case unfollow", "SELECT loyalty.case_follow(c.member_id, c.case_no, false) FROM " CASE, {"1"}, .done = "not followed any more"},
	{"case inbox", "SELECT i.number || '/' || i.case_no AS \"case\", i.title, i.what, i.by_name AS by, i.age_s AS seconds_ago, i.is_read AS read"
		" FROM loyalty.desk_inbox_page('first', NULL, coalesce($1::int, 100)) i", {"-most"}, .is_table = true},
	{"case drafts", "SELECT d.number || '/' || d.case_no AS \"case\", d.kind, d.body, d.age_s AS seconds_ago FROM loyalty.case_drafts(NULL, NULL) d",
		{NULL}, .is_table = true},
	{"case edit", "SELECT loyalty.case_edit(c.member_id, c.case_no, NULL, $2, $3, $4, $5) FROM " CASE,
		{"1", "-title", "-priority", "-group", "-tags"}, .done = "changed"},
	{"case macro", "SELECT loyalty.case_macro_run(c.member_id, c.case_no, NULL, $2::uuid, $3) FROM " CASE, {"1", "=", "2"}, .done = "done"},
	{"case texts", "SELECT t.text_code AS text, t.name, t.body FROM " CASE ", loyalty.case_texts(c.member_id, c.case_no) t", {"1"}, .is_table = true},
	{"case checklist", "SELECT k.name, k.is_done AS done, k.login FROM " CASE ", loyalty.case_checklist(c.member_id, c.case_no) k", {"1"}, .is_table = true},
	{"case tick", "SELECT loyalty.case_tick(c.member_id, c.case_no, $2) FROM " CASE, {"1", "+2"}, .done = "ticked"},
	{"case merge", "SELECT loyalty.case_merge(c.member_id, c.case_no, NULL, $2::int) FROM " CASE, {"1", "2"}, .done = "merged"},
	{"case unmerge", "SELECT loyalty.case_unmerge(c.member_id, c.case_no) FROM " CASE, {"1"}, .done = "taken out again"},
	{"case split", "SELECT split_part($1, '/', 1) || '/' || loyalty.case_split(c.member_id, c.case_no, $2::int, $3::uuid, $4) FROM " CASE,
		{"1", "2", "=", "+3"}, .done = "%s"},
	{"case link", "SELECT loyalty.case_link_set(c.member_id, c.case_no, o.member_id, o.case_no, true) FROM " CASE ", loyalty.case_of($2) o",
		{"1", "2"}, .done = "linked"},
	{"case unlink", "SELECT loyalty.case_link_set(c.member_id, c.case_no, o.member_id, o.case_no, false) FROM " CASE ", loyalty.case_of($2) o",
		{"1", "2"}, .done = "not linked any more"},
	{"case relations", "SELECT r.what, r.number || '/' || r.case_no AS \"case\", r.title, r.state FROM " CASE
		", loyalty.case_relations(c.member_id, c.case_no) r", {"1"}, .is_table = true},
	{"case all", "SELECT 'job ' || loyalty.case_job_start($1::uuid, $2, $3, $4, $5, NULL)", {"=", "1", "-value", "-outcome", "+2"}, .done = "%s"},
	{"case jobs", "SELECT job_no AS job, login, what, filter, state, total, done, failed, undone, why FROM loyalty.case_jobs(coalesce($1::int, 20))",
		{"-most"}, .is_table = true},
	{"case undo", "SELECT loyalty.case_job_undo($1::bigint)", {"1"}, .done = "a worker takes it back"},
	{"case stop", "SELECT loyalty.case_job_stop($1::bigint)", {"1"}, .done = "stopped"},
	{"case read", "SELECT CASE WHEN $1::text IS NULL THEN loyalty.desk_inbox_read(NULL, NULL)"
		" ELSE (SELECT loyalty.desk_inbox_read(c.member_id, c.case_no) FROM " CASE ") END", {"1"}, .done = "read"},
	{"approval list", "SELECT m.number AS member, a.type, a.body->>'amount' AS amount, a.requested_by AS by, a.why, a.body->>'reason' AS reason, a.source,"
		" a.external_id AS id, a.requested_at AS asked_at FROM loyalty.approval a JOIN loyalty.member m USING (member_id) WHERE a.decision IS NULL"
		" ORDER BY a.requested_at, a.member_id, a.external_id LIMIT coalesce($1::int, 100)", {"-most"}, .is_table = true},
	{"approval show", "SELECT e.what, e.has, e.becomes FROM loyalty.approval_effect(loyalty.member_of($1), $2, $3) e", {"1", "2", "3"}, .is_table = true},
	{"approval approve", "SELECT loyalty.approval_decide(" APPROVAL ", 'approved', $4)", {"1", "2", "3", "+4"}, .done = "approved"},
	{"approval refuse", "SELECT loyalty.approval_decide(" APPROVAL ", 'refused', $4)", {"1", "2", "3", "+4"}, .done = "refused"},
	{"desk texts", "SELECT t.text_code AS text, t.name, t.body FROM loyalty.case_text t ORDER BY 1", {NULL}, .is_table = true},
	{"desk settings", "SELECT s.key, s.is_off AS off, u.field, u.value FROM loyalty.desk_settings($1) s, unnest(loyalty.desk_setting_names($1), s.fields)"
		" WITH ORDINALITY u (field, value, n) ORDER BY s.key, u.n", {"1"}, .is_table = true},
	{"desk off", "SELECT loyalty.desk_setting_switch($1, translate($2, E'\\x1f', '|'), true)", {"1", "&2"}, .done = "switched off"},
	{"desk on", "SELECT loyalty.desk_setting_switch($1, translate($2, E'\\x1f', '|'), false)", {"1", "&2"}, .done = "switched on"},
	{"desk text", "SELECT loyalty.case_text_set($1, $2, $3)", {"1", "2", "+3"}, .done = "saved"},
	{"desk macros", "SELECT m.macro_code AS macro, m.name, m.text_code AS text, m.steps FROM loyalty.case_macro m ORDER BY 1", {NULL}, .is_table = true},
	{"desk macro", "SELECT loyalty.case_macro_set($1, $2, $4, $3)", {"1", "2", "+3", "-text"}, .done = "saved"},
	{"desk checklist", "SELECT loyalty.case_check_set($1, coalesce(string_to_array($2, E'\\x1f'), '{}'))", {"1", "&2"}, .done = "saved"},
	{"desk figures", "SELECT * FROM loyalty.desk_figures(coalesce($1::date, loyalty.business_day() - 30), coalesce($2::date, loyalty.business_day()),"
		" coalesce($3, 'all'))", {"-from", "-to", "-each"}, .is_table = true},
	{"audit list", "SELECT a.at, a.login, a.application, a.action, a.object, a.number AS member, a.changed FROM loyalty.audit_page($1, $2,"
		" loyalty.member_of($3), $4::date, $5::date, $6::text IS NOT NULL, 'first', NULL, coalesce($7::int, 100)) a",
		{"-login", "-action", "-member", "-from", "-to", "-reads", "-most"}, .is_table = true},
	{"audit check", "SELECT count(*) AS broken, coalesce(min(b.member_id), 0) AS first_member FROM loyalty.audit_broken(0, 9223372036854775807) b", {NULL},
		.is_table = true},
	{"desk groups", "SELECT g.group_code AS \"group\", g.name, g.lead, g.hands_out, g.calendar, string_agg(m.login, ' ' ORDER BY m.login) AS people"
		" FROM loyalty.case_group g LEFT JOIN loyalty.case_group_member m USING (group_code) GROUP BY g.group_code ORDER BY 1", {NULL}, .is_table = true},
	{"desk group", "SELECT count(*) FROM (SELECT loyalty.desk_group_set($1, " KEY_VALUE ") FROM " PAIRS("2") ") y", {"1", "&2"}, .done = "changed"},
	{"desk calendar", "SELECT count(*) FROM (SELECT loyalty.desk_calendar_set($1, " KEY_VALUE ") FROM " PAIRS("2") ") y", {"1", "&2"}, .done = "changed"},
	{"desk calendars", "SELECT c.calendar, coalesce(nullif(c.timezone, ''), 'of the programme') AS zone,"
		" (SELECT string_agg((ARRAY['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])[h.weekday] || ' ' || to_char(h.opens, 'HH24:MI') || '-'"
		" || to_char(h.closes, 'HH24:MI'), ', ' ORDER BY h.weekday, h.opens) FROM loyalty.calendar_hours h WHERE h.calendar = c.calendar) AS hours,"
		" (SELECT string_agg(y.day || ' ' || y.name, ', ' ORDER BY y.day) FROM loyalty.calendar_holiday y WHERE y.calendar = c.calendar) AS holidays"
		" FROM loyalty.calendar c ORDER BY 1", {NULL}, .is_table = true},
	{"desk promises", "SELECT coalesce(nullif(s.group_code, ''), 'all others') AS \"group\", (ARRAY['high', 'normal', 'low'])[s.priority] AS priority,"
		" s.answer_minutes AS answer, s.update_minutes AS update, s.solution_minutes AS solution, s.warn_minutes AS warn"
		" FROM loyalty.case_sla s ORDER BY s.group_code, s.priority", {NULL}, .is_table = true},
	{"desk promise", "SELECT count(*) FROM (SELECT loyalty.desk_sla_set(coalesce($3, ''), $1, split_part(x, '=', 1), split_part(x, '=', 2)::int)"
		" FROM " PAIRS("2") ") y", {"1", "&2", "-group"}, .done = "changed; cases that are open keep what was promised"},
	{"desk away", "SELECT loyalty.staff_away_set($3, $1, $2::timestamptz)", {"1", "2", "-login"}, .done = "away"},
	{"desk back", "SELECT loyalty.staff_away_set($1, NULL, NULL)", {"-login"}, .done = "back"},
	{.verb = NULL},
};
// clang-format on
