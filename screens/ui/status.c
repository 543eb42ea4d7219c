// Draws title, message and key bar from the stack of screens and the live table of actions.
#include "screens/ui/status.h"

#include "screens/ui/action.h"
#include "screens/ui/screen.h"
#include "screens/ui/term.h"
#include "screens/ui/text.h"
#include "screens/ui/ui.h"

#include <stdio.h>
#include <string.h>

enum { SPINNER_AFTER_MS = 300, SPINNER_STEP_MS = 250, KEYS_SHOWN_MAX = 8, TITLES_MAX = 512 };

// "Members › 1000123 Ayşe Yılmaz": from the bottom of the stack up to s.
static void breadcrumb(const struct screen *s, char *out, size_t size)
{
	char title[128];

	if (s->below)
		breadcrumb(s->below, out, size);
	else
		out[0] = 0;
	if (s->ops->overlay == OVERLAY_LINE)
		return;
	size_t length = strlen(out);
	snprintf(out + length, size - length, "%s%s", length ? (term_ascii() ? " > " : " › ") : "",
		screen_title(s, title, sizeof title));
}

// Draws a badge right-aligned before column `right`; returns the column left of it.
static int badge(struct area a, int right, enum role role, const char *text)
{
	int width = text_width(text) + 2;

	if (!*text || width > right)
		return right;
	draw_cell(a, 0, right - width, width, role, ALIGN_CENTER, text);
	return right - width;
}

static int draw_identity(const struct status *status, struct area a)
{
	char text[200];
	int right = a.width;

	right = badge(a, right, status->dangerous ? ROLE_DANGER_BADGE : ROLE_CALM_BADGE, status->environment);
	right = badge(a, right, ROLE_BADGE, status->read_only ? "READ-ONLY" : "");
	snprintf(text, sizeof text, "%s%s%s%s%s", status->user, *status->database ? "@" : "",
		status->database, *status->role ? " " : "", status->role);
	right = badge(a, right, ROLE_TITLE, text);
	if (*status->notice) {
		snprintf(text, sizeof text, "[%s]", status->notice);
		right = badge(a, right, ROLE_TITLE, text);
	}
	return right;
}

void status_draw_title(const struct status *status, const struct screen *top, struct area a)
{
	char titles[TITLES_MAX];

	draw_line(a, 0, ROLE_TITLE);
	int right = draw_identity(status, a);
	breadcrumb(top, titles, sizeof titles);
	// Too long: where one is matters more than where one came from.
	const char *shown = titles, *next;
	const char *separator = term_ascii() ? " > " : " › ";
	while (text_width(shown) > right - 4 && (next = strstr(shown, separator)))
		shown = next + strlen(separator);
	if (shown != titles)
		draw_text(a, 0, 1, 1, ROLE_TITLE, term_ascii() ? "~" : "…");
	draw_text(a, 0, shown == titles ? 1 : 3, right - 4, ROLE_TITLE, shown);
}

static bool is_waiting(const struct screen *top, int64_t now_ms)
{
	return top->waiting && now_ms - top->waiting_since_ms >= SPINNER_AFTER_MS;
}

int status_timeout_ms(const struct screen *top, int64_t now_ms)
{
	if (!top->waiting)
		return -1;
	int64_t waited = now_ms - top->waiting_since_ms;
	return waited < SPINNER_AFTER_MS ? (int)(SPINNER_AFTER_MS - waited)
					 : SPINNER_STEP_MS - (int)(waited % SPINNER_STEP_MS);
}

static void draw_spinner(const struct screen *top, struct area a, int64_t now_ms)
{
	static const char signs[] = "|/-\\";
	int64_t waited = now_ms - top->waiting_since_ms;

	draw_format(a, 0, 0, a.width, ROLE_WARNING, "%c %s, %lld s%s", signs[waited / SPINNER_STEP_MS % 4],
		top->waiting_for, (long long)(waited / 1000), top->ops->cancel ? "  Esc cancels" : "");
}

void status_draw_message(const struct status *status, const struct screen *top, struct area a, int64_t now_ms)
{
	char right[96] = "";
	const struct screen *whole = top;

	while (whole->ops->overlay && whole->below)
		whole = whole->below;
	if (whole->ops->position)
		whole->ops->position(whole, right, sizeof right);
	if (*status->worker) {
		size_t length = strlen(right);
		snprintf(right + length, sizeof right - length, "%s%s", length ? "  " : "", status->worker);
	}
	int width = text_width(right), left = a.width - width - 1;
	if (left < a.width / 3)
		left = a.width;
	else
		draw_text(a, 0, left + 1, width, ROLE_DIM, right);
	if (is_waiting(top, now_ms))
		draw_spinner(top, area_columns(a, 0, left), now_ms);
	else
		draw_text(a, 0, 0, left, status->message_role, status->message);
}

// Draws "w why" if there is room; returns the column behind it.
static int draw_key(struct area a, int x, int action)
{
	char key[KEY_NAME_MAX];
	const struct action_info *info = action_info(action);

	if (!info || !info->label || !*action_key_short(action, key))
		return x;
	int width = text_width(key) + 1 + text_width(info->label);
	if (x + width > a.width)
		return x;
	x += draw_text(a, 0, x, width, ROLE_KEY, key);
	x += draw_text(a, 0, x, width, ROLE_DIM, ":");
	x += draw_text(a, 0, x, width, ROLE_TEXT, info->label);
	return x + 2;
}

static bool is_named(const int *actions, int action)
{
	for (; actions && *actions; actions++)
		if (*actions == action)
			return true;
	return false;
}

void status_draw_keys(const struct screen *top, struct area a)
{
	static const int always[] = {ACTION_SEARCH, ACTION_OPEN, ACTION_NONE};
	int x = 0, shown = 0;
	bool types = top->ops->overlay || top->ops->input; // takes letters itself, or asks something

	if (top->ops->typing && top->ops->typing(top)) {
		x = draw_key(a, x, ACTION_SAVE);
		draw_text(a, 0, x, 8, ROLE_DIM, "Esc:back");
		return;
	}
	if (top->ops->overlay == OVERLAY_NONE) {
		x = draw_key(a, x, ACTION_HELP);
		shown++;
	}
	for (const int *action = top->ops->actions; action && *action && shown < KEYS_SHOWN_MAX; action++)
		if (*action != ACTION_HELP && action_allowed(*action, top->ui->rights)) {
			int before = x;
			x = draw_key(a, x, *action);
			shown += x > before;
		}
	for (const int *action = always; *action && shown < KEYS_SHOWN_MAX && !types; action++)
		if (!is_named(top->ops->actions, *action)) {
			int before = x;
			x = draw_key(a, x, *action);
			shown += x > before;
		}
	if (x + 8 <= a.width && (top->below || top->ops->overlay))
		draw_text(a, 0, x, 8, ROLE_DIM, "Esc:back");
	else if (x + 7 <= a.width)
		draw_text(a, 0, x, 7, ROLE_DIM, "Q:leave");
}
