// The verbs member merge and member unmerge.
#include "app/output.h"
#include "app/verb.h"
#include "model/member/action.h"
#include "model/member/merge.h"

#include <stdio.h>
#include <string.h>

static int submit(const struct arguments *arguments, int64_t source_id, const char *target)
{
	char key[KEY_SIZE];
	const char *reason = option_value(arguments, "reason");
	struct error error = {0};
	struct result *result;
	struct action_outcome outcome;
	struct ask ask;
	if (!ask_key(key)) {
		error_set(&error, ERROR_FAILED, "the members stay as they are", "", "no random numbers to be had");
		return verb_failed(&error);
	}
	merge_submit(&ask, &(struct merge_wish){.key = key, .source_id = source_id, .target = target, .reason = reason ? reason : ""});
	int status = verb_ask(arguments, &ask, &result);
	if (status != 0)
		return status;
	action_outcome_read(result, &outcome);
	if (outcome.status == ACTION_STATUS_PENDING)
		printf("event %lld; the worker posts it\n", (long long)outcome.seq);
	else
		printf("%s%s%s\n", action_status_name(outcome.status), *outcome.reason ? ": " : "", outcome.reason);
	result_free(result);
	return 0;
}

// The member's id, 0 after telling that there is none.
static int64_t source_find(const struct arguments *arguments, int *status)
{
	struct ask ask;
	struct result *result;
	struct error error = {0};
	merge_source(&ask, arguments->operands[0]);
	*status = verb_ask(arguments, &ask, &result);
	if (*status != 0)
		return 0;
	int64_t id = result_is_null(result, 0, 0) ? 0 : result_int64(result, 0, 0);
	result_free(result);
	if (id == 0) {
		error_set(&error, ERROR_FAILED, "the member cannot be merged", "loyalty member find finds members by name", "%s",
			"there is no member of that number");
		*status = verb_failed(&error);
	}
	return id;
}

static int preview(const struct arguments *arguments)
{
	struct ask ask;
	struct result *rows;
	merge_preview(&ask, arguments->operands[0], arguments->operands[1]);
	int status = verb_ask(arguments, &ask, &rows);
	if (status != 0)
		return status;
	output_table(stdout, arguments->format, rows);
	status = *merge_trouble(rows) ? 1 : 0;
	result_free(rows);
	return status;
}

int member_merge_verb(const struct arguments *arguments)
{
	int status;
	if (option_given(arguments, "preview"))
		return preview(arguments);
	int64_t source_id = source_find(arguments, &status);
	return source_id ? submit(arguments, source_id, arguments->operands[1]) : status;
}

int member_unmerge_verb(const struct arguments *arguments)
{
	int status;
	int64_t source_id = source_find(arguments, &status);
	return source_id ? submit(arguments, source_id, NULL) : status;
}
