// Cases and requests of the demo, written through the same functions as real ones.
#include "model/desk/demo_case.h"

#include <inttypes.h>
#include <stdio.h>


#define ORDER_OF(text, member) \
	"replace(" text ", '%s', coalesce((SELECT j.external_id FROM loyalty.journal j WHERE j.member_id = " member \
	" AND j.type = 'purchase' ORDER BY j.seq LIMIT 1), 'POS-1'))"

static bool case_find(struct session *session, const struct demo_case *demo_case, int64_t *member_id, int64_t *case_no,
	struct error *error)
{
	char number[24];
	const char *values[] = {number, demo_case->keys[0]};
	snprintf(number, sizeof number, "%" PRId64, demo_case->number);
	struct result *result = session_query(session,
		"SELECT m.member_id, a.case_no FROM loyalty.member m LEFT JOIN loyalty.case_article a ON a.member_id = "
		"m.member_id AND a.key = $2::uuid WHERE m.number = $1::bigint",
		values, 2, error);
	if (!result)
		return false;
	*member_id = result_rows(result) ? result_int64(result, 0, 0) : 0;
	*case_no = result_rows(result) ? result_int64(result, 0, 1) : 0;
	result_free(result);
	return true;
}

static bool write_article(struct session *session, const char *member, const char *number, const char *key, const char *kind,
	const char *text, struct error *error)
{
	const char *values[] = {member, number, key, kind, text};
	return session_execute(session,
		"SELECT loyalty.case_write($1::bigint, $2::int, $3::uuid, $4, " ORDER_OF("$5", "$1::bigint") ")",
		values, 5, error);
}

static bool move_on(struct session *session, const struct demo_case *c, const char *member, const char *number,
	struct error *error)
{
	const char *owned[] = {member, number, c->owner}, *closed[] = {member, number, c->cause, c->outcome};
	if (c->state == DEMO_CASE_NEW)
		return true;
	if (!session_execute(session, "SELECT loyalty.case_assign($1::bigint, $2::int, NULL, $3)", owned, 3, error) ||
		!write_article(session, member, number, c->keys[1], "internal", c->note, error))
		return false;
	if (c->state == DEMO_CASE_TAKEN)
		return true;
	if (!write_article(session, member, number, c->keys[2], "to_member", c->answer, error))
		return false;
	if (c->state == DEMO_CASE_ANSWERED)
		return session_execute(session,
			"SELECT loyalty.case_set_state($1::bigint, $2::int, NULL, 'waiting_member')", owned, 2, error);
	return session_execute(
		session, "SELECT loyalty.case_resolve($1::bigint, $2::int, NULL, $3, $4)", closed, 4, error);
}

bool demo_case_write(struct session *session, const struct demo_case *demo_case, struct error *error)
{
	char member[24], number[24];
	const char *values[] = {member, demo_case->keys[0], demo_case->title, demo_case->channel, demo_case->priority,
		demo_case->said};
	int64_t member_id, case_no;
	if (!case_find(session, demo_case, &member_id, &case_no, error))
		return false;
	if (!member_id || case_no)
		return true;
	snprintf(member, sizeof member, "%" PRId64, member_id);
	if (!session_number(session,
		    "SELECT loyalty.case_open($1::bigint, $2::uuid, " ORDER_OF("$3", "$1::bigint") ", $4, $5::int, "
		    "'from_member', " ORDER_OF("$6", "$1::bigint") ")",
		    values, 6, &case_no, error))
		return false;
	snprintf(number, sizeof number, "%" PRId64, case_no);
	return move_on(session, demo_case, member, number, error);
}

bool demo_goodwill_write(
	struct session *session, int64_t number, const char *key, int points, const char *reason, struct error *error)
{
	char member[24], amount[24];
	const char *values[] = {member, key, amount, reason};
	snprintf(member, sizeof member, "%" PRId64, number);
	snprintf(amount, sizeof amount, "%d", points);
	return session_execute(session,
		"SELECT s.status FROM loyalty.member m CROSS JOIN (SELECT x.code, x.decimals FROM loyalty.currency x WHERE "
		"x.kind = 'redeemable' ORDER BY x.currency_id LIMIT 1) c CROSS JOIN LATERAL "
		"loyalty.submit_event(m.member_id, 'adjust', 'demo', $2, NULL, jsonb_build_object('currency', c.code, "
		"'amount', ($3::bigint * power(10, c.decimals))::bigint, 'reason', $4::text)) s WHERE m.number = $1::bigint",
		values, 4, error);
}

bool demo_login_take(struct session *session, const char *login, struct error *error)
{
	char sql[128];
	int64_t may;
	if (!session_script(session, "RESET SESSION AUTHORIZATION", error) ||
		!session_number(session,
			"SELECT (SELECT r.rolsuper FROM pg_catalog.pg_roles r WHERE r.rolname = session_user)::int * "
			"(SELECT count(*) FROM loyalty.staff s WHERE s.login = $1 AND s.active)",
			&login, 1, &may, error))
		return false;
	snprintf(sql, sizeof sql, "SET SESSION AUTHORIZATION \"%.60s\"", login);
	return !may || session_script(session, sql, error);
}
