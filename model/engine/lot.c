// Lots and debt: credit, consumption, expiry, reversal, extension, exemption (FORMAT section 8).
#include "model/engine/lot.h"
#include <stdlib.h>
#include "model/engine/ladder.h"
#include "model/engine/late.h"
#include "model/engine/lot_queue.h"
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
		.is_late = run->is_late && movement->kind == ENTRY_ACCRUED,
	};
	return entry;
}

day_t lot_expiry(const struct expiry *expiry, day_t day)
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

static int64_t lot_add(struct run *run, const struct movement *movement, const struct event_lot *credit)
{
	struct member_state *state = run->state;
	ARRAY_RESERVE(state->lots, state->lot_capacity, state->lot_count + 1);
	struct lot *lot = &state->lots[state->lot_count++];
	*lot = (struct lot){
		.currency = movement->currency,
		.source_rule = movement->kind == ENTRY_ACCRUED && !run->is_late ? movement->source : -1,
		.serial = ++state->lot_serial,
		.seq = run->seq,
		.granted = credit->amount,
		.remaining = credit->amount,
		.earned = credit->earned,
		.expires = credit->expires,
		.is_new = true,
	};
	lot_touch(state, lot);
	lot_queue_add(state, state->lot_count - 1);
	return lot->serial;
}

void lot_receive(
	struct run *run, const struct movement *movement, const struct event_lot *sent, day_t clock)
{
	struct currency_state *c = &run->state->currencies[movement->currency];
	int64_t paid = sent->amount < c->debt ? sent->amount : c->debt;
	struct event_lot left = *sent;
	left.amount -= paid;
	c->debt -= paid;
	run_add(run, &c->open, left.amount);
	struct entry *entry = entry_add(run, movement, sent->amount, balance_of(run, movement->currency));
	if (left.amount > 0)
		entry->lot = lot_add(run, movement, &left);
	if (run->programme->currencies[movement->currency].expiry.policy == EXPIRY_INACTIVITY &&
		c->clock == DAY_NONE)
		c->clock = clock;
}

void lot_credit(struct run *run, const struct movement *movement, int64_t quantity)
{
	const struct expiry *expiry = &run->programme->currencies[movement->currency].expiry;
	const struct event_lot credit = {
		.amount = quantity,
		.earned = run_rated_on(run),
		.expires = run->is_late ? late_expiry(run, movement->currency)
					: lot_expiry(expiry, run->state->day),
	};
	lot_receive(run, movement, &credit, run_rated_on(run));
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

static bool is_too_young(const struct lot *lot, day_t earned_before)
{
	return earned_before != DAY_NONE && lot->earned >= earned_before;
}

// Where the lot with that serial, or the next there is, stands in state->lots.
static int lot_find(const struct member_state *state, int64_t serial)
{
	int from = 0, to = state->lot_count;
	while (from < to) {
		int middle = from + (to - from) / 2;
		if (state->lots[middle].serial < serial)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

// The open lots that the event credited, in the order of consumption, into the state's scratch.
static int own_lots_order(struct member_state *state, int currency, const struct kept_original *original)
{
	struct scratch *scratch = state->scratch;
	int count = 0;
	for (int i = lot_find(state, original->first_lot); i < state->lot_count; i++) {
		const struct lot *lot = &state->lots[i];
		if (lot->serial > original->last_lot)
			break;
		if (lot->currency != currency || lot->remaining == 0 || lot->seq != original->seq)
			continue;
		ARRAY_RESERVE(scratch->keys, scratch->key_capacity, count + 1);
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
	lot_touch(run->state, lot);
	run->state->currencies[lot->currency].open -= amount;
	ARRAY_RESERVE(postings->lot_uses, postings->lot_use_capacity, postings->lot_use_count + 1);
	postings->lot_uses[postings->lot_use_count++] = (struct lot_use){
		.entry = postings->entry_count - 1,
		.lot = lot->serial,
		.lot_seq = lot->seq,
		.amount = amount,
	};
}

// Takes up to `quantity` from lots earned before that day for the last entry; returns what they could not
// meet.
static int64_t lots_take(struct run *run, int currency, day_t earned_before, int64_t quantity)
{
	struct lot *lot;
	for (int place = 0; quantity > 0 && (lot = lot_queue_at(run->state, currency, place)) != NULL;
		place++) {
		if (lot->remaining == 0 || is_too_young(lot, earned_before))
			continue;
		int64_t amount = lot->remaining < quantity ? lot->remaining : quantity;
		lot_use(run, lot, amount);
		quantity -= amount;
	}
	lot_queue_trim(run->state, currency);
	return quantity;
}

// The same from those that the original credited.
static int64_t own_lots_take(
	struct run *run, int currency, const struct kept_original *original, int64_t quantity)
{
	int count = own_lots_order(run->state, currency, original);
	for (int i = 0; i < count && quantity > 0; i++) {
		struct lot *lot = &run->state->lots[run->state->scratch->keys[i].index];
		int64_t amount = lot->remaining < quantity ? lot->remaining : quantity;
		lot_use(run, lot, amount);
		quantity -= amount;
	}
	lot_queue_trim(run->state, currency);
	return quantity;
}

int lot_consume(struct run *run, const struct movement *movement, int64_t quantity, day_t earned_before)
{
	struct currency_state *c = &run->state->currencies[movement->currency];
	int64_t balance = balance_of(run, movement->currency);
	run_add(run, &balance, -quantity);
	entry_add(run, movement, -quantity, balance);
	run_add(run, &c->debt, lots_take(run, movement->currency, earned_before, quantity));
	return run->postings->entry_count - 1;
}

// The same from those that this event credited; of an event 0 there are none.
static int64_t lots_take_of(struct run *run, int currency, int64_t seq, int64_t quantity)
{
	struct member_state *state = run->state;
	for (int i = 0; seq != 0 && quantity > 0 && i < state->lot_count; i++) {
		struct lot *lot = &state->lots[i];
		if (lot->seq != seq || lot->currency != currency || lot->remaining == 0)
			continue;
		int64_t amount = lot->remaining < quantity ? lot->remaining : quantity;
		lot_use(run, lot, amount);
		quantity -= amount;
	}
	lot_queue_trim(state, currency);
	return quantity;
}

void lot_consume_of(struct run *run, const struct movement *movement, int64_t quantity, int64_t seq)
{
	struct currency_state *c = &run->state->currencies[movement->currency];
	int64_t balance = balance_of(run, movement->currency);
	run_add(run, &balance, -quantity);
	entry_add(run, movement, -quantity, balance);
	quantity = lots_take_of(run, movement->currency, seq, quantity);
	run_add(run, &c->debt, lots_take(run, movement->currency, DAY_NONE, quantity));
}

int64_t lot_sum_of(const struct member_state *state, int currency, int64_t seq)
{
	int64_t sum = 0;
	for (int i = 0; i < state->lot_count; i++)
		if (state->lots[i].seq == seq && state->lots[i].currency == currency)
			sum += state->lots[i].remaining;
	return sum;
}

int64_t lot_sum(const struct member_state *state, int currency, day_t earned_before)
{
	const struct lot *lot;
	int64_t sum = 0;
	for (int place = 0; (lot = lot_queue_at(state, currency, place)) != NULL; place++)
		if (!is_too_young(lot, earned_before))
			sum += lot->remaining;
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

// What a merged member owes goes on to where it may not stay.
static bool may_owe(const struct run *run, int currency)
{
	return run->programme->currencies[currency].negative || run->state->merged_into != 0;
}

void lot_reverse(
	struct run *run, const struct movement *movement, int64_t quantity, struct kept_original *original)
{
	struct currency_state *c = &run->state->currencies[movement->currency];
	int64_t balance = balance_of(run, movement->currency);
	run_add(run, &balance, -quantity);
	entry_add(run, movement, -quantity, balance);
	int64_t open = own_lots_take(run, movement->currency, original, quantity);
	int64_t *expired = &original->expired[movement->currency];
	int64_t dropped = open < *expired ? open : *expired;
	*expired -= dropped;
	int64_t unmet = lots_take(run, movement->currency, DAY_NONE, open - dropped);
	bool becomes_debt = may_owe(run, movement->currency);
	if (becomes_debt)
		run_add(run, &c->debt, unmet);
	give_back(run, movement, ENTRY_UNEXPIRED, dropped);
	give_back(run, movement, ENTRY_WRITTEN_OFF, becomes_debt ? 0 : unmet);
}

void lot_take_back(struct run *run, const struct movement *movement, int64_t quantity, int64_t seq)
{
	struct currency_state *c = &run->state->currencies[movement->currency];
	int64_t balance = balance_of(run, movement->currency);
	run_add(run, &balance, -quantity);
	entry_add(run, movement, -quantity, balance);
	quantity = lots_take_of(run, movement->currency, seq, quantity);
	int64_t unmet = lots_take(run, movement->currency, DAY_NONE, quantity);
	if (may_owe(run, movement->currency))
		run_add(run, &c->debt, unmet);
	else
		give_back(run, movement, ENTRY_WRITTEN_OFF, unmet);
}

struct lot *lot_known(const struct member_state *state, int64_t serial)
{
	int at = lot_find(state, serial);
	return at < state->lot_count && state->lots[at].serial == serial ? &state->lots[at] : NULL;
}

static void share_return(struct run *run, const struct lot_share *share, int64_t amount)
{
	struct lot *lot = lot_known(run->state, share->lot.serial);
	if (lot == NULL)
		lot = lots_insert(run->state, &share->lot);
	lot_use(run, lot, -amount);
	lot_queue_return(run->state, lot);
}

void lot_give_back(
	struct run *run, const struct movement *movement, const struct payment *payment, int64_t reward_no)
{
	struct currency_state *c = &run->state->currencies[movement->currency];
	int64_t balance = balance_of(run, movement->currency);
	int64_t paid = payment->cost < c->debt ? payment->cost : c->debt;
	int64_t from = (reward_no - payment->serial) * payment->cost, to = from + payment->cost, before = 0;
	run_add(run, &balance, payment->cost);
	entry_add(run, movement, payment->cost, balance);
	c->debt -= paid;
	from += paid;
	for (int i = 0; i < payment->lot_count; before += payment->lots[i++].amount) {
		int64_t end = before + payment->lots[i].amount;
		int64_t amount = (end < to ? end : to) - (before > from ? before : from);
		if (amount > 0)
			share_return(run, &payment->lots[i], amount);
	}
	if (run->programme->currencies[movement->currency].expiry.policy == EXPIRY_INACTIVITY &&
		c->clock == DAY_NONE)
		c->clock = run->state->day;
}

// How much expires by that day: the queue's lots up to the first that lives on; seq not 0: of those that
// event credited.
static int64_t expiring_sum(const struct member_state *state, int currency, day_t day, int64_t seq)
{
	const struct lot *lot;
	int64_t sum = 0;
	for (int place = 0; (lot = lot_queue_at(state, currency, place)) != NULL && lot->expires <= day;
		place++)
		if (seq == 0 || lot->seq == seq)
			sum += lot->remaining;
	return sum;
}

static void lots_expire(struct run *run, int currency, day_t day, int64_t seq)
{
	struct member_state *state = run->state;
	struct movement movement = {.kind = ENTRY_EXPIRED, .currency = currency, .source = -1, .tier = -1};
	int64_t sum = expiring_sum(state, currency, day, seq);
	struct lot *lot;
	if (sum == 0)
		return;
	run_add(run, &state->currencies[currency].expired, sum);
	entry_add(run, &movement, -sum, balance_of(run, currency) - sum);
	for (int place = 0; (lot = lot_queue_at(state, currency, place)) != NULL && lot->expires <= day;
		place++) {
		struct kept_original *original = original_find(state, lot->seq);
		if (lot->remaining == 0 || (seq != 0 && lot->seq != seq))
			continue;
		if (original != NULL)
			original->expired[currency] += lot->remaining;
		lot_use(run, lot, lot->remaining);
	}
	lot_queue_trim(state, currency);
}

void lot_expire(struct run *run, int currency, day_t day)
{
	lots_expire(run, currency, day, 0);
}

void lot_expire_own(struct run *run, int currency, day_t day)
{
	lots_expire(run, currency, day, run->seq);
}

void lot_extend(struct run *run, int currency)
{
	struct member_state *state = run->state;
	int months = run->programme->currencies[currency].expiry.extend.months;
	day_t last = day_add_months(day_month_start(run_rated_on(run)), 1);
	struct lot *lot;
	int place = 0;
	for (; (lot = lot_queue_at(state, currency, place)) != NULL && lot->expires <= last; place++) {
		if (lot->remaining == 0)
			continue;
		lot->expires = day_add_months(lot->expires, months);
		lot_touch(state, lot);
	}
	if (place > 0)
		lot_queue_sort(state, currency);
}

// The lots without an expiry get one, or all others lose theirs.
static void lots_date(struct run *run, int currency, bool exempt)
{
	struct member_state *state = run->state;
	const struct expiry *expiry = &run->programme->currencies[currency].expiry;
	int first = lot_queue_first(state, currency, !exempt), place = first;
	struct lot *lot;
	for (; (lot = lot_queue_at(state, currency, place)) != NULL && (lot->expires == DAY_NONE) != exempt;
		place++) {
		if (lot->remaining == 0)
			continue;
		lot->expires = exempt ? DAY_NONE : lot_expiry(expiry, state->day);
		lot_touch(state, lot);
	}
	if (place > first)
		lot_queue_move(state, currency, !exempt);
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
