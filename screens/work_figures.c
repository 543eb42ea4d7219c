// Work figures: how long members waited, promises broken, what was reopened, resolved at once and saved, by period, group and
// person, each with its definition.
#include "model/desk/desk_report.h"
#include "screens/desk_list.h"
#include "screens/span.h"
#include "screens/ui/detail.h"
#include "screens/ui/prompt.h"
#include "screens/ui/tabs.h"
#include <stdio.h>
#include <string.h>

enum { TAG_ROWS = 1, EACH_COUNT = 3, DAY_LENGTH = 11 };

struct figures {
	struct list list;
	struct tabs tabs;
	struct detail definitions;
	char from[DAY_LENGTH], to[DAY_LENGTH]; // "": 30 days ago, today
};

static const char *const each_words[EACH_COUNT] = {"all", "group", "person"};
static const char *const tab_names[EACH_COUNT] = {"Together", "By group", "By person"};

static const struct column columns[] = {
	{.title = "Who", .width = 10, .flex = 2},
	{.title = "Done", .width = 6, .align = ALIGN_RIGHT},
	{.title = "Answered", .width = 15, .align = ALIGN_RIGHT},
	{.title = "Solved", .width = 15, .align = ALIGN_RIGHT},
	{.title = "Late", .width = 17, .align = ALIGN_RIGHT, .priority = 1},
	{.title = "Reopen", .width = 6, .align = ALIGN_RIGHT, .priority = 2},
	{.title = "First", .width = 6, .align = ALIGN_RIGHT, .priority = 3},
	{.title = "Saved", .width = 6, .align = ALIGN_RIGHT},
	{.title = "Pleased", .width = 9, .align = ALIGN_RIGHT, .priority = 1},
};
enum { COLUMN_COUNT = sizeof columns / sizeof columns[0] };

static void figures_ask(struct list *l, const struct rows_request *request)
{
	const struct figures *v = l->screen->state;
	struct ask ask;
	figures(&ask, *v->from ? v->from : NULL, *v->to ? v->to : NULL, each_words[v->tabs.current]);
	desk_list_ask(l, request, TAG_ROWS, "the figures", &ask, NULL);
}

static const struct list_spec spec = {.columns = columns,
	.column_count = COLUMN_COUNT,
	.what = "figures",
	.empty = "No case was resolved in this period.",
	.ask = figures_ask};

// "12 min / 3 h": the median, and what nine of ten did not exceed.
static void waits(const int64_t wait_s[2], char *out, size_t size)
{
	char median[SPAN_TEXT], most[SPAN_TEXT];
	if (wait_s[0] < 0)
		snprintf(out, size, "-");
	else
		snprintf(out, size, "%s / %s", span_text(wait_s[0], median), span_text(wait_s[1], most));
}

static bool add_row(struct rows *rows, const struct screen *s, const struct result *result, int row)
{
	(void)s;
	struct figure_row f;
	char answered[80], solved[80], late[80], pleased[40], percent[3][24];
	figure_row_read(result, row, &f);
	waits(f.answer_s, answered, sizeof answered);
	waits(f.solution_s, solved, sizeof solved);
	snprintf(late, sizeof late, "%.6s/%.6s/%.6s", f.percent[0], f.percent[1], f.percent[2]);
	snprintf(percent[0], sizeof percent[0], "%.8s", f.percent[3]);
	snprintf(percent[1], sizeof percent[1], "%.8s", f.percent[4]);
	snprintf(percent[2], sizeof percent[2], "%.8s", *f.saved ? f.saved : "-");
	snprintf(pleased, sizeof pleased, *f.pleased ? "%.8s/%.12s" : "-", f.pleased, f.rated);
	const char *cells[COLUMN_COUNT] = {
		f.who, f.resolved, answered, solved, late, percent[0], percent[1], percent[2], pleased};
	return rows_add(rows, f.who, ROLE_TEXT, cells, COLUMN_COUNT);
}

static void figures_answer(struct screen *s, void *answer)
{
	const struct desk_news *news = answer;
	struct figures *v = s->state;
	if (news->kind == DESK_ANSWERED && desk_list_take(&v->list, news, "reading the figures", add_row))
		v->list.at_end = true; // all there are were read at once
	else if (news->kind == DESK_CHANGED && news->channel == DESK_EVERYTHING)
		list_refresh(&v->list);
}

static void define(struct detail *d)
{
	static const char *const lines[][2] = {
		{"Done", "how often a case was resolved in the period, by whom and in the group it was in then"},
		{"Answered", "working hours from opening to the first answer: half took no longer / nine of ten took no longer"},
		{"Solved", "the same from opening to the resolution"},
		{"Late", "per cent whose first answer / a further answer / solution came after what was promised"},
		{"Reopen", "per cent that did not last: opened again afterwards, by us or by the member"},
		{"First", "per cent resolved with one answer and never reopened (first-contact resolution)"},
		{"Pleased", "per cent in the best class, of how many who said how it went when asked after the case"},
		{"Saved", "kept of those at risk, per cent: outcome kept against kept and lost (save rate)"},
	};
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
		detail_add(d, ROLE_DIM, 10, lines[i][0], lines[i][1]);
}

static bool figures_open(struct screen *s, const void *argument)
{
	(void)argument;
	struct figures *v = s->state;
	v->tabs = (struct tabs){.names = tab_names, .count = EACH_COUNT};
	detail_init(&v->definitions, s);
	define(&v->definitions);
	return list_init(&v->list, &spec, s, v);
}

static void figures_close(struct screen *s)
{
	struct figures *v = s->state;
	desk_forget(s);
	list_free(&v->list);
	detail_free(&v->definitions);
}

enum { DEFINITIONS_HEIGHT = 9 };

static struct area definitions_area(struct area a)
{
	int height = a.height < 2 * DEFINITIONS_HEIGHT ? a.height / 3 : DEFINITIONS_HEIGHT;
	return area_rows(a, a.height - height, height);
}

static struct area figures_list(struct area a)
{
	return area_rows(a, 1, a.height - 1 - definitions_area(a).height);
}

static struct area inside(struct area below)
{
	return area_columns(area_rows(below, 1, below.height - 1), 1, below.width - 2);
}

static void figures_layout(struct screen *s, struct area a)
{
	struct figures *v = s->state;
	list_layout(&v->list, figures_list(a));
	detail_layout(&v->definitions, inside(definitions_area(a)));
}

static void figures_draw(const struct screen *s, struct area a)
{
	const struct figures *v = s->state;
	tabs_draw(&v->tabs, a, 0);
	list_draw(&v->list, figures_list(a));
	draw_rule(definitions_area(a), 0, "What the figures are");
	detail_draw(&v->definitions, inside(definitions_area(a)));
}

static void period_typed(struct screen *s, const char *text, void *payload)
{
	(void)payload;
	struct figures *v = s->state;
	char from[40] = "", to[40] = "";
	int days = sscanf(text, "%39s %39s", from, to);
	if (days > 0 && (strlen(from) != DAY_LENGTH - 1 || (days > 1 && strlen(to) != DAY_LENGTH - 1))) {
		screen_say(s, ROLE_WARNING, "Two days, as 2026-11-01 2026-11-30; one: until today; none: the last 30 days");
		return;
	}
	snprintf(v->from, sizeof v->from, "%.10s", from);
	snprintf(v->to, sizeof v->to, "%.10s", to);
	list_reload(&v->list);
}

static enum did figures_act(struct screen *s, int action, int count)
{
	static const struct prompt_spec period = {.label = "From which day to which: ", .max = 30, .done = period_typed};
	struct figures *v = s->state;
	if (action == ACTION_FILTER) {
		prompt_open(s, &period, NULL);
		return DID;
	}
	if (tabs_act(&v->tabs, action) == DID) {
		list_reload(&v->list);
		return DID;
	}
	enum did did = list_act(&v->list, action, count);
	return did == NOT_MINE ? desk_act(s, action) : did;
}

static enum did figures_mouse(struct screen *s, int y, int x, enum mouse_button button)
{
	struct figures *v = s->state;
	if (y > 0)
		return list_mouse(&v->list, y - 1, x, button);
	if (button != MOUSE_CLICK || tabs_mouse(&v->tabs, x) != DID)
		return NOT_MINE;
	list_reload(&v->list);
	return DID;
}

static void figures_title(const struct screen *s, char *out, size_t size)
{
	const struct figures *v = s->state;
	snprintf(out, size, "Work figures: %s%s%s", *v->from ? v->from : "the last 30 days", *v->to ? " to " : "", v->to);
}

static void figures_position(const struct screen *s, char *out, size_t size)
{
	list_position(&((const struct figures *)s->state)->list, out, size);
}

static const int figures_actions[] = {ACTION_FILTER, DESK_EVERYWHERE, ACTION_NONE};

const struct screen_ops work_figures_screen = {
	.name = "work-figures",
	.help = "Waiting times, broken promises, reopened and saved, by period, group and person",
	.size = sizeof(struct figures),
	.rights = DESK_MAY_DECIDE,
	.digits = true,
	.actions = figures_actions,
	.open = figures_open,
	.close = figures_close,
	.answer = figures_answer,
	.layout = figures_layout,
	.draw = figures_draw,
	.act = figures_act,
	.mouse = figures_mouse,
	.cancel = desk_cancel,
	.title = figures_title,
	.position = figures_position,
};
