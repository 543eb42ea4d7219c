// The verbs campaign check, load, list, show, copy and policy: the documents of campaigns.
#include "app/campaign.h"
#include "app/output.h"
#include "app/programme.h"
#include "db/text.h"
#include "model/engine/decimal.h"
#include "model/segment/audience.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char SEE_LIST[] = "loyalty campaign list shows the campaigns";

bool campaign_name_read(const char *text, int *campaign_no, struct error *error)
{
	*campaign_no = campaign_name(text);
	return *campaign_no > 0 ||
	       error_set(error, ERROR_USAGE, text, SEE_LIST, "a campaign is named by its number");
}

struct result *campaign_fetch(
	struct session *session, int campaign_no, struct campaign_line *line, struct error *error)
{
	struct ask ask;
	campaign_get(&ask, campaign_no);
	struct result *result = ask_session(session, &ask, error);
	if (result && result_rows(result) > 0) {
		campaign_line_read(result, 0, line);
		return result;
	}
	if (result)
		error_set(error, ERROR_FAILED, "there is no such campaign", SEE_LIST, "%d", campaign_no);
	result_free(result);
	return NULL;
}

// How many members are in the audience; one of nobody is a mistake on its setting.
static bool audience_check(struct session *session, const struct campaign *campaign,
	const struct condition_names *names, int64_t *members, struct error *error)
{
	struct member_condition condition;
	struct condition_fault fault;
	struct audience audience = {.ask.sql = NULL};
	struct result *result = NULL;
	if (condition_read(&condition, campaign->audience, names, &fault) &&
		audience_count(&audience, &condition))
		result = ask_session(session, &audience.ask, error);
	else
		audience_too_long(error);
	*members = result ? audience_count_read(result) : 0;
	if (result && *members == 0)
		error_set(error, ERROR_FAILED, "campaign.audience",
			"change it: loyalty segment count tries a condition", "nobody is in it");
	audience_free(&audience);
	condition_free(&condition);
	result_free(result);
	return *members > 0;
}

// Every mistake on a line; without any, how many members are in the audience.
static bool mistakes_print(struct session *session, const char *file, const char *text, size_t length,
	const struct campaign_house *house)
{
	struct document_errors errors;
	struct campaign campaign;
	struct error error;
	int64_t members;
	document_errors_init(&errors);
	bool is_right = campaign_read(&campaign, file, text, length, house, &errors);
	for (int i = 0; i < errors.count; i++) {
		char line[640], safe[1300];
		document_error_line(&errors.errors[i], line, sizeof line);
		fprintf(stderr, "%s\n", neutral_text(safe, sizeof safe, line));
	}
	if (is_right && !audience_check(session, &campaign, house->names, &members, &error)) {
		is_right = false;
		verb_failed(&error);
	}
	if (is_right)
		printf("%s: no mistakes, %" PRId64 " members in the audience\n", file, members);
	campaign_free(&campaign);
	document_errors_free(&errors);
	return is_right;
}

int campaign_check_verb(const struct arguments *arguments)
{
	struct error error = {0};
	struct campaign_house house = {.facts = NULL};
	struct session *session = verb_session(arguments, &error);
	bool is_right = true, is_good = session && campaign_house_load(&house, session, &error);
	for (int i = 0; is_good && i < arguments->count; i++) {
		size_t length;
		char *text = document_text(CAMPAIGN_TEMPLATES, arguments->operands[i], &length, &error);
		is_good = text != NULL;
		is_right = is_good && mistakes_print(session, arguments->operands[i], text, length, &house) &&
			   is_right;
		free(text);
	}
	campaign_house_free(&house);
	session_close(session);
	return is_good ? !is_right : verb_failed(&error);
}

static void say_saved(const char *name, const struct campaign_line *line)
{
	printf("%s is revision %d of campaign %d, %s", name, line->last_revision_no, line->campaign_no,
		line->last_state);
	if (strcmp(line->last_state, "draft") == 0)
		printf("; next: loyalty campaign submit %d", line->campaign_no);
	printf("\n");
}

static bool save(
	struct session *session, const char *name, const char *text, size_t length, struct error *error)
{
	struct campaign_house house;
	struct campaign_request request;
	struct campaign_line line;
	if (!campaign_house_load(&house, session, error))
		return false;
	bool is_good = campaign_save(&request, name, text, length, &house, error);
	struct result *number = is_good ? ask_session(session, &request.ask, error) : NULL;
	struct result *result =
		number ? campaign_fetch(session, (int)result_int64(number, 0, 0), &line, error) : NULL;
	if (result)
		say_saved(name, &line);
	if (is_good)
		campaign_request_free(&request);
	result_free(number);
	result_free(result);
	campaign_house_free(&house);
	return result != NULL;
}

int campaign_load_verb(const struct arguments *arguments)
{
	struct error error = {0};
	size_t length;
	char *text = document_text(CAMPAIGN_TEMPLATES, arguments->operands[0], &length, &error);
	struct session *session = text ? verb_session(arguments, &error) : NULL;
	bool is_good = session && save(session, arguments->operands[0], text, length, &error);
	session_close(session);
	free(text);
	return is_good ? 0 : verb_failed(&error);
}

int campaign_copy_verb(const struct arguments *arguments)
{
	struct error error = {0};
	struct campaign_line line;
	int campaign_no;
	const char *code = arguments->operands[1];
	if (!campaign_name_read(arguments->operands[0], &campaign_no, &error))
		return verb_failed(&error);
	struct session *session = verb_session(arguments, &error);
	struct result *result = session ? campaign_fetch(session, campaign_no, &line, &error) : NULL;
	char *text = result ? campaign_copy(&line, code) : NULL;
	if (result && !text)
		error_set(&error, ERROR_FAILED, "the campaign cannot be copied",
			"load a document of your own", "its code was not found");
	bool is_good = text && save(session, code, text, strlen(text), &error);
	free(text);
	result_free(result);
	session_close(session);
	return is_good ? 0 : verb_failed(&error);
}

int campaign_list_verb(const struct arguments *arguments)
{
	struct ask ask;
	campaign_table(&ask);
	return verb_ask_table(arguments, &ask);
}

static bool table_print(const struct arguments *arguments, struct session *session, const struct ask *ask,
	struct error *error)
{
	struct result *result = ask_session(session, ask, error);
	if (result)
		output_table(stdout, arguments->format, result);
	result_free(result);
	return result != NULL;
}

// One of the tables about the campaign, or its newest document.
int campaign_show_verb(const struct arguments *arguments)
{
	struct error error = {0};
	struct campaign_line line;
	struct ask ask;
	int campaign_no;
	if (!campaign_name_read(arguments->operands[0], &campaign_no, &error))
		return verb_failed(&error);
	struct session *session = verb_session(arguments, &error);
	struct result *result = session ? campaign_fetch(session, campaign_no, &line, &error) : NULL;
	bool is_good = result != NULL;
	if (is_good && option_given(arguments, "prizes")) {
		campaign_prize_table(&ask, campaign_no);
		is_good = table_print(arguments, session, &ask, &error);
	} else if (is_good && option_given(arguments, "revisions")) {
		campaign_revision_table(&ask, campaign_no);
		is_good = table_print(arguments, session, &ask, &error);
	} else if (is_good && option_given(arguments, "reveal")) {
		campaign_seed(&ask, campaign_no);
		is_good = table_print(arguments, session, &ask, &error);
	} else if (is_good) {
		document_print(line.document);
	}
	result_free(result);
	session_close(session);
	return is_good ? 0 : verb_failed(&error);
}

// Per cent as people write it, in parts per million.
static bool hold_out_read(const char *text, char out[16])
{
	int64_t units;
	int decimals;
	if (!decimal_parse(text, &units, &decimals) || decimals > 4 || units < 0 ||
		units > 100 * decimal_power(decimals))
		return false;
	snprintf(out, 16, "%lld", (long long)(units * decimal_power(4 - decimals)));
	return true;
}

int campaign_policy_verb(const struct arguments *arguments)
{
	struct ask ask;
	struct result *result = NULL;
	char ppm[16];
	const char *days = option_value(arguments, "cooldown-days"),
		   *hold_out = option_value(arguments, "hold-out");
	if (hold_out && !hold_out_read(hold_out, ppm))
		return verb_misused(
			"--hold-out", "\"%.40s\" is no percentage of at most four decimals", hold_out);
	if (days || hold_out) {
		campaign_policy_set(&ask, days, hold_out ? ppm : NULL);
		int status = verb_ask(arguments, &ask, &result);
		result_free(result);
		if (status)
			return status;
	}
	campaign_policy(&ask);
	return verb_ask_table(arguments, &ask);
}
