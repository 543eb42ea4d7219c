// Events that a worker set aside because they could not be posted.
#include "model/posting/failed.h"

#include <string.h>

struct result *failed_list(struct session *session, struct error *error)
{
	return session_query(session,
		"SELECT m.number AS member, o.seq, j.type, j.activity_on AS date, o.attempts, "
		"to_char(o.at, 'YYYY-MM-DD HH24:MI') AS at, o.detail FROM loyalty.outcome o "
		"JOIN loyalty.journal j USING (member_id, seq) JOIN loyalty.member m USING (member_id) "
		"WHERE o.result = 'failed' ORDER BY o.at, o.member_id, o.seq LIMIT 1000",
		NULL, 0, error);
}

static bool is_number(const char *text)
{
	return *text && strlen(text) <= 18 && !text[strspn(text, "0123456789")];
}

static bool act(struct session *session, const char *sql, const char *number, const char *seq, struct error *error)
{
	const char *values[] = {number, seq};
	if (!is_number(number) || !is_number(seq))
		return error_set(error, ERROR_USAGE, is_number(number) ? seq : number,
			"loyalty event failed lists them", "an event is a member's number and the event's");
	return session_execute(session, sql, values, 2, error);
}

bool failed_retry(struct session *session, const char *number, const char *seq, struct error *error)
{
	return act(session, "SELECT loyalty.event_retry(loyalty.member_of($1), $2::bigint)", number, seq, error);
}

bool failed_cancel(struct session *session, const char *number, const char *seq, struct error *error)
{
	return act(session, "SELECT loyalty.event_cancel(loyalty.member_of($1), $2::bigint)", number, seq, error);
}
