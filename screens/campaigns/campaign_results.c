// What became of those whom the campaign gave something, beside those it held out: as bars, and day by day.
#include "model/campaign/campaign_report.h"
#include "model/report/new_file.h"
#include "screens/campaigns/campaign_state.h"
#include "screens/ui/plot.h"
#include "screens/ui/term.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LABEL = 14, BAR = 24, PLOT_HEIGHT = 8, PLOT_LEAST = 18, BESIDE_LEAST = 130, LINE_SIZE = 300 };

// Columns of the report's first two sections (model/campaign/campaign_report.c).
enum { FIGURE, RECEIVED, HELD_OUT, DIFFERENCE, LOW, HIGH, CHANGE, VERDICT };
enum { WHAT, IS, NOTE };

void campaign_results_init(struct screen *s)
{
	struct campaign_view *c = s->state;
	c->results.days = RESULTS_DAYS;
	detail_init(&c->results.lines, s);
}

void campaign_results_free(struct campaign_view *c)
{
	if (c->results.is_read)
		report_free(&c->results.report);
	free(c->results.points);
	detail_free(&c->results.lines);
}

void campaign_results_load(struct screen *s)
{
	struct campaign_view *c = s->state;
	struct ask groups, days;
	if (!c->result)
		return;
	campaign_results_ask(&groups, c->campaign_no, c->results.days);
	campaign_comeback_ask(&days, c->campaign_no, c->results.days);
	c->results.is_asked = desk_send(s, &(struct desk_request){.tag = TAG_RESULTS,
						   .what = "the results",
						   .asks = {&groups, &days},
						   .is_read = true,
						   .replaces = true});
}

// --- In words and bars.

// "####........", as long as its share of the greater of both.
static const char *bar_text(double value, double other, char out[4 * BAR + 1])
{
	double greatest = fmax(value, other);
	int cells = !isnan(value) && greatest > 0 && value > 0 ? (int)(value / greatest * BAR + 0.5) : 0;
	out[0] = '\0';
	for (int i = 0; i < BAR; i++)
		strcat(out, i < cells ? (term_ascii() ? "#" : "█") : (term_ascii() ? "." : "░"));
	return out;
}

static void add_group(struct detail *d, const char *label, const struct report_cell *cell,
	const struct report_cell *other)
{
	char bar[4 * BAR + 1];
	if (isnan(cell->value))
		detail_format(d, ROLE_DIM, LABEL, label, "%s", cell->text);
	else
		detail_format(d, ROLE_TEXT, LABEL, label, "%s %s", bar_text(cell->value, other->value, bar), cell->text);
}

static void add_difference(struct detail *d, const struct report_section *section, int row)
{
	const struct report_cell *verdict = report_cell(section, row, VERDICT);
	const char *change = report_cell(section, row, CHANGE)->text;
	if (!*verdict->text) {
		detail_add(d, ROLE_DIM, LABEL, "  difference", "too few to tell (n < 30)");
		return;
	}
	detail_format(d,
		verdict->verdict > 0   ? ROLE_GOOD
		: verdict->verdict < 0 ? ROLE_BAD
				       : ROLE_TEXT,
		LABEL, "  difference", "%s (95 %%: %s to %s)%s%s, %s", report_cell(section, row, DIFFERENCE)->text,
		report_cell(section, row, LOW)->text, report_cell(section, row, HIGH)->text, *change ? ", " : "",
		change, strcmp(verdict->text, "yes") == 0 ? "more than chance" : "may be chance");
}

// A figure with bars, or how many there are of each group.
static void add_figure(struct detail *d, const struct report_section *section, int row)
{
	const struct report_cell *received = report_cell(section, row, RECEIVED),
				 *held_out = report_cell(section, row, HELD_OUT);
	const char *name = report_cell(section, row, FIGURE)->text;
	bool is_count = row < section->row_count && !*report_cell(section, row, DIFFERENCE)->text &&
			!isnan(received->value) && !isnan(held_out->value);
	if (is_count) {
		detail_format(d, ROLE_TEXT, 0, NULL, "%s: %s received, %s held out", name, received->text,
			held_out->text);
		return;
	}
	if (isnan(received->value) && isnan(held_out->value)) {
		detail_format(d, ROLE_DIM, 0, NULL, "%s: too few to tell (n < 30)", name);
		return;
	}
	detail_add(d, ROLE_STRONG, 0, NULL, name);
	add_group(d, "  received", received, held_out);
	add_group(d, "  held out", held_out, received);
	add_difference(d, section, row);
}

static void add_cost(struct detail *d, const struct report_section *section, int row)
{
	const char *note = report_cell(section, row, NOTE)->text;
	detail_format(d, ROLE_TEXT, 0, NULL, "%s: %s%s%s%s", report_cell(section, row, WHAT)->text,
		report_cell(section, row, IS)->text, *note ? " (" : "", note, *note ? ")" : "");
}

static void lines_fill(struct campaign_view *c)
{
	struct detail *d = &c->results.lines;
	const struct report *report = &c->results.report;
	detail_clear(d);
	for (int i = 0; i < report->section_count; i++) {
		const struct report_section *section = &report->sections[i];
		bool is_figures = strcmp(section->code, "figures") == 0;
		if (!is_figures && strcmp(section->code, "cost") != 0)
			continue;
		detail_format(d, ROLE_HEADER, 0, NULL, "%s%s", i ? "\n" : "", section->title);
		if (*section->note)
			detail_add(d, ROLE_DIM, 0, NULL, section->note);
		for (int row = 0; row < section->row_count; row++)
			if (is_figures)
				add_figure(d, section, row);
			else
				add_cost(d, section, row);
	}
}

// --- Day by day.

static const struct report_chart *chart_of(const struct campaign_view *c)
{
	for (int i = 0; c->results.is_read && i < c->results.report.section_count; i++)
		if (c->results.report.sections[i].chart.count > 1)
			return &c->results.report.sections[i].chart;
	return NULL;
}

static void points_make(struct campaign_view *c)
{
	const struct report_chart *chart = chart_of(c);
	free(c->results.points);
	c->results.points = chart ? calloc((size_t)chart->count, sizeof *c->results.points) : NULL;
	for (int i = 0; c->results.points && i < chart->count; i++)
		c->results.points[i] = (struct plot_point){
			.value = chart->values[i], .low = chart->low[i], .high = chart->high[i]};
}

void campaign_results_taken(struct screen *s, const struct answer *answer)
{
	static struct campaign_results results;
	static int64_t received[RESULTS_DAYS_MOST + 1], held_out[RESULTS_DAYS_MOST + 1];
	struct campaign_view *c = s->state;
	if (!desk_good(s, answer, "reading the results"))
		return;
	campaign_results_take(&results, answer->results[0]);
	campaign_comeback_take(answer->results[1], false, c->results.days, received);
	campaign_comeback_take(answer->results[1], true, c->results.days, held_out);
	if (c->results.is_read)
		report_free(&c->results.report);
	c->results.is_read = true;
	campaign_report_make(&c->results.report,
		&(struct campaign_report_source){.campaign_no = c->line.campaign_no,
			.days = c->results.days,
			.code = c->line.code,
			.name = c->line.name,
			.state = c->line.state,
			.money = desk_facts(s)->money,
			.currency = c->line.currency,
			.decimals = c->line.decimals,
			.decisions = c->line.decisions,
			.grants = c->line.grants,
			.results = &results,
			.received = received,
			.held_out = held_out});
	lines_fill(c);
	points_make(c);
}

// --- Keys.

static void days_typed(struct screen *s, const char *text, void *payload)
{
	struct campaign_view *c = payload;
	int days = strspn(text, "0123456789") == strlen(text) ? atoi(text) : 0;
	if (days < 1 || days > RESULTS_DAYS_MOST) {
		screen_say(s, ROLE_WARNING, "Give a number of days from 1 to %d", RESULTS_DAYS_MOST);
		return;
	}
	c->results.days = days;
	campaign_results_load(s);
}

void campaign_results_ask_days(struct screen *s)
{
	struct campaign_view *c = s->state;
	char start[12];
	snprintf(start, sizeof start, "%d", c->results.days);
	c->results.prompt = (struct prompt_spec){
		.label = "Days after a member's first turn: ", .start = start, .max = 3, .done = days_typed};
	prompt_open(s, &c->results.prompt, c);
	c->results.prompt.start = NULL; // it was copied
}

// As the end of its name says; else as text.
static enum report_format format_of(const char *file)
{
	static const char *const ends[REPORT_FORMATS] = {
		[REPORT_TEXT] = ".txt", [REPORT_CSV] = ".csv", [REPORT_JSON] = ".json", [REPORT_HTML] = ".html"};
	const char *end = strrchr(file, '.');
	for (int i = 0; end && i < REPORT_FORMATS; i++)
		if (strcmp(end, ends[i]) == 0)
			return (enum report_format)i;
	return REPORT_TEXT;
}

static void file_named(struct screen *s, const char *name)
{
	const struct campaign_view *c = s->state;
	struct new_file file;
	struct error error = {0};
	bool is_good = new_file_open(&file, name, &error);
	if (is_good && !report_write(file.out, &c->results.report, format_of(name), term_ascii())) {
		new_file_drop(&file);
		is_good = error_set(&error, ERROR_FAILED, "the file was not written", "",
			"out of memory, or the disk takes no more");
	}
	if (is_good && new_file_keep(&file, &error))
		screen_say(s, ROLE_GOOD, "Written: the results into %s", name);
	else
		desk_say_error(s, "writing the results", &error);
}

void campaign_results_write(struct screen *s)
{
	struct campaign_view *c = s->state;
	char start[64];
	snprintf(start, sizeof start, "results-%.40s.html", c->line.code);
	save_as_ask(s, &c->results.save_as, "Write to (.html, .csv, .json, .txt): ", start, file_named);
}

// --- The tab.

static bool is_beside(struct area a)
{
	return a.width >= BESIDE_LEAST;
}

static struct area plot_area(struct area a)
{
	if (is_beside(a))
		return area_columns(area_rows(a, 1, a.height > 24 ? 22 : a.height - 2), a.width / 2 + 1,
			a.width - a.width / 2 - 2);
	return area_columns(area_rows(a, a.height - PLOT_HEIGHT, PLOT_HEIGHT), 1, a.width - 2);
}

static bool has_plot(const struct campaign_view *c, struct area a)
{
	return c->results.points && a.height >= PLOT_LEAST;
}

static struct area lines_area(const struct campaign_view *c, struct area a)
{
	struct area in = area_columns(a, 1, a.width - 2);
	if (!has_plot(c, a))
		return in;
	return is_beside(a) ? area_columns(in, 0, a.width / 2 - 3) : area_rows(in, 0, a.height - PLOT_HEIGHT - 1);
}

void campaign_results_layout(struct campaign_view *c, struct area a)
{
	detail_layout(&c->results.lines, lines_area(c, a));
}

static void plot_show(const struct campaign_view *c, struct area a)
{
	const struct report_chart *chart = chart_of(c);
	struct area area = plot_area(a);
	const struct plot plot = {.points = c->results.points,
		.count = chart->count,
		.least = -100,
		.most = 100,
		.decimals = 1,
		.selected = -1};
	if (is_beside(a)) {
		draw_divider(a, a.width / 2 - 1);
		draw_text(a, 0, a.width / 2 + 1, area.width, ROLE_HEADER, chart->title);
	} else
		draw_rule(a, a.height - PLOT_HEIGHT - 1, chart->title);
	plot_draw(area_rows(area, 0, area.height - 1), &plot);
	draw_format(area, area.height - 1, PLOT_LABEL, area.width - PLOT_LABEL, ROLE_DIM, "day 1 to %s after it",
		chart->labels[chart->count - 1]);
}

void campaign_results_draw(const struct campaign_view *c, struct area a)
{
	if (!c->results.is_read) {
		draw_text(a, 0, 1, a.width - 2, ROLE_DIM,
			c->result ? c->results.is_asked ? "" : "F5 reads the results" : "It is not saved yet: nobody was given anything");
		return;
	}
	detail_draw(&c->results.lines, lines_area(c, a));
	if (has_plot(c, a))
		plot_show(c, a);
}
