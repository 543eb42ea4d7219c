// Runs the engine over a batch, member by member, and lists what is to be saved.
#include "model/posting/batch.h"

#include <string.h>

static int64_t standing(
	const struct batch *batch, const struct batch_member *member, enum standing_column column)
{
	return result_int64(batch->loaded[LOAD_STANDING], member->standing, column);
}

static bool lots_remember(struct batch *batch, const struct batch_member *member)
{
	const struct rulebook_version *version = member_run_version(&batch->run);
	const struct result *debts = batch->loaded[LOAD_DEBT], *lots = batch->loaded[LOAD_LOT];
	for (int row = member->debt;
		row >= 0 && row < result_rows(debts) && result_int64(debts, row, 0) == member->member_id;
		row++) {
		int currency = rulebook_currency(version, (int)result_int64(debts, row, 1));
		if (currency < 0)
			return false;
		state_set_debt(member_run_state(&batch->run), currency, result_int64(debts, row, 2));
	}
	for (int row = member->lot;
		row >= 0 && row < result_rows(lots) && result_int64(lots, row, 0) == member->member_id;
		row++) {
		struct lot lot = {.serial = result_int64(lots, row, 1),
			.seq = result_int64(lots, row, 2),
			.granted = result_int64(lots, row, 3),
			.remaining = result_int64(lots, row, 4),
			.earned = result_day(lots, row, 5),
			.expires = result_day(lots, row, 6),
			.currency = rulebook_currency(version, (int)result_int64(lots, row, 7)),
			.source_rule = -1};
		if (lot.currency < 0)
			return false;
		state_add_lot(member_run_state(&batch->run), &lot);
	}
	return true;
}

// Puts the member into the engine as the tables have it. NULL, or what is wrong with them.
static const char *member_remember(struct batch *batch, const struct batch_member *member)
{
	const struct result *result = batch->loaded[LOAD_STANDING];
	if (member->standing < 0)
		return "the member has no standing row";
	member_run_begin(&batch->run, member->has_return || member->has_cancel || member->has_late);
	bool is_known = !result_is_null(result, member->standing, STANDING_VERSION);
	if (is_known && member->has_late && !batch_relive(batch, member))
		return "the member's journal does not lead to where the member stands; see loyalty verify "
		       "--replay";
	posting_rows_begin(&batch->run.rows, standing(batch, member, STANDING_ENTRIES),
		standing(batch, member, STANDING_TIER_CHANGES), standing(batch, member, STANDING_CHARGES));
	if (!is_known || member->has_late)
		return NULL;
	if (!member_run_remember(&batch->run, (int)standing(batch, member, STANDING_VERSION),
		    result_bytes(result, member->standing, STANDING_MEMORY),
		    result_length(result, member->standing, STANDING_MEMORY)))
		return "the member's memory cannot be read";
	if (!lots_remember(batch, member))
		return "the member has points of a currency the programme does not know";
	if (member->has_return)
		batch_originals_add(batch, member);
	if (member->has_cancel)
		batch_payments_add(batch, member);
	return NULL;
}

struct verdict {
	enum refusal refusal;
	int64_t after_seq;
	day_t processed_on;
	bool was_late; // behind the member's day: points on their way are posted on that
};

static void outcome_note(struct batch *batch, const struct batch_member *member,
	const struct journal_event *event, const struct verdict *verdict)
{
	int64_t revision = standing(batch, member, STANDING_REVISION) + 1;
	save_processed(batch, event, verdict->refusal == REFUSAL_NONE);
	if (verdict->refusal != REFUSAL_NONE)
		save_outcome(batch, event->member_id, event->event.seq, "denied",
			refusal_name(verdict->refusal), "", verdict->after_seq, revision,
			verdict->was_late ? verdict->processed_on : DAY_NONE);
	else if (verdict->after_seq || verdict->was_late)
		save_outcome(batch, event->member_id, event->event.seq, "accepted", "", "",
			verdict->after_seq, revision, verdict->was_late ? verdict->processed_on : DAY_NONE);
}

static void verdict_note(struct verdict *verdict, struct journal_tally *tally, const struct event *event,
	enum refusal refusal, day_t day_before)
{
	*verdict = (struct verdict){.refusal = refusal,
		.after_seq = event->seq < tally->last_seq ? tally->last_seq : 0,
		.processed_on = day_before,
		.was_late = day_before != DAY_NONE && event->day < day_before};
	journal_tally_add(tally, event, refusal == REFUSAL_NONE);
}

// Applies the member's events in order. False: one of them cannot be rated; it has its fault noted, and the
// member must begin anew without it.
static bool events_apply(struct batch *batch, const struct batch_member *member, struct journal_tally *tally,
	struct verdict *verdicts)
{
	for (int i = 0; i < member->count; i++) {
		struct batch_event *event = &batch->events[member->first + i];
		if (event->fault)
			continue;
		const struct member_state *state = member_run_state(&batch->run);
		day_t day_before = state ? state->day : DAY_NONE;
		enum refusal refusal =
			member_run_apply(&batch->run, &event->journal.event, event->journal.giver, NULL);
		if (refusal == REFUSAL_OVERFLOW || refusal == REFUSAL_NO_PAST) {
			event->fault = refusal_name(refusal);
			event->fault_detail = refusal == REFUSAL_NO_PAST ? "what went before is not known"
									 : "a quantity would not fit 64 bits";
			return false;
		}
		if (event->journal.event.type == EVENT_RECEIVE && refusal != REFUSAL_NONE) {
			event->fault = refusal_name(refusal);
			event->fault_detail = "points that another member sent cannot be refused";
			return false;
		}
		verdict_note(&verdicts[i], tally, &event->journal.event, refusal, day_before);
	}
	return true;
}

static void faults_note(
	struct batch *batch, const struct batch_member *member, const char *fault, const char *detail)
{
	for (int i = member->first; i < member->first + member->count; i++) {
		struct batch_event *event = &batch->events[i];
		if (!event->fault && fault) {
			event->fault = fault;
			event->fault_detail = detail;
		}
		if (!event->fault)
			continue;
		save_outcome(batch, member->member_id, event->journal.event.seq, "failed", event->fault,
			event->fault_detail, 0, 0, DAY_NONE);
		batch->set_aside++;
	}
}

static struct journal_tally tally_begin(const struct batch *batch, const struct batch_member *member)
{
	const struct result *loaded = batch->loaded[LOAD_STANDING];
	return (struct journal_tally){.last_seq = standing(batch, member, STANDING_LAST_SEQ),
		.events = standing(batch, member, STANDING_EVENTS),
		.purchases = standing(batch, member, STANDING_PURCHASES),
		.last_activity_on = result_day(loaded, member->standing, STANDING_LAST_ACTIVITY),
		.last_purchase_on = result_day(loaded, member->standing, STANDING_LAST_PURCHASE)};
}

static bool events_run(struct batch *batch, const struct batch_member *member, struct error *error)
{
	struct journal_tally tally;
	struct verdict *verdicts = arena_alloc(&batch->arena, (size_t)member->count * sizeof *verdicts);
	const char *fault;
	do {
		fault = member_remember(batch, member);
		if (fault)
			break;
		tally = tally_begin(batch, member);
	} while (!events_apply(batch, member, &tally, verdicts));
	faults_note(batch, member, fault ? "standing" : NULL, fault);
	if (fault)
		return true;
	for (int i = 0; i < member->count; i++)
		if (!batch->events[member->first + i].fault) {
			batch->events[member->first + i].is_accepted = verdicts[i].refusal == REFUSAL_NONE;
			outcome_note(batch, member, &batch->events[member->first + i].journal, &verdicts[i]);
		}
	return save_member(batch, member, &tally, error);
}

// Opens the days up to the business day that change something, and no further: a till may still send what
// happened late that day.
static bool days_run(struct batch *batch, const struct batch_member *member, struct error *error)
{
	const char *fault = member_remember(batch, member);
	day_t was_due = result_day(batch->loaded[LOAD_STANDING], member->standing, STANDING_DUE_ON);
	if (!fault && was_due > batch->advance_to)
		return true; // done by another since the look that found it
	for (day_t due; !fault && (due = member_run_next_due(&batch->run)) <= batch->advance_to;)
		if (member_run_advance(&batch->run, due, NULL) != REFUSAL_NONE)
			fault = "a quantity would not fit 64 bits";
	batch->advanced++;
	if (fault) {
		save_due(batch, member->member_id, DAY_NONE,
			true); // for a person to look at, and out of the way
		if (batch->night_on != DAY_NONE)
			save_advanced(batch, member->member_id);
		batch->set_aside++;
		return true;
	}
	struct journal_tally tally = tally_begin(batch, member);
	return save_member(batch, member, &tally, error);
}

bool batch_run(struct batch *batch, struct error *error)
{
	save_begin(batch);
	bool is_good = true;
	for (int m = 0; is_good && m < batch->member_count; m++)
		is_good = batch->advance_to == DAY_NONE ? events_run(batch, &batch->members[m], error)
							: days_run(batch, &batch->members[m], error);
	return is_good;
}
