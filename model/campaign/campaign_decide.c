// What happens to a member at an instance of a campaign's trigger: a pure function of the campaign, the draw
// and what was decided before.
#include "model/campaign/campaign_decide.h"

#include "model/engine/decimal.h"

const char *outcome_word(enum outcome outcome)
{
	static const char *const words[OUTCOMES] = {
		[OUTCOME_HOLD_OUT] = "hold_out",
		[OUTCOME_NONE] = "none",
		[OUTCOME_COOLDOWN] = "cooldown",
		[OUTCOME_LIMIT] = "limit",
		[OUTCOME_STOCK] = "stock",
		[OUTCOME_BUDGET] = "budget",
		[OUTCOME_PRIZE] = "prize",
	};
	return words[outcome];
}

int campaign_prize_drawn(const struct campaign *campaign, int ticket)
{
	int prize = 0;
	for (int above = campaign->prizes[0].chance; ticket >= above; above += campaign->prizes[prize].chance)
		prize++;
	return prize;
}

static bool is_held_out(const struct campaign *campaign, struct campaign_state *state, int64_t member_id)
{
	return (state->house_hold_out > 0 &&
		       campaign_draw_house_hold_out(&state->house_draw, member_id) < state->house_hold_out) ||
	       (campaign->hold_out > 0 && campaign_draw_hold_out(&state->draw, state->campaign_no,
						  member_id) < campaign->hold_out);
}

int64_t campaign_cooldown(const struct campaign *campaign, const struct campaign_state *state)
{
	return campaign->cooldown_days > state->cooldown_days ? campaign->cooldown_days : state->cooldown_days;
}

static bool is_cooling(const struct campaign *campaign, const struct campaign_state *state,
	const struct candidate *candidate)
{
	return candidate->last_gift != DAY_NONE &&
	       state->today - candidate->last_gift < campaign_cooldown(campaign, state);
}

static bool is_limited(const struct campaign *campaign, const struct campaign_state *state,
	const struct candidate *candidate)
{
	for (int period = 0; period < LIMIT_PERIODS; period++) {
		day_t start = limit_period_start((enum limit_period)period, state->today);
		int64_t had = 0;
		for (int i = 0; i < candidate->gift_count; i++)
			had += candidate->gifts[i] >= start;
		if (had >= campaign->per_member[period] || state->granted[period] >= campaign->total[period])
			return true;
	}
	return false;
}

int64_t budget_released(const struct campaign *campaign, int64_t budget, day_t today)
{
	int64_t days = campaign->ends_on - campaign->starts_on + 1, gone = today - campaign->starts_on + 1;
	if (!campaign->is_paced || budget == CAMPAIGN_ALL || gone >= days)
		return budget;
	return (int64_t)((wide_t)budget * gone / days);
}

static bool is_afforded(
	const struct campaign_prize *prize, const struct campaign_state *state, int64_t points, int64_t minor)
{
	return prize->points <= points - state->spent_points && prize->minor <= minor - state->spent_minor;
}

// The prize itself, or its consolation; -1: neither is left.
static int prize_left(const struct campaign *campaign, const struct campaign_state *state, int prize)
{
	int consolation = campaign->prizes[prize].consolation;
	if (state->left[prize] > 0)
		return prize;
	return consolation >= 0 && state->left[consolation] > 0 ? consolation : -1;
}

struct decision campaign_settle(const struct campaign *campaign, const struct campaign_state *state,
	const struct candidate *candidate, int ticket, bool is_held_out)
{
	struct decision decision = {
		.ticket = ticket, .drawn = -1, .prize = -1, .outcome = OUTCOME_HOLD_OUT};
	if (is_held_out)
		return decision;
	decision.drawn = campaign_prize_drawn(campaign, decision.ticket);
	int prize = campaign->prizes[decision.drawn].kind == PRIZE_NOTHING
			    ? -1
			    : prize_left(campaign, state, decision.drawn);
	if (campaign->prizes[decision.drawn].kind == PRIZE_NOTHING)
		decision.outcome = OUTCOME_NONE;
	else if (is_cooling(campaign, state, candidate))
		decision.outcome = OUTCOME_COOLDOWN;
	else if (is_limited(campaign, state, candidate))
		decision.outcome = OUTCOME_LIMIT;
	else if (prize < 0)
		decision.outcome = OUTCOME_STOCK;
	else if (campaign->prizes[prize].kind == PRIZE_NOTHING)
		decision.outcome = OUTCOME_NONE;
	else if (!is_afforded(&campaign->prizes[prize], state,
			 budget_released(campaign, campaign->budget_points, state->today),
			 budget_released(campaign, campaign->budget_minor, state->today)))
		decision.outcome = OUTCOME_BUDGET;
	else
		decision.outcome = OUTCOME_PRIZE;
	decision.prize = decision.outcome == OUTCOME_PRIZE ? prize : -1;
	return decision;
}

struct decision campaign_decide(
	const struct campaign *campaign, struct campaign_state *state, const struct candidate *candidate)
{
	int ticket = campaign_draw_ticket(&state->draw, state->campaign_no, state->revision_no,
		candidate->member_id, candidate->instance);
	return campaign_settle(
		campaign, state, candidate, ticket, is_held_out(campaign, state, candidate->member_id));
}

void decision_take(
	const struct campaign *campaign, struct campaign_state *state, const struct decision *decision)
{
	if (decision->outcome != OUTCOME_PRIZE)
		return;
	const struct campaign_prize *prize = &campaign->prizes[decision->prize];
	state->spent_points += prize->points;
	state->spent_minor += prize->minor;
	if (state->left[decision->prize] != CAMPAIGN_ALL)
		state->left[decision->prize]--;
	for (int period = 0; period < LIMIT_PERIODS; period++)
		state->granted[period]++;
}

void campaign_state_turn(struct campaign_state *state, day_t today)
{
	for (int period = 0; period < LIMIT_PERIODS; period++)
		if (limit_period_start((enum limit_period)period, today) !=
			limit_period_start((enum limit_period)period, state->today))
			state->granted[period] = 0;
	state->today = today;
}

const char *campaign_exhausted(const struct campaign *campaign, const struct campaign_state *state)
{
	const char *why = NULL;
	for (int i = 0; i < campaign->prize_count; i++) {
		int prize = campaign->prizes[i].chance > 0 && campaign->prizes[i].kind != PRIZE_NOTHING
				    ? prize_left(campaign, state, i)
				    : i;
		if (campaign->prizes[i].chance == 0 || campaign->prizes[i].kind == PRIZE_NOTHING)
			continue;
		if (prize < 0)
			why = why ? why : "no prize is left";
		else if (campaign->prizes[prize].points > campaign->budget_points - state->spent_points)
			why = "the budget of points is used up";
		else if (campaign->prizes[prize].minor > campaign->budget_minor - state->spent_minor)
			why = "the budget of money is used up";
		else
			return NULL;
	}
	return why;
}
