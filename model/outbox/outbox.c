// Asks about messages to members.
#include "model/outbox/outbox.h"

#define ZONE "(SELECT timezone FROM loyalty.programme)"
#define MOMENT(column) "to_char(" column " AT TIME ZONE " ZONE ", 'YYYY-MM-DD HH24:MI')"

// clang-format off
#define LIST(where_and_order) \
	"SELECT o.message, o.state, o.purpose, " MOMENT("o.due_at") " AS due, o.attempts AS tries, o.key AS about," \
	" o.subject, o.why FROM loyalty.outbox_seen o WHERE " where_and_order " LIMIT 1000"
static const char OPEN_SQL[] = LIST("o.state IN ('waiting', 'sending', 'failed', 'uncertain')"
	" ORDER BY o.due_at, o.member_id, o.message_no");
static const char STATE_SQL[] = LIST("o.state = $1 ORDER BY o.written_at DESC, o.member_id DESC, o.message_no DESC");
static const char MEMBER_SQL[] = LIST("o.member_id = loyalty.member_of($1) AND o.state = coalesce($2, o.state)"
	" ORDER BY o.message_no");
static const char SHOW_SQL[] =
	"SELECT o.message, o.state, o.why, o.purpose, " MOMENT("o.written_at") " AS written, o.written_by, "
	MOMENT("o.due_at") " AS due, " MOMENT("o.not_after") " AS not_after, " MOMENT("o.settled_at") " AS settled,"
	" o.attempts AS tries, o.key AS about, o.seq AS event, o.language, o.subject, o.filling AS values, o.body"
	" FROM loyalty.message_of($1) n JOIN loyalty.outbox_seen o USING (member_id, message_no)";
// clang-format on

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
	ask_init(ask, SHOW_SQL);
	ask_text(ask, message);
}

void outbox_retry(struct ask *ask, const char *message)
{
	ask_init(ask, "SELECT loyalty.outbox_retry(n.member_id, n.message_no) FROM loyalty.message_of($1) n");
	ask_text(ask, message);
}

void outbox_cancel(struct ask *ask, const char *message)
{
	ask_init(
		ask, "SELECT loyalty.outbox_cancel(n.member_id, n.message_no) FROM loyalty.message_of($1) n");
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
