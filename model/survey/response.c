// Statements about single answers, and the reading of their rows.
#include "model/survey/response.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

// A page behind or before a place; going back, the last rows come first and are turned round outside. The rows are chosen out of
// the index alone, where no words are looked for; those are taken as they are written, signs of patterns too.
#define RESPONSE_PAGE(after, order)                                                                                             \
	"SELECT r.member_id, r.window_no, r.answered_at::text AS at, to_char(r.answered_at AT TIME ZONE (SELECT "               \
	"loyalty.survey_zone()), 'YYYY-MM-DD HH24:MI') AS answered, m.number, btrim(m.given_name || ' ' || m.family_name) "     \
	"AS name, r.score, r.channel, r.comment, coalesce(t.code, '') AS tier, r.region, r.taken_by, r.case_no, "               \
	"array_to_string(r.tags, ', ') AS tags FROM (SELECT r.member_id, r.survey_id, r.window_no "              \
	"FROM loyalty.survey_response r WHERE r.survey_id = $1::smallint AND r.score BETWEEN $2::int AND $3::int "               \
	"AND r.answered_at >= ('2000-01-01'::date + $4::int)::timestamp AT TIME ZONE (SELECT loyalty.survey_zone()) "            \
	"AND ($5::int IS NULL OR r.answered_at < ('2000-01-01'::date + $5::int)::timestamp AT TIME ZONE (SELECT loyalty.survey_zone())) " \
	"AND ($6::text IS NULL OR CASE $6::text WHEN 'tier' THEN coalesce(r.tier_id::text, '') = $7::text "                     \
	"WHEN 'channel' THEN r.channel = $7::text WHEN 'region' THEN r.region = $7::text "                                      \
	"WHEN 'tag' THEN r.tags @> ARRAY[$7::text] WHEN 'segment' THEN CASE $7::text WHEN '' THEN r.segments = '{}' "           \
	"ELSE r.segments @> ARRAY[$7::text] END ELSE CASE $7::text WHEN '' THEN r.campaigns = '{}' "                            \
	"ELSE r.campaigns::text[] @> ARRAY[$7::text] END END) AND (NOT $8::boolean OR r.comment <> '') "                                               \
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

static void filter_ask(struct ask *ask, const struct response_filter *filter)
{
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
	filter_ask(ask, filter);
	ask_short(ask, at, length);
	ask_number(ask, member_id);
	ask_number(ask, window_no);
	ask_number(ask, page->rows);
}

void response_table(struct ask *ask, const struct response_filter *filter, int rows)
{
	ask_init(ask, "SELECT x.answered, x.number AS member, x.score, x.channel, x.comment, x.tags, x.tier, x.region, x.case_no AS \"case\" FROM ("
		      RESPONSE_PAGE("<", "DESC") ") x");
	filter_ask(ask, filter);
	ask_text(ask, "infinity");
	ask_number(ask, INT64_MAX);
	ask_number(ask, INT32_MAX);
	ask_number(ask, rows);
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
		.tags = result_text(r, row, 13),
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

void response_tag(struct ask *ask, int survey_id, int64_t member_id, int window_no, const char *tag, bool is_on)
{
	ask_init(ask, "SELECT array_to_string(loyalty.survey_tag($1, $2, $3, $4, $5), ', ')");
	ask_number(ask, member_id);
	ask_number(ask, survey_id);
	ask_number(ask, window_no);
	ask_text(ask, tag);
	ask_text(ask, is_on ? "true" : "false");
}

void response_tag_newest(struct ask *ask, const char *member, const char *code, const char *tag, bool is_on)
{
	ask_init(ask, "SELECT array_to_string(loyalty.survey_tag(r.member_id, r.survey_id, r.window_no, $3, $4), ', ') AS tags FROM ("
		      "SELECT x.member_id, x.survey_id, x.window_no FROM loyalty.survey_response x JOIN loyalty.survey s USING (survey_id) "
		      "WHERE x.member_id = loyalty.member_of($1) AND s.code = $2 ORDER BY x.answered_at DESC LIMIT 1) r");
	ask_text(ask, member);
	ask_text(ask, code);
	ask_text(ask, tag);
	ask_text(ask, is_on ? "true" : "false");
}

void response_tags(struct ask *ask, int survey_id)
{
	ask_init(ask, "SELECT c.value AS tag, sum(c.n) AS answers FROM loyalty.survey_count c WHERE c.survey_id = $1::smallint AND c.grain = 'm' "
		      "AND c.dimension = 'tag' GROUP BY 1 HAVING sum(c.n) > 0 ORDER BY 2 DESC, 1 LIMIT 40");
	ask_number(ask, survey_id);
}

void response_phrases(struct ask *ask, const struct response_filter *filter, int rows)
{
	ask_init(ask, "SELECT p.phrase, p.answers, p.share, p.others FROM loyalty.survey_phrases($1, $2, $3, '2000-01-01'::date + $4::int, "
		      "'2000-01-01'::date + $5::int, $6) p");
	ask_number(ask, filter->survey_id);
	ask_number(ask, filter->least);
	ask_number(ask, filter->most);
	ask_number(ask, filter->from);
	if (filter->to == DAY_NONE)
		ask_text(ask, NULL);
	else
		ask_number(ask, filter->to);
	ask_number(ask, rows);
}
