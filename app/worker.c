// loyalty worker: posts what the journal holds, until it is told to stop.
#include "app/verb.h"
#include "db/text.h"
#include "model/posting/worker.h"

#include <signal.h>
#include <stdio.h>

static volatile sig_atomic_t is_stopped;

static void stop(int number)
{
	(void)number;
	is_stopped = 1;
}

static void signals_take(void)
{
	struct sigaction action = {.sa_handler = stop}; // no SA_RESTART: a wait for notifications ends
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static struct session *open_again(void *arguments, struct error *error)
{
	return verb_session(arguments, error);
}

static void say(void *payload, const char *line)
{
	char safe[1200];
	(void)payload;
	fprintf(stderr, "loyalty worker: %s\n", neutral_text(safe, sizeof safe, line));
}

int worker_verb(const struct arguments *arguments)
{
	struct error error = {0};
	struct worker_report report;
	struct arguments own = *arguments;
	const char *as_of = option_value(arguments, "as-of");
	struct worker_options options = {.open = open_again,
		.say = say,
		.payload = &own,
		.stop = &is_stopped,
		.version = LOYALTY_VERSION,
		.batch = (int)option_number(arguments, "batch", 0),
		.as_of = DAY_NONE,
		.night_hours = (int)option_number(arguments, "night-hours", arguments->config->night_hours),
		.mail = config_mail(arguments->config),
		.reports = arguments->config->reports,
		.once = option_given(arguments, "once"),
		.waiting_only = option_given(arguments, "waiting-only"),
		.no_figures = option_given(arguments, "no-figures")};
	if (as_of && !day_parse(as_of, &options.as_of))
		return verb_misused(as_of, "not a day of the years 1900 to 2199");
	if (options.batch < 0 || options.batch > 10000)
		return verb_misused("--batch", "a batch has 1 to 10000 events");
	if (options.night_hours < 0 || options.night_hours > 23)
		return verb_misused("--night-hours", "a night may be spread over 0 to 23 hours");
	signals_take();
	bool is_good = worker_run(&options, &report, &error);
	if (is_good)
		printf("%lld events posted, %lld set aside, %lld members advanced%s",
			(long long)report.posted, (long long)report.failed, (long long)report.advanced,
			mail_is_set(&options.mail) ? "" : "\n");
	if (is_good && mail_is_set(&options.mail))
		printf(", %lld messages sent\n", (long long)report.sent);
	return is_good ? 0 : verb_failed(&error);
}
