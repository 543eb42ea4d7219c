// Draws the queues, and knows which is shown.
#include "screens/cases/queues.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { BESIDE_WIDTH = 112, PANE_WIDTH = 26 };

// Until the database tells how many: those that are everybody's from the start, so that keys typed ahead mean the same.
void queues_init(struct queues *q)
{
	static const struct {
		const char *name, *filter;
	} first[] = {{"Mine", "owner=me"}, {"Unassigned", "owner=none"}, {"Breaching", "late"}, {"All", ""},
		{"Resolved", "state=ended"}};
	*q = (struct queues){.count = sizeof first / sizeof first[0]};
	for (int i = 0; i < q->count; i++) {
		snprintf(q->list[i].name, sizeof q->list[i].name, "%s", first[i].name);
		snprintf(q->list[i].filter, sizeof q->list[i].filter, "%s", first[i].filter);
		snprintf(q->text[i], sizeof q->text[i], "%s", first[i].name);
		q->names[i] = q->text[i];
	}
	q->tabs = (struct tabs){.names = q->names, .count = q->count};
}

void queues_take(struct queues *q, const struct result *result)
{
	int shown = q->list[q->tabs.current].queue_no;
	q->count = result_rows(result) < CASE_QUEUES ? result_rows(result) : CASE_QUEUES;
	for (int i = 0; i < q->count; i++) {
		case_queue_read(result, i, &q->list[i]);
		snprintf(q->text[i], sizeof q->text[i], "%s %" PRId64, q->list[i].name, q->list[i].cases);
		q->names[i] = q->text[i];
		if (shown && q->list[i].queue_no == shown)
			q->tabs.current = i;
	}
	q->tabs.count = q->count;
	if (q->tabs.current >= q->count)
		q->tabs.current = 0;
}

const char *queues_filter(const struct queues *q)
{
	return *q->typed ? q->typed : q->list[q->tabs.current].filter;
}

int64_t queues_total(const struct queues *q)
{
	return *q->typed ? -1 : q->list[q->tabs.current].cases;
}

const char *queues_empty(const struct queues *q)
{
	static const struct {
		const char *filter, *empty;
	} known[] = {{"owner=me", "You have no case. n takes the one that is due first."},
		{"owner=none", "Every case has an owner."}, {"late", "No case is overdue."},
		{"", "No case is open."}, {"state=ended", "No case has been resolved yet."}};
	for (size_t i = 0; !*q->typed && i < sizeof known / sizeof known[0]; i++)
		if (strcmp(known[i].filter, queues_filter(q)) == 0)
			return known[i].empty;
	return *q->typed ? "No case matches. Esc clears the filter." : "No case stands in this queue.";
}

struct area queues_area(struct area a)
{
	return a.width < BESIDE_WIDTH ? area_rows(a, 0, 1) : area_columns(a, 0, PANE_WIDTH);
}

struct area queues_list_area(struct area a)
{
	return a.width < BESIDE_WIDTH ? area_rows(a, 1, a.height - 1)
				      : area_columns(a, PANE_WIDTH, a.width - PANE_WIDTH);
}

static void draw_pane(const struct queues *q, struct area a)
{
	draw_text(a, 0, 1, a.width - 3, ROLE_HEADER, "Queue");
	for (int i = 0; i < q->count; i++) {
		char count[24];
		bool is_shown = i == q->tabs.current && !*q->typed;
		enum role role = is_shown ? ROLE_SELECTED : ROLE_TEXT;
		snprintf(count, sizeof count, "%" PRId64, q->list[i].cases);
		draw_format(a, 1 + i, 1, a.width - 10, role, "%c%d %s", is_shown ? '>' : ' ', i + 1, q->list[i].name);
		draw_format(a, 1 + i, a.width - 9, 7, role, "%7s", q->list[i].queue_no ? count : "");
	}
	if (*q->typed)
		draw_format(a, 2 + q->count, 1, a.width - 3, ROLE_SELECTED, "f %s", q->typed);
}

void queues_draw(const struct queues *q, struct area a)
{
	struct area place = queues_area(a);
	if (place.height > 1)
		draw_pane(q, place);
	else
		tabs_draw(&q->tabs, place, 0);
}

enum did queues_mouse(struct queues *q, struct area a, int y, int x)
{
	struct area place = queues_area(a);
	if (y >= place.height || x >= place.width)
		return NOT_MINE;
	if (place.height == 1)
		return tabs_mouse(&q->tabs, x);
	if (y < 1 || y > q->count)
		return NOT_MINE;
	q->tabs.current = y - 1;
	return DID;
}
