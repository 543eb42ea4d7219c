// Audit: who did what to whom, old and new, and who read personal data; filters by words; the chain of the log checked.
#include "model/desk/desk_report.h"
#include "screens/desk_list.h"
#include "screens/ui/detail.h"
#include "screens/ui/prompt.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TAG_ROWS = 1, TAG_CHECK };
enum { FOOT_HEIGHT = 6, FILTER_MOST = 200 };
enum {
	CELL_AT,
	CELL_LOGIN,
	CELL_ACTION,
	CELL_MEMBER,
	CELL_OBJECT,
	COLUMN_COUNT,
	CELL_CHANGED = COLUMN_COUNT,
	CELL_FROM,
	CELL_MEMBER_ID,
	CELL_COUNT
};

struct audit {
	struct list list;
	struct detail detail; // of the selected line
	char filter[FILTER_MOST]; // as typed
	char words[FILTER_MOST];  // the same, cut into values by the filter
};

static const struct column columns[COLUMN_COUNT] = {
	[CELL_AT] = {.title = "When", .width = 19},
	[CELL_LOGIN] = {.title = "Who", .width = 10, .flex = 1},
	[CELL_ACTION] = {.title = "What", .width = 16, .flex = 1},
	[CELL_MEMBER] = {.title = "To whom", .width = 10},
	[CELL_OBJECT] = {.title = "On", .width = 10, .flex = 2, .priority = 1},
};

// login=deniz action=member. member=1000001 from=2026-11-01 to=2026-11-30 reads
static struct audit_filter filter_of(struct audit *v)
{
	struct audit_filter filter = {.login = NULL};
	const struct {
		const char *word;
		const char **value;
	} known[] = {{"login=", &filter.login}, {"action=", &filter.action}, {"member=", &filter.member}, {"from=", &filter.from},
		{"to=", &filter.to}};
	char *rest;
	snprintf(v->words, sizeof v->words, "%s", v->filter);
	for (char *word = strtok_r(v->words, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
		filter.reads |= strcmp(word, "reads") == 0;
		for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
			if (strncmp(word, known[i].word, strlen(known[i].word)) == 0)
				*known[i].value = word + strlen(known[i].word);
	}
	return filter;
}

// NULL: all of them are known.
static const char *odd_word(const char *text)
{
	static const char *const known[] = {"login=", "action=", "member=", "from=", "to=", "reads"};
	for (text += strspn(text, " "); *text; text += strcspn(text, " "), text += strspn(text, " ")) {
		bool is_known = false;
		for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
			is_known |= strncmp(text, known[i], strlen(known[i])) == 0;
		if (!is_known)
			return text;
	}
	return NULL;
}

static void audit_ask(struct list *l, const struct rows_request *request)
{
	const struct page page = desk_list_page(request);
	const struct audit_filter filter = filter_of(l->screen->state);
	struct ask ask;
	audit_log_list(&ask, &filter, &page);
	desk_list_ask(l, request, TAG_ROWS, "the audit log", &ask, NULL);
}

static void show_line(struct list *l)
{
	struct audit *v = l->payload;
	const struct row *row = list_selected(l);
	detail_clear(&v->detail);
	if (!row)
		return;
	detail_format(&v->detail, ROLE_STRONG, 10, "Who", "%s%s", row->cells[CELL_LOGIN], row->cells[CELL_FROM]);
	detail_format(&v->detail, ROLE_TEXT, 10, "What", "%s %s", row->cells[CELL_ACTION], row->cells[CELL_OBJECT]);
	detail_format(&v->detail, ROLE_TEXT, 10, "Old, new", "%s",
		*row->cells[CELL_CHANGED] ? row->cells[CELL_CHANGED] : "nothing that is written down");
}

static const struct list_spec spec = {.columns = columns,
	.column_count = COLUMN_COUNT,
	.what = "lines",
	.empty = "No line of the log matches. Esc clears the filter.",
	.ask = audit_ask,
	.selected = show_line};

static bool add_row(struct rows *rows, const struct screen *s, const struct result *result, int row)
{
	(void)s;
	struct audit_line a;
	char from[300], member_id[24];
	audit_line_read(result, row, &a);
	snprintf(from, sizeof from, "%s%.120s%s%.60s", *a.application ? " with " : "", a.application, *a.client ? " from " : "", a.client);
	snprintf(member_id, sizeof member_id, "%" PRId64, a.member_id);
	size_t length = strlen(a.action);
	bool is_read = length > 5 && strcmp(a.action + length - 5, ".read") == 0;
	const char *cells[CELL_COUNT] = {a.at, a.login, a.action, a.member, a.object, a.changed, from, member_id};
	return rows_add(rows, a.key, is_read ? ROLE_DIM : ROLE_TEXT, cells, CELL_COUNT);
}

static void take_rows(struct screen *s, const struct desk_news *news)
{
	struct audit *v = s->state;
	if (desk_list_take(&v->list, news, "reading the audit log", add_row))
		show_line(&v->list);
}

static void take_check(struct screen *s, const struct answer *answer)
{
	if (!desk_good(s, answer, "checking the log"))
		return;
	int64_t broken = result_int64(answer->results[0], 0, 0);
	if (broken)
		screen_say(s, ROLE_BAD, "BROKEN: %" PRId64 " lines are missing or were changed, the first of member_id %" PRId64, broken,
			result_int64(answer->results[0], 0, 1));
	else
		screen_say(s, ROLE_GOOD, "Whole: no line of the log is missing or was changed");
}

static void audit_answer(struct screen *s, void *answer)
{
	const struct desk_news *news = answer;
	struct audit *v = s->state;
	if (news->kind == DESK_ANSWERED && news->tag == TAG_ROWS)
		take_rows(s, news);
	else if (news->kind == DESK_ANSWERED)
		take_check(s, news->answer);
	else if (news->kind == DESK_CHANGED && news->channel == DESK_EVERYTHING)
		list_refresh(&v->list);
}

static void filter_typed(struct screen *s, const char *text, void *payload)
{
	(void)payload;
	struct audit *v = s->state;
	const char *odd = odd_word(text);
	if (odd) {
		screen_say(s, ROLE_WARNING, "The filter knows login=, action=, member=, from=, to= and reads; not \"%.40s\"", odd);
		return;
	}
	snprintf(v->filter, sizeof v->filter, "%s", text + strspn(text, " "));
	list_reload(&v->list);
}

static void ask_filter(struct screen *s)
{
	static const struct prompt_spec filter = {.label = "Show (login= action= member= from= to= reads): ",
		.max = FILTER_MOST - 1,
		.history = "audit",
		.done = filter_typed};
	prompt_open(s, &filter, NULL);
}

static void check_chain(struct screen *s)
{
	struct ask ask;
	if (desk_pending(s, TAG_CHECK))
		return;
	audit_log_check(&ask);
	desk_send(s, &(struct desk_request){.tag = TAG_CHECK, .what = "the proof of the log", .asks = {&ask}, .is_read = true});
}

static bool audit_open(struct screen *s, const void *argument)
{
	(void)argument;
	struct audit *v = s->state;
	detail_init(&v->detail, s);
	return list_init(&v->list, &spec, s, v);
}

static void audit_close(struct screen *s)
{
	struct audit *v = s->state;
	desk_forget(s);
	list_free(&v->list);
	detail_free(&v->detail);
}

static void audit_layout(struct screen *s, struct area a)
{
	struct audit *v = s->state;
	struct area below = area_foot(a, FOOT_HEIGHT);
	list_layout(&v->list, area_head(a, FOOT_HEIGHT));
	detail_layout(&v->detail, area_columns(area_rows(below, 1, below.height - 1), 1, below.width - 2));
}

static void audit_draw(const struct screen *s, struct area a)
{
	const struct audit *v = s->state;
	struct area below = area_foot(a, FOOT_HEIGHT);
	list_draw(&v->list, area_head(a, FOOT_HEIGHT));
	draw_rule(below, 0, "The line");
	detail_draw(&v->detail, area_columns(area_rows(below, 1, below.height - 1), 1, below.width - 2));
}

static void open_member(struct screen *s)
{
	const struct row *row = list_selected(&((const struct audit *)s->state)->list);
	int64_t member_id = row ? strtoll(row->cells[CELL_MEMBER_ID], NULL, 10) : 0;
	if (member_id)
		screen_open(s->ui, &member_screen, &member_id);
	else
		screen_say(s, ROLE_WARNING, "This line is of no one member");
}

static enum did audit_act(struct screen *s, int action, int count)
{
	struct audit *v = s->state;
	switch (action) {
	case ACTION_FILTER:
		ask_filter(s);
		return DID;
	case ACTION_CHECK_LOG:
		check_chain(s);
		return DID;
	case ACTION_OPEN:
		open_member(s);
		return DID;
	case ACTION_BACK:
		if (!*v->filter)
			break;
		v->filter[0] = 0;
		list_reload(&v->list);
		return DID;
	}
	enum did did = list_act(&v->list, action, count);
	return did == NOT_MINE ? desk_act(s, action) : did;
}

static void audit_title(const struct screen *s, char *out, size_t size)
{
	const struct audit *v = s->state;
	snprintf(out, size, "Audit%s%s", *v->filter ? ": " : "", v->filter);
}

static void audit_position(const struct screen *s, char *out, size_t size)
{
	list_position(&((const struct audit *)s->state)->list, out, size);
}

static const int audit_actions[] = {ACTION_FILTER, ACTION_CHECK_LOG, ACTION_OPEN, DESK_EVERYWHERE, ACTION_NONE};

const struct screen_ops audit_screen = {
	.name = "audit",
	.help = "Who did what to whom, and who read personal data",
	.size = sizeof(struct audit),
	.rights = DESK_MAY_DECIDE,
	.actions = audit_actions,
	.open = audit_open,
	.close = audit_close,
	.answer = audit_answer,
	.layout = audit_layout,
	.draw = audit_draw,
	.act = audit_act,
	.cancel = desk_cancel,
	.title = audit_title,
	.position = audit_position,
};
