// Where a member stands: points and when they expire, tier, what is missing to the next, and the rewards that
// the points buy.
#include "model/member/standing_view.h"

#include "model/engine/engine.h"
#include "model/posting/member_run.h"
#include <stdlib.h>
#include <string.h>

// Columns of loyalty.member_standing(), of which each kind of row has its own.
enum { PART, NUMBER, SEQ, GRANTED, REMAINING, DAY, EXPIRES, CURRENCY, MEMORY };

void standing_ask(struct ask *ask, int64_t member_id)
{
	ask_init(ask, "SELECT part, number, seq, granted, remaining, day, expires_on, currency_id, memory "
		      "FROM loyalty.member_standing($1)");
	ask_number(ask, member_id);
}

static int hex_digit(char digit)
{
	const char *digits = "0123456789abcdef", *at = digit ? strchr(digits, digit) : NULL;
	return at ? (int)(at - digits) : 0;
}

static bool memory_read(struct member_run *run, int version_no, const char *hex)
{
	size_t length = strlen(hex) / 2;
	uint8_t *memory = malloc(length + 1);
	if (!memory)
		return false;
	for (size_t i = 0; i < length; i++)
		memory[i] = (uint8_t)(hex_digit(hex[2 * i]) << 4 | hex_digit(hex[2 * i + 1]));
	bool is_good = member_run_remember(run, version_no, memory, length);
	free(memory);
	return is_good;
}

static void lot_read(const struct result *result, int row, int currency, struct member_state *state)
{
	struct lot lot = {.serial = result_int64(result, row, NUMBER),
		.seq = result_int64(result, row, SEQ),
		.granted = result_int64(result, row, GRANTED),
		.remaining = result_int64(result, row, REMAINING),
		.earned = result_day(result, row, DAY),
		.expires = result_day(result, row, EXPIRES),
		.currency = currency,
		.source_rule = -1};
	state_add_lot(state, &lot);
}

// Open lots and debts: all rows behind the first.
static void lots_read(
	const struct rulebook_version *version, const struct result *result, struct member_state *state)
{
	for (int row = 1; row < result_rows(result); row++) {
		int currency = rulebook_currency(version, (int)result_int64(result, row, CURRENCY));
		if (currency >= 0 && *result_text(result, row, PART) == 'l')
			lot_read(result, row, currency, state);
		else if (currency >= 0)
			state_set_debt(state, currency, result_int64(result, row, REMAINING));
	}
}

static struct standing_points points_view(
	const struct rulebook_version *version, const struct member_state *state, int currency)
{
	const struct programme *programme = version->programme;
	struct next_expiry next = standing_next_expiry(programme, state, currency);
	return (struct standing_points){.code = programme->currencies[currency].code,
		.name = programme->currencies[currency].name,
		.currency_id = version->currencies[currency],
		.decimals = programme->currencies[currency].decimals,
		.points = standing_balance(state, currency),
		.expires_on = next.day,
		.expires = next.quantity};
}

static int percent_of(int64_t part, int64_t whole)
{
	if (whole <= 0 || part >= whole)
		return 100;
	return part <= 0 ? 0 : (int)((wide_t)part * 100 / whole);
}

static struct standing_status status_view(
	const struct rulebook_version *version, const struct member_state *state, int index)
{
	const struct programme *programme = version->programme;
	const struct ladder *ladder = &programme->ladders[index];
	struct tier_in_force held = standing_tier(programme, state, index);
	struct next_tier next = standing_next_tier(programme, state, index);
	struct standing_status status = {.code = ladder->code,
		.name = ladder->name,
		.tier = ladder->tiers[held.tier].code,
		.tier_name = ladder->tiers[held.tier].name,
		.tier_id = version->tiers[index][held.tier],
		.until = held.until,
		.metric = standing_metric(programme, state, index),
		.is_money = ladder->metric == METRIC_SPEND,
		.percent = 100};
	if (next.tier >= 0) {
		status.next_tier = ladder->tiers[next.tier].code;
		status.next_tier_name = ladder->tiers[next.tier].name;
		status.next_at = next.at;
		status.missing = next.missing;
		status.percent = percent_of(next.at - next.missing, next.at);
	}
	return status;
}

static void rewards_view(struct standing_view *view, const struct rulebook_version *version,
	const struct member_state *state)
{
	const struct programme *programme = version->programme;
	for (int i = 0; i < programme->reward_count; i++) {
		const struct reward *rules = &programme->rewards[i];
		int64_t cost = standing_reward_cost(programme, state, i);
		if (cost < 0)
			continue;
		view->rewards[view->reward_count++] = (struct standing_reward){.code = rules->code,
			.currency_id = version->currencies[rules->currency],
			.decimals = programme->currencies[rules->currency].decimals,
			.cost = cost,
			.most = standing_reward_most(programme, state, i),
			.least = rules->min_per_txn > 0 ? rules->min_per_txn : 1,
			.gives = rules->gives,
			.into_id = rules->into >= 0 ? version->currencies[rules->into] : 0,
			.min_basket = rules->min_basket,
			.rules = rules,
			.is_offered = reward_is_offered(rules, state->day)};
	}
}

static struct standing_segment segment_view(
	const struct programme *programme, const struct member_state *state, int index)
{
	const struct segment *segment = &programme->segments[index];
	return (struct standing_segment){.code = segment->code,
		.name = segment->name,
		.months = segment->months,
		.days = segment->days,
		.is_verified = standing_verified(state, index),
		.until = state->segments[index].until};
}

static void plans_view(
	struct standing_view *view, const struct programme *programme, const struct member_state *state)
{
	for (int i = 0; i < programme->plan_count; i++) {
		struct next_charge next = standing_next_charge(programme, state, i);
		if (!standing_plan_active(state, i))
			continue;
		view->plans[view->plan_count++] = (struct standing_plan){.code = programme->plans[i].code,
			.name = programme->plans[i].name,
			.until = state->plans[i].until,
			.charged_on = next.day,
			.next_minor = next.amount_minor};
	}
}

static bool view_fill(
	struct standing_view *view, const struct rulebook_version *version, const struct member_state *state)
{
	const struct programme *programme = version->programme;
	view->points = calloc((size_t)programme->currency_count + 1, sizeof *view->points);
	view->statuses = calloc((size_t)programme->ladder_count + 1, sizeof *view->statuses);
	view->rewards = calloc((size_t)programme->reward_count + 1, sizeof *view->rewards);
	view->segments = calloc((size_t)programme->segment_count + 1, sizeof *view->segments);
	view->plans = calloc((size_t)programme->plan_count + 1, sizeof *view->plans);
	if (!view->points || !view->statuses || !view->rewards || !view->segments || !view->plans)
		return false;
	view->is_enrolled = state->enrolled;
	view->day = state->day;
	for (; view->points_count < programme->currency_count; view->points_count++)
		view->points[view->points_count] = points_view(version, state, view->points_count);
	for (; view->status_count < programme->ladder_count; view->status_count++)
		view->statuses[view->status_count] = status_view(version, state, view->status_count);
	rewards_view(view, version, state);
	plans_view(view, programme, state);
	for (; view->segment_count < programme->segment_count; view->segment_count++)
		view->segments[view->segment_count] = segment_view(programme, state, view->segment_count);
	return true;
}

bool standing_remember(
	struct member_run *run, const struct result *result, bool *is_known, struct error *error)
{
	int version_no = result_rows(result) > 0 ? (int)result_int64(result, 0, NUMBER) : 0;
	*is_known = version_no != 0;
	if (!*is_known)
		return true;
	if (rulebook_version(run->rulebook, version_no) < 0)
		return error_set(error, ERROR_FAILED, "the standing cannot be read",
			"read the programme again",
			"it was written under version %d, which is not known here", version_no);
	member_run_begin(run, false);
	if (!memory_read(run, version_no, result_text(result, 0, MEMORY)))
		return error_set(error, ERROR_FAILED, "the standing cannot be read",
			"loyalty verify tells more", "what the engine remembers of the member is damaged");
	lots_read(member_run_version(run), result, member_run_state(run));
	return true;
}

// On to today, as a worker will post it or has posted it: rolling figures change with every day, and a member
// whose day has come may have to wait for a worker. A day that cannot be opened leaves the figures before it.
static void today_reach(struct standing_view *view, struct member_run *run, day_t today)
{
	const struct member_state *state = member_run_state(run);
	if (!state->enrolled || today <= state->day)
		return;
	view->is_unposted = member_run_next_due(run) <= today;
	member_run_advance(run, today, NULL);
}

static bool view_read(struct standing_view *view, struct member_run *run, const struct result *result,
	struct error *error)
{
	bool is_known;
	if (!standing_remember(run, result, &is_known, error))
		return false;
	if (!is_known)
		return true;
	today_reach(view, run, result_day(result, 0, DAY));
	if (view_fill(view, member_run_version(run), member_run_state(run)))
		return true;
	standing_view_free(view);
	return error_set(error, ERROR_FAILED, "the standing cannot be read", "", "out of memory");
}

bool standing_take(struct standing_view *view, const struct rulebook *rulebook, const struct result *result,
	struct error *error)
{
	struct member_run run;
	*view = (struct standing_view){.day = DAY_NONE};
	member_run_init(&run, rulebook);
	bool is_good = view_read(view, &run, result, error);
	member_run_free(&run);
	return is_good;
}

void standing_view_free(struct standing_view *view)
{
	free(view->points);
	free(view->statuses);
	free(view->rewards);
	free(view->segments);
	free(view->plans);
	*view = (struct standing_view){.day = DAY_NONE};
}
