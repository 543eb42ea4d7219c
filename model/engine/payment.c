// Cancelled rewards: what they cost returns to the very lots that paid.
#include "model/engine/payment.h"
#include <stdlib.h>
#include <string.h>
#include "model/engine/counter.h"
#include "model/engine/lot.h"
#include "model/engine/original.h"

// The first with a higher serial: they are kept in its order, and new ones come last.
static int place_find(const struct payments *payments, int64_t reward_no)
{
	int from = 0, to = payments->count;
	if (to > 0 && payments->kept[to - 1].serial <= reward_no)
		return to;
	while (from < to) {
		int middle = from + (to - from) / 2;
		if (payments->kept[middle].serial <= reward_no)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

struct payment *payment_find(const struct member_state *state, int64_t reward_no)
{
	struct payments *payments = &state->originals->payments;
	int at = place_find(payments, reward_no) - 1;
	return at >= 0 && reward_no - payments->kept[at].serial < payments->kept[at].units
		       ? &payments->kept[at]
		       : NULL;
}

static struct payment *payment_place(struct payments *payments, int64_t serial)
{
	int at = place_find(payments, serial);
	ARRAY_RESERVE(payments->kept, payments->capacity, payments->count + 1);
	memmove(&payments->kept[at + 1], &payments->kept[at],
		(size_t)(payments->count++ - at) * sizeof *payments->kept);
	return &payments->kept[at];
}

bool payment_is_cancelled(const struct payment *payment, int64_t reward_no)
{
	for (int i = 0; i < payment->cancelled_count; i++)
		if (payment->cancelled[i] == reward_no)
			return true;
	return false;
}

static void cancelled_add(struct member_state *state, struct payment *payment, int64_t reward_no)
{
	if (payment_is_cancelled(payment, reward_no))
		return;
	size_t size = (size_t)payment->cancelled_count * sizeof *payment->cancelled;
	int64_t *longer = arena_alloc(&state->originals->arena, size + sizeof *longer);
	if (size > 0)
		memcpy(longer, payment->cancelled, size);
	longer[payment->cancelled_count++] = reward_no;
	payment->cancelled = longer;
}

void state_add_payment(struct member_state *state, const struct payment *payment)
{
	struct payments *payments = &state->originals->payments;
	struct payment *kept = payment_find(state, payment->serial);
	if (kept == NULL) {
		size_t size = (size_t)payment->lot_count * sizeof *payment->lots;
		struct lot_share *lots = arena_alloc(&state->originals->arena, size + sizeof *lots);
		kept = payment_place(payments, payment->serial);
		*kept = *payment;
		kept->lots = size > 0 ? memcpy(lots, payment->lots, size) : lots;
		kept->cancelled = NULL;
		kept->cancelled_count = 0;
	}
	for (int i = 0; i < payment->cancelled_count; i++)
		cancelled_add(state, kept, payment->cancelled[i]);
}

static int share_order(const void *left, const void *right)
{
	const struct lot_share *a = left, *b = right;
	return (a->lot.serial > b->lot.serial) - (a->lot.serial < b->lot.serial);
}

// The lots that the debit used, as they stand now, to be freed.
static struct lot_share *shares_collect(const struct run *run, int entry, int *count)
{
	const struct postings *postings = run->postings;
	struct lot_share *shares = NULL;
	int capacity = 0, first = postings->lot_use_count;
	while (first > 0 && entry >= 0 && postings->lot_uses[first - 1].entry >= entry)
		first--;
	for (int i = first; i < postings->lot_use_count; i++) {
		const struct lot *lot = lot_known(run->state, postings->lot_uses[i].lot);
		if (postings->lot_uses[i].entry != entry || lot == NULL)
			continue;
		ARRAY_RESERVE(shares, capacity, *count + 1);
		shares[(*count)++] = (struct lot_share){.lot = *lot, .amount = postings->lot_uses[i].amount};
	}
	if (*count > 1)
		qsort(shares, (size_t)*count, sizeof *shares, share_order);
	return shares;
}

void payment_keep(struct run *run, const struct issue *issue)
{
	if (!run->state->keep_originals && !run->state->originals->payments.is_asked)
		return;
	struct payment payment = {
		.serial = run->state->reward_serial + 1,
		.units = issue->units,
		.seq = run->seq,
		.cost = issue->entry >= 0 ? issue->cost : 0,
		.value_minor = issue->value_minor,
		.redeemed = issue->units > 0 ? issue->redeemed / issue->units : 0,
		.gave = issue->gives,
		.gave_currency = issue->gives > 0 ? run->programme->rewards[issue->reward].into : -1,
		.reward = issue->reward,
		.source = issue->source,
		.currency = issue->entry >= 0 ? run->postings->entries[issue->entry].currency : -1,
		.route = issue->route,
		.day = run->state->day,
	};
	struct lot_share *shares = shares_collect(run, issue->entry, &payment.lot_count);
	payment.lots = shares;
	state_add_payment(run->state, &payment);
	free(shares);
}

enum refusal reward_cancel_test(const struct run *run)
{
	const struct payment *payment = payment_find(run->state, run->event->reward_no);
	if (payment == NULL)
		return REFUSAL_REWARD;
	return payment_is_cancelled(payment, run->event->reward_no) ? REFUSAL_CANCELLED : REFUSAL_NONE;
}

static void counters_take_back(struct run *run, const struct payment *payment)
{
	struct reward_state *reward = payment->reward >= 0 ? &run->state->rewards[payment->reward] : NULL;
	if (payment->route == ISSUED_REDEEMED && reward != NULL && reward->redeemed >= payment->redeemed &&
		reward->redeemed_year == day_split(payment->day).year)
		reward->redeemed -= payment->redeemed;
	if (payment->route == ISSUED_AUTO && payment->source >= 0 &&
		run->programme->autos[payment->source].cap.max > 0)
		counter_take(&run->state->autos[payment->source],
			run->programme->autos[payment->source].cap.period, payment->day,
			payment->value_minor);
}

static const enum entry_kind GIVEN_BACK[] = {
	[ISSUED_REDEEMED] = ENTRY_UNREDEEMED,
	[ISSUED_PAID_OUT] = ENTRY_UNPAID_OUT,
	[ISSUED_AUTO] = ENTRY_UNAUTO_ISSUED,
};

// What the partner was not told of has not left: it is taken from the member's lots of the partner's
// currency.
static void conversion_take_back(struct run *run, const struct payment *payment)
{
	struct movement movement = {
		.kind = ENTRY_UNCONVERTED,
		.currency = payment->gave_currency,
		.source = -1,
		.of_seq = payment->seq,
		.tier = -1,
	};
	if (payment->gave > 0 && payment->gave_currency >= 0)
		lot_take_back(run, &movement, payment->gave, 0);
}

void reward_cancel(struct run *run)
{
	struct payment *payment = payment_find(run->state, run->event->reward_no);
	cancelled_add(run->state, payment, run->event->reward_no);
	if (payment->cost == 0)
		return;
	struct movement movement = {
		.kind = GIVEN_BACK[payment->route],
		.currency = payment->currency,
		.source = payment->route == ISSUED_REDEEMED ? payment->reward : payment->source,
		.of_seq = payment->seq,
		.tier = -1,
	};
	counters_take_back(run, payment);
	conversion_take_back(run, payment);
	lot_give_back(run, &movement, payment, run->event->reward_no);
	lot_exempt(run);
	lot_expire(run, payment->currency, run->state->day);
}
