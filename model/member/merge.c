// Two memberships of one person: what would move, merging them, and parting them again.
#include "model/member/merge.h"

#include <string.h>

void merge_preview(struct ask *ask, const char *source, const char *target)
{
	ask_init(ask, "SELECT p.what, p.has, p.becomes FROM loyalty.merge_preview(loyalty.member_of($1), loyalty.member_of($2)) p");
	ask_text(ask, source);
	ask_text(ask, target);
}

void merge_preview_of(struct ask *ask, int64_t source_id, const char *target)
{
	ask_init(ask, "SELECT p.what, p.has, p.becomes FROM loyalty.merge_preview($1, loyalty.member_of($2)) p");
	ask_number(ask, source_id);
	ask_text(ask, target);
}

void merge_line_read(const struct result *result, int row, struct merge_line *line)
{
	*line = (struct merge_line){.what = result_text(result, row, 0),
		.has = result_text(result, row, 1),
		.becomes = result_text(result, row, 2)};
}

const char *merge_trouble(const struct result *result)
{
	int last = result_rows(result) - 1;
	bool is_trouble = last >= 0 && strcmp(result_text(result, last, 0), "trouble") == 0;
	return is_trouble ? result_text(result, last, 1) : "";
}

void merge_submit(struct ask *ask, const struct merge_wish *wish)
{
	ask_init(ask, "SELECT s.seq, s.status, s.reason, 0, 0 FROM loyalty.submit_event($1, CASE WHEN $3::text IS NULL THEN 'unmerge' "
		      "ELSE 'merge' END::loyalty.event_type, 'desk', $2, NULL, jsonb_strip_nulls(jsonb_build_object('receiver', $3::text, "
		      "'reason', nullif($4::text, '')))) s");
	ask_number(ask, wish->source_id);
	ask_text(ask, wish->key);
	ask_text(ask, wish->target);
	ask_text(ask, wish->reason);
}

void merge_source(struct ask *ask, const char *number)
{
	ask_init(ask, "SELECT loyalty.member_numbered($1)");
	ask_text(ask, number);
}
