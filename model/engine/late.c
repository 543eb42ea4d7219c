// Late events: what the version of the activity day and today's call by other indexes, what was held then,
// expiry that has gone by, tiers that would have been reached.
#include "model/engine/late.h"
#include <string.h>
#include "model/engine/ladder.h"
#include "model/engine/late_status.h"
#include "model/engine/lot.h"
#include "model/engine/past.h"
#include "model/engine/window.h"

bool late_day_is_possible(const struct run *run)
{
	const struct event *event = run->event;
	return event->activity_day == DAY_NONE ||
	       (event_type_may_be_late(event->type) && event->activity_day <= event->day &&
		       event->activity_day >= run->state->enrolled_on);
}

const int *late_tiers_hold(const struct run *run)
{
	struct scratch *scratch = run->state->scratch;
	ARRAY_RESERVE(scratch->held, scratch->held_capacity, run->then->ladder_count + 1);
	for (int i = 0; i < run->then->ladder_count; i++)
		scratch->held[i] = past_tier(run->state, &run->then->ladders[i], run_rated_on(run));
	return scratch->held;
}

int late_currency(const struct run *run, int currency)
{
	return run->is_late ? programme_currency(run->programme, run->then->currencies[currency].code)
			    : currency;
}

static int tier_today(const struct run *run, const struct ladder *then, int tier)
{
	int ladder = programme_ladder(run->programme, then->code);
	return ladder < 0 ? -1 : programme_tier(&run->programme->ladders[ladder], then->tiers[tier].code);
}

void late_original_award(
	const struct run *run, struct kept_original *kept, const struct standing_award *award)
{
	struct standing_award named = *award;
	if (run->is_late) {
		const struct earn_rule *then = &run->then->earn[award->rule];
		named.rule = programme_earn_rule(run->programme, then->id);
		if (named.rule < 0)
			return;
		if (award->tier >= 0)
			named.tier = tier_today(run, &run->then->ladders[then->award.ladder], award->tier);
	}
	original_award(kept, &named);
}

static bool tier_exempts(const struct expiry *expiry, const struct ladder *ladder, const char *code)
{
	int tier = programme_tier(ladder, code);
	return tier >= 0 && expiry->unless_tier[tier];
}

// The lot's way through the tiers the member had from the activity day until today: without expiry while one
// of those listed was held, dated anew when it was lost.
static day_t expiry_by_tiers(const struct run *run, const struct expiry *expiry, const struct ladder *ladder)
{
	const struct past *past = run->state->past;
	day_t from = run_rated_on(run);
	bool is_exempt = expiry->unless_tier[past_tier(run->state, ladder, from)];
	day_t expires = is_exempt ? DAY_NONE : lot_expiry(expiry, from);
	for (int i = 0; i < past->tier_count; i++) {
		const struct past_tier *change = &past->tiers[i];
		if (change->day <= from || strcmp(change->ladder, ladder->code) != 0)
			continue;
		if (expires <= change->day)
			break;
		bool exempts = tier_exempts(expiry, ladder, change->tier);
		if (exempts)
			expires = DAY_NONE;
		else if (is_exempt)
			expires = lot_expiry(expiry, change->day);
		is_exempt = exempts;
	}
	return expires;
}

day_t late_expiry(const struct run *run, int currency)
{
	int then = programme_currency(run->then, run->programme->currencies[currency].code);
	const struct expiry *expiry = &run->then->currencies[then].expiry;
	if (expiry->unless_tier == NULL)
		return lot_expiry(expiry, run_rated_on(run));
	return expiry_by_tiers(run, expiry, &run->then->ladders[expiry->ladder]);
}

// What the event credited is over where its own expiry has gone by, or where it started a clock that has run
// out since.
static void late_expire(struct run *run, int currency_index)
{
	const struct currency *currency = &run->programme->currencies[currency_index];
	struct currency_state *state = &run->state->currencies[currency_index];
	if (currency->expiry.policy == EXPIRY_INACTIVITY && state->clock != DAY_NONE &&
		day_add_months(state->clock, currency->expiry.months) <= run->state->day) {
		state->clock = DAY_NONE;
		lot_expire_own(run, currency_index, DAY_NONE);
	} else {
		lot_expire_own(run, currency_index, run->state->day);
	}
}

// The windows from that of the activity day to the one before today's: a status earned in them may still
// hold.
static void windows_mark(struct run *run, int ladder_index)
{
	const struct ladder *ladder = &run->programme->ladders[ladder_index];
	const struct member_state *state = run->state;
	int today = window_number(ladder, state, state->day);
	for (int n = window_number(ladder, state, run_rated_on(run)); n < today; n++)
		if (window_validity_end(ladder, state, n) > state->day)
			ladder_mark(run, ladder_index, n);
}

void late_settle(struct run *run)
{
	for (int i = 0; run->is_late && i < run->programme->currency_count; i++)
		late_expire(run, i);
	for (int i = 0; run->is_late && i < run->programme->ladder_count; i++) {
		if (run->programme->ladders[i].window == WINDOW_ROLLING)
			late_status_take(run, i);
		else
			windows_mark(run, i);
	}
}
