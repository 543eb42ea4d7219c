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

// In the order of enum column.
static const char FIND_SQL[] =
	"WITH t AS MATERIALIZED (SELECT * FROM %s($1::date, $2::date, $3::bigint, $4::int%s) WHERE $5::date "
	"IS NOT NULL) "
	"SELECT t.member_id, t.instance, t.on_day, %s, g.member_id IS NOT NULL, "
	"(SELECT max(x.granted_on) FROM loyalty.campaign_grant x WHERE x.member_id = t.member_id AND "
	"x.outcome = 'prize'), "
	"ARRAY(SELECT x.granted_on - date '2000-01-01' FROM loyalty.campaign_grant x WHERE x.member_id = "
	"t.member_id "
	"AND x.campaign_no = %d AND x.outcome = 'prize') "
	"FROM t LEFT JOIN loyalty.campaign_grant g ON g.member_id = t.member_id AND g.campaign_no = %d "
	"AND g.instance = t.instance ORDER BY t.member_id, t.on_day, t.instance";

enum { LOOK_VALUES = 5 };

// The part of the statement that tells whether t's member is in the audience, to be freed; NULL: error tells
// why.
static char *audience_text(struct finder *finder, const char *audience, const struct condition_names *names,
	enum condition_reach reach, struct error *error)
{
	struct member_condition condition;
	struct condition_fault fault;
	const struct condition_options options = {
		.first = LOOK_VALUES + 1, .reach = reach, .today = "$5::date"};
	char *text = NULL;
	if (strcmp(audience, CAMPAIGN_EVERYBODY) == 0)
		return strdup("true");
	if (!condition_read(&condition, audience, names, &fault))
		error_set(error, ERROR_FAILED, "the audience cannot be read", "change the campaign",
			"column %d: %s", fault.column, fault.why);
	else if (!condition_compile(&condition, &options, &finder->audience))
		error_set(error, ERROR_FAILED, "the audience is too long", "make it shorter",
			"it has too many values for one statement");
	else if (asprintf(&text,
			 reach == CONDITION_FEW
				 ? "EXISTS (SELECT FROM %s WHERE m.member_id = t.member_id AND %s)"
				 : "t.member_id IN (SELECT m.member_id FROM %s WHERE %s)",
			 finder->audience.from, finder->audience.where) < 0)
		error_set(error, ERROR_FAILED, "the campaign cannot be run", "", "out of memory");
	condition_free(&condition);
	return text;
}

bool finder_init(struct finder *finder, const struct campaign *campaign, int campaign_no,
	const char *audience, const struct condition_names *names, enum condition_reach reach,
	struct error *error)
{
	char arguments[TRIGGER_ARGUMENTS];
	*finder = (struct finder){0};
	char *is_in = audience_text(finder, audience, names, reach, error);
	trigger_arguments(&campaign->trigger, campaign_no, campaign->starts_on, arguments);
	if (is_in && asprintf(&finder->sql, FIND_SQL, TRIGGERS[campaign->trigger.kind].function, arguments,
			     is_in, campaign_no, campaign_no) < 0) {
		finder->sql = NULL;
		error_set(error, ERROR_FAILED, "the campaign cannot be run", "", "out of memory");
	}
	free(is_in);
	return finder->sql != NULL;
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
	char from[DAY_SIZE], to[DAY_SIZE], today[DAY_SIZE], after[24], limit[12];
	const char *values[LOOK_VALUES + CONDITION_VALUES_MAX] = {day_format(look->from, from),
		day_format(look->to, to), after, limit, day_format(look->today, today)};
	int count = LOOK_VALUES;
	snprintf(after, sizeof after, "%" PRId64, look->after);
	snprintf(limit, sizeof limit, "%d", look->limit);
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
