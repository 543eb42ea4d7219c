// The campaign as it stands on its screen tried on the whole membership: in a session of its own, nothing is
// written.
#include "model/amount.h"
#include "model/campaign/campaign_trial.h"
#include "screens/campaigns/campaign_state.h"
#include "screens/ui/form.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CELL_NUMBER, CELL_NAME, CELL_GRANTS, CELL_POINTS, CELL_MONEY, CELL_OF, COLUMNS, CELL_ID = COLUMNS, CELLS };
enum { LABEL = 12, BESIDE_LEAST = 110, LINES_MOST = 10 };

// What the thread works on, and, when it is done, what is shown.
struct dry_run {
	struct trial_request request;
	char *text; // of the document
	struct campaign_trial trial;
};

static void dry_run_free(void *work)
{
	struct dry_run *run = work;
	if (!run)
		return;
	campaign_trial_free(&run->trial);
	free(run->text);
	free(run);
}

static bool dry_run(struct background *background, struct session *session, void *work, struct error *error)
{
	struct dry_run *run = work;
	run->request.background = background;
	return campaign_trial(&run->trial, session, &run->request, error);
}

// NULL: none is done.
static const struct dry_run *done_run(const struct campaign_view *c)
{
	return c->dry_run.beside.background && c->dry_run.beside.progress.stage == BACKGROUND_DONE
		       ? c->dry_run.beside.work
		       : NULL;
}

// --- The receivers.

static const struct column columns[COLUMNS] = {
	[CELL_NUMBER] = {.title = "Member", .width = 9},
	[CELL_NAME] = {.title = "Name", .width = 16, .flex = 1},
	[CELL_GRANTS] = {.title = "Prizes", .width = 6, .align = ALIGN_RIGHT, .priority = 2},
	[CELL_POINTS] = {.title = "Points", .width = 11, .align = ALIGN_RIGHT, .priority = 1},
	[CELL_MONEY] = {.title = "Cost", .width = 9, .align = ALIGN_RIGHT},
	[CELL_OF] = {.title = "One of", .width = 11, .priority = 3},
};

// Those who are among the largest are not shown again.
static bool is_among(const struct campaign_try *result, int64_t member_id)
{
	for (int i = 0; i < result->largest_count; i++)
		if (result->largest[i].member_id == member_id)
			return true;
	return false;
}

static void receivers_add(struct rows *rows, const struct dry_run *run, bool is_largest, const char *iso)
{
	const struct campaign_try *result = &run->trial.result;
	const struct try_receiver *receivers = is_largest ? result->largest : result->sample;
	const struct result *names = is_largest ? run->trial.largest : run->trial.sample;
	char id[24], grants[24], points[AMOUNT_SIZE], money[AMOUNT_SIZE];
	for (int i = 0; names && i < result_rows(names); i++) {
		if (!is_largest && is_among(result, receivers[i].member_id))
			continue;
		snprintf(id, sizeof id, "%" PRId64, receivers[i].member_id);
		snprintf(grants, sizeof grants, "%" PRId64, receivers[i].grants);
		amount_points(points, receivers[i].points, run->trial.campaign.decimals, AMOUNT_PLAIN);
		amount_money(money, receivers[i].minor, iso, AMOUNT_PLAIN);
		const char *cells[CELLS] = {result_text(names, i, 0), result_text(names, i, 1), grants, points,
			money, is_largest ? "the largest" : "all", id};
		rows_add(rows, id, ROLE_TEXT, cells, CELLS);
	}
}

static void receivers_ask(struct list *l, const struct rows_request *request)
{
	const struct campaign_view *c = l->payload;
	const struct dry_run *run = done_run(c);
	struct rows rows = {0};
	if (run && request->ask == ROWS_FIRST) {
		receivers_add(&rows, run, true, desk_facts(l->screen)->money);
		receivers_add(&rows, run, false, desk_facts(l->screen)->money);
	}
	list_answer(l, request->ticket, &rows);
	l->at_end = true;
}

static const struct list_spec receivers_spec = {
	.columns = columns,
	.column_count = COLUMNS,
	.what = "receivers",
	.empty = "Nobody receives anything.",
	.ask = receivers_ask,
};

// --- What came of it.

static void add_prizes(struct detail *d, const struct dry_run *run)
{
	const struct campaign *campaign = &run->trial.campaign;
	const struct campaign_try *result = &run->trial.result;
	char line[300] = "", count[32];
	for (int i = 0; i < campaign->prize_count; i++) {
		size_t used = strlen(line);
		if (campaign->prizes[i].kind != PRIZE_NOTHING)
			snprintf(line + used, sizeof line - used, "%s%s %s", used ? ", " : "",
				list_count_text(result->prizes[i], false, count, sizeof count),
				campaign->prizes[i].code);
	}
	if (*line)
		detail_add(d, ROLE_TEXT, LABEL, "Of these", line);
}

static void add_not_won(struct detail *d, const struct campaign_try *result)
{
	static const char *const words[OUTCOMES] = {
		[OUTCOME_HOLD_OUT] = "held out",
		[OUTCOME_NONE] = "drew nothing",
		[OUTCOME_COOLDOWN] = "in the cooldown",
		[OUTCOME_LIMIT] = "over a limit",
		[OUTCOME_STOCK] = "out of stock",
		[OUTCOME_BUDGET] = "over budget",
	};
	char line[300] = "", count[32];
	for (int i = 0; i < OUTCOME_PRIZE; i++) {
		size_t used = strlen(line);
		if (result->outcomes[i] > 0)
			snprintf(line + used, sizeof line - used, "%s%s %s", used ? ", " : "",
				list_count_text(result->outcomes[i], false, count, sizeof count), words[i]);
	}
	if (*line)
		detail_add(d, ROLE_TEXT, LABEL, "Not won", line);
}

static void add_budget(struct detail *d, const struct dry_run *run, const char *label, int64_t budget,
	int64_t spent, int64_t used)
{
	char day[DAY_SIZE];
	day_t on = campaign_trial_lasts(&run->trial, budget, spent, used);
	if (budget == CAMPAIGN_ALL || used == 0)
		return;
	if (on == DAY_NONE)
		detail_add(d, ROLE_TEXT, LABEL, label, "lasts to the campaign's end, if all days are like these");
	else
		detail_format(d, ROLE_WARNING, LABEL, label,
			"would be used up about %s, if all days are like these", day_format(on, day));
}

static void add_totals(struct detail *d, const struct dry_run *run, const char *iso, int64_t elapsed_ms)
{
	const struct campaign_trial *trial = &run->trial;
	const struct campaign_try *result = &trial->result;
	char from[DAY_SIZE], to[DAY_SIZE], turns[32], in[32], members[32], points[AMOUNT_SIZE], money[AMOUNT_SIZE];
	detail_format(d, ROLE_STRONG, LABEL, "Days", "%s to %s, %s (%.1f s)", day_format(trial->options.from, from),
		day_format(trial->options.to, to),
		trial->options.is_past ? "as if it had run then" : "as it will run then",
		(double)elapsed_ms / 1000);
	detail_format(d, ROLE_TEXT, LABEL, "Turns", "%s, %s in the audience, of %s members",
		list_count_text(result->instances, false, turns, sizeof turns),
		list_count_text(result->in_audience, false, in, sizeof in),
		list_count_text(result->members, false, members, sizeof members));
	amount_points(points, result->points, trial->campaign.decimals, AMOUNT_PLAIN);
	amount_money(money, result->minor, iso, AMOUNT_PLAIN);
	detail_format(d, ROLE_STRONG, LABEL, "Prizes", "%s to %s members: %s%s%s%s%s",
		list_count_text(result->outcomes[OUTCOME_PRIZE], false, turns, sizeof turns),
		list_count_text(result->receivers, false, members, sizeof members),
		trial->campaign.currency ? points : "", trial->campaign.currency ? " " : "",
		trial->campaign.currency ? trial->campaign.currency : "", trial->campaign.currency ? ", " : "",
		money);
}

static void add_overlap(struct detail *d, const struct result *overlap)
{
	for (int row = 0; overlap && row < result_rows(overlap); row++)
		detail_format(d, ROLE_TEXT, LABEL, row ? NULL : "Others gave",
			"%s of these members something in the last 90 days: campaign %s, %s",
			result_text(overlap, row, 3), result_text(overlap, row, 0),
			result_text(overlap, row, 2));
	if (overlap && result_rows(overlap) == 0)
		detail_add(d, ROLE_DIM, LABEL, "Others gave", "none of these members anything in the last 90 days");
}

static void lines_fill(struct screen *s)
{
	struct campaign_view *c = s->state;
	struct detail *d = &c->dry_run.lines;
	const struct background_progress *progress = &c->dry_run.beside.progress;
	const struct dry_run *run = done_run(c);
	char day[DAY_SIZE];
	detail_clear(d);
	if (!c->dry_run.beside.background)
		detail_add(d, ROLE_DIM, 0, NULL,
			"w tries the campaign as it stands here on all members: who would win what, what it costs, "
			"when the budget is used up. Nothing is written, and nobody is given anything. The draw is "
			"one of its own: it tells how many would win, not who will.");
	else if (progress->stage == BACKGROUND_FAILED)
		detail_format(d, ROLE_BAD, 0, NULL, "Failed: %s%s%s", progress->error.why,
			*progress->error.todo ? "; " : "", progress->error.todo);
	else if (progress->stage == BACKGROUND_CANCELLED)
		detail_add(d, ROLE_WARNING, 0, NULL, "Cancelled before all members were tried.");
	if (!run)
		return;
	add_totals(d, run, desk_facts(s)->money, progress->elapsed_ms);
	add_prizes(d, run);
	add_not_won(d, &run->trial.result);
	if (run->trial.result.exhausted_on != DAY_NONE)
		detail_format(d, ROLE_WARNING, LABEL, "Runs out", "on %s %s",
			day_format(run->trial.result.exhausted_on, day), run->trial.result.exhausted_why);
	add_budget(d, run, "Points", run->trial.campaign.budget_points, run->request.spent_points,
		run->trial.result.points);
	add_budget(d, run, "Money", run->trial.campaign.budget_minor, run->request.spent_minor,
		run->trial.result.minor);
	add_overlap(d, run->trial.overlap);
}

static void told(struct screen *s, struct beside *beside)
{
	struct campaign_view *c = s->state;
	if (beside->progress.stage == BACKGROUND_RUNS)
		return;
	lines_fill(s);
	list_reload(&c->dry_run.receivers);
}

// --- Starting one.

static void start(struct screen *s, bool is_past, int days)
{
	struct campaign_view *c = s->state;
	const char *text = campaign_text(c);
	struct dry_run *run = calloc(1, sizeof *run);
	if (run)
		run->text = strdup(text);
	if (!run || !run->text) {
		dry_run_free(run);
		screen_say(s, ROLE_BAD, "Out of memory: the campaign was not tried");
		return;
	}
	run->request = (struct trial_request){.name = "the campaign",
		.text = run->text,
		.length = strlen(run->text),
		.is_past = is_past,
		.days = days};
	if (c->result) {
		run->request.campaign_no = c->line.campaign_no;
		run->request.revision_no = c->line.last_revision_no;
		run->request.spent_points = c->line.spent_points;
		run->request.spent_minor = c->line.spent_minor;
	}
	free(c->dry_run.text);
	c->dry_run.text = strdup(text);
	c->tabs.current = TAB_DRY_RUN;
	beside_start(s, &c->dry_run.beside, "the dry run", dry_run, run, dry_run_free, told);
	lines_fill(s);
	list_reload(&c->dry_run.receivers);
}

static bool days_are_right(const char *text, char *why, size_t size)
{
	int days = strspn(text, "0123456789") == strlen(text) ? atoi(text) : 0;
	if (days < 1 || days > TRIAL_DAYS_MOST)
		snprintf(why, size, "1 to %d", TRIAL_DAYS_MOST);
	return days >= 1 && days <= TRIAL_DAYS_MOST;
}

static bool period_saved(struct screen *s, struct form *f, void *payload)
{
	(void)payload;
	bool is_past = form_choice(f, "when") == 0;
	int days = atoi(form_value(f, "days"));
	form_saved(s->ui, form_serial(f));
	start(s, is_past, days);
	return false;
}

void campaign_ask_dry_run(struct screen *s)
{
	static const char *const whens[] = {"days gone by", "days to come", NULL};
	static const struct form_field fields[] = {
		{"when", "Over", FIELD_CHOICE, .choices = whens,
			.help = "Gone by: as if it had run then. To come: birthdays and schedules only"},
		{"days", "How many days", FIELD_TEXT, .max = 4, .required = true, .check = days_are_right},
	};
	static const struct form_spec form = {.title = "Try it on all members",
		.fields = fields,
		.count = 2,
		.save = "Try",
		.saved = period_saved};
	static const char *const starts[] = {NULL, "30"};
	form_open(s, &form, starts, s->state);
}

// --- The tab.

void campaign_dry_run_init(struct screen *s)
{
	struct campaign_view *c = s->state;
	detail_init(&c->dry_run.lines, s);
	list_init(&c->dry_run.receivers, &receivers_spec, s, c);
	lines_fill(s);
}

void campaign_dry_run_free(struct campaign_view *c)
{
	beside_free(&c->dry_run.beside);
	free(c->dry_run.text);
	list_free(&c->dry_run.receivers);
	detail_free(&c->dry_run.lines);
}

static bool has_list(const struct campaign_view *c, struct area a)
{
	const struct dry_run *run = done_run(c);
	return run && run->trial.result.receivers > 0 && a.height > 6;
}

// The line that says what this is, the lines, then under or beside them the receivers with a rule over them.
static struct area lines_area(const struct campaign_view *c, struct area a)
{
	struct area in = area_columns(area_rows(a, 1, a.height - 1), 1, a.width - 2);
	int height = c->dry_run.lines.line_count;
	if (!has_list(c, a))
		return in;
	if (a.width >= BESIDE_LEAST)
		return area_columns(in, 0, a.width / 2 - 3);
	height = height > LINES_MOST ? LINES_MOST : height;
	return area_rows(in, 0, height > in.height - 5 ? in.height - 5 : height);
}

static struct area list_area(const struct campaign_view *c, struct area a)
{
	if (a.width >= BESIDE_LEAST)
		return area_columns(area_rows(a, 2, a.height - 2), a.width / 2, a.width - a.width / 2);
	int top = lines_area(c, a).height + 2;
	return area_rows(a, top, a.height - top);
}

void campaign_dry_run_layout(struct campaign_view *c, struct area a)
{
	detail_layout(&c->dry_run.lines, lines_area(c, a));
	if (has_list(c, a))
		list_layout(&c->dry_run.receivers, list_area(c, a));
}

static void heading_draw(const struct campaign_view *c, struct area a)
{
	const struct background_progress *p = &c->dry_run.beside.progress;
	bool is_stale = c->dry_run.text && strcmp(c->dry_run.text, campaign_text(c)) != 0;
	const char *stale = is_stale ? " BEFORE YOUR LAST CHANGE" : "";
	int part = p->total > 0 ? (int)(100 * p->done / p->total) : 0;
	if (!c->dry_run.beside.background)
		draw_text(a, 0, 1, a.width - 2, ROLE_HEADER, "Not tried yet");
	else if (p->stage == BACKGROUND_RUNS)
		draw_format(a, 0, 1, a.width - 2, ROLE_WARNING, "Trying it on all members%s: %d %% (Esc cancels)", stale,
			part);
	else
		draw_format(a, 0, 1, a.width - 2, is_stale ? ROLE_WARNING : ROLE_HEADER,
			"Tried on all members%s (w: again)", stale);
}

void campaign_dry_run_draw(const struct campaign_view *c, struct area a)
{
	heading_draw(c, a);
	detail_draw(&c->dry_run.lines, lines_area(c, a));
	if (!has_list(c, a))
		return;
	struct area list = list_area(c, a);
	draw_rule((struct area){list.y - 1, list.x, 1, list.width}, 0,
		"The largest receivers, then some of all (J, K: the rest)");
	if (a.width >= BESIDE_LEAST)
		draw_divider(area_rows(a, 1, a.height - 1), a.width / 2 - 1);
	list_draw(&c->dry_run.receivers, list);
}

enum did campaign_dry_run_act(struct screen *s, int action, int count)
{
	struct campaign_view *c = s->state;
	const char *key = list_selected_key(&c->dry_run.receivers);
	if ((action == ACTION_OPEN || action == ACTION_EDIT_CELL) && key) {
		int64_t member_id = strtoll(key, NULL, 10);
		screen_open(s->ui, &member_screen, &member_id);
		return DID;
	}
	if (action == ACTION_HALF_DOWN || action == ACTION_HALF_UP || !key)
		return detail_act(&c->dry_run.lines, action, count);
	return list_act(&c->dry_run.receivers, action, count);
}
