// Where members would stand on the draft's first day, beside where they will stand without it.
#include "db/copy.h"
#include "model/what_if/what_if_judge.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TELL_EVERY = 4096 };

// Tables are read one after the other, each by its key; the merge is done here, which costs the server no
// join.
static bool rows_read(struct what_if_judge *judge, int columns, copy_taker *taker, struct error *error,
	const char *format, ...) __attribute__((format(printf, 5, 6)));
static bool rows_read(struct what_if_judge *judge, int columns, copy_taker *taker, struct error *error,
	const char *format, ...)
{
	char *query = NULL;
	va_list values;
	va_start(values, format);
	int length = vasprintf(&query, format, values);
	va_end(values);
	if (length < 0)
		return error_set(error, ERROR_FAILED, "members cannot be read", "", "out of memory");
	bool is_good = copy_rows(judge->session, query, columns, taker, judge, error);
	free(query);
	return is_good;
}

static bool balance_take(void *payload, const struct copy_value *values, struct error *error)
{
	struct what_if_judge *judge = payload;
	(void)error;
	ARRAY_RESERVE(judge->balances, judge->balance_capacity, judge->balance_count + 1);
	judge->balances[judge->balance_count++] = (struct held_balance){.member_id = copy_int(&values[0], 0),
		.currency_id = (int)copy_int(&values[1], 0),
		.points = copy_int(&values[2], 0)};
	return true;
}

static bool lot_take(void *payload, const struct copy_value *values, struct error *error)
{
	struct what_if_judge *judge = payload;
	(void)error;
	ARRAY_RESERVE(judge->lots, judge->lot_capacity, judge->lot_count + 1);
	judge->lots[judge->lot_count++] = (struct held_lot){.member_id = copy_int(&values[0], 0),
		.lot_no = copy_int(&values[1], 0),
		.remaining = copy_int(&values[2], 0),
		.currency_id = (int)copy_int(&values[3], 0),
		.earned = (day_t)copy_int(&values[4], DAY_NONE),
		.expires = (day_t)copy_int(&values[5], DAY_NONE)};
	return true;
}

// What the balance holds beyond the lots that were read is one lot that no date touches up to the day
// compared.
static void balance_add(struct member_state *state, const struct held_balance *balance,
	const struct held_lot *lots, int lot_count, int currency)
{
	int64_t rest = balance->points;
	for (int i = 0; i < lot_count; i++) {
		if (lots[i].currency_id != balance->currency_id)
			continue;
		state_add_lot(state, &(struct lot){.currency = currency,
					     .source_rule = -1,
					     .serial = lots[i].lot_no,
					     .granted = lots[i].remaining,
					     .remaining = lots[i].remaining,
					     .earned = lots[i].earned,
					     .expires = lots[i].expires});
		rest -= lots[i].remaining;
	}
	if (rest > 0)
		state_add_lot(state, &(struct lot){.currency = currency,
					     .source_rule = -1,
					     .serial = INT64_MAX,
					     .granted = rest,
					     .remaining = rest,
					     .earned = state->day,
					     .expires = DAY_NONE});
	else if (rest < 0)
		state_set_debt(state, currency, -rest);
}

// The member as saved, with what the tables hold.
static bool member_remember(struct what_if_judge *judge, struct member_run *run, int64_t member_id,
	int version_no, const struct copy_value *memory)
{
	const struct held_balance *balance = judge->balances + judge->balance_at;
	int lot_count = 0;
	member_run_begin(run, false);
	if (!member_run_remember(run, version_no, memory->data, (size_t)memory->length))
		return false;
	while (judge->lot_at + lot_count < judge->lot_count &&
		judge->lots[judge->lot_at + lot_count].member_id == member_id)
		lot_count++;
	for (; balance < judge->balances + judge->balance_count && balance->member_id == member_id;
		balance++) {
		int currency = rulebook_currency(member_run_version(run), balance->currency_id);
		if (currency >= 0)
			balance_add(member_run_state(run), balance, judge->lots + judge->lot_at, lot_count,
				currency);
	}
	return true;
}

// Where both ways lead. One run tells both if they part only on the day compared.
static bool member_judge(
	struct what_if_judge *judge, int64_t member_id, int version_no, const struct copy_value *memory)
{
	const struct member_state *now = NULL;
	if (!member_remember(judge, &judge->draft, member_id, version_no, memory))
		return false;
	if (judge->terms->is_fork) {
		if (member_run_fork(&judge->draft, &now) != REFUSAL_NONE)
			return false;
	} else {
		if (member_run_advance(&judge->draft, judge->terms->from, NULL) != REFUSAL_NONE ||
			!member_remember(judge, &judge->now, member_id, version_no, memory) ||
			member_run_advance(&judge->now, judge->terms->from, NULL) != REFUSAL_NONE)
			return false;
		now = member_run_state(&judge->now);
	}
	tally_compare(&judge->tally, member_id, now, member_run_state(&judge->draft));
	return true;
}

// Both are in the order of members.
static void holdings_find(struct what_if_judge *judge, int64_t member_id)
{
	while (judge->balance_at < judge->balance_count &&
		judge->balances[judge->balance_at].member_id < member_id)
		judge->balance_at++;
	while (judge->lot_at < judge->lot_count && judge->lots[judge->lot_at].member_id < member_id)
		judge->lot_at++;
}

static bool standing_take(void *payload, const struct copy_value *values, struct error *error)
{
	struct what_if_judge *judge = payload;
	int64_t member_id = copy_int(&values[0], 0);
	int version_no = (int)copy_int(&values[1], 0);
	if (judge_is_cancelled(judge, error))
		return false;
	if (judge->tally.judged % TELL_EVERY == 0)
		judge_tell(judge, member_id);
	holdings_find(judge, member_id);
	if (version_no == 0) // nothing has happened yet
		tally_compare(&judge->tally, member_id, NULL, NULL);
	else if (!member_judge(judge, member_id, version_no, &values[2]))
		tally_unjudged(&judge->tally);
	return true;
}

static bool due_take(void *payload, const struct copy_value *values, struct error *error)
{
	struct what_if_judge *judge = payload;
	(void)error;
	ARRAY_RESERVE(judge->due, judge->due_capacity, judge->due_count + 1);
	judge->due[judge->due_count++] = copy_int(&values[0], 0);
	return true;
}

#define LOTS "SELECT member_id, lot_no, remaining, currency_id, earned_on, expires_on FROM loyalty.lot "
static bool lots_of(struct what_if_judge *judge, const char *condition, const char *day, struct error *error)
{
	return rows_read(judge, 6, lot_take, error,
		LOTS "WHERE member_id %s AND remaining > 0 AND expires_on <= '%s' ORDER BY member_id, lot_no",
		condition, day);
}

// A member who is not due by that day has no lot that expires by then (engine_next_due). So there are few to
// look up, or so many that all of the slice may as well be read.
static bool expiring_read(struct what_if_judge *judge, const char *condition, struct error *error)
{
	enum { LOOKED_UP = 5000, NUMBER = 21 };
	char day[DAY_SIZE];
	judge->due_count = 0;
	day_format(judge->terms->from, day);
	if (!rows_read(judge, 1, due_take, error,
		    "SELECT member_id FROM loyalty.member_due WHERE member_id %s AND due_on <= '%s'",
		    condition, day))
		return false;
	if (judge->due_count == 0)
		return true;
	if (judge->due_count > LOOKED_UP)
		return lots_of(judge, condition, day, error);
	char *list = arena_alloc(&judge->arena, (size_t)judge->due_count * NUMBER + 40), *end = list;
	end += sprintf(end, "= ANY ('{");
	for (int i = 0; i < judge->due_count; i++)
		end += sprintf(end, "%s%lld", i ? "," : "", (long long)judge->due[i]);
	strcpy(end, "}'::bigint[])");
	bool is_good = lots_of(judge, list, day, error);
	arena_free(&judge->arena);
	return is_good;
}

static bool lots_read(struct what_if_judge *judge, const char *condition, struct error *error)
{
	switch (judge->terms->lots) {
	case LOTS_NONE:
		return true;
	case LOTS_EXPIRING:
		return expiring_read(judge, condition, error);
	default:
		return rows_read(judge, 6, lot_take, error,
			LOTS "WHERE member_id %s AND remaining > 0 ORDER BY member_id, lot_no", condition);
	}
}

bool standings_judge(struct what_if_judge *judge, const char *condition, struct error *error)
{
	judge->balance_count = judge->lot_count = judge->balance_at = judge->lot_at = 0;
	return rows_read(judge, 3, balance_take, error,
		       "SELECT member_id, currency_id, points FROM loyalty.balance WHERE member_id %s "
		       "AND points <> 0 ORDER BY member_id",
		       condition) &&
	       lots_read(judge, condition, error) &&
	       rows_read(judge, 3, standing_take, error,
		       "SELECT member_id, programme_version, memory FROM loyalty.standing WHERE member_id %s "
		       "ORDER BY member_id",
		       condition);
}
