// Why an event gave what it gave, or an entry is what it is: the member's journal is run again, with the
// engine's trace on.
#include "model/member/why.h"

#include "model/engine/past.h"
#include "model/member/why_redeem.h"
#include "model/posting/journal.h"
#include "model/posting/member_run.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void why_ask(struct ask asks[WHY_STATEMENTS], int64_t member_id, int64_t seq)
{
	(void)seq; // whatever went before may matter
	ask_init(&asks[0],
		"SELECT " JOURNAL_COLUMNS
		", CASE WHEN i.seq IS NULL THEN o.result ELSE 'pending' END, o.reason, o.after_seq, "
		"o.processed_on, o.detail FROM loyalty.member_journal($1::bigint) j LEFT "
		"JOIN loyalty.outcome o ON o.member_id = j.member_id AND o.seq = j.seq LEFT "
		"JOIN loyalty.inbox i ON i.bucket = loyalty.bucket_of(j.member_id) "
		"AND i.member_id = j.member_id "
		"AND i.seq = j.seq ORDER BY " JOURNAL_PROCESSED_ORDER);
	ask_init(&asks[1],
		"SELECT s.processed_on, s.entries FROM loyalty.standing s WHERE s.member_id = $1::bigint");
	for (int i = 0; i < WHY_STATEMENTS; i++)
		ask_number(&asks[i], member_id);
}

// The run through the journal, and what is asked.
struct inquiry {
	struct why *why;
	const struct rulebook *rulebook;
	struct member_run run;
	struct trace trace;
	int64_t seq, entry_no;
	int first_entry, first_tier, first_reward, first_charge; // rows before the step at hand
};

static void say(struct why *why, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void say(struct why *why, const char *format, ...)
{
	char line[700];
	va_list values;
	va_start(values, format);
	vsnprintf(line, sizeof line, format, values);
	va_end(values);
	line[strcspn(line, "\n")] = '\0';
	ARRAY_RESERVE(why->lines, why->capacity, why->count + 1);
	why->lines[why->count++] = arena_copy(&why->arena, line);
}

static void say_rule(void *context, const char *line)
{
	say(context, "%s", line);
}

static const char *const DENIED[REFUSAL_COUNT] = {
	[REFUSAL_DATE] = "its date lies before the last day that was processed for the member",
	[REFUSAL_DUPLICATE] = "the same event was accepted before",
	[REFUSAL_NOT_OFFERED] = "the reward was not offered on that day",
	[REFUSAL_CANCELLED] = "the reward is cancelled already",
	[REFUSAL_ACTIVITY_DATE] =
		"the day it happened on lies after its date or before the enrolment, or such an "
		"event cannot come late",
	[REFUSAL_ENROLLED] = "the member is enrolled already",
	[REFUSAL_BORN] = "the date of birth lies after the enrolment",
	[REFUSAL_NOT_ENROLLED] = "the member is not enrolled",
	[REFUSAL_AMOUNT] = "its amount or quantity is not possible",
	[REFUSAL_ORIGINAL] = "what it takes back is not an accepted purchase or partner event of this member",
	[REFUSAL_OVER_RETURN] = "more would be returned than is left of the purchase",
	[REFUSAL_REWARD] = "there is no such reward, or it cannot be redeemed",
	[REFUSAL_PER_YEAR] = "the reward was redeemed as often as a year allows",
	[REFUSAL_PER_TXN] = "the reward cannot be redeemed so many, or so few, times at once",
	[REFUSAL_BASKET] = "the basket is below what the reward asks for",
	[REFUSAL_TIER] = "the member's tier does not give this, or there is no such tier",
	[REFUSAL_BALANCE] = "the balance does not suffice",
	[REFUSAL_CURRENCY] = "there is no such currency",
	[REFUSAL_PLAN] = "there is no such plan, or it is not sold at that date",
	[REFUSAL_PLAN_ACTIVE] = "the plan is active already",
	[REFUSAL_PLAN_INACTIVE] = "the plan is not active",
	[REFUSAL_LADDER] = "there is no such ladder",
	[REFUSAL_UNTIL] = "its end does not lie after its date",
	[REFUSAL_NOT_TRANSFERABLE] = "the programme does not let members pass this currency on",
	[REFUSAL_MINIMUM] = "it is less than the programme lets members pass on at once",
	[REFUSAL_RECEIVER] = "the receiver takes no points any more",
	[REFUSAL_DEBT] = "the member owes points",
	[REFUSAL_MERGED] = "the member was merged into another one",
	[REFUSAL_NOT_MERGED] = "the member is not merged",
	[REFUSAL_SEGMENT] = "there is no such segment",
	[REFUSAL_NOT_VERIFIED] = "the member is not verified, or not any more",
	[REFUSAL_OVERFLOW] = "a quantity would not fit 64 bits",
	[REFUSAL_NO_PAST] = "it came late, and what went before it is not known",
};

static const char *const ACCOUNT_WORD[] = {
	[ACCOUNT_ISSUED] = "earned",
	[ACCOUNT_REDEEMED] = "redeemed",
	[ACCOUNT_EXPIRED] = "expired",
	[ACCOUNT_REVERSED] = "taken back with the return",
	[ACCOUNT_ADJUSTED] = "adjusted",
	[ACCOUNT_GOODWILL] = "goodwill",
	[ACCOUNT_GRANTED] = "granted",
	[ACCOUNT_PAID_OUT] = "paid out",
	[ACCOUNT_AUTO_ISSUED] = "turned into a reward by itself",
	[ACCOUNT_WRITTEN_OFF] = "written off: could not be met and may not become debt",
	[ACCOUNT_CONVERTED] = "for points that went to the partner",
};

static const char *account_word(const struct entry_row *entry)
{
	if (entry->account_id == ACCOUNT_TRANSFERRED)
		return entry->amount > 0 ? "received from another member" : "sent to another member";
	if (entry->account_id == ACCOUNT_EXPIRED && entry->amount > 0)
		return "had expired already, so not taken twice";
	return entry->account_id > ACCOUNT_CAMPAIGNS ? "won in a campaign" : ACCOUNT_WORD[entry->account_id];
}

static const struct currency *currency_of(const struct rulebook_version *version, int currency_id)
{
	int currency = rulebook_currency(version, currency_id);
	return &version->programme->currencies[currency < 0 ? 0 : currency];
}

static const struct lot *lot_find(const struct member_state *state, int64_t serial)
{
	for (int i = 0; i < state->lot_count; i++)
		if (state->lots[i].serial == serial)
			return &state->lots[i];
	return NULL;
}

static void lot_say(struct inquiry *inquiry, int64_t lot_no, int64_t amount, int decimals)
{
	char earned[DAY_SIZE], expires[DAY_SIZE], quantity[DECIMAL_SIZE];
	const struct lot *lot = lot_find(member_run_state(&inquiry->run), lot_no);
	if (!lot)
		return;
	say(inquiry->why, "    %s from lot %lld, earned %s, %s%s", decimal_format(amount, decimals, quantity),
		(long long)lot_no, day_format(lot->earned, earned),
		lot->expires == DAY_NONE ? "never expiring" : "expiring ",
		lot->expires == DAY_NONE ? "" : day_format(lot->expires, expires));
}

static void entry_say(struct inquiry *inquiry, const struct entry_row *entry)
{
	const struct rulebook_version *version = member_run_version(&inquiry->run);
	const struct currency *currency = currency_of(version, entry->currency_id);
	const struct posting_rows *rows = &inquiry->run.rows;
	char amount[DECIMAL_SIZE], balance[DECIMAL_SIZE], day[DAY_SIZE];
	say(inquiry->why, "  %s%s %s %s on %s, balance %s", entry->amount > 0 ? "+" : "",
		decimal_format(entry->amount, currency->decimals, amount), currency->name,
		account_word(entry), day_format(entry->activity_on, day),
		decimal_format(entry->balance_after, currency->decimals, balance));
	const struct lot *lot =
		entry->lot_no ? lot_find(member_run_state(&inquiry->run), entry->lot_no) : NULL;
	if (lot)
		say(inquiry->why, "    lot %lld, %s%s", (long long)lot->serial,
			lot->expires == DAY_NONE ? "does not expire" : "expires ",
			lot->expires == DAY_NONE ? "" : day_format(lot->expires, day));
	else if (entry->amount > 0 && entry->account_id != ACCOUNT_EXPIRED &&
		 entry->account_id != ACCOUNT_WRITTEN_OFF)
		say(inquiry->why, "    all of it paid debt");
	for (int i = 0; i < rows->lot_use_count; i++)
		if (rows->lot_uses[i].entry_no == entry->entry_no)
			lot_say(inquiry, rows->lot_uses[i].lot_no, rows->lot_uses[i].amount,
				currency->decimals);
}

static const char *tier_name(const struct rulebook_version *version, int ladder_id, int tier_id)
{
	int ladder = rulebook_ladder(version, ladder_id),
	    tier = ladder < 0 ? -1 : rulebook_tier(version, ladder, tier_id);
	return tier < 0 ? "?" : version->programme->ladders[ladder].tiers[tier].name;
}

static void tier_say(struct inquiry *inquiry, const struct tier_row *change)
{
	const struct rulebook_version *version = member_run_version(&inquiry->run);
	const char *before = tier_name(version, change->ladder_id, change->was_tier_id);
	const char *after = tier_name(version, change->ladder_id, change->tier_id);
	char until[DAY_SIZE];
	if (change->tier_id == change->was_tier_id)
		say(inquiry->why, "  tier stays %s, now until %s", after,
			day_format(change->until_on, until));
	else
		say(inquiry->why, "  tier changes from %s to %s%s%s", before, after,
			change->until_on == DAY_NONE ? "" : " until ",
			change->until_on == DAY_NONE ? "" : day_format(change->until_on, until));
}

static void reward_say(struct inquiry *inquiry, const struct reward_row *issued)
{
	const struct rulebook_version *version = member_run_version(&inquiry->run);
	const char *name = "?";
	char expires[DAY_SIZE];
	for (int i = 0; i < version->programme->reward_count; i++)
		if (version->rewards[i] == issued->reward_id)
			name = version->programme->rewards[i].name;
	say(inquiry->why, "  reward issued: %s, %s%s", name,
		issued->expires_on == DAY_NONE ? "does not expire" : "expires ",
		issued->expires_on == DAY_NONE ? "" : day_format(issued->expires_on, expires));
}

// What this step of the run led to; by the days before the event (seq 0), or by the event.
static void rows_say(struct inquiry *inquiry, bool by_days)
{
	const struct posting_rows *rows = &inquiry->run.rows;
	for (int i = inquiry->first_entry; i < rows->entry_count; i++)
		if ((rows->entries[i].seq == 0) == by_days)
			entry_say(inquiry, &rows->entries[i]);
	for (int i = inquiry->first_tier; i < rows->tier_count; i++)
		if ((rows->tiers[i].seq == 0) == by_days)
			tier_say(inquiry, &rows->tiers[i]);
	for (int i = inquiry->first_reward; i < rows->reward_count; i++)
		if ((rows->rewards[i].seq == 0) == by_days)
			reward_say(inquiry, &rows->rewards[i]);
	for (int i = inquiry->first_charge; i < rows->charge_count; i++)
		if ((rows->charges[i].seq == 0) == by_days) {
			char amount[DECIMAL_SIZE];
			say(inquiry->why, "  charged for plan %s: %s", rows->charges[i].plan,
				decimal_format(rows->charges[i].amount_minor, 2, amount));
		}
}

// Of a late event: at the end of the day it happened on.
static void tiers_then_say(struct inquiry *inquiry, day_t day)
{
	const struct rulebook_version *version = member_run_version(&inquiry->run);
	char then[DAY_SIZE];
	for (int i = 0; version && i < version->programme->ladder_count; i++) {
		const struct ladder *ladder = &version->programme->ladders[i];
		int tier = past_tier(member_run_state(&inquiry->run), ladder, day);
		say(inquiry->why, "  %s on %s: %s", ladder->name, day_format(day, then),
			ladder->tiers[tier].name);
	}
}

static void tiers_held_say(struct inquiry *inquiry)
{
	const struct rulebook_version *version = member_run_version(&inquiry->run);
	const struct member_state *state = member_run_state(&inquiry->run);
	for (int i = 0; version && state->enrolled && i < version->programme->ladder_count; i++) {
		const struct ladder *ladder = &version->programme->ladders[i];
		struct tier_in_force held = standing_tier(version->programme, state, i);
		char until[DAY_SIZE];
		say(inquiry->why, "  %s before it: %s%s%s", ladder->name, ladder->tiers[held.tier].name,
			held.until == DAY_NONE ? "" : " until ",
			held.until == DAY_NONE ? "" : day_format(held.until, until));
	}
}

// "Student on 2026-02-01: verified until 2027-01-15", where anybody can be verified.
static void segment_say(
	struct inquiry *inquiry, const char *name, const char *when, bool is_verified, day_t until)
{
	char day[DAY_SIZE];
	bool has_end = is_verified && until != DAY_NONE;
	say(inquiry->why, "  %s %s: %s%s%s", name, when, is_verified ? "verified" : "not verified",
		has_end ? " until " : "", has_end ? day_format(until, day) : "");
}

static void segments_then_say(struct inquiry *inquiry, day_t day)
{
	const struct rulebook_version *version = member_run_version(&inquiry->run);
	char on[DAY_SIZE + 3] = "on ";
	day_format(day, on + 3);
	for (int i = 0; version && i < version->programme->segment_count; i++) {
		const struct segment *segment = &version->programme->segments[i];
		day_t until = DAY_NONE;
		bool is_verified =
			past_verified(member_run_state(&inquiry->run), segment->code, day, &until);
		segment_say(inquiry, segment->name, on, is_verified, until);
	}
}

static void segments_say(struct inquiry *inquiry, const char *when)
{
	const struct member_state *state = member_run_state(&inquiry->run);
	const struct rulebook_version *version = member_run_version(&inquiry->run);
	for (int i = 0; version && state->enrolled && i < version->programme->segment_count; i++)
		segment_say(inquiry, version->programme->segments[i].name, when,
			standing_verified(state, i), state->segments[i].until);
}

static const char *other_word(enum event_type type)
{
	switch (type) {
	case EVENT_MERGE:
		return "into";
	case EVENT_TRANSFER:
		return "to";
	case EVENT_REDEEM:
		return "by";
	default:
		return "from";
	}
}

static void header_say(struct inquiry *inquiry, const struct journal_event *event)
{
	char day[DAY_SIZE];
	say(inquiry->why, "%s of %s, event %lld%s", event_type_name(event->event.type),
		day_format(event_activity_day(&event->event), day), (long long)event->event.seq,
		event->giver == ACCOUNT_GOODWILL ? ", sent by staff" : "");
	if (event_is_late(&event->event))
		say(inquiry->why, "  it came late and is posted on %s", day_format(event->event.day, day));
	if (event->other_number)
		say(inquiry->why, "  %s member %lld", other_word(event->event.type), (long long)event->other_number);
	if (event->after_seq)
		say(inquiry->why, "  it was processed after event %lld", (long long)event->after_seq);
}

static void denial_say(struct inquiry *inquiry, const struct journal_event *event, enum refusal refusal)
{
	char day[DAY_SIZE];
	say(inquiry->why, "  denied (%s): %s", refusal_name(refusal),
		DENIED[refusal] ? DENIED[refusal] : "the rules refuse it");
	if (refusal == REFUSAL_DATE && event->processed_on != DAY_NONE)
		say(inquiry->why, "  the member's day was %s", day_format(event->processed_on, day));
	const struct rulebook_version *version = member_run_version(&inquiry->run);
	char seen[WHY_REDEEM_SIZE];
	if (version && *why_redeem_text(version->programme, member_run_state(&inquiry->run), &event->event,
			       refusal, seen))
		say(inquiry->why, "  %s", seen);
}

static bool has_rows_of_days(const struct inquiry *inquiry)
{
	const struct posting_rows *rows = &inquiry->run.rows;
	return (inquiry->first_entry < rows->entry_count && rows->entries[inquiry->first_entry].seq == 0) ||
	       (inquiry->first_tier < rows->tier_count && rows->tiers[inquiry->first_tier].seq == 0) ||
	       (inquiry->first_reward < rows->reward_count && rows->rewards[inquiry->first_reward].seq == 0);
}

static void multiplier_say(struct inquiry *inquiry, const struct event *event)
{
	char factor[DECIMAL_SIZE], until[DAY_SIZE];
	say(inquiry->why, "  purchases earn %s times the %s until %s",
		decimal_format(event->amount, event->amount_decimals, factor), event->currency,
		day_format(event->until, until));
}

static void event_say(struct inquiry *inquiry, const struct journal_event *event, enum refusal refusal)
{
	if (has_rows_of_days(inquiry)) {
		say(inquiry->why, "the days before it led to:");
		rows_say(inquiry, true);
	}
	if (refusal != REFUSAL_NONE) {
		denial_say(inquiry, event, refusal);
		return;
	}
	trace_print(member_run_version(&inquiry->run)->programme, &inquiry->trace, say_rule, inquiry->why);
	rows_say(inquiry, false);
	if (event->event.type == EVENT_VERIFY || event->event.type == EVENT_UNVERIFY)
		segments_say(inquiry, "after it");
	else if (event->event.type == EVENT_MULTIPLIER_GRANT)
		multiplier_say(inquiry, &event->event);
	else if (inquiry->first_entry == inquiry->run.rows.entry_count && inquiry->trace.count == 0)
		say(inquiry->why, "  accepted; no rule gives points for it");
}

static void step_begin(struct inquiry *inquiry)
{
	const struct posting_rows *rows = &inquiry->run.rows;
	inquiry->first_entry = rows->entry_count;
	inquiry->first_tier = rows->tier_count;
	inquiry->first_reward = rows->reward_count;
	inquiry->first_charge = rows->charge_count;
	trace_reset(&inquiry->trace);
}

static void unprocessed_say(struct inquiry *inquiry, const struct journal_event *event)
{
	header_say(inquiry, event);
	if (strcmp(event->result, "pending") == 0)
		say(inquiry->why, "  it waits to be posted");
	else
		say(inquiry->why, "  it was %s: %s%s%s",
			strcmp(event->result, "failed") == 0 ? "set aside" : "cancelled", event->reason,
			event->detail[0] ? ", " : "", event->detail);
}

// The entry asked for, if this step posted it and no event did.
static const struct entry_row *entry_of_step(const struct inquiry *inquiry)
{
	const struct posting_rows *rows = &inquiry->run.rows;
	for (int i = inquiry->first_entry; i < rows->entry_count; i++)
		if (inquiry->seq == 0 && rows->entries[i].entry_no == inquiry->entry_no)
			return &rows->entries[i];
	return NULL;
}

static void entry_explain(struct inquiry *inquiry, const struct entry_row *entry)
{
	char day[DAY_SIZE];
	say(inquiry->why, "no event: the day %s led to this", day_format(entry->activity_on, day));
	entry_say(inquiry, entry);
}

// One event of the journal. True when what was asked has been said; *overflows when it cannot be run.
static bool event_step(struct inquiry *inquiry, const struct journal_event *event, bool *overflows)
{
	bool is_asked = inquiry->seq != 0 && event->event.seq == inquiry->seq;
	if (!journal_was_processed(event)) {
		if (is_asked)
			unprocessed_say(inquiry, event);
		return is_asked;
	}
	step_begin(inquiry);
	if (event->processed_on != DAY_NONE)
		*overflows = member_run_advance(&inquiry->run, event->processed_on, NULL) == REFUSAL_OVERFLOW;
	if (is_asked) {
		header_say(inquiry, event);
		if (event_is_late(&event->event)) {
			tiers_then_say(inquiry, event->event.activity_day);
			segments_then_say(inquiry, event->event.activity_day);
		} else {
			tiers_held_say(inquiry);
			segments_say(inquiry, "before it");
		}
	}
	enum refusal refusal = member_run_apply(
		&inquiry->run, &event->event, event->giver, is_asked ? &inquiry->trace : NULL);
	*overflows |= refusal == REFUSAL_OVERFLOW;
	if (is_asked)
		event_say(inquiry, event, refusal);
	const struct entry_row *entry = entry_of_step(inquiry);
	if (entry && entry->seq == 0) {
		entry_explain(inquiry, entry);
		return true;
	}
	if (entry) // an event's entry was asked for by its number
		inquiry->seq = entry->seq;
	return is_asked;
}

static bool journal_run(struct inquiry *inquiry, struct result *const *results)
{
	struct journal_event event;
	bool is_said = false, overflows = false;
	member_run_begin(&inquiry->run, true);
	for (int row = 0; !is_said && !overflows && row < result_rows(results[0]); row++)
		if (journal_read_processed(&event, results[0], row, inquiry->rulebook, &inquiry->why->arena))
			is_said = event_step(inquiry, &event, &overflows);
	if (is_said || overflows || inquiry->seq != 0 || result_rows(results[1]) == 0 ||
		!member_run_state(&inquiry->run))
		return is_said;
	step_begin(inquiry);
	member_run_advance(&inquiry->run, result_day(results[1], 0, 0), NULL);
	const struct entry_row *entry = entry_of_step(inquiry);
	if (entry)
		entry_explain(inquiry, entry);
	return entry != NULL;
}

bool why_take(struct why *why, const struct rulebook *rulebook, struct result *const *results, int64_t seq,
	int64_t entry_no, struct error *error)
{
	struct inquiry inquiry = {.why = why, .rulebook = rulebook, .seq = seq, .entry_no = entry_no};
	*why = (struct why){0};
	member_run_init(&inquiry.run, rulebook);
	trace_init(&inquiry.trace);
	bool is_said = journal_run(&inquiry, results);
	if (!is_said && seq == 0 && inquiry.seq != 0) // now it is known which event it was
		is_said = journal_run(&inquiry, results);
	trace_free(&inquiry.trace);
	member_run_free(&inquiry.run);
	if (!is_said) {
		why_free(why);
		return error_set(error, ERROR_FAILED, "there is nothing to explain", "",
			seq ? "the member's journal has no event %lld"
			    : "the member's journal leads to no entry %lld",
			(long long)(seq ? seq : entry_no));
	}
	return true;
}

void why_free(struct why *why)
{
	free(why->lines);
	arena_free(&why->arena);
	*why = (struct why){0};
}
