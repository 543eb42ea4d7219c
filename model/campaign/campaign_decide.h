// What happens to a member at an instance of a campaign's trigger: a pure function of the campaign, the draw
// and what was decided before.
#ifndef MODEL_CAMPAIGN_DECIDE_H
#define MODEL_CAMPAIGN_DECIDE_H
#include "model/campaign/campaign.h"
#include "model/campaign/campaign_draw.h"

// Checked in this order.
enum outcome {
	OUTCOME_HOLD_OUT, // the house's or the campaign's
	OUTCOME_NONE,     // the draw said no
	OUTCOME_COOLDOWN, // some campaign has given something lately
	OUTCOME_LIMIT,    // of grants to the member, or in total
	OUTCOME_STOCK,    // the prize and its consolation have run out
	OUTCOME_BUDGET,   // the prize does not fit in what is left, or released so far
	OUTCOME_PRIZE,
	OUTCOMES
};
const char *outcome_word(enum outcome outcome); // as in campaign_grant.outcome

// How the house and the campaign stand. The worker reads it from the database, a dry run and verify keep it
// themselves.
struct campaign_state {
	int campaign_no, revision_no;
	struct campaign_draw draw, house_draw;
	int house_hold_out;    // parts per million
	int64_t cooldown_days; // of the house
	day_t today;           // the business day
	int64_t spent_points, spent_minor;
	int64_t granted[LIMIT_PERIODS]; // in the period that today lies in
	int64_t *left;                  // by prize; CAMPAIGN_ALL: no limit
};

struct candidate {
	int64_t member_id, instance;
	day_t on_day;
	day_t last_gift;    // by any campaign; DAY_NONE: none yet
	const day_t *gifts; // by this campaign
	int gift_count;
};

struct decision {
	int ticket;
	enum outcome outcome;
	int drawn, prize; // indexes; drawn -1 of a hold-out, prize -1 but of OUTCOME_PRIZE
};

// The index of the prize whose ticket it is.
int campaign_prize_drawn(const struct campaign *campaign, int ticket);

// Days that a member is left alone after a gift of any campaign: the campaign's, or the house's if those are more.
int64_t campaign_cooldown(const struct campaign *campaign, const struct campaign_state *state);

// What follows from a ticket, for whoever is held out or not. The state's draws are not asked.
struct decision campaign_settle(const struct campaign *campaign, const struct campaign_state *state,
	const struct candidate *candidate, int ticket, bool is_held_out);
// Draws and decides. The state is as it was; decision_take() makes it what it is afterwards.
struct decision campaign_decide(
	const struct campaign *campaign, struct campaign_state *state, const struct candidate *candidate);
void decision_take(
	const struct campaign *campaign, struct campaign_state *state, const struct decision *decision);

// Makes the day the state's: counts of periods that are over begin anew.
void campaign_state_turn(struct campaign_state *state, day_t today);

// Why nothing can be won any more, whoever comes: "the budget of points is used up"; NULL: something can.
const char *campaign_exhausted(const struct campaign *campaign, const struct campaign_state *state);

// What of a budget is released by the end of today.
int64_t budget_released(const struct campaign *campaign, int64_t budget, day_t today);
#endif
