// A period of members' real journals, replayed under the draft and held against what the ledger has.
#include "model/posting/journal.h"
#include "model/what_if/what_if_judge.h"

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

static bool is_in_period(const struct what_if_judge *judge, day_t day)
{
	return judge->terms->from <= day && day <= judge->terms->to;
}

// Whether a late event belongs to the period by the day it happened on (1) though not by that of its entries,
// the other way round (-1), or whether both say the same (0).
static int late_change(const struct what_if_judge *judge, int row)
{
	day_t posted, happened;
	journal_days(judge->journal, row, &posted, &happened);
	return happened == DAY_NONE ? 0 : is_in_period(judge, happened) - is_in_period(judge, posted);
}

// The late events whose entries are to be added or taken away, as rows of VALUES; NULL: none. To be freed.
static char *late_rows(const struct what_if_judge *judge)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	for (int row = 0; out && row < result_rows(judge->journal); row++) {
		int change = late_change(judge, row);
		if (change != 0)
			fprintf(out, "%s(%lld::bigint, %lld::bigint, %d)", ftell(out) > 0 ? ", " : "",
				(long long)result_int64(judge->journal, row, 0),
				(long long)result_int64(judge->journal, row, 1), change);
	}
	if (out)
		fclose(out);
	if (size > 0)
		return text;
	free(text);
	return NULL;
}

static struct result *posted_read(struct what_if_judge *judge, const char *condition, struct error *error)
{
	char from[DAY_SIZE], to[DAY_SIZE], *late = late_rows(judge);
	struct result *posted = ask(judge, error,
		"SELECT member_id, rule_id, currency_id, sum(points)::bigint FROM ("
		"SELECT member_id, account_id, rule_id, currency_id, amount AS points FROM "
		"loyalty.ledger_entry WHERE member_id %s AND activity_on BETWEEN '%s' AND '%s'%s%s%s) e "
		"WHERE account_id IN (" EARNED ") AND rule_id IS NOT NULL GROUP BY 1, 2, 3 ORDER BY 1",
		condition, day_format(judge->terms->from, from), day_format(judge->terms->to, to),
		late ? " UNION ALL SELECT e.member_id, e.account_id, e.rule_id, e.currency_id, "
		       "l.change * e.amount FROM (VALUES "
		     : "",
		late ? late : "",
		late ? ") l (member_id, seq, change) JOIN loyalty.ledger_entry e USING (member_id, seq)"
		     : "");
	free(late);
	return posted;
}

static bool period_read(struct what_if_judge *judge, const char *condition, struct error *error)
{
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
		judge->posted = posted_read(judge, condition, error);
	return judge->posted != NULL;
}

struct late_event {
	int64_t seq;
	day_t happened;
};

struct period_tally { // of one member
	int64_t events, denied, admitted;
	struct late_event *late; // in the judge's arena
	int late_count;
};

static void event_count(const struct what_if_judge *judge, const struct journal_event *event,
	enum refusal refusal, struct period_tally *tally)
{
	bool was_denied = strcmp(event->result, "denied") == 0;
	if (event_is_late(&event->event))
		tally->late[tally->late_count++] =
			(struct late_event){event->event.seq, event->event.activity_day};
	if (!is_in_period(judge, event_activity_day(&event->event)))
		return;
	tally->events++;
	tally->denied += !was_denied && refusal != REFUSAL_NONE;
	tally->admitted += was_denied && refusal == REFUSAL_NONE;
}

// The rows from the first to the one before `end`. False: a quantity did not fit.
static bool rows_replay(struct what_if_judge *judge, int first, int end, struct period_tally *tally)
{
	struct journal_event event;
	for (int row = first; row < end; row++) {
		if (!journal_read_processed(&event, judge->journal, row, judge->terms->now, &judge->arena))
			return false;
		if (!journal_was_processed(&event))
			continue;
		if (member_run_replay(&judge->now, &event) == REFUSAL_OVERFLOW)
			return false;
		enum refusal refusal = member_run_replay(&judge->draft, &event);
		if (refusal == REFUSAL_OVERFLOW)
			return false;
		event_count(judge, &event, refusal, tally);
	}
	return true;
}

// Where a member's rows end; where those begin that were posted after the period; and where the last one is
// over that happened in it nevertheless.
struct member_rows {
	int end, after, late_end;
};

static struct member_rows rows_find(const struct what_if_judge *judge, int row)
{
	int64_t member_id = result_int64(judge->journal, row, 0);
	struct member_rows rows = {.end = row, .after = -1, .late_end = -1};
	for (; rows.end < result_rows(judge->journal) &&
		result_int64(judge->journal, rows.end, 0) == member_id;
		rows.end++) {
		day_t posted, happened;
		journal_days(judge->journal, rows.end, &posted, &happened);
		if (rows.after < 0 && posted > judge->terms->to)
			rows.after = rows.end;
		if (rows.after >= 0 && happened != DAY_NONE && is_in_period(judge, happened))
			rows.late_end = rows.end + 1;
	}
	if (rows.after < 0)
		rows.after = rows.end;
	return rows;
}

static bool days_advance(struct what_if_judge *judge)
{
	return member_run_advance(&judge->now, judge->terms->to, NULL) == REFUSAL_NONE &&
	       member_run_advance(&judge->draft, judge->terms->to, NULL) == REFUSAL_NONE;
}

// Up to the end of the period, where both standings are compared; then, where something was told later that
// belongs to the period, on to that. False: not judged.
static bool member_replay(struct what_if_judge *judge, int64_t member_id, int first, struct member_rows rows,
	struct period_tally *tally)
{
	tally->late = arena_alloc(&judge->arena, (size_t)(rows.end - first) * sizeof *tally->late);
	member_run_begin(&judge->now, true);
	member_run_begin(&judge->draft, true);
	if (!rows_replay(judge, first, rows.after, tally) || !days_advance(judge)) {
		tally_unjudged(&judge->tally);
		return false;
	}
	tally_compare(
		&judge->tally, member_id, member_run_state(&judge->now), member_run_state(&judge->draft));
	if (rows_replay(judge, rows.after, rows.late_end, tally))
		return true;
	judge->tally.unjudged++;
	return false;
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

static day_t entry_day(const struct entry_row *entry, const struct period_tally *tally)
{
	for (int i = 0; i < tally->late_count; i++)
		if (tally->late[i].seq == entry->seq)
			return tally->late[i].happened;
	return entry->activity_on;
}

static void earned_compare(
	struct what_if_judge *judge, int64_t member_id, const struct period_tally *tally, int *row)
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
		int rule = is_earned(entry->account_id) && is_in_period(judge, entry_day(entry, tally))
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
		struct member_rows rows = rows_find(judge, row);
		if (judge_is_cancelled(judge, error))
			return false;
		if (member_replay(judge, member_id, row, rows, &tally)) {
			earned_compare(judge, member_id, &tally, &posted);
			sum_add(&judge->tally.sums[SUM_EVENTS], tally.events);
			sum_add(&judge->tally.sums[SUM_DENIED], tally.denied);
			sum_add(&judge->tally.sums[SUM_ADMITTED], tally.admitted);
		}
		row = rows.end;
	}
	return true;
}
