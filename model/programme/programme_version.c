// The versions of the programme: documents in the database, from draft to approved by a second person.
#include "model/programme/programme_version.h"

#include "model/programme/programme_projection.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MINUTES "'YYYY-MM-DD HH24:MI'"

#define REMARK "CASE WHEN v.state = 'retired' THEN v.retired_why ELSE v.refusal END AS remark"
#define IN_FORCE "v.version_no = loyalty.programme_version_at(loyalty.business_day())"

// Columns are read by their places in programme_version_read().
#define COLUMNS                                                                                              \
	"v.version_no AS version, v.state, v.effective_from, v.code, "                                       \
	"v.author, to_char(v.written_at, " MINUTES ") AS written_at, "                                       \
	"v.submitter, to_char(v.submitted_at, " MINUTES ") AS submitted_at, "                                \
	"v.approver, to_char(v.approved_at, " MINUTES ") AS approved_at, " REMARK ", "                       \
	"encode(v.sha256, 'hex') AS sha256, " IN_FORCE " AS in_force, "                                      \
	"session_user IN (v.author, coalesce(v.submitter, '')) AS mine"
#define VERSIONS(document, rest)                                                                             \
	"SELECT " COLUMNS ", " document " AS document FROM loyalty.programme_version v " rest

static const char *const STATES[] = {
	[VERSION_DRAFT] = "draft",
	[VERSION_SUBMITTED] = "submitted",
	[VERSION_APPROVED] = "approved",
	[VERSION_RETIRED] = "retired",
};

void programme_version_list(struct ask *ask)
{
	ask_init(ask, VERSIONS("''", "ORDER BY v.version_no DESC"));
}

void programme_version_table(struct ask *ask)
{
	ask_init(ask, "SELECT v.version_no AS version, CASE WHEN " IN_FORCE
		      " THEN 'in force' ELSE v.state END AS state, "
		      "v.effective_from, v.code, v.author, v.submitter, v.approver, " REMARK
		      " FROM loyalty.programme_version v ORDER BY v.version_no DESC");
}

void programme_version_get(struct ask *ask, int version_no)
{
	ask_init(ask, VERSIONS("v.document",
			      "WHERE v.version_no = CASE $1::int WHEN 0 THEN "
			      "loyalty.programme_version_at(loyalty.business_day()) ELSE $1::int END"));
	ask_number(ask, version_no);
}

void programme_version_before(struct ask *ask, const struct programme_version *version)
{
	ask_init(ask, VERSIONS("v.document",
			      "WHERE v.state = 'approved' AND v.version_no <> $1::int AND (v.effective_from "
			      "<= $2::date OR v.version_no = 1) AND $1::int <> 1 "
			      "ORDER BY v.effective_from DESC, v.version_no DESC LIMIT 1"));
	char day[DAY_SIZE];
	ask_number(ask, version->version_no);
	day_format(version->effective_from, day);
	ask_short(ask, day, strlen(day));
}

static enum version_state state_of(const char *name)
{
	for (int state = 0; state < VERSION_RETIRED; state++)
		if (strcmp(STATES[state], name) == 0)
			return (enum version_state)state;
	return VERSION_RETIRED;
}

void programme_version_read(const struct result *result, int row, struct programme_version *version)
{
	*version = (struct programme_version){
		.version_no = (int)result_int64(result, row, 0),
		.state = state_of(result_text(result, row, 1)),
		.state_name = result_text(result, row, 1),
		.effective_from = result_day(result, row, 2),
		.code = result_text(result, row, 3),
		.author = result_text(result, row, 4),
		.written_at = result_text(result, row, 5),
		.submitter = result_text(result, row, 6),
		.submitted_at = result_text(result, row, 7),
		.approver = result_text(result, row, 8),
		.approved_at = result_text(result, row, 9),
		.remark = result_text(result, row, 10),
		.sha256 = result_text(result, row, 11),
		.is_in_force = result_bool(result, row, 12),
		.is_mine = result_bool(result, row, 13),
		.document = result_text(result, row, 14),
		.length = result_length(result, row, 14),
	};
}

int programme_version_name(const char *text)
{
	enum { DIGITS_MAX = 4 };
	size_t length = strlen(text);
	if (length == 0 || length > DIGITS_MAX || strspn(text, "0123456789") != length)
		return -1;
	return atoi(text);
}

void version_request_free(struct version_request *request)
{
	programme_free(request->programme);
	free(request->projection);
	*request = (struct version_request){0};
}

static bool refuse_document(struct error *error, const struct document_errors *errors)
{
	char line[640] = "out of memory";
	if (errors->count > 0)
		document_error_line(&errors->errors[0], line, sizeof line);
	return error_set(error, ERROR_FAILED, "the programme cannot be used",
		"loyalty programme check FILE lists all mistakes", "%s", line);
}

// Fills the programme and what it names; after false there is nothing to free.
static bool document_take(struct version_request *request, const char *name, const char *text, size_t length,
	struct error *error)
{
	struct document_errors errors;
	*request = (struct version_request){0};
	document_errors_init(&errors);
	request->programme = programme_read(name, text, length, &errors);
	bool is_good = request->programme || refuse_document(error, &errors);
	document_errors_free(&errors);
	if (!is_good)
		return false;
	request->projection = programme_projection(request->programme);
	if (request->projection)
		return true;
	version_request_free(request);
	return error_set(error, ERROR_FAILED, "the programme cannot be used", "", "out of memory");
}

bool programme_version_save(
	struct version_request *request, const struct version_draft *draft, struct error *error)
{
	if (!document_take(request, draft->name, draft->text, draft->length, error))
		return false;
	const struct programme *programme = request->programme;
	struct ask *ask = &request->ask;
	ask_init(ask,
		"SELECT loyalty.programme_load($1, $2, $3, $4, $5, $6::date, $7::jsonb, nullif($8::int, 0))");
	ask_text(ask, programme->code);
	ask_text(ask, programme->name);
	ask_text(ask, programme->money);
	ask_text(ask, programme->timezone);
	ask_text(ask, draft->text);
	ask_text(ask, draft->effective_from ? draft->effective_from
					    : day_format(programme->effective_from, request->effective_from));
	ask_text(ask, request->projection);
	ask_number(ask, draft->version_no);
	return true;
}

static bool version_move(struct version_request *request, const char *sql,
	const struct programme_version *version, struct error *error)
{
	char name[32];
	snprintf(name, sizeof name, "version %d", version->version_no);
	if (!document_take(request, name, version->document, version->length, error))
		return false;
	ask_init(&request->ask, sql);
	ask_number(&request->ask, version->version_no);
	ask_text(&request->ask, version->sha256);
	ask_text(&request->ask, request->projection);
	return true;
}

bool programme_version_submit(
	struct version_request *request, const struct programme_version *version, struct error *error)
{
	return version_move(request,
		"SELECT loyalty.programme_version_submit($1::int, decode($2, 'hex'), $3::jsonb)", version,
		error);
}

bool programme_version_approve(
	struct version_request *request, const struct programme_version *version, struct error *error)
{
	return version_move(request,
		"SELECT loyalty.programme_version_approve($1::int, decode($2, 'hex'), $3::jsonb)", version,
		error);
}

static void version_end(
	struct ask *ask, const char *sql, const struct programme_version *version, const char *reason)
{
	ask_init(ask, sql);
	ask_number(ask, version->version_no);
	ask_text(ask, version->sha256);
	ask_text(ask, reason);
}

void programme_version_refuse(struct ask *ask, const struct programme_version *version, const char *reason)
{
	version_end(ask, "SELECT loyalty.programme_version_refuse($1::int, decode($2, 'hex'), $3)", version,
		reason);
}

void programme_version_retire(struct ask *ask, const struct programme_version *version, const char *reason)
{
	version_end(ask, "SELECT loyalty.programme_version_retire($1::int, decode($2, 'hex'), $3)", version,
		reason);
}

void programme_version_drop(struct ask *ask, const struct programme_version *version)
{
	ask_init(ask, "SELECT loyalty.programme_version_drop($1::int, decode($2, 'hex'))");
	ask_number(ask, version->version_no);
	ask_text(ask, version->sha256);
}
