// A screen that lists the actions of the one below it, grouped, with the keys bound at present.
#include "screens/ui/help.h"

#include "screens/ui/detail.h"
#include "screens/ui/ui.h"

#include <stdio.h>
#include <string.h>

enum { KEYS_WIDTH = 18, GROUPS_MAX = 32 };

struct help {
	struct detail detail;
	const struct screen_ops *about;
};

static bool is_own(const int *own, int action)
{
	for (; own && *own; own++)
		if (*own == action)
			return true;
	return false;
}

static void add_action(struct detail *d, int action)
{
	char keys[64];
	const struct action_info *info = action_info(action);

	action_key_text(action, keys, sizeof keys);
	detail_format(
		d, ROLE_TEXT, KEYS_WIDTH, *keys ? keys : "(no key)", "%s  (:%s)", info->help, info->name);
}

static void add_group(struct detail *d, const char *group)
{
	detail_add(d, ROLE_TEXT, 0, NULL, "");
	detail_add(d, ROLE_STRONG, 0, NULL, group);
}

static void add_own(struct detail *d, const struct screen_ops *about, unsigned rights)
{
	if (!about->actions || !*about->actions)
		return;
	add_group(d, about->name);
	for (const int *action = about->actions; *action; action++)
		if (action_info(*action) && action_allowed(*action, rights))
			add_action(d, *action);
}

static void add_toolkit(struct detail *d, const struct screen_ops *about)
{
	const char *group = "";

	for (int action = action_next(ACTION_NONE); action && action < ACTION_OWN;
		action = action_next(action)) {
		const struct action_info *info = action_info(action);
		if (is_own(about->actions, action))
			continue;
		if (strcmp(info->group, group)) {
			group = info->group;
			add_group(d, group);
		}
		add_action(d, action);
	}
}

static void add_typing(struct detail *d)
{
	static const char *const keys[][2] = {
		{"Left, Right", "By one character"},
		{"Home, C-a", "To the start of the line"},
		{"End, C-e", "To the end of the line"},
		{"C-w, C-u, C-k", "Delete the word, to the start, to the end"},
		{"C-_", "Undo"},
		{"Tab, Up, Down", "In a prompt: complete, earlier and later lines"},
	};

	add_group(d, "Typing");
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		detail_add(d, ROLE_TEXT, KEYS_WIDTH, keys[i][0], keys[i][1]);
}

static void add_commands(struct detail *d, const struct ui *ui)
{
	char name[64];

	add_group(d, "Commands");
	detail_add(d, ROLE_TEXT, KEYS_WIDTH, ":q  :qa", "Close this screen; leave the program");
	for (const struct ui_command *command = ui->commands; command && command->name; command++) {
		snprintf(name, sizeof name, ":%s", command->name);
		detail_add(d, ROLE_TEXT, KEYS_WIDTH, name, command->help);
	}
}

static bool help_start(struct screen *s, const void *argument)
{
	struct help *h = s->state;

	h->about = ((const struct screen *)argument)->ops;
	detail_init(&h->detail, s);
	detail_format(&h->detail, ROLE_STRONG, 0, NULL, "%s%s%s", h->about->name, h->about->help ? ": " : "",
		h->about->help ? h->about->help : "");
	add_own(&h->detail, h->about, s->ui->rights);
	add_toolkit(&h->detail, h->about);
	add_commands(&h->detail, s->ui);
	add_typing(&h->detail);
	return true;
}

static void help_end(struct screen *s)
{
	detail_free(&((struct help *)s->state)->detail);
}

static void help_layout(struct screen *s, struct area a)
{
	detail_layout(&((struct help *)s->state)->detail, area_columns(a, 1, a.width - 2));
}

static void help_draw(const struct screen *s, struct area a)
{
	detail_draw(&((const struct help *)s->state)->detail, area_columns(a, 1, a.width - 2));
}

static enum did help_act(struct screen *s, int action, int count)
{
	if (action == ACTION_HELP)
		return LEAVE;
	return detail_act(&((struct help *)s->state)->detail, action, count);
}

static void help_position(const struct screen *s, char *out, size_t size)
{
	detail_position(&((const struct help *)s->state)->detail, out, size);
}

static const struct screen_ops help_screen = {
	.name = "help",
	.help = "What the keys do",
	.size = sizeof(struct help),
	.open = help_start,
	.close = help_end,
	.layout = help_layout,
	.draw = help_draw,
	.act = help_act,
	.position = help_position,
};

void help_open(struct screen *asker)
{
	screen_open(asker->ui, &help_screen, asker);
}
