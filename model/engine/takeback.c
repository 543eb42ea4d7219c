// Returns: lines taken back and the awards that no longer stand (FORMAT section 9.3).
#include "model/engine/takeback.h"
#include <string.h>
#include "model/engine/award.h"
#include "model/engine/condition.h"
#include "model/engine/ladder.h"
#include "model/engine/lines.h"
#include "model/engine/lot.h"
#include "model/engine/original.h"
#include "model/engine/past.h"
#include "model/engine/rule_count.h"

// Takes from the original's lines (of that category, NULL: of any), first line first; what is over is
// returned.
static int64_t lines_take(
	const struct kept_original *original, int64_t *taken, const char *category, int64_t amount)
{
	for (int i = 0; i < original->line_count && amount > 0; i++) {
		const struct event_line *line = &original->lines[i];
		if (category != NULL && strcmp(line_category(line), category) != 0)
			continue;
		int64_t left = line->amount_minor - taken[i];
		int64_t take = left < amount ? left : amount;
		taken[i] += take;
		amount -= take;
	}
	return amount;
}

// What the return takes of each line, into the state's scratch; false if there is not as much.
static bool taken_plan(const struct run *run, const struct kept_original *original)
{
	struct scratch *scratch = run->state->scratch;
	const struct event *event = run->event;
	ARRAY_RESERVE(scratch->taken, scratch->taken_capacity, original->line_count);
	for (int i = 0; i < original->line_count; i++)
		scratch->taken[i] = 0;
	if (event->line_count == 0)
		return lines_take(original, scratch->taken, NULL, event->amount_minor) == 0;
	for (int i = 0; i < event->line_count; i++) {
		const struct event_line *line = &event->lines[i];
		if (lines_take(original, scratch->taken, line_category(line), line->amount_minor) > 0)
			return false;
	}
	return true;
}

enum refusal return_test(const struct run *run)
{
	const struct kept_original *original = original_find(run->state, run->event->of_seq);
	struct lines lines;
	int64_t sum;
	if (original == NULL)
		return REFUSAL_ORIGINAL;
	lines_of(&lines, run->event);
	if (!lines_sum(&lines, 1, &sum))
		return REFUSAL_AMOUNT;
	return taken_plan(run, original) ? REFUSAL_NONE : REFUSAL_OVER_RETURN;
}

static int64_t qualifying_amount(const struct run *run, const struct kept_original *original)
{
	return lines_basis(original->lines, original->line_count, &run->programme->qualifying_categories,
		&run->programme->qualifying_excluded);
}

// What the award would be for what remains.
static int64_t quantity_left(
	const struct run *run, const struct standing_award *award, const struct kept_original *original)
{
	const struct earn_rule *rule = &run->programme->earn[award->rule];
	struct rating rating = {
		.basis = lines_basis(
			original->lines, original->line_count, &rule->when.categories, &rule->when.excluded),
		.quantity = 1,
		.tier = award->tier,
		.factor = award->factor,
	};
	if (rating.basis <= 0 || !amount_reaches(&rule->when, rating.basis))
		return 0;
	return award_quantity(run, rule, &rating, NULL);
}

static void award_reduce(struct run *run, struct standing_award *award, struct kept_original *original)
{
	int64_t quantity = award->quantity - quantity_left(run, award, original);
	int currency = run->programme->earn[award->rule].award.currency;
	struct movement movement = {
		.kind = ENTRY_REVERSED,
		.currency = currency,
		.source = award->rule,
		.of_seq = original->seq,
		.tier = award->tier,
		.factor = award->factor,
		.multipliers = award->multipliers,
	};
	if (quantity <= 0)
		return;
	rule_count_take(run, award, quantity, original->day);
	past_reduce_award(run->state, original->seq, run->programme->earn[award->rule].id, quantity);
	award->quantity -= quantity;
	lot_reverse(run, &movement, quantity, original);
	ladder_post(run, METRIC_CURRENCY, currency, -quantity, original->day, original->seq << ORDINAL_SHIFT);
}

static void spend_post(struct run *run, const struct kept_original *original, int64_t before)
{
	int64_t after = qualifying_amount(run, original);
	int64_t ordinal = original->seq << ORDINAL_SHIFT;
	if (original->type != EVENT_PURCHASE || after == before)
		return;
	ladder_post(run, METRIC_SPEND, -1, after - before, original->day, ordinal);
	if (after == 0)
		ladder_post(run, METRIC_VISITS, -1, -1, original->day, ordinal);
}

void return_apply(struct run *run)
{
	struct kept_original *original = original_find(run->state, run->event->of_seq);
	int64_t before = qualifying_amount(run, original);
	for (int i = 0; i < original->line_count; i++)
		original->lines[i].amount_minor -= run->state->scratch->taken[i];
	spend_post(run, original, before);
	for (int i = 0; i < original->award_count; i++)
		if (original->awards[i].quantity > 0)
			award_reduce(run, &original->awards[i], original);
}
