// Why: what the engine's rules made of one event, in words, in a panel to read.
#include "screens/member/member.h"

#include "model/member/why.h"
#include "screens/ui/detail.h"

#include <stdio.h>
#include <string.h>

enum { TAG_WHY = 1 };

struct why_panel {
	struct why_of of;
	struct detail detail;
};

static bool why_open(struct screen *s, const void *argument)
{
	struct why_panel *w = s->state;
	struct ask asks[WHY_STATEMENTS], rules[RULEBOOK_STATEMENTS];
	struct desk_request request = {.tag = TAG_WHY, .what = "why", .is_read = true};
	int count = 0;

	w->of = *(const struct why_of *)argument;
	detail_init(&w->detail, s);
	why_ask(asks, w->of.member_id, w->of.seq);
	while (count < WHY_STATEMENTS) {
		request.asks[count] = &asks[count];
		count++;
	}
	desk_rulebook_ask(desk_of(s), rules, request.asks + count);
	return desk_send(s, &request);
}

static void why_close(struct screen *s)
{
	detail_free(&((struct why_panel *)s->state)->detail);
	desk_forget(s);
}

static void show_lines(struct why_panel *w, const struct why *why)
{
	detail_clear(&w->detail);
	detail_add(&w->detail, ROLE_STRONG, 1, NULL, w->of.title);
	detail_add(&w->detail, ROLE_TEXT, 1, NULL, "");
	for (int i = 0; i < why->count; i++)
		detail_add(&w->detail, ROLE_TEXT, 1, NULL, why->lines[i]);
}

static void why_answer(struct screen *s, void *answer)
{
	const struct desk_news *news = answer;
	struct why_panel *w = s->state;
	struct desk *desk = desk_of(s);
	struct error error = {0};
	struct why why;

	if (news->kind != DESK_ANSWERED || !desk_good(s, news->answer, "asking why"))
		return;
	bool is_read = news->answer->count == WHY_STATEMENTS ||
		       desk_rulebook_take(desk, news->answer->results + WHY_STATEMENTS, &error);
	if (!is_read ||
		!why_take(&why, desk->rulebook, news->answer->results, w->of.seq, w->of.entry_no, &error)) {
		desk_say_error(s, "asking why", &error);
		return;
	}
	show_lines(w, &why);
	why_free(&why);
}

static void why_layout(struct screen *s, struct area a)
{
	detail_layout(&((struct why_panel *)s->state)->detail, a);
}

static void why_draw(const struct screen *s, struct area a)
{
	detail_draw(&((const struct why_panel *)s->state)->detail, a);
}

static enum did why_act(struct screen *s, int action, int count)
{
	struct why_panel *w = s->state;
	enum did did = detail_act(&w->detail, action, count);

	if (did == NOT_MINE && action == ACTION_CORRECT) {
		member_correct(s, &w->of);
		return DID;
	}
	return did == NOT_MINE && action == ACTION_OPEN ? LEAVE : did;
}

static void why_title(const struct screen *s, char *out, size_t size)
{
	(void)s;
	snprintf(out, size, "Why");
}

static void why_position(const struct screen *s, char *out, size_t size)
{
	detail_position(&((const struct why_panel *)s->state)->detail, out, size);
}

static const char *why_disabled(const struct screen *s, int action)
{
	return action == ACTION_CORRECT && desk_of(s)->read_only ? "opened with --read-only, nothing can be changed"
								 : NULL;
}

static const int why_actions[] = {ACTION_CORRECT, ACTION_NONE};

const struct screen_ops why_screen = {
	.name = "why",
	.help = "What the programme's rules made of an event, rule by rule",
	.size = sizeof(struct why_panel),
	.actions = why_actions,
	.disabled = why_disabled,
	.open = why_open,
	.close = why_close,
	.answer = why_answer,
	.cancel = desk_cancel,
	.layout = why_layout,
	.draw = why_draw,
	.act = why_act,
	.title = why_title,
	.position = why_position,
};
