// Consents of one member: every matter there is, what the member said to it last, and how to change it.
#include "model/engine/day.h"
#include "model/member/consent.h"
#include "screens/desk_list.h"
#include "screens/ui/dialog.h"
#include "screens/ui/form.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TAG_ROWS = 1, TAG_CHANGE };
enum {
	CELL_MATTER,
	CELL_STATE,
	CELL_SAID,
	CELL_UNTIL,
	CELL_SOURCE,
	CELL_PERSON,
	COLUMN_COUNT,
	CELL_WHAT = COLUMN_COUNT,
	CELL_COUNT
};

struct consents {
	struct list list;
	int64_t member_id;
	char what[CONSENT_WHAT], source[40], until[DAY_SIZE]; // of the change that is asked about
	bool is_given;
	uint32_t form; // that waits for the answer; 0: none
};

static const struct column columns[COLUMN_COUNT] = {
	[CELL_MATTER] = {.title = "Matter", .width = 30, .flex = 1},
	[CELL_STATE] = {.title = "State", .width = 11},
	[CELL_SAID] = {.title = "Since", .width = 16},
	[CELL_UNTIL] = {.title = "Until", .width = 10},
	[CELL_SOURCE] = {.title = "How", .width = 12, .flex = 1, .priority = 1},
	[CELL_PERSON] = {.title = "Written by", .width = 12, .priority = 2},
};

static void consents_ask(struct list *l, const struct rows_request *request)
{
	const struct consents *v = l->payload;
	const struct page page = desk_list_page(request);
	struct ask ask;
	consent_list(&ask, v->member_id, &page);
	desk_list_ask(l, request, TAG_ROWS, "consents", &ask, NULL);
}

static const struct list_spec spec = {
	.columns = columns,
	.column_count = COLUMN_COUNT,
	.what = "consents",
	.empty = "There is nothing that members consent to",
	.ask = consents_ask,
};

static bool add_row(struct rows *rows, const struct screen *s, const struct result *result, int number)
{
	(void)s;
	struct consent_row c;
	char words[CONSENT_WORDS];
	consent_row_read(result, number, &c);
	const char *cells[CELL_COUNT] = {
		[CELL_MATTER] = consent_words(c.what, words),
		[CELL_STATE] = c.state,
		[CELL_SAID] = c.said_at,
		[CELL_UNTIL] = c.until,
		[CELL_SOURCE] = c.source,
		[CELL_PERSON] = c.person,
		[CELL_WHAT] = c.what,
	};
	return rows_add(rows, c.key,
		!strcmp(c.state, "given")         ? ROLE_GOOD
		: !strcmp(c.state, "never asked") ? ROLE_DIM
						  : ROLE_TEXT,
		cells, CELL_COUNT);
}

// --- Changing one.

static void take_change(struct screen *s, const struct answer *answer)
{
	struct consents *v = s->state;
	char words[CONSENT_WORDS];
	if (answer->outcome != REQUEST_OK) {
		form_refused(s->ui, v->form, NULL, desk_reason(answer->error));
		desk_good(s, answer, "writing the consent");
		return;
	}
	form_saved(s->ui, v->form);
	consent_words(v->what, words);
	if (result_bool(answer->results[0], 0, 0))
		screen_say(s, ROLE_GOOD, "%s: %s; Enter undoes it", words,
			v->is_given ? "given" : "withdrawn");
	else
		screen_say(s, ROLE_TEXT, "%s: it was so already", words);
	list_refresh(&v->list);
}

// False: it was not sent, and the person was told.
static bool send_change(struct screen *s)
{
	const struct consents *v = s->state;
	struct ask ask;
	consent_set(&ask, &(struct consent_change){.member_id = v->member_id,
				  .what = v->what,
				  .source = v->source,
				  .until = v->is_given ? v->until : NULL,
				  .is_given = v->is_given});
	return desk_send(
		s, &(struct desk_request){.tag = TAG_CHANGE, .what = "writing the consent", .asks = {&ask}});
}

static void change_confirmed(struct screen *s, void *payload)
{
	(void)payload;
	send_change(s);
}

static const char *const hows[] = {"on the phone", "in person", "in writing", "by e-mail", NULL};

static void how_chosen(struct screen *s, int chosen, void *payload)
{
	struct consents *v = payload;
	char text[300], words[CONSENT_WORDS];
	snprintf(v->source, sizeof v->source, "%s", hows[chosen]);
	snprintf(text, sizeof text,
		"%s, %s. It is in force at once; what was said before stays in the register.",
		consent_words(v->what, words), v->source);
	dialog_confirm(s,
		&(struct question){.title = "The member takes the consent back?", .text = text, .yes = "Withdraw"}, change_confirmed, v);
}

static void send_form(struct screen *s, struct form *f)
{
	struct consents *v = s->state;
	snprintf(v->source, sizeof v->source, "%s", form_value(f, "how"));
	snprintf(v->until, sizeof v->until, "%s", form_value(f, "until"));
	if (send_change(s))
		v->form = form_wait(f);
}

#define HOW_AND_UNTIL                                                                                        \
	{"how", "How", FIELD_CHOICE, .choices = hows, .help = "How the member said so"},                     \
	{                                                                                                    \
		"until", "Last day", FIELD_DATE, .help = "It holds through this day; empty: until it is taken back" \
	}

static bool give_saved(struct screen *s, struct form *f, void *payload)
{
	(void)payload;
	send_form(s, f);
	return false;
}

static void open_give(struct screen *s)
{
	static const struct form_field fields[] = {HOW_AND_UNTIL};
	static char title[CONSENT_WORDS + 8];
	static const struct form_spec form = {
		.title = title,
		.fields = fields,
		.count = sizeof fields / sizeof fields[0],
		.save = "Give",
		.saved = give_saved,
	};
	const struct consents *v = s->state;
	char words[CONSENT_WORDS];
	snprintf(title, sizeof title, "Give %s", consent_words(v->what, words));
	form_open(s, &form, NULL, s->state);
}

static bool terms_saved(struct screen *s, struct form *f, void *payload)
{
	struct consents *v = payload;
	snprintf(v->what, sizeof v->what, "terms:%s", form_value(f, "version"));
	send_form(s, f);
	return false;
}

static void open_terms(struct screen *s)
{
	static const struct form_field fields[] = {
		{"version", "Version", FIELD_TEXT, .max = 64, .required = true,
			.help = "Of the terms that the member accepts"},
		HOW_AND_UNTIL};
	static const struct form_spec form = {
		.title = "Accept the terms",
		.fields = fields,
		.count = sizeof fields / sizeof fields[0],
		.save = "Accept",
		.saved = terms_saved,
	};
	form_open(s, &form, NULL, s->state);
}

// Given becomes withdrawn; all else, be it expired, becomes given.
static void change(struct screen *s)
{
	struct consents *v = s->state;
	const struct row *row = list_selected(&v->list);
	char words[CONSENT_WORDS], title[CONSENT_WORDS + 40];
	if (!row || !desk_may_write(s))
		return;
	v->is_given = strcmp(row->cells[CELL_STATE], "given") != 0;
	v->form = 0;
	snprintf(v->what, sizeof v->what, "%s", row->cells[CELL_WHAT]);
	if (v->is_given && !strncmp(v->what, "terms:", 6)) {
		open_terms(s);
		return;
	}
	if (v->is_given) {
		open_give(s);
		return;
	}
	snprintf(title, sizeof title, "Withdraw %s: how?", consent_words(v->what, words));
	dialog_choose(s, title, hows, 4, 0, how_chosen, v);
}

// --- The screen.

static bool consents_open(struct screen *s, const void *argument)
{
	struct consents *v = s->state;
	v->member_id = *(const int64_t *)argument;
	return list_init(&v->list, &spec, s, v);
}

static void consents_close(struct screen *s)
{
	struct consents *v = s->state;
	desk_forget(s);
	list_free(&v->list);
}

static void consents_answer(struct screen *s, void *answer)
{
	const struct desk_news *news = answer;
	struct consents *v = s->state;
	bool is_about =
		news->kind == DESK_CHANGED &&
		(news->channel == DESK_EVERYTHING ||
			(news->channel == DESK_MEMBER && strtoll(news->payload, NULL, 10) == v->member_id));
	if (is_about)
		list_refresh(&v->list);
	else if (news->kind == DESK_ANSWERED && news->tag == TAG_ROWS)
		desk_list_take(&v->list, news, "reading the consents", add_row);
	else if (news->kind == DESK_ANSWERED)
		take_change(s, news->answer);
}

static void consents_layout(struct screen *s, struct area a)
{
	struct consents *v = s->state;
	list_layout(&v->list, a);
}

static void consents_draw(const struct screen *s, struct area a)
{
	const struct consents *v = s->state;
	list_draw(&v->list, a);
}

static enum did consents_act(struct screen *s, int action, int count)
{
	struct consents *v = s->state;
	if (action == ACTION_CHANGE_CONSENT) {
		change(s);
		return DID;
	}
	if (action == ACTION_REFRESH) {
		list_refresh(&v->list);
		return DID;
	}
	enum did did = list_act(&v->list, action, count);
	return did != NOT_MINE ? did : desk_act(s, action);
}

static const char *consents_disabled(const struct screen *s, int action)
{
	bool is_write = action == ACTION_CHANGE_CONSENT;
	return is_write && desk_of(s)->read_only ? "opened with --read-only, nothing can be changed" : NULL;
}

static enum did consents_mouse(struct screen *s, int y, int x, enum mouse_button button)
{
	struct consents *v = s->state;
	return list_mouse(&v->list, y, x, button);
}

static void consents_title(const struct screen *s, char *out, size_t size)
{
	(void)s;
	snprintf(out, size, "Consents");
}

static void consents_position(const struct screen *s, char *out, size_t size)
{
	const struct consents *v = s->state;
	list_position(&v->list, out, size);
}

static const int consents_actions[] = {ACTION_CHANGE_CONSENT, ACTION_COPY, DESK_EVERYWHERE, ACTION_NONE};

const struct screen_ops consents_screen = {
	.name = "consents",
	.help = "What one member consents to, and how to change it",
	.size = sizeof(struct consents),
	.rights = DESK_MAY_LOOK,
	.actions = consents_actions,
	.open = consents_open,
	.close = consents_close,
	.answer = consents_answer,
	.cancel = desk_cancel,
	.layout = consents_layout,
	.draw = consents_draw,
	.act = consents_act,
	.disabled = consents_disabled,
	.mouse = consents_mouse,
	.title = consents_title,
	.position = consents_position,
};
