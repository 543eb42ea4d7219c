// A message to a member as it was written, and what became of it.
#include "screens/member/member.h"

#include "model/outbox/outbox.h"
#include "screens/ui/detail.h"

#include <stdio.h>
#include <string.h>

enum { TAG_MESSAGE = 1, LABEL = 10 };

struct message_panel {
	char name[48];
	struct detail detail;
};

static bool message_open(struct screen *s, const void *argument)
{
	struct message_panel *w = s->state;
	struct ask ask;

	snprintf(w->name, sizeof w->name, "%s", (const char *)argument);
	detail_init(&w->detail, s);
	outbox_show(&ask, w->name);
	return desk_send(s, &(struct desk_request){
				    .tag = TAG_MESSAGE, .what = "the message", .asks = {&ask}, .is_read = true});
}

static void message_close(struct screen *s)
{
	detail_free(&((struct message_panel *)s->state)->detail);
	desk_forget(s);
}

static const char *text_of(const struct result *result, const char *column)
{
	int number = result_column(result, column);

	return number < 0 ? "" : result_text(result, 0, number);
}

static void show_lines(struct message_panel *w, const struct result *result)
{
	static const struct {
		const char *column, *label;
	} lines[] = {{"message", "Message"}, {"state", "State"}, {"why", "Why"}, {"purpose", "Purpose"},
		{"about", "About"}, {"written", "Written"}, {"due", "Due"}, {"settled", "Settled"},
		{"tries", "Tries"}, {"language", "Language"}, {"subject", "Subject"}};

	detail_clear(&w->detail);
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
		if (*text_of(result, lines[i].column))
			detail_add(&w->detail, ROLE_TEXT, LABEL, lines[i].label, text_of(result, lines[i].column));
	detail_add(&w->detail, ROLE_TEXT, 0, NULL, "");
	detail_add(&w->detail, ROLE_TEXT, 0, NULL, text_of(result, "body"));
	if (strchr(text_of(result, "body"), '{'))
		detail_add(&w->detail, ROLE_DIM, 0, NULL, "\nPlaces in braces are filled when it is sent.");
}

static void message_answer(struct screen *s, void *answer)
{
	const struct desk_news *news = answer;
	struct message_panel *w = s->state;

	if (news->kind != DESK_ANSWERED || !desk_good(s, news->answer, "reading the message"))
		return;
	if (result_rows(news->answer->results[0]) > 0)
		show_lines(w, news->answer->results[0]);
	else
		screen_say(s, ROLE_WARNING, "There is no message %s any more", w->name);
}

static void message_layout(struct screen *s, struct area a)
{
	detail_layout(&((struct message_panel *)s->state)->detail, area_columns(a, 1, a.width - 2));
}

static void message_draw(const struct screen *s, struct area a)
{
	detail_draw(&((const struct message_panel *)s->state)->detail, area_columns(a, 1, a.width - 2));
}

static enum did message_act(struct screen *s, int action, int count)
{
	enum did did = detail_act(&((struct message_panel *)s->state)->detail, action, count);

	return did == NOT_MINE && action == ACTION_OPEN ? LEAVE : did;
}

static void message_title(const struct screen *s, char *out, size_t size)
{
	snprintf(out, size, "Message %s", ((const struct message_panel *)s->state)->name);
}

static void message_position(const struct screen *s, char *out, size_t size)
{
	detail_position(&((const struct message_panel *)s->state)->detail, out, size);
}

const struct screen_ops message_screen = {
	.name = "message",
	.help = "A message to a member: its text, and what became of it",
	.size = sizeof(struct message_panel),
	.open = message_open,
	.close = message_close,
	.answer = message_answer,
	.cancel = desk_cancel,
	.layout = message_layout,
	.draw = message_draw,
	.act = message_act,
	.title = message_title,
	.position = message_position,
};
