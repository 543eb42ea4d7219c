// What returns must know of the purchases they take back, from the rows loaded: lines left, awards standing,
// points expired.
#include "model/posting/batch.h"

#include <string.h>

static const char *category_of(const char *category)
{
	return category ? category : "general";
}

// Takes an amount from lines, first line first; category NULL: from all.
static void lines_take(struct event_line *lines, int count, const char *category, int64_t amount)
{
	for (int i = 0; i < count && amount > 0; i++) {
		if (category && strcmp(category_of(lines[i].category), category) != 0)
			continue;
		int64_t taken = lines[i].amount_minor < amount ? lines[i].amount_minor : amount;
		lines[i].amount_minor -= taken;
		amount -= taken;
	}
}

static void return_take(struct event_line *lines, int count, const struct event *event)
{
	if (event->line_count == 0)
		lines_take(lines, count, NULL, event->amount_minor);
	for (int i = 0; i < event->line_count; i++)
		lines_take(lines, count, category_of(event->lines[i].category), event->lines[i].amount_minor);
}

static bool is_of(
	const struct result *result, int row, const struct batch_member *member, int64_t seq, int seq_column)
{
	return row >= 0 && row < result_rows(result) && result_int64(result, row, 0) == member->member_id &&
	       (seq == 0 || result_int64(result, row, seq_column) == seq);
}

static bool is_claimed(const struct batch *batch, const struct batch_member *member, int64_t seq)
{
	for (int i = member->first; i < member->first + member->count; i++)
		if (batch->events[i].journal.event.seq == seq)
			return true;
	return false;
}

// The purchase and its earlier returns, from *row on, which moves past them. False: they are no rows of a
// purchase.
static bool lines_read(
	struct batch *batch, const struct batch_member *member, int *row, struct original *original)
{
	const struct result *result = batch->loaded[LOAD_ORIGINAL];
	struct journal_event event;
	bool is_first = true;
	struct event_line *lines = NULL;
	original->seq = result_int64(result, *row, JOURNAL_COLUMN_COUNT);
	for (; is_of(result, *row, member, original->seq, JOURNAL_COLUMN_COUNT); ++*row, is_first = false) {
		if (!journal_read(&event, result, *row, batch->rulebook, &batch->arena))
			continue;
		if (is_first && event.event.seq == original->seq) {
			struct event_line one = {
				.category = event.event.category, .amount_minor = event.event.amount_minor};
			original->type = event.event.type;
			original->day = event_activity_day(&event.event);
			original->line_count = event.event.line_count ? event.event.line_count : 1;
			lines = arena_alloc(&batch->arena, (size_t)original->line_count * sizeof *lines);
			memcpy(lines, event.event.line_count ? event.event.lines : &one,
				(size_t)original->line_count * sizeof *lines);
		} else if (lines && !is_claimed(batch, member, event.event.seq)) {
			return_take(lines, original->line_count, &event.event);
		}
	}
	original->lines = lines;
	return lines && (original->type == EVENT_PURCHASE || original->type == EVENT_PARTNER);
}

enum award_column {
	AWARD_SEQ = 1,
	AWARD_ACCOUNT,
	AWARD_RULE,
	AWARD_CURRENCY,
	AWARD_TIER,
	AWARD_FACTOR,
	AWARD_MULTIPLIERS,
	AWARD_AMOUNT
};

static struct standing_award *award_find(struct standing_award *awards, int count, int rule)
{
	for (int i = 0; i < count; i++)
		if (awards[i].rule == rule)
			return &awards[i];
	return NULL;
}

// Keeps them in the order of the rules.
static void award_insert(struct standing_award *awards, int *count, const struct standing_award *award)
{
	int place = (*count)++;
	for (; place > 0 && awards[place - 1].rule > award->rule; place--)
		awards[place] = awards[place - 1];
	awards[place] = *award;
}

static struct standing_award award_read(
	const struct rulebook_version *version, const struct result *result, int row, int rule)
{
	struct standing_award award = {.rule = rule,
		.quantity = result_int64(result, row, AWARD_AMOUNT),
		.tier = -1,
		.factor = result_int64(result, row, AWARD_FACTOR),
		.multipliers = (unsigned)result_int64(result, row, AWARD_MULTIPLIERS)};
	if (!result_is_null(result, row, AWARD_TIER))
		award.tier = rulebook_tier(version, version->programme->earn[rule].award.ladder,
			(int)result_int64(result, row, AWARD_TIER));
	return award;
}

static void expired_add(struct expired_quantity *expired, int *count, int currency, int64_t quantity)
{
	for (int i = 0; i < *count; i++)
		if (expired[i].currency == currency) {
			expired[i].quantity += quantity;
			return;
		}
	if (currency >= 0)
		expired[(*count)++] = (struct expired_quantity){.currency = currency, .quantity = quantity};
}

static void awards_read(struct batch *batch, const struct batch_member *member, struct original *original)
{
	const struct rulebook_version *version = member_run_version(&batch->run);
	const struct result *result = batch->loaded[LOAD_AWARD], *lost = batch->loaded[LOAD_EXPIRED];
	struct standing_award *awards =
		arena_alloc(&batch->arena, (size_t)(version->programme->earn_count + 1) * sizeof *awards);
	struct expired_quantity *expired = arena_alloc(
		&batch->arena, (size_t)(version->programme->currency_count + 1) * sizeof *expired);
	for (int row = member->expired; is_of(lost, row, member, 0, 0); row++)
		if (result_int64(lost, row, 1) == original->seq)
			expired_add(expired, &original->expired_count,
				rulebook_currency(version, (int)result_int64(lost, row, 2)),
				result_int64(lost, row, 3));
	for (int row = member->award; is_of(result, row, member, 0, 0); row++) {
		if (result_int64(result, row, AWARD_SEQ) != original->seq)
			continue;
		int currency = rulebook_currency(version, (int)result_int64(result, row, AWARD_CURRENCY));
		int rule = rulebook_earn_rule(version, (int)result_int64(result, row, AWARD_RULE));
		if (rule >= 0 && version->programme->earn[rule].award.currency != currency)
			rule = -1; // it gives another currency now: what it gave stays
		struct standing_award *known = award_find(awards, original->award_count, rule);
		if (result_int64(result, row, AWARD_ACCOUNT) == ACCOUNT_EXPIRED)
			expired_add(expired, &original->expired_count, currency,
				-result_int64(result, row, AWARD_AMOUNT));
		else if (known)
			known->quantity += result_int64(result, row, AWARD_AMOUNT);
		else if (rule >= 0) {
			struct standing_award award = award_read(version, result, row, rule);
			award_insert(awards, &original->award_count, &award);
		}
	}
	original->awards = awards;
	original->expired = expired;
}

void batch_originals_add(struct batch *batch, const struct batch_member *member)
{
	const struct result *result = batch->loaded[LOAD_ORIGINAL];
	for (int row = member->original; is_of(result, row, member, 0, 0);) {
		struct original original = {0};
		if (!lines_read(batch, member, &row, &original))
			continue;
		awards_read(batch, member, &original);
		state_add_original(member_run_state(&batch->run), &original);
	}
}
