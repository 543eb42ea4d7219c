// What people of the desk do, drawn by chance, and the book in shared memory in which each deed stands before it is sent.
#include "tests/shift.h"

#include "model/desk/case_around.h"
#include "model/desk/case_queue.h"
#include "model/desk/desk_report.h"
#include "model/member/action.h"
#include "tests/database.h"
#include <check.h>
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MEMBERS = 60, GOODWILL = 500, PAGE_ROWS = 40, JOB_CASES = 5, BOOK = 4000 };

enum deed_state { DEED_NONE, DEED_SENT, DEED_DONE, DEED_REFUSED };

// SENT: on its way, or a kill hid how it ended.
struct deed {
	enum deed_state state;
	int kind;
	struct case_id id;
	int64_t version; // seen before it
	int64_t result;  // the new version, or what else was answered
	int64_t other;   // member, case or job that it is about too
	char key[KEY_SIZE];
	char text[24];   // its own, nobody else's
	char seen[200];  // what stood there before
	char cases[120];
	char sqlstate[6];
	int64_t took_us;
};

struct person {
	pid_t pid;
	int lives; // how many times it came
	int count;
	struct deed deeds[BOOK];
};

struct shift {
	struct shift_options options;
	uint64_t chance; // of who is killed
	atomic_bool is_over;
	atomic_bool has_fault;
	char fault[300];
	struct person people[];
};

// Who is at work in this process.
struct worker {
	struct shift *shift;
	struct person *person;
	int number;
	uint64_t chance;
	struct session *session;
};

static unsigned draw(uint64_t *state, unsigned below)
{
	*state = *state * 6364136223846793005U + 1442695040888963407U;
	return (unsigned)(*state >> 33) % below;
}

static unsigned chance(struct worker *w, unsigned below)
{
	return draw(&w->chance, below);
}

static int64_t now_us(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

// Deeds: what is sent for one, whose cases it is about.

static void open_ask(struct ask *ask, const struct deed *d)
{
	const struct action_case opened = {.key = d->key, .member_id = d->id.member_id, .title = d->text,
		.channel = "phone", .priority = (int)(1 + d->other % 3), .body = d->text};
	action_case(ask, &opened);
}

static void take_ask(struct ask *ask, const struct deed *d)
{
	(void)d;
	case_take_next(ask);
}

static void answer_ask(struct ask *ask, const struct deed *d)
{
	case_write(ask, d->id, d->key, ARTICLE_TO_MEMBER, d->text);
}

static void note_ask(struct ask *ask, const struct deed *d)
{
	case_write(ask, d->id, d->key, ARTICLE_INTERNAL, d->text);
}

static void heard_ask(struct ask *ask, const struct deed *d)
{
	case_write(ask, d->id, d->key, ARTICLE_FROM_MEMBER, d->text);
}

static void tag_ask(struct ask *ask, const struct deed *d)
{
	case_set(ask, d->id, 0, "tag", d->text, NULL);
}

static void title_ask(struct ask *ask, const struct deed *d)
{
	case_edit(ask, d->id, d->version, &(struct case_edit){.title = d->text});
}

static void goodwill_ask(struct ask *ask, const struct deed *d)
{
	const struct action_goodwill goodwill = {.key = d->key, .member_id = d->id.member_id, .currency = "STAR",
		.points = GOODWILL, .reason = d->text, .case_no = d->id.case_no};
	action_goodwill(ask, &goodwill);
}

static void hand_ask(struct ask *ask, const struct deed *d)
{
	static char login[24];
	snprintf(login, sizeof login, "p%" PRId64, d->other);
	case_assign(ask, d->id, d->version, login);
}

static void group_ask(struct ask *ask, const struct deed *d)
{
	case_set(ask, d->id, d->version, "group", d->other % 2 ? "desk" : "claims", NULL);
}

static void wait_ask(struct ask *ask, const struct deed *d)
{
	case_set_state(ask, d->id, d->version, "waiting_member");
}

static void resolve_ask(struct ask *ask, const struct deed *d)
{
	case_resolve(ask, d->id, d->version, d->text, "kept");
}

static void reopen_ask(struct ask *ask, const struct deed *d)
{
	case_set_state(ask, d->id, d->version, "open");
}

static void merge_ask(struct ask *ask, const struct deed *d)
{
	case_merge(ask, d->id, d->version, (int)d->other);
}

static void unmerge_ask(struct ask *ask, const struct deed *d)
{
	case_unmerge(ask, d->id);
}

static void many_ask(struct ask *ask, const struct deed *d)
{
	case_job_start(ask, &(struct case_job){.key = d->key, .word = d->other % 3 ? "tag" : "resolve",
		.value = d->other % 3 ? "many" : d->text, .also = d->other % 3 ? NULL : "kept", .filter = "", .cases = d->cases});
}

static void undo_ask(struct ask *ask, const struct deed *d)
{
	case_job_undo(ask, d->other);
}

static void follow_ask(struct ask *ask, const struct deed *d)
{
	case_follow(ask, d->id, d->other % 2);
}

static void draft_ask(struct ask *ask, const struct deed *d)
{
	case_draft_save(ask, d->id, ARTICLE_INTERNAL, d->text, d->key);
}

static void queues_ask(struct ask *ask, const struct deed *d)
{
	(void)d;
	case_queues(ask);
}

// filter NULL: about no case that stands in a list. weight: how often, of all of them together.
static const struct kind {
	const char *name;
	int weight;
	const char *filter;
	void (*ask)(struct ask *ask, const struct deed *deed);
} KINDS[] = {
	{"open", 10, NULL, open_ask},
	{"take", 14, NULL, take_ask},
	{"answer", 14, "owner=me", answer_ask},
	{"note", 10, "", note_ask},
	{"heard", 5, "", heard_ask},
	{"tag", 8, "", tag_ask},
	{"title", 12, "", title_ask},
	{"goodwill", 6, "owner=me", goodwill_ask},
	{"hand", 5, "owner=me", hand_ask},
	{"group", 3, "", group_ask},
	{"wait", 3, "owner=me", wait_ask},
	{"resolve", 8, "owner=me", resolve_ask},
	{"reopen", 3, "state=resolved", reopen_ask},
	{"merge", 3, "", merge_ask},
	{"unmerge", 1, "state=merged", unmerge_ask},
	{"many", 2, "", many_ask},
	{"undo", 2, NULL, undo_ask},
	{"follow", 2, "", follow_ask},
	{"draft", 4, "owner=me", draft_ask},
	{"queues", 10, NULL, queues_ask},
};
enum { KIND_COUNT = sizeof KINDS / sizeof KINDS[0] };

static int kind_draw(struct worker *w)
{
	int all = 0, kind = 0;
	for (int i = 0; i < KIND_COUNT; i++)
		all += KINDS[i].weight;
	int left = (int)chance(w, (unsigned)all);
	while (left >= KINDS[kind].weight)
		left -= KINDS[kind++].weight;
	return kind;
}

static void fault_note(struct shift *shift, const struct deed *deed, const struct error *error)
{
	char line[800];
	if (!atomic_exchange(&shift->has_fault, true))
		snprintf(shift->fault, sizeof shift->fault, "%s: %.200s [%s]", KINDS[deed->kind].name,
			error_line(error, line, sizeof line), error->sqlstate);
}

// What a person may be told: that the rules, or somebody else's work, forbid it, or that the database is too busy.
static bool is_refusal(const struct error *error)
{
	return strncmp(error->sqlstate, "LY", 2) == 0 || strcmp(error->sqlstate, "55P03") == 0 ||
	       strcmp(error->sqlstate, "57014") == 0;
}

static void deed_send(struct worker *w, struct deed *deed)
{
	struct ask ask;
	struct error error = {0};
	int64_t began = now_us();
	KINDS[deed->kind].ask(&ask, deed);
	deed->state = DEED_SENT;
	struct result *result = ask_session(w->session, &ask, &error);
	deed->took_us = now_us() - began;
	if (result) {
		int64_t first = result_rows(result) ? result_int64(result, 0, 0) : 0;
		if (KINDS[deed->kind].ask == take_ask && result_rows(result))
			deed->id = (struct case_id){first, (int)result_int64(result, 0, 1)};
		deed->result = first;
		deed->state = DEED_DONE;
	} else {
		snprintf(deed->sqlstate, sizeof deed->sqlstate, "%s", error.sqlstate);
		deed->state = DEED_REFUSED;
		if (!is_refusal(&error))
			fault_note(w->shift, deed, &error);
	}
	result_free(result);
}

// A case from the first rows of a list, so that many meet at the same ones.
static bool case_draw(struct worker *w, struct deed *deed)
{
	struct ask ask;
	struct error error = {0};
	struct page page = {.from = PAGE_FIRST, .rows = PAGE_ROWS};
	case_list(&ask, KINDS[deed->kind].filter, &page);
	struct result *list = ask_session(w->session, &ask, &error);
	if (!list && !is_refusal(&error))
		fault_note(w->shift, deed, &error);
	int rows = list ? result_rows(list) : 0;
	if (rows > 0) {
		struct case_row row;
		case_row_read(list, (int)chance(w, (unsigned)rows), &row);
		deed->id = row.id;
		deed->version = row.version;
		snprintf(deed->seen, sizeof deed->seen, "%s", row.title);
		for (int i = 0; i < JOB_CASES; i++) {
			case_row_read(list, (int)chance(w, (unsigned)rows), &row);
			size_t used = strlen(deed->cases);
			snprintf(deed->cases + used, sizeof deed->cases - used, "%s%" PRId64 "|%d", used ? " " : "", row.id.member_id,
				row.id.case_no);
		}
	}
	result_free(list);
	return rows > 0;
}

static int64_t job_last(const struct person *person)
{
	for (int i = person->count - 1; i >= 0; i--)
		if (KINDS[person->deeds[i].kind].ask == many_ask && person->deeds[i].state == DEED_DONE)
			return person->deeds[i].result;
	return 0;
}

static void think(struct worker *w)
{
	if (w->shift->options.think_ms > 0)
		poll(NULL, 0, (int)chance(w, 2U * (unsigned)w->shift->options.think_ms));
}

// Looks, thinks, does.
static void deed_do(struct worker *w)
{
	struct deed *deed = &w->person->deeds[w->person->count];
	*deed = (struct deed){.kind = kind_draw(w), .id = {1 + (int64_t)chance(w, MEMBERS), 0}};
	ask_key(deed->key);
	snprintf(deed->text, sizeof deed->text, "p%d.%d", w->number, w->person->count);
	deed->other = 1 + (int64_t)chance(w, (unsigned)w->shift->options.people);
	if (KINDS[deed->kind].filter && !case_draw(w, deed))
		return;
	if (KINDS[deed->kind].ask == merge_ask)
		deed->other = deed->id.case_no + (chance(w, 2) || deed->id.case_no == 1 ? 1 : -1);
	if (KINDS[deed->kind].ask == undo_ask && (deed->other = job_last(w->person)) == 0)
		return;
	think(w);
	w->person->count++;
	deed_send(w, deed);
}

// Who was killed sends again what has a key of its own, or what done twice is done once.
static void doubt_settle(struct worker *w)
{
	struct deed *last = &w->person->deeds[w->person->count - 1];
	if (w->person->count == 0 || last->state != DEED_SENT)
		return;
	if (KINDS[last->kind].ask == answer_ask || KINDS[last->kind].ask == note_ask || KINDS[last->kind].ask == goodwill_ask ||
		KINDS[last->kind].ask == open_ask || KINDS[last->kind].ask == tag_ask)
		deed_send(w, last);
}

static void person_work(struct shift *shift, int number)
{
	char conninfo[40];
	struct error error = {0};
	struct worker w = {.shift = shift, .person = &shift->people[number - 1], .number = number};
	w.chance = shift->options.seed * 1000003U + (uint64_t)number * 7919U + (uint64_t)w.person->lives;
	chance(&w, 2);
	snprintf(conninfo, sizeof conninfo, "user=p%d", number);
	w.session = session_open(conninfo, "loyalty", &error);
	if (!w.session) {
		fault_note(shift, &w.person->deeds[0], &error);
		return;
	}
	doubt_settle(&w);
	while (!atomic_load(&shift->is_over) && !atomic_load(&shift->has_fault) && w.person->count < shift->options.deeds)
		deed_do(&w);
	session_close(w.session);
}

static void person_start(struct shift *shift, int number)
{
	struct person *person = &shift->people[number - 1];
	fflush(NULL);
	pid_t child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		person->lives++;
		person_work(shift, number);
		_exit(0);
	}
	person->pid = child;
}

static size_t shift_size(int people)
{
	return sizeof(struct shift) + (size_t)people * sizeof(struct person);
}

struct shift *shift_begin(const struct shift_options *options)
{
	ck_assert_int_le(options->people, SHIFT_PEOPLE);
	ck_assert_int_le(options->deeds, BOOK);
	struct shift *shift = mmap(NULL, shift_size(options->people), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	ck_assert_ptr_ne(shift, MAP_FAILED);
	shift->options = *options;
	shift->chance = options->seed;
	char sql[300];
	struct session *session = database_session(NULL);
	snprintf(sql, sizeof sql, "SELECT loyalty.staff_add(('p' || i)::name, 'Person ' || i, 'support') FROM generate_series(1, %d) i", options->people);
	database_run(session, sql);
	snprintf(sql, sizeof sql,
		"SELECT loyalty.enrol_member('shift', 'm' || i, 'Member', 'Number ' || i, NULL, NULL, NULL, NULL, '', 'en', 'store', '{}')"
		" FROM generate_series((SELECT count(*) FROM loyalty.member) + 1, %d) i", MEMBERS);
	database_run(session, sql);
	database_run(session, "SELECT loyalty.desk_group_set('claims', 'name', 'Claims')");
	snprintf(sql, sizeof sql,
		"SELECT loyalty.case_open(1 + i %% %d, gen_random_uuid(), 'Case ' || i, 'phone', 1 + i %% 3, 'from_member', 'x')"
		" FROM generate_series(1, %d) i", MEMBERS, 4 * options->people);
	database_run(session, sql);
	session_close(session);
	return shift;
}

void shift_start(struct shift *shift)
{
	for (int i = 1; i <= shift->options.people; i++)
		person_start(shift, i);
}

void shift_kill_one(struct shift *shift)
{
	int number = 1 + (int)draw(&shift->chance, (unsigned)shift->options.people), status = 0;
	struct person *person = &shift->people[number - 1];
	if (person->pid == 0 || person->count >= shift->options.deeds)
		return;
	kill(person->pid, SIGKILL);
	ck_assert_int_eq(waitpid(person->pid, &status, 0), person->pid);
	person_start(shift, number);
}

static void person_gone(struct person *person, int flags)
{
	int status = 0;
	if (person->pid && waitpid(person->pid, &status, flags) == person->pid) {
		person->pid = 0;
		ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "somebody ended with %x", status);
	}
}

bool shift_is_over(struct shift *shift)
{
	bool is_over = true;
	for (int i = 0; i < shift->options.people; i++) {
		person_gone(&shift->people[i], WNOHANG);
		is_over = is_over && !shift->people[i].pid;
	}
	return is_over;
}

void shift_call_home(struct shift *shift)
{
	atomic_store(&shift->is_over, true);
	for (int i = 0; i < shift->options.people; i++)
		person_gone(&shift->people[i], 0);
}

int64_t shift_deeds(const struct shift *shift)
{
	int64_t deeds = 0;
	for (int i = 0; i < shift->options.people; i++)
		deeds += shift->people[i].count;
	return deeds;
}

const char *shift_fault(const struct shift *shift)
{
	return atomic_load(&shift->has_fault) ? shift->fault : NULL;
}

void shift_end(struct shift *shift)
{
	munmap(shift, shift_size(shift->options.people));
}

// The book in the database.

struct reader {
	const struct shift *shift;
	int person, deed;
	char line[700];
};

static bool book_read(void *payload, const char **data, size_t *length, struct error *error)
{
	static const char *const states[] = {"none", "sent", "done", "refused"};
	struct reader *r = payload;
	(void)error;
	while (r->person < r->shift->options.people && r->deed >= r->shift->people[r->person].count) {
		r->person++;
		r->deed = 0;
	}
	*length = 0;
	if (r->person == r->shift->options.people)
		return true;
	const struct deed *d = &r->shift->people[r->person].deeds[r->deed++];
	*length = (size_t)snprintf(r->line, sizeof r->line,
		"p%d\t%s\t%s\t%" PRId64 "\t%d\t%" PRId64 "\t%" PRId64 "\t%s\t%s\t%s\t%s\t%" PRId64 "\n", r->person + 1, KINDS[d->kind].name,
		states[d->state], d->id.member_id, d->id.case_no, d->version, d->result, d->key, d->text, d->seen, d->sqlstate, d->took_us);
	*data = r->line;
	return true;
}

void shift_write_down(const struct shift *shift, struct session *session)
{
	struct error error = {0};
	struct reader reader = {.shift = shift};
	database_run(session, "CREATE TABLE deed (person name, kind text, state text, member_id bigint, case_no int, version bigint, result bigint,"
			      " key uuid, text text, seen text, sqlstate text, took_us bigint)");
	ck_assert_msg(session_copy_in(session, "COPY deed FROM STDIN", book_read, &reader, NULL, &error), "%s", error.why);
	database_run(session, "CREATE INDEX ON deed (kind, state)");
	database_run(session, "CREATE INDEX ON loyalty.case_article (key)");
	database_run(session, "ANALYZE");
}

// Each finds what is wrong.
static const struct {
	const char *what, *sql;
} MUST_BE_NONE[] = {
	{"what was written stands once",
		"SELECT d.* FROM deed d WHERE kind IN ('open', 'answer', 'note', 'heard') AND state = 'done'"
		" AND (SELECT count(*) FROM loyalty.case_article a WHERE a.key = d.key AND a.member_id = d.member_id) <> 1"},
	{"what was refused stands nowhere",
		"SELECT d.* FROM deed d JOIN loyalty.case_article a ON a.key = d.key WHERE d.state = 'refused'"},
	{"a change stands in the case's history, under who made it",
		"SELECT d.* FROM deed d WHERE kind IN ('title', 'resolve') AND state = 'done' AND NOT EXISTS (SELECT FROM loyalty.case_event e"
		" WHERE (e.member_id, e.case_no, e.event_no, e.login) = (d.member_id, d.case_no, d.result, d.person))"},
	{"a tag stands once in the case's history, though it may have been sent twice",
		"SELECT d.* FROM deed d WHERE kind = 'tag' AND state = 'done' AND (SELECT count(*) FROM loyalty.case_event e WHERE (e.member_id, e.case_no, e.action,"
		" e.new_value, e.login) = (d.member_id, d.case_no, 'tagged', d.text, d.person)) <> 1"},
	{"a title that was changed is the one that was seen",
		"SELECT d.* FROM deed d JOIN loyalty.case_event e ON (e.member_id, e.case_no, e.event_no) = (d.member_id, d.case_no, d.result)"
		" WHERE d.kind = 'title' AND d.state = 'done' AND (e.action, e.old_value, e.new_value) <> ('title', d.seen, d.text)"},
	{"a refused title stands nowhere",
		"SELECT d.* FROM deed d JOIN loyalty.case_event e ON e.action = 'title' AND e.new_value = d.text WHERE d.kind = 'title' AND d.state = 'refused'"},
	{"the last title is the case's",
		"SELECT * FROM (SELECT DISTINCT ON (e.member_id, e.case_no) e.* FROM loyalty.case_event e WHERE e.action = 'title'"
		" ORDER BY e.member_id, e.case_no, e.event_no DESC) e JOIN loyalty.member_case c USING (member_id, case_no) WHERE c.title <> e.new_value"},
	{"a title or group follows the one before",
		"SELECT * FROM (SELECT e.*, lag(e.new_value) OVER (PARTITION BY e.member_id, e.case_no, e.action ORDER BY e.event_no) AS before"
		" FROM loyalty.case_event e WHERE e.action IN ('title', 'group')) x WHERE old_value <> before"},
	{"a tag stays", "SELECT d.* FROM deed d JOIN loyalty.member_case c USING (member_id, case_no) WHERE d.kind = 'tag' AND d.state = 'done' AND NOT c.tags @> ARRAY[d.text]"},
	{"history has no gap",
		"SELECT c.member_id, c.case_no, c.version, c.events, c.articles FROM loyalty.member_case c WHERE c.version <> c.events"
		" OR c.events <> (SELECT count(*) FROM loyalty.case_event e WHERE (e.member_id, e.case_no) = (c.member_id, c.case_no))"
		" OR c.articles <> (SELECT count(*) FROM loyalty.case_article a WHERE (a.member_id, a.case_no) = (c.member_id, c.case_no))"},
	{"who took a case has got it",
		"SELECT d.* FROM deed d WHERE kind = 'take' AND state = 'done' AND case_no > 0 AND NOT EXISTS (SELECT FROM loyalty.case_event e"
		" WHERE (e.member_id, e.case_no, e.action, e.login, e.new_value) = (d.member_id, d.case_no, 'assigned', d.person, d.person::text))"},
	{"nobody takes what somebody has",
		"SELECT e.* FROM loyalty.case_event e JOIN deed d ON d.kind = 'take' AND d.state = 'done' AND d.member_id = e.member_id AND d.case_no = e.case_no"
		" WHERE e.action = 'assigned' AND e.new_value = d.person AND e.login = d.person AND e.old_value <> '' AND e.old_value <> d.person"
		" AND NOT EXISTS (SELECT FROM deed h WHERE h.kind = 'hand' AND (h.member_id, h.case_no, h.result) = (e.member_id, e.case_no, e.event_no))"},
	{"goodwill that was given is one event",
		"SELECT d.* FROM deed d WHERE kind = 'goodwill' AND state = 'done' AND (SELECT count(*) FROM loyalty.journal j WHERE j.source = 'desk'"
		" AND j.external_id = d.key::text) + (SELECT count(*) FROM loyalty.approval a WHERE a.source = 'desk' AND a.external_id = d.key::text AND a.seq IS NULL) <> 1"},
	{"goodwill that was refused is none",
		"SELECT d.* FROM deed d JOIN loyalty.journal j ON j.source = 'desk' AND j.external_id = d.key::text WHERE d.kind = 'goodwill' AND d.state = 'refused'"},
	{"every event was processed", "SELECT * FROM loyalty.inbox"},
	{"counters equal a recount", "SELECT * FROM loyalty.case_broken()"},
	{"a job did what it says",
		"SELECT j.* FROM loyalty.case_job j WHERE j.state IN ('waiting', 'undoing') OR j.done + j.failed <> j.total AND j.state = 'done'"
		" OR j.done <> (SELECT count(*) FROM loyalty.case_job_row r WHERE r.job_no = j.job_no AND r.state IN ('done', 'undone', 'changed'))"},
	{"the inbox names cases that are there",
		"SELECT i.* FROM loyalty.desk_inbox i WHERE NOT EXISTS (SELECT FROM loyalty.member_case c WHERE (c.member_id, c.case_no) = (i.member_id, i.case_no))"},
};

void shift_check(struct session *session)
{
	for (size_t i = 0; i < sizeof MUST_BE_NONE / sizeof MUST_BE_NONE[0]; i++) {
		char sql[1500];
		snprintf(sql, sizeof sql, "SELECT count(*) || ', as ' || min(x::text) FROM (%s) x", MUST_BE_NONE[i].sql);
		const char *wrong = database_text(session, sql);
		ck_assert_msg(!*wrong, "%s, but for %s", MUST_BE_NONE[i].what, wrong);
	}
}

void shift_report(struct shift *shift, struct session *session)
{
	struct error error = {0};
	struct result *r = session_ask(session, &error,
		"SELECT kind, count(*), count(*) FILTER (WHERE state = 'refused'), coalesce((SELECT string_agg(x.sqlstate || ' ' || x.n, ', ' ORDER BY x.n DESC)"
		" FROM (SELECT y.sqlstate, count(*) AS n FROM deed y WHERE y.kind = d.kind AND y.state = 'refused' GROUP BY 1) x), ''),"
		" round(percentile_cont(0.5) WITHIN GROUP (ORDER BY took_us)::numeric / 1000, 1), round(percentile_cont(0.99) WITHIN GROUP (ORDER BY took_us)::numeric / 1000, 1)"
		" FROM deed d GROUP BY 1 ORDER BY 2 DESC", 0);
	ck_assert_msg(r, "%s", error.why);
	int lives = 0;
	for (int i = 0; i < shift->options.people; i++)
		lives += shift->people[i].lives;
	printf("%d people did %" PRId64 " things; %d were killed\n%-9s %8s %8s %8s %8s  %s\n", shift->options.people, shift_deeds(shift),
		lives - shift->options.people, "", "done", "refused", "p50 ms", "p99 ms", "refused with");
	for (int i = 0; i < result_rows(r); i++)
		printf("%-9s %8s %8s %8s %8s  %s\n", result_text(r, i, 0), result_text(r, i, 1), result_text(r, i, 2), result_text(r, i, 4),
			result_text(r, i, 5), result_text(r, i, 3));
	result_free(r);
}
