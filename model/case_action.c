// What staff do to a case.
#include "model/case.h"
#include <stdio.h>

void case_take_next(struct ask *ask)
{
	ask_init(ask, "SELECT member_id, case_no FROM loyalty.case_take_next()");
}

static void ask_seen(struct ask *ask, const char *sql, struct case_id id, int64_t version)
{
	ask_init(ask, sql);
	ask_number(ask, id.member_id);
	ask_number(ask, id.case_no);
	if (version)
		ask_number(ask, version);
	else
		ask_text(ask, NULL);
}

void case_assign(struct ask *ask, struct case_id id, int64_t version, const char *owner)
{
	ask_seen(ask, "SELECT loyalty.case_assign($1, $2, $3, $4)", id, version);
	ask_text(ask, owner);
}

void case_take(struct ask *ask, struct case_id id, int64_t version)
{
	ask_seen(ask, "SELECT loyalty.case_assign($1, $2, $3, session_user)", id, version);
}

void case_write(struct ask *ask, struct case_id id, const char *key, enum article_kind kind, const char *body)
{
	static const char *const words[ARTICLE_KINDS] = {[ARTICLE_FROM_MEMBER] = "from_member",
		[ARTICLE_TO_MEMBER] = "to_member",
		[ARTICLE_INTERNAL] = "internal"};
	ask_init(ask, "SELECT loyalty.case_write($1, $2, $3, $4, $5)");
	ask_number(ask, id.member_id);
	ask_number(ask, id.case_no);
	ask_text(ask, key);
	ask_text(ask, words[kind]);
	ask_text(ask, body);
}

void case_set_state(struct ask *ask, struct case_id id, int64_t version, const char *state)
{
	ask_seen(ask, "SELECT loyalty.case_set_state($1, $2, $3, $4)", id, version);
	ask_text(ask, state);
}

void case_resolve(struct ask *ask, struct case_id id, int64_t version, const char *cause, const char *outcome)
{
	ask_seen(ask, "SELECT loyalty.case_resolve($1, $2, $3, $4, $5)", id, version);
	ask_text(ask, cause);
	ask_text(ask, outcome);
}

void case_goodwill(struct ask *ask, struct case_id id, const struct case_goodwill *goodwill)
{
	ask_init(ask, "SELECT coalesce(seq, 0), status, reason FROM loyalty.submit_event($1, 'adjust', "
		      "'desk', $2, NULL,"
		      " jsonb_build_object('amount', $3::bigint, 'currency', $4::text, 'reason', $5::text, "
		      "'case_no', $6::int))");
	ask_number(ask, id.member_id);
	ask_text(ask, goodwill->key);
	ask_number(ask, goodwill->points);
	ask_text(ask, goodwill->currency);
	ask_text(ask, goodwill->reason);
	ask_number(ask, id.case_no);
}

void goodwill_status_read(const struct result *r, struct goodwill_status *status)
{
	status->seq = result_int64(r, 0, 0);
	snprintf(status->status, sizeof status->status, "%s", result_text(r, 0, 1));
	snprintf(status->reason, sizeof status->reason, "%s", result_text(r, 0, 2));
}

void goodwill_status_ask(struct ask *ask, int64_t member_id, int64_t seq)
{
	ask_init(ask, "SELECT $2::bigint, status, reason FROM loyalty.event_status($1, $2)");
	ask_number(ask, member_id);
	ask_number(ask, seq);
}
