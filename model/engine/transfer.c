// Points from member to member (FORMAT section 18): what leaves, and what arrives.
#include "model/engine/adjust.h"
#include "model/engine/lot.h"
#include "model/engine/standing.h"
#include "model/engine/transfer.h"

static int64_t transferable(const struct run *run, int currency)
{
	return run->event->only_of ? lot_sum_of(run->state, currency, run->event->of_seq)
				   : standing_balance(run->state, currency);
}

enum refusal transfer_test(const struct run *run)
{
	const struct event *event = run->event;
	int index = programme_currency(run->programme, event->currency);
	if (index < 0)
		return REFUSAL_CURRENCY;
	const struct currency *currency = &run->programme->currencies[index];
	if (!currency->transfers.allowed && !event->at_most)
		return REFUSAL_NOT_TRANSFERABLE;
	if (event->amount < 0 || !adjust_amount_fits(event, currency))
		return REFUSAL_AMOUNT;
	wide_t quantity = adjust_quantity(event, currency);
	if (quantity < currency->transfers.min && !event->at_most)
		return REFUSAL_MINIMUM;
	if (event->receiver_gone)
		return REFUSAL_RECEIVER;
	if (event->at_most)
		quantity = 1;
	return transferable(run, index) < quantity ? REFUSAL_BALANCE : REFUSAL_NONE;
}

// Lots of the same days that follow each other are one to the receiver.
void transfer_sent(struct run *run, const struct lot *lot, int64_t amount)
{
	struct postings *postings = run->postings;
	int count = postings->sent_lot_count;
	struct sent_lot *last = count > 0 ? &postings->sent_lots[count - 1] : NULL;
	if (last != NULL && last->seq == run->seq && last->currency == lot->currency &&
		last->earned == lot->earned && last->expires == lot->expires) {
		last->amount += amount;
		return;
	}
	ARRAY_RESERVE(postings->sent_lots, postings->sent_lot_capacity, count + 1);
	postings->sent_lots[postings->sent_lot_count++] = (struct sent_lot){
		.currency = lot->currency,
		.amount = amount,
		.receiver = run->state->merged_into,
		.earned = lot->earned,
		.expires = lot->expires,
		.active_on = run->state->currencies[lot->currency].clock,
		.day = run->state->day,
		.seq = run->seq,
	};
}

void transfer_send(struct run *run)
{
	int index = programme_currency(run->programme, run->event->currency);
	const struct currency *currency = &run->programme->currencies[index];
	struct movement movement = {.kind = ENTRY_TRANSFERRED, .currency = index, .source = -1, .tier = -1};
	const struct postings *postings = run->postings;
	int64_t quantity = (int64_t)adjust_quantity(run->event, currency);
	int64_t balance = transferable(run, index);
	int first = postings->lot_use_count;
	lot_consume_of(run, &movement, quantity < balance ? quantity : balance,
		run->event->at_most ? run->event->of_seq : 0);
	for (int i = first; i < postings->lot_use_count; i++)
		transfer_sent(run, lot_known(run->state, postings->lot_uses[i].lot), postings->lot_uses[i].amount);
}

enum refusal receive_test(const struct run *run)
{
	const struct event *event = run->event;
	int index = programme_currency(run->programme, event->currency);
	if (index < 0)
		return REFUSAL_CURRENCY;
	for (int i = 0; i < event->lot_count; i++) {
		const struct event lot = {
			.amount = event->lots[i].amount, .amount_decimals = event->lots[i].decimals};
		if (!adjust_amount_fits(&lot, &run->programme->currencies[index]))
			return REFUSAL_AMOUNT;
	}
	return event->lot_count > 0 ? REFUSAL_NONE : REFUSAL_AMOUNT;
}

void transfer_receive(struct run *run)
{
	const struct event *event = run->event;
	int index = programme_currency(run->programme, event->currency);
	int decimals = run->programme->currencies[index].decimals;
	struct movement movement = {.kind = ENTRY_RECEIVED, .currency = index, .source = -1, .tier = -1};
	day_t clock = event->active_on != DAY_NONE ? event->active_on : run->state->day;
	for (int i = 0; i < event->lot_count; i++) {
		struct event_lot lot = event->lots[i];
		lot.amount *= decimal_power(decimals - lot.decimals);
		if (lot.amount > 0)
			lot_receive(run, &movement, &lot, clock);
		else
			lot_take_back(run, &movement, -lot.amount, event->of_seq);
	}
	lot_exempt(run);
	lot_expire(run, index, run->state->day);
}
