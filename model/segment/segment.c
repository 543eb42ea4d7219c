// The statements about saved segments.
#include "model/segment/segment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS                                                                                              \
	"s.code, s.condition, s.revision, s.written_by, to_char(s.written_at AT TIME ZONE z.zone, "          \
	"'YYYY-MM-DD HH24:MI') "                                                                             \
	"AS written_at, s.members, to_char(s.counted_at AT TIME ZONE z.zone, 'YYYY-MM-DD HH24:MI') AS "      \
	"counted_at, "                                                                                       \
	"coalesce((SELECT string_agg(format('the %s %s', u.kind, u.by_code), ', ' ORDER BY u.kind, "         \
	"u.by_code) "                                                                                        \
	"FROM loyalty.segment_use u WHERE u.segment = s.code), '') AS used_by "                              \
	"FROM loyalty.segment s, (SELECT coalesce((SELECT p.timezone FROM loyalty.programme p), 'UTC') AS "  \
	"zone) z "

enum { CODE, CONDITION, REVISION, WRITTEN_BY, WRITTEN_AT, MEMBERS, COUNTED_AT, USED_BY };

void segment_page(struct ask *ask, const struct page *page)
{
	ask_init(ask,
		"SELECT p.* FROM (SELECT " COLUMNS
		"WHERE CASE $1 WHEN 'after' THEN s.code > $2 WHEN 'before' THEN s.code < $2 "
		"WHEN 'from' THEN s.code >= $2 ELSE true END "
		"ORDER BY CASE WHEN $1 IN ('last', 'before') THEN s.code END DESC, s.code LIMIT $3::int) p "
		"ORDER BY p.code");
	page_ask(ask, page);
}

void segment_table(struct ask *ask, const char *code)
{
	ask_init(ask, "SELECT " COLUMNS "WHERE s.code = coalesce($1, s.code) ORDER BY s.code");
	ask_text(ask, code);
}

void segment_row_read(const struct result *result, int row, struct segment_row *segment)
{
	*segment = (struct segment_row){.code = result_text(result, row, CODE),
		.condition = result_text(result, row, CONDITION),
		.revision = (int)result_int64(result, row, REVISION),
		.written_by = result_text(result, row, WRITTEN_BY),
		.written_at = result_text(result, row, WRITTEN_AT),
		.members = result_is_null(result, row, MEMBERS) ? -1 : result_int64(result, row, MEMBERS),
		.counted_at = result_text(result, row, COUNTED_AT),
		.used_by = result_text(result, row, USED_BY)};
}

void segment_save(struct segment_saving *saving, const char *code, const struct member_condition *condition,
	int revision)
{
	const char *used[SEGMENT_USED_MAX];
	size_t size;
	int count = condition_segments(condition, used, SEGMENT_USED_MAX);
	FILE *out = open_memstream(&saving->segments, &size);
	if (!out)
		abort();
	fputc('{', out);
	for (int i = 0; i < count && i < SEGMENT_USED_MAX; i++) // codes of segments need no quotes
		fprintf(out, "%s%s", i ? "," : "", used[i]);
	fputc('}', out);
	fclose(out);
	ask_init(&saving->ask, "SELECT loyalty.segment_save($1, $2, $3::text[], $4::int)");
	ask_text(&saving->ask, code);
	ask_text(&saving->ask, condition->text);
	ask_text(&saving->ask, saving->segments);
	if (revision < 0)
		ask_text(&saving->ask, NULL);
	else
		ask_number(&saving->ask, revision);
}

void segment_saving_free(struct segment_saving *saving)
{
	free(saving->segments);
	saving->segments = NULL;
}

void segment_drop(struct ask *ask, const char *code)
{
	ask_init(ask, "SELECT loyalty.segment_drop($1)");
	ask_text(ask, code);
}

void segment_counted(struct ask *ask, const char *code, int revision, int64_t members)
{
	ask_init(ask, "SELECT loyalty.segment_counted($1, $2::int, $3::bigint)");
	ask_text(ask, code);
	ask_number(ask, revision);
	ask_number(ask, members);
}
