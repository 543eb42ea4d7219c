// Statements about single answers, and the reading of their rows.
#include "model/survey/response.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

// A page behind or before a place; going back, the last rows come first and are turned round outside. The rows are chosen out of
// the index alone, where no words are looked for; those are taken as they are written, signs of patterns too.
#define RESPONSE_PAGE(after, order)                                                                                             \
	"SELECT r.member_id, r.window_no, r.answered_at::text, to_char(r.answered_at AT TIME ZONE (SELECT loyalty.survey_zone()), " \
	"'YYYY-MM-DD HH24:MI'), m.number, btrim(m.given_name || ' ' || m.family_name), r.score, r.channel, r.comment, "         \
	"coalesce(t.code, ''), r.region, r.taken_by, r.case_no FROM (SELECT r.member_id, r.survey_id, r.window_no "              \
	"FROM loyalty.survey_response r WHERE r.survey_id = $1::smallint AND r.score BETWEEN $2::int AND $3::int "               \
	"AND r.answered_at >= ('2000-01-01'::date + $4::int)::timestamp AT TIME ZONE (SELECT loyalty.survey_zone()) "            \
	"AND ($5::int IS NULL OR r.answered_at < ('2000-01-01'::date + $5::int)::timestamp AT TIME ZONE (SELECT loyalty.survey_zone())) " \
	"AND ($6::text IS NULL OR CASE $6::text WHEN 'tier' THEN coalesce(r.tier_id::text, '') WHEN 'channel' THEN r.channel "  \
	"ELSE r.region END = $7::text) AND (NOT $8::boolean OR r.comment <> '') "                                               \
	"AND ($9::text IS NULL OR r.comment <> '' AND loyalty.fold(r.comment) LIKE '%' || replace(replace(replace("             \
	"loyalty.fold($9::text), '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%') "                                              \
	"AND (r.answered_at, r.member_id, r.window_no) " after " ($10::timestamptz, $11::bigint, $12::int) "                    \
	"ORDER BY r.answered_at " order ", r.member_id " order ", r.window_no " order " LIMIT $13::int) x "                     \
	"JOIN loyalty.survey_response r USING (member_id, survey_id, window_no) "                                               \
	"JOIN loyalty.member m USING (member_id) LEFT JOIN loyalty.tier t ON t.tier_id = r.tier_id "                            \
	"ORDER BY r.answered_at DESC, r.member_id DESC, r.window_no DESC"

// "2026-11-22 02:13:57.123456+00|1234|5": where a row stands in its list.
static bool key_split(const char *key, size_t *length, int64_t *member_id, int *window_no)
{
	*length = strcspn(key, "|");
	return *length < ASK_SHORT && sscanf(key + *length, "|%" SCNd64 "|%d", member_id, window_no) == 2;
}

bool response_key_read(const char *key, int64_t *member_id, int *window_no)
{
	size_t length;
	return key_split(key, &length, member_id, window_no);
}

void response_list(struct ask *ask, const struct response_filter *filter, const struct page *page)
{
	bool is_back = page->from == PAGE_LAST || page->from == PAGE_BEFORE;
	const char *at = is_back ? "-infinity" : "infinity";
	int64_t member_id = is_back ? 0 : INT64_MAX;
	int window_no = is_back ? INT32_MIN : INT32_MAX;
	size_t length = strlen(at);
	if (page->from >= PAGE_AFTER && key_split(page->key, &length, &member_id, &window_no)) {
		at = page->key;
		window_no += page->from == PAGE_FROM; // behind the place just before it
	}
	ask_init(ask, is_back ? RESPONSE_PAGE(">", "ASC") : RESPONSE_PAGE("<", "DESC"));
	ask_number(ask, filter->survey_id);
	ask_number(ask, filter->least);
	ask_number(ask, filter->most);
	ask_number(ask, filter->from);
	if (filter->to == DAY_NONE)
		ask_text(ask, NULL);
	else
		ask_number(ask, filter->to);
	ask_text(ask, filter->dimension < 0 ? NULL : survey_dimensions[filter->dimension]);
	ask_text(ask, filter->value);
	ask_text(ask, filter->has_words ? "true" : "false");
	ask_text(ask, filter->words);
	ask_short(ask, at, length);
	ask_number(ask, member_id);
	ask_number(ask, window_no);
	ask_number(ask, page->rows);
}

void response_row_read(const struct result *r, int row, struct response_row *out)
{
	*out = (struct response_row){
		.member_id = result_int64(r, row, 0),
		.window_no = (int)result_int64(r, row, 1),
		.when = result_text(r, row, 3),
		.number = result_int64(r, row, 4),
		.member = result_text(r, row, 5),
		.score = (int)result_int64(r, row, 6),
		.channel = result_text(r, row, 7),
		.comment = result_text(r, row, 8),
		.tier = result_text(r, row, 9),
		.region = result_text(r, row, 10),
		.taken_by = result_text(r, row, 11),
		.case_no = (int)result_int64(r, row, 12),
	};
	snprintf(out->key, sizeof out->key, "%s|%" PRId64 "|%d", result_text(r, row, 2), out->member_id, out->window_no);
}

void response_case(struct ask *ask, int survey_id, int64_t member_id, int window_no)
{
	ask_init(ask, "SELECT loyalty.survey_case_open($1, $2, $3)");
	ask_number(ask, member_id);
	ask_number(ask, survey_id);
	ask_number(ask, window_no);
}
