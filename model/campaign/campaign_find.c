// Who comes to a campaign: the one statement that finds the instances of its trigger, for the run and for the
// dry run.
#include "model/campaign/campaign_find.h"
#include "db/wire.h"

#include "model/campaign/campaign_trigger.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum column { MEMBER_ID, INSTANCE, ON_DAY, IS_IN, IS_DECIDED, LAST_GIFT, GIFTS };

// In the order of enum column: the trigger's function and arguments, whether t's member is in the audience, the audience
// itself, the campaign. Of a few members it looks at each, in ways that no plan can turn into a pass over all; of all it
// makes one pass over what this campaign gave them, and another over what others did if it has to keep away from that.
// clang-format off
#define FIND(is_decided, gifts)                                                                                          \
	"WITH t AS MATERIALIZED (SELECT * FROM %s($1::date, $2::date, $3::bigint, $4::int%s) WHERE $5::date IS NOT NULL) "   \
	"SELECT t.member_id, t.instance, t.on_day, %s, " is_decided ", l.last_gift, g.gifts FROM t %s " gifts                \
	" ORDER BY t.member_id, t.on_day, t.instance"
#define COOLING "x.outcome = 'prize' AND x.granted_on > $1::date - $6::int"

static const char FEW_SQL[] = FIND("g.is_decided",
	"CROSS JOIN LATERAL (SELECT coalesce(bool_or(x.instance = t.instance), false) AS is_decided, "
	"array_agg(x.granted_on - date '2000-01-01') FILTER (WHERE x.outcome = 'prize') AS gifts "
	"FROM loyalty.campaign_grant x WHERE x.member_id = t.member_id AND x.campaign_no + 0 = %d) g "
	"CROSS JOIN LATERAL (SELECT max(x.granted_on) AS last_gift FROM loyalty.campaign_grant x "
	"WHERE x.member_id = t.member_id AND " COOLING ") l");

static const char MANY_SQL[] = FIND("coalesce(t.instance = ANY (g.instances), false)",
	"LEFT JOIN (SELECT x.member_id, array_agg(x.instance) AS instances, "
	"array_agg(x.granted_on - date '2000-01-01') FILTER (WHERE x.outcome = 'prize') AS gifts "
	"FROM loyalty.campaign_grant x WHERE x.campaign_no = %d GROUP BY 1) g ON g.member_id = t.member_id "
	"LEFT JOIN (SELECT x.member_id, max(x.granted_on) AS last_gift FROM loyalty.campaign_grant x "
	"WHERE $6::int > 0 AND " COOLING " GROUP BY 1) l ON l.member_id = t.member_id");
// clang-format on

enum { LOOK_VALUES = 6 };

// The parts of the statement that tell whether t's member is in the audience, and which add that to t; to be
// freed. False: error tells why.
static bool audience_text(struct finder *finder, const char *audience, const struct condition_names *names,
	enum condition_reach reach, char **is_in, char **join, struct error *error)
{
	struct member_condition condition;
	struct condition_fault fault;
	const struct condition_options options = {
		.first = LOOK_VALUES + 1, .reach = reach, .today = "$5::date"};
	const struct condition_sql *sql = &finder->audience;
	int length = 0;
	if (!condition_read(&condition, audience, names, &fault))
		error_set(error, ERROR_FAILED, "the audience cannot be read", "change the campaign",
			"column %d: %s", fault.column, fault.why);
	else if (!condition_compile(&condition, &options, &finder->audience))
		error_set(error, ERROR_FAILED, "the audience is too long", "make it shorter",
			"it has too many values for one statement");
	else if (reach == CONDITION_FEW)
		length = asprintf(is_in, "(SELECT true FROM %s WHERE m.member_id = t.member_id AND %s) IS NOT NULL",
			sql->from, sql->where);
	else
		length = asprintf(join, "LEFT JOIN (SELECT m.member_id FROM %s WHERE %s) a ON a.member_id = t.member_id",
			sql->from, sql->where);
	if (length < 0)
		error_set(error, ERROR_FAILED, "the campaign cannot be run", "", "out of memory");
	condition_free(&condition);
	return length > 0;
}

bool finder_init(struct finder *finder, const struct campaign *campaign, int campaign_no,
	const char *audience, const struct condition_names *names, enum condition_reach reach,
	struct error *error)
{
	char arguments[TRIGGER_ARGUMENTS];
	const char *function = TRIGGERS[campaign->trigger.kind].function;
	char *is_in = NULL, *join = NULL;
	int length;
	*finder = (struct finder){0};
	trigger_arguments(&campaign->trigger, campaign_no, campaign->starts_on, arguments);
	if (strcmp(audience, CAMPAIGN_EVERYBODY) != 0 &&
		!audience_text(finder, audience, names, reach, &is_in, &join, error))
		return false;
	const char *in = is_in ? is_in : join ? "a.member_id IS NOT NULL" : "true", *with = join ? join : "";
	if (reach == CONDITION_FEW)
		length = asprintf(&finder->sql, FEW_SQL, function, arguments, in, with, campaign_no);
	else
		length = asprintf(&finder->sql, MANY_SQL, function, arguments, in, with, campaign_no);
	free(is_in);
	free(join);
	if (length < 0)
		finder->sql = NULL;
	return length >= 0 || error_set(error, ERROR_FAILED, "the campaign cannot be run", "", "out of memory");
}

void finder_free(struct finder *finder)
{
	condition_sql_free(&finder->audience);
	result_free(finder->result);
	free(finder->sql);
	free(finder->gifts);
	*finder = (struct finder){0};
}

int finder_look(struct finder *finder, struct session *session, const struct look *look, struct error *error)
{
	char from[DAY_SIZE], to[DAY_SIZE], today[DAY_SIZE], after[24], limit[12], cooldown[24];
	const char *values[LOOK_VALUES + CONDITION_VALUES_MAX] = {day_format(look->from, from),
		day_format(look->to, to), after, limit, day_format(look->today, today), cooldown};
	int count = LOOK_VALUES;
	snprintf(after, sizeof after, "%" PRId64, look->after);
	snprintf(limit, sizeof limit, "%d", look->limit);
	snprintf(cooldown, sizeof cooldown, "%" PRId64, look->cooldown_days);
	for (int i = 0; i < finder->audience.value_count; i++)
		values[count++] = finder->audience.values[i];
	result_free(finder->result);
	finder->result = session_query_binary(session, finder->sql, values, count, error);
	return finder->result ? result_rows(finder->result) : -1;
}

struct found found_read(struct finder *finder, int row)
{
	const struct result *result = finder->result;
	struct elements elements = result_elements(result, row, GIFTS);
	int count = 0;
	for (int64_t day; elements_next_int(&elements, &day);) {
		ARRAY_RESERVE(finder->gifts, finder->gift_capacity, count + 1);
		finder->gifts[count++] = (day_t)day;
	}
	return (struct found){.candidate = {.member_id = result_int64(result, row, MEMBER_ID),
				      .instance = result_int64(result, row, INSTANCE),
				      .on_day = result_day(result, row, ON_DAY),
				      .last_gift = result_day(result, row, LAST_GIFT),
				      .gifts = finder->gifts,
				      .gift_count = count},
		.is_in = result_bool(result, row, IS_IN),
		.is_decided = result_bool(result, row, IS_DECIDED)};
}
