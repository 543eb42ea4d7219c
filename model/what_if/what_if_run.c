// The course of a what-if: the programme, the sample, then everyone, by as many judges as there are
// processors.
#include "db/clock.h"
#include "model/what_if/what_if_run.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	SAMPLE_LEAST = 1000,
	SAMPLE_PART = 100,
	DRAWN_TOGETHER = 1000,
	FIRST_NEWS_MS = 1000, // so long without an estimate, what was judged so far is told
	SLICES_LEAST = 8,     // so that the judges end together
	SLICE_MOST = 131072,  // ids that are judged together: large ones cost the server less a row
	SLICE_LEAST = 1024,
	PERIOD_SLICE = 512, // whole journals are read: fewer at a time
	NUMBER_SIZE = 22,
};

struct course {
	struct what_if *what_if;
	struct what_if_terms terms;
	int64_t first_id, ids; // from the lowest id to the highest; some may belong to nobody
	struct what_if_judge judge;
	// of the exact stage
	char snapshot[64];
	pthread_mutex_t mutex;
	int64_t next, slice; // the next id to be judged, as a distance from the first
	struct what_if_tally *all;
	struct error error; // the first
};

static bool span_read(struct course *course, day_t *processed_on, struct error *error)
{
	struct result *result = session_ask(course->judge.session, error,
		"SELECT greatest(processed_on, opened_on), (SELECT min(member_id) FROM loyalty.standing), "
		"(SELECT max(member_id) FROM loyalty.standing) FROM loyalty.programme",
		0);
	if (!result)
		return false;
	*processed_on = result_rows(result) ? result_day(result, 0, 0) : DAY_NONE;
	if (result_rows(result) && !result_is_null(result, 0, 1)) {
		course->first_id = result_int64(result, 0, 1);
		course->ids = result_int64(result, 0, 2) - course->first_id + 1;
	}
	result_free(result);
	return true;
}

// A version never reaches back; a period is one that was lived through.
static bool days_choose(struct course *course, day_t processed_on, struct error *error)
{
	const struct what_if_request *request = &course->what_if->request;
	struct what_if_terms *terms = &course->terms;
	char asked[DAY_SIZE], first[DAY_SIZE];
	terms->from = request->from;
	terms->to = request->to;
	if (terms->kind == WHAT_IF_PERIOD)
		return (terms->from <= terms->to && terms->to != DAY_NONE) ||
		       error_set(
			       error, ERROR_USAGE, "there is no such period", "", "it ends before it begins");
	if (terms->from == DAY_NONE)
		terms->from = course->what_if->draft->effective_from > processed_on
				      ? course->what_if->draft->effective_from
				      : processed_on + 1;
	terms->to = terms->from;
	return terms->from > processed_on ||
	       error_set(error, ERROR_USAGE, "a version never reaches back", "give a later day",
		       "%s is processed already; the first day possible is %s",
		       day_format(terms->from, asked), day_format(processed_on + 1, first));
}

static void tell_done(void *what_if, int64_t ids)
{
	what_if_tell_done(what_if, ids);
}

static bool course_read(struct course *course, struct error *error)
{
	struct session *session = course->judge.session;
	struct what_if_terms *terms = &course->terms;
	struct programme *draft = course->what_if->draft;
	day_t processed_on = DAY_NONE;
	terms->kind = course->what_if->request.kind;
	terms->is_cancelled = &course->what_if->is_cancelled;
	terms->tell = tell_done;
	terms->payload = course->what_if;
	terms->now = rulebook_load(session, error);
	if (!terms->now || !span_read(course, &processed_on, error) ||
		!days_choose(course, processed_on, error))
		return false;
	course->what_if->draft = NULL;
	terms->draft = rulebook_load_trying(session, draft, terms->from, error);
	if (!terms->draft)
		return false;
	terms->is_fork = terms->draft->count > 1 &&
			 terms->now->versions[rulebook_at(terms->now, terms->from)].version_no ==
				 terms->draft->versions[terms->draft->count - 2].version_no;
	terms->lots = judge_lots_needed(terms->now, terms->draft, processed_on, terms->from);
	return shape_init(
		&terms->shape, terms->now, terms->draft, terms->to, terms->kind == WHAT_IF_PERIOD, error);
}

// The largest changes name their members.
static bool members_name(struct session *session, struct what_if_result *result, struct error *error)
{
	char ids[WHAT_IF_LARGEST * NUMBER_SIZE + 3] = "{";
	for (int i = 0; i < result->largest_count; i++)
		snprintf(ids + strlen(ids), sizeof ids - strlen(ids), "%s%" PRId64, i ? "," : "",
			result->largest[i].member_id);
	strcat(ids, "}");
	struct result *names = session_ask(session, error,
		"SELECT member_id, number, name FROM loyalty.what_if_members($1::bigint[])", 1, ids);
	for (int row = 0; names && row < result_rows(names); row++)
		for (int i = 0; i < result->largest_count; i++)
			if (result->largest[i].member_id == result_int64(names, row, 0)) {
				result->largest[i].number = result_int64(names, row, 1);
				snprintf(result->largest[i].name, sizeof result->largest[i].name, "%s",
					result_text(names, row, 2));
			}
	result_free(names);
	return names != NULL;
}

static bool result_tell(
	struct course *course, const struct what_if_tally *tally, int64_t drawn, struct error *error)
{
	struct what_if_result *result = tally_result(tally, course->ids, drawn);
	if (!result)
		return error_set(error, ERROR_FAILED, "the what-if has no result", "", "out of memory");
	result->kind = course->terms.kind;
	result->from = course->terms.from;
	result->to = course->terms.to;
	if (!members_name(course->judge.session, result, error)) {
		what_if_result_free(result);
		return false;
	}
	what_if_tell_result(course->what_if, result);
	return true;
}

static bool drawn_judge(
	struct course *course, const struct draw *draw, int64_t at, int64_t count, struct error *error)
{
	enum { AROUND = 40 };
	size_t size = (size_t)count * NUMBER_SIZE + AROUND;
	char *condition = malloc(size), *end = condition;
	if (!condition)
		return error_set(error, ERROR_FAILED, "the sample cannot be drawn", "", "out of memory");
	end += sprintf(end, "= ANY ('{");
	for (int64_t i = 0; i < count; i++)
		end += sprintf(end, "%s%" PRId64, i ? "," : "",
			course->first_id + (int64_t)draw_at(draw, (uint64_t)(at + i)));
	strcpy(end, "}'::bigint[])");
	bool is_good = judge_members(&course->judge, condition, error);
	free(condition);
	return is_good;
}

static int64_t sample_size(const struct course *course)
{
	int64_t size = course->what_if->request.sample;
	if (size <= 0)
		size = course->ids / SAMPLE_PART > SAMPLE_LEAST ? course->ids / SAMPLE_PART : SAMPLE_LEAST;
	return size < course->ids ? size : course->ids;
}

// Ids are drawn, not members: those that belong to nobody are drawn too and count as such, so that no gap
// among the ids and no count of the members can spoil the interval. The drawn so far are a sample at any
// time.
static bool estimate(struct course *course, struct error *error)
{
	int64_t size = sample_size(course);
	struct draw draw;
	draw_init(&draw, (uint64_t)course->ids, course->what_if->request.seed);
	what_if_tell_stage(course->what_if, WHAT_IF_ESTIMATING, size);
	for (int64_t at = 0; at < size;) {
		int64_t count = size - at < DRAWN_TOGETHER ? size - at : DRAWN_TOGETHER;
		if (!drawn_judge(course, &draw, at, count, error))
			return false;
		at += count;
		what_if_tell_done(course->what_if, count);
		bool is_late = clock_ms() - course->what_if->started_ms > FIRST_NEWS_MS &&
			       course->what_if->progress.estimate_ms == 0;
		if ((at == size || is_late) && !result_tell(course, &course->judge.tally, at, error))
			return false;
	}
	tally_clear(&course->judge.tally);
	return true;
}

static bool slice_take(struct course *course, int64_t *from, int64_t *count)
{
	pthread_mutex_lock(&course->mutex);
	*from = course->next;
	*count = course->ids - *from < course->slice ? course->ids - *from : course->slice;
	course->next += *count;
	pthread_mutex_unlock(&course->mutex);
	return *count > 0;
}

static bool slices_judge(struct course *course, struct what_if_judge *judge, struct error *error)
{
	int64_t from, count;
	while (slice_take(course, &from, &count)) {
		char condition[2 * NUMBER_SIZE + 16];
		snprintf(condition, sizeof condition, "BETWEEN %" PRId64 " AND %" PRId64,
			course->first_id + from, course->first_id + from + count - 1);
		judge->untold_from = course->first_id + from;
		if (!judge_members(judge, condition, error))
			return false;
		judge_tell(judge, course->first_id + from + count);
	}
	return true;
}

// After a failure nobody takes another slice.
static void failure_note(struct course *course, const struct error *error)
{
	pthread_mutex_lock(&course->mutex);
	if (course->error.kind == ERROR_NONE)
		course->error = *error;
	course->next = course->ids;
	pthread_mutex_unlock(&course->mutex);
}

struct helper {
	struct course *course;
	int place;
	bool is_started;
	pthread_t thread;
};

// One that gets no session leaves the work to the others.
static void *helper_main(void *payload)
{
	struct helper *helper = payload;
	struct course *course = helper->course;
	struct what_if_judge judge;
	struct error error = {0};
	struct session *session = what_if_session(course->what_if, helper->place, course->snapshot, &error);
	if (!session)
		return NULL;
	judge_init(&judge, &course->terms, session);
	if (slices_judge(course, &judge, &error)) {
		pthread_mutex_lock(&course->mutex);
		tally_join(course->all, &judge.tally);
		pthread_mutex_unlock(&course->mutex);
	} else {
		failure_note(course, &error);
	}
	judge_free(&judge);
	what_if_session_close(course->what_if, helper->place);
	return NULL;
}

static int judges_wanted(const struct course *course)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	int64_t wanted = course->what_if->request.threads > 0 ? course->what_if->request.threads : processors;
	int64_t slices = (course->ids + course->slice - 1) / course->slice;
	wanted = wanted > slices ? slices : wanted;
	return wanted > JUDGES_MAX ? JUDGES_MAX : wanted < 1 ? 1 : (int)wanted;
}

static bool snapshot_export(struct course *course, struct error *error)
{
	struct result *result = session_ask(course->judge.session, error, "SELECT pg_export_snapshot()", 0);
	if (!result)
		return false;
	snprintf(course->snapshot, sizeof course->snapshot, "%s", result_text(result, 0, 0));
	result_free(result);
	return true;
}

static bool everyone_judge(struct course *course, struct error *error)
{
	struct helper helpers[JUDGES_MAX] = {0};
	int judges = judges_wanted(course);
	if (judges > 1 && !snapshot_export(course, error))
		return false;
	for (int i = 1; i < judges; i++) {
		helpers[i] = (struct helper){.course = course, .place = i};
		helpers[i].is_started =
			pthread_create(&helpers[i].thread, NULL, helper_main, &helpers[i]) == 0;
	}
	struct error own = {0};
	if (!slices_judge(course, &course->judge, &own))
		failure_note(course, &own);
	for (int i = 1; i < judges; i++)
		if (helpers[i].is_started)
			pthread_join(helpers[i].thread, NULL);
	if (course->error.kind != ERROR_NONE)
		*error = course->error;
	return course->error.kind == ERROR_NONE;
}

static bool count(struct course *course, struct error *error)
{
	struct what_if_tally all;
	course->slice = course->ids / SLICES_LEAST + 1;
	course->slice = course->slice < SLICE_LEAST ? SLICE_LEAST : course->slice;
	course->slice = course->slice > SLICE_MOST ? SLICE_MOST : course->slice;
	if (course->terms.kind == WHAT_IF_PERIOD)
		course->slice = PERIOD_SLICE;
	what_if_tell_stage(course->what_if, WHAT_IF_COUNTING, course->ids);
	tally_init(&all, &course->terms.shape);
	course->all = &all;
	pthread_mutex_init(&course->mutex, NULL);
	bool is_good = everyone_judge(course, error);
	if (is_good)
		tally_join(&all, &course->judge.tally);
	is_good = is_good && result_tell(course, &all, course->ids, error);
	pthread_mutex_destroy(&course->mutex);
	tally_free(&all);
	return is_good;
}

static bool stages_run(struct course *course, struct error *error)
{
	const struct what_if_request *request = &course->what_if->request;
	struct session *session = what_if_session(course->what_if, 0, NULL, error);
	course->judge.session = session;
	if (!session || !course_read(course, error))
		return false;
	judge_init(&course->judge, &course->terms, session);
	bool is_all = sample_size(course) >= course->ids; // a sample of everyone is no estimate
	return (request->no_estimate || (is_all && !request->no_exact) || estimate(course, error)) &&
	       (request->no_exact || count(course, error));
}

void *what_if_run(void *payload)
{
	struct what_if *what_if = payload;
	struct course course = {.what_if = what_if};
	struct error error = {0};
	bool is_good = stages_run(&course, &error);
	judge_free(&course.judge);
	shape_free(&course.terms.shape);
	rulebook_free(course.terms.now);
	rulebook_free(course.terms.draft);
	what_if_session_close(what_if, 0);
	if (is_good)
		error.kind = ERROR_NONE;
	what_if_tell_end(what_if, &error);
	what_if_release(what_if);
	return NULL;
}
