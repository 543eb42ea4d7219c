// loyalty verify: proves the ledger.
#include "app/progress.h"
#include "app/verb.h"
#include "db/text.h"
#include "model/proof/verify.h"

#include <inttypes.h>
#include <stdio.h>

enum { BREACHES_PRINTED = 1000 };

struct verify_show {
	const struct arguments *arguments;
	struct progress progress;
	int64_t breaches;
};

static void breach_show(void *payload, const struct breach *breach)
{
	struct verify_show *show = payload;
	char safe[500];
	if (++show->breaches > BREACHES_PRINTED)
		return;
	progress_clear(&show->progress);
	printf("member id %" PRId64 ": %s: %s\n", breach->member_id, breach->invariant,
		neutral_text(safe, sizeof safe, breach->detail));
}

static void progress_show(void *payload, const struct verify_progress *progress)
{
	struct verify_show *show = payload;
	progress_draw(&show->progress, progress->done, progress->members, "members");
}

static int report_show(const struct verify_report *report)
{
	printf("%" PRId64 " members, %" PRId64 " entries, %" PRId64 " replayed, %" PRId64 " broken, %.1f s\n",
		report->members, report->entries, report->replayed, report->broken, report->seconds);
	return report->broken > 0;
}

// Sessions beside the first; one that cannot be had is no error.
static int helpers_open(const struct arguments *arguments, struct session **helpers, long long lanes)
{
	struct error error = {0};
	int count = 0;
	while (count < lanes - 1 && (helpers[count] = verb_session(arguments, &error)))
		count++;
	return count;
}

int verify_verb(const struct arguments *arguments)
{
	struct error error = {0};
	struct verify_report report;
	struct verify_show show = {.arguments = arguments};
	struct session *helpers[VERIFY_LANES];
	long long percent = option_number(arguments, "replay", 0),
		  lanes = option_number(arguments, "lanes", 2);
	if (percent > 100)
		return verb_misused("--replay", "a percentage is 0 to 100");
	if (lanes < 1 || lanes > VERIFY_LANES)
		return verb_misused("--lanes", "1 to %d can be open", VERIFY_LANES);
	struct session *session = verb_session(arguments, &error);
	struct rulebook *rulebook = session ? rulebook_load(session, &error) : NULL;
	struct verify_options options = {.replay_percent = (int)percent,
		.kind = "full",
		.listener = breach_show,
		.progress = progress_show,
		.payload = &show,
		.helpers = helpers};
	if (rulebook)
		options.helper_count = helpers_open(arguments, helpers, lanes);
	progress_init(&show.progress, "verify", arguments->ascii);
	bool is_good = rulebook && verify_run(session, rulebook, &options, &report, &error);
	progress_clear(&show.progress);
	rulebook_free(rulebook);
	while (options.helper_count > 0)
		session_close(helpers[--options.helper_count]);
	session_close(session);
	return is_good ? report_show(&report) : verb_failed(&error);
}
