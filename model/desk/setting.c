// Statements about what is set up at the desk.
#include "model/desk/setting.h"
#include "db/result.h"
#include <stdio.h>

// clang-format off
void setting_list(struct ask *ask, const char *kind, const struct page *page)
{
	ask_init(ask,
		"SELECT x.key, x.is_off, x.f[1], x.f[2], x.f[3], x.f[4], x.f[5], x.f[6], x.f[7], x.f[8], x.f[9] FROM"
		" (SELECT s.key, s.is_off, s.fields AS f, row_number() OVER (ORDER BY s.key COLLATE \"C\") AS n FROM loyalty.desk_settings($1) s"
		"   WHERE CASE $2 WHEN 'after' THEN s.key COLLATE \"C\" > $3 WHEN 'from' THEN s.key COLLATE \"C\" >= $3"
		"         WHEN 'before' THEN s.key COLLATE \"C\" < $3 ELSE true END"
		"   ORDER BY CASE WHEN $2 IN ('last', 'before') THEN -1 ELSE 1 END * row_number() OVER (ORDER BY s.key COLLATE \"C\") LIMIT $4) x"
		" ORDER BY x.n");
	ask_text(ask, kind);
	page_ask(ask, page);
}

void setting_codes(struct ask *ask)
{
	ask_init(ask,
		"SELECT x.what, x.code FROM (SELECT 'calendar' AS what, calendar AS code FROM loyalty.calendar UNION ALL SELECT 'group', group_code FROM loyalty.case_group"
		" UNION ALL SELECT 'text', text_code FROM loyalty.case_text) x ORDER BY 1, 2");
}
// clang-format on

void setting_row_read(const struct result *r, int row, struct setting_row *out)
{
	*out = (struct setting_row){.key = result_text(r, row, 0), .is_off = result_bool(r, row, 1)};
	for (int i = 0; i < SETTING_FIELDS; i++)
		out->fields[i] = result_text(r, row, 2 + i);
}

void setting_join(char *out, size_t size, const char *const *fields, int count)
{
	size_t used = 0;
	out[0] = 0;
	for (int i = 0; i < count && used < size; i++)
		used += (size_t)snprintf(out + used, size - used, "%s%s", i ? "\x1f" : "", fields[i]);
}

void setting_set(struct ask *ask, const char *kind, const char *was, const char *fields)
{
	ask_init(ask, "SELECT loyalty.desk_setting_set($1, string_to_array($2, E'\\x1f'), string_to_array($3, E'\\x1f'))");
	ask_text(ask, kind);
	ask_text(ask, was);
	ask_text(ask, fields);
}

void setting_switch(struct ask *ask, const char *kind, const char *key, bool is_off)
{
	ask_init(ask, "SELECT loyalty.desk_setting_switch($1, $2, $3)");
	ask_text(ask, kind);
	ask_text(ask, key);
	ask_text(ask, is_off ? "true" : "false");
}
