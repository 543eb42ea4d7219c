// Folding: brings the figures up to what was posted, some members at a time, in transactions of its own.
#include "model/insight/fold.h"

#include "model/posting/batch.h"
#include <stdio.h>
#include <stdlib.h>

enum { FOLD_MEMBERS = 500 };

static const char MEMBERS_SQL[] = "SELECT * FROM loyalty.insight_fold($1::smallint, $2::bigint, $3::int)";

// Columns of one side, what was in the sums and what is to be, from COLUMN_WAS and COLUMN_IS on.
enum { SIDE_COUNTED, SIDE_JOINED, SIDE_TIER, SIDE_MONTHS, SIDE_ORDERS, SIDE_SPEND, SIDE_REDEMPTIONS, SIDE };
enum { COLUMN_MEMBER, COLUMN_WAS, COLUMN_IS = COLUMN_WAS + SIDE };

void fold_init(struct fold *fold)
{
	*fold = (struct fold){0};
	query_init(&fold->members, "fold_members", MEMBERS_SQL);
	sums_init(&fold->sums, "fold");
}

void fold_free(struct fold *fold)
{
	query_free(&fold->members);
	sums_free(&fold->sums);
	free(fold->deeds);
}

static bool no_memory(struct error *error)
{
	return error_set(error, ERROR_FAILED, "figures cannot be counted", "", "out of memory");
}

// The member's months of one side, into fold->deeds.
static bool deeds_read(struct fold *fold, const struct result *result, int row, int side, int *count)
{
	struct elements months = result_elements(result, row, side + SIDE_MONTHS);
	struct elements orders = result_elements(result, row, side + SIDE_ORDERS);
	struct elements spend = result_elements(result, row, side + SIDE_SPEND);
	struct elements redemptions = result_elements(result, row, side + SIDE_REDEMPTIONS);
	if (months.left > fold->deed_capacity) {
		struct deed_month *deeds = realloc(fold->deeds, (size_t)months.left * 2 * sizeof *deeds);
		if (!deeds)
			return false;
		fold->deeds = deeds;
		fold->deed_capacity = months.left * 2;
	}
	*count = 0;
	for (int64_t month; elements_next_int(&months, &month); ++*count) {
		struct deed_month *deed = &fold->deeds[*count];
		*deed = (struct deed_month){.month = (month_t)month};
		elements_next_int(&orders, &deed->orders);
		elements_next_int(&spend, &deed->spend);
		elements_next_int(&redemptions, &deed->redemptions);
	}
	return true;
}

// What was in the sums (sign -1) or is to be in them (1). A member who was not has no such row.
static bool side_count(struct fold *fold, int bucket, const struct result *result, int row, int side, int sign)
{
	struct behaviour behaviour = {.is_counted = result_bool(result, row, side + SIDE_COUNTED),
		.joined = (month_t)result_int64(result, row, side + SIDE_JOINED)};
	int tier_id = (int)result_int64(result, row, side + SIDE_TIER);
	if (!behaviour.is_counted)
		return true;
	if (!deeds_read(fold, result, row, side, &behaviour.count))
		return false;
	behaviour.months = fold->deeds;
	if (tier_id != 0)
		*sums_row(&fold->sums, bucket, SUM_SIZE, tier_id, 0, 0) += sign;
	return behaviour_count(&fold->sums.buckets[bucket].months, &behaviour, sign);
}

static bool members_count(struct fold *fold, int bucket, const struct result *result)
{
	sums_clear(&fold->sums);
	for (int row = 0; row < result_rows(result); row++)
		if (!side_count(fold, bucket, result, row, COLUMN_WAS, -1) ||
			!side_count(fold, bucket, result, row, COLUMN_IS, 1))
			return false;
	return true;
}

static bool sums_save(struct fold *fold, struct error *error)
{
	bool sent = false;
	return sums_send(&fold->sums, fold->session, &sent, error) &&
	       (!sent || (pipeline_sync(fold->session, error) && pipeline_results(fold->session, NULL, 0, error)));
}

bool fold_some(struct fold *fold, int bucket, int64_t *after, int *members, struct error *error)
{
	struct result *result = NULL;
	query_clear(&fold->members);
	query_int(&fold->members, WIRE_INT2, bucket);
	query_int(&fold->members, WIRE_INT8, *after);
	query_int(&fold->members, WIRE_INT4, FOLD_MEMBERS);
	if (!pipeline_send(fold->session, &fold->members, error) || !pipeline_sync(fold->session, error) ||
		!pipeline_results(fold->session, &result, 1, error))
		return false;
	*members = result_rows(result);
	if (*members > 0)
		*after = result_int64(result, *members - 1, COLUMN_MEMBER);
	bool is_good = members_count(fold, bucket, result) || no_memory(error);
	result_free(result);
	return is_good && sums_save(fold, error);
}

bool fold_take_bucket(struct fold *fold, int bucket, bool must_wait, bool *is_taken, struct error *error)
{
	char text[12];
	int64_t taken = 0;
	snprintf(text, sizeof text, "%d", bucket);
	bool is_good = session_number(fold->session,
		must_wait ? "SELECT 1 FROM pg_advisory_xact_lock(9, $1::int)"
			  : "SELECT pg_try_advisory_xact_lock(9, $1::int)::int",
		(const char *[]){text}, 1, &taken, error);
	*is_taken = taken != 0;
	return is_good;
}

static bool fold_step(struct fold *fold, int bucket, int64_t *after, int *members, struct error *error)
{
	bool is_taken = false;
	*members = 0;
	return session_begin(fold->session, error) &&
	       fold_take_bucket(fold, bucket, false, &is_taken, error) &&
	       (!is_taken || fold_some(fold, bucket, after, members, error)) &&
	       session_commit(fold->session, error);
}

// Bit b: bucket b has members that are behind.
static bool buckets_due(struct fold *fold, int64_t *buckets, struct error *error)
{
	return session_number(fold->session,
		"SELECT coalesce(sum(1 << b), 0) FROM generate_series(0, 15) b "
		"WHERE EXISTS (SELECT FROM loyalty.insight_due d WHERE d.bucket = b::smallint)",
		NULL, 0, buckets, error);
}

bool fold_due(struct fold *fold, const volatile sig_atomic_t *stop, int64_t *members, struct error *error)
{
	int64_t buckets = 0;
	*members = 0;
	if (!buckets_due(fold, &buckets, error))
		return false;
	for (int bucket = 0; bucket < BATCH_BUCKETS; bucket++) {
		int64_t after = 0;
		int done = (buckets >> bucket & 1) != 0;
		while (done > 0 && !(stop && *stop)) {
			if (!fold_step(fold, bucket, &after, &done, error))
				return false;
			*members += done;
		}
	}
	return true;
}
