// The verb campaign dry-run: what a campaign would do to everybody, before it does.
#include "app/campaign.h"
#include "app/output.h"
#include "db/text.h"
#include "model/campaign/campaign_try.h"
#include "model/engine/decimal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DAYS_DEFAULT = 30, DAYS_MOST = 1000 };

struct dry_run {
	const struct arguments *arguments;
	struct session *session;
	struct campaign_house house;
	struct campaign campaign;
	struct try_options options;
	struct campaign_try result;
};

static const char *money(int64_t minor, char out[DECIMAL_SIZE])
{
	snprintf(out, DECIMAL_SIZE, "%" PRId64 ".%02d", minor / 100, (int)(minor % 100));
	return out;
}

static void totals_print(const struct dry_run *run)
{
	const struct campaign_try *result = &run->result;
	const struct campaign *campaign = &run->campaign;
	char from[DAY_SIZE], to[DAY_SIZE], points[DECIMAL_SIZE], minor[DECIMAL_SIZE];
	printf("%s to %s: %" PRId64 " instances of the trigger, %" PRId64 " in the audience, of %" PRId64
	       " members\n",
		day_format(run->options.from, from), day_format(run->options.to, to), result->instances,
		result->in_audience, result->members);
	printf("%" PRId64 " grants to %" PRId64 " members: %s %s, %s %s\n", result->outcomes[OUTCOME_PRIZE],
		result->receivers, decimal_format(result->points, campaign->decimals, points),
		campaign->currency ? campaign->currency : "points", money(result->minor, minor),
		run->house.facts->money);
	for (int i = 0; i < campaign->prize_count; i++)
		if (campaign->prizes[i].kind != PRIZE_NOTHING)
			printf("  %-20s %" PRId64 "\n", campaign->prizes[i].code, result->prizes[i]);
	for (int outcome = 0; outcome < OUTCOME_PRIZE; outcome++)
		if (result->outcomes[outcome] > 0)
			printf("  not won: %-11s %" PRId64 "\n", outcome_word((enum outcome)outcome),
				result->outcomes[outcome]);
	if (result->exhausted_on != DAY_NONE)
		printf("on %s %s\n", day_format(result->exhausted_on, from), result->exhausted_why);
}

static void array_add(char *array, size_t size, int64_t value)
{
	size_t used = strlen(array);
	snprintf(array + used, size - used, "%s%" PRId64, used > 1 ? "," : "", value);
}

// With their names, for whoever may see them.
static bool receivers_print(struct dry_run *run, const char *title, const struct try_receiver *receivers,
	int count, struct error *error)
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
	snprintf(decimals, sizeof decimals, "%d", run->campaign.decimals);
	struct result *result = session_ask(run->session, error,
		"SELECT m.number AS member, m.name, u.g AS grants, trim_scale(u.p / power(10::numeric, "
		"$5::int)) AS points, "
		"round(u.c / 100.0, 2) AS money FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], "
		"$4::bigint[]) "
		"WITH ORDINALITY u (m, g, p, c, n) JOIN loyalty.what_if_members($1::bigint[]) m ON "
		"m.member_id = u.m ORDER BY u.n",
		5, ids, grants, points, minor, decimals);
	if (!result)
		return false;
	printf("%s\n", title);
	output_table(stdout, run->arguments->format, result);
	result_free(result);
	return true;
}

static bool overlap_print(struct dry_run *run, struct error *error)
{
	struct result *overlap = campaign_overlap(
		run->session, &run->result, run->options.campaign_no, run->options.today, error);
	if (!overlap)
		return false;
	if (result_rows(overlap) > 0)
		printf("Receivers whom other campaigns gave something in the last 90 days:\n");
	else
		printf("No other campaign gave a receiver anything in the last 90 days.\n");
	if (result_rows(overlap) > 0)
		output_table(stdout, run->arguments->format, overlap);
	result_free(overlap);
	return true;
}

static bool result_print(struct dry_run *run, struct error *error)
{
	totals_print(run);
	if (run->result.receivers == 0)
		return true;
	return overlap_print(run, error) &&
	       receivers_print(run, "The largest receivers:", run->result.largest, run->result.largest_count,
		       error) &&
	       receivers_print(run, "Some of all:", run->result.sample, run->result.sample_count, error);
}

static bool policy_read(struct dry_run *run, struct error *error)
{
	struct result *policy = session_ask(run->session, error,
		"SELECT p.hold_out_ppm, p.cooldown_days FROM loyalty.campaign_policy p", 0);
	if (policy) {
		run->options.house_hold_out = (int)result_int64(policy, 0, 0);
		run->options.cooldown_days = result_int64(policy, 0, 1);
	}
	result_free(policy);
	return policy != NULL;
}

// What is left of the stocks of a campaign that runs already.
static bool left_read(struct dry_run *run, int64_t *left, struct error *error)
{
	char number[12];
	snprintf(number, sizeof number, "%d", run->options.campaign_no);
	struct result *given = session_ask(run->session, error,
		"SELECT z.prize, z.given FROM loyalty.campaign_prize z WHERE z.campaign_no = $1::int", 1,
		number);
	for (int i = 0; given && i < run->campaign.prize_count; i++) {
		left[i] = run->campaign.prizes[i].stock;
		for (int row = 0; row < result_rows(given); row++)
			if (left[i] != CAMPAIGN_ALL &&
				strcmp(result_text(given, row, 0), run->campaign.prizes[i].code) == 0)
				left[i] -= result_int64(given, row, 1);
	}
	result_free(given);
	run->options.left = left;
	return given != NULL;
}

static bool days_read(struct dry_run *run, const struct campaign_line *line)
{
	long long last = option_number(run->arguments, "last", 0),
		  days = last ? last : option_number(run->arguments, "days", DAYS_DEFAULT);
	day_t today = run->house.facts->business_day;
	if (days < 1 || days > DAYS_MOST)
		return false;
	run->options.is_past = last > 0;
	run->options.today = today;
	run->options.from = last ? today - (day_t)days : today;
	if (!last && run->campaign.starts_on > today)
		run->options.from = run->campaign.starts_on;
	run->options.to = run->options.from + (day_t)days - 1;
	run->options.campaign_no = line->campaign_no;
	run->options.revision_no = line->last_revision_no;
	run->options.spent_points = line->spent_points;
	run->options.spent_minor = line->spent_minor;
	return true;
}

static bool dry_run(struct dry_run *run, const struct campaign_line *line, struct error *error)
{
	struct document_errors errors;
	char text[640];
	if (!campaign_house_load(&run->house, run->session, error))
		return false;
	document_errors_init(&errors);
	bool is_good = campaign_read(&run->campaign, line->code, line->document, line->length, &run->house,
			       &errors) ||
		       error_set(error, ERROR_FAILED, "the campaign cannot be tried", "mend its document",
			       "%s", document_error_line(&errors.errors[0], text, sizeof text));
	document_errors_free(&errors);
	int64_t *left = is_good ? calloc((size_t)run->campaign.prize_count, sizeof *left) : NULL;
	is_good = is_good &&
		  (days_read(run, line) || error_set(error, ERROR_USAGE, "--days", "",
						   "a dry run goes over 1 to %d days", DAYS_MOST)) &&
		  left && policy_read(run, error) && left_read(run, left, error) &&
		  campaign_try(&run->result, run->session, &run->campaign, run->house.names, &run->options,
			  error) &&
		  result_print(run, error);
	campaign_try_free(&run->result);
	campaign_free(&run->campaign);
	campaign_house_free(&run->house);
	free(left);
	return is_good;
}

int campaign_dry_run_verb(const struct arguments *arguments)
{
	struct error error = {0};
	struct dry_run run = {.arguments = arguments};
	struct campaign_line line;
	int campaign_no;
	if (!campaign_name_read(arguments->operands[0], &campaign_no, &error))
		return verb_failed(&error);
	run.session = verb_session(arguments, &error);
	struct result *result = run.session ? campaign_fetch(run.session, campaign_no, &line, &error) : NULL;
	bool is_good = result && dry_run(&run, &line, &error);
	result_free(result);
	session_close(run.session);
	return is_good ? 0 : verb_failed(&error);
}
