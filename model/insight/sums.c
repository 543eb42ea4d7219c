// What members add to the sums of their buckets, gathered first, so that a sum is written once however many
// change it.
#include "model/insight/sums.h"

#include "model/engine/arena.h"
#include <stdio.h>
#include <stdlib.h>

// clang-format off
static const struct {
	const char *name, *sql;
	int keys, values;
} TABLES[SUM_TABLES] = {
	[SUM_MONTH] = {"month",
		"INSERT INTO loyalty.insight_month AS x (bucket, month, joined, active_3, active_12, stayed_12, buyers_12, repeaters_12, "
		"redeemers_12, orders, revenue) SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) "
		"ON CONFLICT (month, bucket) DO UPDATE SET joined = x.joined + excluded.joined, active_3 = x.active_3 + excluded.active_3, "
		"active_12 = x.active_12 + excluded.active_12, stayed_12 = x.stayed_12 + excluded.stayed_12, "
		"buyers_12 = x.buyers_12 + excluded.buyers_12, repeaters_12 = x.repeaters_12 + excluded.repeaters_12, "
		"redeemers_12 = x.redeemers_12 + excluded.redeemers_12, orders = x.orders + excluded.orders, "
		"revenue = x.revenue + excluded.revenue", 1, MEASURES},
	[SUM_POINTS] = {"points",
		"INSERT INTO loyalty.insight_points AS x (bucket, month, currency_id, account_id, amount, entries) "
		"SELECT * FROM unnest($1, $2, $3, $4, $5, $6) ON CONFLICT (month, currency_id, account_id, bucket) DO UPDATE "
		"SET amount = x.amount + excluded.amount, entries = x.entries + excluded.entries", 3, 2},
	[SUM_COHORT] = {"cohort",
		"INSERT INTO loyalty.insight_cohort AS x (bucket, month, currency_id, granted, redeemed, expired, returned, moved) "
		"SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (month, currency_id, bucket) DO UPDATE "
		"SET granted = x.granted + excluded.granted, redeemed = x.redeemed + excluded.redeemed, "
		"expired = x.expired + excluded.expired, returned = x.returned + excluded.returned, moved = x.moved + excluded.moved",
		2, COHORT_SHARES},
	[SUM_STEP] = {"step",
		"INSERT INTO loyalty.insight_tier AS x (bucket, month, was_tier_id, tier_id, members) "
		"SELECT * FROM unnest($1, $2, $3, $4, $5) ON CONFLICT (month, was_tier_id, tier_id, bucket) DO UPDATE "
		"SET members = x.members + excluded.members", 3, 1},
	[SUM_SIZE] = {"size",
		"INSERT INTO loyalty.insight_size AS x (bucket, tier_id, members) SELECT * FROM unnest($1, $2, $3) "
		"ON CONFLICT (tier_id, bucket) DO UPDATE SET members = x.members + excluded.members", 1, 1},
};
// clang-format on

void sums_init(struct sums *sums, const char *whose)
{
	*sums = (struct sums){0};
	for (int table = 0; table < SUM_TABLES; table++) {
		snprintf(sums->names[table], sizeof sums->names[table], "%s_%s", whose, TABLES[table].name);
		query_init(&sums->save[table], sums->names[table], TABLES[table].sql);
	}
}

void sums_free(struct sums *sums)
{
	for (int bucket = 0; bucket < SUM_BUCKETS; bucket++) {
		month_sums_free(&sums->buckets[bucket].months);
		for (int table = 0; table < SUM_TABLES; table++)
			free(sums->buckets[bucket].rows[table].at);
	}
	for (int table = 0; table < SUM_TABLES; table++)
		query_free(&sums->save[table]);
	*sums = (struct sums){0};
}

void sums_clear(struct sums *sums)
{
	for (int bucket = 0; bucket < SUM_BUCKETS; bucket++) {
		month_sums_clear(&sums->buckets[bucket].months);
		for (int table = 0; table < SUM_TABLES; table++)
			sums->buckets[bucket].rows[table].count = 0;
	}
}

int64_t *sums_row(struct sums *sums, int bucket, enum sum_table table, int first, int second, int third)
{
	struct sum_rows *rows = &sums->buckets[bucket].rows[table];
	for (int i = 0; i < rows->count; i++) {
		const int *key = rows->at[i].key;
		if (key[0] == first && key[1] == second && key[2] == third)
			return rows->at[i].value;
	}
	ARRAY_RESERVE(rows->at, rows->capacity, rows->count + 1);
	rows->at[rows->count] = (struct sum_row){.key = {first, second, third}};
	return rows->at[rows->count++].value;
}

static enum cohort_share share_of(enum account account)
{
	switch (account) {
	case ACCOUNT_REDEEMED:
	case ACCOUNT_PAID_OUT:
	case ACCOUNT_AUTO_ISSUED:
	case ACCOUNT_CONVERTED:
		return COHORT_REDEEMED;
	case ACCOUNT_EXPIRED:
		return COHORT_EXPIRED;
	case ACCOUNT_REVERSED:
	case ACCOUNT_WRITTEN_OFF:
		return COHORT_RETURNED;
	case ACCOUNT_TRANSFERRED:
		return COHORT_MOVED;
	default: // issued, adjusted, goodwill, granted, a campaign's
		return COHORT_GRANTED;
	}
}

void sums_add_points(struct sums *sums, int bucket, int month, int currency_id, enum account account, int64_t amount)
{
	enum cohort_share share = share_of(account);
	int64_t *row = sums_row(sums, bucket, SUM_COHORT, month, currency_id, 0);
	if (share != COHORT_GRANTED)
		row[share] += amount;
	else if (amount < 0)
		row[COHORT_GRANTED] -= amount;
	else
		row[COHORT_RETURNED] += amount; // taken back, whatever account had given it
}

static bool has_change(const int64_t *values, int count)
{
	for (int i = 0; i < count; i++)
		if (values[i] != 0)
			return true;
	return false;
}

static void row_fill(struct sums *sums, enum sum_table table, int bucket, const int *key, const int64_t *values)
{
	struct parameter **columns = sums->save[table].parameters;
	if (!has_change(values, TABLES[table].values))
		return;
	array_int(*columns++, bucket);
	for (int i = 0; i < TABLES[table].keys; i++)
		array_int(*columns++, key[i]);
	for (int i = 0; i < TABLES[table].values; i++)
		array_int(*columns++, values[i]);
}

static void table_fill(struct sums *sums, enum sum_table table)
{
	struct query *query = &sums->save[table];
	query_clear(query);
	for (int i = 0; i <= TABLES[table].keys; i++)
		query_array(query, WIRE_INT2);
	for (int i = 0; i < TABLES[table].values; i++)
		query_array(query, WIRE_INT8);
	for (int bucket = 0; bucket < SUM_BUCKETS; bucket++) {
		const struct bucket_sums *of = &sums->buckets[bucket];
		for (int m = 0; table == SUM_MONTH && m < of->months.count; m++)
			row_fill(sums, table, bucket, &(int){of->months.first + m}, of->months.at[m]);
		for (int i = 0; i < of->rows[table].count; i++)
			row_fill(sums, table, bucket, of->rows[table].at[i].key, of->rows[table].at[i].value);
	}
}

bool sums_send(struct sums *sums, struct session *session, bool *sent, struct error *error)
{
	*sent = false;
	for (int table = 0; table < SUM_TABLES; table++) {
		table_fill(sums, (enum sum_table)table);
		if (array_count(sums->save[table].parameters[0]) == 0)
			continue;
		*sent = true;
		if (!pipeline_send(session, &sums->save[table], error))
			return false;
	}
	return true;
}
