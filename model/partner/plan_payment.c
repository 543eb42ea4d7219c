// What is to be charged for paid plans, and what the payment provider answered.
#include "model/partner/plan_payment.h"

#include "model/import/csv.h"
#include <stdio.h>
#include <string.h>

void plan_payment_due(struct ask *ask, const char *to)
{
	ask_init(ask, "SELECT * FROM loyalty.plan_dues($1::date)");
	ask_text(ask, to);
}

void plan_payment_answer(struct ask *ask, const struct plan_answer *answer)
{
	ask_init(ask,
		"SELECT loyalty.plan_answer(c.member_id, c.charge_no, $2, $3, nullif($4, '')::date, $5) "
		"FROM loyalty.plan_charge_of($1) c");
	ask_text(ask, answer->charge);
	ask_text(ask, answer->result);
	ask_text(ask, answer->id);
	ask_text(ask, answer->day);
	ask_text(ask, answer->reason);
}

enum column { CHARGE, RESULT, ID, DAY, REASON, COLUMN_COUNT };

static const struct {
	const char *name;
	bool is_required;
} COLUMNS[COLUMN_COUNT] = {
	[CHARGE] = {"charge", true},
	[RESULT] = {"result", true},
	[ID] = {"id", true},
	[DAY] = {"day", false},
	[REASON] = {"reason", false},
};

static int column_find(const char *name)
{
	for (int i = 0; i < COLUMN_COUNT; i++)
		if (strcmp(name, COLUMNS[i].name) == 0)
			return i;
	return -1;
}

static bool header_read(const struct csv *csv, int places[COLUMN_COUNT], struct error *error)
{
	static const char what[] = "the file of answers", todo[] = "see loyalty plan import --help";
	for (int i = 0; i < COLUMN_COUNT; i++)
		places[i] = -1;
	bool is_mended = csv->count > 2 && strcmp(csv->fields[0], "line") == 0 &&
			 strcmp(csv->fields[1], "reason") == 0; // a file of rejects: why they were
	for (int i = is_mended ? 2 : 0; i < csv->count; i++) {
		int column = column_find(csv->fields[i]);
		if (column < 0 || places[column] >= 0)
			return error_set(error, ERROR_FAILED, what, todo, "its header has \"%.60s\"%s",
				csv->fields[i], column < 0 ? ", which is no column" : " twice");
		places[column] = i;
	}
	for (int i = 0; i < COLUMN_COUNT; i++)
		if (COLUMNS[i].is_required && places[i] < 0)
			return error_set(
				error, ERROR_FAILED, what, todo, "its header lacks \"%s\"", COLUMNS[i].name);
	return true;
}

static const char *value_of(const struct csv *csv, int place)
{
	return place >= 0 && place < csv->count ? csv->fields[place] : "";
}

// Takes one line. False: the database is gone; a line that it refuses is told.
static bool line_take(struct session *session, const struct csv *csv, const int places[COLUMN_COUNT],
	const struct plan_listener *listener, int64_t *taken, struct error *error)
{
	struct ask ask;
	char reason[sizeof error->what + sizeof error->why + 4];
	plan_payment_answer(&ask, &(struct plan_answer){.charge = value_of(csv, places[CHARGE]),
					  .result = value_of(csv, places[RESULT]),
					  .id = value_of(csv, places[ID]),
					  .day = value_of(csv, places[DAY]),
					  .reason = value_of(csv, places[REASON])});
	struct result *answer = ask_session(session, &ask, error);
	*taken += answer != NULL;
	if (!answer && !session_is_alive(session))
		return false;
	if (!answer) {
		snprintf(reason, sizeof reason, "%s%s%s", error->what, *error->why ? ": " : "", error->why);
		listener->reject(listener->payload, csv->line, reason, csv->raw, csv->raw_length, true);
	}
	result_free(answer);
	return true;
}

bool plan_payment_import(struct session *session, int descriptor, const struct plan_listener *listener,
	int64_t *taken, struct error *error)
{
	struct csv csv;
	int places[COLUMN_COUNT], state = -1;
	*taken = 0;
	bool is_good = csv_init(&csv, ',', csv_from_descriptor, &descriptor) ||
		       error_set(error, ERROR_FAILED, "out of memory", "", "%s", "");
	is_good = is_good && (state = csv_next(&csv, error)) >= 0;
	if (is_good && (state == 0 || *csv.problem))
		is_good = error_set(error, ERROR_FAILED, "the file of answers",
			"see loyalty plan import --help", "%s", state == 0 ? "it is empty" : csv.problem);
	is_good = is_good && header_read(&csv, places, error);
	if (is_good)
		listener->header(listener->payload, csv.raw, csv.raw_length);
	while (is_good && (state = csv_next(&csv, error)) > 0) {
		if (*csv.problem)
			listener->reject(
				listener->payload, csv.line, csv.problem, csv.raw, csv.raw_length, false);
		else
			is_good = line_take(session, &csv, places, listener, taken, error);
	}
	csv_free(&csv);
	return is_good && state == 0;
}
