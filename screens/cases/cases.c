// Cases: the queues with their counters; take the next case, take, assign, open.
#include "screens/cases/many.h"
#include "screens/cases/queues.h"
#include "screens/desk_list.h"
#include "screens/span.h"
#include "screens/ui/dialog.h"
#include "screens/ui/prompt.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TAG_ROWS = 1, TAG_NEXT, TAG_ASSIGN, TAG_QUEUE, TAG_COUNT, TAG_JOB, TAG_UNDO, TAG_PROGRESS, TAG_WHICH };

struct cases {
	struct list list;
	struct queues queues;
	struct list_spec spec; // what an empty list says goes by the queue
	struct area area;
	struct many many;
	struct case_id acting; // what the question on the screen is about
};

static const struct column columns[] = {
	{.title = "Case", .width = 10},
	{.title = "Member", .width = 14, .flex = 2},
	{.title = "About", .width = 16, .flex = 4},
	{.title = "State", .width = 7, .priority = 3},
	{.title = "Priority", .width = 8, .priority = 2},
	{.title = "Owner", .width = 8, .flex = 1, .priority = 1},
	{.title = "Age", .width = 6, .align = ALIGN_RIGHT, .priority = 4},
	{.title = "Promised", .width = 16, .align = ALIGN_RIGHT},
};
enum { COLUMN_COUNT = sizeof columns / sizeof columns[0] };

static void cases_ask(struct list *l, const struct rows_request *request)
{
	struct cases *c = l->screen->state;
	const struct page page = desk_list_page(request);
	struct ask rows, queues;
	case_list(&rows, queues_filter(&c->queues), &page);
	case_queues(&queues);
	desk_list_ask(l, request, TAG_ROWS, NULL, &rows, &queues);
}

static bool add_row(struct rows *rows, const struct screen *s, const struct result *result, int row)
{
	(void)s;
	struct case_row c;
	char number[40], age[SPAN_TEXT], due[SPAN_TEXT];
	case_row_read(result, row, &c);
	bool is_resolved = strcmp(c.state, "resolved") == 0 || strcmp(c.state, "closed") == 0;
	snprintf(number, sizeof number, "%" PRId64 "/%d", c.number, c.id.case_no);
	span_text(c.age_s, age);
	if (is_resolved)
		snprintf(due, sizeof due, "%s ago", span_text(c.due_s, (char[SPAN_TEXT]){0}));
	else if (c.is_due)
		span_due(c.due_s, due);
	else
		snprintf(due, sizeof due, "-");
	enum role role = is_resolved || !c.is_due ? ROLE_TEXT
			 : c.due_s < 0     ? ROLE_BAD
			 : c.priority == 1 ? ROLE_WARNING
					   : ROLE_TEXT;
	const char *cells[COLUMN_COUNT] = {number, c.member, c.title, case_state_word(c.state),
		case_priority_word(c.priority), *c.owner ? c.owner : "-", age, due};
	return rows_add(rows, c.key, role, cells, COLUMN_COUNT);
}

static void show_queues(struct cases *c, const struct result *result)
{
	queues_take(&c->queues, result);
	c->spec.empty = queues_empty(&c->queues);
	list_set_total(&c->list, queues_total(&c->queues), false);
}

static void take_rows(struct screen *s, const struct desk_news *news)
{
	struct cases *c = s->state;
	if (desk_list_take(&c->list, news, "reading the cases", add_row))
		show_queues(c, news->answer->results[1]);
}

static void open_taken(struct screen *s, const struct answer *answer)
{
	if (answer->outcome == REQUEST_IN_DOUBT)
		list_refresh(&((struct cases *)s->state)->list);
	if (!desk_good(s, answer, "taking the next case"))
		return;
	const struct result *result = answer->results[0];
	if (!result_rows(result)) {
		screen_say(s, ROLE_GOOD, "No case waits for someone to take it");
		return;
	}
	const struct case_id id = {result_int64(result, 0, 0), (int)result_int64(result, 0, 1)};
	if (s->ui->top == s)
		screen_open(s->ui, &case_screen, &id);
}

static bool is_job(const char *payload, int64_t job_no)
{
	char about[40];
	snprintf(about, sizeof about, "job %" PRId64, job_no);
	return strcmp(about, payload) == 0;
}

// The filter's cases were counted: what is to be done to all of them?
static void ask_about_all(struct screen *s, const struct answer *answer)
{
	struct cases *c = s->state;
	if (!desk_good(s, answer, "counting the cases"))
		return;
	int64_t count = result_int64(answer->results[0], 0, 0);
	if (count)
		many_ask(s, &c->many, NULL, queues_filter(&c->queues), count);
	else
		screen_say(s, ROLE_WARNING, "There is no case here");
}

static void cases_answer(struct screen *s, void *answer)
{
	const struct desk_news *news = answer;
	struct cases *c = s->state;
	if (news->kind == DESK_CHANGED && (news->channel == DESK_CASE || news->channel == DESK_EVERYTHING))
		list_refresh(&c->list);
	if (news->kind == DESK_CHANGED && news->channel == DESK_DESK && c->many.job_no && is_job(news->payload, c->many.job_no))
		many_look(s, &c->many, TAG_PROGRESS);
	if (news->kind != DESK_ANSWERED)
		return;
	switch (news->tag) {
	case TAG_ROWS:
		take_rows(s, news);
		break;
	case TAG_NEXT:
		open_taken(s, news->answer);
		break;
	case TAG_COUNT:
		ask_about_all(s, news->answer);
		break;
	case TAG_WHICH:
		many_confirm(s, &c->many, news->answer);
		break;
	case TAG_JOB:
		many_started(s, &c->many, news->answer);
		list_unmark_all(&c->list);
		break;
	case TAG_UNDO:
		desk_good(s, news->answer, "taking it back");
		break;
	case TAG_PROGRESS:
		many_told(s, news->answer);
		break;
	case TAG_QUEUE:
	case TAG_ASSIGN:
		if (desk_good(s, news->answer, news->tag == TAG_ASSIGN ? "assigning the case" : "saving the queue"))
			screen_say(s, ROLE_GOOD, "Done");
		list_refresh(&c->list);
		break;
	}
}

static bool selected_id(struct cases *c)
{
	const char *key = list_selected_key(&c->list);
	return key && case_key_read(key, &c->acting);
}

static void take_next(struct screen *s)
{
	struct ask ask;
	if (!desk_may_write(s) || desk_pending(s, TAG_NEXT))
		return;
	case_take_next(&ask);
	desk_send(s, &(struct desk_request){
			     .tag = TAG_NEXT, .what = "the next case", .asks = {&ask}, .is_once = true});
}

static void assign_to(struct screen *s, const char *login)
{
	const struct cases *c = s->state;
	struct ask ask;
	case_assign(&ask, c->acting, 0, login);
	desk_send(s, &(struct desk_request){.tag = TAG_ASSIGN, .what = "assigning", .asks = {&ask}});
}

static void take_selected(struct screen *s)
{
	if (desk_may_write(s) && selected_id(s->state))
		assign_to(s, desk_facts(s)->login);
}

static void assign_chosen(struct screen *s, int chosen, void *payload)
{
	(void)payload;
	assign_to(s, chosen ? desk_facts(s)->list[FACT_STAFF].at[chosen - 1].code : NULL);
}

static void assign_selected(struct screen *s)
{
	if (desk_may_write(s) && selected_id(s->state))
		desk_choose_staff(s, assign_chosen);
}

static void open_selected(struct screen *s, bool is_member)
{
	struct cases *c = s->state;
	if (!selected_id(c))
		return;
	if (is_member)
		screen_open(s->ui, &member_screen, &c->acting.member_id);
	else
		screen_open(s->ui, &case_screen, &c->acting);
}

static void change_queue(struct cases *c)
{
	c->spec.empty = queues_empty(&c->queues);
	list_reload(&c->list);
}

static void filter_typed(struct screen *s, const char *text, void *payload)
{
	(void)payload;
	struct cases *c = s->state;
	snprintf(c->queues.typed, sizeof c->queues.typed, "%s", text + strspn(text, " "));
	change_queue(c);
}

static const char *filter_word(struct screen *s, const char *text, int number, void *payload)
{
	static const char *const words[] = {"owner=me", "owner=none", "state=new", "state=open", "state=waiting",
		"state=ended", "priority=high", "group=", "tag=", "late"};
	static char line[CASE_FILTER];
	(void)s;
	(void)payload;
	size_t kept = strlen(text);
	while (kept && text[kept - 1] != ' ')
		kept--;
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strncmp(words[i], text + kept, strlen(text + kept)) == 0 && number-- == 0) {
			snprintf(line, sizeof line, "%.*s%s", (int)kept, text, words[i]);
			return line;
		}
	return NULL;
}

static void ask_filter(struct screen *s)
{
	static const struct prompt_spec spec = {.label = "Show: ",
		.max = CASE_FILTER - 1,
		.history = "cases",
		.done = filter_typed,
		.complete = filter_word};
	prompt_open(s, &spec, NULL);
}

static void send_queue(struct screen *s, const char *name, const char *filter)
{
	struct ask ask;
	if (!desk_may_write(s))
		return;
	case_queue_set(&ask, name, filter, false);
	desk_send(s, &(struct desk_request){.tag = TAG_QUEUE, .what = "the queue", .asks = {&ask}});
}

static void queue_named(struct screen *s, const char *name, void *payload)
{
	(void)payload;
	struct cases *c = s->state;
	send_queue(s, name, c->queues.typed);
	c->queues.typed[0] = 0;
}

static void save_queue(struct screen *s)
{
	static const struct prompt_spec spec = {.label = "Name of the queue: ", .max = 24, .done = queue_named};
	const struct cases *c = s->state;
	if (!*c->queues.typed)
		screen_say(s, ROLE_WARNING, "Type a filter first (f), then save it under a name");
	else if (desk_may_write(s))
		prompt_open(s, &spec, NULL);
}

static void queue_dropped(struct screen *s, void *payload)
{
	(void)payload;
	const struct queues *q = &((const struct cases *)s->state)->queues;
	send_queue(s, q->list[q->tabs.current].name, NULL);
}

static void drop_queue(struct screen *s)
{
	const struct queues *q = &((const struct cases *)s->state)->queues;
	const struct case_queue *shown = &q->list[q->tabs.current];
	char text[200];
	if (!shown->is_own) {
		screen_say(s, ROLE_WARNING, "This queue is everybody's");
		return;
	}
	snprintf(text, sizeof text, "The queue %s (%s). No case changes.", shown->name, shown->filter);
	dialog_confirm(s, &(struct question){.title = "Take the queue away?", .text = text, .yes = "Take away"},
		queue_dropped, NULL);
}

// "12|3 14|1": the marked ones, the caller's to free; NULL: out of memory.
static char *marked_cases(const struct list *l)
{
	char *cases = calloc((size_t)l->marked_count + 1, CASE_KEY);
	struct case_id id;
	size_t used = 0;
	for (int i = 0; cases && i < l->marked_count; i++)
		if (case_key_read(l->marked[i], &id))
			used += (size_t)sprintf(cases + used, "%" PRId64 "|%d ", id.member_id, id.case_no);
	return cases;
}

static void change_many(struct screen *s)
{
	struct cases *c = s->state;
	struct ask ask;
	if (!desk_may_write(s))
		return;
	if (c->list.marked_count) {
		char *cases = marked_cases(&c->list);
		if (cases)
			many_ask(s, &c->many, cases, "", c->list.marked_count);
		return;
	}
	case_filter_count(&ask, queues_filter(&c->queues));
	desk_send(s, &(struct desk_request){.tag = TAG_COUNT, .what = "how many", .asks = {&ask}, .is_read = true});
}

static bool cases_open(struct screen *s, const void *argument)
{
	(void)argument;
	struct cases *c = s->state;
	queues_init(&c->queues);
	c->many.tag = TAG_JOB;
	c->many.preview_tag = TAG_WHICH;
	c->spec = (struct list_spec){.columns = columns,
		.column_count = COLUMN_COUNT,
		.what = "cases",
		.empty = queues_empty(&c->queues),
		.ask = cases_ask};
	return list_init(&c->list, &c->spec, s, NULL);
}

static void cases_close(struct screen *s)
{
	struct cases *c = s->state;
	desk_forget(s);
	list_free(&c->list);
	many_free(&c->many);
}

static void cases_layout(struct screen *s, struct area a)
{
	struct cases *c = s->state;
	c->area = a;
	c->queues.tabs.width = a.width;
	list_layout(&c->list, queues_list_area(a));
}

static void cases_draw(const struct screen *s, struct area a)
{
	const struct cases *c = s->state;
	queues_draw(&c->queues, a);
	list_draw(&c->list, queues_list_area(a));
}

static enum did cases_act(struct screen *s, int action, int count)
{
	struct cases *c = s->state;
	switch (action) {
	case ACTION_TAKE_NEXT:
		take_next(s);
		return DID;
	case ACTION_TAKE:
		take_selected(s);
		return DID;
	case ACTION_ASSIGN:
		assign_selected(s);
		return DID;
	case ACTION_OPEN:
		open_selected(s, false);
		return DID;
	case ACTION_CASE_MEMBER:
		open_selected(s, true);
		return DID;
	case ACTION_FILTER:
		ask_filter(s);
		return DID;
	case ACTION_SAVE_QUEUE:
		save_queue(s);
		return DID;
	case ACTION_DROP_QUEUE:
		drop_queue(s);
		return DID;
	case ACTION_MANY:
		change_many(s);
		return DID;
	case ACTION_UNDO:
		many_undo(s, &c->many, TAG_UNDO);
		return DID;
	}
	if ((action == ACTION_BACK && *c->queues.typed) || tabs_act(&c->queues.tabs, action) == DID) {
		c->queues.typed[0] = 0;
		change_queue(c);
		return DID;
	}
	enum did did = list_act(&c->list, action, count);
	return did == NOT_MINE ? desk_act(s, action) : did;
}

static enum did cases_mouse(struct screen *s, int y, int x, enum mouse_button button)
{
	struct cases *c = s->state;
	struct area list = queues_list_area(c->area), all = c->area;
	int down = list.y - all.y, right = list.x - all.x;
	if (y >= down && x >= right)
		return list_mouse(&c->list, y - down, x - right, button);
	if (button != MOUSE_CLICK || queues_mouse(&c->queues, all, y, x) != DID)
		return NOT_MINE;
	c->queues.typed[0] = 0;
	change_queue(c);
	return DID;
}

static const char *cases_disabled(const struct screen *s, int action)
{
	const struct action_info *info = action_info(action);
	const struct cases *c = s->state;
	return info && action >= ACTION_OWN && info->flags & ACTION_NEEDS_ROW && !list_selected(&c->list)
		       ? "no case is selected"
		       : NULL;
}

static void cases_position(const struct screen *s, char *out, size_t size)
{
	list_position(&((const struct cases *)s->state)->list, out, size);
}

static void cases_title(const struct screen *s, char *out, size_t size)
{
	const struct queues *q = &((const struct cases *)s->state)->queues;
	snprintf(out, size, "Cases%s%s", *q->typed ? ": " : "", q->typed);
}

static const int cases_actions[] = {ACTION_TAKE_NEXT, ACTION_TAKE, ACTION_ASSIGN, ACTION_OPEN,
	ACTION_CASE_MEMBER, ACTION_FILTER, ACTION_MANY, ACTION_UNDO, ACTION_SAVE_QUEUE, ACTION_DROP_QUEUE, DESK_EVERYWHERE, ACTION_NONE};

const struct screen_ops cases_screen = {
	.name = "cases",
	.help = "The queues of cases: who waits for an answer",
	.size = sizeof(struct cases),
	.rights = DESK_MAY_SERVE,
	.digits = true,
	.actions = cases_actions,
	.open = cases_open,
	.close = cases_close,
	.answer = cases_answer,
	.layout = cases_layout,
	.draw = cases_draw,
	.act = cases_act,
	.mouse = cases_mouse,
	.disabled = cases_disabled,
	.cancel = desk_cancel,
	.title = cases_title,
	.position = cases_position,
};
