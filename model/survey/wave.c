// The statements that make a wave of invitations, or tell how large it would be.
#include "model/survey/wave.h"

#include <stdio.h>
#include <string.h>

enum { SQLS_MOST = 64 };

static void wave_init(struct wave *wave)
{
	*wave = (struct wave){.note_count = 0};
	wave->sqls = arena_alloc(&wave->arena, SQLS_MOST * sizeof *wave->sqls);
}

void wave_free(struct wave *wave)
{
	for (int i = 0; i < wave->sql_count; i++)
		condition_sql_free(&wave->sqls[i]);
	arena_free(&wave->arena);
	wave->sql_count = 0;
}

// The condition compiled, with its parameters from `first` on; NULL: it does not fit.
static const struct condition_sql *compiled(struct wave *wave, const struct member_condition *condition, int first)
{
	if (wave->sql_count == SQLS_MOST)
		return NULL;
	struct condition_sql *sql = &wave->sqls[wave->sql_count++];
	bool fits = condition_compile(condition, &(struct condition_options){.first = first}, sql);
	return fits && first + sql->value_count <= ASK_VALUES_MAX ? sql : NULL;
}

static void values_add(struct ask *ask, const struct condition_sql *sql)
{
	for (int i = 0; i < sql->value_count; i++)
		ask_text(ask, sql->values[i]);
}

// What `call` makes of the members that are meant, a.ids; it has all parameters of the ask so far.
static bool make_finish(struct wave *wave, const struct wave_plan *plan, const char *call, struct error *error)
{
	struct ask *ask = &wave->make;
	if (!plan->condition) {
		ask->sql = arena_format(&wave->arena, "SELECT x.* FROM (SELECT NULL::bigint[] AS ids) a, %s x", call);
		return true;
	}
	const struct condition_sql *sql = compiled(wave, plan->condition, ask->count + 1);
	if (!sql)
		return error_set(error, ERROR_USAGE, "asking the database", "make it shorter, or save a part of it as a segment",
			"the condition has more values or clauses than one statement takes");
	values_add(ask, sql);
	ask->sql = arena_format(&wave->arena, "SELECT x.* FROM (SELECT coalesce(array_agg(m.member_id), '{}') AS ids FROM %s WHERE %s) a, %s x", sql->from,
		sql->where, call);
	return true;
}

static void plan_begin(struct wave *wave, const struct wave_plan *plan)
{
	wave_init(wave);
	ask_init(&wave->make, "");
	ask_text(&wave->make, plan->code);
	ask_text(&wave->make, plan->sample && *plan->sample ? plan->sample : NULL);
}

bool wave_preview(struct wave *wave, const struct wave_plan *plan, struct error *error)
{
	plan_begin(wave, plan);
	ask_text(&wave->make, plan->by_mail ? "true" : "false");
	return make_finish(wave, plan, "loyalty.survey_preview($1, $2::numeric, $3::boolean, a.ids)", error);
}

// Which of those just invited are in each saved segment: as many segments to a statement as it has parameters for.
static void notes_add(struct wave *wave, const char *code, const struct condition_names *names)
{
	struct ask *ask = NULL;
	for (int i = 0; i < names->count; i++) {
		const struct condition_name *name = &names->list[i];
		struct member_condition condition;
		struct condition_fault fault;
		if (name->kind != NAME_SEGMENT)
			continue;
		bool is_good = condition_read(&condition, name->text, names, &fault);
		const struct condition_sql *sql = is_good ? compiled(wave, &condition, ask ? ask->count + 2 : 3) : NULL;
		if (is_good && !sql && ask) { // the next statement has room
			ask = NULL;
			sql = compiled(wave, &condition, 3);
		}
		condition_free(&condition);
		if (!sql)
			continue;
		bool is_first = !ask;
		if (is_first && wave->note_count == WAVE_NOTES_MOST)
			return;
		if (is_first) {
			ask = &wave->notes[wave->note_count++];
			ask_init(ask, "SELECT 1");
			ask_text(ask, code);
		}
		ask_text(ask, name->code);
		ask->sql = arena_format(&wave->arena,
			"%s, loyalty.survey_invited_in($1, $%d, (SELECT coalesce(array_agg(m.member_id), '{}') FROM %s WHERE %s))", ask->sql, ask->count,
			sql->from, sql->where);
		values_add(ask, sql);
	}
}

bool wave_make(struct wave *wave, const struct wave_plan *plan, const struct condition_names *names, struct error *error)
{
	static const struct survey_letter own = {NULL, NULL, NULL, NULL};
	const struct survey_letter *letter = plan->letter ? plan->letter : &own;
	struct ask *ask = &wave->make;
	plan_begin(wave, plan);
	ask_text(ask, plan->condition ? plan->condition->text : NULL);
	if (plan->quota)
		ask_number(ask, plan->quota);
	else
		ask_text(ask, NULL);
	if (plan->by_mail) {
		ask_text(ask, letter->subject);
		ask_text(ask, letter->body);
		ask_text(ask, letter->link);
		ask_text(ask, letter->language);
	}
	if (!make_finish(wave, plan, plan->by_mail ? "loyalty.survey_mail($1, $2::numeric, $3, a.ids, $4::bigint, NULL, $5, $6, $7, $8)"
						   : "loyalty.survey_invite($1, $2::numeric, $3, false, a.ids, $4::bigint)",
		    error))
		return false;
	notes_add(wave, plan->code, names);
	return true;
}

struct wave_size wave_size_read(const struct result *r)
{
	return (struct wave_size){
		.meant = result_int64(r, 0, 0),
		.asked_lately = result_int64(r, 0, 1),
		.answered = result_int64(r, 0, 2),
		.unreachable = result_int64(r, 0, 3),
		.audience = result_int64(r, 0, 4),
		.invited = result_int64(r, 0, 5),
		.has_letter = result_bool(r, 0, 6),
	};
}
