// Frames and dispatch: prompt or dialog, then the screen, then what works everywhere.
#include "screens/ui/ui.h"

#include "screens/ui/dialog.h"
#include "screens/ui/help.h"
#include "screens/ui/prompt.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COUNT_MAX = 99999, WHEEL_ROWS = 3 };

static const struct loop_ops loop_ops;

void ui_say(struct ui *ui, enum role role, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(ui->status.message, sizeof ui->status.message, format, arguments);
	va_end(arguments);
	ui->status.message_role = role;
}

static bool check_conflicts(const struct screen_ops *const *screens, char *why, size_t size)
{
	int first, second;
	uint32_t key;
	char name[KEY_NAME_MAX];

	for (; screens && *screens; screens++)
		if (actions_conflict((*screens)->actions, &first, &second, &key)) {
			snprintf(why, size, "on the screen \"%s\" the key %s means both %s and %s",
				(*screens)->name, key_label(key, name), action_info(first)->name,
				action_info(second)->name);
			return false;
		}
	return true;
}

static bool set_keys(const struct ui_options *options, struct term_problem *problem)
{
	char why[sizeof problem->why];

	snprintf(problem->what, sizeof problem->what, "the key settings cannot be used");
	snprintf(problem->todo, sizeof problem->todo, "correct the keys in the configuration file");
	if (!actions_init(problem->why, sizeof problem->why))
		return false;
	for (const struct key_setting *setting = options->keys; setting && setting->action; setting++)
		if (!actions_set_keys(setting, why, sizeof why)) {
			snprintf(problem->why, sizeof problem->why, "%.40s = %.40s: %.70s", setting->action,
				setting->keys, why);
			return false;
		}
	return check_conflicts(options->screens, problem->why, sizeof problem->why);
}

bool ui_init(struct ui *ui, const struct ui_options *options, struct term_problem *problem)
{
	*ui = (struct ui){.commands = options->commands,
		.history_file = options->history_file,
		.rights = options->rights,
		.program = options->program};
	if (!set_keys(options, problem))
		return false;
	if (!term_open(&options->term, problem))
		return false;
	if (!theme_init(options->theme) || !loop_init(&ui->loop, &loop_ops, ui)) {
		term_close();
		snprintf(problem->what, sizeof problem->what, "cannot open the screens");
		snprintf(problem->why, sizeof problem->why,
			"no theme \"%.40s\", or no memory for the event loop",
			options->theme ? options->theme : "dark");
		snprintf(problem->todo, sizeof problem->todo, "choose theme dark, light or mono");
		return false;
	}
	if (ui->history_file)
		prompt_history_load(ui->history_file);
	return true;
}

void ui_free(struct ui *ui)
{
	if (ui->top) {
		struct screen *bottom = ui->top;
		while (bottom->below)
			bottom = bottom->below;
		screen_close(bottom);
	}
	term_close();
	loop_free(&ui->loop);
	if (ui->history_file)
		(void)prompt_history_save(ui->history_file); // losing the history is no reason to fail
	prompt_history_free();
}

enum loop_end ui_run(struct ui *ui)
{
	return ui->top ? loop_run(&ui->loop) : LOOP_LEFT;
}

struct area ui_area(const struct ui *ui, enum overlay overlay)
{
	struct area all = {0};

	(void)ui;
	term_size(&all.height, &all.width);
	if (overlay == OVERLAY_LINE)
		return area_rows(all, all.height - 2, 1);
	return area_rows(all, 1, all.height - 3);
}

static void layout_screens(struct screen *s)
{
	if (s->ops->overlay && s->below)
		layout_screens(s->below);
	s->area = ui_area(s->ui, s->ops->overlay);
	if (s->ops->layout)
		s->ops->layout(s, s->area);
}

static void draw_screens(const struct screen *s)
{
	if (s->ops->overlay && s->below)
		draw_screens(s->below);
	if (s->ops->draw)
		s->ops->draw(s, s->area);
}

static void draw_frame(struct ui *ui, struct area all)
{
	layout_screens(ui->top); // the position in the message line goes by it
	status_draw_title(&ui->status, ui->top, area_rows(all, 0, 1));
	status_draw_message(&ui->status, ui->top, area_rows(all, all.height - 2, 1), loop_now_ms());
	status_draw_keys(ui->top, area_rows(all, all.height - 1, 1));
	draw_screens(ui->top);
}

static void on_draw(void *owner)
{
	struct ui *ui = owner;
	struct area all = {0};

	if (!ui->top)
		return;
	term_size(&all.height, &all.width);
	draw_begin();
	if (all.height < UI_HEIGHT_MIN || all.width < UI_WIDTH_MIN)
		draw_format(all, 0, 0, all.width, ROLE_STRONG, "Terminal too small (have %dx%d, need %dx%d)",
			all.width, all.height, UI_WIDTH_MIN, UI_HEIGHT_MIN);
	else
		draw_frame(ui, all);
	draw_end();
}

static int on_timeout(void *owner)
{
	const struct ui *ui = owner;

	return ui->top ? status_timeout_ms(ui->top, loop_now_ms()) : -1;
}

static void on_suspend(void *owner)
{
	(void)owner;
	term_suspend();
}

static void leave_unsaved(struct screen *s, void *payload)
{
	(void)payload;
	loop_leave(&s->ui->loop);
}

void ui_quit(struct ui *ui)
{
	char text[160];

	for (struct screen *s = ui->top; s; s = s->below) {
		const char *lost = s->ops->unsaved ? s->ops->unsaved(s) : NULL;
		if (!lost)
			continue;
		snprintf(text, sizeof text, "Not saved: %s. Leaving loses it.", lost);
		dialog_confirm(ui->top,
			&(struct question){.title = "Leave without saving?", .text = text, .yes = "Discard"},
			leave_unsaved, NULL);
		return;
	}
	loop_leave(&ui->loop);
}

static bool cancel_waiting(struct ui *ui)
{
	struct screen *s = ui->top;

	if (!s->waiting || !s->ops->cancel)
		return false;
	s->ops->cancel(s);
	ui_say(ui, ROLE_WARNING, "Cancelled: %s", s->waiting_for);
	return true;
}

static void go_back(struct ui *ui)
{
	char key[KEY_NAME_MAX];

	if (ui->top->below)
		screen_close_asking(ui->top);
	else
		ui_say(ui, ROLE_DIM, "This is the first screen; %s leaves the program",
			action_key_short(ACTION_QUIT, key));
}

static void interrupt(struct ui *ui)
{
	if (ui->top->ops->overlay)
		go_back(ui);
	else
		ui_quit(ui);
}

static void close_current(struct ui *ui)
{
	if (ui->top->below)
		screen_close_asking(ui->top);
	else
		ui_quit(ui);
}

static void toggle_mouse(struct ui *ui)
{
	term_set_mouse(!term_mouse());
	ui_say(ui, ROLE_TEXT, term_mouse() ? "Mouse on; Shift-drag selects text" : "Mouse off");
}

static const char *complete_command(struct screen *asker, const char *text, int number, void *payload)
{
	size_t length = strlen(text);

	(void)payload;
	for (const struct ui_command *command = asker->ui->commands; command && command->name; command++)
		if (!strncmp(command->name, text, length) && !number--)
			return command->name;
	for (int action = action_next(ACTION_NONE); action; action = action_next(action))
		if (action_allowed(action, asker->ui->rights) &&
			!strncmp(action_info(action)->name, text, length) && !number--)
			return action_info(action)->name;
	return NULL;
}

static void run_typed(struct screen *asker, const char *text, void *payload)
{
	(void)payload;
	ui_command_run(asker->ui, text);
}

static void open_command(struct ui *ui)
{
	static const struct prompt_spec command = {
		.label = ":",
		.history = "command",
		.done = run_typed,
		.complete = complete_command,
	};

	prompt_open(ui->top, &command, NULL);
}

void ui_command_run(struct ui *ui, const char *line)
{
	char name[64];
	size_t length = strcspn(line, " ");
	const char *argument = line + length + strspn(line + length, " ");

	snprintf(name, sizeof name, "%.*s", (int)length, line);
	if (!*name)
		return;
	for (const struct ui_command *command = ui->commands; command && command->name; command++)
		if (!strcmp(command->name, name)) {
			command->run(ui, argument);
			return;
		}
	int action = action_by_name(name);
	if (!strcmp(name, "q"))
		action = ACTION_CLOSE;
	if (!strcmp(name, "qa") || !strcmp(name, "q!") || !strcmp(name, "qa!"))
		action = ACTION_QUIT;
	if (action)
		ui_act(ui, action, atoi(argument));
	else
		ui_say(ui, ROLE_WARNING, "No command is called \"%s\"; Tab completes, ? shows the keys",
			name);
}

// What works on every screen.
static void act_everywhere(struct ui *ui, int action)
{
	char key[KEY_NAME_MAX];

	// A question or a prompt has to be answered first.
	if (ui->top->ops->overlay && !(action_info(action)->flags & ACTION_EVERYWHERE) &&
		action != ACTION_CLOSE)
		return;
	switch (action) {
	case ACTION_BACK:
		go_back(ui);
		break;
	case ACTION_INTERRUPT:
		interrupt(ui);
		break;
	case ACTION_CLOSE:
		close_current(ui);
		break;
	case ACTION_QUIT:
		ui_quit(ui);
		break;
	case ACTION_HELP:
		help_open(ui->top);
		break;
	case ACTION_COMMAND:
		open_command(ui);
		break;
	case ACTION_REDRAW:
		term_redraw();
		break;
	case ACTION_SUSPEND:
		term_suspend();
		break;
	case ACTION_MOUSE:
		toggle_mouse(ui);
		break;
	default:
		ui_say(ui, ROLE_WARNING, "%s does nothing here; %s shows what does",
			action_info(action)->name, action_key_short(ACTION_HELP, key));
	}
}

void ui_act(struct ui *ui, int action, int count)
{
	struct screen *s = ui->top;
	const char *why = s->ops->disabled ? s->ops->disabled(s, action) : NULL;

	if (!why && !action_allowed(action, ui->rights))
		why = "that is not for your role";
	if (why) {
		ui_say(ui, ROLE_WARNING, "%s: %s",
			action_info(action) ? action_info(action)->name : "Not now", why);
		return;
	}
	if ((action == ACTION_BACK || action == ACTION_INTERRUPT) && cancel_waiting(ui))
		return;
	switch (s->ops->act ? s->ops->act(s, action, count) : NOT_MINE) {
	case DID:
		break;
	case LEAVE:
		screen_close(s);
		break;
	case NOT_MINE:
		if (action_info(action))
			act_everywhere(ui, action);
	}
}

void ui_copy(struct ui *ui, const char *what, const char *text)
{
	if (term_copy(text, strlen(text)))
		ui_say(ui, ROLE_GOOD, "Copied %s", what);
	else
		ui_say(ui, ROLE_WARNING, "Too long for the clipboard: %s", what);
}

// True if the key was a digit of a count, or chose a tab.
static bool take_digit(struct ui *ui, uint32_t key)
{
	if (key < '0' || key > '9' || (key == '0' && !ui->count) || ui->top->ops->overlay)
		return false;
	if (ui->top->ops->digits && !ui->count) {
		ui_act(ui, ACTION_TAB_1 + (int)(key - '1'), 0);
		return true;
	}
	int count = ui->count * 10 + (int)(key - '0');
	ui->count = count > COUNT_MAX ? COUNT_MAX : count;
	return true;
}

static void take_key(struct ui *ui, uint32_t key)
{
	char name[KEY_NAME_MAX], help[KEY_NAME_MAX];

	if (take_digit(ui, key))
		return;
	int action = action_lookup(ui->top->ops->actions, key);
	int count = ui->count;
	ui->count = 0;
	if (action)
		ui_act(ui, action, count);
	else
		ui_say(ui, ROLE_WARNING, "The key %s does nothing here; %s shows the keys",
			key_label(key, name), action_key_short(ACTION_HELP, help));
}

static void take_mouse(struct ui *ui, const struct input *input)
{
	struct screen *s = ui->top;

	if (s->ops->mouse &&
		s->ops->mouse(s, input->y - s->area.y, input->x - s->area.x, input->button) != NOT_MINE)
		return;
	if (input->button == MOUSE_WHEEL_UP)
		ui_act(ui, ACTION_UP, WHEEL_ROWS);
	else if (input->button == MOUSE_WHEEL_DOWN)
		ui_act(ui, ACTION_DOWN, WHEEL_ROWS);
}

// Keys that must work even while someone types.
static bool take_urgent(struct ui *ui, const struct input *input)
{
	static const int urgent[] = {ACTION_SUSPEND, ACTION_REDRAW, ACTION_INTERRUPT};

	for (size_t i = 0; input->kind == INPUT_KEY && i < sizeof urgent / sizeof urgent[0]; i++)
		if (input->key < ' ' && action_has_key(urgent[i], input->key)) {
			ui_act(ui, urgent[i], 0);
			return true;
		}
	return false;
}

static void on_input(void *owner, const struct input *input)
{
	struct ui *ui = owner;
	struct screen *s = ui->top;
	char help[KEY_NAME_MAX];

	if (!s)
		return;
	ui->status.message[0] = 0;
	if (take_urgent(ui, input))
		return;
	enum did did = s->ops->input && input->kind != INPUT_MOUSE ? s->ops->input(s, input) : NOT_MINE;
	if (did == LEAVE)
		screen_close(s);
	if (did != NOT_MINE)
		return;
	switch (input->kind) {
	case INPUT_KEY:
		take_key(ui, input->key);
		break;
	case INPUT_MOUSE:
		take_mouse(ui, input);
		break;
	case INPUT_PASTE:
		ui_say(ui, ROLE_WARNING, "Nothing here takes pasted text");
		break;
	case INPUT_UNKNOWN:
	case INPUT_SYNC:
		ui_say(ui, ROLE_WARNING, "This key is not known; %s shows the keys",
			action_key_short(ACTION_HELP, help));
	}
}

static const struct loop_ops loop_ops = {
	.draw = on_draw,
	.input = on_input,
	.timeout_ms = on_timeout,
	.suspend = on_suspend,
};
