// Statements about queues of cases and the reading of their rows.
#include "model/desk/case_queue.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void case_queues(struct ask *ask)
{
	ask_init(ask, "SELECT queue_no, is_own, cases, name, filter FROM loyalty.case_queues() LIMIT $1");
	ask_number(ask, CASE_QUEUES);
}

void case_queue_read(const struct result *r, int row, struct case_queue *queue)
{
	*queue = (struct case_queue){.queue_no = (int)result_int64(r, row, 0),
		.is_own = result_bool(r, row, 1),
		.cases = result_int64(r, row, 2)};
	snprintf(queue->name, sizeof queue->name, "%s", result_text(r, row, 3));
	snprintf(queue->filter, sizeof queue->filter, "%s", result_text(r, row, 4));
}

void case_filter_count(struct ask *ask, const char *filter)
{
	ask_init(ask, "SELECT loyalty.case_filter_count($1)");
	ask_text(ask, filter);
}

void case_queue_set(struct ask *ask, const char *name, const char *filter, bool is_shared)
{
	ask_init(ask, "SELECT loyalty.case_queue_set($1, $2, $3)");
	ask_text(ask, name);
	ask_text(ask, filter);
	ask_text(ask, is_shared ? "true" : "false");
}

void case_list(struct ask *ask, const char *filter, const struct page *page)
{
	ask_init(ask,
		"SELECT member_id, case_no, number, priority, version, is_late, age_s, due_s, member, title, state, owner,"
		" group_code, tags, key FROM loyalty.case_page($1, $2, $3, $4)");
	ask_text(ask, filter);
	page_ask(ask, page);
}

void case_row_read(const struct result *r, int row, struct case_row *out)
{
	*out = (struct case_row){
		.id = {result_int64(r, row, 0), (int)result_int64(r, row, 1)},
		.number = result_int64(r, row, 2),
		.priority = (int)result_int64(r, row, 3),
		.version = (int)result_int64(r, row, 4),
		.is_late = result_bool(r, row, 5),
		.age_s = result_int64(r, row, 6),
		.is_due = !result_is_null(r, row, 7),
		.due_s = result_int64(r, row, 7),
		.member = result_text(r, row, 8),
		.title = result_text(r, row, 9),
		.state = result_text(r, row, 10),
		.owner = result_text(r, row, 11),
		.group = result_text(r, row, 12),
		.tags = result_text(r, row, 13),
	};
	snprintf(out->key, sizeof out->key, "%s", result_text(r, row, 14));
}

bool case_key_read(const char *key, struct case_id *id)
{
	return sscanf(key + strcspn(key, "|"), "|%" SCNd64 "|%d", &id->member_id, &id->case_no) == 2;
}
