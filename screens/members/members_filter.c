// The members' list of those that a condition means.
#include "screens/members/members_state.h"

#include "model/segment/audience.h"
#include "screens/segments/condition_ask.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool members_is_filtered(const struct members *m)
{
	return m->filter.text != NULL;
}

static void filter_free(struct members_filter *f)
{
	if (f->names) {
		condition_free(&f->condition);
		condition_names_free(f->names);
	}
	free(f->text);
	*f = (struct members_filter){.members = -1, .turn = f->turn + 1};
}

// Takes the text and, where there are some, the names, which become the filter's.
static bool filter_take(struct members_filter *f, const char *text, struct condition_names **names)
{
	struct condition_fault fault;
	char *copy = strdup(text);
	filter_free(f);
	f->text = copy;
	if (!copy || !names)
		return copy != NULL;
	f->names = *names;
	*names = NULL;
	f->is_good = condition_read(&f->condition, copy, f->names, &fault);
	return true;
}

static void names_ask(struct screen *s)
{
	struct ask ask;
	condition_names_ask(&ask);
	desk_send(s, &(struct desk_request){
			     .tag = TAG_NAMES, .what = "the names", .asks = {&ask}, .is_read = true});
}

bool members_filter_set(struct screen *s, const char *text)
{
	struct members *m = s->state;
	if (!filter_take(&m->filter, text, NULL))
		return false;
	names_ask(s);
	return true;
}

void members_filter_named(struct screen *s, const struct answer *answer)
{
	struct members *m = s->state;
	struct members_filter *f = &m->filter;
	struct condition_fault fault;
	if (!desk_good(s, answer, "reading the names of conditions") || !f->text || f->names)
		return;
	f->names = condition_names_read(answer->results[0]);
	f->is_good = f->names && condition_read(&f->condition, f->text, f->names, &fault);
	if (!f->is_good)
		screen_say(s, ROLE_WARNING, "%s", f->names ? fault.why : "There is no programme yet");
	members_show(m);
}

void members_filter_clear(struct members *m)
{
	filter_free(&m->filter);
}

// --- Asking for it.

static void condition_taken(struct screen *s, struct condition_answer *answer, void *payload)
{
	struct members *m = payload;
	if (!*answer->text) {
		members_filter_clear(m);
		members_show(m);
		return;
	}
	if (!filter_take(&m->filter, answer->text, &answer->names)) {
		screen_say(s, ROLE_BAD, "Out of memory: the list is as it was");
		return;
	}
	m->filter.members = answer->members;
	m->filter.is_exact = answer->is_exact;
	edit_set(&m->find, "");
	m->find_due = false;
	if (!m->filter.names->sees_names)
		m->order = MEMBER_BY_NUMBER;
	members_show(m);
}

void members_filter_ask(struct screen *s)
{
	struct members *m = s->state;
	condition_ask(s, &(const struct condition_question){.title = "Which members?",
				 .start = m->filter.text,
				 .empty = m->is_audience ? NULL : "all members",
				 .done = condition_taken,
				 .payload = m});
}

// --- Pages and numbers.

// What the screen asked for before ends on the server too: a page of few among many takes long. A write is
// left alone.
static void give_up(struct screen *s)
{
	if (!desk_pending(s, TAG_ENROL) && (desk_pending(s, TAG_PAGE) || desk_pending(s, TAG_FITTING)))
		desk_cancel(s);
}

bool members_filter_page(struct members *m, const struct rows_request *request)
{
	struct screen *s = m->list.screen;
	struct audience audience = {0};
	struct error error;
	struct page page = desk_list_page(request);
	struct rows none = {0};
	if (!m->filter.is_good) // the names are on their way, or the person was told what is wrong
		return list_answer(&m->list, request->ticket, &none);
	give_up(s);
	bool is_sent = audience_page(&audience, &m->filter.condition, m->order, &page);
	if (!is_sent && !audience_too_long(&error))
		screen_say(s, ROLE_WARNING, "%s: %s", error.why, error.todo);
	is_sent = is_sent && desk_send(s, &(struct desk_request){.tag = TAG_PAGE,
						  .number = request->ticket,
						  .what = "members that fit",
						  .asks = {&audience.ask},
						  .is_read = true,
						  .replaces = true});
	audience_free(&audience);
	return is_sent;
}

static void total_show(struct members *m)
{
	if (m->filter.members >= 0)
		list_set_total(&m->list, m->filter.members, !m->filter.is_exact);
}

void members_filter_shown(struct members *m)
{
	struct screen *s = m->list.screen;
	struct audience audience = {0};
	total_show(m);
	if (!m->filter.is_good || m->filter.is_exact || desk_pending(s, TAG_FITTING))
		return;
	if (audience_count(&audience, &m->filter.condition))
		desk_send(s, &(struct desk_request){
				     .tag = TAG_FITTING,
				     .number = m->filter.turn,
				     .asks = {&audience.ask},
				     .is_read = true});
	audience_free(&audience);
}

void members_filter_counted(struct members *m, const struct desk_news *news)
{
	if (news->answer->outcome != REQUEST_OK || news->number != m->filter.turn)
		return; // counted after the next page
	m->filter.members = audience_count_read(news->answer->results[0]);
	m->filter.is_exact = true;
	if (!members_is_finding(m))
		total_show(m);
}

void members_filter_recount(struct members *m)
{
	m->filter.is_exact = false;
}

void members_filter_title(const struct members *m, char *out, size_t size)
{
	snprintf(out, size, "Members where %s", m->filter.text);
}
