// Members: the list of them, finding one, the card of one, enrolling a new one.
#include "model/member/member.h"
#include <stdio.h>

// The columns of a list, by their places in member_row_read().
#define LIST_COLUMNS                                                                                         \
	"SELECT member_id, number, given_name, family_name, status, tier, tier_until, last_activity_on, points, decimals, "

void member_list(struct ask *ask, enum member_order order, const struct page *page)
{
	static const char *const orders[MEMBER_ORDERS] = {
		[MEMBER_BY_NUMBER] = "number", [MEMBER_BY_NAME] = "name"};
	ask_init(ask, LIST_COLUMNS "false, NULL FROM loyalty.member_page($1, $2, $3, $4)");
	ask_text(ask, orders[order]);
	page_ask(ask, page);
}

void member_find(struct ask *ask, const char *text, int rows)
{
	ask_init(ask, LIST_COLUMNS "is_guess, reward_no FROM loyalty.member_find($1, $2)");
	ask_text(ask, text);
	ask_number(ask, rows);
}

void member_row_read(const struct result *result, int row, struct member_row *member)
{
	*member = (struct member_row){
		.member_id = result_int64(result, row, 0),
		.number = result_int64(result, row, 1),
		.given_name = result_text(result, row, 2),
		.family_name = result_text(result, row, 3),
		.status = result_text(result, row, 4),
		.tier = result_text(result, row, 5),
		.tier_until = result_day(result, row, 6),
		.last_activity_on = result_day(result, row, 7),
		.points = result_int64(result, row, 8),
		.decimals = (int)result_int64(result, row, 9),
		.is_like = result_bool(result, row, 10),
		.reward_no = result_int64(result, row, 11),
	};
}

void member_count(struct ask *ask)
{
	ask_init(ask, "SELECT CASE WHEN c.reltuples >= 10000 THEN c.reltuples::bigint ELSE"
		      " (SELECT nullif(count(*), 10001) FROM (SELECT FROM loyalty.member m LIMIT 10001) x) "
		      "END, c.reltuples >= 10000"
		      " FROM pg_catalog.pg_class c WHERE c.oid = 'loyalty.member'::regclass");
}

struct member_total member_count_read(const struct result *result)
{
	if (result_rows(result) < 1 || result_is_null(result, 0, 0))
		return (struct member_total){.members = -1};
	return (struct member_total){
		.members = result_int64(result, 0, 0), .is_estimate = result_bool(result, 0, 1)};
}

void member_of_number(struct ask *ask, const char *number)
{
	ask_init(ask, "SELECT m.member_id FROM loyalty.member m WHERE m.number = $1::bigint");
	ask_text(ask, number);
}

void member_open(struct ask *ask, int64_t member_id)
{
	ask_init(ask, "SELECT number, given_name, family_name, email, phone, card, city, language, channel, "
		      "status, born,"
		      " enrolled_on FROM loyalty.member_open($1)");
	ask_number(ask, member_id);
}

void member_open_writes(struct ask *ask)
{
	ask_init(ask, "SET LOCAL transaction_read_only TO off");
}

bool member_person_read(const struct result *result, struct member_person *person)
{
	if (result_rows(result) < 1)
		return false;
	*person = (struct member_person){
		.number = result_int64(result, 0, 0),
		.given_name = result_text(result, 0, 1),
		.family_name = result_text(result, 0, 2),
		.email = result_text(result, 0, 3),
		.phone = result_text(result, 0, 4),
		.card = result_text(result, 0, 5),
		.city = result_text(result, 0, 6),
		.language = result_text(result, 0, 7),
		.channel = result_text(result, 0, 8),
		.status = result_text(result, 0, 9),
		.born = result_day(result, 0, 10),
		.enrolled_on = result_day(result, 0, 11),
	};
	return true;
}

void member_situation(struct ask *ask, int64_t member_id)
{
	ask_init(ask, "SELECT last_purchase_on, open_cases, waiting, pending, failed, household, paid_on, "
		      "unpaid_minor, merged_into FROM loyalty.member_situation($1)");
	ask_number(ask, member_id);
}

void member_situation_read(const struct result *result, struct member_situation *situation)
{
	*situation = (struct member_situation){.last_purchase_on = DAY_NONE, .paid_on = DAY_NONE};
	if (result_rows(result) < 1)
		return;
	situation->last_purchase_on = result_day(result, 0, 0);
	situation->open_cases = (int)result_int64(result, 0, 1);
	situation->waiting = (int)result_int64(result, 0, 2);
	situation->pending = (int)result_int64(result, 0, 3);
	situation->failed = (int)result_int64(result, 0, 4);
	snprintf(situation->household, sizeof situation->household, "%s", result_text(result, 0, 5));
	situation->paid_on = result_day(result, 0, 6);
	situation->unpaid_minor = result_int64(result, 0, 7);
	situation->merged_into = result_int64(result, 0, 8);
}

static void ask_given(struct ask *ask, const char *text)
{
	ask_text(ask, text && *text ? text : NULL);
}

void member_enrol(struct ask *ask, const struct member_new *new_member)
{
	ask_init(ask, "SELECT member_id, number FROM loyalty.enrol_member('desk', $1, $2, $3, $4, $5, $6, "
		      "$7, $8, $9, 'desk', '{}', p_consents => string_to_array($10, '|'))");
	ask_text(ask, new_member->key);
	ask_given(ask, new_member->given_name);
	ask_given(ask, new_member->family_name);
	ask_given(ask, new_member->born);
	ask_given(ask, new_member->email);
	ask_given(ask, new_member->phone);
	ask_given(ask, new_member->card);
	ask_given(ask, new_member->city);
	ask_given(ask, new_member->language);
	ask_given(ask, new_member->consents);
}
