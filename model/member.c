// Members: the list of them, finding one, the card of one, enrolling a new one.
#include "model/member.h"

// clang-format off
#define MAIN_CURRENCY \
	"(SELECT c.currency_id FROM loyalty.currency c ORDER BY c.kind <> 'redeemable', c.currency_id LIMIT 1)"

// Columns are read by their places in member_row_read().
#define LIST_COLUMNS \
	"SELECT m.member_id, m.number, m.given_name, m.family_name, m.status, t.code, s.tier_until," \
	" s.last_activity_on, b.points, "
// LIMIT 1 keeps each a look-up by its key: for the hundreds of rows that a held key asks for, the planner
// would else read the tables whole.
#define LIST_JOINS \
	" LEFT JOIN LATERAL (SELECT s.tier_id, s.tier_until, s.last_activity_on FROM loyalty.standing s" \
	" WHERE s.member_id = m.member_id LIMIT 1) s ON true LEFT JOIN loyalty.tier t ON t.tier_id = s.tier_id" \
	" LEFT JOIN LATERAL (SELECT b.points FROM loyalty.balance b WHERE b.member_id = m.member_id" \
	" AND b.currency_id = " MAIN_CURRENCY " LIMIT 1) b ON true"

// The page is cut on the index first and joined then, so that a page costs a page anywhere in the table.
#define LIST(where, inwards, order) \
	LIST_COLUMNS "false FROM (SELECT x.member_id, x.number, x.given_name, x.family_name, x.status," \
	" x.family_folded, x.given_folded FROM loyalty.member x" where " ORDER BY " inwards " LIMIT $1::int) m" \
	LIST_JOINS " ORDER BY " order

#define BY_NUMBER "m.number"
#define NUMBER_UP "x.number"
#define NUMBER_DOWN "x.number DESC"
#define BY_NAME "m.family_folded, m.given_folded, m.member_id"
#define NAME_UP "x.family_folded, x.given_folded, x.member_id"
#define NAME_DOWN "x.family_folded DESC, x.given_folded DESC, x.member_id DESC"
// Three scalar sub-selects instead of one of three columns: only these can be compared by the index.
#define OF_KEY(column) "(SELECT k." column " FROM loyalty.member k WHERE k.number = $2::bigint)"
#define NAME_OF_KEY "(" OF_KEY("family_folded") ", " OF_KEY("given_folded") ", " OF_KEY("member_id") ")"
// clang-format on

static const char *const list_sql[MEMBER_ORDERS][PAGE_KINDS] = {
	[MEMBER_BY_NUMBER] =
		{
			[PAGE_FIRST] = LIST("", NUMBER_UP, BY_NUMBER),
			[PAGE_LAST] = LIST("", NUMBER_DOWN, BY_NUMBER),
			[PAGE_AFTER] = LIST(" WHERE x.number > $2::bigint", NUMBER_UP, BY_NUMBER),
			[PAGE_BEFORE] = LIST(" WHERE x.number < $2::bigint", NUMBER_DOWN, BY_NUMBER),
			[PAGE_FROM] = LIST(" WHERE x.number >= $2::bigint", NUMBER_UP, BY_NUMBER),
		},
	[MEMBER_BY_NAME] =
		{
			[PAGE_FIRST] = LIST("", NAME_UP, BY_NAME),
			[PAGE_LAST] = LIST("", NAME_DOWN, BY_NAME),
			[PAGE_AFTER] = LIST(" WHERE (" NAME_UP ") > " NAME_OF_KEY, NAME_UP, BY_NAME),
			[PAGE_BEFORE] = LIST(" WHERE (" NAME_UP ") < " NAME_OF_KEY, NAME_DOWN, BY_NAME),
			[PAGE_FROM] = LIST(" WHERE (" NAME_UP ") >= " NAME_OF_KEY, NAME_UP, BY_NAME),
		},
};

void member_list(struct ask *ask, enum member_order order, const struct page *page)
{
	ask_init(ask, list_sql[order][page->from]);
	ask_number(ask, page->rows);
	if (page->from != PAGE_FIRST && page->from != PAGE_LAST)
		ask_text(ask, page->key);
}

void member_find(struct ask *ask, const char *text, int rows)
{
	ask_init(ask, "SELECT * FROM loyalty.member_find($2, $1::int)"); // the columns of a list
	ask_number(ask, rows);
	ask_text(ask, text);
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
		.is_like = result_bool(result, row, 9),
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
	ask_init(ask, "SELECT (SELECT max(j.activity_on) FROM loyalty.journal j WHERE j.member_id = "
		      "$1::bigint AND j.type = 'purchase'),"
		      " (SELECT count(*) FROM loyalty.member_case c WHERE c.member_id = $1::bigint"
		      "   AND c.state IN ('new', 'open', 'waiting_member')),"
		      " (SELECT count(*) FROM loyalty.approval a WHERE a.member_id = $1::bigint AND "
		      "a.decision IS NULL),"
		      " (SELECT count(*) FROM loyalty.inbox i WHERE i.bucket = loyalty.bucket_of($1::bigint) "
		      "AND i.member_id = $1::bigint),"
		      " (SELECT count(*) FROM loyalty.outcome o WHERE o.member_id = $1::bigint AND o.result "
		      "= 'failed')");
	ask_number(ask, member_id);
}

void member_situation_read(const struct result *result, struct member_situation *situation)
{
	*situation = (struct member_situation){.last_purchase_on = DAY_NONE};
	if (result_rows(result) < 1)
		return;
	situation->last_purchase_on = result_day(result, 0, 0);
	situation->open_cases = (int)result_int64(result, 0, 1);
	situation->waiting = (int)result_int64(result, 0, 2);
	situation->pending = (int)result_int64(result, 0, 3);
	situation->failed = (int)result_int64(result, 0, 4);
}

static void ask_given(struct ask *ask, const char *text)
{
	ask_text(ask, text && *text ? text : NULL);
}

void member_enrol(struct ask *ask, const struct member_new *new_member)
{
	ask_init(ask, "SELECT member_id, number FROM loyalty.enrol_member('desk', $1, $2, $3, $4, $5, $6, "
		      "$7, $8, $9, 'desk', '{}')");
	ask_text(ask, new_member->key);
	ask_given(ask, new_member->given_name);
	ask_given(ask, new_member->family_name);
	ask_given(ask, new_member->born);
	ask_given(ask, new_member->email);
	ask_given(ask, new_member->phone);
	ask_given(ask, new_member->card);
	ask_given(ask, new_member->city);
	ask_given(ask, new_member->language);
}
