// What staff do to a case.
#include "model/desk/case.h"

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

void case_set(struct ask *ask, struct case_id id, int64_t version, const char *word, const char *value,
	const char *also)
{
	ask_seen(ask, "SELECT loyalty.case_set($1, $2, $3, $4, $5, $6)", id, version);
	ask_text(ask, word);
	ask_text(ask, value);
	ask_text(ask, also);
}

void case_resolve(struct ask *ask, struct case_id id, int64_t version, const char *cause, const char *outcome)
{
	ask_seen(ask, "SELECT loyalty.case_resolve($1, $2, $3, $4, $5)", id, version);
	ask_text(ask, cause);
	ask_text(ask, outcome);
}
