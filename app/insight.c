// The verbs insight ...: figures listed and explained, pinned, what the house must say itself, counting anew.
#include "app/output.h"
#include "app/progress.h"
#include "app/report.h"
#include "app/stop.h"
#include "app/verb.h"
#include "model/ask.h"
#include "model/insight/formula.h"
#include "model/insight/history.h"
#include "model/insight/recompute.h"
#include "model/report/report.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TREND_MONTHS = 13, LOOK_MS = 200 };

static const struct report_column LIST_COLUMNS[] = {
	{"code", "code", COLUMN_TEXT},
	{"name", "figure", COLUMN_TEXT},
	{"value", "now", COLUMN_NUMBER},
	{"year_before", "a year before", COLUMN_NUMBER},
	{"baseline", "baseline", COLUMN_NUMBER},
	{"change", "since baseline", COLUMN_TEXT},
	{"trend", "13 months", COLUMN_TREND},
};
enum { LIST_COLUMN_COUNT = sizeof LIST_COLUMNS / sizeof *LIST_COLUMNS };

static void figure_line(struct report *report, const struct history *history, const struct figure *figure)
{
	char now_text[FIGURE_TEXT], was_text[FIGURE_TEXT], pinned_text[FIGURE_TEXT], change[FIGURE_TEXT];
	double now = history_value(history, figure, history->now);
	double was = history_value(history, figure, history->now - WINDOW_LONG);
	double pinned = history->pinned[figure - FIGURE], trend[TREND_MONTHS];
	for (int i = 0; i < TREND_MONTHS; i++)
		trend[i] = history_value(history, figure, history->now - TREND_MONTHS + 1 + i);
	report_text(report, figure->code);
	report_text(report, figure->name);
	report_number(report, figure_text(figure, now, history->money, history->decimals, now_text), now);
	report_number(report, figure_text(figure, was, history->money, history->decimals, was_text), was);
	report_number(report,
		*history->baseline
			? figure_text(figure, pinned, history->money, history->decimals, pinned_text)
			: "",
		pinned);
	report_text(report, figure_change(figure, now, pinned, change));
	report_trend(report, trend, TREND_MONTHS);
}

static void behind_note(const struct history *history, char *out, size_t size)
{
	char month[MONTH_TEXT], baseline[MONTH_TEXT];
	int length = snprintf(out, size, "%s so far", month_text(history->now, month));
	if (history->behind && length > 0)
		length += snprintf(out + length, size - (size_t)length,
			"; %s%lld members are still to be taken in",
			history->behind >= 1000 ? "more than " : "", (long long)history->behind);
	if (*history->job && length > 0 && (size_t)length < size)
		length += snprintf(out + length, size - (size_t)length, "; %s: part %d of %d", history->job,
			history->job_done + 1, history->job_parts);
	if (*history->baseline && length > 0 && (size_t)length < size)
		snprintf(out + length, size - (size_t)length, "; baseline \"%s\" of %s", history->baseline,
			month_text(history->baseline_month, baseline));
}

static bool history_of(const struct arguments *arguments, struct history *history, struct error *error)
{
	struct session *session = verb_session(arguments, error);
	bool is_good = session && history_read(history, session, error);
	session_close(session);
	return is_good;
}

static int written(const struct arguments *arguments, struct report *report)
{
	int status = report_print(arguments, report);
	report_free(report);
	return status;
}

int insight_list_verb(const struct arguments *arguments)
{
	struct history history = {0};
	struct error error = {0};
	struct report report;
	char note[300];
	if (!history_of(arguments, &history, &error)) {
		history_free(&history);
		return verb_failed(&error);
	}
	behind_note(&history, note, sizeof note);
	report_init(&report, "insight", "", "");
	report_section(&report, "figures", note, "", LIST_COLUMNS, LIST_COLUMN_COUNT);
	for (int i = 0; i < FIGURES; i++)
		figure_line(&report, &history, &FIGURE[i]);
	history_free(&history);
	return written(arguments, &report);
}

// --- insight show CODE

static void facts_add(struct report *report, const struct figure *figure)
{
	static const struct report_column columns[] = {{"what", "", COLUMN_TEXT}, {"is", "", COLUMN_TEXT}};
	report_section(report, "definition", figure->name, "", columns, 2);
	const char *const lines[][2] = {{"is", figure->definition}, {"reckoned", figure->source},
		{"window", figure->window}, {"population", figure->population},
		{"good", figure->direction > 0   ? "more is better"
			 : figure->direction < 0 ? "less is better"
						 : "neither more nor less is better by itself"}};
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		report_text(report, lines[i][0]);
		report_text(report, lines[i][1]);
	}
}

static void months_add(struct report *report, const struct history *history, const struct figure *figure)
{
	static const struct report_column columns[] = {{"month", "month", COLUMN_TEXT},
		{"value", "value", COLUMN_NUMBER}, {"change", "a year before", COLUMN_TEXT}};
	report_section(report, "months", "By month, the last one so far", "", columns, 3);
	for (month_t month = history->first; month <= history->now; month++) {
		char text[FIGURE_TEXT], change[FIGURE_TEXT], name[MONTH_TEXT];
		double value = history_value(history, figure, month);
		report_text(report, month_text(month, name));
		report_number(
			report, figure_text(figure, value, history->money, history->decimals, text), value);
		report_text(report, figure_change(figure, value,
					    history_value(history, figure, month - WINDOW_LONG), change));
	}
}

int insight_show_verb(const struct arguments *arguments)
{
	const struct figure *figure = figure_find(arguments->operands[0]);
	struct history history = {0};
	struct error error = {0};
	struct report report;
	if (!figure)
		return verb_misused(arguments->operands[0],
			"there is no such figure; loyalty insight list has their codes");
	if (!history_of(arguments, &history, &error)) {
		history_free(&history);
		return verb_failed(&error);
	}
	double now = history_value(&history, figure, history.now);
	char text[FIGURE_TEXT], line[200];
	figure_text(figure, now, history.money, history.decimals, text);
	snprintf(line, sizeof line, "%s%s%s", text, formula_is_none(now) && figure->missing ? "; " : "",
		formula_is_none(now) && figure->missing ? figure->missing : "");
	report_init(&report, figure->code, figure->name, line);
	facts_add(&report, figure);
	months_add(&report, &history, figure);
	history_free(&history);
	return written(arguments, &report);
}

// --- What is written.

int insight_pin_verb(const struct arguments *arguments)
{
	struct history history = {0};
	struct error error = {0};
	struct ask ask;
	struct session *session = verb_session(arguments, &error);
	char *text = NULL;
	bool is_good = session && history_read(&history, session, &error);
	if (is_good && !(text = history_pin_ask(&ask, &history, arguments->operands[0])))
		is_good = error_set(&error, ERROR_FAILED, "nothing was pinned", "", "out of memory");
	struct result *result = is_good ? ask_session(session, &ask, &error) : NULL;
	if (result)
		printf("pinned as \"%s\": figures are compared with it from now on\n",
			arguments->operands[0]);
	is_good = result != NULL;
	result_free(result);
	session_close(session);
	history_free(&history);
	free(text);
	return is_good ? 0 : verb_failed(&error);
}

static int done(const struct arguments *arguments, const struct ask *ask, const char *what)
{
	struct result *result;
	int status = verb_ask(arguments, ask, &result);
	if (result)
		puts(what);
	result_free(result);
	return status;
}

int insight_set_verb(const struct arguments *arguments)
{
	struct ask ask;
	const char *value = arguments->operands[1];
	setting_ask(&ask, arguments->operands[0], strcmp(value, "none") == 0 ? NULL : value);
	return done(arguments, &ask, "set; figures use it from now on, for all months");
}

int insight_sales_verb(const struct arguments *arguments)
{
	struct ask ask;
	month_t month;
	if (!month_parse(arguments->operands[0], &month))
		return verb_misused(arguments->operands[0], "a month is YYYY-MM");
	sales_ask(&ask, month, arguments->operands[1]);
	return done(arguments, &ask, "noted");
}

// --- insight recompute

static bool job_look(
	struct session *session, const char *number, struct recompute_state *state, struct error *error)
{
	struct ask ask;
	recompute_look(&ask, number);
	struct result *result = ask_session(session, &ask, error);
	if (result)
		recompute_state_read(state, result);
	result_free(result);
	return result != NULL;
}

// It goes on without us: to stop is to stop looking.
static bool job_follow(const struct arguments *arguments, struct session *session, const char *number,
	struct recompute_state *state, struct error *error)
{
	struct progress progress;
	bool is_good = true;
	progress_init(&progress, "recompute", arguments->ascii);
	stop_listen();
	while ((is_good = job_look(session, number, state, error)) && !state->is_over && !stop_requested() &&
		state->workers > 0) {
		progress_draw(&progress, state->done, state->parts, "parts");
		poll(NULL, 0, LOOK_MS);
	}
	progress_clear(&progress);
	return is_good;
}

int insight_recompute_verb(const struct arguments *arguments)
{
	struct error error = {0};
	struct recompute_state state = {0};
	char number[32] = "";
	struct session *session = verb_session(arguments, &error);
	struct ask ask;
	recompute_ask(&ask);
	struct result *result = session ? ask_session(session, &ask, &error) : NULL;
	if (result)
		snprintf(number, sizeof number, "%s", result_text(result, 0, 0));
	result_free(result);
	bool is_good = *number && (option_given(arguments, "no-wait")
						  ? job_look(session, number, &state, &error)
						    : job_follow(arguments, session, number, &state, &error));
	session_close(session);
	if (!is_good)
		return verb_failed(&error);
	if (state.is_over)
		printf("counted anew: %" PRId64 " members\n", state.members);
	else
		printf("job %s: part %" PRId64 " of %" PRId64 "; %s\n", number, state.done + 1, state.parts,
			state.workers ? "a worker goes on with it" : "it waits for a worker: loyalty worker");
	return 0;
}
