// One member's way through the engine, from version to version of the programme, and the rows it leaves.
#include "model/posting/member_run.h"

#include "model/engine/original.h"
#include "model/engine/past.h"
#include <stdlib.h>
#include <string.h>

void member_run_init(struct member_run *run, const struct rulebook *rulebook)
{
	void *states = NULL;
	int capacity = 0;
	array_reserve(&states, &capacity, rulebook->count, sizeof *run->states);
	*run = (struct member_run){.rulebook = rulebook, .states = states, .version = -1};
	for (int i = 0; i < rulebook->count; i++)
		state_init(&run->states[i], rulebook->versions[i].programme, false);
	postings_init(&run->postings);
	posting_rows_init(&run->rows);
}

void member_run_free(struct member_run *run)
{
	for (int i = 0; run->states && i < run->rulebook->count; i++)
		state_free(&run->states[i]);
	free(run->states);
	postings_free(&run->postings);
	posting_rows_free(&run->rows);
	bytes_free(&run->memory);
	*run = (struct member_run){0};
}

void member_run_begin(struct member_run *run, bool keeps_originals)
{
	if (run->version >= 0)
		state_reset(&run->states[run->version]);
	if (run->is_forked)
		state_reset(&run->states[run->version - 1]);
	run->is_forked = false;
	run->version = -1;
	run->keeps_originals = keeps_originals;
	postings_reset(&run->postings);
	posting_rows_begin(&run->rows, 0, 0, 0);
}

static void version_use(struct member_run *run, int version)
{
	run->version = version;
	run->states[version].keep_originals = run->keeps_originals;
}

bool member_run_remember(struct member_run *run, int version_no, const void *memory, size_t length)
{
	int version = rulebook_version(run->rulebook, version_no);
	if (version < 0)
		return false;
	version_use(run, version);
	return memory_decode(
		run->rulebook->versions[version].programme, memory, length, &run->states[version]);
}

struct member_state *member_run_state(struct member_run *run)
{
	return run->version < 0 ? NULL : &run->states[run->version];
}

const struct rulebook_version *member_run_version(const struct member_run *run)
{
	return run->version < 0 ? NULL : &run->rulebook->versions[run->version];
}

static void rows_take(struct member_run *run, const struct rulebook_version *then, int giver)
{
	posting_rows_add(&run->rows, &run->rulebook->versions[run->version], then, &run->postings, giver);
	postings_reset(&run->postings);
}

static void lots_carry(struct member_run *run, const struct member_state *from, struct member_state *to)
{
	const struct rulebook_version *old = &run->rulebook->versions[run->version];
	for (int i = 0; i < from->lot_count; i++) {
		struct lot lot = from->lots[i];
		lot.currency =
			programme_currency(to->programme, old->programme->currencies[lot.currency].code);
		lot.source_rule = -1;
		if (lot.currency >= 0)
			state_add_lot(to, &lot);
		else
			posting_rows_leave(&run->rows, old, &from->lots[i]);
	}
	for (int i = 0; i < old->programme->currency_count; i++) {
		int currency = programme_currency(to->programme, old->programme->currencies[i].code);
		if (from->currencies[i].debt && currency >= 0)
			state_set_debt(to, currency, from->currencies[i].debt);
	}
}

static int tier_carry(
	const struct programme *old, const struct earn_rule *rule, const struct programme *new, int tier)
{
	const struct ladder *ladder = &old->ladders[rule->award.ladder];
	int there = programme_ladder(new, ladder->code);
	return there < 0 ? -1 : programme_tier(&new->ladders[there], ladder->tiers[tier].code);
}

// The rule of the same id in another programme, if it still gives the same currency; -1.
static int rule_carry(const struct programme *old, int rule, const struct programme *new)
{
	int there = programme_earn_rule(new, old->earn[rule].id);
	const char *was = old->currencies[old->earn[rule].award.currency].code;
	return there >= 0 && strcmp(new->currencies[new->earn[there].award.currency].code, was) == 0 ? there
												     : -1;
}

// Awards of rules that are no more cannot be rated again: they stay with the member.
static void original_carry(
	const struct programme *old, const struct kept_original *kept, struct member_state *to)
{
	struct arena arena = {0};
	struct standing_award *awards = arena_alloc(&arena, (size_t)(kept->award_count + 1) * sizeof *awards);
	struct expired_quantity *expired =
		arena_alloc(&arena, (size_t)(old->currency_count + 1) * sizeof *expired);
	struct original original = {.seq = kept->seq,
		.day = kept->day,
		.type = kept->type,
		.lines = kept->lines,
		.line_count = kept->line_count,
		.awards = awards,
		.expired = expired};
	for (int i = 0; i < kept->award_count; i++) {
		struct standing_award award = kept->awards[i];
		award.rule = rule_carry(old, award.rule, to->programme);
		if (award.rule < 0)
			continue;
		if (award.tier >= 0)
			award.tier =
				tier_carry(old, &old->earn[kept->awards[i].rule], to->programme, award.tier);
		awards[original.award_count++] = award;
	}
	for (int i = 0; i < old->currency_count; i++) {
		int currency = programme_currency(to->programme, old->currencies[i].code);
		if (kept->expired[i] && currency >= 0)
			expired[original.expired_count++] =
				(struct expired_quantity){.currency = currency, .quantity = kept->expired[i]};
	}
	state_add_original(to, &original);
	arena_free(&arena);
}

// The payment's indexes as the new version has them. Points of a currency that is no more cannot go back.
static void payment_carry(const struct programme *old, const struct payment *kept, struct member_state *to)
{
	const struct programme *new = to->programme;
	struct arena arena = {0};
	struct payment payment = *kept;
	struct lot_share *lots = arena_alloc(&arena, (size_t)(kept->lot_count + 1) * sizeof *lots);
	payment.lots = lots;
	payment.currency =
		kept->currency < 0 ? -1 : programme_currency(new, old->currencies[kept->currency].code);
	for (int i = 0; i < kept->lot_count; i++) {
		lots[i] = kept->lots[i];
		lots[i].lot.currency = payment.currency;
	}
	payment.gave_currency = kept->gave_currency < 0
					? -1
					: programme_currency(new, old->currencies[kept->gave_currency].code);
	if (payment.currency < 0)
		payment.cost = payment.lot_count = 0;
	payment.reward = kept->reward < 0 ? -1 : programme_reward(new, old->rewards[kept->reward].code);
	payment.source = -1;
	for (int i = 0; kept->source >= 0 && kept->route == ISSUED_AUTO && i < new->auto_count; i++)
		if (strcmp(new->autos[i].id, old->autos[kept->source].id) == 0)
			payment.source = i;
	for (int i = 0; kept->source >= 0 && kept->route == ISSUED_PAID_OUT && i < new->payout_count; i++)
		if (strcmp(new->payouts[i].id, old->payouts[kept->source].id) == 0)
			payment.source = i;
	state_add_payment(to, &payment);
	arena_free(&arena);
}

// The same standing, read by the rules of the next version.
static bool standing_carry(struct member_run *run)
{
	const struct programme *old = run->rulebook->versions[run->version].programme;
	struct member_state *from = &run->states[run->version], *to = from + 1;
	if (!memory_encode(old, from, &run->memory) ||
		!memory_decode(to->programme, run->memory.data, run->memory.length, to))
		return false;
	lots_carry(run, from, to);
	for (int i = 0; i < from->originals->count; i++)
		original_carry(old, &from->originals->kept[i], to);
	for (int i = 0; i < from->originals->payments.count; i++)
		payment_carry(old, &from->originals->payments.kept[i], to);
	return true;
}

// Approval refuses a version without a segment that somebody is in; whoever was verified after that is so no
// more.
static void segments_leave(struct member_run *run)
{
	const struct rulebook_version *next = &run->rulebook->versions[run->version + 1];
	const struct member_state *from = &run->states[run->version];
	for (int i = 0; i < from->programme->segment_count; i++)
		if (from->segments[i].seq != 0 &&
			programme_segment(next->programme, from->programme->segments[i].code) < 0)
			posting_rows_leave_segment(
				&run->rows, from->segments[i].seq, next->effective_from);
}

// On to the next version.
static bool version_cross(struct member_run *run)
{
	if (!standing_carry(run))
		return false;
	segments_leave(run);
	past_move(&run->states[run->version], &run->states[run->version + 1]);
	state_reset(&run->states[run->version]);
	version_use(run, run->version + 1);
	return true;
}

// Points the next version has no currency for. Approval refuses such a version while anybody holds or earns
// them by rules (programme_version_check()); who is given some by hand after that keeps to the old rules
// until they are gone, so that no point is ever lost.
static bool is_held_back(const struct member_run *run)
{
	const struct programme *old = run->rulebook->versions[run->version].programme,
			       *next = run->rulebook->versions[run->version + 1].programme;
	const struct member_state *state = &run->states[run->version];
	for (int i = 0; i < state->lot_count; i++)
		if (state->lots[i].remaining > 0 &&
			programme_currency(next, old->currencies[state->lots[i].currency].code) < 0)
			return true;
	for (int i = 0; i < old->currency_count; i++)
		if (state->currencies[i].debt && programme_currency(next, old->currencies[i].code) < 0)
			return true;
	return false;
}

// Crosses to the version in force on that day.
static enum refusal versions_pass(struct member_run *run, day_t day, struct trace *trace)
{
	int wanted = rulebook_at(run->rulebook, day);
	if (run->version < 0)
		version_use(run, wanted);
	while (run->version < wanted) {
		const struct rulebook_version *next = &run->rulebook->versions[run->version + 1];
		enum refusal refusal = engine_advance(run->rulebook->versions[run->version].programme,
			member_run_state(run), next->effective_from - 1, &run->postings, trace);
		rows_take(run, next - 1, false);
		if (refusal == REFUSAL_NONE && is_held_back(run))
			return REFUSAL_NONE;
		if (refusal != REFUSAL_NONE || !version_cross(run))
			return REFUSAL_OVERFLOW;
		if (next->effective_from <= member_run_state(run)->day)
			continue;
		refusal = engine_open(
			next->programme, member_run_state(run), next->effective_from, &run->postings, trace);
		rows_take(run, next, false);
		if (refusal != REFUSAL_NONE)
			return refusal;
	}
	return REFUSAL_NONE;
}

// The version that rates an event: that in force when it happened, never one the member has not come to yet.
static const struct rulebook_version *version_then(const struct member_run *run, const struct event *event)
{
	int then = rulebook_at(run->rulebook, event_activity_day(event));
	return &run->rulebook->versions[then < run->version ? then : run->version];
}

enum refusal member_run_apply(
	struct member_run *run, const struct event *event, int giver, struct trace *trace)
{
	enum refusal refusal = versions_pass(run, event->day, trace);
	if (refusal != REFUSAL_NONE)
		return refusal;
	const struct rulebook_version *then = version_then(run, event);
	refusal = engine_apply_late(run->rulebook->versions[run->version].programme, then->programme,
		member_run_state(run), event, &run->postings, trace);
	rows_take(run, then, giver);
	return refusal;
}

enum refusal member_run_advance(struct member_run *run, day_t day, struct trace *trace)
{
	enum refusal refusal = versions_pass(run, day, trace);
	if (refusal != REFUSAL_NONE)
		return refusal;
	refusal = engine_advance(run->rulebook->versions[run->version].programme, member_run_state(run), day,
		&run->postings, trace);
	rows_take(run, &run->rulebook->versions[run->version], ACCOUNT_ADJUSTED);
	return refusal;
}

enum refusal member_run_replay(struct member_run *run, const struct journal_event *event)
{
	enum refusal refusal = REFUSAL_NONE;
	if (event->processed_on != DAY_NONE)
		refusal = member_run_advance(run, event->processed_on, NULL);
	return refusal == REFUSAL_NONE ? member_run_apply(run, &event->event, event->giver, NULL)
				       : refusal;
}

enum refusal member_run_fork(struct member_run *run, const struct member_state **without)
{
	int newest = run->rulebook->count - 1;
	const struct rulebook_version *version = &run->rulebook->versions[newest];
	enum refusal refusal = member_run_advance(run, version->effective_from - 1, NULL);
	struct member_state *old = member_run_state(run);
	*without = old;
	if (refusal == REFUSAL_NONE && run->version == newest - 1 && !is_held_back(run)) {
		if (!standing_carry(run))
			return REFUSAL_OVERFLOW;
		run->is_forked = true;
		version_use(run, newest);
		refusal = engine_open(version->programme, member_run_state(run), version->effective_from,
			&run->postings, NULL);
		rows_take(run, version, false);
	}
	if (refusal == REFUSAL_NONE) {
		refusal = engine_advance(old->programme, old, version->effective_from, &run->postings, NULL);
		postings_reset(&run->postings);
	}
	return refusal;
}

day_t member_run_next_due(const struct member_run *run)
{
	if (run->version < 0)
		return DAY_NONE;
	const struct member_state *state = &run->states[run->version];
	const struct rulebook_version *version = &run->rulebook->versions[run->version];
	day_t due = engine_next_due(version->programme, state);
	bool has_next = state->enrolled && run->version + 1 < run->rulebook->count;
	if (has_next && version[1].effective_from > state->day && version[1].effective_from < due)
		due = version[1].effective_from;
	return due;
}
