// Asks about messages: to members, and of reports.
#include "model/outbox/outbox.h"

#define ZONE "(SELECT timezone FROM loyalty.programme)"
#define MOMENT(column) "to_char(" column " AT TIME ZONE " ZONE ", 'YYYY-MM-DD HH24:MI')"

// clang-format off
// Reports, which are named R12/1, stand among the messages to members; each part is read up to its bound, along its key.
#define LIST(where, order) \
	"SELECT message, state, purpose, " MOMENT("due_at") " AS due, tries, about, subject, why FROM (" \
	"(SELECT o.message, o.state, o.purpose, o.due_at, o.attempts AS tries, o.key AS about, o.subject, o.why, o.member_id, o.message_no, o.written_at" \
	" FROM loyalty.outbox_seen o WHERE " where " ORDER BY " order("o.member_id", "o.message_no") " LIMIT 1000) UNION ALL " \
	"(SELECT o.message, o.state, 'report', o.due_at, o.attempts, o.report || ' to ' || o.address, o.title, o.why, o.issue_no, o.mail_no, o.written_at" \
	" FROM loyalty.report_mail_seen o WHERE " where " ORDER BY " order("o.issue_no", "o.mail_no") " LIMIT 1000)) o" \
	" ORDER BY " order("o.member_id", "o.message_no") " LIMIT 1000"
#define DUE_FIRST(owner, number) "o.due_at, " owner ", " number
#define NEWEST_FIRST(owner, number) "o.written_at DESC, " owner " DESC, " number " DESC"
static const char OPEN_SQL[] = LIST("o.state IN ('waiting', 'sending', 'failed', 'uncertain')", DUE_FIRST);
static const char STATE_SQL[] = LIST("o.state = $1", NEWEST_FIRST);
static const char MEMBER_SQL[] = "SELECT o.message, o.state, o.purpose, " MOMENT("o.due_at") " AS due, o.attempts AS tries, o.key AS about,"
	" o.subject, o.why FROM loyalty.outbox_seen o WHERE o.member_id = loyalty.member_of($1) AND o.state = coalesce($2, o.state)"
	" ORDER BY o.message_no LIMIT 1000";
static const char SHOW_SQL[] =
	"SELECT o.message, o.state, o.why, o.purpose, " MOMENT("o.written_at") " AS written, o.written_by, "
	MOMENT("o.due_at") " AS due, " MOMENT("o.not_after") " AS not_after, " MOMENT("o.settled_at") " AS settled,"
	" o.attempts AS tries, o.key AS about, o.seq AS event, o.language, o.subject, o.filling AS values, o.body"
	" FROM loyalty.message_of($1) n JOIN loyalty.outbox_seen o USING (member_id, message_no)";
static const char SHOW_REPORT_SQL[] =
	"SELECT o.message, o.state, o.why, o.report, o.day, o.address, " MOMENT("o.written_at") " AS written, o.written_for, "
	MOMENT("o.due_at") " AS due, " MOMENT("o.settled_at") " AS settled, o.attempts AS tries, o.title AS subject,"
	" o.attached AS attached_bytes, o.format AS attached_as, o.body FROM loyalty.report_mail_seen o WHERE o.message = $1";
// clang-format on

static bool is_report(const char *message)
{
	return *message == 'R';
}

void outbox_list(struct ask *ask, const char *state, const char *member)
{
	ask_init(ask, member ? MEMBER_SQL : state ? STATE_SQL : OPEN_SQL);
	if (member)
		ask_text(ask, member);
	if (member || state)
		ask_text(ask, state);
}

void outbox_show(struct ask *ask, const char *message)
{
	ask_init(ask, is_report(message) ? SHOW_REPORT_SQL : SHOW_SQL);
	ask_text(ask, message);
}

void outbox_retry(struct ask *ask, const char *message)
{
	ask_init(ask, is_report(message) ? "SELECT loyalty.report_mail_retry($1)"
					 : "SELECT loyalty.outbox_retry(n.member_id, n.message_no) FROM "
					   "loyalty.message_of($1) n");
	ask_text(ask, message);
}

void outbox_cancel(struct ask *ask, const char *message)
{
	ask_init(ask, is_report(message) ? "SELECT loyalty.report_mail_cancel($1)"
					 : "SELECT loyalty.outbox_cancel(n.member_id, n.message_no) FROM "
					   "loyalty.message_of($1) n");
	ask_text(ask, message);
}

void outbox_health_ask(struct ask *ask)
{
	ask_init(ask, "SELECT waiting, coalesce(due_seconds, -1), failed, uncertain, senders, why FROM "
		      "loyalty.outbox_health($1::int)");
	ask_number(ask, OUTBOX_MOST);
}

void outbox_health_take(struct outbox_health *health, const struct result *result)
{
	*health = (struct outbox_health){.waiting = result_int64(result, 0, 0),
		.due_s = result_int64(result, 0, 1),
		.failed = result_int64(result, 0, 2),
		.uncertain = result_int64(result, 0, 3),
		.senders = result_int64(result, 0, 4),
		.why = result_text(result, 0, 5)};
}
