// The journal's rows as events of the engine, and a member's events in the order they were processed in.
#include "model/posting/journal.h"

#include <stdlib.h>
#include <string.h>

enum column {
	MEMBER_ID,
	SEQ,
	TYPE,
	ACTIVITY_ON,
	HAPPENED_ON,
	AMOUNT,
	LINE_CATEGORY,
	LINE_AMOUNT,
	CATEGORY,
	QUANTITY,
	BASKET,
	OF_SEQ,
	OBJECT,
	TIER,
	UNTIL_ON,
	QUALIFYING,
	BORN,
	TENDER,
	CHANNEL,
	FLAGS,
	GIVER,
	OTHER_NUMBER,
	LOT_AMOUNT,
	LOT_EARNED_ON,
	LOT_EXPIRES_ON,
	ACTIVE_ON,
	SOURCE,
	RESULT,
	REASON,
	AFTER_SEQ,
	PROCESSED_ON,
	DETAIL,
};
_Static_assert((int)RESULT == (int)JOURNAL_COLUMN_COUNT, "the outcome follows the journal");

static const char SEPARATOR = '\x1f';

struct row {
	const struct result *result;
	int row;
};

static const char *text_or_null(const struct row *row, enum column column)
{
	return result_is_null(row->result, row->row, column) ? NULL
							     : result_text(row->result, row->row, column);
}

static int64_t number_or(const struct row *row, enum column column, int64_t otherwise)
{
	return result_is_null(row->result, row->row, column) ? otherwise
							     : result_int64(row->result, row->row, column);
}

// The parts of a joined array, copied; NULL with *count 0 for none.
static const char **parts_split(const struct row *row, enum column column, struct arena *arena, int *count)
{
	*count = 0;
	if (result_is_null(row->result, row->row, column) ||
		result_length(row->result, row->row, column) == 0)
		return NULL;
	char *text = arena_copy(arena, result_text(row->result, row->row, column));
	for (char *at = text; (at = strchr(at, SEPARATOR)) != NULL; at++)
		++*count;
	const char **parts = arena_alloc(arena, (size_t)(*count + 1) * sizeof *parts);
	int place = 0;
	for (char *at = text; at; place++) {
		char *end = strchr(at, SEPARATOR);
		parts[place] = at;
		at = end ? end + 1 : NULL;
		if (end)
			*end = '\0';
	}
	*count = place;
	return parts;
}

static void lines_read(struct event *event, const struct row *row, struct arena *arena)
{
	int categories, amounts;
	const char **category = parts_split(row, LINE_CATEGORY, arena, &categories);
	const char **amount = parts_split(row, LINE_AMOUNT, arena, &amounts);
	if (!amount)
		return;
	struct event_line *lines = arena_alloc(arena, (size_t)amounts * sizeof *lines);
	for (int i = 0; i < amounts; i++)
		lines[i] =
			(struct event_line){.category = i < categories && category[i][0] ? category[i] : NULL,
				.amount_minor = strtoll(amount[i], NULL, 10)};
	event->lines = lines;
	event->line_count = amounts;
}

static int currency_decimals(const struct rulebook *rulebook, day_t day, const char *code)
{
	const struct programme *programme = rulebook->versions[rulebook_at(rulebook, day)].programme;
	int currency = code ? programme_currency(programme, code) : -1;
	return currency < 0 ? 0 : programme->currencies[currency].decimals;
}

// What column "object" names depends on the type of the event.
static void object_read(struct event *event, const struct row *row, const struct rulebook *rulebook)
{
	const char *object = text_or_null(row, OBJECT);
	switch (event->type) {
	case EVENT_PARTNER:
		event->partner = object;
		break;
	case EVENT_ACTIVITY:
		event->activity = object;
		break;
	case EVENT_REDEEM:
	case EVENT_REWARD_GRANT:
		event->reward = object;
		break;
	case EVENT_ADJUST:
	case EVENT_TRANSFER:
	case EVENT_RECEIVE:
		event->currency = object;
		event->amount_decimals = currency_decimals(rulebook, event->day, object);
		break;
	case EVENT_MULTIPLIER_GRANT:
		event->currency = object;
		event->amount_decimals = 2; // of the factor
		break;
	case EVENT_TIER_GRANT:
		event->ladder = object;
		break;
	case EVENT_VERIFY:
	case EVENT_UNVERIFY:
		event->segment = object;
		break;
	default:
		event->plan = object;
	}
}

static void lots_read(struct event *event, const struct row *row, struct arena *arena)
{
	int amounts, days, ends;
	const char **amount = parts_split(row, LOT_AMOUNT, arena, &amounts);
	const char **earned = parts_split(row, LOT_EARNED_ON, arena, &days);
	const char **expires = parts_split(row, LOT_EXPIRES_ON, arena, &ends);
	if (!amount || days != amounts)
		return;
	struct event_lot *lots = arena_alloc(arena, (size_t)amounts * sizeof *lots);
	for (int i = 0; i < amounts; i++) {
		lots[i] = (struct event_lot){.amount = strtoll(amount[i], NULL, 10),
			.decimals = event->amount_decimals,
			.expires = DAY_NONE};
		day_parse(earned[i], &lots[i].earned);
		if (i < ends && expires[i][0])
			day_parse(expires[i], &lots[i].expires);
	}
	event->lots = lots;
	event->lot_count = amounts;
}

// What a household caused: its account was opened, or a share is on its way. What the end of a merge caused:
// points are on their way back, a tier that was kept is not any more.
static void cause_read(struct event *event, const struct row *row)
{
	const char *source = result_text(row->result, row->row, SOURCE);
	bool is_share = strcmp(source, "household") == 0;
	event->is_pool = is_share && event->type == EVENT_ENROL;
	event->only_of = strcmp(source, "merge") == 0 && event->type == EVENT_TRANSFER;
	event->at_most = event->only_of || (is_share && event->type == EVENT_TRANSFER);
	event->ends = strcmp(source, "merge") == 0 && event->type == EVENT_TIER_GRANT && number_or(row, QUANTITY, 0) < 0;
	if (event->at_most)
		event->of_seq = number_or(row, QUANTITY, 0);
}

bool journal_read(struct journal_event *event, const struct result *result, int row_number,
	const struct rulebook *rulebook, struct arena *arena)
{
	const struct row row = {result, row_number};
	enum event_type type;
	if (!event_type_find(result_text(result, row_number, TYPE), &type))
		return false;
	*event = (struct journal_event){.member_id = result_int64(result, row_number, MEMBER_ID),
		.other_number = number_or(&row, OTHER_NUMBER, 0),
		.giver = (int)result_int64(result, row_number, GIVER),
		.result = "accepted",
		.reason = "",
		.detail = "",
		.processed_on = DAY_NONE};
	struct event *e = &event->event;
	event_init(
		e, type, result_int64(result, row_number, SEQ), result_day(result, row_number, ACTIVITY_ON));
	e->activity_day = result_day(result, row_number, HAPPENED_ON);
	e->born = result_day(result, row_number, BORN);
	e->amount = e->amount_minor = number_or(&row, AMOUNT, 0);
	e->category = text_or_null(&row, CATEGORY);
	e->quantity = e->units = number_or(&row, QUANTITY, 1);
	e->reward_no = number_or(&row, QUANTITY, 0);
	e->basket_minor = number_or(&row, BASKET, 0);
	e->of_seq = number_or(&row, OF_SEQ, 0);
	e->tier = text_or_null(&row, TIER);
	e->until = result_day(result, row_number, UNTIL_ON);
	e->qualifying = result_bool(result, row_number, QUALIFYING);
	e->tender = text_or_null(&row, TENDER);
	e->channel = text_or_null(&row, CHANNEL);
	e->flags = (const char *const *)parts_split(&row, FLAGS, arena, &e->flag_count);
	object_read(e, &row, rulebook);
	lines_read(e, &row, arena);
	e->into = type == EVENT_MERGE ? event->other_number : 0;
	e->active_on = result_day(result, row_number, ACTIVE_ON);
	lots_read(e, &row, arena);
	cause_read(e, &row);
	return true;
}

bool journal_read_processed(struct journal_event *event, const struct result *result, int row,
	const struct rulebook *rulebook, struct arena *arena)
{
	if (!journal_read(event, result, row, rulebook, arena))
		return false;
	if (!result_is_null(result, row, RESULT))
		event->result = result_text(result, row, RESULT);
	event->reason = result_text(result, row, REASON);
	event->detail = result_text(result, row, DETAIL);
	event->event.receiver_gone = strcmp(event->reason, refusal_name(REFUSAL_RECEIVER)) == 0;
	event->after_seq = result_int64(result, row, AFTER_SEQ);
	event->processed_on = result_day(result, row, PROCESSED_ON);
	return true;
}

void journal_days(const struct result *result, int row, day_t *posted, day_t *happened)
{
	*posted = result_day(result, row, ACTIVITY_ON);
	*happened = result_day(result, row, HAPPENED_ON);
}

bool journal_was_processed(const struct journal_event *event)
{
	return strcmp(event->result, "accepted") == 0 || strcmp(event->result, "denied") == 0;
}

static day_t later_day(day_t latest, day_t day)
{
	return latest == DAY_NONE || day > latest ? day : latest;
}

void journal_tally_add(struct journal_tally *tally, const struct event *event, bool is_accepted)
{
	tally->events++;
	if (event->seq > tally->last_seq)
		tally->last_seq = event->seq;
	if (!is_accepted)
		return;
	tally->last_activity_on = later_day(tally->last_activity_on, event_activity_day(event));
	if (event->type != EVENT_PURCHASE)
		return;
	tally->purchases++;
	tally->last_purchase_on = later_day(tally->last_purchase_on, event_activity_day(event));
}
