// A worker in miniature: keeps journal, ledger, lots and memory between events as the database does, and
// nothing else.
#include "tests/engine_ledger.h"
#include "tests/engine_life.h"
#include <stdlib.h>
#include <string.h>

struct journal_row {
	struct event event; // borrowed from the life
	bool is_accepted;
	int64_t remaining[4]; // of its lines
};

struct issued_row {
	struct issued_reward issued; // entry: in `all`
	bool *cancelled;             // one a unit
};

struct ledger {
	const struct programme *programme;
	struct member_state state;
	struct member_state whole; // for late events: the journal lived once more, so that the past is known
	struct bytes memory, again;
	bool has_memory;
	int64_t *debts;
	struct lot *lots; // by serial - 1
	int lot_count, lot_capacity;
	struct journal_row *journal; // by seq - 1
	int journal_count, journal_capacity;
	struct issued_row *rewards;
	int reward_count, reward_capacity;
	struct postings all; // every posting ever
};

struct ledger *ledger_make(const struct programme *programme)
{
	struct ledger *ledger = calloc(1, sizeof *ledger);
	ledger->programme = programme;
	ledger->debts = calloc((size_t)programme->currency_count + 1, sizeof *ledger->debts);
	state_init(&ledger->state, programme, false);
	state_init(&ledger->whole, programme, true);
	postings_init(&ledger->all);
	return ledger;
}

void ledger_free(struct ledger *ledger)
{
	state_free(&ledger->state);
	state_free(&ledger->whole);
	bytes_free(&ledger->memory);
	bytes_free(&ledger->again);
	postings_free(&ledger->all);
	for (int i = 0; i < ledger->reward_count; i++)
		free(ledger->rewards[i].cancelled);
	free(ledger->rewards);
	free(ledger->debts);
	free(ledger->lots);
	free(ledger->journal);
	free(ledger);
}

static int line_count(const struct event *event)
{
	return event->line_count > 0 ? event->line_count : 1;
}

static const char *line_category_at(const struct event *event, int line)
{
	const char *category = event->line_count > 0 ? event->lines[line].category : event->category;
	return category != NULL ? category : "general";
}

static int64_t line_amount(const struct event *event, int line)
{
	return event->line_count > 0 ? event->lines[line].amount_minor : event->amount_minor;
}

static void row_take(struct journal_row *row, const char *category, int64_t amount)
{
	for (int i = 0; i < line_count(&row->event); i++) {
		if (category != NULL && strcmp(line_category_at(&row->event, i), category) != 0)
			continue;
		int64_t take = row->remaining[i] < amount ? row->remaining[i] : amount;
		row->remaining[i] -= take;
		amount -= take;
	}
	ck_assert_int_eq(amount, 0);
}

static struct journal_row *original_row(struct ledger *ledger, const struct event *event)
{
	if (event->type != EVENT_RETURN || event->of_seq < 1 || event->of_seq > ledger->journal_count)
		return NULL;
	struct journal_row *row = &ledger->journal[event->of_seq - 1];
	bool is_original = row->event.type == EVENT_PURCHASE || row->event.type == EVENT_PARTNER;
	return row->is_accepted && is_original ? row : NULL;
}

static void journal_note(struct ledger *ledger, const struct event *event, bool is_accepted)
{
	ARRAY_RESERVE(ledger->journal, ledger->journal_capacity, ledger->journal_count + 1);
	struct journal_row *row = &ledger->journal[ledger->journal_count++];
	*row = (struct journal_row){.event = *event, .is_accepted = is_accepted};
	for (int i = 0; i < line_count(event) && i < 4; i++)
		row->remaining[i] = line_amount(event, i);
	struct journal_row *original = original_row(ledger, event);
	if (!is_accepted || original == NULL)
		return;
	for (int i = 0; i < line_count(event); i++)
		row_take(original, event->line_count > 0 ? line_category_at(event, i) : NULL,
			line_amount(event, i));
}

// The award an earn rule made for that event, as its entries tell.
static bool award_find(const struct ledger *ledger, int64_t seq, int rule, struct standing_award *award)
{
	bool found = false;
	*award = (struct standing_award){.rule = rule};
	for (int i = 0; i < ledger->all.entry_count; i++) {
		const struct entry *entry = &ledger->all.entries[i];
		bool accrued = entry->kind == ENTRY_ACCRUED && entry->seq == seq;
		bool reversed = entry->kind == ENTRY_REVERSED && entry->of_seq == seq;
		if ((!accrued && !reversed) || entry->source != rule)
			continue;
		award->quantity += entry->amount;
		award->tier = entry->tier;
		award->factor = entry->factor;
		award->multipliers = entry->multipliers;
		found = true;
	}
	return found && award->quantity > 0;
}

static int64_t expired_find(const struct ledger *ledger, int64_t seq, int currency)
{
	int64_t quantity = 0;
	for (int i = 0; i < ledger->all.lot_use_count; i++) {
		const struct lot_use *use = &ledger->all.lot_uses[i];
		const struct entry *entry = &ledger->all.entries[use->entry];
		if (entry->kind == ENTRY_EXPIRED && entry->currency == currency && use->lot_seq == seq)
			quantity += use->amount;
	}
	for (int i = 0; i < ledger->all.entry_count; i++) {
		const struct entry *entry = &ledger->all.entries[i];
		if (entry->kind == ENTRY_UNEXPIRED && entry->of_seq == seq && entry->currency == currency)
			quantity -= entry->amount;
	}
	return quantity;
}

static void original_load(struct ledger *ledger, const struct journal_row *row)
{
	struct event_line lines[4];
	struct standing_award awards[64];
	struct expired_quantity expired[16];
	struct original original = {
		.seq = row->event.seq,
		.day = event_activity_day(&row->event),
		.type = row->event.type,
		.lines = lines,
		.awards = awards,
		.expired = expired,
		.line_count = line_count(&row->event),
		.expired_count = ledger->programme->currency_count,
	};
	for (int i = 0; i < original.line_count; i++)
		lines[i] = (struct event_line){line_category_at(&row->event, i), row->remaining[i]};
	for (int i = 0; i < ledger->programme->earn_count; i++)
		if (award_find(ledger, original.seq, i, &awards[original.award_count]))
			original.award_count++;
	for (int i = 0; i < original.expired_count; i++)
		expired[i] = (struct expired_quantity){i, expired_find(ledger, original.seq, i)};
	state_add_original(&ledger->state, &original);
}

static struct issued_row *reward_row(struct ledger *ledger, const struct event *event)
{
	for (int i = 0; i < ledger->reward_count && event->type == EVENT_CANCEL_REWARD; i++) {
		const struct issued_reward *issued = &ledger->rewards[i].issued;
		if (event->reward_no >= issued->serial && event->reward_no < issued->serial + issued->units)
			return &ledger->rewards[i];
	}
	return NULL;
}

// What the debit took of that lot.
static int64_t share_find(const struct ledger *ledger, int entry, const struct lot *lot)
{
	for (int i = 0; i < ledger->all.lot_use_count; i++)
		if (ledger->all.lot_uses[i].entry == entry && ledger->all.lot_uses[i].lot == lot->serial)
			return ledger->all.lot_uses[i].amount;
	return 0;
}

// What a transfer to a partner gave of its currency, and for how many units it was.
static void conversion_find(const struct ledger *ledger, struct payment *payment)
{
	payment->redeemed = 1;
	payment->gave_currency = -1;
	for (int i = 0; i < ledger->all.entry_count; i++) {
		const struct entry *entry = &ledger->all.entries[i];
		if (entry->kind != ENTRY_CONVERTED || entry->seq != payment->seq)
			continue;
		payment->gave = entry->amount;
		payment->gave_currency = entry->currency;
		payment->redeemed = entry->amount / ledger->programme->rewards[entry->source].gives;
	}
}

static void payment_load(struct ledger *ledger, const struct issued_row *row)
{
	const struct issued_reward *issued = &row->issued;
	struct lot_share *shares = calloc((size_t)ledger->lot_count + 1, sizeof *shares);
	int64_t *cancelled = calloc((size_t)issued->units, sizeof *cancelled);
	struct payment payment = {
		.serial = issued->serial,
		.units = issued->units,
		.seq = issued->seq,
		.cost = issued->entry >= 0 ? issued->cost : 0,
		.value_minor = issued->value_minor,
		.reward = issued->reward,
		.source = issued->source,
		.currency = issued->entry >= 0 ? ledger->all.entries[issued->entry].currency : -1,
		.route = issued->route,
		.day = issued->day,
		.lots = shares,
		.cancelled = cancelled,
	};
	conversion_find(ledger, &payment);
	for (int i = 0; i < ledger->lot_count && issued->entry >= 0; i++) {
		int64_t amount = share_find(ledger, issued->entry, &ledger->lots[i]);
		if (amount != 0)
			shares[payment.lot_count++] = (struct lot_share){ledger->lots[i], amount};
	}
	for (int i = 0; i < issued->units; i++)
		if (row->cancelled[i])
			cancelled[payment.cancelled_count++] = issued->serial + i;
	state_add_payment(&ledger->state, &payment);
	free(cancelled);
	free(shares);
}

static void member_load(struct ledger *ledger, const struct event *event)
{
	struct member_state *state = &ledger->state;
	state_reset(state);
	if (ledger->has_memory)
		ck_assert(
			memory_decode(ledger->programme, ledger->memory.data, ledger->memory.length, state));
	for (int i = 0; i < ledger->lot_count; i++)
		if (ledger->lots[i].remaining > 0)
			state_add_lot(state, &ledger->lots[i]);
	for (int i = 0; i < ledger->programme->currency_count; i++)
		state_set_debt(state, i, ledger->debts[i]);
	const struct journal_row *row = original_row(ledger, event);
	if (row != NULL)
		original_load(ledger, row);
	const struct issued_row *issued = reward_row(ledger, event);
	if (issued != NULL)
		payment_load(ledger, issued);
	ck_assert(memory_encode(ledger->programme, state, &ledger->again));
	ck_assert(!ledger->has_memory ||
		  (ledger->again.length == ledger->memory.length &&
			  memcmp(ledger->again.data, ledger->memory.data, ledger->memory.length) == 0));
}

// The member as the journal leads to, which must be as was kept.
static void member_relive(struct ledger *ledger)
{
	struct postings postings;
	postings_init(&postings);
	state_reset(&ledger->whole);
	for (int i = 0; i < ledger->journal_count; i++)
		engine_apply(ledger->programme, &ledger->whole, &ledger->journal[i].event, &postings, NULL);
	state_saved(&ledger->whole);
	postings_free(&postings);
	ck_assert(memory_encode(ledger->programme, &ledger->whole, &ledger->again));
	ck_assert(!ledger->has_memory ||
		  (ledger->again.length == ledger->memory.length &&
			  memcmp(ledger->again.data, ledger->memory.data, ledger->memory.length) == 0));
}

static void lot_save(struct ledger *ledger, const struct lot *lot)
{
	if (lot->is_new) {
		ck_assert_int_eq(lot->serial, ledger->lot_count + 1);
		ARRAY_RESERVE(ledger->lots, ledger->lot_capacity, ledger->lot_count + 1);
		ledger->lot_count++;
	}
	struct lot *row = &ledger->lots[lot->serial - 1];
	if (lot->is_new || lot->is_changed)
		*row = *lot;
	row->is_new = row->is_changed = false;
	LIFE_HOLDS(row->remaining == lot->remaining && row->expires == lot->expires,
		"lot %lld is kept otherwise", (long long)lot->serial);
}

static void reward_save(struct ledger *ledger, const struct issued_reward *issued)
{
	ARRAY_RESERVE(ledger->rewards, ledger->reward_capacity, ledger->reward_count + 1);
	struct issued_row *row = &ledger->rewards[ledger->reward_count++];
	*row = (struct issued_row){*issued, calloc((size_t)issued->units, sizeof *row->cancelled)};
	if (issued->entry >= 0)
		row->issued.entry += ledger->all.entry_count;
}

static void postings_save(struct ledger *ledger, const struct postings *postings)
{
	struct postings *all = &ledger->all;
	ARRAY_RESERVE(all->entries, all->entry_capacity, all->entry_count + postings->entry_count);
	ARRAY_RESERVE(all->lot_uses, all->lot_use_capacity, all->lot_use_count + postings->lot_use_count);
	for (int i = 0; i < postings->issued_reward_count; i++)
		reward_save(ledger, &postings->issued_rewards[i]);
	for (int i = 0; i < postings->lot_use_count; i++) {
		all->lot_uses[all->lot_use_count] = postings->lot_uses[i];
		all->lot_uses[all->lot_use_count++].entry += all->entry_count;
	}
	for (int i = 0; i < postings->entry_count; i++)
		all->entries[all->entry_count++] = postings->entries[i];
}

enum refusal ledger_apply(struct ledger *ledger, const struct event *event, struct postings *postings)
{
	struct member_state *state = event_is_late(event) ? &ledger->whole : &ledger->state;
	if (event_is_late(event))
		member_relive(ledger);
	else
		member_load(ledger, event);
	enum refusal refusal = engine_apply(ledger->programme, state, event, postings, NULL);
	if (refusal == REFUSAL_OVERFLOW)
		return refusal;
	journal_note(ledger, event, refusal == REFUSAL_NONE);
	postings_save(ledger, postings);
	struct issued_row *issued = reward_row(ledger, event);
	if (issued != NULL && refusal == REFUSAL_NONE)
		issued->cancelled[event->reward_no - issued->issued.serial] = true;
	for (int i = 0; i < state->lot_count; i++)
		lot_save(ledger, &state->lots[i]);
	for (int i = 0; i < ledger->programme->currency_count; i++)
		ledger->debts[i] = state->currencies[i].debt;
	ck_assert(memory_encode(ledger->programme, state, &ledger->memory));
	ledger->has_memory = true;
	return refusal;
}
