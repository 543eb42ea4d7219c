// What a batch adds to the figures, where it can tell without looking back: of everyone else it says that
// they are behind.
#include "model/posting/batch.h"

#include <string.h>

enum figures_column {
	FIGURES_MEMBER_ID,
	FIGURES_ENTRIES,
	FIGURES_LOTS,
	FIGURES_TIER_CHANGES,
	FIGURES_JOINED,
	FIGURES_COUNTED,
	FIGURES_TIER,
	FIGURES_LAST_PURCHASE,
	FIGURES_MONTHS,
	FIGURES_ORDERS,
	FIGURES_SPEND,
	FIGURES_REDEMPTIONS,
};

enum { NOTHING_DONE = -1 };

// What a member did up to now, and with the batch; no more than one month may differ.
struct deeds {
	struct deed_month *was, *is;
	int was_count, is_count;
	int changed; // the month that differs, NOTHING_DONE: none
	day_t last_purchase;
};

void figures_ask(struct batch *batch)
{
	struct parameter *members = query_array(&batch->load[LOAD_FIGURES], WIRE_INT8);
	for (int m = 0; m < batch->member_count; m++)
		if (batch->members[m].figures_bucket != NO_FIGURES)
			array_int(members, batch->members[m].member_id);
}

static void deeds_read(struct batch *batch, int row, struct deeds *deeds)
{
	const struct result *result = batch->loaded[LOAD_FIGURES];
	struct elements months = result_elements(result, row, FIGURES_MONTHS);
	struct elements orders = result_elements(result, row, FIGURES_ORDERS);
	struct elements spend = result_elements(result, row, FIGURES_SPEND);
	struct elements redemptions = result_elements(result, row, FIGURES_REDEMPTIONS);
	size_t room = (size_t)months.left + 1;
	*deeds = (struct deeds){.was = arena_alloc(&batch->arena, 2 * room * sizeof *deeds->was),
		.changed = NOTHING_DONE,
		.last_purchase = result_day(result, row, FIGURES_LAST_PURCHASE)};
	deeds->is = deeds->was + room;
	for (int64_t month; elements_next_int(&months, &month); deeds->was_count++) {
		struct deed_month *deed = &deeds->was[deeds->was_count];
		deed->month = (month_t)month;
		elements_next_int(&orders, &deed->orders);
		elements_next_int(&spend, &deed->spend);
		elements_next_int(&redemptions, &deed->redemptions);
	}
	memcpy(deeds->is, deeds->was, (size_t)deeds->was_count * sizeof *deeds->was);
	deeds->is_count = deeds->was_count;
}

// NULL: a second month, or one before others that has nothing yet.
static struct deed_month *deed_of(struct deeds *deeds, month_t month)
{
	int at = deeds->is_count;
	while (at > 0 && deeds->is[at - 1].month > month)
		at--;
	bool is_new = at == 0 || deeds->is[at - 1].month < month;
	if (is_new && at < deeds->is_count)
		return NULL;
	at -= !is_new;
	if (deeds->changed != NOTHING_DONE && deeds->changed != at)
		return NULL;
	if (is_new) // there is room for one, and a second one would be a second month
		deeds->is[deeds->is_count++] = (struct deed_month){.month = month};
	deeds->changed = at;
	return &deeds->is[at];
}

static int64_t money_of(const struct event *event)
{
	int64_t sum = event->line_count ? 0 : event->amount_minor;
	for (int i = 0; i < event->line_count; i++)
		sum += event->lines[i].amount_minor;
	return sum;
}

// The event that a return takes back: of the batch, or loaded. False: neither.
static bool original_find(
	struct batch *batch, const struct batch_member *member, int64_t seq, struct event *original)
{
	const struct result *result = batch->loaded[LOAD_ORIGINAL];
	struct journal_event read;
	for (int i = member->first; i < member->first + member->count; i++)
		if (batch->events[i].journal.event.seq == seq) {
			*original = batch->events[i].journal.event;
			return true;
		}
	for (int row = member->original; result && row >= 0 && row < result_rows(result) &&
					 result_int64(result, row, 0) == member->member_id;
		row++)
		if (result_int64(result, row, 1) == seq &&
			journal_read(&read, result, row, batch->rulebook, &batch->arena)) {
			*original = read.event;
			return true;
		}
	return false;
}

// What is returned belongs to the month of its purchase.
static bool return_count(
	struct batch *batch, const struct batch_member *member, const struct event *event, struct deeds *deeds)
{
	struct event original;
	if (!original_find(batch, member, event->of_seq, &original))
		return false;
	struct deed_month *deed = deed_of(deeds, month_of(event_activity_day(&original)));
	if (!deed)
		return false;
	if (original.type == EVENT_PURCHASE)
		deed->spend -= money_of(event);
	return true;
}

// False: not to be told from what is at hand.
static bool event_count(
	struct batch *batch, const struct batch_member *member, const struct event *event, struct deeds *deeds)
{
	struct deed_month *deed;
	day_t day = event_activity_day(event);
	switch (event->type) {
	case EVENT_PURCHASE:
	case EVENT_PARTNER:
	case EVENT_ACTIVITY:
	case EVENT_REDEEM:
		deed = deed_of(deeds, month_of(day));
		if (!deed)
			return false;
		deed->redemptions += event->type == EVENT_REDEEM;
		if (event->type == EVENT_PURCHASE) {
			deed->orders++;
			deed->spend += money_of(event);
			if (deeds->last_purchase == DAY_NONE || day > deeds->last_purchase)
				deeds->last_purchase = day;
		}
		return true;
	case EVENT_RETURN:
		return return_count(batch, member, event, deeds);
	case EVENT_ADJUST:
	case EVENT_REWARD_GRANT:
	case EVENT_USE_BENEFIT:
		return true;
	default: // may change who the member is, or what others have
		return false;
	}
}

static bool events_count(struct batch *batch, const struct batch_member *member, struct deeds *deeds)
{
	for (int i = member->first; i < member->first + member->count; i++)
		if (batch->events[i].is_accepted &&
			!event_count(batch, member, &batch->events[i].journal.event, deeds))
			return false;
	return true;
}

// The figures stand where the member stood before the batch, and nothing of the batch goes back in time.
static bool is_plain(const struct batch *batch, const struct batch_member *member, int tier_id)
{
	const struct result *figures = batch->loaded[LOAD_FIGURES], *standings = batch->loaded[LOAD_STANDING];
	int row = member->figures;
	return result_int64(figures, row, FIGURES_ENTRIES) ==
		       result_int64(standings, member->standing, STANDING_ENTRIES) &&
	       result_int64(figures, row, FIGURES_TIER_CHANGES) ==
		       result_int64(standings, member->standing, STANDING_TIER_CHANGES) &&
	       result_int64(figures, row, FIGURES_LOTS) ==
		       result_int64(standings, member->standing, STANDING_LOTS) &&
	       !member->has_late && !member->has_cancel && batch->run.rows.left_lot_count == 0 &&
	       (result_int64(figures, row, FIGURES_TIER) == 0) == (tier_id == 0);
}

static const struct lot *lot_find(const struct member_state *state, int64_t lot_no)
{
	for (int i = state->lot_count - 1; i >= 0 && state->lots[i].serial >= lot_no; i--)
		if (state->lots[i].serial == lot_no)
			return &state->lots[i];
	return NULL;
}

static bool lots_are_known(struct batch *batch)
{
	const struct posting_rows *rows = &batch->run.rows;
	for (int i = 0; i < rows->lot_use_count; i++)
		if (!lot_find(member_run_state(&batch->run), rows->lot_uses[i].lot_no))
			return false;
	return true;
}

static enum account account_of(const struct posting_rows *rows, int64_t entry_no)
{
	for (int i = 0; i < rows->entry_count; i++)
		if (rows->entries[i].entry_no == entry_no)
			return (enum account)rows->entries[i].account_id;
	return ACCOUNT_ISSUED; // a lot without an entry was given to earn from
}

static void points_add(struct batch *batch, int bucket)
{
	const struct posting_rows *rows = &batch->run.rows;
	const struct member_state *state = member_run_state(&batch->run);
	const struct rulebook_version *version = member_run_version(&batch->run);
	for (int i = 0; i < rows->entry_count; i++) {
		const struct entry_row *entry = &rows->entries[i];
		int64_t *row = sums_row(&batch->sums, bucket, SUM_POINTS, month_of(entry->activity_on),
			entry->currency_id, entry->account_id);
		row[0] += entry->amount;
		row[1]++;
	}
	for (int i = 0; i < state->lot_count; i++) {
		if (!state->lots[i].is_new)
			continue;
		struct lot_row lot = posting_rows_lot(rows, version, &state->lots[i]);
		sums_add_points(&batch->sums, bucket, month_of(lot.earned_on), lot.currency_id,
			account_of(rows, lot.entry_no), -lot.granted);
	}
	for (int i = 0; i < rows->lot_use_count; i++) {
		const struct lot_use_row *use = &rows->lot_uses[i];
		const struct lot *lot = lot_find(state, use->lot_no);
		sums_add_points(&batch->sums, bucket, month_of(lot->earned), version->currencies[lot->currency],
			account_of(rows, use->entry_no), use->amount);
	}
}

// False: out of memory.
static bool behaviour_add(struct batch *batch, const struct batch_member *member, int tier_id, const struct deeds *deeds)
{
	const struct result *figures = batch->loaded[LOAD_FIGURES];
	struct month_sums *months = &batch->sums.buckets[member->figures_bucket].months;
	int was_tier_id = (int)result_int64(figures, member->figures, FIGURES_TIER);
	struct behaviour behaviour = {.is_counted = result_bool(figures, member->figures, FIGURES_COUNTED),
		.joined = (month_t)result_int64(figures, member->figures, FIGURES_JOINED),
		.months = deeds->was,
		.count = deeds->was_count};
	if (!behaviour.is_counted)
		return true;
	if (was_tier_id != tier_id) {
		--*sums_row(&batch->sums, member->figures_bucket, SUM_SIZE, was_tier_id, 0, 0);
		++*sums_row(&batch->sums, member->figures_bucket, SUM_SIZE, tier_id, 0, 0);
	}
	if (deeds->changed == NOTHING_DONE)
		return true;
	if (!behaviour_count(months, &behaviour, -1))
		return false;
	behaviour.months = deeds->is;
	behaviour.count = deeds->is_count;
	return behaviour_count(months, &behaviour, 1);
}

bool figures_add(struct batch *batch, const struct batch_member *member, int tier_id, bool *is_behind)
{
	const struct posting_rows *rows = &batch->run.rows;
	struct deeds deeds;
	*is_behind = true;
	if (member->figures < 0 || !is_plain(batch, member, tier_id) || !lots_are_known(batch))
		return true;
	deeds_read(batch, member->figures, &deeds);
	if (!events_count(batch, member, &deeds))
		return true;
	*is_behind = false;
	points_add(batch, member->figures_bucket);
	for (int i = 0; i < rows->tier_count; i++)
		++*sums_row(&batch->sums, member->figures_bucket, SUM_STEP, month_of(rows->tiers[i].since),
			rows->tiers[i].was_tier_id, rows->tiers[i].tier_id);
	save_figures(batch, member->member_id, tier_id, deeds.last_purchase,
		deeds.changed == NOTHING_DONE ? NULL : &deeds.is[deeds.changed], deeds.changed + 1);
	return behaviour_add(batch, member, tier_id, &deeds);
}
