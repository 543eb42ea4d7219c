// What members of starbucks_us_2026 do in tests.
#include "tests/story.h"

#include "tests/database.h"
#include "tests/spine.h"
#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static struct session *session;

struct session *story_begin(const char *database)
{
	return session = spine_begin(database, "starbucks_us_2026");
}

struct session *story_resume(void)
{
	return session = database_session("");
}

void story_end(void)
{
	session_close(session);
	session = NULL;
}

int64_t story_number(const char *format, int64_t member_id)
{
	char sql[400], id[24];
	const char *at = strstr(format, "MEMBER");
	snprintf(id, sizeof id, "%" PRId64, member_id);
	snprintf(sql, sizeof sql, "%.*s%s%s", (int)(at - format), format, id, at + strlen("MEMBER"));
	return database_number(session, sql);
}

int64_t story_balance(int64_t member_id)
{
	return story_number("SELECT coalesce(sum(points), 0)::bigint FROM loyalty.balance WHERE member_id = "
			    "MEMBER AND currency_id = 1",
		member_id);
}

int64_t story_enrol(const char *number)
{
	struct event event;
	int64_t member_id = spine_member(session, number);
	event_init(&event, EVENT_ENROL, 1, FIRST_DAY);
	event.born = day_make(1904, 6, 15);
	spine_event(session, member_id, "enrol", &event);
	return member_id;
}

int64_t story_buy(int64_t member_id, const char *external_id, int day, int64_t amount_minor)
{
	struct event event;
	event_init(&event, EVENT_PURCHASE, 1, FIRST_DAY + day);
	event.amount_minor = amount_minor;
	return spine_event(session, member_id, external_id, &event);
}

int64_t story_buy_late(
	int64_t member_id, const char *external_id, int day, int happened_day, int64_t amount_minor)
{
	struct event event;
	event_init(&event, EVENT_PURCHASE, 1, FIRST_DAY + day);
	event.activity_day = FIRST_DAY + happened_day;
	event.amount_minor = amount_minor;
	return spine_event(session, member_id, external_id, &event);
}

int64_t story_redeem(int64_t member_id, const char *external_id, int day, const char *reward)
{
	struct event event;
	event_init(&event, EVENT_REDEEM, 1, FIRST_DAY + day);
	event.reward = reward;
	return spine_event(session, member_id, external_id, &event);
}

int64_t story_return(
	int64_t member_id, const char *external_id, int day, int64_t of_seq, int64_t amount_minor)
{
	struct event event;
	event_init(&event, EVENT_RETURN, 1, FIRST_DAY + day);
	event.of_seq = of_seq;
	event.amount_minor = amount_minor;
	return spine_event(session, member_id, external_id, &event);
}

void story_prove(void)
{
	struct verify_report report = spine_verify(session, 100, true);
	ck_assert_msg(report.broken == 0, "%s", report.first_broken);
}
