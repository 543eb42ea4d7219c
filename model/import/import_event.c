// Lines of an event file: checked against their type, lines of one event put together, as rows of staging.
#include "model/engine/decimal.h"
#include "model/engine/event.h"
#include "model/import/import_reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	SOURCE,
	EXTERNAL_ID,
	MEMBER,
	TYPE,
	DATE,
	ACTIVITY_DATE,
	AMOUNT,
	CATEGORY,
	TENDER,
	CHANNEL,
	PARTNER,
	ACTIVITY,
	QUANTITY,
	FLAGS,
	OF,
	REWARD,
	UNITS,
	BASKET,
	CURRENCY,
	PLAN,
	LADDER,
	TIER,
	UNTIL,
	QUALIFYING,
	RECEIVER,
	SEGMENT,
	EVIDENCE,
};

#define PURCHASE_BIT (1U << EVENT_PURCHASE)
#define PARTNER_BIT (1U << EVENT_PARTNER)
#define ACTIVITY_BIT (1U << EVENT_ACTIVITY)
#define RETURN_BIT (1U << EVENT_RETURN)
#define REDEEM_BIT (1U << EVENT_REDEEM)
#define ADJUST_BIT (1U << EVENT_ADJUST)
#define SUBSCRIBE_BIT (1U << EVENT_SUBSCRIBE)
#define USE_BIT (1U << EVENT_USE_BENEFIT)
#define CANCEL_BIT (1U << EVENT_CANCEL_PLAN)
#define TIER_BIT (1U << EVENT_TIER_GRANT)
#define SESSION_BIT (1U << EVENT_SESSION_END)
#define TRANSFER_BIT (1U << EVENT_TRANSFER)
#define VERIFY_BIT (1U << EVENT_VERIFY)
#define UNVERIFY_BIT (1U << EVENT_UNVERIFY)
#define POINTS (ADJUST_BIT | TRANSFER_BIT)
#define EARNING (PURCHASE_BIT | PARTNER_BIT | ACTIVITY_BIT | SUBSCRIBE_BIT | USE_BIT)
#define WITH_LINES (PURCHASE_BIT | PARTNER_BIT | RETURN_BIT)
#define ALL                                                                                                  \
	(EARNING | RETURN_BIT | REDEEM_BIT | POINTS | CANCEL_BIT | TIER_BIT | SESSION_BIT | VERIFY_BIT | UNVERIFY_BIT)

const struct import_column EVENT_COLUMNS[] = {
	[SOURCE] = {"source", ALL, ALL},
	[EXTERNAL_ID] = {"external_id", ALL, ALL},
	[MEMBER] = {"member", ALL, ALL},
	[TYPE] = {"type", ALL, ALL},
	[DATE] = {"date", ALL, ALL},
	[ACTIVITY_DATE] = {"activity_date", PURCHASE_BIT | PARTNER_BIT | ACTIVITY_BIT, 0},
	[AMOUNT] = {"amount", WITH_LINES | ACTIVITY_BIT | POINTS, WITH_LINES | POINTS},
	[CATEGORY] = {"category", WITH_LINES, 0},
	[TENDER] = {"tender", EARNING, 0},
	[CHANNEL] = {"channel", ALL, 0},
	[PARTNER] = {"partner", PARTNER_BIT, PARTNER_BIT},
	[ACTIVITY] = {"activity", ACTIVITY_BIT, ACTIVITY_BIT},
	[QUANTITY] = {"quantity", ACTIVITY_BIT, 0},
	[FLAGS] = {"flags", EARNING, 0},
	[OF] = {"of", RETURN_BIT, RETURN_BIT},
	[REWARD] = {"reward", REDEEM_BIT, REDEEM_BIT},
	[UNITS] = {"units", REDEEM_BIT, 0},
	[BASKET] = {"basket", REDEEM_BIT, 0},
	[CURRENCY] = {"currency", POINTS, POINTS},
	[PLAN] = {"plan", SUBSCRIBE_BIT | USE_BIT | CANCEL_BIT, SUBSCRIBE_BIT | CANCEL_BIT},
	[LADDER] = {"ladder", TIER_BIT, TIER_BIT},
	[TIER] = {"tier", TIER_BIT, TIER_BIT},
	[UNTIL] = {"until", TIER_BIT | VERIFY_BIT, TIER_BIT},
	[QUALIFYING] = {"qualifying", ADJUST_BIT, 0},
	[RECEIVER] = {"receiver", TRANSFER_BIT, TRANSFER_BIT},
	[SEGMENT] = {"segment", VERIFY_BIT | UNVERIFY_BIT, VERIFY_BIT | UNVERIFY_BIT},
	[EVIDENCE] = {"evidence", VERIFY_BIT, 0},
	{.name = NULL},
};

const char EVENT_COPY[] =
	"COPY loyalty.import_event (import_no, line_no, member, source, external_id, type, activity_on, happened_on, "
	"amount, "
	"line_category, line_amount, category, quantity, basket, of_external, object, tier, until_on, qualifying, "
	"tender, channel, flags, receiver, evidence) FROM STDIN";

static bool is_bad_text(const char *text, size_t longest)
{
	return strlen(text) > longest;
}

// Amounts of money have two decimals, those of points as many as their currency.
static bool amount_read(
	struct reader *reader, int column, const char *text, int decimals, int64_t *amount)
{
	int written;
	if (!decimal_parse(text, amount, &written))
		return reader_complain(reader, column, "\"%.40s\" is no amount; write 12.50", text);
	if (written > decimals)
		return reader_complain(reader, column, "%.40s has more than %d decimals", text, decimals);
	if (__builtin_mul_overflow(*amount, decimal_power(decimals - written), amount))
		return reader_complain(reader, column, "%.40s is too large", text);
	return true;
}

static int currency_decimals(const struct reader *reader, const char *code)
{
	for (int i = 0; i < reader->currency_count; i++)
		if (strcmp(reader->currencies[i].code, code) == 0)
			return reader->currencies[i].decimals;
	return -1;
}

static bool amount_check(struct reader *reader, const char *const *values, int type, int64_t *amount)
{
	int decimals = POINTS >> type & 1 ? currency_decimals(reader, values[CURRENCY]) : 2;
	int64_t basket;
	*amount = 0;
	if (decimals < 0)
		return reader_complain(reader, CURRENCY, "the programme has no currency \"%.40s\"", values[CURRENCY]);
	if (*values[BASKET] && !amount_read(reader, BASKET, values[BASKET], 2, &basket))
		return false;
	return !*values[AMOUNT] || amount_read(reader, AMOUNT, values[AMOUNT], decimals, amount);
}

static bool day_check(struct reader *reader, int column, const char *text, day_t latest)
{
	day_t day;
	if (!*text)
		return true;
	if (!day_parse(text, &day))
		return reader_complain(reader, column, "\"%.40s\" is no day; write YYYY-MM-DD", text);
	return day <= latest || reader_complain(reader, column, "%s lies in the future", text);
}

// When it happened, which may be before its date and not after.
static bool activity_day_check(struct reader *reader, const char *const *values)
{
	day_t day;
	if (!day_check(reader, ACTIVITY_DATE, values[ACTIVITY_DATE], reader->today))
		return false;
	return !*values[ACTIVITY_DATE] || !day_parse(values[DATE], &day) ||
	       strcmp(values[ACTIVITY_DATE], values[DATE]) <= 0 ||
	       reader_complain(reader, ACTIVITY_DATE, "%s lies after the event's date", values[ACTIVITY_DATE]);
}

static bool count_check(struct reader *reader, int column, const char *text)
{
	size_t digits = strspn(text, "0123456789");
	return !*text || (digits <= 9 && !text[digits]) ||
	       reader_complain(reader, column, "\"%.40s\" is no whole number", text);
}

// Whether each value stands where the type has one.
static bool presence_check(struct reader *reader, const char *const *values, int type)
{
	for (int column = 0; EVENT_COLUMNS[column].name; column++) {
		const struct import_column *c = &EVENT_COLUMNS[column];
		if (!*values[column] && (c->required >> type & 1))
			return reader_complain(reader, column, "it is missing");
		if (*values[column] && !(c->allowed >> type & 1))
			return reader_complain(reader, column, "a %s has none", event_type_name((enum event_type)type));
	}
	return true;
}

static bool texts_check(struct reader *reader, const char *const *values)
{
	static const int tags[] = {
		CATEGORY, TENDER, CHANNEL, PARTNER, ACTIVITY, REWARD, CURRENCY, PLAN, LADDER, TIER, SEGMENT};
	char flags[512];
	if (is_bad_text(values[SOURCE], 32))
		return reader_complain(reader, SOURCE, "it is longer than 32 bytes");
	if (strcmp(values[SOURCE], "transfer") == 0 || strcmp(values[SOURCE], "household") == 0)
		return reader_complain(reader, SOURCE, "that one is of points that come by themselves");
	if (is_bad_text(values[EXTERNAL_ID], 128))
		return reader_complain(reader, EXTERNAL_ID, "it is longer than 128 bytes");
	if (is_bad_text(values[EVIDENCE], 400))
		return reader_complain(reader, EVIDENCE, "it is longer than 400 bytes");
	for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
		if (*values[tags[i]] && !reader_is_tag(values[tags[i]]))
			return reader_complain(reader, tags[i], "it is longer than 64 bytes");
	if (!reader_flags(values[FLAGS], flags, sizeof flags))
		return reader_complain(reader, FLAGS, "flags are words with | between them");
	if (*values[QUALIFYING] && strcmp(values[QUALIFYING], "true") != 0 && strcmp(values[QUALIFYING], "false") != 0)
		return reader_complain(reader, QUALIFYING, "it is true or false");
	return true;
}

static bool event_check(struct reader *reader, const char *const *values, int *type, int64_t *amount)
{
	enum event_type found;
	if (!event_type_find(values[TYPE], &found) || found == EVENT_QUOTE || found == EVENT_CANCEL_REWARD ||
		found == EVENT_RECEIVE || found == EVENT_MERGE || found == EVENT_UNMERGE ||
		found == EVENT_REWARD_GRANT || found == EVENT_MULTIPLIER_GRANT)
		return reader_complain(reader, TYPE, "there is no event \"%.40s\"", values[TYPE]);
	if (found == EVENT_ENROL)
		return reader_complain(reader, TYPE, "members are enrolled by import members");
	*type = (int)found;
	return presence_check(reader, values, *type) && texts_check(reader, values) &&
	       day_check(reader, DATE, values[DATE], reader->today) && activity_day_check(reader, values) &&
	       day_check(reader, UNTIL, values[UNTIL], DAY_NONE) && count_check(reader, QUANTITY, values[QUANTITY]) &&
	       count_check(reader, UNITS, values[UNITS]) && amount_check(reader, values, *type, amount);
}

static void event_spoil(struct reader *reader, int64_t line)
{
	struct open_event *event = &reader->event;
	if (event->problem[0])
		return;
	snprintf(event->problem, sizeof event->problem, "%s", reader->problem);
	event->problem_line = line;
}

// One line more than an event may have: told at once, as there is no room to keep it.
static bool line_refuse(struct reader *reader, const struct csv *csv)
{
	reader_complain(reader, EXTERNAL_ID, "the event has more than %d lines", READER_LINES);
	event_spoil(reader, csv->line);
	reader_reject(reader, csv->line, reader->problem, csv->raw, csv->raw_length, true);
	return true;
}

// The values of a record as they stand in csv; event_open() copies them.
static void values_collect(const struct reader *reader, const struct csv *csv, const char **values)
{
	for (int column = 0; EVENT_COLUMNS[column].name; column++)
		values[column] = reader_value(reader, csv, column);
}

static bool is_same_event(const struct open_event *event, const char *const *values)
{
	return event->row && strcmp(event->values[EXTERNAL_ID], values[EXTERNAL_ID]) == 0 &&
	       strcmp(event->values[SOURCE], values[SOURCE]) == 0;
}

static bool event_open(struct reader *reader, const struct csv *csv, const char *const *values)
{
	struct open_event *event = &reader->event;
	size_t size = csv->raw_length + READER_COLUMNS + 1;
	if (size > event->texts_size) {
		char *texts = realloc(event->texts, size * 2);
		if (!texts)
			return false;
		event->texts = texts;
		event->texts_size = size * 2;
	}
	char *at = event->texts;
	for (int column = 0; EVENT_COLUMNS[column].name; column++) {
		size_t length = strlen(values[column]) + 1;
		event->values[column] = memcpy(at, values[column], length);
		at += length;
	}
	event->row = csv->line;
	event->line_count = 0;
	event->categories.length = event->raws.length = 0;
	event->problem[0] = '\0';
	return true;
}

// A later line of an event repeats its values or leaves them out; only amount and category are its own.
static bool line_check(struct reader *reader, const char *const *values)
{
	const struct open_event *event = &reader->event;
	if (!(WITH_LINES >> event->type & 1))
		return reader_complain(reader, EXTERNAL_ID, "line %lld has it already; only purchases, partners' "
			"purchases and returns have several lines", (long long)event->row);
	for (int column = 0; EVENT_COLUMNS[column].name; column++)
		if (column != AMOUNT && column != CATEGORY && *values[column] &&
			strcmp(values[column], event->values[column]) != 0)
			return reader_complain(
				reader, column, "it differs from line %lld of the same event", (long long)event->row);
	return true;
}

static void line_keep(struct reader *reader, const struct csv *csv, const char *category, int64_t amount)
{
	struct open_event *event = &reader->event;
	event->amounts[event->line_count] = amount;
	event->records[event->line_count++] =
		(struct event_record){csv->line, event->raws.length, csv->raw_length};
	copy_text_add(&event->categories, category, strlen(category) + 1);
	copy_text_add(&event->raws, csv->raw, csv->raw_length);
}

bool event_read(struct reader *reader, const struct csv *csv)
{
	const char *values[READER_COLUMNS];
	struct open_event *event = &reader->event;
	int64_t amount = 0;
	int type = 0;
	bool is_good;
	values_collect(reader, csv, values);
	if (is_same_event(event, values) && event->line_count == READER_LINES) {
		return line_refuse(reader, csv);
	} else if (is_same_event(event, values)) {
		is_good = line_check(reader, values) && amount_check(reader, values, event->type, &amount);
		if (is_good && !*values[AMOUNT])
			is_good = reader_complain(reader, AMOUNT, "it is missing");
	} else {
		if (!event_close(reader) || !event_open(reader, csv, values))
			return false;
		is_good = event_check(reader, values, &type, &amount);
		event->type = type;
	}
	if (!is_good)
		event_spoil(reader, csv->line);
	line_keep(reader, csv, values[CATEGORY], amount);
	return true;
}

static void event_reject(struct reader *reader)
{
	const struct open_event *event = &reader->event;
	char other[64];
	snprintf(other, sizeof other, "line %lld of the same event was rejected", (long long)event->problem_line);
	for (int i = 0; i < event->line_count; i++) {
		const struct event_record *r = &event->records[i];
		bool is_cause = r->line == event->problem_line;
		reader_reject(reader, r->line, is_cause ? event->problem : other, event->raws.at + r->offset, r->length, true);
	}
	reader->rejected++;
}

// {"food","drinks"}: quotes and backslashes escaped for the array, then all of it for COPY.
static void categories_add(struct copy_text *rows, const struct open_event *event)
{
	const char *category = event->categories.at;
	copy_text_add_string(rows, "\t{");
	for (int i = 0; i < event->line_count; i++) {
		copy_text_add_string(rows, i ? ",\"" : "\"");
		for (const char *at = *category ? category : "general"; *at; at++) {
			if (*at == '"' || *at == '\\')
				copy_text_add_string(rows, "\\\\");
			copy_text_add_string(rows, *at == '\\' ? "\\" : "");
			copy_text_add(rows, at, 1);
		}
		copy_text_add_string(rows, "\"");
		category += strlen(category) + 1;
	}
	copy_text_add_string(rows, "}\t{");
	for (int i = 0; i < event->line_count; i++) {
		copy_text_add_string(rows, i ? "," : "");
		copy_text_add_number(rows, event->amounts[i]);
	}
	copy_text_add_string(rows, "}\t\\N");
}

static void amounts_add(struct copy_text *rows, const struct open_event *event)
{
	if (event->line_count > 1) {
		copy_text_add_string(rows, "\t\\N");
		categories_add(rows, event);
		return;
	}
	copy_text_add_string(rows, *event->values[AMOUNT] ? "\t" : "\t\\N");
	if (*event->values[AMOUNT])
		copy_text_add_number(rows, event->amounts[0]);
	copy_text_add_string(rows, "\t\\N\t\\N");
	copy_text_add_value(rows, event->values[CATEGORY]);
}

static const char *first_of(const char *const *values, const int *columns, int count)
{
	for (int i = 0; i < count; i++)
		if (*values[columns[i]])
			return values[columns[i]];
	return "";
}

static void row_add(const struct reader *reader, struct chunk *chunk, int64_t import_no)
{
	static const int objects[] = {PARTNER, ACTIVITY, REWARD, CURRENCY, PLAN, LADDER, SEGMENT};
	static const int counts[] = {QUANTITY, UNITS};
	static const int before[] = {MEMBER, SOURCE, EXTERNAL_ID, TYPE, DATE, ACTIVITY_DATE};
	static const int after[] = {TIER, UNTIL, QUALIFYING, TENDER, CHANNEL};
	const struct open_event *event = &reader->event;
	struct copy_text *rows = &chunk->rows;
	char flags[512] = "";
	int64_t basket = 0;
	int decimals;
	copy_text_add_number(rows, import_no);
	copy_text_add_string(rows, "\t");
	copy_text_add_number(rows, event->row);
	for (size_t i = 0; i < sizeof before / sizeof *before; i++)
		copy_text_add_value(rows, event->values[before[i]]);
	amounts_add(rows, event);
	copy_text_add_value(rows, first_of(event->values, counts, 2));
	copy_text_add_string(rows, *event->values[BASKET] ? "\t" : "\t\\N");
	if (*event->values[BASKET] && decimal_parse(event->values[BASKET], &basket, &decimals))
		copy_text_add_number(rows, basket * decimal_power(2 - decimals));
	copy_text_add_value(rows, event->values[OF]);
	copy_text_add_value(rows, first_of(event->values, objects, sizeof objects / sizeof *objects));
	for (size_t i = 0; i < sizeof after / sizeof *after; i++)
		copy_text_add_value(rows, event->values[after[i]]);
	reader_flags(event->values[FLAGS], flags, sizeof flags);
	copy_text_add_value(rows, flags);
	copy_text_add_value(rows, event->values[RECEIVER]);
	copy_text_add_value(rows, event->values[EVIDENCE]);
	copy_text_add_string(rows, "\n");
}

static unsigned text_hash(const char *text)
{
	unsigned hash = 2166136261U;
	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 16777619U;
	return hash ^ hash >> 15;
}

bool event_close(struct reader *reader)
{
	struct open_event *event = &reader->event;
	if (!event->row)
		return true;
	struct lane *lane = &reader->lanes[text_hash(event->values[MEMBER]) % (unsigned)reader->lane_count];
	struct chunk *chunk = &lane->filling;
	if (event->problem[0]) {
		event_reject(reader);
	} else {
		row_add(reader, chunk, lane->import_no);
		chunk->row_count++;
		for (int i = 0; i < event->line_count; i++)
			chunk_add_record(chunk, event->row, event->records[i].line,
				event->raws.at + event->records[i].offset, event->records[i].length);
	}
	event->row = 0;
	return !lane_is_full(lane) || lane_send(lane);
}
