// A period of members' real journals, replayed under the draft and held against what the ledger has.
#include "model/journal.h"
#include "model/what_if_judge.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct result *ask(struct what_if_judge *judge, struct error *error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
static struct result *ask(struct what_if_judge *judge, struct error *error, const char *format, ...)
{
	char *query = NULL;
	va_list values;
	va_start(values, format);
	int length = vasprintf(&query, format, values);
	va_end(values);
	if (length < 0) {
		error_set(error, ERROR_FAILED, "journals cannot be read", "", "out of memory");
		return NULL;
	}
	struct result *result = session_query(judge->session, query, NULL, 0, error);
	free(query);
	return result;
}

// Rules earn and grant; what returns take back of it counts against it.
#define EARNED "1, 4, 7"
static bool is_earned(int account_id)
{
	return account_id == ACCOUNT_ISSUED || account_id == ACCOUNT_REVERSED ||
	       account_id == ACCOUNT_GRANTED;
}

static bool period_read(struct what_if_judge *judge, const char *condition, struct error *error)
{
	char from[DAY_SIZE], to[DAY_SIZE];
	result_free(judge->journal);
	result_free(judge->posted);
	arena_free(&judge->arena);
	judge->posted = NULL;
	judge->journal = ask(judge, error,
		"SELECT " JOURNAL_COLUMNS ", " JOURNAL_OUTCOME_COLUMNS " FROM loyalty.what_if_journal(ARRAY("
		"SELECT member_id FROM loyalty.standing WHERE member_id %s)) j "
		"LEFT JOIN loyalty.outcome o USING (member_id, seq) ORDER BY "
		"j.member_id, " JOURNAL_PROCESSED_ORDER,
		condition);
	if (judge->journal)
		judge->posted = ask(judge, error,
			"SELECT member_id, rule_id, currency_id, sum(amount)::bigint FROM "
			"loyalty.ledger_entry "
			"WHERE member_id %s AND activity_on BETWEEN '%s' AND '%s' AND account_id IN (" EARNED
			") "
			"AND rule_id IS NOT NULL GROUP BY 1, 2, 3 ORDER BY 1",
			condition, day_format(judge->terms->from, from), day_format(judge->terms->to, to));
	return judge->posted != NULL;
}

static bool is_in_period(const struct what_if_judge *judge, day_t day)
{
	return judge->terms->from <= day && day <= judge->terms->to;
}

struct period_tally { // of one member
	int64_t events, denied, admitted;
};

// False: a quantity did not fit.
static bool event_judge(
	struct what_if_judge *judge, const struct journal_event *event, struct period_tally *tally)
{
	bool was_denied = strcmp(event->result, "denied") == 0;
	if (!journal_was_processed(event) || event->event.day > judge->terms->to)
		return true;
	if (member_run_replay(&judge->now, event) == REFUSAL_OVERFLOW)
		return false;
	enum refusal refusal = member_run_replay(&judge->draft, event);
	if (is_in_period(judge, event->event.day)) {
		tally->events++;
		tally->denied += !was_denied && refusal != REFUSAL_NONE;
		tally->admitted += was_denied && refusal == REFUSAL_NONE;
	}
	return refusal != REFUSAL_OVERFLOW;
}

static bool member_replay(
	struct what_if_judge *judge, int64_t member_id, int *row, struct period_tally *tally)
{
	struct journal_event event;
	bool is_good = true;
	member_run_begin(&judge->now, true);
	member_run_begin(&judge->draft, true);
	for (; *row < result_rows(judge->journal) && result_int64(judge->journal, *row, 0) == member_id;
		++*row)
		is_good = is_good &&
			  journal_read_processed(
				  &event, judge->journal, *row, judge->terms->now, &judge->arena) &&
			  event_judge(judge, &event, tally);
	return is_good && member_run_advance(&judge->now, judge->terms->to, NULL) == REFUSAL_NONE &&
	       member_run_advance(&judge->draft, judge->terms->to, NULL) == REFUSAL_NONE;
}

static void rules_compare(struct what_if_judge *judge, int64_t *posted, const int64_t *draft)
{
	const struct what_if_shape *shape = &judge->terms->shape;
	for (int i = 0; i < shape->rule_count; i++) {
		struct sum *sums = &judge->tally.sums[shape->rules[i].amounts];
		if (posted[i] == 0 && draft[i] == 0)
			continue;
		sum_add(&sums[RULE_POSTED], posted[i]);
		sum_add(&sums[RULE_DRAFT], draft[i]);
		sum_add(&sums[RULE_CHANGE], draft[i] - posted[i]);
	}
}

static void earned_compare(struct what_if_judge *judge, int64_t member_id, int *row)
{
	const struct what_if_shape *shape = &judge->terms->shape;
	size_t size = (size_t)(shape->rule_count + 1) * sizeof(int64_t);
	int64_t *posted = arena_alloc(&judge->arena, size), *draft = arena_alloc(&judge->arena, size);
	for (; *row < result_rows(judge->posted) && result_int64(judge->posted, *row, 0) <= member_id;
		++*row) {
		int rule = shape_rule_find(shape, (int)result_int64(judge->posted, *row, 1),
			(int)result_int64(judge->posted, *row, 2));
		if (rule >= 0 && result_int64(judge->posted, *row, 0) == member_id)
			posted[rule] += result_int64(judge->posted, *row, 3);
	}
	for (int i = 0; i < judge->draft.rows.entry_count; i++) {
		const struct entry_row *entry = &judge->draft.rows.entries[i];
		int rule = is_earned(entry->account_id) && is_in_period(judge, entry->activity_on)
				   ? shape_rule_find(shape, entry->rule_id, entry->currency_id)
				   : -1;
		if (rule >= 0)
			draft[rule] += entry->amount;
	}
	rules_compare(judge, posted, draft);
}

bool period_judge(struct what_if_judge *judge, const char *condition, struct error *error)
{
	int posted = 0;
	if (!period_read(judge, condition, error))
		return false;
	for (int row = 0; row < result_rows(judge->journal);) {
		int64_t member_id = result_int64(judge->journal, row, 0);
		struct period_tally tally = {0};
		if (judge_is_cancelled(judge, error))
			return false;
		if (!member_replay(judge, member_id, &row, &tally)) {
			tally_unjudged(&judge->tally);
			continue;
		}
		earned_compare(judge, member_id, &posted);
		sum_add(&judge->tally.sums[SUM_EVENTS], tally.events);
		sum_add(&judge->tally.sums[SUM_DENIED], tally.denied);
		sum_add(&judge->tally.sums[SUM_ADMITTED], tally.admitted);
		tally_compare(&judge->tally, member_id, member_run_state(&judge->now),
			member_run_state(&judge->draft));
	}
	return true;
}
