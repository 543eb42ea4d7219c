// The verb demo-data: fills a database with made-up members, their history, cases and requests.
#include "app/demo_data.h"
#include "app/demo_survey.h"
#include "app/progress.h"
#include "app/stop.h"
#include "app/verb.h"
#include "db/embedded.h"
#include "model/desk/demo_case.h"
#include "model/import/import.h"
#include "model/survey/demo_survey.h"
#include "model/posting/worker.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FOR_CASES = 2, CASES_EVERY = 60, CASES_TOGETHER = 50, GOODWILL = 4 };

struct demo {
	const struct arguments *arguments;
	int64_t members;
	uint64_t seed;
	struct session *sessions[IMPORT_SESSIONS];
	struct progress progress;
	struct demo_data data;
	struct csv csv;
};

// Made-up data that is not taken is a mistake of ours: the first one is enough to see it.
static void reject_tell(
	void *payload, int64_t line, const char *reason, const char *record, size_t length, bool is_whole)
{
	struct demo *demo = payload;
	(void)is_whole;
	if (demo->data.failed)
		return;
	demo->data.failed = true;
	fprintf(stderr, "loyalty: demo data, line %" PRId64 ": %s: %.*s\n", line, reason, (int)length,
		record);
}

static bool import_show(void *payload, const struct import_totals *totals)
{
	struct demo *demo = payload;
	(void)totals;
	progress_draw(&demo->progress, demo->data.next, demo->members, "members");
	return stop_requested();
}

static bool stopped(struct error *error)
{
	return !stop_requested() ||
	       error_set(error, ERROR_CANCELLED, "stopped", "the same again goes on from here", "%s", "");
}

static bool data_import(
	struct demo *demo, enum import_kind kind, struct import_totals *totals, struct error *error)
{
	struct import import = {
		.kind = kind,
		.file_name = kind == IMPORT_EVENTS ? "demo events" : "demo members",
		.csv = &demo->csv,
		.chunk = demo->arguments->config->import_chunk,
		.session_count = IMPORT_SESSIONS,
		.reject = reject_tell,
		.progress = import_show,
		.payload = demo,
	};
	memcpy(import.sessions, demo->sessions, sizeof import.sessions);
	progress_init(&demo->progress, kind == IMPORT_EVENTS ? "events " : "members", demo->arguments->ascii);
	bool is_good = demo_data_init(&demo->data, demo->members, demo->seed, kind == IMPORT_EVENTS, error) &&
		       csv_init(&demo->csv, ',', demo_data_read, &demo->data) &&
		       import_run(&import, totals, error);
	progress_clear(&demo->progress);
	csv_free(&demo->csv);
	demo_data_free(&demo->data);
	if (!is_good || !stopped(error))
		return false;
	return totals->rejected == 0 ||
	       error_set(error, ERROR_FAILED, "the demo data", "use an empty database",
		       "%lld lines were not taken", (long long)totals->rejected);
}

// The worker runs in a thread of its own, so that the bar moves while it works.
struct posting {
	const struct arguments *arguments;
	struct error error;
	bool is_good, is_done;
	pthread_mutex_t mutex;
	pthread_cond_t done;
};

static struct session *session_again(void *payload, struct error *error)
{
	return verb_session(payload, error);
}

static void *posting_main(void *payload)
{
	struct posting *posting = payload;
	struct worker_report report;
	struct worker_options options = {
		.open = session_again,
		.payload = (void *)posting->arguments,
		.stop = stop_flag(),
		.version = LOYALTY_VERSION,
		.as_of = DAY_NONE,
		.once = true,
	};
	bool is_good = worker_run(&options, &report, &posting->error);
	pthread_mutex_lock(&posting->mutex);
	posting->is_good = is_good;
	posting->is_done = true;
	pthread_cond_signal(&posting->done);
	pthread_mutex_unlock(&posting->mutex);
	return NULL;
}

static bool posting_wait(struct posting *posting)
{
	struct timespec until;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec++;
	pthread_mutex_lock(&posting->mutex);
	if (!posting->is_done)
		pthread_cond_timedwait(&posting->done, &posting->mutex, &until);
	bool is_done = posting->is_done;
	pthread_mutex_unlock(&posting->mutex);
	return is_done;
}

static bool events_post(struct demo *demo, struct error *error)
{
	struct posting posting = {.arguments = demo->arguments,
		.mutex = PTHREAD_MUTEX_INITIALIZER,
		.done = PTHREAD_COND_INITIALIZER};
	pthread_t thread;
	int64_t total = 0, before = 0, posted = 0;
	progress_init(&demo->progress, "posting", demo->arguments->ascii);
	if (!import_pending(demo->sessions[0], &total, error) ||
		!import_posted(demo->sessions[0], &before, error))
		return false;
	int code = pthread_create(&thread, NULL, posting_main, &posting);
	if (code != 0)
		return error_set(error, ERROR_FAILED, "no thread could be started", "", "%s", strerror(code));
	bool can_ask = true;
	while (!posting_wait(&posting)) {
		can_ask = can_ask && import_posted(demo->sessions[0], &posted, NULL);
		progress_draw(&demo->progress, posted > before ? posted - before : 0, total, "events");
	}
	pthread_join(thread, NULL);
	progress_clear(&demo->progress);
	if (!posting.is_good)
		*error = posting.error;
	return posting.is_good && stopped(error);
}

// A key in the form of a UUID, the same for one seed, member and purpose.
static void key_make(char key[KEY_SIZE], uint64_t *random)
{
	uint64_t high = demo_random(random), low = demo_random(random);
	snprintf(key, KEY_SIZE, "%08x-%04x-4%03x-8%03x-%012" PRIx64, (unsigned)(high >> 32),
		(unsigned)(high >> 16 & 0xffff), (unsigned)(high & 0xfff), (unsigned)(low >> 52),
		low & 0xffffffffffffU);
}

// Line number `wanted` of cases.txt, taken apart in `line`; false when there are fewer.
static bool story_read(int wanted, char *line, size_t size, const char *fields[7])
{
	const struct embedded_file *file = embedded_find("db/demo/cases.txt");
	const char *at = file ? file->text : "";
	for (; *at; at += strcspn(at, "\n"), at += *at == '\n')
		if (*at != '#' && wanted-- == 0)
			break;
	snprintf(line, size, "%.*s", (int)strcspn(at, "\n"), at);
	char *rest = line;
	for (int i = 0; i < 7; i++)
		if (!(fields[i] = strsep(&rest, "|")))
			return false;
	return true;
}

static bool case_make(struct demo *demo, int64_t index, struct error *error)
{
	static const char *const owners[] = {"deniz", "deniz", "murat", "ada"}, *const outcomes[] = {"kept",
											"kept", "not_at_risk",
											"lost"};
	enum { STORIES = 10 };
	uint64_t random = demo_state(demo->seed, index, FOR_CASES);
	char line[1024];
	const char *fields[7];
	struct demo_case story = {.number = DEMO_FIRST_NUMBER + index};
	for (int i = 0; i < 3; i++)
		key_make(story.keys[i], &random);
	if (!story_read(demo_below(&random, STORIES), line, sizeof line, fields))
		return error_set(error, ERROR_FAILED, "db/demo/cases.txt", "", "%s", "it has too few lines");
	story.channel = fields[0];
	story.priority = fields[1];
	story.title = fields[2];
	story.said = fields[3];
	story.note = fields[4];
	story.answer = fields[5];
	story.cause = fields[6];
	story.owner = owners[demo_below(&random, 4)];
	story.outcome = outcomes[demo_below(&random, 4)];
	int state = demo_below(&random, 10);
	story.state = state < 4   ? DEMO_CASE_NEW
		      : state < 6 ? DEMO_CASE_TAKEN
		      : state < 8 ? DEMO_CASE_ANSWERED
				  : DEMO_CASE_RESOLVED;
	return demo_case_write(demo->sessions[0], &story, error);
}

static bool cases_make(struct demo *demo, struct error *error)
{
	struct session *session = demo->sessions[0];
	progress_init(&demo->progress, "cases  ", demo->arguments->ascii);
	for (int64_t i = 0; i * CASES_EVERY < demo->members; i++) {
		bool is_first = i % CASES_TOGETHER == 0;
		bool is_last = (i + 1) % CASES_TOGETHER == 0 || (i + 1) * CASES_EVERY >= demo->members;
		if (is_first && !session_begin(session, error))
			return false;
		if (!case_make(demo, i * CASES_EVERY + i % CASES_EVERY % (demo->members - i * CASES_EVERY),
			    error) ||
			(is_last && !session_commit(session, error)))
			return false;
		if (is_last && !stopped(error))
			return false;
		progress_draw(&demo->progress, i * CASES_EVERY, demo->members, "members");
	}
	progress_clear(&demo->progress);
	return true;
}

struct answers_text {
	char *text;
	size_t length, given;
};

static bool answers_read(void *payload, char *buffer, size_t size, size_t *got, struct error *error)
{
	struct answers_text *answers = payload;
	(void)error;
	*got = answers->length - answers->given < size ? answers->length - answers->given : size;
	memcpy(buffer, answers->text + answers->given, *got);
	answers->given += *got;
	return true;
}

static bool answers_import(struct demo *demo, struct answers_text *answers, struct error *error)
{
	struct import_totals totals;
	struct import import = {.kind = IMPORT_RESPONSES,
		.file_name = "demo answers",
		.csv = &demo->csv,
		.chunk = demo->arguments->config->import_chunk,
		.session_count = 1,
		.sessions = {demo->sessions[0]},
		.reject = reject_tell,
		.payload = demo};
	demo->data.failed = false;
	bool is_good = csv_init(&demo->csv, ',', answers_read, answers) && import_run(&import, &totals, error);
	csv_free(&demo->csv);
	return is_good;
}

static bool surveys_make(struct demo *demo, struct error *error)
{
	struct answers_text answers = {0};
	if (!demo_surveys_make(demo->sessions[0], error))
		return false;
	struct result *invited = demo_survey_invited(demo->sessions[0], error);
	answers.text = invited ? demo_survey_answers(invited, demo->seed, &answers.length, error) : NULL;
	result_free(invited);
	bool is_good = answers.text && answers_import(demo, &answers, error) && demo_survey_cases(demo->sessions[0], error);
	free(answers.text);
	return is_good && stopped(error);
}

// Above what a support login may give by itself, so that a manager finds something to decide.
static bool goodwill_ask(struct demo *demo, struct error *error)
{
	static const char *const reasons[GOODWILL] = {"apology for a wrong order", "app was down all day",
		"birthday treat missed twice", "long-standing member, third complaint"};
	for (int i = 0; i < GOODWILL; i++) {
		char key[32];
		snprintf(key, sizeof key, "goodwill-%d", i + 1);
		if (!demo_goodwill_write(demo->sessions[0], DEMO_FIRST_NUMBER + 17 * i % demo->members, key,
			    300 + 100 * i, reasons[i], error))
			return false;
	}
	return true;
}

static bool clock_check(struct demo *demo, struct error *error)
{
	int64_t today;
	char text[DAY_SIZE];
	if (!import_today(demo->sessions[0], &today, error))
		return false;
	return today >= demo_last_day() ||
	       error_set(error, ERROR_FAILED, "no demo data", "set the clock right",
		       "its history goes up to %s, and the clock of the database has not come so far",
		       day_format(demo_last_day(), text));
}

static bool demo_run(
	struct demo *demo, struct import_totals *members, struct import_totals *events, struct error *error)
{
	for (int i = 0; i < IMPORT_SESSIONS; i++)
		if (!(demo->sessions[i] = verb_session(demo->arguments, error)))
			return false;
	return clock_check(demo, error) && data_import(demo, IMPORT_MEMBERS, members, error) &&
	       data_import(demo, IMPORT_EVENTS, events, error) && events_post(demo, error) &&
	       surveys_make(demo, error) && demo_login_take(demo->sessions[0], "deniz", error) && cases_make(demo, error) &&
	       goodwill_ask(demo, error);
}

int demo_data_verb(const struct arguments *arguments)
{
	struct demo demo = {.arguments = arguments,
		.members = option_number(arguments, "members", 20000),
		.seed = (uint64_t)option_number(arguments, "seed", 1)};
	struct import_totals members = {0}, events = {0};
	struct error error = {0};
	if (demo.members < 1 || demo.members > 100000000)
		return verb_misused("option --members", "it is a number from 1 to 100000000");
	stop_listen();
	bool is_good = demo_run(&demo, &members, &events, &error);
	progress_clear(&demo.progress);
	for (int i = 0; i < IMPORT_SESSIONS; i++)
		session_close(demo.sessions[i]);
	if (!is_good)
		return verb_failed(&error);
	printf("%lld members and %lld events\n", (long long)(members.taken + members.known),
		(long long)(events.taken + events.known));
	return 0;
}
