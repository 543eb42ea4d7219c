// A program of the toolkit alone, for the tests: a list of 1,000 generated rows, a form, dialogs, a text
// area.
#include "screens/ui/chart.h"
#include "screens/ui/dialog.h"
#include "screens/ui/form.h"
#include "screens/ui/list.h"
#include "screens/ui/prompt.h"
#include "screens/ui/tabs.h"
#include "screens/ui/text.h"
#include "screens/ui/text_area.h"
#include "screens/ui/ui.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DEFAULT_ROWS = 1000, NAMES = 8 };
enum {
	ACTION_FORM = ACTION_OWN,
	ACTION_REVOKE,
	ACTION_WIPE,
	ACTION_CHOOSE,
	ACTION_SLOW,
	ACTION_CRASH,
	ACTION_ABORT,
	ACTION_NOTE,
	ACTION_REFUSED,
	ACTION_PANES,
	ACTION_OVERFLOW,
	ACTION_EXIT
};

static const struct action_info own_actions[] = {
	{"form", "e", "edit", "Sample", "Open the form", 0},
	{"revoke", "v", "revoke", "Sample", "Ask before revoking", ACTION_DANGER},
	{"wipe", "W", NULL, "Sample", "Ask for a word before wiping", ACTION_DANGER},
	{"choose", "c", "choose", "Sample", "Choose a colour", 0},
	{"slow", "s", "slow", "Sample", "Load for ever, until cancelled", 0},
	{"crash", NULL, NULL, "Sample", "Fail as a wrong pointer does", 0},
	{"abort", NULL, NULL, "Sample", "Fail as an assertion does", 0},
	{"note", "i", NULL, "Sample", "Show a note", 0},
	{"refused", "x", NULL, "Sample", "Never possible", 0},
	{"panes", "p", "panes", "Sample", "Open the screen with tabs", 0},
	{"overflow", NULL, NULL, "Sample", "Fail as an endless recursion does", 0},
	{"exit", NULL, NULL, "Sample", "Leave by exit()", 0},
};

struct sample {
	struct list list;
	struct edit echo; // what was done last
	bool slow;
};

static int row_count = DEFAULT_ROWS;
static int asked; // how many requests were put

// A payload the loop watches: answers a request one turn later, as a database would.
static struct {
	struct ui *ui;
	uint32_t serial;
	struct rows_request request;
	bool due, held; // held: not before the key "release" comes
	int pipe[2];
} source;

static const char *const names[NAMES] = {
	"Ayşe Yılmaz",
	"Müller, Jürgen",
	"漢字 太郎",
	"e\xcc\x81tienne Combining",
	"\xd9\x85\xd8\xad\xd9\x85\xd8\xaf \xd8\xb9\xd9\x84\xd9\x8a", // Arabic
	"bad \033[31mred\033[0m \xff\xfe bytes",
	"over\xe2\x80\xaeride \xe2\x80\x8bzero",
	"long name that goes on and on until no column can ever hold it",
};

static bool add_row(struct rows *rows, int number)
{
	char key[16], points[24];

	snprintf(key, sizeof key, "%07d", number);
	snprintf(points, sizeof points, "%d", number * 7 % 10000);
	const char *cells[] = {key, names[number % NAMES], number % 3 ? "open" : "gold", points};
	return rows_add(rows, key, ROLE_TEXT, cells, 4);
}

static void answer_rows(struct rows *rows, const struct rows_request *r)
{
	int key = atoi(r->key), from = 0, to;

	switch (r->ask) {
	case ROWS_FIRST:
		from = 0;
		break;
	case ROWS_LAST:
		from = row_count - r->count;
		break;
	case ROWS_AFTER:
		from = key + 1;
		break;
	case ROWS_BEFORE:
		from = key - r->count;
		break;
	case ROWS_FROM:
		from = key;
	}
	to = from + r->count;
	for (int i = from < 0 ? 0 : from; i < to && i < row_count && (r->ask != ROWS_BEFORE || i < key); i++)
		add_row(rows, i);
}

static void sample_ask(struct list *l, const struct rows_request *request)
{
	source.serial = l->screen->serial;
	source.request = *request;
	source.due = true;
	asked++;
}

static int source_fd(void *payload)
{
	(void)payload;
	return source.pipe[0];
}

static int source_timeout(void *payload)
{
	(void)payload;
	return source.due && !source.held ? 0 : -1;
}

static void source_step(void *payload, short revents)
{
	struct rows rows = {0};

	(void)payload;
	(void)revents;
	if (!source.due || source.held)
		return;
	source.due = false;
	answer_rows(&rows, &source.request);
	if (!screen_post(source.ui, source.serial, &rows))
		rows_free(&rows);
}

static const struct loop_watch source_watch = {
	.fd = source_fd, .timeout_ms = source_timeout, .step = source_step};

static const struct column columns[] = {
	{"number", 8, 0, 0, ALIGN_LEFT},
	{"name", 16, 1, 0, ALIGN_LEFT},
	{"state", 8, 0, 2, ALIGN_LEFT},
	{"points", 8, 0, 1, ALIGN_RIGHT},
};

static const struct list_spec list_spec = {
	.columns = columns,
	.column_count = 4,
	.what = "loading rows",
	.empty = "There are no rows",
	.ask = sample_ask,
};

static bool sample_open(struct screen *s, const void *argument)
{
	struct sample *p = s->state;

	(void)argument;
	return edit_init(&p->echo, "", 200, false) && list_init(&p->list, &list_spec, s, NULL);
}

static void sample_close(struct screen *s)
{
	struct sample *p = s->state;

	list_free(&p->list);
	edit_free(&p->echo);
}

static void sample_answer(struct screen *s, void *answer)
{
	struct sample *p = s->state;

	list_set_total(&p->list, row_count, false);
	list_answer(&p->list, source.request.ticket, answer);
}

static void sample_layout(struct screen *s, struct area a)
{
	list_layout(&((struct sample *)s->state)->list, area_rows(a, 0, a.height - 1));
}

static void sample_draw(const struct screen *s, struct area a)
{
	const struct sample *p = s->state;

	list_draw(&p->list, area_rows(a, 0, a.height - 1));
	draw_format(a, a.height - 1, 0, a.width, ROLE_DIM, "echo: %s", p->echo.text);
}

static bool check_email(const char *text, char *why, size_t size)
{
	if (strchr(text, '@'))
		return true;
	snprintf(why, size, "has no @");
	return false;
}

static const char *const colors[] = {"green", "gold", "violet", NULL};
static const struct form_field fields[] = {
	{.name = "name", .label = "Name", .max = 40, .required = true, .help = "The name as on the card"},
	{.name = "email", .label = "E-mail", .max = 60, .check = check_email},
	{.name = "born", .label = "Born", .kind = FIELD_DATE},
	{.name = "points", .label = "Points", .kind = FIELD_NUMBER},
	{.name = "color", .label = "Colour", .kind = FIELD_CHOICE, .choices = colors},
	{.name = "text", .label = "Text", .kind = FIELD_LINES, .max = 2000},
};

static void echo(struct screen *s, const char *text)
{
	edit_set(&((struct sample *)s->state)->echo, text);
}

static bool form_is_saved(struct screen *asker, struct form *f, void *payload)
{
	char text[400];

	(void)payload;
	if (!strcmp(form_value(f, "name"), "taken")) {
		form_error(f, "name", "is taken");
		return false;
	}
	snprintf(text, sizeof text, "saved <%s> <%s> <%s> <%zu bytes>", form_value(f, "name"),
		form_value(f, "email"), form_value(f, "color"), strlen(form_value(f, "text")));
	echo(asker, text);
	return true;
}

static const struct form_spec form_spec = {
	.title = "Edit row", .fields = fields, .count = 6, .saved = form_is_saved};

static void on_revoked(struct screen *asker, void *payload)
{
	(void)payload;
	echo(asker, "revoked");
}

static void on_chosen(struct screen *asker, int chosen, void *payload)
{
	(void)payload;
	echo(asker, colors[chosen]);
}

static void sample_cancel(struct screen *s)
{
	struct sample *p = s->state;

	if (p->slow)
		screen_waited(s);
	p->slow = false;
}

static void ask_to_revoke(struct screen *s)
{
	dialog_confirm(s,
		&(struct question){.title = "Revoke points?",
			.text = "Revoke 1,250 points from 3 members. They are told by e-mail.",
			.yes = "Revoke"},
		on_revoked, NULL);
}

static void ask_to_wipe(struct screen *s)
{
	dialog_confirm(s,
		&(struct question){.title = "Wipe?",
			.text = "This cannot be undone.",
			.yes = "Wipe",
			.typed = "wipe it"},
		on_revoked, NULL);
}

static void start_slow(struct screen *s)
{
	struct sample *p = s->state;

	if (!p->slow)
		screen_wait(s, "loading slowly");
	p->slow = true;
}

static int endless(volatile int depth)
{
	volatile char room[4096];

	room[depth % 4096] = (char)depth;
	if (depth < 0)
		return 0;
	return endless(depth + 1) + room[depth % 4096];
}

// Random keys find any command through completion, so that they are kept from these by the environment.
static void fail(int action)
{
	// Written through a pointer the compiler cannot see through.
	int *volatile nowhere = (int *)8;

	if (getenv("SAMPLER_NO_FAULTS"))
		return;
	if (action == ACTION_CRASH)
		*nowhere = 1;
	if (action == ACTION_ABORT)
		abort();
	if (action == ACTION_EXIT)
		exit(7);
	exit(endless(1));
}

static const struct screen_ops panes_screen;

static enum did sample_act(struct screen *s, int action, int count)
{
	struct sample *p = s->state;

	switch (action) {
	case ACTION_FORM:
		form_open(s, &form_spec, (const char *const[]){"Ayşe", "", "", "", "gold", ""}, NULL);
		return DID;
	case ACTION_REVOKE:
		ask_to_revoke(s);
		return DID;
	case ACTION_WIPE:
		ask_to_wipe(s);
		return DID;
	case ACTION_CHOOSE:
		dialog_choose(s, "Colour", colors, 3, 1, on_chosen, NULL);
		return DID;
	case ACTION_SLOW:
		start_slow(s);
		return DID;
	case ACTION_NOTE:
		dialog_show(s, "Note", "A note to read.\nIn two lines.");
		return DID;
	case ACTION_PANES:
		screen_open(s->ui, &panes_screen, NULL);
		return DID;
	case ACTION_OPEN:
		echo(s, list_selected_key(&p->list) ? list_selected_key(&p->list) : "nothing");
		return DID;
	case ACTION_CRASH:
	case ACTION_ABORT:
	case ACTION_OVERFLOW:
	case ACTION_EXIT:
		fail(action);
		return DID;
	default:
		return list_act(&p->list, action, count);
	}
}

static enum did sample_mouse(struct screen *s, int y, int x, enum mouse_button button)
{
	return list_mouse(&((struct sample *)s->state)->list, y, x, button);
}

static const char *sample_disabled(const struct screen *s, int action)
{
	(void)s;
	return action == ACTION_REFUSED ? "a manager has to approve it first" : NULL;
}

static void sample_position(const struct screen *s, char *out, size_t size)
{
	list_position(&((const struct sample *)s->state)->list, out, size);
}

static void sample_title(const struct screen *s, char *out, size_t size)
{
	const struct sample *p = s->state;

	snprintf(out, size, "Sample%s%s", p->list.find ? " /" : "", p->list.find ? p->list.find : "");
}

static const int sample_actions[] = {ACTION_FORM, ACTION_REVOKE, ACTION_WIPE, ACTION_CHOOSE, ACTION_SLOW,
	ACTION_PANES, ACTION_NOTE, ACTION_REFUSED, ACTION_NONE};

static const struct screen_ops sample_screen = {
	.name = "sample",
	.help = "A list to try",
	.size = sizeof(struct sample),
	.actions = sample_actions,
	.open = sample_open,
	.close = sample_close,
	.answer = sample_answer,
	.layout = sample_layout,
	.draw = sample_draw,
	.act = sample_act,
	.mouse = sample_mouse,
	.disabled = sample_disabled,
	.cancel = sample_cancel,
	.position = sample_position,
	.title = sample_title,
};

struct panes {
	struct tabs tabs;
	struct text_area text;
};

static const char *const pane_names[] = {"Charts", "Text", "Nothing"};

static bool panes_open(struct screen *s, const void *argument)
{
	struct panes *p = s->state;

	(void)argument;
	p->tabs = (struct tabs){.names = pane_names, .count = 3};
	return text_area_init(&p->text, "first line\nsecond", 400);
}

static void panes_close(struct screen *s)
{
	text_area_free(&((struct panes *)s->state)->text);
}

static void panes_layout(struct screen *s, struct area a)
{
	text_area_layout(&((struct panes *)s->state)->text, area_rows(a, 1, a.height - 1));
}

static void panes_draw(const struct screen *s, struct area a)
{
	static const int64_t values[] = {1, 2, 3, 5, 8, 13, 21, 34};
	const struct panes *p = s->state;

	tabs_draw(&p->tabs, a, 0);
	a = area_rows(a, 1, a.height - 1);
	if (p->tabs.current == 0) {
		chart_bar(a, 1, 2, 20, ROLE_CHART, 1, 2);
		draw_text(a, 1, 24, 10, ROLE_TEXT, "50 %");
		chart_sparkline(a, 3, 2, 20, ROLE_CHART, values, 8);
	} else if (p->tabs.current == 1) {
		text_area_draw(&p->text, a, true);
	}
}

static enum did panes_input(struct screen *s, const struct input *input)
{
	struct panes *p = s->state;

	return p->tabs.current == 1 && text_area_input(&p->text, input) ? DID : NOT_MINE;
}

static enum did panes_act(struct screen *s, int action, int count)
{
	(void)count;
	return tabs_act(&((struct panes *)s->state)->tabs, action);
}

static const struct screen_ops panes_screen = {
	.name = "panes",
	.help = "Tabs, charts and a text to edit",
	.size = sizeof(struct panes),
	.digits = true,
	.open = panes_open,
	.close = panes_close,
	.layout = panes_layout,
	.draw = panes_draw,
	.input = panes_input,
	.act = panes_act,
};

static void run_hold(struct ui *ui, const char *argument)
{
	(void)ui;
	source.held = !strcmp(argument, "on");
}

static void run_asked(struct ui *ui, const char *argument)
{
	(void)argument;
	ui_say(ui, ROLE_TEXT, "asked %d, wake-ups %ld", asked, ui->loop.wakeups);
}

static void run_rows(struct ui *ui, const char *argument)
{
	row_count = atoi(argument);
	ui_act(ui, ACTION_REFRESH, 0);
}

static void run_complain(struct ui *ui, const char *argument)
{
	(void)ui;
	fprintf(stderr, "complaint: %s\n", argument);
}

static const struct ui_command commands[] = {
	{"hold", "Hold answers back: on or off", run_hold},
	{"asked", "Say how many requests were put", run_asked},
	{"rows", "Make it so many rows", run_rows},
	{"complain", "Write to standard error", run_complain},
	{NULL, NULL, NULL},
};

static int report(const struct term_problem *problem)
{
	fprintf(stderr, "sampler: %s: %s; %s\n", problem->what, problem->why, problem->todo);
	return 1;
}

static void set_status(struct status *status, bool dangerous)
{
	snprintf(status->user, sizeof status->user, "deniz");
	snprintf(status->role, sizeof status->role, "support");
	snprintf(status->database, sizeof status->database, "demo");
	snprintf(status->environment, sizeof status->environment, "%s", dangerous ? "PRODUCTION" : "test");
	status->dangerous = dangerous;
	status->read_only = dangerous;
}

static bool has_option(char **argv, const char *option)
{
	for (; *argv; argv++)
		if (!strcmp(*argv, option))
			return true;
	return false;
}

int main(int argc, char **argv)
{
	static const struct screen_ops *const screens[] = {&sample_screen, &panes_screen, NULL};
	static const struct key_setting keys[] = {{"form", "e E"}, {NULL, NULL}};
	static const struct key_setting clash[] = {{"form", "v"}, {NULL, NULL}};
	struct ui_options options = {.commands = commands, .screens = screens, .rights = 1, .keys = keys};
	struct term_problem problem;
	struct ui ui;

	(void)argc;
	options.term.sync = getenv("LOYALTY_SYNC") != NULL;
	options.term.ascii = has_option(argv, "--ascii");
	options.term.no_color = has_option(argv, "--no-color");
	options.theme = has_option(argv, "--light") ? "light" : has_option(argv, "--mono") ? "mono" : NULL;
	options.history_file = getenv("SAMPLER_HISTORY");
	if (has_option(argv, "--clash"))
		options.keys = clash;
	actions_add(own_actions, sizeof own_actions / sizeof own_actions[0]);
	if (!ui_init(&ui, &options, &problem))
		return report(&problem);
	set_status(&ui.status, has_option(argv, "--production"));
	source.ui = &ui;
	source.pipe[0] = -1;
	loop_watch(&ui.loop, &source_watch, NULL);
	screen_open(&ui, &sample_screen, NULL);
	enum loop_end end = ui_run(&ui);
	int signal_number = ui.loop.signal;
	ui_free(&ui);
	if (end == LOOP_SIGNAL) {
		signal(signal_number, SIG_DFL);
		raise(signal_number);
	}
	return end == LOOP_GONE ? 3 : 0;
}
