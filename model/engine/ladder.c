// Ladders: posting to their metrics, the status in force, settling (FORMAT section 7.5).
#include "model/engine/ladder.h"
#include "model/engine/lot.h"
#include "model/engine/past.h"
#include "model/engine/rolling.h"
#include "model/engine/window.h"

static int64_t hundredths_of(const struct run *run, enum metric_kind metric, int currency)
{
	if (metric == METRIC_SPEND)
		return 1;
	if (metric == METRIC_VISITS)
		return HUNDREDTHS;
	return decimal_power(2 - run->programme->currencies[currency].decimals);
}

void ladder_post(
	struct run *run, enum metric_kind metric, int currency, int64_t quantity, day_t day, int64_t ordinal)
{
	for (int i = 0; quantity != 0 && i < run->programme->ladder_count; i++) {
		const struct ladder *ladder = &run->programme->ladders[i];
		if (ladder->metric != metric || (metric == METRIC_CURRENCY && ladder->currency != currency))
			continue;
		int64_t hundredths = run_multiply(run, quantity, hundredths_of(run, metric, currency));
		if (ladder->window == WINDOW_ROLLING)
			rolling_post(run, i, day, ordinal, hundredths);
		else
			run_add(run,
				&window_touch(run->state, i, window_number(ladder, run->state, day))->sum,
				hundredths);
	}
}

// Higher tier first; among equal ones the latest until, no end being latest.
static void better(struct tier_in_force *best, int tier, day_t until)
{
	if (tier > best->tier || (tier == best->tier && tier > 0 && until > best->until))
		*best = (struct tier_in_force){.tier = tier, .until = until};
}

static void granted_in_force(const struct member_state *state, int ladder, struct tier_in_force *best)
{
	for (int i = 0; i < state->tier_grant_count; i++) {
		const struct tier_grant *grant = &state->tier_grants[i];
		if (grant->ladder == ladder && grant->day <= state->day && state->day < grant->until)
			better(best, grant->tier, grant->until);
	}
}

// Whether a window without a record may have earned a tier: only by what was carried into it.
static bool every_window_counts(const struct ladder *ladder)
{
	return ladder->rollover && ladder->returns != RETURNS_KEEP;
}

typedef void window_visitor(const struct member_state *, int ladder, int number, day_t until, void *);

// Calls visit for the windows, latest first, whose status may still hold today.
static void windows_visit(
	const struct member_state *state, int ladder_index, window_visitor *visit, void *context)
{
	const struct ladder *ladder = &state->programme->ladders[ladder_index];
	const struct ladder_state *windows = &state->ladders[ladder_index];
	if (!every_window_counts(ladder)) {
		for (int i = windows->window_count - 1; i >= 0 && windows->windows[i].until > state->day; i--)
			visit(state, ladder_index, windows->windows[i].number, windows->windows[i].until,
				context);
		return;
	}
	for (int number = window_number(ladder, state, state->day); number >= 0; number--) {
		day_t until = window_validity_end(ladder, state, number);
		if (until <= state->day)
			break;
		visit(state, ladder_index, number, until, context);
	}
}

static void window_in_force(const struct member_state *state, int ladder, int number, day_t until, void *best)
{
	better(best, window_tier_earned(state, ladder, number), until);
}

struct tier_in_force ladder_in_force(const struct member_state *state, int ladder)
{
	struct tier_in_force best = {.until = DAY_NONE};
	if (!state->enrolled)
		return best;
	granted_in_force(state, ladder, &best);
	if (state->programme->ladders[ladder].window != WINDOW_ROLLING)
		windows_visit(state, ladder, window_in_force, &best);
	else if (state->day < state->ladders[ladder].own_until)
		better(&best, state->ladders[ladder].own_tier, state->ladders[ladder].own_until);
	return best;
}

static void window_of_points(
	const struct member_state *state, int ladder_index, int number, day_t until, void *best)
{
	const struct ladder *ladder = &state->programme->ladders[ladder_index];
	better(best, window_tier_reached(ladder, state->day, window_metric(state, ladder_index, number)),
		until);
}

int ladder_of_points(const struct member_state *state, int ladder)
{
	struct tier_in_force best = {.until = DAY_NONE};
	if (!state->enrolled)
		return 0;
	if (state->programme->ladders[ladder].window == WINDOW_ROLLING)
		return window_tier_reached(
			&state->programme->ladders[ladder], state->day, rolling_metric(state, ladder));
	windows_visit(state, ladder, window_of_points, &best);
	return best.tier;
}

void ladder_mark(struct run *run, int ladder_index, int number)
{
	const struct ladder *ladder = &run->programme->ladders[ladder_index];
	struct member_state *state = run->state;
	int reached = window_tier_reached(
		ladder, window_start(ladder, state, number), window_metric(state, ladder_index, number));
	if (reached > window_high(&state->ladders[ladder_index], number))
		window_touch(state, ladder_index, number)->high = reached;
}

static void change_tell(struct run *run, int ladder)
{
	struct ladder_state *told = &run->state->ladders[ladder];
	struct postings *postings = run->postings;
	struct tier_in_force now = ladder_in_force(run->state, ladder);
	if (now.tier == told->told_tier && now.until == told->told_until)
		return;
	ARRAY_RESERVE(
		postings->tier_changes, postings->tier_change_capacity, postings->tier_change_count + 1);
	postings->tier_changes[postings->tier_change_count++] = (struct tier_change){
		.ladder = ladder,
		.from = told->told_tier,
		.to = now.tier,
		.day = run->state->day,
		.until = now.until,
		.seq = run->seq,
	};
	if (now.tier != told->told_tier)
		past_note_tier(run->state, ladder, now.tier);
	told->told_tier = now.tier;
	told->told_until = now.until;
}

void ladder_review(struct run *run)
{
	for (int i = 0; i < run->programme->ladder_count; i++)
		if (run->programme->ladders[i].window == WINDOW_ROLLING)
			rolling_review(run, i);
}

void ladder_settle(struct run *run)
{
	for (int i = 0; i < run->programme->ladder_count; i++) {
		if (run->programme->ladders[i].window == WINDOW_ROLLING)
			rolling_upgrade(run, i);
		else
			ladder_mark(run, i,
				window_number(&run->programme->ladders[i], run->state, run->state->day));
		change_tell(run, i);
	}
	lot_exempt(run);
}

static void tier_grants_prune(struct member_state *state)
{
	int kept = 0;
	for (int i = 0; i < state->tier_grant_count; i++)
		if (state->tier_grants[i].until > state->day)
			state->tier_grants[kept++] = state->tier_grants[i];
	state->tier_grant_count = kept;
}

void ladder_prune(struct member_state *state)
{
	for (int i = 0; i < state->programme->ladder_count; i++) {
		if (state->programme->ladders[i].window == WINDOW_ROLLING)
			rolling_prune(state, i);
		else
			window_prune(state, i);
	}
	tier_grants_prune(state);
}

static void earliest(day_t *due, day_t day, day_t today)
{
	if (day > today && day < *due)
		*due = day;
}

static void window_due(const struct member_state *state, int ladder, int number, day_t until, void *due)
{
	if (window_high(&state->ladders[ladder], number) > 0 || window_tier_earned(state, ladder, number) > 0)
		earliest(due, until, state->day);
}

// A window's end matters where the tier is then judged anew, or where something may be carried on.
static day_t window_end_due(const struct member_state *state, int ladder_index)
{
	const struct ladder *ladder = &state->programme->ladders[ladder_index];
	bool may_be_judged = ladder->returns == RETURNS_AT_WINDOW_END;
	if (!may_be_judged && !ladder->rollover)
		return DAY_NONE;
	int number = window_number(ladder, state, state->day);
	bool judged = may_be_judged && window_high(&state->ladders[ladder_index], number) > 0;
	bool carried = ladder->rollover && window_tier_reached(ladder, window_start(ladder, state, number),
						   window_metric(state, ladder_index, number)) > 0;
	return judged || carried ? window_end(ladder, state, number) : DAY_NONE;
}

day_t ladder_next_due(const struct member_state *state, int ladder)
{
	const struct ladder_state *own = &state->ladders[ladder];
	day_t due = DAY_NONE;
	earliest(&due, own->told_until, state->day);
	for (int i = 0; i < state->tier_grant_count; i++)
		if (state->tier_grants[i].ladder == ladder)
			earliest(&due, state->tier_grants[i].until, state->day);
	if (state->programme->ladders[ladder].window == WINDOW_ROLLING) {
		earliest(&due, own->own_until, state->day);
		earliest(&due, rolling_next_rise(state, ladder), state->day);
	} else {
		windows_visit(state, ladder, window_due, &due);
		earliest(&due, window_end_due(state, ladder), state->day);
	}
	return due;
}
