// The timeline: everything about one member in one list, newest first, whatever table it stands in.
#include "model/member/timeline.h"

static const char *const filters[TIMELINE_FILTERS] = {
	"everything", "purchases", "points", "status", "rewards", "cases", "notes", "campaigns", "messages"};

const char *timeline_filter_name(enum timeline_filter filter)
{
	return filters[filter];
}

void timeline_list(struct ask *ask, int64_t member_id, enum timeline_filter filter, const struct page *page)
{
	ask_init(ask, "SELECT key, day, clock, kind, id, seq, what, name, object, reason, person, amount, quantity, "
		      "result, why, points, currency_id, of, was "
		      "FROM loyalty.member_timeline($1, $2, $3, $4, $5)");
	ask_number(ask, member_id);
	ask_text(ask, filter == TIMELINE_ALL ? "" : filters[filter]);
	page_ask(ask, page);
}

void timeline_row_read(const struct result *result, int row, struct timeline_row *line)
{
	*line = (struct timeline_row){
		.key = result_text(result, row, 0),
		.day = result_text(result, row, 1),
		.clock = result_text(result, row, 2),
		.kind = (enum timeline_kind)result_int64(result, row, 3),
		.id = result_int64(result, row, 4),
		.seq = result_int64(result, row, 5),
		.what = result_text(result, row, 6),
		.name = result_text(result, row, 7),
		.object = result_text(result, row, 8),
		.reason = result_text(result, row, 9),
		.person = result_text(result, row, 10),
		.has_amount = !result_is_null(result, row, 11),
		.amount = result_int64(result, row, 11),
		.quantity = result_int64(result, row, 12),
		.result = result_text(result, row, 13),
		.result_reason = result_text(result, row, 14),
		.has_points = !result_is_null(result, row, 15),
		.points = result_int64(result, row, 15),
		.currency_id = (int)result_int64(result, row, 16),
		.of = (int)result_int64(result, row, 17),
		.was = (int)result_int64(result, row, 18),
	};
}
