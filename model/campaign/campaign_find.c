// Who comes to a campaign: the one statement that finds the instances of its trigger, for the run and for the
// dry run.
#include "model/campaign/campaign_find.h"
#include "db/wire.h"

#include "model/campaign/campaign_trigger.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum column { MEMBER_ID, INSTANCE, ON_DAY, IS_IN, IS_DECIDED, LAST_GIFT, GIFTS };

// In the order of enum column.
static const char FIND_SQL[] =
	"WITH t AS MATERIALIZED (SELECT * FROM %s($1::date, $2::date, $3::bigint, $4::int%s)) "
	"SELECT t.member_id, t.instance, t.on_day, %s, g.member_id IS NOT NULL, "
	"(SELECT max(x.granted_on) FROM loyalty.campaign_grant x WHERE x.member_id = t.member_id AND "
	"x.outcome = 'prize'), "
	"ARRAY(SELECT x.granted_on - date '2000-01-01' FROM loyalty.campaign_grant x WHERE x.member_id = "
	"t.member_id "
	"AND x.campaign_no = %d AND x.outcome = 'prize') "
	"FROM t LEFT JOIN loyalty.campaign_grant g ON g.member_id = t.member_id AND g.campaign_no = %d "
	"AND g.instance = t.instance ORDER BY t.member_id, t.on_day, t.instance";

bool finder_init(struct finder *finder, const struct campaign *campaign, int campaign_no, struct error *error)
{
	char arguments[TRIGGER_ARGUMENTS];
	*finder = (struct finder){0};
	trigger_arguments(&campaign->trigger, campaign_no, campaign->starts_on, arguments);
	if (asprintf(&finder->sql, FIND_SQL, TRIGGERS[campaign->trigger.kind].function, arguments, "true",
		    campaign_no, campaign_no) >= 0)
		return true;
	finder->sql = NULL;
	return error_set(error, ERROR_FAILED, "the campaign cannot be run", "", "out of memory");
}

void finder_free(struct finder *finder)
{
	result_free(finder->result);
	free(finder->sql);
	free(finder->gifts);
	*finder = (struct finder){0};
}

int finder_look(struct finder *finder, struct session *session, day_t from, day_t to, int64_t after,
	int limit, struct error *error)
{
	char first[DAY_SIZE], last[DAY_SIZE], member[24], most[12];
	const char *values[] = {day_format(from, first), day_format(to, last), member, most};
	snprintf(member, sizeof member, "%" PRId64, after);
	snprintf(most, sizeof most, "%d", limit);
	result_free(finder->result);
	finder->result = session_query_binary(session, finder->sql, values, 4, error);
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
