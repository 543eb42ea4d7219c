// A database with a programme and members, and a worker to run over it.
#include "tests/spine.h"

#include "model/programme/rulebook.h"
#include "tests/database.h"
#include <check.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void expect(bool is_good, const struct error *error)
{
	char line[800];
	ck_assert_msg(is_good, "%s", error_line(error, line, sizeof line));
}

char *spine_file(const char *path, size_t *length)
{
	FILE *file = fopen(path, "rb");
	ck_assert_msg(file != NULL, "cannot read %s", path);
	ck_assert_int_eq(fseek(file, 0, SEEK_END), 0);
	long size = ftell(file);
	rewind(file);
	char *text = calloc(1, (size_t)size + 1);
	*length = fread(text, 1, (size_t)size, file);
	fclose(file);
	return text;
}

const char *spine_programme_path(const char *code)
{
	static char path[200];
	snprintf(path, sizeof path, "db/programmes/%s.conf", code);
	if (access(path, R_OK) != 0)
		snprintf(path, sizeof path, "tests/golden/programmes/%s.conf", code);
	return path;
}

struct session *spine_begin(const char *database, const char *programme)
{
	struct error error = {0};
	size_t length;
	struct session *session = database_migrated(database);
	database_staff(session);
	char *text = spine_file(spine_programme_path(programme), &length);
	expect(rulebook_install(session, programme, text, length, "1900-01-01", NULL, &error), &error);
	free(text);
	return session;
}

int64_t spine_member(struct session *session, const char *number)
{
	struct error error = {0};
	int64_t member_id = 0;
	const char *values[] = {number};
	bool is_good = session_number(session,
		"WITH m AS (INSERT INTO loyalty.member (number, given_name, family_name, enrolled_on) "
		"VALUES ($1::bigint, 'Test', 'Member ' || $1, '2000-01-01') "
		"RETURNING member_id), i AS (INSERT INTO loyalty.member_identifier (value, kind, member_id) "
		"SELECT $1, 'number', member_id FROM m) INSERT INTO loyalty.standing (member_id) "
		"SELECT member_id FROM m RETURNING member_id",
		values, 1, &member_id, &error);
	expect(is_good, &error);
	return member_id;
}

// Texts of one event's columns, NULL where it says nothing.
struct columns {
	const char *values[24];
	char texts[24][24];
	int count;
};

static void column_text(struct columns *columns, const char *text)
{
	columns->values[columns->count++] = text;
}

static void column_number(struct columns *columns, bool is_given, int64_t number)
{
	char *text = columns->texts[columns->count];
	snprintf(text, sizeof columns->texts[0], "%" PRId64, number);
	column_text(columns, is_given ? text : NULL);
}

static void column_day(struct columns *columns, day_t day)
{
	char *text = columns->texts[columns->count];
	column_text(columns, day == DAY_NONE ? NULL : day_format(day, text));
}

// An array literal; the texts of the golden cases need no escapes but quotes around them.
static void array_write(char *out, size_t size, const char *const *texts, int count)
{
	size_t used = (size_t)snprintf(out, size, "{");
	for (int i = 0; i < count; i++)
		used += (size_t)snprintf(out + used, size - used, "%s\"%s\"", i ? "," : "", texts[i]);
	snprintf(out + used, size - used, "}");
}

static const char *event_object(const struct event *event)
{
	const char *objects[] = {
		event->partner, event->activity, event->reward, event->currency, event->plan, event->ladder,
		event->segment};
	for (size_t i = 0; i < sizeof objects / sizeof *objects; i++)
		if (objects[i])
			return objects[i];
	return NULL;
}

// An adjustment is written in whole units with decimals; the journal counts in the currency's own.
static int64_t adjust_amount(struct session *session, const struct event *event)
{
	char sql[200];
	int64_t amount = event->amount;
	snprintf(sql, sizeof sql, "SELECT coalesce(max(decimals), 0) FROM loyalty.currency WHERE code = '%s'",
		event->currency);
	for (int64_t decimals = database_number(session, sql); decimals > event->amount_decimals; decimals--)
		amount *= 10;
	return amount;
}

static void lines_write(const struct event *event, char *categories, char *amounts, size_t size)
{
	const char *texts[32];
	char numbers[32][24];
	const char *number_texts[32];
	for (int i = 0; i < event->line_count; i++) {
		texts[i] = event->lines[i].category ? event->lines[i].category : "general";
		snprintf(numbers[i], sizeof numbers[i], "%" PRId64, event->lines[i].amount_minor);
		number_texts[i] = numbers[i];
	}
	array_write(categories, size, texts, event->line_count);
	array_write(amounts, size, number_texts, event->line_count);
}

// The journal has one column for what types of events count.
static int64_t event_quantity(const struct event *event)
{
	switch (event->type) {
	case EVENT_REDEEM:
		return event->units;
	case EVENT_CANCEL_REWARD:
		return event->reward_no;
	default:
		return event->quantity;
	}
}

static const char EVENT_SQL[] =
	"WITH j AS (INSERT INTO loyalty.journal (member_id, external_id, type, lane, activity_on, "
	"happened_on, "
	"amount, line_category, line_amount, category, quantity, basket, of_seq, object, tier, until_on, "
	"qualifying, born, tender, channel, flags, source) "
	"VALUES ($1, $2, $3::loyalty.event_type, 1, $4, nullif($20::date, $4::date), $5, "
	"$6::text[], $7::bigint[], $8, $9, $10, $11, "
	"$12, $13, $14, $15, $16, $17, $18, $19::text[], 'test') RETURNING member_id, seq, lane) "
	"INSERT INTO loyalty.inbox (bucket, member_id, seq, lane) "
	"SELECT loyalty.bucket_of(member_id), member_id, seq, lane FROM j RETURNING seq";

int64_t spine_event(
	struct session *session, int64_t member_id, const char *external_id, const struct event *event)
{
	struct columns columns = {.count = 0};
	struct error error = {0};
	char categories[1024], amounts[1024], flags[1024];
	bool has_lines = event->line_count > 0;
	int64_t seq = 0;
	lines_write(event, categories, amounts, sizeof categories);
	array_write(flags, sizeof flags, event->flags, event->flag_count);
	column_number(&columns, true, member_id);
	column_text(&columns, external_id);
	column_text(&columns, event_type_name(event->type));
	column_day(&columns, event->day);
	column_number(&columns, !has_lines,
		event->type == EVENT_ADJUST ? adjust_amount(session, event) : event->amount_minor);
	column_text(&columns, has_lines ? categories : NULL);
	column_text(&columns, has_lines ? amounts : NULL);
	column_text(&columns, event->category);
	column_number(&columns, true, event_quantity(event));
	column_number(&columns, true, event->basket_minor);
	column_number(&columns, event->type == EVENT_RETURN, event->of_seq);
	column_text(&columns, event_object(event));
	column_text(&columns, event->tier);
	column_day(&columns, event->until);
	column_text(&columns, event->qualifying ? "true" : NULL);
	column_day(&columns, event->type == EVENT_ENROL ? event->born : DAY_NONE);
	column_text(&columns, event->tender);
	column_text(&columns, event->channel);
	column_text(&columns, event->flag_count ? flags : NULL);
	column_day(&columns, event->activity_day);
	expect(session_number(session, EVENT_SQL, columns.values, columns.count, &seq, &error), &error);
	return seq;
}

static struct session *open_here(void *payload, struct error *error)
{
	(void)payload;
	return session_open("", "loyalty worker", error);
}

static struct worker_report work_once(int batch, day_t as_of, bool no_figures)
{
	static const volatile sig_atomic_t never;
	struct error error = {0};
	struct worker_report report;
	struct worker_options options = {.open = open_here,
		.stop = &never,
		.version = "check",
		.batch = batch,
		.as_of = as_of,
		.once = true,
		.no_figures = no_figures};
	expect(worker_run(&options, &report, &error), &error);
	return report;
}

struct worker_report spine_work(int batch, day_t as_of)
{
	return work_once(batch, as_of, false);
}

struct worker_report spine_post(int batch, day_t as_of)
{
	return work_once(batch, as_of, true);
}

static volatile sig_atomic_t is_stopped;

static void stop(int number)
{
	(void)number;
	is_stopped = 1;
}

// The child ends without Check's own end, so that it leaves the parent's session alone.
pid_t spine_worker_start(day_t as_of)
{
	struct sigaction action = {.sa_handler = stop};
	struct worker_options options = {
		.open = open_here, .stop = &is_stopped, .version = "check", .as_of = as_of};
	struct error error = {0};
	struct worker_report report;
	pid_t child = fork();
	if (child != 0)
		return child;
	sigaction(SIGTERM, &action, NULL);
	_exit(worker_run(&options, &report, &error) ? 0 : 1);
}

void spine_worker_stop(pid_t worker)
{
	int status;
	ck_assert_int_eq(kill(worker, SIGTERM), 0);
	ck_assert_int_eq(waitpid(worker, &status, 0), worker);
	ck_assert_int_eq(status, 0);
}

static void breach_print(void *payload, const struct breach *breach)
{
	(void)payload;
	fprintf(stderr, "member id %" PRId64 ": %s (%s)\n", breach->member_id, breach->invariant,
		breach->detail);
}

struct verify_report spine_verify(struct session *session, int replay_percent, bool is_loud)
{
	struct error error = {0};
	struct verify_report report;
	struct rulebook *rulebook = rulebook_load(session, &error);
	expect(rulebook != NULL, &error);
	struct verify_options options = {
		.replay_percent = replay_percent, .kind = "full", .listener = is_loud ? breach_print : NULL};
	expect(verify_run(session, rulebook, &options, &report, &error), &error);
	rulebook_free(rulebook);
	return report;
}
