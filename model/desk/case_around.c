// Statements about what stands around a case.
#include "model/desk/case_around.h"
#include <stdio.h>
#include <string.h>

static const char *const kind_words[ARTICLE_KINDS] = {[ARTICLE_FROM_MEMBER] = "from_member",
	[ARTICLE_TO_MEMBER] = "to_member",
	[ARTICLE_INTERNAL] = "internal"};

static void ask_case(struct ask *ask, const char *sql, struct case_id id)
{
	ask_init(ask, sql);
	ask_number(ask, id.member_id);
	ask_number(ask, id.case_no);
}

// clang-format off
void case_around(struct ask *ask, struct case_id id)
{
	ask_case(ask,
		"SELECT loyalty.case_others($1, $2),"
		" coalesce((SELECT string_agg(r.what || ' ' || r.number || '/' || r.case_no || ' ' || r.title || ' (' || r.state || ')', '; ')"
		"   FROM loyalty.case_relations($1, $2) r), ''),"
		" coalesce((SELECT string_agg(k.name, '; ') FILTER (WHERE NOT k.is_done) FROM loyalty.case_checklist($1, $2) k), ''),"
		" (SELECT count(*) FROM loyalty.case_checklist($1, $2)),"
		" EXISTS (SELECT FROM loyalty.case_follower f WHERE f.member_id = $1 AND f.case_no = $2 AND f.login = session_user),"
		" w.words, w.pleased FROM loyalty.case_survey_words($1, $2) w",
		id);
}
// clang-format on

void case_around_read(const struct result *r, struct case_around *around)
{
	*around = (struct case_around){.checks = (int)result_int64(r, 0, 3),
		.is_followed = result_bool(r, 0, 4),
		.pleased = result_is_null(r, 0, 6) ? -1 : (int)result_int64(r, 0, 6)};
	snprintf(around->said, sizeof around->said, "%s", result_text(r, 0, 5));
	snprintf(around->others, sizeof around->others, "%s", result_text(r, 0, 0));
	snprintf(around->relations, sizeof around->relations, "%s", result_text(r, 0, 1));
	snprintf(around->undone, sizeof around->undone, "%s", result_text(r, 0, 2));
}

static void ask_bool(struct ask *ask, bool value)
{
	ask_text(ask, value ? "true" : "false");
}

void case_here(struct ask *ask, struct case_id id, bool is_here, bool is_writing)
{
	ask_case(ask, "SELECT loyalty.case_here($1, $2, $3, $4)", id);
	ask_bool(ask, is_here);
	ask_bool(ask, is_writing);
}

void case_draft(struct ask *ask, struct case_id id)
{
	ask_case(ask, "SELECT age_s, kind, body, key::text FROM loyalty.case_drafts($1, $2)", id);
}

bool case_draft_read(const struct result *r, struct case_draft *draft)
{
	int kind = 0;
	if (!result_rows(r))
		return false;
	while (kind < ARTICLE_INTERNAL && strcmp(result_text(r, 0, 1), kind_words[kind]) != 0)
		kind++;
	*draft = (struct case_draft){.kind = (enum article_kind)kind,
		.age_s = result_int64(r, 0, 0),
		.body = result_text(r, 0, 2),
		.key = result_text(r, 0, 3)};
	return true;
}

void case_draft_save(struct ask *ask, struct case_id id, enum article_kind kind, const char *body, const char *key)
{
	ask_case(ask, "SELECT loyalty.case_draft_save($1, $2, $3, $4, $5)", id);
	ask_text(ask, kind_words[kind]);
	ask_text(ask, body);
	ask_text(ask, key);
}

void case_texts(struct ask *ask, struct case_id id)
{
	ask_case(ask, "SELECT text_code, name, body FROM loyalty.case_texts($1, $2)", id);
}

void case_macros(struct ask *ask)
{
	ask_init(ask, "SELECT macro_code, name FROM loyalty.case_macro WHERE NOT is_off ORDER BY name LIMIT 60");
}

void case_checklist(struct ask *ask, struct case_id id)
{
	ask_case(ask, "SELECT name, (CASE WHEN is_done THEN '[x] ' ELSE '[ ] ' END) || name FROM loyalty.case_checklist($1, $2)", id);
}

void case_siblings(struct ask *ask, struct case_id id)
{
	ask_case(ask,
		"SELECT c.case_no::text, c.case_no || ' ' || c.title FROM loyalty.member_case c WHERE c.member_id = $1"
		" AND c.case_no <> $2 AND c.state <> 'merged' ORDER BY c.case_no DESC LIMIT 60",
		id);
}

void case_macro_run(struct ask *ask, struct case_id id, int64_t version, const char *key, const char *macro)
{
	ask_case(ask, "SELECT loyalty.case_macro_run($1, $2, $3, $4, $5)", id);
	ask_number(ask, version);
	ask_text(ask, key);
	ask_text(ask, macro);
}

void case_tick(struct ask *ask, struct case_id id, const char *name)
{
	ask_case(ask, "SELECT loyalty.case_tick($1, $2, $3)", id);
	ask_text(ask, name);
}

void case_follow(struct ask *ask, struct case_id id, bool is_on)
{
	ask_case(ask, "SELECT loyalty.case_follow($1, $2, $3)", id);
	ask_bool(ask, is_on);
}

void case_merge(struct ask *ask, struct case_id id, int64_t version, int into)
{
	ask_case(ask, "SELECT loyalty.case_merge($1, $2, $3, $4)", id);
	ask_number(ask, version);
	ask_number(ask, into);
}

void case_unmerge(struct ask *ask, struct case_id id)
{
	ask_case(ask, "SELECT loyalty.case_unmerge($1, $2)", id);
}

void case_split(struct ask *ask, struct case_id id, int article_no, const char *key, const char *title)
{
	ask_case(ask, "SELECT loyalty.case_split($1, $2, $3, $4, $5)", id);
	ask_number(ask, article_no);
	ask_text(ask, key);
	ask_text(ask, title);
}

void case_link(struct ask *ask, struct case_id id, const char *other)
{
	ask_case(ask, "SELECT loyalty.case_link_set($1, $2, o.member_id, o.case_no, true) FROM loyalty.case_of($3) o", id);
	ask_text(ask, other);
}

void case_edit(struct ask *ask, struct case_id id, int64_t version, const struct case_edit *edit)
{
	ask_case(ask, "SELECT loyalty.case_edit($1, $2, $3, $4, $5, $6, $7)", id);
	ask_number(ask, version);
	ask_text(ask, edit->title);
	ask_text(ask, edit->priority);
	ask_text(ask, edit->group);
	ask_text(ask, edit->tags);
}
