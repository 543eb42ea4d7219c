// What must hold whenever a reward is cancelled, in any life under any programme: it gives back exactly what
// was used for it, and nothing twice.
#include "tests/engine_life.h"
#include <stdlib.h>
#include <string.h>

#define SEED "20261124"
#define TOLD(life, event) life_programme(life)->code, life, event, life_first_seed(SEED), "cancel"

enum { LIVES = 100, SEQ_STEP = 8 };

// The life's event, with room for others between it and the next.
static struct event event_spread(const struct life *life, int index)
{
	struct event event = life->events[index].event;
	event.seq *= SEQ_STEP;
	event.of_seq *= SEQ_STEP;
	return event;
}

static struct event cancellation(const struct event *after, int number, int64_t reward_no)
{
	struct event event;
	event_init(&event, EVENT_CANCEL_REWARD, after->seq + number, after->day);
	event.reward_no = reward_no;
	return event;
}

// Quantities of a member before something happened that is then taken back.
struct kept {
	int64_t *remaining, balances[16], redeemed[64], reward_serial;
	int lot_count;
};

static bool is_partners(const struct life *life, const struct lot *lot)
{
	return life->programme->currencies[lot->currency].kind == KIND_PARTNER;
}

static struct kept standing_keep(const struct life *life)
{
	const struct member_state *state = &life->state;
	struct kept kept = {.lot_count = state->lot_count, .reward_serial = state->reward_serial};
	kept.remaining = calloc((size_t)state->lot_count + 1, sizeof *kept.remaining);
	for (int i = 0; i < state->lot_count; i++)
		kept.remaining[i] = is_partners(life, &state->lots[i]) ? 0 : state->lots[i].remaining;
	for (int c = 0; c < life->programme->currency_count; c++)
		kept.balances[c] = state->currencies[c].open - state->currencies[c].debt;
	for (int r = 0; r < life->programme->reward_count; r++)
		kept.redeemed[r] = state->rewards[r].redeemed_year == day_split(state->day).year
					   ? state->rewards[r].redeemed
					   : 0;
	return kept;
}

// What was turned into a partner's currency and back may leave other lots of that open; all others have as
// much.
static bool standing_is(const struct life *life, const struct kept *kept)
{
	struct kept now = standing_keep(life);
	size_t size = (size_t)kept->lot_count * sizeof *now.remaining;
	bool is_same = now.lot_count >= kept->lot_count &&
		       memcmp(now.remaining, kept->remaining, size) == 0 &&
		       memcmp(now.balances, kept->balances, sizeof now.balances) == 0 &&
		       memcmp(now.redeemed, kept->redeemed, sizeof now.redeemed) == 0;
	free(now.remaining);
	return is_same;
}

// The rewards of one redemption, the last one first or the first one first, and once more each.
static void rewards_cancel(struct life *life, const struct event *redemption, int64_t before,
	struct random *random, int index, int event)
{
	bool is_upward = random_below(random, 2) == 0;
	int64_t units = life->state.reward_serial - before;
	for (int i = 0; i < units; i++) {
		int64_t reward_no = before + (is_upward ? 1 + i : units - i);
		struct event cancel = cancellation(redemption, 2 * i + 1, reward_no);
		LIFE_HOLDS(life_apply(life, &cancel) == REFUSAL_NONE, LIFE_TELL, TOLD(index, event));
		cancel.seq++;
		LIFE_HOLDS(life_apply(life, &cancel) == REFUSAL_CANCELLED, LIFE_TELL, TOLD(index, event));
	}
}

// Lots, debts and the year's limit are as if it had never been redeemed.
START_TEST(a_redemption_cancelled_at_once_was_none)
{
	struct life life;
	struct random random = {life_seed(SEED, _i)};
	life_begin(&life, life_programme(_i), life_seed(SEED, _i));
	for (int i = 0; i < LIFE_EVENTS; i++) {
		struct event event = event_spread(&life, i);
		if (event.type != EVENT_REDEEM) {
			life_apply(&life, &event);
			continue;
		}
		engine_advance(life.programme, &life.state, event.day, &life.postings, NULL);
		struct kept kept = standing_keep(&life);
		if (life_apply(&life, &event) == REFUSAL_NONE) {
			rewards_cancel(&life, &event, kept.reward_serial, &random, _i, i);
			LIFE_HOLDS(standing_is(&life, &kept), LIFE_TELL, TOLD(_i, i));
		}
		free(kept.remaining);
	}
	life_end(&life);
}
END_TEST

// What was given back of a lot for the rewards that one debit paid.
struct given {
	int debit;
	int64_t lot, amount;
};

struct given_back {
	struct given *given;
	int count, capacity;
};

static int64_t used_of(const struct postings *postings, int debit, int64_t lot)
{
	for (int i = 0; i < postings->lot_use_count; i++)
		if (postings->lot_uses[i].entry == debit && postings->lot_uses[i].lot == lot)
			return postings->lot_uses[i].amount;
	return 0;
}

static void give_note(struct given_back *back, int debit, int64_t lot, int64_t amount)
{
	for (int i = 0; i < back->count; i++)
		if (back->given[i].debit == debit && back->given[i].lot == lot) {
			back->given[i].amount += amount;
			return;
		}
	ARRAY_RESERVE(back->given, back->capacity, back->count + 1);
	back->given[back->count++] = (struct given){debit, lot, amount};
}

static bool none_has_too_much(const struct given_back *back, const struct postings *postings)
{
	for (int i = 0; i < back->count; i++)
		if (back->given[i].amount > used_of(postings, back->given[i].debit, back->given[i].lot))
			return false;
	return true;
}

static const struct issued_reward *issued_find(const struct postings *postings, int64_t reward_no)
{
	for (int i = 0; i < postings->issued_reward_count; i++) {
		const struct issued_reward *issued = &postings->issued_rewards[i];
		if (reward_no >= issued->serial && reward_no < issued->serial + issued->units)
			return issued;
	}
	return NULL;
}

// The entry that gave back, by its kind, among those from `first` on; -1: there is none.
static int entry_given_back(const struct postings *postings, int first, int64_t seq)
{
	for (int i = first; i < postings->entry_count; i++) {
		enum entry_kind kind = postings->entries[i].kind;
		if (postings->entries[i].seq == seq &&
			(kind == ENTRY_UNREDEEMED || kind == ENTRY_UNPAID_OUT || kind == ENTRY_UNAUTO_ISSUED))
			return i;
	}
	return -1;
}

// Of one cancellation: the cost of one reward, less the debt it pays, to lots that its debit used; from all
// the postings of the life so far.
static bool cancellation_holds(
	const struct postings *postings, int first, const struct event *event, struct given_back *back)
{
	const struct issued_reward *issued = issued_find(postings, event->reward_no);
	int entry = entry_given_back(postings, first, event->seq);
	if (issued == NULL)
		return false;
	if (issued->entry < 0)
		return entry < 0;
	if (entry < 0 || postings->entries[entry].amount != issued->cost)
		return false;
	int64_t returned = 0, before = postings->entries[entry].balance - issued->cost;
	int64_t debt = before < 0 ? -before : 0;
	for (int i = 0; i < postings->lot_use_count; i++)
		if (postings->lot_uses[i].entry == entry) {
			returned -= postings->lot_uses[i].amount;
			give_note(back, issued->entry, postings->lot_uses[i].lot,
				-postings->lot_uses[i].amount);
		}
	return returned == (debt < issued->cost ? issued->cost - debt : 0) &&
	       none_has_too_much(back, postings);
}

// Issued rewards tell their debit by its place in the event's postings; here in those of the whole life.
START_TEST(no_lot_has_back_more_than_was_used_of_it)
{
	struct life life;
	struct random random = {life_seed(SEED, _i) + 1};
	struct given_back back = {0};
	life_begin(&life, life_programme(_i), life_seed(SEED, _i));
	for (int i = 0; i < LIFE_EVENTS; i++) {
		struct event event = event_spread(&life, i), cancel;
		engine_apply(life.programme, &life.state, &event, &life.postings, NULL);
		if (!life.state.enrolled || event.day < life.state.day)
			continue;
		cancel =
			cancellation(&event, 1, 1 + random_below(&random, (int)life.state.reward_serial + 1));
		int first = life.postings.entry_count;
		if (engine_apply(life.programme, &life.state, &cancel, &life.postings, NULL) == REFUSAL_NONE)
			LIFE_HOLDS(cancellation_holds(&life.postings, first, &cancel, &back), LIFE_TELL,
				TOLD(_i, i));
	}
	free(back.given);
	life_end(&life);
}
END_TEST

Suite *cancel_suite(void);

Suite *cancel_suite(void)
{
	Suite *suite = suite_create("cancel");
	TCase *lives = tcase_create("lives");
	tcase_set_timeout(lives, 60);
	tcase_add_loop_test(lives, a_redemption_cancelled_at_once_was_none, 0, LIVES);
	tcase_add_loop_test(lives, no_lot_has_back_more_than_was_used_of_it, 0, LIVES);
	suite_add_tcase(suite, lives);
	return suite;
}
