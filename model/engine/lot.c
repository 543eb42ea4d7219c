// Lots and debt: credit, consumption, expiry, reversal, extension, exemption (FORMAT section 8).
#include "model/engine/lot.h"
#include <stdlib.h>
#include "model/engine/ladder.h"
#include "model/engine/original.h"

static int64_t balance_of(const struct run *run, int currency)
{
	const struct currency_state *c = &run->state->currencies[currency];
	return c->open - c->debt;
}

static struct entry *entry_add(
	struct run *run, const struct movement *movement, int64_t amount, int64_t balance)
{
	struct postings *postings = run->postings;
	ARRAY_RESERVE(postings->entries, postings->entry_capacity, postings->entry_count + 1);
	struct entry *entry = &postings->entries[postings->entry_count++];
	*entry = (struct entry){
		.kind = movement->kind,
		.currency = movement->currency,
		.source = movement->source,
		.amount = amount,
		.balance = balance,
		.day = run->state->day,
		.seq = run->seq,
		.of_seq = movement->of_seq,
		.tier = movement->tier,
		.factor = movement->factor,
		.multipliers = movement->multipliers,
	};
	return entry;
}

static day_t expiry_of_lot(const struct expiry *expiry, day_t day)
{
	switch (expiry->policy) {
	case EXPIRY_AFTER_MONTH_OF_EARN:
		return day_add_months(day_month_start(day), (int64_t)expiry->months + 1);
	case EXPIRY_EXACT_MONTHS:
		return day_add_months(day, expiry->months);
	case EXPIRY_FIXED_DATE:
		return day_anniversary(day, expiry->date, expiry->years);
	default:
		return DAY_NONE;
	}
}

static int64_t lot_add(struct run *run, const struct movement *movement, int64_t quantity)
{
	struct member_state *state = run->state;
	ARRAY_RESERVE(state->lots, state->lot_capacity, state->lot_count + 1);
	struct lot *lot = &state->lots[state->lot_count++];
	*lot = (struct lot){
		.currency = movement->currency,
		.source_rule = movement->kind == ENTRY_ACCRUED ? movement->source : -1,
		.serial = ++state->lot_serial,
		.seq = run->seq,
		.granted = quantity,
		.remaining = quantity,
		.earned = state->day,
		.expires = expiry_of_lot(&run->programme->currencies[movement->currency].expiry, state->day),
		.is_new = true,
		.is_changed = true,
	};
	return lot->serial;
}

void lot_credit(struct run *run, const struct movement *movement, int64_t quantity)
{
	struct currency_state *c = &run->state->currencies[movement->currency];
	const struct expiry *expiry = &run->programme->currencies[movement->currency].expiry;
	int64_t paid = quantity < c->debt ? quantity : c->debt;
	c->debt -= paid;
	run_add(run, &c->open, quantity - paid);
	struct entry *entry = entry_add(run, movement, quantity, balance_of(run, movement->currency));
	if (quantity > paid)
		entry->lot = lot_add(run, movement, quantity - paid);
	if (expiry->policy == EXPIRY_INACTIVITY && c->clock == DAY_NONE)
		c->clock = run->state->day;
}

static int key_compare(const void *left, const void *right)
{
	const struct lot_key *a = left, *b = right;
	if (a->expires != b->expires)
		return a->expires < b->expires ? -1 : 1;
	if (a->earned != b->earned)
		return a->earned < b->earned ? -1 : 1;
	return (a->serial > b->serial) - (a->serial < b->serial);
}

// Which lots may pay.
struct choice {
	int currency;
	day_t earned_before; // DAY_NONE: all
	bool by_seq;
	int64_t seq;
};

static bool lot_chosen(const struct lot *lot, const struct choice *choice)
{
	if (lot->currency != choice->currency || lot->remaining == 0)
		return false;
	if (choice->earned_before != DAY_NONE && lot->earned >= choice->earned_before)
		return false;
	return !choice->by_seq || lot->seq == choice->seq;
}

// The chosen lots, in the order of consumption, into the state's scratch.
static int lots_order(struct member_state *state, const struct choice *choice)
{
	struct scratch *scratch = state->scratch;
	int count = 0;
	ARRAY_RESERVE(scratch->keys, scratch->key_capacity, state->lot_count);
	for (int i = 0; i < state->lot_count; i++) {
		const struct lot *lot = &state->lots[i];
		if (!lot_chosen(lot, choice))
			continue;
		scratch->keys[count++] = (struct lot_key){
			.expires = lot->expires,
			.earned = lot->earned,
			.serial = lot->serial,
			.index = i,
		};
	}
	if (count > 1)
		qsort(scratch->keys, (size_t)count, sizeof *scratch->keys, key_compare);
	return count;
}

static void lot_use(struct run *run, struct lot *lot, int64_t amount)
{
	struct postings *postings = run->postings;
	lot->remaining -= amount;
	lot->is_changed = true;
	run->state->currencies[lot->currency].open -= amount;
	ARRAY_RESERVE(postings->lot_uses, postings->lot_use_capacity, postings->lot_use_count + 1);
	postings->lot_uses[postings->lot_use_count++] = (struct lot_use){
		.entry = postings->entry_count - 1,
		.lot = lot->serial,
		.lot_seq = lot->seq,
		.amount = amount,
	};
}

// Takes up to `quantity` from the chosen lots for the last entry; returns what they could not meet.
static int64_t lots_take(struct run *run, const struct choice *choice, int64_t quantity)
{
	if (quantity == 0)
		return 0;
	int count = lots_order(run->state, choice);
	for (int i = 0; i < count && quantity > 0; i++) {
		struct lot *lot = &run->state->lots[run->state->scratch->keys[i].index];
		int64_t amount = lot->remaining < quantity ? lot->remaining : quantity;
		lot_use(run, lot, amount);
		quantity -= amount;
	}
	return quantity;
}

int lot_consume(struct run *run, const struct movement *movement, int64_t quantity, day_t earned_before)
{
	struct currency_state *c = &run->state->currencies[movement->currency];
	int64_t balance = balance_of(run, movement->currency);
	run_add(run, &balance, -quantity);
	entry_add(run, movement, -quantity, balance);
	struct choice choice = {.currency = movement->currency, .earned_before = earned_before};
	run_add(run, &c->debt, lots_take(run, &choice, quantity));
	return run->postings->entry_count - 1;
}

int64_t lot_sum(const struct member_state *state, int currency, day_t earned_before)
{
	struct choice choice = {.currency = currency, .earned_before = earned_before};
	int64_t sum = 0;
	for (int i = 0; i < state->lot_count; i++)
		if (lot_chosen(&state->lots[i], &choice))
			sum += state->lots[i].remaining;
	return sum;
}

// What the reversal's own entry took too much is given back by an entry beside it.
static void give_back(
	struct run *run, const struct movement *reversal, enum entry_kind kind, int64_t quantity)
{
	struct movement movement = *reversal;
	int64_t balance = run->postings->entries[run->postings->entry_count - 1].balance + quantity;
	if (quantity == 0)
		return;
	movement.kind = kind;
	movement.tier = -1;
	movement.factor = 0;
	movement.multipliers = 0;
	entry_add(run, &movement, quantity, balance);
}

void lot_reverse(
	struct run *run, const struct movement *movement, int64_t quantity, struct kept_original *original)
{
	struct currency_state *c = &run->state->currencies[movement->currency];
	struct choice own = {
		.currency = movement->currency,
		.earned_before = DAY_NONE,
		.by_seq = true,
		.seq = original->seq,
	};
	struct choice others = {.currency = movement->currency, .earned_before = DAY_NONE};
	int64_t balance = balance_of(run, movement->currency);
	run_add(run, &balance, -quantity);
	entry_add(run, movement, -quantity, balance);
	int64_t open = lots_take(run, &own, quantity);
	int64_t *expired = &original->expired[movement->currency];
	int64_t dropped = open < *expired ? open : *expired;
	*expired -= dropped;
	int64_t unmet = lots_take(run, &others, open - dropped);
	bool becomes_debt = run->programme->currencies[movement->currency].negative;
	if (becomes_debt)
		run_add(run, &c->debt, unmet);
	give_back(run, movement, ENTRY_UNEXPIRED, dropped);
	give_back(run, movement, ENTRY_WRITTEN_OFF, becomes_debt ? 0 : unmet);
}

void lot_expire(struct run *run, int currency, day_t day)
{
	struct member_state *state = run->state;
	struct movement movement = {.kind = ENTRY_EXPIRED, .currency = currency, .source = -1, .tier = -1};
	int64_t sum = 0;
	for (int i = 0; i < state->lot_count; i++)
		if (state->lots[i].currency == currency && state->lots[i].expires <= day)
			sum += state->lots[i].remaining;
	if (sum == 0)
		return;
	run_add(run, &state->currencies[currency].expired, sum);
	entry_add(run, &movement, -sum, balance_of(run, currency) - sum);
	for (int i = 0; i < state->lot_count; i++) {
		struct lot *lot = &state->lots[i];
		if (lot->currency != currency || lot->remaining == 0 || lot->expires > day)
			continue;
		struct kept_original *original = original_find(state, lot->seq);
		if (original != NULL)
			original->expired[currency] += lot->remaining;
		lot_use(run, lot, lot->remaining);
	}
}

void lot_extend(struct run *run, int currency)
{
	struct member_state *state = run->state;
	int months = run->programme->currencies[currency].expiry.extend.months;
	day_t last = day_add_months(day_month_start(state->day), 1);
	for (int i = 0; i < state->lot_count; i++) {
		struct lot *lot = &state->lots[i];
		if (lot->currency != currency || lot->remaining == 0 || lot->expires > last)
			continue;
		lot->expires = day_add_months(lot->expires, months);
		lot->is_changed = true;
	}
}

static void lots_date(struct run *run, int currency, bool exempt)
{
	struct member_state *state = run->state;
	const struct expiry *expiry = &run->programme->currencies[currency].expiry;
	for (int i = 0; i < state->lot_count; i++) {
		struct lot *lot = &state->lots[i];
		if (lot->currency != currency || lot->remaining == 0 || (lot->expires == DAY_NONE) == exempt)
			continue;
		lot->expires = exempt ? DAY_NONE : expiry_of_lot(expiry, state->day);
		lot->is_changed = true;
	}
}

void lot_exempt(struct run *run)
{
	for (int i = 0; i < run->programme->currency_count; i++) {
		const struct expiry *expiry = &run->programme->currencies[i].expiry;
		if (expiry->unless_tier != NULL)
			lots_date(run, i,
				expiry->unless_tier[ladder_in_force(run->state, expiry->ladder).tier]);
	}
}
