// The verb report nps: a survey's figures as text, CSV, JSON or a page.
#include "app/output.h"
#include "app/report.h"
#include "app/verb.h"
#include "model/report/builders.h"
#include "model/survey/report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *number(enum survey_kind kind, double value, char out[SCORE_TEXT])
{
	return score_text(kind, value, out);
}

// "+13.5 ±15.4, z 1.72, p 0.086: may be chance".
static void change_print(const struct survey_line *line, enum survey_kind kind)
{
	char value[SCORE_TEXT], margin[SCORE_TEXT];
	printf("%s%s ±%s, z %.2f, p %.3f: %s", line->change.value < 0 ? "" : "+", number(kind, line->change.value, value),
		number(kind, line->change.margin, margin), line->change.z, line->change.p,
		line->change.is_told ? "different" : "may be chance");
}

static void head_print(const struct survey_report *report)
{
	const struct survey_line *head = survey_report_head(report);
	enum survey_kind kind = report->survey.kind;
	char value[SCORE_TEXT], low[SCORE_TEXT], high[SCORE_TEXT], margin[SCORE_TEXT];
	printf("%s %s: %s (%s)\n", survey_scales[kind].name, report->survey.code, report->survey.name,
		report->survey.is_transactional ? "transactional" : "relational");
	if (!head) {
		puts("there are no answers");
		return;
	}
	printf("%s: ", head->name);
	if (head->is_suppressed)
		printf("too few answers for a score");
	else
		printf("%s ±%s (%s to %s)", number(kind, head->score.value, value),
			number(kind, (head->interval.high - head->interval.low) / 2, margin), number(kind, head->interval.low, low),
			number(kind, head->interval.high, high));
	printf(", %lld answers", (long long)head->n);
	if (head->share >= 0)
		printf(", %.1f %% of those invited replied", head->share);
	if (head->is_compared) {
		fputs("\nfrom the one before: ", stdout);
		change_print(head, kind);
	}
	putchar('\n');
}

static void line_print(const struct survey_line *line, enum survey_kind kind)
{
	char value[SCORE_TEXT], low[SCORE_TEXT], high[SCORE_TEXT], interval[80] = "";
	char share[24] = "";
	if (line->share >= 0)
		snprintf(share, sizeof share, "%.1f %%", line->share);
	printf("  %s%*s %8lld %8s", line->name, 16 - output_width(line->name) > 0 ? 16 - output_width(line->name) : 0, "",
		(long long)line->n, share);
	if (line->kind == LINES_SCORES) {
		putchar('\n');
		return;
	}
	if (!line->is_suppressed)
		snprintf(interval, sizeof interval, "%s to %s", number(kind, line->interval.low, low),
			number(kind, line->interval.high, high));
	printf(" %8s  %-16s", line->is_suppressed ? "n < 30" : number(kind, line->score.value, value), interval);
	if (line->is_compared) {
		fputs("  ", stdout);
		change_print(line, kind);
	}
	putchar('\n');
}

// Of the newest answers that have a case.
static void loop_print(const struct survey_report *report)
{
	const char *name;
	char value[LOOP_TEXT];
	if (report->has_loop)
		printf("\nclosing the loop, of %lld answers with a case\n", (long long)report->loop.cases);
	for (int i = 0; survey_report_loop(report, i, &name, value); i++)
		printf("  %-28s %s\n", name, *value ? value : "none yet");
}

static void text_print(const struct survey_report *report)
{
	static const char *const titles[LINE_KINDS] = {[LINES_TREND] = "over time, and from the one before",
		[LINES_SCORES] = "scores given",
		[LINES_TIER] = "by tier, and from all others",
		[LINES_CHANNEL] = "by channel, and from all others",
		[LINES_REGION] = "by region, and from all others",
		[LINES_SEGMENT] = "by saved segment when invited, and from all others",
		[LINES_CAMPAIGN] = "by campaign that gave a prize in the 90 days before, and from all others",
		[LINES_TAG] = "by tag, and from all others"};
	head_print(report);
	for (int i = 0; i < report->count; i++) {
		if (i == 0 || report->lines[i].kind != report->lines[i - 1].kind)
			printf("\n%s\n", titles[report->lines[i].kind]);
		line_print(&report->lines[i], report->survey.kind);
	}
	loop_print(report);
}

// The columns of a line as CSV and JSON have them; "": there is none.
enum { COLUMNS = 11, CELL = 80 };
static const char *const columns[COLUMNS] = {"part", "name", "n", "percent", "score", "low", "high", "change", "z", "p", "different"};

static void line_cells(const struct survey_line *line, char cells[COLUMNS][CELL])
{
	memset(cells, 0, COLUMNS * CELL);
	snprintf(cells[0], CELL, "%s", survey_line_kinds[line->kind]);
	snprintf(cells[1], CELL, "%s", line->name);
	snprintf(cells[2], CELL, "%lld", (long long)line->n);
	if (line->share >= 0)
		snprintf(cells[3], CELL, "%.2f", line->share);
	if (line->kind != LINES_SCORES && !line->is_suppressed) {
		snprintf(cells[4], CELL, "%.4f", line->score.value);
		snprintf(cells[5], CELL, "%.4f", line->interval.low);
		snprintf(cells[6], CELL, "%.4f", line->interval.high);
	}
	if (line->is_compared) {
		snprintf(cells[7], CELL, "%.4f", line->change.value);
		snprintf(cells[8], CELL, "%.4f", line->change.z);
		snprintf(cells[9], CELL, "%.6f", line->change.p);
		snprintf(cells[10], CELL, "%s", line->change.is_told ? "true" : "false");
	}
}

static void csv_print(const struct survey_report *report)
{
	char cells[COLUMNS][CELL];
	for (int i = 0; i < COLUMNS; i++)
		printf("%s%s", i ? "," : "", columns[i]);
	fputs("\r\n", stdout);
	for (int line = 0; line < report->count; line++) {
		line_cells(&report->lines[line], cells);
		for (int i = 0; i < COLUMNS; i++) {
			fputs(i ? "," : "", stdout);
			output_csv_text(stdout, cells[i]);
		}
		fputs("\r\n", stdout);
	}
}

static void json_print(const struct survey_report *report)
{
	char cells[COLUMNS][CELL];
	const struct survey_line *head = survey_report_head(report);
	fputs("{\"survey\": ", stdout);
	output_json_text(stdout, report->survey.code);
	fputs(", \"name\": ", stdout);
	output_json_text(stdout, report->survey.name);
	printf(", \"kind\": \"%s\", \"by\": \"%s\", \"at\": ", survey_scales[report->survey.kind].code, survey_grains[report->grain]);
	output_json_text(stdout, head ? head->name : "");
	fputs(", \"lines\": [", stdout);
	for (int line = 0; line < report->count; line++) {
		line_cells(&report->lines[line], cells);
		fputs(line ? ",\n {" : "\n {", stdout);
		for (int i = 0; i < COLUMNS; i++) {
			printf("%s\"%s\": ", i ? ", " : "", columns[i]);
			if (i < 2)
				output_json_text(stdout, cells[i]);
			else
				fputs(*cells[i] ? cells[i] : "null", stdout);
		}
		putchar('}');
	}
	const struct survey_loop *loop = &report->loop;
	fputs("\n]", stdout);
	if (report->has_loop) {
		printf(", \"loop\": {\"cases\": %lld, \"answered\": %lld, \"closed\": %lld, \"answer_s\": %lld, \"close_s\": %lld, \"asked_again\": "
		       "%lld, \"recovered\": %lld, \"buying\": %lld, \"goodwill\": ",
			(long long)loop->cases, (long long)loop->answered, (long long)loop->closed, (long long)loop->answer_s,
			(long long)loop->close_s, (long long)loop->asked_again, (long long)loop->better, (long long)loop->buying);
		output_json_text(stdout, loop->given);
		fputs(", \"goodwill_each\": ", stdout);
		output_json_text(stdout, loop->each);
		putchar('}');
	}
	puts("}");
}

static enum survey_grain grain_wanted(const struct arguments *arguments)
{
	const char *by = option_value(arguments, "by");
	int grain = GRAIN_WEEK;
	while (by && survey_grains[grain] && strcmp(survey_grains[grain], by) != 0)
		grain++;
	return by ? (enum survey_grain)grain : GRAIN_MONTH;
}

static int page_print(const struct arguments *arguments, const struct survey_report *survey, struct session *session)
{
	struct report report;
	struct error error = {0};
	report_survey(&report, survey);
	int status = report_origin(&report, session, &error) ? report_print(arguments, &report) : verb_failed(&error);
	report_free(&report);
	return status;
}

int report_nps_verb(const struct arguments *arguments)
{
	struct error error = {0};
	struct survey_report report;
	const char *at = option_value(arguments, "at");
	day_t day = DAY_NONE;
	if (at)
		day_parse(at, &day);
	struct session *session = verb_session(arguments, &error);
	bool is_good = session && survey_report_init(&report, session, option_value(arguments, "survey"), grain_wanted(arguments),
					  day, option_number(arguments, "population", 0), &error);
	int status = !is_good ? verb_failed(&error)
		     : arguments->format == FORMAT_HTML ? page_print(arguments, &report, session)
							: 0;
	session_close(session);
	if (!is_good)
		return status;
	if (arguments->format != FORMAT_HTML)
		(arguments->format == FORMAT_CSV	  ? csv_print
			: arguments->format == FORMAT_JSON ? json_print
							   : text_print)(&report);
	survey_report_free(&report);
	return status;
}
