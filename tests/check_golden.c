// The golden cases once more, through journal, worker and tables: what the engine gives in memory, the
// database must hold.
#include "model/engine/engine.h"
#include "model/engine/scenario.h"
#include "model/member/standing_view.h"
#include "model/posting/member_run.h"
#include "tests/database.h"
#include "tests/spine.h"

#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const FILES[] = {"benefits", "cancel", "club_royale", "cvs", "delta", "edges", "late",
	"other", "pairs", "partner_transfer", "retail", "rules", "segments", "sephora", "starbucks", "status",
	"windows"};
enum { FILE_COUNT = sizeof FILES / sizeof *FILES };

// Every programme that golden cases name, loaded once.
static struct {
	struct programme *programmes[40];
	int count;
} shelf;

static const struct programme *shelf_find(void *context, const char *code)
{
	(void)context;
	for (int i = 0; i < shelf.count; i++)
		if (strcmp(shelf.programmes[i]->code, code) == 0)
			return shelf.programmes[i];
	size_t length;
	struct document_errors errors;
	document_errors_init(&errors);
	char *text = spine_file(spine_programme_path(code), &length);
	struct programme *programme = programme_read(code, text, length, &errors);
	ck_assert_msg(programme != NULL, "%s is refused", code);
	document_errors_free(&errors);
	free(text);
	return shelf.programmes[shelf.count++] = programme;
}

// A case on its way through the database.
struct drive {
	struct session *session;
	struct rulebook *rulebook;
	const struct scenario_case *scenario_case;
	int64_t member_id, *seqs; // the journal's seq of each row, 0: it was not sent
	enum refusal *unsent;     // why it was not
	bool *accepted;
	struct outcome outcome;
	int checks;
	bool one_by_one; // a worker after each event, else only before checks
};

static void outcome_read(struct drive *drive, int row)
{
	char sql[300];
	snprintf(sql, sizeof sql,
		"SELECT reason FROM loyalty.outcome WHERE member_id = %" PRId64 " AND seq = %" PRId64
		" AND result = 'denied'",
		drive->member_id, drive->seqs[row]);
	const char *reason = database_text(drive->session, sql);
	drive->outcome.denied = REFUSAL_NONE;
	for (int refusal = 1; refusal < REFUSAL_COUNT; refusal++)
		if (strcmp(reason, refusal_name((enum refusal)refusal)) == 0)
			drive->outcome.denied = (enum refusal)refusal;
	drive->accepted[row] = drive->outcome.denied == REFUSAL_NONE;
}

static bool accrues(enum event_type type)
{
	return type == EVENT_ENROL || type == EVENT_PURCHASE || type == EVENT_ACTIVITY ||
	       type == EVENT_PARTNER || type == EVENT_SUBSCRIBE || type == EVENT_USE_BENEFIT;
}

static void awards_read(struct drive *drive, int row)
{
	const struct rulebook_version *version = rulebook_newest(drive->rulebook);
	for (int rule = 0; rule < version->programme->earn_count; rule++) {
		char sql[300];
		snprintf(sql, sizeof sql,
			"SELECT sum(amount)::bigint FROM loyalty.ledger_entry WHERE member_id = %" PRId64
			" AND seq = %" PRId64 " AND account_id = 1 AND rule_id = %d",
			drive->member_id, drive->seqs[row], version->earn[rule]);
		drive->outcome.awarded[rule] = database_number(drive->session, sql);
	}
}

// What the checks look at beside the state, as of the event before row `until`.
static void outcomes_read(struct drive *drive, int until)
{
	bool is_last = true, has_awards = false;
	for (int row = until - 1; row >= 0; row--) {
		const struct scenario_row *event = &drive->scenario_case->rows[row];
		if (event->is_check)
			continue;
		if (drive->seqs[row]) {
			enum refusal last = drive->outcome.denied;
			outcome_read(drive, row);
			if (!is_last)
				drive->outcome.denied = last;
		} else if (is_last) {
			drive->outcome.denied = drive->unsent[row];
		}
		is_last = false;
		if (!has_awards && drive->accepted[row] && accrues(event->event.type)) {
			awards_read(drive, row);
			has_awards = true;
		}
	}
}

// Where the tables have the member, in a run of its own.
static void standing_read(struct drive *drive, struct member_run *run)
{
	struct ask ask;
	struct error error = {0};
	bool is_known;
	standing_ask(&ask, drive->member_id);
	struct result *result = session_query(drive->session, ask.sql, ask.values, ask.count, &error);
	ck_assert_msg(result != NULL, "%s", error.why);
	member_run_init(run, drive->rulebook);
	ck_assert_msg(standing_remember(run, result, &is_known, &error), "%s", error.why);
	ck_assert(is_known);
	result_free(result);
}

static int64_t accepted_find(const struct drive *drive, int before, const char *id)
{
	for (int i = 0; id && i < before; i++) {
		const char *earlier = drive->scenario_case->rows[i].id;
		if (drive->accepted[i] && earlier && strcmp(earlier, id) == 0)
			return drive->seqs[i];
	}
	return 0;
}

// What the journal cannot hold is not sent at all: two events under one key, one that happened after its
// date, and amounts finer than their currency.
static enum refusal unsendable(const struct drive *drive, int row)
{
	const struct scenario_row *event = &drive->scenario_case->rows[row];
	const struct programme *programme = rulebook_newest(drive->rulebook)->programme;
	if (event->id && accepted_find(drive, row, event->id))
		return REFUSAL_DUPLICATE;
	if (event->event.activity_day != DAY_NONE && event->event.activity_day > event->event.day)
		return REFUSAL_ACTIVITY_DATE;
	int currency =
		event->event.type == EVENT_ADJUST ? programme_currency(programme, event->event.currency) : -1;
	if (currency >= 0 && event->event.amount_decimals > programme->currencies[currency].decimals)
		return REFUSAL_AMOUNT;
	return REFUSAL_NONE;
}

static void event_send(struct drive *drive, int row)
{
	const struct scenario_row *event = &drive->scenario_case->rows[row];
	struct event sent = event->event;
	char external_id[32];
	if (event->event.type == EVENT_QUOTE)
		return;
	if (event->id || event->of)
		outcomes_read(drive, row);
	drive->unsent[row] = unsendable(drive, row);
	if (drive->unsent[row] != REFUSAL_NONE)
		return;
	sent.of_seq = accepted_find(drive, row, event->of);
	snprintf(external_id, sizeof external_id, "row %d", row);
	drive->seqs[row] = spine_event(drive->session, drive->member_id, external_id, &sent);
	drive->accepted[row] = true;
	if (drive->one_by_one)
		spine_post(500, sent.day);
}

static void checks_compare(struct drive *drive, int row)
{
	const struct scenario_row *check = &drive->scenario_case->rows[row];
	const struct programme *programme = rulebook_newest(drive->rulebook)->programme;
	struct postings none;
	char seen[CHECK_TEXT_SIZE];
	spine_post(500, check->day);
	outcomes_read(drive, row);
	struct member_run run;
	standing_read(drive, &run);
	struct member_state *state = member_run_state(&run);
	postings_init(&none);
	engine_advance(programme, state, check->day, &none, NULL);
	ck_assert_msg(none.entry_count == 0 && none.issued_reward_count == 0 && none.plan_charge_count == 0,
		"%s row %d: the worker did not open all days that were due", drive->scenario_case->id,
		row + 1);
	for (int i = 0; i < check->check_count; i++) {
		if (check->checks[i].kind == CHECK_QUOTE)
			continue;
		check_see(&check->checks[i], programme, state, &drive->outcome, seen);
		ck_assert_msg(strcmp(seen, check->checks[i].wanted) == 0,
			"%s row %d, %s: expected %s, the tables have %s", drive->scenario_case->id, row + 1,
			check->checks[i].key, check->checks[i].wanted, seen);
		drive->checks++;
	}
	postings_free(&none);
	member_run_free(&run);
}

static int case_drive(struct session *session, struct rulebook *rulebook,
	const struct scenario_case *scenario_case, int64_t number, bool one_by_one)
{
	char text[24];
	snprintf(text, sizeof text, "%" PRId64, number);
	struct drive drive = {.session = session,
		.rulebook = rulebook,
		.scenario_case = scenario_case,
		.one_by_one = one_by_one};
	drive.member_id = spine_member(session, text);
	drive.seqs = calloc((size_t)scenario_case->row_count, sizeof *drive.seqs);
	drive.unsent = calloc((size_t)scenario_case->row_count, sizeof *drive.unsent);
	drive.accepted = calloc((size_t)scenario_case->row_count, sizeof *drive.accepted);
	outcome_init(&drive.outcome, rulebook_newest(rulebook)->programme);
	for (int row = 0; row < scenario_case->row_count; row++)
		if (scenario_case->rows[row].is_check)
			checks_compare(&drive, row);
		else
			event_send(&drive, row);
	outcome_free(&drive.outcome);
	free(drive.seqs);
	free(drive.unsent);
	free(drive.accepted);
	return drive.checks;
}

// A worker after every event is slow: always for the programmes named here, for all with LOYALTY_SOAK.
static bool is_driven_slowly(const char *code)
{
	return strncmp(code, "starbucks", 9) == 0 || strncmp(code, "sephora", 7) == 0 ||
	       getenv("LOYALTY_SOAK");
}

// All cases of one programme, each as two members: once in as few batches as can be, once with a worker after
// every event.
static int programme_drive(const struct scenario *scenarios, const char *code)
{
	struct error error = {0};
	int checks = 0;
	int64_t number = 1;
	struct session *session = spine_begin("check_golden", code);
	struct rulebook *rulebook = rulebook_load(session, &error);
	ck_assert_msg(rulebook != NULL, "%s", error.why);
	for (int file = 0; file < FILE_COUNT; file++)
		for (int i = 0; i < scenarios[file].case_count; i++) {
			const struct scenario_case *scenario_case = &scenarios[file].cases[i];
			if (strcmp(scenario_case->programme->code, code) != 0)
				continue;
			checks += case_drive(session, rulebook, scenario_case, number++, false);
			if (is_driven_slowly(code))
				checks += case_drive(session, rulebook, scenario_case, number++, true);
		}
	struct verify_report report = spine_verify(session, 100, true);
	ck_assert_msg(report.broken == 0, "%s: %s", code, report.first_broken);
	ck_assert_int_eq(report.replayed, number - 1);
	rulebook_free(rulebook);
	session_close(session);
	return checks;
}

START_TEST(golden_cases_through_the_tables)
{
	struct scenario scenarios[FILE_COUNT];
	struct document_errors errors;
	int checks = 0;
	document_errors_init(&errors);
	for (int i = 0; i < FILE_COUNT; i++) {
		char path[100];
		size_t length;
		snprintf(path, sizeof path, "tests/golden/%s.conf", FILES[i]);
		char *text = spine_file(path, &length);
		ck_assert(scenario_read(&scenarios[i], path, text, length, shelf_find, NULL, &errors));
		free(text);
	}
	for (int i = 0; i < shelf.count; i++)
		checks += programme_drive(scenarios, shelf.programmes[i]->code);
	ck_assert_int_gt(checks, 300);
	for (int i = 0; i < FILE_COUNT; i++)
		scenario_free(&scenarios[i]);
	for (int i = 0; i < shelf.count; i++)
		programme_free(shelf.programmes[i]);
	document_errors_free(&errors);
}
END_TEST

Suite *golden_suite(void);
Suite *golden_suite(void)
{
	Suite *suite = suite_create("golden");
	TCase *tables = tcase_create("tables");
	tcase_set_timeout(tables, 600);
	tcase_add_test(tables, golden_cases_through_the_tables);
	suite_add_tcase(suite, tables);
	return suite;
}
