// Campaigns in the database: their list, their revisions, and their way from draft to the end.
#include "model/campaign/campaign_life.h"

#include "model/campaign/campaign_sheet.h"
#include "model/segment/audience.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MINUTES "'YYYY-MM-DD HH24:MI'"

// A campaign that no revision of runs yet is what its newest revision is. The settings shown are those in
// force, else the newest.
#define STATE "CASE WHEN c.state = 'draft' AND n.state = 'submitted' THEN 'submitted' ELSE c.state END"
#define WHY "CASE WHEN c.why <> '' THEN c.why ELSE coalesce(n.refusal, '') END"
#define SOURCES                                                                                              \
	" FROM loyalty.campaign c JOIN loyalty.campaign_revision n ON n.campaign_no = c.campaign_no AND "    \
	"n.revision_no = c.last_revision_no LEFT JOIN loyalty.campaign_revision f ON f.campaign_no = "       \
	"c.campaign_no AND f.revision_no = c.revision_no CROSS JOIN LATERAL (SELECT coalesce(f.projection, " \
	"n.projection) AS p) s LEFT JOIN loyalty.currency y ON y.code = s.p->>'currency' "
#define ORDER "ORDER BY c.state = 'ended', c.campaign_no DESC"

enum column {
	NO,
	CODE,
	NAME,
	STATE_WORD,
	REASON,
	REVISION,
	LAST_REVISION,
	LAST_STATE,
	AUTHOR,
	SUBMITTER,
	IS_MINE,
	TRIGGER,
	STARTS_ON,
	ENDS_ON,
	CURRENCY,
	DECIMALS,
	SPENT_POINTS,
	BUDGET_POINTS,
	SPENT_MINOR,
	BUDGET_MINOR,
	DECISIONS,
	GRANTS,
	MOVED_BY,
	MOVED_AT,
	SEED_SHA256,
	SHA256,
	DOCUMENT,
};

// In the order of enum column.
#define COLUMNS(document)                                                                                    \
	"SELECT c.campaign_no, c.code, c.name, " STATE ", " WHY ", c.revision_no, c.last_revision_no, "      \
	"n.state, n.author, n.submitter, session_user IN (n.author, coalesce(n.submitter, '')), "            \
	"s.p->>'trigger', (s.p->>'starts_on')::date, (s.p->>'ends_on')::date, s.p->>'currency', "            \
	"y.decimals, c.spent_points, coalesce(c.budget_points, (s.p->>'budget_points')::bigint), "           \
	"c.spent_minor, coalesce(c.budget_minor, (s.p->>'budget_minor')::bigint), c.decisions, c.grants, "   \
	"c.moved_by, to_char(c.moved_at, " MINUTES "), encode(c.seed_sha256, 'hex'), encode(n.sha256, "      \
	"'hex'), " document SOURCES

void campaign_list(struct ask *ask)
{
	ask_init(ask, COLUMNS("''") ORDER);
}

void campaign_get(struct ask *ask, int campaign_no)
{
	ask_init(ask, COLUMNS("n.document") "WHERE c.campaign_no = $1::int");
	ask_number(ask, campaign_no);
}

static int64_t limit_read(const struct result *result, int row, enum column column)
{
	return result_is_null(result, row, column) ? CAMPAIGN_ALL : result_int64(result, row, column);
}

void campaign_line_read(const struct result *result, int row, struct campaign_line *line)
{
	*line = (struct campaign_line){
		.campaign_no = (int)result_int64(result, row, NO),
		.code = result_text(result, row, CODE),
		.name = result_text(result, row, NAME),
		.state = result_text(result, row, STATE_WORD),
		.why = result_text(result, row, REASON),
		.revision_no = (int)result_int64(result, row, REVISION),
		.last_revision_no = (int)result_int64(result, row, LAST_REVISION),
		.last_state = result_text(result, row, LAST_STATE),
		.author = result_text(result, row, AUTHOR),
		.submitter = result_text(result, row, SUBMITTER),
		.is_mine = result_bool(result, row, IS_MINE),
		.trigger = result_text(result, row, TRIGGER),
		.starts_on = result_day(result, row, STARTS_ON),
		.ends_on = result_day(result, row, ENDS_ON),
		.currency = result_text(result, row, CURRENCY),
		.decimals = (int)result_int64(result, row, DECIMALS),
		.spent_points = result_int64(result, row, SPENT_POINTS),
		.budget_points = limit_read(result, row, BUDGET_POINTS),
		.spent_minor = result_int64(result, row, SPENT_MINOR),
		.budget_minor = limit_read(result, row, BUDGET_MINOR),
		.decisions = result_int64(result, row, DECISIONS),
		.grants = result_int64(result, row, GRANTS),
		.moved_by = result_text(result, row, MOVED_BY),
		.moved_at = result_text(result, row, MOVED_AT),
		.seed_sha256 = result_text(result, row, SEED_SHA256),
		.sha256 = result_text(result, row, SHA256),
		.document = result_text(result, row, DOCUMENT),
		.length = result_length(result, row, DOCUMENT),
	};
}

int campaign_name(const char *text)
{
	enum { DIGITS_MAX = 5 };
	size_t length = strlen(text);
	if (length == 0 || length > DIGITS_MAX || strspn(text, "0123456789") != length)
		return -1;
	return atoi(text);
}

#define POINTS(column) "trim_scale(" column " / power(10::numeric, coalesce(y.decimals, 0)))"
#define MONEY(column) "round(" column " / 100.0, 2)"

// clang-format off: it tears statements with names in them to pieces
void campaign_table(struct ask *ask)
{
	ask_init(ask, "SELECT c.campaign_no AS campaign, c.code, c.name, " STATE " AS state, s.p->>'trigger' AS trigger,"
		" s.p->>'starts_on' AS start, s.p->>'ends_on' AS \"end\","
		" CASE WHEN n.state IN ('draft', 'submitted') AND c.revision_no IS NOT NULL"
		" THEN c.revision_no || ', ' || n.revision_no || ' ' || n.state ELSE n.revision_no::text END AS revision,"
		" c.grants, " POINTS("c.spent_points") " AS points, "
		POINTS("coalesce(c.budget_points, (s.p->>'budget_points')::bigint)") " AS points_budget, "
		MONEY("c.spent_minor") " AS money, "
		MONEY("coalesce(c.budget_minor, (s.p->>'budget_minor')::bigint)") " AS money_budget, " WHY " AS why"
		SOURCES ORDER);
}

void campaign_prize_table(struct ask *ask, int campaign_no)
{
	ask_init(ask, "SELECT x.z->>'code' AS prize, x.z->>'kind' AS kind,"
		" trim_scale((x.z->>'chance')::numeric / 10000) AS chance, CASE x.z->>'kind'"
		" WHEN 'points' THEN " POINTS("(x.z->>'points')::bigint") " || ' ' || (x.z->>'object')"
		" WHEN 'reward' THEN x.z->>'object'"
		" WHEN 'multiplier' THEN trim_scale((x.z->>'factor')::numeric / 100) || ' times ' || (x.z->>'object') || ', ' || (x.z->>'days') || ' days'"
		" WHEN 'tier' THEN (x.z->>'tier') || ', ' || (x.z->>'days') || ' days' END AS gives, "
		MONEY("(x.z->>'minor')::bigint") " AS cost, x.z->>'stock' AS stock, g.given,"
		" x.z->>'consolation' AS consolation"
		SOURCES "CROSS JOIN LATERAL jsonb_array_elements(s.p->'prizes') WITH ORDINALITY x (z, n)"
		" LEFT JOIN loyalty.campaign_prize g ON g.campaign_no = c.campaign_no AND g.prize = x.z->>'code'"
		" WHERE c.campaign_no = $1::int ORDER BY x.n");
	ask_number(ask, campaign_no);
}
// clang-format on

void campaign_revision_table(struct ask *ask, int campaign_no)
{
	ask_init(ask, "SELECT r.revision_no AS revision, r.state, r.author, to_char(r.written_at, " MINUTES
		      ") AS written_at, r.submitter, to_char(r.submitted_at, " MINUTES ") AS submitted_at, "
		      "r.approver, to_char(r.approved_at, " MINUTES ") AS approved_at, r.refusal, "
		      "encode(r.sha256, 'hex') AS sha256 FROM loyalty.campaign_revision r "
		      "WHERE r.campaign_no = $1::int ORDER BY r.revision_no DESC");
	ask_number(ask, campaign_no);
}

void campaign_request_free(struct campaign_request *request)
{
	campaign_free(&request->campaign);
	condition_sql_free(&request->audience);
	free(request->projection);
	free(request->sql);
	*request = (struct campaign_request){0};
}

static bool document_refuse(struct error *error, const struct document_errors *errors)
{
	char line[640] = "out of memory";
	if (errors->count > 0)
		document_error_line(&errors->errors[0], line, sizeof line);
	return error_set(error, ERROR_FAILED, "the campaign cannot be used",
		"loyalty campaign check FILE lists all mistakes", "%s", line);
}

static bool document_take(struct campaign_request *request, const char *name, const char *text, size_t length,
	const struct campaign_house *house, struct error *error)
{
	struct document_errors errors;
	*request = (struct campaign_request){0};
	document_errors_init(&errors);
	bool is_good = campaign_read(&request->campaign, name, text, length, house, &errors) ||
		       document_refuse(error, &errors);
	document_errors_free(&errors);
	if (!is_good)
		return false;
	request->projection = campaign_projection(&request->campaign);
	if (request->projection)
		return true;
	campaign_request_free(request);
	return error_set(error, ERROR_FAILED, "the campaign cannot be used", "", "out of memory");
}

bool campaign_save(struct campaign_request *request, const char *name, const char *text, size_t length,
	const struct campaign_house *house, struct error *error)
{
	if (!document_take(request, name, text, length, house, error))
		return false;
	ask_init(&request->ask, "SELECT loyalty.campaign_save($1, $2, $3::jsonb)");
	ask_text(&request->ask, request->campaign.code);
	ask_text(&request->ask, text);
	ask_text(&request->ask, request->projection);
	return true;
}

enum { MOVE_VALUES = 3 };

// The statement, with what tells whether anybody is in the audience as its last argument.
static bool move_compile(struct campaign_request *request, const char *function,
	const struct campaign_house *house, struct error *error)
{
	struct member_condition condition;
	struct condition_fault fault;
	const struct condition_options options = {.first = MOVE_VALUES + 1};
	struct condition_sql *audience = &request->audience;
	bool is_good = true;
	if (!house || !house->names)
		return error_set(error, ERROR_FAILED, "the campaign cannot be used", "try again in a moment",
			"the names that audiences use are still being read");
	if (!condition_read(&condition, request->campaign.audience, house->names, &fault) ||
		!condition_compile(&condition, &options, audience))
		is_good = audience_too_long(error);
	if (is_good &&
		asprintf(&request->sql,
			"SELECT loyalty.%s($1::int, decode($2, 'hex'), $3::jsonb, EXISTS (SELECT FROM %s WHERE %s))",
			function, audience->from, audience->where) < 0) {
		request->sql = NULL;
		is_good = error_set(error, ERROR_FAILED, "the campaign cannot be used", "", "out of memory");
	}
	condition_free(&condition);
	return is_good;
}

static bool revision_move(struct campaign_request *request, const char *function,
	const struct campaign_line *line, const struct campaign_house *house, struct error *error)
{
	char name[40];
	snprintf(name, sizeof name, "campaign %d", line->campaign_no);
	if (!document_take(request, name, line->document, line->length, house, error))
		return false;
	if (!move_compile(request, function, house, error)) {
		campaign_request_free(request);
		return false;
	}
	ask_init(&request->ask, request->sql);
	ask_number(&request->ask, line->campaign_no);
	ask_text(&request->ask, line->sha256);
	ask_text(&request->ask, request->projection);
	for (int i = 0; i < request->audience.value_count; i++)
		ask_text(&request->ask, request->audience.values[i]);
	return true;
}

bool campaign_submit(struct campaign_request *request, const struct campaign_line *line,
	const struct campaign_house *house, struct error *error)
{
	return revision_move(request, "campaign_submit", line, house, error);
}

bool campaign_approve(struct campaign_request *request, const struct campaign_line *line,
	const struct campaign_house *house, struct error *error)
{
	return revision_move(request, "campaign_approve", line, house, error);
}

bool campaign_refusal_add(struct document_errors *errors, const struct error *error)
{
	char path[80];
	struct sheet_place place;
	const char *colon = strstr(error->what, ": ");
	if (strcmp(error->sqlstate, "LY002") != 0 || !colon)
		return false;
	snprintf(path, sizeof path, "campaign.%.*s", (int)(colon - error->what), error->what);
	if (!sheet_find(path, &place))
		return false;
	document_errors_add(errors, "", 0, path, "V7", "%s", colon + 2);
	return true;
}

void campaign_refuse(struct ask *ask, const struct campaign_line *line, const char *reason)
{
	ask_init(ask, "SELECT loyalty.campaign_refuse($1::int, decode($2, 'hex'), $3)");
	ask_number(ask, line->campaign_no);
	ask_text(ask, line->sha256);
	ask_text(ask, reason);
}

void campaign_move(struct ask *ask, int campaign_no, enum campaign_move move, const char *reason)
{
	static const char *const words[] = {
		[MOVE_PAUSE] = "pause", [MOVE_RESUME] = "resume", [MOVE_STOP] = "stop"};
	ask_init(ask, "SELECT loyalty.campaign_move($1::int, $2, $3)");
	ask_number(ask, campaign_no);
	ask_text(ask, words[move]);
	ask_text(ask, reason);
}

void campaign_call(struct ask *ask, int campaign_no, const char *member)
{
	ask_init(ask, "SELECT loyalty.campaign_trigger($1::int, $2)");
	ask_number(ask, campaign_no);
	ask_text(ask, member);
}

char *campaign_copy(const struct campaign_line *line, const char *code)
{
	const char *at = line->document, *quote, *end;
	while ((at = strstr(at, "code")) != NULL) { // the setting, not a word of a comment or a longer name
		const char *begin = at;
		while (begin > line->document && strchr(" \t", begin[-1]))
			begin--;
		quote = at + 4 + strspn(at + 4, " \t=:");
		end = *quote == '"' ? strchr(quote + 1, '"') : NULL;
		if (end && (begin == line->document || strchr("\n{;", begin[-1])))
			break;
		at += 4;
	}
	char *copy = at ? malloc(line->length + strlen(code) + 1) : NULL;
	if (copy)
		sprintf(copy, "%.*s%s%s", (int)(quote + 1 - line->document), line->document, code, end);
	return copy;
}

void campaign_policy(struct ask *ask)
{
	ask_init(ask, "SELECT p.cooldown_days, trim_scale(p.hold_out_ppm / 10000::numeric) AS hold_out FROM "
		      "loyalty.campaign_policy p");
}

void campaign_policy_set(struct ask *ask, const char *cooldown_days, const char *hold_out_ppm)
{
	ask_init(ask, "SELECT loyalty.campaign_policy_set($1::int, $2::int)");
	ask_text(ask, cooldown_days);
	ask_text(ask, hold_out_ppm);
}

void campaign_seed(struct ask *ask, int campaign_no)
{
	ask_init(ask, "SELECT encode(s.seed, 'hex') AS seed FROM loyalty.campaign_seed_shown($1::int) s "
		      "(seed) WHERE s.seed IS NOT NULL");
	ask_number(ask, campaign_no);
}
