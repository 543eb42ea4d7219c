// Campaigns: the list of surprise rewards with what they have spent of their budgets; begins new ones from
// templates or copies.
#include "model/amount.h"
#include "model/campaign/campaign_life.h"
#include "model/campaign/campaign_template.h"
#include "screens/campaigns/campaign_state.h"
#include "screens/ui/form.h"
#include "screens/ui/list.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TAG_LIST = 1, TAG_COPY };
enum { FOOT_HEIGHT = 9, LABEL = 10, BAR = 20, LINE_SIZE = 300 };

// Cells of a row: those of the columns, then what the detail shows.
enum {
	CELL_NAME,
	CELL_STATE,
	CELL_TRIGGER,
	CELL_DAYS,
	CELL_GRANTS,
	CELL_POINTS,
	CELL_MONEY,
	COLUMN_COUNT,
	CELL_CODE = COLUMN_COUNT,
	CELL_WHY,
	CELL_REVISION,
	CELL_MOVED,
	CELL_POINTS_BUDGET,
	CELL_MONEY_BUDGET,
	CELL_COUNT
};

struct campaigns {
	struct list list;
	struct detail detail; // of the selected campaign
	uint32_t ticket, form;
	char code[40]; // of the copy to be made
	bool is_stale;
};

static const struct column columns[COLUMN_COUNT] = {
	[CELL_NAME] = {.title = "Campaign", .width = 20, .flex = 1},
	[CELL_STATE] = {.title = "State", .width = 9},
	[CELL_TRIGGER] = {.title = "On", .width = 13, .priority = 2},
	[CELL_DAYS] = {.title = "Days", .width = 22, .priority = 3},
	[CELL_GRANTS] = {.title = "Given", .width = 9, .align = ALIGN_RIGHT},
	[CELL_POINTS] = {.title = "Points", .width = 14, .align = ALIGN_RIGHT},
	[CELL_MONEY] = {.title = "Money", .width = 12, .align = ALIGN_RIGHT, .priority = 1},
};

static void campaigns_ask_rows(struct list *l, const struct rows_request *request)
{
	struct campaigns *c = l->payload;
	struct rows none = {0};
	struct ask ask;
	if (request->ask != ROWS_FIRST) { // all there are were read at once
		list_answer(l, request->ticket, &none);
		return;
	}
	c->ticket = request->ticket;
	c->is_stale = desk_pending(l->screen, TAG_LIST) > 0;
	if (c->is_stale)
		return;
	campaign_list(&ask);
	if (!desk_send(l->screen,
		    &(struct desk_request){
			    .tag = TAG_LIST, .what = "campaigns", .asks = {&ask}, .is_read = true}))
		list_failed(l, c->ticket);
}

static void show_detail(struct list *l)
{
	struct campaigns *c = l->payload;
	const struct row *row = list_selected(l);
	detail_clear(&c->detail);
	if (!row)
		return;
	detail_format(&c->detail, ROLE_STRONG, LABEL, "Campaign", "%s %s, %s", row->key,
		row->cells[CELL_CODE], row->cells[CELL_NAME]);
	detail_format(&c->detail, ROLE_TEXT, LABEL, "Runs", "%s, on %s", row->cells[CELL_DAYS],
		row->cells[CELL_TRIGGER]);
	detail_add(&c->detail, ROLE_TEXT, LABEL, "Points", row->cells[CELL_POINTS_BUDGET]);
	detail_add(&c->detail, ROLE_TEXT, LABEL, "Money", row->cells[CELL_MONEY_BUDGET]);
	detail_add(&c->detail, ROLE_TEXT, LABEL, "Revision", row->cells[CELL_REVISION]);
	if (*row->cells[CELL_WHY])
		detail_format(&c->detail, ROLE_WARNING, LABEL, "Why", "%s", row->cells[CELL_WHY]);
	detail_add(&c->detail, ROLE_DIM, LABEL, "Moved", row->cells[CELL_MOVED]);
}

static const struct list_spec spec = {
	.columns = columns,
	.column_count = COLUMN_COUNT,
	.what = "campaigns",
	.empty = "There is no campaign yet. n begins one from a template.",
	.ask = campaigns_ask_rows,
	.selected = show_detail,
};

// --- Rows.

// "[########            ] 40 % of 2,000,000"; a budget of nothing is spent.
static void budget_text(
	char *out, size_t size, const char *spent, const char *budget, int64_t used, int64_t all)
{
	char bar[BAR + 1] = "";
	if (all == CAMPAIGN_ALL) {
		snprintf(out, size, "%s spent, no budget", spent);
		return;
	}
	int parts = all > 0 ? (int)((double)used * BAR / (double)all) : BAR;
	memset(bar, '#', (size_t)parts);
	memset(bar + parts, ' ', (size_t)(BAR - parts));
	snprintf(out, size, "[%s] %s of %s, %d %%", bar, spent, budget,
		all > 0 ? (int)((double)used * 100 / (double)all) : 100);
}

static bool add_row(struct rows *rows, const struct screen *s, const struct result *result, int row)
{
	struct campaign_line line;
	char key[ROW_KEY_MAX], from[DAY_SIZE], to[DAY_SIZE], days[32], grants[AMOUNT_SIZE],
		points[AMOUNT_SIZE] = "", points_budget[AMOUNT_SIZE] = "", money[AMOUNT_SIZE],
		money_budget[AMOUNT_SIZE] = "", points_line[LINE_SIZE], money_line[LINE_SIZE],
		revision[LINE_SIZE], moved[LINE_SIZE];
	const char *iso = desk_facts(s)->money;
	campaign_line_read(result, row, &line);
	snprintf(key, sizeof key, "%d", line.campaign_no);
	snprintf(days, sizeof days, "%s %s", day_format(line.starts_on, from), day_format(line.ends_on, to));
	amount_points(grants, line.grants, 0, AMOUNT_PLAIN);
	amount_points(points, line.spent_points, line.decimals, AMOUNT_PLAIN);
	amount_money(money, line.spent_minor, iso, AMOUNT_PLAIN);
	if (line.budget_points != CAMPAIGN_ALL)
		amount_points(points_budget, line.budget_points, line.decimals, AMOUNT_PLAIN);
	if (line.budget_minor != CAMPAIGN_ALL)
		amount_money(money_budget, line.budget_minor, iso, AMOUNT_PLAIN);
	budget_text(points_line, sizeof points_line, points, points_budget, line.spent_points,
		line.budget_points);
	budget_text(money_line, sizeof money_line, money, money_budget, line.spent_minor, line.budget_minor);
	snprintf(revision, sizeof revision,
		line.revision_no && line.revision_no != line.last_revision_no ? "%d, %s by %s; %d runs on"
									      : "%d, %s by %s",
		line.last_revision_no, line.last_state, line.author, line.revision_no);
	snprintf(moved, sizeof moved, "by %s, %s", line.moved_by, line.moved_at);
	const char *cells[CELL_COUNT] = {line.name, line.state, line.trigger, days, grants,
		*line.currency ? points : "", money, line.code, line.why, revision, moved,
		*line.currency ? points_line : "it gives none", money_line};
	bool waits = strcmp(line.last_state, "submitted") == 0;
	return rows_add(rows, key,
		strcmp(line.state, "ended") == 0             ? ROLE_DIM
		: strcmp(line.state, "paused") == 0 || waits ? ROLE_WARNING
							     : ROLE_TEXT,
		cells, CELL_COUNT);
}

static void take_list(struct screen *s, const struct answer *answer)
{
	struct campaigns *c = s->state;
	struct rows rows = {0};
	bool is_complete = true;
	if (!desk_good(s, answer, "looking at the campaigns")) {
		list_failed(&c->list, c->ticket);
		return;
	}
	for (int row = 0; row < result_rows(answer->results[0]) && is_complete; row++)
		is_complete = add_row(&rows, s, answer->results[0], row);
	if (!is_complete)
		screen_say(s, ROLE_BAD, "Out of memory: not all campaigns are shown");
	list_answer(&c->list, c->ticket, &rows);
	c->list.at_end = true;
	if (c->is_stale)
		list_refresh(&c->list);
}

// --- A new one.

static bool code_is_right(const char *text, char *why, size_t size)
{
	size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
	bool is_right =
		text[length] == '\0' && length <= 32 && (text[0] < '0' || text[0] > '9') && text[0] != '_';
	if (!is_right)
		snprintf(why, size, "begins with a letter; letters, digits and _, at most 32");
	return is_right;
}

static bool new_saved(struct screen *s, struct form *f, void *payload)
{
	char *text = campaign_template(form_value(f, "template"), form_value(f, "code"),
		form_value(f, "name"), desk_facts(s)->business_day + 1, desk_facts(s));
	(void)payload;
	if (!text) {
		form_error(f, NULL, "out of memory");
		return false;
	}
	form_saved(s->ui, form_serial(f)); // it closes what is above it, too
	screen_open(
		s->ui, &campaign_screen, &(struct campaign_open){.document = text, .length = strlen(text)});
	free(text);
	return false;
}

static void open_new(struct screen *s)
{
	static struct form_field fields[] = {
		{"template", "Begin from", FIELD_CHOICE, .help = "Everything in it can be changed"},
		{"name", "Name", FIELD_TEXT, .max = 100, .required = true,
			.help = "As members read it where a message says {campaign}"},
		{"code", "Code", FIELD_TEXT, .max = 32, .required = true,
			.help = "For files and reports: letters, digits and _", .check = code_is_right},
	};
	static const struct form_spec form = {
		.title = "A new campaign", .fields = fields, .count = 3, .save = "Go on", .saved = new_saved};
	fields[0].choices = campaign_template_names();
	form_open(s, &form, NULL, s->state);
}

static bool copy_saved(struct screen *s, struct form *f, void *payload)
{
	struct campaigns *c = payload;
	struct ask ask;
	snprintf(c->code, sizeof c->code, "%s", form_value(f, "code"));
	campaign_get(&ask, atoi(list_selected_key(&c->list)));
	if (desk_send(s, &(struct desk_request){
				 .tag = TAG_COPY, .what = "the campaign", .asks = {&ask}, .is_read = true}))
		c->form = form_wait(f);
	return false;
}

static void open_copy(struct screen *s)
{
	static const struct form_field fields[] = {{"code", "Code", FIELD_TEXT, .max = 32, .required = true,
		.help = "Of the copy: letters, digits and _", .check = code_is_right}};
	static const struct form_spec form = {.title = "Copy the campaign",
		.fields = fields,
		.count = 1,
		.save = "Copy",
		.saved = copy_saved};
	struct campaigns *c = s->state;
	if (list_selected(&c->list))
		form_open(s, &form, NULL, c);
}

static void take_copy(struct screen *s, const struct answer *answer)
{
	struct campaigns *c = s->state;
	struct campaign_line line;
	if (answer->outcome != REQUEST_OK || result_rows(answer->results[0]) == 0) {
		form_refused(s->ui, c->form, NULL,
			answer->outcome == REQUEST_OK ? "it is gone" : desk_reason(answer->error));
		return;
	}
	campaign_line_read(answer->results[0], 0, &line);
	char *text = campaign_copy(&line, c->code);
	form_saved(s->ui, c->form);
	if (text)
		screen_open(s->ui, &campaign_screen,
			&(struct campaign_open){.document = text, .length = strlen(text)});
	else
		screen_say(s, ROLE_BAD, "It could not be copied: out of memory");
	free(text);
}

// --- The screen.

static void campaigns_answer(struct screen *s, void *answer)
{
	const struct desk_news *news = answer;
	struct campaigns *c = s->state;
	if (news->kind == DESK_ANSWERED && news->tag == TAG_LIST)
		take_list(s, news->answer);
	else if (news->kind == DESK_ANSWERED)
		take_copy(s, news->answer);
	else if (news->kind == DESK_CHANGED &&
		 (news->channel == DESK_CAMPAIGN || news->channel == DESK_EVERYTHING))
		list_refresh(&c->list);
}

static bool campaigns_open(struct screen *s, const void *argument)
{
	(void)argument;
	struct campaigns *c = s->state;
	detail_init(&c->detail, s);
	return list_init(&c->list, &spec, s, c);
}

static void campaigns_close(struct screen *s)
{
	struct campaigns *c = s->state;
	desk_forget(s);
	detail_free(&c->detail);
	list_free(&c->list);
}

static void campaigns_layout(struct screen *s, struct area a)
{
	struct campaigns *c = s->state;
	list_layout(&c->list, area_head(a, FOOT_HEIGHT));
	detail_layout(&c->detail, area_rows(area_foot(a, FOOT_HEIGHT), 1, FOOT_HEIGHT));
}

static void campaigns_draw(const struct screen *s, struct area a)
{
	const struct campaigns *c = s->state;
	struct area foot = area_foot(a, FOOT_HEIGHT);
	draw_rule(foot, 0, "The selected campaign");
	detail_draw(&c->detail, area_rows(foot, 1, FOOT_HEIGHT));
	list_draw(&c->list, area_head(a, FOOT_HEIGHT)); // last: the cursor stands on its row
}

static enum did campaigns_act(struct screen *s, int action, int count)
{
	struct campaigns *c = s->state;
	switch (action) {
	case ACTION_OPEN:
		screen_open(s->ui, &campaign_screen,
			&(struct campaign_open){.campaign_no = atoi(list_selected_key(&c->list))});
		return DID;
	case ACTION_NEW_CAMPAIGN:
		open_new(s);
		return DID;
	case ACTION_COPY_CAMPAIGN:
		open_copy(s);
		return DID;
	default: {
		enum did did = list_act(&c->list, action, count);
		return did == NOT_MINE ? desk_act(s, action) : did;
	}
	}
}

static const char *campaigns_disabled(const struct screen *s, int action)
{
	const struct campaigns *c = s->state;
	if ((action == ACTION_OPEN || action == ACTION_COPY_CAMPAIGN) && !list_selected(&c->list))
		return "there is no campaign";
	if ((action == ACTION_NEW_CAMPAIGN || action == ACTION_COPY_CAMPAIGN) &&
		!action_allowed(action, s->ui->rights))
		return "marketing and administrators write campaigns";
	return NULL;
}

static enum did campaigns_mouse(struct screen *s, int y, int x, enum mouse_button button)
{
	return list_mouse(&((struct campaigns *)s->state)->list, y, x, button);
}

static void campaigns_title(const struct screen *s, char *out, size_t size)
{
	(void)s;
	snprintf(out, size, "Campaigns");
}

static void campaigns_position(const struct screen *s, char *out, size_t size)
{
	list_position(&((const struct campaigns *)s->state)->list, out, size);
}

static const int campaigns_actions[] = {
	ACTION_NEW_CAMPAIGN, ACTION_COPY_CAMPAIGN, ACTION_REFRESH, DESK_EVERYWHERE, ACTION_NONE};

const struct screen_ops campaigns_screen = {
	.name = "campaigns",
	.help = "Surprise rewards: their state, and what they have spent of their budgets",
	.size = sizeof(struct campaigns),
	.actions = campaigns_actions,
	.open = campaigns_open,
	.close = campaigns_close,
	.answer = campaigns_answer,
	.layout = campaigns_layout,
	.draw = campaigns_draw,
	.act = campaigns_act,
	.mouse = campaigns_mouse,
	.disabled = campaigns_disabled,
	.cancel = desk_cancel,
	.title = campaigns_title,
	.position = campaigns_position,
};
