// Jobs on figures: counting all of them anew, and the grid of recency, frequency and money of a closed day.
#include "model/insight/job.h"

#include "model/insight/grid.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER = 24 };

struct job {
	char number[NUMBER], as_of[DAY_SIZE];
	bool is_grid;
	int part, parts;
	int64_t until_id;
	int64_t members; // of the part
};

static bool run(
	struct session *session, const char *sql, const char *const *values, int count, struct error *error)
{
	return session_execute(session, sql, values, count, error);
}

// --- Counting anew: a bucket a part. Its sums go, its members are all behind, and are folded as any others.

static bool bucket_empty(struct session *session, const char *bucket, struct error *error)
{
	static const char *const statements[] = {
		"DELETE FROM loyalty.insight_member WHERE loyalty.bucket_of(member_id) = $1::smallint",
		"DELETE FROM loyalty.insight_month WHERE bucket = $1::smallint",
		"DELETE FROM loyalty.insight_points WHERE bucket = $1::smallint",
		"DELETE FROM loyalty.insight_cohort WHERE bucket = $1::smallint",
		"DELETE FROM loyalty.insight_tier WHERE bucket = $1::smallint",
		"DELETE FROM loyalty.insight_size WHERE bucket = $1::smallint",
		"SELECT loyalty.insight_cases_recount($1::int)",
		"INSERT INTO loyalty.insight_due SELECT $1::smallint, s.member_id, 0 FROM loyalty.standing s "
		"WHERE loyalty.bucket_of(s.member_id) = $1::smallint ON CONFLICT DO NOTHING",
	};
	for (size_t i = 0; i < sizeof statements / sizeof *statements; i++)
		if (!run(session, statements[i], &bucket, 1, error))
			return false;
	return true;
}

static bool recompute_part(struct fold *fold, struct job *job, struct error *error)
{
	char bucket[NUMBER];
	bool is_taken;
	int64_t after = 0;
	int members = 1;
	snprintf(bucket, sizeof bucket, "%d", job->part);
	if (!fold_take_bucket(fold, job->part, true, &is_taken, error) ||
		!bucket_empty(fold->session, bucket, error))
		return false;
	while (members > 0) {
		if (!fold_some(fold, job->part, &after, &members, error))
			return false;
		job->members += members;
	}
	return true;
}

// --- The grid: values are counted first, part by part; then the break points are known, and cells are
// counted.

// Customers of the twelve months that end with the day's month, of the ids between.
#define CUSTOMERS                                                                                            \
	"FROM loyalty.insight_member i, LATERAL loyalty.insight_year(i.months, i.orders, i.spend, "          \
	"loyalty.month_of($1::date)) y WHERE i.member_id > $2::bigint AND i.member_id <= $3::bigint "        \
	"AND i.is_counted AND y.orders > 0 "
#define RECENCY "greatest($1::date - i.last_purchase_on, 0)::bigint"

static const char VALUES_SQL[] =
	"INSERT INTO loyalty.insight_grid_value (axis, value, part, members) "
	"SELECT v.axis, v.value, $4::smallint, count(*) FROM (SELECT " RECENCY " AS recency, y.orders, "
	"loyalty.insight_money(y.spend) AS money " CUSTOMERS ") c, LATERAL (VALUES ('recency', c.recency), "
	"('frequency', c.orders), ('money', c.money)) v (axis, value) GROUP BY 1, 2";

static const char CELLS_SQL[] =
	"INSERT INTO loyalty.insight_grid (as_of, cell, part, members, spend) "
	"SELECT $1::date, loyalty.insight_cell(c.recency, c.orders, loyalty.insight_money(c.spend), "
	"r.breaks, f.breaks, "
	"m.breaks), $4::smallint, count(*), sum(c.spend) FROM (SELECT " RECENCY " AS recency, y.orders, "
	"y.spend " CUSTOMERS ") c JOIN loyalty.insight_break r ON r.as_of = $1::date AND r.axis = 'recency' "
	"JOIN loyalty.insight_break f ON f.as_of = $1::date AND f.axis = 'frequency' "
	"JOIN loyalty.insight_break m ON m.as_of = $1::date AND m.axis = 'money' GROUP BY 1, 2";

static bool grid_clear(struct session *session, const struct job *job, struct error *error)
{
	const char *values[] = {job->as_of};
	return run(session, "DELETE FROM loyalty.insight_grid_value", NULL, 0, error) &&
	       run(session, "DELETE FROM loyalty.insight_grid WHERE as_of = $1::date", values, 1, error) &&
	       run(session, "DELETE FROM loyalty.insight_break WHERE as_of = $1::date", values, 1, error);
}

static bool grid_range(struct session *session, const char *sql, const struct job *job, struct error *error)
{
	char from[NUMBER], to[NUMBER], part[NUMBER];
	int half = job->parts / 2, at = job->part % half;
	snprintf(from, sizeof from, "%" PRId64, job->until_id / half * at);
	snprintf(to, sizeof to, "%" PRId64, at + 1 == half ? INT64_MAX : job->until_id / half * (at + 1));
	snprintf(part, sizeof part, "%d", at);
	return run(session, sql, (const char *[]){job->as_of, from, to, part}, 4, error);
}

static bool axis_break(struct session *session, const struct job *job, const char *axis, struct error *error)
{
	bool is_recency = strcmp(axis, "recency") == 0;
	struct result *result = session_ask(session, error,
		"SELECT value, sum(members)::bigint FROM loyalty.insight_grid_value WHERE axis = $1 "
		"GROUP BY 1 ORDER BY CASE WHEN $1 = 'recency' THEN -value ELSE value END",
		1, axis);
	if (!result)
		return false;
	int count = result_rows(result);
	struct grid_value *values = calloc((size_t)count + 1, sizeof *values);
	for (int row = 0; values && row < count; row++)
		values[row] = (struct grid_value){result_int64(result, row, 0), result_int64(result, row, 1)};
	result_free(result);
	if (!values)
		return error_set(error, ERROR_FAILED, "the grid cannot be counted", "", "out of memory");
	int64_t breaks[GRID_BREAKS];
	char text[GRID_BREAKS * NUMBER + 3];
	grid_breaks(values, count, is_recency ? -1 : INT64_MAX, breaks);
	free(values);
	snprintf(text, sizeof text, "{%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 "}", breaks[0], breaks[1],
		breaks[2], breaks[3]);
	return run(session, "INSERT INTO loyalty.insight_break VALUES ($1::date, $2, $3::bigint[])",
		(const char *[]){job->as_of, axis, text}, 3, error);
}

// Grids of days gone by stay for as long as someone may look at them: the newest two.
static bool grids_drop(struct session *session, struct error *error)
{
	return run(session,
		       "DELETE FROM loyalty.insight_grid g WHERE g.as_of < (SELECT min(x.as_of) FROM (SELECT "
		       "b.as_of FROM "
		       "loyalty.insight_break b WHERE b.axis = 'money' ORDER BY 1 DESC LIMIT 2) x)",
		       NULL, 0, error) &&
	       run(session,
		       "DELETE FROM loyalty.insight_break k WHERE k.as_of < (SELECT min(x.as_of) FROM "
		       "(SELECT b.as_of FROM "
		       "loyalty.insight_break b WHERE b.axis = 'money' ORDER BY 1 DESC LIMIT 2) x)",
		       NULL, 0, error);
}

static bool grid_part(struct fold *fold, struct job *job, struct error *error)
{
	struct session *session = fold->session;
	if (job->part == 0 && !grid_clear(session, job, error))
		return false;
	if (job->part < job->parts / 2)
		return grid_range(session, VALUES_SQL, job, error);
	if (job->part == job->parts / 2 && (!axis_break(session, job, "recency", error) ||
						   !axis_break(session, job, "frequency", error) ||
						   !axis_break(session, job, "money", error)))
		return false;
	return grid_range(session, CELLS_SQL, job, error) &&
	       (job->part + 1 < job->parts || grids_drop(session, error));
}

// --- Jobs.

static bool job_take(struct session *session, struct job *job, bool *is_found, struct error *error)
{
	struct result *result = session_ask(session, error,
		"SELECT job_no, as_of, kind = 'grid', done, parts, until_id FROM loyalty.insight_job "
		"WHERE ended_at IS NULL ORDER BY job_no LIMIT 1 FOR UPDATE SKIP LOCKED",
		0);
	if (!result)
		return false;
	*is_found = result_rows(result) > 0;
	if (*is_found) {
		*job = (struct job){.is_grid = result_bool(result, 0, 2),
			.part = (int)result_int64(result, 0, 3),
			.parts = (int)result_int64(result, 0, 4),
			.until_id = result_int64(result, 0, 5)};
		snprintf(job->number, sizeof job->number, "%s", result_text(result, 0, 0));
		snprintf(job->as_of, sizeof job->as_of, "%s", result_text(result, 0, 1));
	}
	result_free(result);
	return true;
}

static bool job_note(struct session *session, const struct job *job, struct error *error)
{
	char members[NUMBER];
	snprintf(members, sizeof members, "%" PRId64, job->members);
	return run(session,
		"UPDATE loyalty.insight_job SET done = done + 1, members = members + $2::bigint, "
		"started_at = coalesce(started_at, now()), ended_at = CASE WHEN done + 1 = parts THEN "
		"clock_timestamp() END "
		"WHERE job_no = $1::bigint",
		(const char *[]){job->number, members}, 2, error);
}

bool job_step(struct fold *fold, bool *is_busy, struct error *error)
{
	struct job job;
	*is_busy = false;
	if (!session_begin(fold->session, error) || !job_take(fold->session, &job, is_busy, error))
		return false;
	if (*is_busy && (!(job.is_grid ? grid_part : recompute_part)(fold, &job, error) ||
				!job_note(fold->session, &job, error)))
		return false;
	return session_commit(fold->session, error);
}

bool job_plan(struct session *session, day_t day, struct error *error)
{
	char before[DAY_SIZE];
	day_format(day - 1, before);
	return run(session,
		"SELECT loyalty.insight_job_add('grid', $1::date) WHERE EXISTS (SELECT FROM "
		"loyalty.insight_month) "
		"AND NOT EXISTS (SELECT FROM loyalty.insight_job WHERE kind = 'grid' AND as_of >= $1::date)",
		(const char *[]){before}, 1, error);
}
