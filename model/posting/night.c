// How the night goes: members whom the newest business day finds due, and how many of them have been
// advanced.
#include "model/posting/night.h"

#include "model/amount.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char PROGRESS_SQL[] =
	"SELECT n.day, n.due, n.advanced, n.is_over, n.seconds, round(n.pace)::bigint, "
	"to_char(n.ends_at AT TIME ZONE p.timezone, CASE WHEN (n.ends_at AT TIME ZONE p.timezone)::date = "
	"(now() AT TIME ZONE p.timezone)::date THEN 'HH24:MI' ELSE 'YYYY-MM-DD HH24:MI' END) "
	"FROM loyalty.night_progress() n, loyalty.programme p";

void night_ask(struct ask *ask)
{
	ask_init(ask, PROGRESS_SQL);
}

void night_take(struct night_progress *night, const struct result *result)
{
	*night = (struct night_progress){.day = DAY_NONE};
	if (result_rows(result) == 0 || result_is_null(result, 0, 0))
		return;
	*night = (struct night_progress){.day = result_day(result, 0, 0),
		.due = result_int64(result, 0, 1),
		.advanced = result_int64(result, 0, 2),
		.is_over = result_bool(result, 0, 3),
		.seconds = result_int64(result, 0, 4),
		.pace = result_int64(result, 0, 5)};
	snprintf(night->ends_at, sizeof night->ends_at, "%s", result_text(result, 0, 6));
}

bool night_progress_read(struct night_progress *night, struct session *session, struct error *error)
{
	struct ask ask;
	night_ask(&ask);
	struct result *result = ask_session(session, &ask, error);
	if (!result)
		return false;
	night_take(night, result);
	result_free(result);
	return true;
}

static void over_text(const struct night_progress *night, char *out, size_t size)
{
	char day[DAY_SIZE], advanced[AMOUNT_SIZE];
	snprintf(out, size, "%s: %s members advanced in %" PRId64 ":%02" PRId64 ":%02" PRId64,
		day_format(night->day, day), amount_points(advanced, night->advanced, 0, AMOUNT_PLAIN),
		night->seconds / 3600, night->seconds / 60 % 60, night->seconds % 60);
}

const char *night_text(const struct night_progress *night, char *out, size_t size)
{
	char day[DAY_SIZE], advanced[AMOUNT_SIZE], due[AMOUNT_SIZE], pace[AMOUNT_SIZE], rest[80] = "";
	if (night->day == DAY_NONE) {
		snprintf(out, size, "no day was opened yet");
		return out;
	}
	if (night->is_over) {
		over_text(night, out, size);
		return out;
	}
	if (night->pace > 0)
		snprintf(rest, sizeof rest, ", %s a second, until about %s",
			amount_points(pace, night->pace, 0, AMOUNT_PLAIN), night->ends_at);
	snprintf(out, size, "%s: %s of %s members advanced (%d %%)%s", day_format(night->day, day),
		amount_points(advanced, night->advanced, 0, AMOUNT_PLAIN),
		amount_points(due, night->due, 0, AMOUNT_PLAIN),
		night->due > 0 ? (int)((double)night->advanced * 100 / (double)night->due) : 100, rest);
	return out;
}
