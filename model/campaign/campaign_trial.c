// The course of a dry run.
#include "model/campaign/campaign_trial.h"

#include "model/engine/decimal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool policy_read(struct campaign_trial *trial, struct session *session, struct error *error)
{
	struct result *policy = session_ask(session, error,
		"SELECT p.hold_out_ppm, p.cooldown_days FROM loyalty.campaign_policy p", 0);
	if (policy) {
		trial->options.house_hold_out = (int)result_int64(policy, 0, 0);
		trial->options.cooldown_days = result_int64(policy, 0, 1);
	}
	result_free(policy);
	return policy != NULL;
}

// What is left of the stocks of a campaign that runs already.
static bool left_read(
	struct campaign_trial *trial, struct session *session, int64_t *left, struct error *error)
{
	char number[12];
	snprintf(number, sizeof number, "%d", trial->options.campaign_no);
	struct result *given = session_ask(session, error,
		"SELECT z.prize, z.given FROM loyalty.campaign_prize z WHERE z.campaign_no = $1::int", 1,
		number);
	for (int i = 0; given && i < trial->campaign.prize_count; i++) {
		left[i] = trial->campaign.prizes[i].stock;
		for (int row = 0; row < result_rows(given); row++)
			if (left[i] != CAMPAIGN_ALL &&
				strcmp(result_text(given, row, 0), trial->campaign.prizes[i].code) == 0)
				left[i] -= result_int64(given, row, 1);
	}
	result_free(given);
	trial->options.left = left;
	return given != NULL;
}

static void options_fill(struct campaign_trial *trial, const struct trial_request *request)
{
	day_t today = trial->house.facts->business_day;
	trial->options = (struct try_options){.campaign_no = request->campaign_no,
		.revision_no = request->revision_no,
		.is_past = request->is_past,
		.today = today,
		.from = request->is_past ? today - request->days : today,
		.spent_points = request->spent_points,
		.spent_minor = request->spent_minor,
		.background = request->background};
	if (!request->is_past && trial->campaign.starts_on > today)
		trial->options.from = trial->campaign.starts_on;
	trial->options.to = trial->options.from + request->days - 1;
}

static bool document_read(
	struct campaign_trial *trial, const struct trial_request *request, struct error *error)
{
	struct document_errors errors;
	char line[640];
	document_errors_init(&errors);
	trial->is_read = campaign_read(
		&trial->campaign, request->name, request->text, request->length, &trial->house, &errors);
	if (!trial->is_read)
		error_set(error, ERROR_FAILED, "the campaign cannot be tried", "mend its document", "%s",
			document_error_line(&errors.errors[0], line, sizeof line));
	document_errors_free(&errors);
	return trial->is_read;
}

// --- Who they are.

static void array_add(char *array, size_t size, int64_t value)
{
	size_t used = strlen(array);
	snprintf(array + used, size - used, "%s%" PRId64, used > 1 ? "," : "", value);
}

// With their names, for whoever may see them.
static struct result *receivers_name(const struct campaign_trial *trial, struct session *session,
	const struct try_receiver *receivers, int count, struct error *error)
{
	enum { ARRAY = TRY_LARGEST * 21 + 3 };
	char ids[ARRAY] = "{", grants[ARRAY] = "{", points[ARRAY] = "{", minor[ARRAY] = "{", decimals[12];
	for (int i = 0; i < count; i++) {
		array_add(ids, ARRAY - 1, receivers[i].member_id);
		array_add(grants, ARRAY - 1, receivers[i].grants);
		array_add(points, ARRAY - 1, receivers[i].points);
		array_add(minor, ARRAY - 1, receivers[i].minor);
	}
	strcat(ids, "}");
	strcat(grants, "}");
	strcat(points, "}");
	strcat(minor, "}");
	snprintf(decimals, sizeof decimals, "%d", trial->campaign.decimals);
	return session_ask(session, error,
		"SELECT m.number AS member, m.name, u.g AS grants, trim_scale(u.p / power(10::numeric, "
		"$5::int)) AS points, "
		"round(u.c / 100.0, 2) AS money FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], "
		"$4::bigint[]) "
		"WITH ORDINALITY u (m, g, p, c, n) LEFT JOIN loyalty.what_if_members($1::bigint[]) m ON "
		"m.member_id = u.m ORDER BY u.n",
		5, ids, grants, points, minor, decimals);
}

static bool receivers_read(struct campaign_trial *trial, struct session *session, struct error *error)
{
	const struct campaign_try *result = &trial->result;
	if (result->receivers == 0)
		return true;
	trial->overlap =
		campaign_overlap(session, result, trial->options.campaign_no, trial->options.today, error);
	trial->largest = trial->overlap ? receivers_name(trial, session, result->largest,
						  result->largest_count, error)
					: NULL;
	trial->sample = trial->largest
				? receivers_name(trial, session, result->sample, result->sample_count, error)
				: NULL;
	return trial->sample != NULL;
}

// --- The whole.

static bool course(struct campaign_trial *trial, struct session *session, const struct trial_request *request,
	struct error *error)
{
	if (!campaign_house_load(&trial->house, session, error) || !document_read(trial, request, error))
		return false;
	options_fill(trial, request);
	int64_t *left = calloc((size_t)trial->campaign.prize_count, sizeof *left);
	bool is_good = (left || error_set(error, ERROR_FAILED, "the dry run", "", "out of memory")) &&
		       policy_read(trial, session, error) && left_read(trial, session, left, error) &&
		       campaign_try(&trial->result, session, &trial->campaign, trial->house.names,
			       &trial->options, error) &&
		       receivers_read(trial, session, error);
	trial->options.left = NULL;
	free(left);
	return is_good;
}

bool campaign_trial(struct campaign_trial *trial, struct session *session, const struct trial_request *request,
	struct error *error)
{
	*trial = (struct campaign_trial){.result = {.exhausted_on = DAY_NONE}};
	bool is_good = session_script(session, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", error) &&
		       course(trial, session, request, error);
	session_rollback(session, NULL);
	return is_good;
}

void campaign_trial_free(struct campaign_trial *trial)
{
	campaign_try_free(&trial->result);
	if (trial->is_read)
		campaign_free(&trial->campaign);
	campaign_house_free(&trial->house);
	result_free(trial->largest);
	result_free(trial->sample);
	result_free(trial->overlap);
	*trial = (struct campaign_trial){.result = {.exhausted_on = DAY_NONE}};
}

day_t campaign_trial_lasts(const struct campaign_trial *trial, int64_t budget, int64_t spent, int64_t used)
{
	const struct try_options *options = &trial->options;
	const struct campaign *campaign = &trial->campaign;
	day_t first = campaign->starts_on > options->today ? campaign->starts_on : options->today;
	if (budget == CAMPAIGN_ALL || used <= 0)
		return DAY_NONE;
	wide_t days = (wide_t)(budget > spent ? budget - spent : 0) * (options->to - options->from + 1) / used;
	return days <= campaign->ends_on - first ? first + (day_t)days : DAY_NONE;
}
