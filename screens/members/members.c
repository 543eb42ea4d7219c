// Members: find one as you type, or page through them by number or name, all or those that a condition means;
// enrol a new one.
#include "screens/members/members_state.h"

#include "model/amount.h"
#include "screens/ui/entry.h"
#include "screens/ui/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIND_ROWS_MAX = 200, NAME_MAX_BYTES = 1720, FIND_LABEL_WIDTH = 6 };

enum members_column {
	COLUMN_NUMBER,
	COLUMN_NAME,
	COLUMN_TIER,
	COLUMN_POINTS,
	COLUMN_ACTIVITY,
	COLUMNS,
	CELL_MEMBER_ID = COLUMNS,
	CELL_REWARD_NO,
	CELLS
};

static const struct column columns[COLUMNS] = {
	[COLUMN_NUMBER] = {.title = "Number", .width = 10},
	[COLUMN_NAME] = {.title = "Name", .width = 20, .flex = 3},
	[COLUMN_TIER] = {.title = "Tier", .width = 12, .priority = 2},
	[COLUMN_POINTS] = {.title = "Points", .width = 12, .align = ALIGN_RIGHT, .priority = 1},
	[COLUMN_ACTIVITY] = {.title = "Last activity", .width = 13, .priority = 3},
};

static void members_ask(struct list *l, const struct rows_request *request);

static const struct list_spec whole_list = {
	.columns = columns,
	.column_count = COLUMNS,
	.what = "members",
	.empty = "There are no members yet. e enrols the first.",
	.ask = members_ask,
};

static const struct list_spec found_list = {
	.columns = columns,
	.column_count = COLUMNS,
	.what = "search",
	.empty = "No member fits. Number, card, phone, e-mail, parts of the name or a reward's code are searched; "
		 "Esc clears, e enrols.",
	.ask = members_ask,
};

static const struct list_spec fitting_list = {
	.columns = columns,
	.column_count = COLUMNS,
	.what = "members",
	.empty = "No member fits the condition. f changes it, Esc clears it.",
	.ask = members_ask,
};

bool members_is_finding(const struct members *m)
{
	return m->list.spec == &found_list;
}

static bool ask_found(struct members *m, const struct rows_request *request)
{
	struct ask ask;
	struct rows none = {0};

	// What was found is one page: there is nothing behind it.
	if (request->ask == ROWS_AFTER || request->ask == ROWS_BEFORE)
		return list_answer(&m->list, request->ticket, &none);
	member_find(&ask, m->find.text, request->count < FIND_ROWS_MAX ? request->count : FIND_ROWS_MAX);
	return desk_send(m->list.screen, &(struct desk_request){.tag = TAG_PAGE,
						 .number = request->ticket,
						 .asks = {&ask},
						 .is_read = true,
						 .replaces = true});
}

static bool ask_count(struct screen *s)
{
	struct ask count;

	member_count(&count);
	return desk_send(s, &(struct desk_request){.tag = TAG_COUNT, .asks = {&count}, .is_read = true});
}

// At the start the page goes before all else: how many there are comes behind it, with the facts.
static bool ask_page(struct members *m, const struct rows_request *request)
{
	struct screen *s = m->list.screen;
	struct ask ask, count;
	struct page page = desk_list_page(request);
	bool is_start = !desk_facts(s)->is_known;

	member_list(&ask, m->order, &page);
	member_count(&count);
	return desk_send(s, &(struct desk_request){.tag = TAG_PAGE,
				    .number = request->ticket,
				    .asks = {&ask, request->ask == ROWS_FIRST && !is_start ? &count : NULL},
				    .is_read = true,
				    .is_first = true,
				    .replaces = true}) &&
	       (!is_start || ask_count(s));
}

static void members_ask(struct list *l, const struct rows_request *request)
{
	struct members *m = l->payload;

	bool is_asked = members_is_finding(m)	  ? ask_found(m, request)
			: members_is_filtered(m) ? members_filter_page(m, request)
						  : ask_page(m, request);
	if (!is_asked)
		list_failed(l, request->ticket);
}

static bool members_open(struct screen *s, const void *argument)
{
	struct members *m = s->state;

	m->is_audience = argument != NULL;
	if (m->is_audience && !members_filter_set(s, argument))
		return false;
	return edit_init(&m->find, NULL, FIND_MAX, false) &&
	       list_init(&m->list, m->is_audience ? &fitting_list : &whole_list, s, m);
}

static void members_close(struct screen *s)
{
	struct members *m = s->state;

	beside_free(&m->writing);
	list_free(&m->list);
	edit_free(&m->find);
	desk_forget(s);
	members_filter_clear(m);
}

// --- Rows.

static const char *activity_text(const struct member_row *member, char out[DAY_SIZE])
{
	return member->last_activity_on == DAY_NONE ? "never" : day_format(member->last_activity_on, out);
}

static bool add_row(struct rows *rows, const struct member_row *member)
{
	bool active = !strcmp(member->status, "active");
	char number[24], id[24], reward_no[24], name[NAME_MAX_BYTES], points[AMOUNT_SIZE], activity[DAY_SIZE];

	snprintf(number, sizeof number, "%lld", (long long)member->number);
	snprintf(id, sizeof id, "%lld", (long long)member->member_id);
	snprintf(reward_no, sizeof reward_no, "%lld", (long long)member->reward_no);
	snprintf(name, sizeof name, "%s%s%s%s%s%s", member->given_name, *member->given_name ? " " : "",
		member->family_name, active ? "" : " (", active ? "" : member->status, active ? "" : ")");
	amount_points(points, member->points, member->decimals, AMOUNT_PLAIN);
	const char *cells[CELLS] = {[COLUMN_NUMBER] = number,
		[COLUMN_NAME] = name,
		[COLUMN_TIER] = member->tier,
		[COLUMN_POINTS] = points,
		[COLUMN_ACTIVITY] = activity_text(member, activity),
		[CELL_MEMBER_ID] = id,
		[CELL_REWARD_NO] = reward_no};
	return rows_add(rows, number, active ? ROLE_TEXT : ROLE_DIM, cells, CELLS);
}

void members_open_selected(struct members *m)
{
	const struct row *row = list_selected(&m->list);
	int64_t member_id = row ? strtoll(row->cells[CELL_MEMBER_ID], NULL, 10) : 0;

	if (member_id)
		member_open_at(m->list.screen->ui, member_id, strtoll(row->cells[CELL_REWARD_NO], NULL, 10));
}

static void set_total(struct members *m, const struct result *count)
{
	struct member_total total = member_count_read(count);

	list_set_total(&m->list, total.members, total.is_estimate);
}

// Refused before the facts are known, which tell why: they lead elsewhere, or the page is asked for again.
static bool page_good(struct screen *s, const struct answer *answer)
{
	if (answer->outcome == REQUEST_SQL_ERROR && !desk_facts(s)->is_known)
		return false;
	return desk_good(s, answer, members_is_finding(s->state) ? "the search" : "reading members");
}

static void take_page(struct screen *s, const struct desk_news *news)
{
	struct members *m = s->state;
	struct rows rows = {0};
	struct member_row member = {0};
	uint32_t ticket = (uint32_t)news->number;

	if (!m->list.asking || ticket != m->list.request.ticket)
		return;
	if (!page_good(s, news->answer)) {
		m->open_due = false;
		list_failed(&m->list, ticket);
		return;
	}
	const struct result *page = news->answer->results[0];
	for (int row = 0; row < result_rows(page); row++) {
		member_row_read(page, row, &member);
		if (!add_row(&rows, &member))
			break;
	}
	m->like = members_is_finding(m) && member.is_like;
	if (news->answer->count > 1)
		set_total(m, news->answer->results[1]);
	list_answer(&m->list, ticket, &rows);
	if (members_is_filtered(m) && !members_is_finding(m))
		members_filter_shown(m);
	if (m->open_due && s->ui->top == s)
		members_open_selected(m);
	m->open_due = false;
}

// --- Which members.

void members_choose(struct members *m)
{
	m->find_due = false;
	m->like = false;
	m->list.spec = m->find.length		 ? &found_list
		       : members_is_filtered(m) ? &fitting_list
						: &whole_list;
}

void members_show(struct members *m)
{
	members_choose(m);
	list_reload(&m->list);
}

// --- Actions.

static void sort_otherwise(struct members *m)
{
	const char *key = list_selected_key(&m->list);
	char selected[ROW_KEY_MAX] = "";

	if (members_is_finding(m)) {
		screen_say(m->list.screen, ROLE_WARNING,
			"What is found is sorted by how well it fits; Esc clears the search");
		return;
	}
	if (m->filter.is_good && !m->filter.names->sees_names) {
		screen_say(m->list.screen, ROLE_WARNING, "Your role sees no names to sort by");
		return;
	}
	m->order = (m->order + 1) % MEMBER_ORDERS;
	if (key)
		snprintf(selected, sizeof selected, "%s", key);
	if (!*selected) {
		list_reload(&m->list);
		return;
	}
	rows_free(&m->list.rows); // they stand in the other order
	list_go_to(&m->list, selected);
}

static enum did members_act(struct screen *s, int action, int count)
{
	struct members *m = s->state;

	switch (action) {
	case ACTION_SEARCH:
		m->typing = true;
		return DID;
	case ACTION_OPEN:
		members_open_selected(m);
		return DID;
	case ACTION_SORT:
		sort_otherwise(m);
		return DID;
	case ACTION_ENROL:
		if (desk_may_write(s))
			enrolment_open(&m->enrolment, s, TAG_ENROL);
		return DID;
	case ACTION_FILTER:
		members_filter_ask(s);
		return DID;
	case ACTION_EXPORT:
		members_write(s);
		return DID;
	case ACTION_BACK:
		if (m->find.length)
			members_find_clear(m);
		else if (members_is_filtered(m) && !m->is_audience) {
			members_filter_clear(m);
			members_show(m);
		} else
			break;
		return DID;
	case ACTION_REFRESH:
		members_filter_recount(m);
		break;
	default:
		break;
	}
	enum did did = list_act(&m->list, action, count);
	return did == NOT_MINE ? desk_act(s, action) : did;
}

static enum did members_mouse(struct screen *s, int y, int x, enum mouse_button button)
{
	struct members *m = s->state;

	if (y == 0 && button == MOUSE_CLICK) {
		m->typing = s->ui->rights & DESK_MAY_SERVE;
		return DID;
	}
	m->typing = false;
	return list_mouse(&m->list, y - 1, x, button);
}

// --- News.

// Whether the member is among the rows, or may be among those on their way, which may be older than the news.
static bool is_shown(const struct members *m, const char *member_id)
{
	if (m->list.asking)
		return true;
	for (int i = 0; i < m->list.rows.count; i++)
		if (!strcmp(m->list.rows.row[i]->cells[CELL_MEMBER_ID], member_id))
			return true;
	return false;
}

static void take_answer(struct screen *s, const struct desk_news *news)
{
	struct members *m = s->state;

	if (news->tag == TAG_PAGE)
		take_page(s, news);
	else if (news->tag == TAG_COUNT && news->answer->outcome == REQUEST_OK && !members_is_filtered(m))
		set_total(m, news->answer->results[0]);
	else if (news->tag == TAG_FITTING)
		members_filter_counted(m, news);
	else if (news->tag == TAG_NAMES)
		members_filter_named(s, news->answer);
	else if (news->tag == TAG_ENROL)
		enrolment_answer(&m->enrolment, s, TAG_OPEN, news->answer);
	else if (news->tag == TAG_OPEN)
		enrolment_open_other(s, news->answer);
}

static void members_answer(struct screen *s, void *answer)
{
	const struct desk_news *news = answer;
	struct members *m = s->state;

	switch (news->kind) {
	case DESK_ANSWERED:
		take_answer(s, news);
		break;
	case DESK_CHANGED:
		if (news->channel == DESK_EVERYTHING ||
			(news->channel == DESK_MEMBER && is_shown(m, news->payload)))
			list_refresh(&m->list);
		break;
	case DESK_FACTS:
		if (m->list.failed)
			list_refresh(&m->list);
	}
}

// --- Drawing.

static void members_layout(struct screen *s, struct area a)
{
	struct members *m = s->state;

	if (m->find_due)
		members_show(m);
	m->list.focused = !m->typing;
	list_layout(&m->list, area_rows(a, 1, a.height - 1));
}

static void members_draw(const struct screen *s, struct area a)
{
	const struct members *m = s->state;
	static const char *const orders[MEMBER_ORDERS] = {"by number", "by name"};
	bool is_filter_shown = members_is_filtered(m) && !m->typing && !m->find.length;
	const char *beside = !members_is_finding(m) ? orders[m->order]
			     : m->like		    ? "spelt alike"
			     : members_is_filtered(m) ? "best first, of all"
						    : "best first";
	int width = a.width - FIND_LABEL_WIDTH - text_width(beside) - 2;

	list_draw(&m->list, area_rows(a, 1, a.height - 1));
	draw_text(a, 0, 1, FIND_LABEL_WIDTH - 1, m->typing || is_filter_shown ? ROLE_STRONG : ROLE_HEADER,
		is_filter_shown ? "Only" : "Find");
	if (is_filter_shown)
		draw_text(a, 0, FIND_LABEL_WIDTH, width, ROLE_STRONG, m->filter.text);
	else
		entry_draw(&m->find, a, 0, FIND_LABEL_WIDTH, width, m->typing);
	draw_text(a, 0, FIND_LABEL_WIDTH + width + 1, text_width(beside), ROLE_DIM, beside);
}

static void members_title(const struct screen *s, char *out, size_t size)
{
	const struct members *m = s->state;

	if (members_is_filtered(m))
		members_filter_title(m, out, size);
	else
		snprintf(out, size, "Members");
}

static const char *members_disabled(const struct screen *s, int action)
{
	const struct members *m = s->state;

	if (action == ACTION_EXPORT)
		return !action_allowed(action, s->ui->rights) ? "marketing, managers and administrators take members out"
							      : members_write_disabled(m);
	return (action == ACTION_SEARCH || action == ACTION_ENROL) && !(s->ui->rights & DESK_MAY_SERVE)
		       ? "your role looks members up by conditions alone: f"
		       : NULL;
}

// Esc while waiting.
static void members_cancel(struct screen *s)
{
	struct members *m = s->state;

	beside_cancel(&m->writing);
	desk_cancel(s);
}

static void members_position(const struct screen *s, char *out, size_t size)
{
	list_position(&((const struct members *)s->state)->list, out, size);
}

static const int members_actions[] = {ACTION_SEARCH, ACTION_OPEN, ACTION_FILTER, ACTION_ENROL, ACTION_SORT,
	ACTION_EXPORT, DESK_EVERYWHERE, ACTION_NONE};

#define MEMBERS_SCREEN                                                                                       \
	.size = sizeof(struct members), .actions = members_actions, .open = members_open,                    \
	.close = members_close, .answer = members_answer, .cancel = members_cancel,                          \
	.layout = members_layout, .draw = members_draw, .input = members_input, .mouse = members_mouse,      \
	.act = members_act, .disabled = members_disabled, .title = members_title,                            \
	.position = members_position

const struct screen_ops members_screen = {
	.name = "members",
	.help = "Find a member by number, card, phone, e-mail or name; enrol a new one",
	.rights = DESK_MAY_SERVE,
	MEMBERS_SCREEN,
};

const struct screen_ops audience_screen = {
	.name = "audience",
	.help = "The members that a condition means; f changes it",
	MEMBERS_SCREEN,
};
