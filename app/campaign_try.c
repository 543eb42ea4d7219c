// The verb campaign dry-run: what a campaign would do to everybody, before it does.
#include "app/campaign.h"
#include "app/output.h"
#include "model/campaign/campaign_trial.h"
#include "model/engine/decimal.h"

#include <inttypes.h>
#include <stdio.h>

static const char *money(int64_t minor, char out[DECIMAL_SIZE])
{
	snprintf(out, DECIMAL_SIZE, "%" PRId64 ".%02d", minor / 100, (int)(minor % 100));
	return out;
}

static void totals_print(const struct campaign_trial *run)
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

static void overlap_print(const struct arguments *arguments, const struct result *overlap)
{
	if (result_rows(overlap) == 0) {
		printf("No other campaign gave a receiver anything in the last 90 days.\n");
		return;
	}
	printf("Receivers whom other campaigns gave something in the last 90 days:\n");
	output_table(stdout, arguments->format, overlap);
}

static void result_print(const struct arguments *arguments, const struct campaign_trial *trial)
{
	totals_print(trial);
	if (trial->result.receivers == 0)
		return;
	overlap_print(arguments, trial->overlap);
	printf("The largest receivers:\n");
	output_table(stdout, arguments->format, trial->largest);
	printf("Some of all:\n");
	output_table(stdout, arguments->format, trial->sample);
}

static bool request_make(const struct arguments *arguments, const struct campaign_line *line,
	struct trial_request *request, struct error *error)
{
	long long last = option_number(arguments, "last", 0),
		  days = last ? last : option_number(arguments, "days", TRIAL_DAYS);
	*request = (struct trial_request){.campaign_no = line->campaign_no,
		.revision_no = line->last_revision_no,
		.name = line->code,
		.text = line->document,
		.length = line->length,
		.spent_points = line->spent_points,
		.spent_minor = line->spent_minor,
		.is_past = last > 0,
		.days = (int)days};
	return (days >= 1 && days <= TRIAL_DAYS_MOST) ||
	       error_set(error, ERROR_USAGE, "--days", "", "a dry run goes over 1 to %d days", TRIAL_DAYS_MOST);
}

int campaign_dry_run_verb(const struct arguments *arguments)
{
	struct error error = {0};
	struct campaign_trial trial = {.is_read = false};
	struct trial_request request;
	struct campaign_line line;
	int campaign_no;
	if (!campaign_name_read(arguments->operands[0], &campaign_no, &error))
		return verb_failed(&error);
	struct session *session = verb_session(arguments, &error);
	struct result *result = session ? campaign_fetch(session, campaign_no, &line, &error) : NULL;
	bool is_good = result && request_make(arguments, &line, &request, &error) &&
		       campaign_trial(&trial, session, &request, &error);
	if (is_good)
		result_print(arguments, &trial);
	campaign_trial_free(&trial);
	result_free(result);
	session_close(session);
	return is_good ? 0 : verb_failed(&error);
}
