// Where members would stand on the draft's first day, beside where they will stand without it.
#include "db/copy.h"
#include "model/what_if_judge.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

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

static bool side_judge(struct what_if_judge *judge, struct member_run *run, int64_t member_id, int version_no,
	const struct copy_value *memory)
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
	return member_run_advance(run, judge->terms->from, NULL) == REFUSAL_NONE;
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
	holdings_find(judge, member_id);
	if (version_no == 0) // nothing has happened yet
		tally_compare(&judge->tally, member_id, NULL, NULL);
	else if (side_judge(judge, &judge->now, member_id, version_no, &values[2]) &&
		 side_judge(judge, &judge->draft, member_id, version_no, &values[2]))
		tally_compare(&judge->tally, member_id, member_run_state(&judge->now),
			member_run_state(&judge->draft));
	else
		tally_unjudged(&judge->tally);
	return true;
}

static bool lots_read(struct what_if_judge *judge, const char *condition, struct error *error)
{
	char day[DAY_SIZE], until[40] = "";
	if (judge->terms->lots == LOTS_NONE)
		return true;
	if (judge->terms->lots == LOTS_EXPIRING)
		snprintf(until, sizeof until, "AND expires_on <= '%s' ", day_format(judge->terms->from, day));
	return rows_read(judge, 6, lot_take, error,
		"SELECT member_id, lot_no, remaining, currency_id, earned_on, expires_on FROM loyalty.lot "
		"WHERE member_id %s AND remaining > 0 %sORDER BY member_id, lot_no",
		condition, until);
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
