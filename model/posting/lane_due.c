// A lane's night: the days of members who are due, some at a time, so that nobody waits until all are done.
#include "db/clock.h"
#include "model/posting/lane.h"

#include "model/posting/night.h"
#include <stdio.h>
#include <string.h>

enum {
	EXPIRED_AT_ONCE = 1000, // issued rewards
	DUE_FIRST = 500,        // members of a night's first batch
	DUE_LEAST = 25,
	DUE_MS = 100, // a batch is to take: somebody may wait for it
	TELL_MS = 60000,
};

#define ANNOUNCED_AT_ONCE "5000"

// A version to come may change something for everybody on its first day, also for members whose next day was
// reckoned before it was approved. Some members at a time, so that nobody waits for it.
static bool version_announce(struct lane *lane, struct error *error)
{
	char after[24];
	const char *values[] = {after};
	int64_t last = 0;
	snprintf(after, sizeof after, "%lld", (long long)lane->announced);
	bool is_good = session_number(lane->session,
		"WITH chunk AS (SELECT s.member_id, s.processed_on, s.programme_version FROM loyalty.standing s "
		"WHERE s.member_id > $1::bigint ORDER BY s.member_id LIMIT " ANNOUNCED_AT_ONCE "), "
		"told AS (INSERT INTO loyalty.member_due (member_id, due_on) SELECT s.member_id, v.day "
		"FROM chunk s JOIN (SELECT min(x.effective_from) AS day "
		"FROM loyalty.programme_version x WHERE x.state = 'approved' "
		"AND x.effective_from > (SELECT p.processed_on FROM loyalty.programme p)) v "
		"ON s.processed_on < v.day LEFT JOIN loyalty.member_due d "
		"ON d.member_id = s.member_id WHERE s.programme_version IS NOT NULL "
		"AND coalesce(d.due_on, 'infinity') > v.day ORDER BY 1 ON CONFLICT (member_id) DO UPDATE "
		"SET due_on = excluded.due_on) SELECT max(member_id) FROM chunk",
		values, 1, &last, error);
	if (is_good)
		lane->announced = last ? last : LANE_ANNOUNCED_ALL;
	return is_good;
}

// Writes down which issued rewards end with the day, so many at a time: what people wait for goes in between.
static bool rewards_expire(struct lane *lane, bool *has_more, struct error *error)
{
	char day[DAY_SIZE];
	char most[12];
	const char *values[] = {day_format(lane->survey.day, day), most};
	int64_t expired;
	snprintf(most, sizeof most, "%d", EXPIRED_AT_ONCE);
	if (!session_number(lane->session, "SELECT loyalty.rewards_expire($1::date, $2::integer)", values, 2,
		    &expired, error))
		return false;
	*has_more = expired == EXPIRED_AT_ONCE;
	return true;
}

static bool day_close(struct lane *lane, struct error *error)
{
	char day[DAY_SIZE], stamp[24];
	const char *values[] = {day_format(lane->survey.day, day), stamp};
	snprintf(stamp, sizeof stamp, "%lld", (long long)lane->rulebook->stamp);
	return session_execute(
		lane->session, "SELECT loyalty.programme_day_close($1::date, $2::bigint)", values, 2, error);
}

static void round_begin(struct night *night)
{
	for (int bucket = 0; bucket < BATCH_BUCKETS; bucket++)
		night->places[bucket] = (struct due_place){.day = INT32_MIN};
}

void night_init(struct night *night)
{
	*night = (struct night){.limit = DUE_FIRST};
	round_begin(night);
}

// Where a round is to go. False in *is_over: the night is being counted, or may rest for a while.
static bool night_look(struct lane *lane, bool *is_busy, bool *is_over, struct error *error)
{
	char day[DAY_SIZE], hours[12];
	snprintf(hours, sizeof hours, "%d", lane->options->once ? 0 : lane->options->night_hours);
	struct result *result = session_ask(lane->session, error,
		"SELECT is_counted, buckets, is_ahead FROM loyalty.night_look($1::date, $2::int)", 2,
		day_format(lane->survey.day, day), hours);
	if (!result)
		return false;
	bool is_counted = result_bool(result, 0, 0), is_ahead = result_bool(result, 0, 2);
	lane->night.buckets = (unsigned)result_int64(result, 0, 1);
	*is_busy |= !is_counted;
	*is_over = is_counted && !is_ahead && lane->night.buckets == 0;
	result_free(result);
	return true;
}

// What a person who watches the worker sees of a night that takes minutes.
static bool night_tell(struct lane *lane, bool is_over, struct error *error)
{
	struct night *night = &lane->night;
	struct night_progress progress;
	char line[NIGHT_TEXT];
	if (night->began_ms == 0 || clock_ms() - night->told_ms < (is_over ? 0 : TELL_MS))
		return true;
	bool is_long = clock_ms() - night->began_ms >= TELL_MS;
	night->told_ms = clock_ms();
	if (is_over)
		night->began_ms = 0;
	if (!is_long || !lane->options->say)
		return true;
	if (!night_progress_read(&progress, lane->session, error))
		return false;
	lane->options->say(lane->options->payload, night_text(&progress, line, sizeof line));
	return true;
}

// Twice as many next time where there was time for that, half as many where it took too long.
static void limit_adapt(struct lane *lane, int done)
{
	struct night *night = &lane->night;
	if (lane->batch_ms > DUE_MS && night->limit > DUE_LEAST)
		night->limit /= 2;
	else if (lane->batch_ms < DUE_MS / 2 && done == night->limit && night->limit < lane->wanted)
		night->limit *= 2;
}

// The buckets of this round, another one first each time: workers that begin with different ones stay apart.
static int buckets_turn(struct lane *lane, int buckets[BATCH_BUCKETS])
{
	int count = 0;
	lane->turn = (lane->turn + 1) % BATCH_BUCKETS;
	for (int i = 0; i < BATCH_BUCKETS; i++) {
		int bucket = (lane->turn + i) % BATCH_BUCKETS;
		if (lane->night.buckets >> bucket & 1)
			buckets[count++] = bucket;
	}
	return count;
}

static bool due_advance(struct lane *lane, bool *is_busy, struct error *error)
{
	struct night *night = &lane->night;
	int buckets[BATCH_BUCKETS], done, limit, advanced = 0;
	do {
		int count = buckets_turn(lane, buckets);
		limit = night->limit < lane->limit ? night->limit : lane->limit;
		struct due_place before[BATCH_BUCKETS];
		memcpy(before, night->places, sizeof before);
		bool is_claimed = batch_claim_due(&lane->batch, lane->session, lane->survey.day, buckets,
			count, night->places, limit, error);
		if (!lane_post(lane, is_claimed, &done, error))
			return false;
		if (lane->is_retrying)
			memcpy(night->places, before, sizeof before);
		else
			advanced = lane->batch.advanced;
	} while (lane->is_retrying);
	lane->report.advanced += advanced;
	lane->is_opening = advanced > 0;
	if (advanced > 0 && night->began_ms == 0)
		night->began_ms = night->told_ms = clock_ms();
	*is_busy |= done > 0;
	if (done > 0)
		limit_adapt(lane, done);
	if (done < limit || lane->options->night_hours > 0)
		night->buckets = 0; // look whether and where to go on
	if (done < limit)
		round_begin(night);
	return true;
}

// Nobody is due any more: what else ends with the day, then the day itself.
static bool night_end(struct lane *lane, bool *is_busy, struct error *error)
{
	bool has_more = false;
	if (!rewards_expire(lane, &has_more, error))
		return false;
	*is_busy |= has_more;
	return has_more || (day_close(lane, error) && night_tell(lane, true, error));
}

// A round that midnight interrupts begins anew.
static void night_turn(struct lane *lane)
{
	struct night *night = &lane->night;
	if (night->day == lane->survey.day)
		return;
	night->day = lane->survey.day;
	night->buckets = 0;
	round_begin(night);
}

bool lane_due(struct lane *lane, bool *is_busy, struct error *error)
{
	const struct survey *survey = &lane->survey;
	struct night *night = &lane->night;
	bool is_time = lane->options->once ? !survey->has_bulk
					   : survey->processed_on < survey->day && !survey->is_importing;
	bool is_over = false;
	lane->is_opening = false;
	if (lane->announced != LANE_ANNOUNCED_ALL) {
		*is_busy = true;
		return version_announce(lane, error);
	}
	if (!is_time)
		return true;
	night_turn(lane);
	if (night->buckets == 0 && !night_look(lane, is_busy, &is_over, error))
		return false;
	if (is_over)
		return night_end(lane, is_busy, error);
	return night->buckets == 0 || (due_advance(lane, is_busy, error) && night_tell(lane, false, error));
}
