// The statements about the members that a condition means.
#include "model/segment/audience.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DRAWN = 2000 };

void audience_free(struct audience *audience)
{
	condition_sql_free(&audience->sql);
}

static bool audience_begin(struct audience *audience, const struct member_condition *condition,
	const struct condition_options *options)
{
	bool fits = condition_compile(condition, options, &audience->sql);
	ask_init(&audience->ask, "");
	for (int i = 0; fits && i < audience->sql.value_count; i++)
		ask_text(&audience->ask, audience->sql.values[i]);
	return fits;
}

bool audience_too_long(struct error *error)
{
	return error_set(error, ERROR_USAGE, "asking the database", "make it shorter, or two of it",
		"the condition has more values or clauses than one statement takes");
}

bool audience_count(struct audience *audience, const struct member_condition *condition)
{
	bool fits = audience_begin(audience, condition, NULL);
	struct condition_sql *sql = &audience->sql;
	audience->ask.sql =
		arena_format(&sql->arena, "SELECT count(*) AS members FROM %s WHERE %s", sql->from, sql->where);
	return fits;
}

int64_t audience_count_read(const struct result *result)
{
	return result_int64(result, 0, 0);
}

// Numbers are drawn from those that members may have; one that no member has counts as one that does not fit.
bool audience_estimate(struct audience *audience, const struct member_condition *condition)
{
	bool fits = audience_begin(audience, condition, &(struct condition_options){.reach = CONDITION_FEW});
	struct condition_sql *sql = &audience->sql;
	audience->ask.sql = arena_format(&sql->arena,
		"WITH known AS (SELECT coalesce(max(member_id), 0) AS last FROM loyalty.member), drawn AS "
		"MATERIALIZED ("
		"SELECT DISTINCT CASE WHEN last <= %d THEN i ELSE 1 + (hashint8extended(i, 2026) & "
		"9223372036854775807) %% last "
		"END AS member_id FROM known, generate_series(1, %d) i WHERE i <= last) "
		"SELECT (SELECT last FROM known), (SELECT count(*) FROM drawn), "
		"(SELECT count(*) FROM %s WHERE m.member_id IN (SELECT d.member_id FROM drawn d) AND %s)",
		DRAWN, DRAWN, sql->from, sql->where);
	return fits;
}

struct audience_estimate audience_estimate_read(const struct result *result)
{
	int64_t all = result_int64(result, 0, 0), drawn = result_int64(result, 0, 1),
		found = result_int64(result, 0, 2);
	if (drawn == all)
		return (struct audience_estimate){
			.members = found, .interval = {found, found}, .is_exact = true};
	wide_t members = ((wide_t)all * found + drawn / 2) / drawn;
	return (struct audience_estimate){
		.members = (int64_t)members, .interval = interval_of_count(all, drawn, found)};
}

bool audience_steps(struct audience *audience, const struct member_condition *condition)
{
	bool fits = audience_begin(audience, condition, NULL);
	struct condition_sql *sql = &audience->sql;
	const char *so_far = "true", *list = "count(*)";
	for (int i = 0; i < sql->clause_count; i++) {
		so_far = arena_format(&sql->arena, "%s AND %s", so_far, sql->clauses[i]);
		list = arena_format(&sql->arena, "%s, count(*) FILTER (WHERE %s)", list, so_far);
	}
	audience->ask.sql =
		arena_format(&sql->arena, "SELECT %s FROM %s WHERE %s", list, sql->from, sql->population);
	return fits;
}

int64_t audience_step_read(const struct result *result, int step)
{
	return result_int64(result, 0, step);
}

// The order and its reverse.
static const char *const orders[MEMBER_ORDERS][2] = {
	[MEMBER_BY_NUMBER] = {"m.number", "m.number DESC"},
	[MEMBER_BY_NAME] = {"m.family_folded, m.given_folded, m.member_id",
		"m.family_folded DESC, m.given_folded DESC, m.member_id DESC"},
};

static enum member_order order_seen(const struct condition_names *names, enum member_order order)
{
	return names->sees_names ? order : MEMBER_BY_NUMBER;
}

// Where the page begins or ends, and in which direction it is read.
static const char *page_where(struct arena *arena, const struct page *page, enum member_order order, int key)
{
	static const char *const signs[] = {[PAGE_AFTER] = ">", [PAGE_BEFORE] = "<", [PAGE_FROM] = ">="};
	if (page->from == PAGE_FIRST || page->from == PAGE_LAST)
		return "";
	if (order == MEMBER_BY_NUMBER)
		return arena_format(arena, " AND m.number %s $%d::bigint", signs[page->from], key);
	return arena_format(arena,
		" AND (m.family_folded, m.given_folded, m.member_id) %s (SELECT k.family_folded, "
		"k.given_folded, k.member_id "
		"FROM loyalty.member k WHERE k.number = $%d::bigint)",
		signs[page->from], key);
}

bool audience_page(struct audience *audience, const struct member_condition *condition,
	enum member_order order, const struct page *page)
{
	bool sees = condition->names->sees_names,
	     is_back = page->from == PAGE_LAST || page->from == PAGE_BEFORE;
	enum member_order kept = order_seen(condition->names, order);
	bool fits = audience_begin(audience, condition, NULL);
	struct condition_sql *sql = &audience->sql;
	const char *names = sees ? "m.given_name, m.family_name" : "'' AS given_name, '' AS family_name";
	const char *sorting = sees ? ", m.family_folded, m.given_folded" : "";
	audience->ask.sql = arena_format(&sql->arena,
		"SELECT m.member_id, m.number, m.given_name, m.family_name, m.status, l.tier, l.tier_until, "
		"l.last_activity_on, "
		"l.points, l.decimals, false AS is_guess, NULL::bigint AS reward_no FROM (SELECT "
		"m.member_id, m.number, %s%s, "
		"m.status FROM %s WHERE %s%s ORDER BY %s LIMIT %d) m, loyalty.member_line(m.member_id) l "
		"ORDER BY %s",
		names, sorting, sql->from, sql->where,
		page_where(&sql->arena, page, kept, sql->value_count + 1), orders[kept][is_back], page->rows,
		orders[kept][0]);
	if (page->from != PAGE_FIRST && page->from != PAGE_LAST)
		ask_text(&audience->ask, page->key);
	return fits;
}

// --- Lists and files.

// A text as it is, or for a file: what a spreadsheet would take for a formula is preceded by an apostrophe.
static const char *cell(struct condition_sql *sql, bool is_file, const char *column, const char *name)
{
	if (!is_file)
		return arena_format(&sql->arena, "%s AS %s", column, name);
	return arena_format(&sql->arena, "regexp_replace(%s, E'^(?=[=+@\\t\\r-])', '''') AS %s", column, name);
}

// A row a member.
static const char *rows_sql(
	struct condition_sql *sql, const struct condition_names *names, enum member_order order, bool is_file)
{
	const char *name = "";
	if (names->sees_names)
		name = arena_format(&sql->arena, "%s, %s, ", cell(sql, is_file, "m.given_name", "given_name"),
			cell(sql, is_file, "m.family_name", "family_name"));
	return arena_format(&sql->arena,
		"SELECT m.number, %sm.status, l.tier, nullif(l.tier_until, 'infinity') AS tier_until, "
		"trim_scale(l.points / power(10::numeric, l.decimals)) AS points, x.last_purchase_on AS "
		"last_purchase, "
		"m.enrolled_on AS enrolled, %s, %s FROM %s JOIN loyalty.standing x ON x.member_id = "
		"m.member_id, "
		"loyalty.member_line(m.member_id) l WHERE %s ORDER BY %s",
		name, cell(sql, is_file, "m.language", "language"),
		cell(sql, is_file, "m.channel_folded", "channel"), sql->from, sql->where,
		orders[order_seen(names, order)][0]);
}

bool audience_list(struct audience *audience, const struct member_condition *condition, int rows)
{
	bool fits = audience_begin(audience, condition, NULL);
	struct condition_sql *sql = &audience->sql;
	audience->ask.sql = arena_format(&sql->arena, "%s LIMIT %d", rows_sql(sql, condition->names, MEMBER_BY_NUMBER, false), rows);
	return fits;
}

// COPY takes no parameters: the values go before it, as settings of its transaction.
static bool settings_make(struct session *session, const struct condition_sql *sql, struct error *error)
{
	char name[24];
	for (int i = 0; i < sql->value_count; i++) {
		snprintf(name, sizeof name, "segment.p%d", i + 1);
		if (!session_execute(session, "SELECT set_config($1, $2, true)",
			    (const char *[]){name, sql->values[i]}, 2, error))
			return false;
	}
	return true;
}

// JSON holds neither of the two characters, so that no line of it is put in quotes.
static const char *export_sql(
	struct condition_sql *sql, const struct condition_names *names, enum member_order order,
	enum export_format format)
{
	const char *rows = rows_sql(sql, names, order, format == EXPORT_CSV);
	if (format == EXPORT_CSV)
		return arena_format(&sql->arena, "COPY (%s) TO STDOUT (FORMAT csv, HEADER)", rows);
	return arena_format(&sql->arena,
		"COPY (SELECT row_to_json(e)::text FROM (%s) e) TO STDOUT (FORMAT csv, QUOTE E'\\x01', "
		"DELIMITER E'\\x02')",
		rows);
}

static bool rows_copy(struct session *session, const struct member_condition *condition,
	struct condition_sql *sql, enum member_order order, enum export_format format,
	session_copy_sink *sink, void *payload, struct error *error)
{
	const char *text[] = {condition->text};
	return session_execute(session, "SELECT loyalty.export_note('members', $1)", text, 1, error) &&
	       settings_make(session, sql, error) &&
	       session_copy_out(session, export_sql(sql, condition->names, order, format), sink, payload, error);
}

bool audience_export(struct session *session, const struct member_condition *condition,
	enum member_order order, enum export_format format, session_copy_sink *sink, void *payload, struct error *error)
{
	struct condition_sql sql;
	const struct condition_options options = {.by_setting = true};
	bool is_done = condition_compile(condition, &options, &sql) || audience_too_long(error);
	is_done = is_done && session_begin(session, error);
	if (is_done) {
		is_done = rows_copy(session, condition, &sql, order, format, sink, payload, error) &&
			  session_commit(session, error);
		if (!is_done)
			session_rollback(session, NULL);
	}
	condition_sql_free(&sql);
	return is_done;
}
