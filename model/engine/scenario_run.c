// Runs the cases of a scenario in memory and evaluates their checks.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "model/engine/scenario.h"

void outcome_init(struct outcome *outcome, const struct programme *programme)
{
	int capacity = 0;
	*outcome = (struct outcome){.denied = REFUSAL_NONE};
	ARRAY_RESERVE(outcome->awarded, capacity, programme->earn_count + 1);
	memset(outcome->awarded, 0, (size_t)capacity * sizeof *outcome->awarded);
}

void outcome_free(struct outcome *outcome)
{
	free(outcome->awarded);
}

static bool event_accrues(enum event_type type)
{
	return type == EVENT_ENROL || type == EVENT_PURCHASE || type == EVENT_ACTIVITY ||
	       type == EVENT_PARTNER || type == EVENT_SUBSCRIBE || type == EVENT_USE_BENEFIT;
}

void outcome_note(struct outcome *outcome, const struct programme *programme, const struct event *event,
	enum refusal refusal, const struct postings *postings)
{
	outcome->denied = refusal;
	if (refusal != REFUSAL_NONE)
		return;
	if (postings->quoted) {
		outcome->quoted = true;
		outcome->quote_minor = postings->quote_minor;
	}
	if (!event_accrues(event->type))
		return;
	memset(outcome->awarded, 0, (size_t)programme->earn_count * sizeof *outcome->awarded);
	for (int i = 0; i < postings->entry_count; i++)
		if (postings->entries[i].kind == ENTRY_ACCRUED)
			outcome->awarded[postings->entries[i].source] += postings->entries[i].amount;
}

static const char *see_expiry(
	const struct programme *programme, const struct member_state *state, int currency, char *out)
{
	struct next_expiry next = standing_next_expiry(programme, state, currency);
	day_format(next.day, out);
	if (next.day != DAY_NONE) {
		size_t used = strlen(out);
		out[used] = ' ';
		decimal_format(next.quantity, programme->currencies[currency].decimals, out + used + 1);
	}
	return out;
}

static const char *see_tier(const struct check *check, const struct programme *programme,
	const struct member_state *state, char *out)
{
	struct tier_in_force tier = standing_tier(programme, state, check->object);
	if (check->kind == CHECK_UNTIL)
		return day_format(tier.until, out);
	return strcpy(out, programme->ladders[check->object].tiers[tier.tier].code);
}

static const char *see_last_charge(const struct member_state *state, char *out)
{
	char day[DAY_SIZE];
	if (state->last_charge_day == DAY_NONE)
		return strcpy(out, "none");
	snprintf(out, CHECK_TEXT_SIZE, "%s %lld", day_format(state->last_charge_day, day),
		(long long)state->last_charge_minor);
	return out;
}

static const char *see_verified(const struct member_state *state, int segment, char *out)
{
	if (!standing_verified(state, segment))
		return strcpy(out, "none");
	if (state->segments[segment].until == DAY_NONE)
		return strcpy(out, "always");
	return day_format(state->segments[segment].until, out);
}

static const char *see_quantity(int64_t units, const struct programme *programme, int currency, char *out)
{
	return decimal_format(units, programme->currencies[currency].decimals, out);
}

const char *check_see(const struct check *check, const struct programme *programme,
	const struct member_state *state, const struct outcome *outcome, char out[CHECK_TEXT_SIZE])
{
	int object = check->object;
	switch (check->kind) {
	case CHECK_BALANCE:
		return see_quantity(standing_balance(state, object), programme, object, out);
	case CHECK_NEXT_EXPIRY:
		return see_expiry(programme, state, object, out);
	case CHECK_EXPIRED:
		return see_quantity(state->currencies[object].expired, programme, object, out);
	case CHECK_TIER:
	case CHECK_UNTIL:
		return see_tier(check, programme, state, out);
	case CHECK_METRIC:
		return decimal_format(standing_metric(programme, state, object), 2, out);
	case CHECK_AWARDED:
		return see_quantity(
			outcome->awarded[object], programme, programme->earn[object].award.currency, out);
	case CHECK_ISSUED:
		return decimal_format(state->rewards[object].issued, 0, out);
	case CHECK_VALUE:
		return decimal_format(state->rewards[object].value_minor, 2, out);
	case CHECK_REWARD_EXPIRES:
		return day_format(state->rewards[object].last_expires, out);
	case CHECK_CHARGED:
		return decimal_format(state->plans[object].charged_minor, 0, out);
	case CHECK_VERIFIED:
		return see_verified(state, object, out);
	case CHECK_LAST_CHARGE:
		return see_last_charge(state, out);
	case CHECK_QUOTE:
		return outcome->quoted ? decimal_format(outcome->quote_minor, 0, out) : strcpy(out, "none");
	case CHECK_DENIED:
		return strcpy(out, refusal_name(outcome->denied));
	}
	return out;
}

// A case while it runs.
struct run_of_case {
	const struct scenario_case *scenario_case;
	struct member_state state;
	struct postings postings;
	struct outcome outcome;
	bool *accepted; // one a row
};

// The number of the accepted row before this one that has that external id, 0: none.
static int64_t accepted_find(const struct run_of_case *run, int before, const char *id)
{
	for (int i = 0; id != NULL && i < before; i++) {
		const char *earlier = run->scenario_case->rows[i].id;
		if (run->accepted[i] && earlier != NULL && strcmp(earlier, id) == 0)
			return i + 1;
	}
	return 0;
}

static bool event_row_run(struct run_of_case *run, int index)
{
	const struct scenario_row *row = &run->scenario_case->rows[index];
	const struct programme *programme = run->scenario_case->programme;
	struct event event = row->event;
	event.duplicate = accepted_find(run, index, row->id) > 0;
	event.of_seq = accepted_find(run, index, row->of);
	enum refusal refusal = engine_apply(programme, &run->state, &event, &run->postings, NULL);
	run->accepted[index] = refusal == REFUSAL_NONE;
	outcome_note(&run->outcome, programme, &event, refusal, &run->postings);
	return refusal != REFUSAL_OVERFLOW;
}

static bool check_row_run(
	struct run_of_case *run, const struct scenario_row *row, check_listener *listen, void *context)
{
	const struct programme *programme = run->scenario_case->programme;
	if (engine_advance(programme, &run->state, row->day, &run->postings, NULL) != REFUSAL_NONE)
		return false;
	for (int i = 0; i < row->check_count; i++) {
		char seen[CHECK_TEXT_SIZE];
		check_see(&row->checks[i], programme, &run->state, &run->outcome, seen);
		listen(context, run->scenario_case, row, &row->checks[i], seen,
			strcmp(seen, row->checks[i].wanted) == 0);
	}
	return true;
}

bool scenario_case_run(const struct scenario_case *scenario_case, check_listener *listen, void *context)
{
	struct run_of_case run = {.scenario_case = scenario_case};
	int capacity = 0;
	bool fits = true;
	ARRAY_RESERVE(run.accepted, capacity, scenario_case->row_count);
	state_init(&run.state, scenario_case->programme, true);
	postings_init(&run.postings);
	outcome_init(&run.outcome, scenario_case->programme);
	for (int i = 0; fits && i < scenario_case->row_count; i++) {
		const struct scenario_row *row = &scenario_case->rows[i];
		run.accepted[i] = false;
		fits = row->is_check ? check_row_run(&run, row, listen, context) : event_row_run(&run, i);
		state_saved(&run.state);
		postings_reset(&run.postings);
	}
	outcome_free(&run.outcome);
	postings_free(&run.postings);
	state_free(&run.state);
	free(run.accepted);
	return fits;
}
