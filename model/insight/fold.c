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

static const char SUMS_SQL[] =
	"INSERT INTO loyalty.insight_month AS x (month, bucket, joined, active_3, active_12, stayed_12, "
	"buyers_12, "
	"repeaters_12, redeemers_12, orders, revenue) SELECT u.month, $1::smallint, u.joined, u.active_3, "
	"u.active_12, u.stayed_12, u.buyers_12, u.repeaters_12, u.redeemers_12, u.orders, u.revenue "
	"FROM unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $11) u (month, joined, active_3, active_12, "
	"stayed_12, "
	"buyers_12, repeaters_12, redeemers_12, orders, revenue) ON CONFLICT (month, bucket) DO UPDATE SET "
	"joined = x.joined + excluded.joined, active_3 = x.active_3 + excluded.active_3, "
	"active_12 = x.active_12 + excluded.active_12, stayed_12 = x.stayed_12 + excluded.stayed_12, "
	"buyers_12 = x.buyers_12 + excluded.buyers_12, repeaters_12 = x.repeaters_12 + "
	"excluded.repeaters_12, "
	"redeemers_12 = x.redeemers_12 + excluded.redeemers_12, orders = x.orders + excluded.orders, "
	"revenue = x.revenue + excluded.revenue";

static const char SIZES_SQL[] =
	"INSERT INTO loyalty.insight_size AS x (tier_id, bucket, members) SELECT u.tier_id, $1::smallint, "
	"u.members "
	"FROM unnest($2, $3) u (tier_id, members) "
	"ON CONFLICT (tier_id, bucket) DO UPDATE SET members = x.members + excluded.members";

void fold_init(struct fold *fold)
{
	*fold = (struct fold){0};
	query_init(&fold->members, "fold_members", MEMBERS_SQL);
	query_init(&fold->sums, "fold_sums", SUMS_SQL);
	query_init(&fold->sizes, "fold_sizes", SIZES_SQL);
}

void fold_free(struct fold *fold)
{
	query_free(&fold->members);
	query_free(&fold->sums);
	query_free(&fold->sizes);
	month_sums_free(&fold->months);
	free(fold->tiers);
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

static bool tier_add(struct fold *fold, int tier_id, int change)
{
	int at = 0;
	if (tier_id == 0)
		return true;
	while (at < fold->tier_count && fold->tiers[at].tier_id != tier_id)
		at++;
	if (at == fold->tier_capacity) {
		int capacity = at ? at * 2 : 16;
		struct tier_sum *tiers = realloc(fold->tiers, (size_t)capacity * sizeof *tiers);
		if (!tiers)
			return false;
		fold->tiers = tiers;
		fold->tier_capacity = capacity;
	}
	if (at == fold->tier_count)
		fold->tiers[fold->tier_count++] = (struct tier_sum){.tier_id = tier_id};
	fold->tiers[at].members += change;
	return true;
}

// What was in the sums (sign -1) or is to be in them (1). A member who was not has no such row.
static bool side_count(struct fold *fold, const struct result *result, int row, int side, int sign)
{
	struct behaviour behaviour = {.is_counted = result_bool(result, row, side + SIDE_COUNTED),
		.joined = (month_t)result_int64(result, row, side + SIDE_JOINED)};
	if (!behaviour.is_counted)
		return true;
	if (!deeds_read(fold, result, row, side, &behaviour.count))
		return false;
	behaviour.months = fold->deeds;
	return behaviour_count(&fold->months, &behaviour, sign) &&
	       tier_add(fold, (int)result_int64(result, row, side + SIDE_TIER), sign);
}

static bool members_count(struct fold *fold, const struct result *result)
{
	month_sums_clear(&fold->months);
	fold->tier_count = 0;
	for (int row = 0; row < result_rows(result); row++)
		if (!side_count(fold, result, row, COLUMN_WAS, -1) ||
			!side_count(fold, result, row, COLUMN_IS, 1))
			return false;
	return true;
}

static bool has_change(const int64_t *sums)
{
	for (int i = 0; i < MEASURES; i++)
		if (sums[i] != 0)
			return true;
	return false;
}

static int sums_fill(struct fold *fold, int bucket)
{
	struct parameter *months, *columns[MEASURES];
	int rows = 0;
	query_clear(&fold->sums);
	query_int(&fold->sums, WIRE_INT2, bucket);
	months = query_array(&fold->sums, WIRE_INT2);
	for (int i = 0; i < MEASURES; i++)
		columns[i] = query_array(&fold->sums, WIRE_INT8);
	for (int m = 0; m < fold->months.count; m++) {
		if (!has_change(fold->months.at[m]))
			continue;
		array_int(months, fold->months.first + m);
		for (int i = 0; i < MEASURES; i++)
			array_int(columns[i], fold->months.at[m][i]);
		rows++;
	}
	return rows;
}

static int sizes_fill(struct fold *fold, int bucket)
{
	query_clear(&fold->sizes);
	query_int(&fold->sizes, WIRE_INT2, bucket);
	struct parameter *tiers = query_array(&fold->sizes, WIRE_INT2);
	struct parameter *members = query_array(&fold->sizes, WIRE_INT8);
	int rows = 0;
	for (int i = 0; i < fold->tier_count; i++) {
		if (fold->tiers[i].members == 0)
			continue;
		array_int(tiers, fold->tiers[i].tier_id);
		array_int(members, fold->tiers[i].members);
		rows++;
	}
	return rows;
}

static bool sums_save(struct fold *fold, int bucket, struct error *error)
{
	bool has_sums = sums_fill(fold, bucket) > 0, has_sizes = sizes_fill(fold, bucket) > 0;
	if (!has_sums && !has_sizes)
		return true;
	return (!has_sums || pipeline_send(fold->session, &fold->sums, error)) &&
	       (!has_sizes || pipeline_send(fold->session, &fold->sizes, error)) &&
	       pipeline_sync(fold->session, error) && pipeline_results(fold->session, NULL, 0, error);
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
	bool is_good = members_count(fold, result) || no_memory(error);
	result_free(result);
	return is_good && sums_save(fold, bucket, error);
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
