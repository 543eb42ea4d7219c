// What members add to the sums of their buckets, gathered first, so that a sum is written once however many
// change it.
#ifndef MODEL_INSIGHT_SUMS_H
#define MODEL_INSIGHT_SUMS_H
#include "db/error.h"
#include "db/session.h"
#include "db/wire.h"
#include "model/insight/behaviour.h"
#include "model/posting/posting_rows.h"
#include <stdbool.h>
#include <stdint.h>

// The tables, each with a row a key and bucket.
enum sum_table {
	SUM_MONTH,  // insight_month: by month, enum measure
	SUM_POINTS, // insight_points: by month, currency and account
	SUM_COHORT, // insight_cohort: by month of issue and currency, enum cohort_share
	SUM_STEP,   // insight_tier: by month, tier before and tier
	SUM_SIZE,   // insight_size: by tier
	SUM_TABLES
};

enum { SUM_KEYS = 3, SUM_VALUES = MEASURES, SUM_BUCKETS = 16 };

enum cohort_share { COHORT_GRANTED, COHORT_REDEEMED, COHORT_EXPIRED, COHORT_RETURNED, COHORT_MOVED, COHORT_SHARES };

struct sum_row {
	int key[SUM_KEYS];
	int64_t value[SUM_VALUES];
};

struct sums {
	struct bucket_sums {
		struct month_sums months;
		struct sum_rows { // of the other tables
			struct sum_row *at;
			int count, capacity;
		} rows[SUM_TABLES];
	} buckets[SUM_BUCKETS];
	struct query save[SUM_TABLES];
	char names[SUM_TABLES][24]; // of the statements
};

// whose: tells its prepared statements from another's in the same session; up to ten letters.
void sums_init(struct sums *sums, const char *whose);
void sums_free(struct sums *sums);
// Nothing is added; keeps the memory.
void sums_clear(struct sums *sums);

// The row of that key, in which the caller adds. Not for SUM_MONTH, which behaviour_count() fills.
int64_t *sums_row(struct sums *sums, int bucket, enum sum_table table, int first, int second, int third);
// Points that left a lot, earned in that month, to an account, or (amount below 0) came into it from there.
void sums_add_points(struct sums *sums, int bucket, int month, int currency_id, enum account account, int64_t amount);

// Sends a statement for each table that has changed. The caller is in a transaction that has the buckets
// (fold_take_bucket), and syncs; *sent: whether there is anything to sync.
bool sums_send(struct sums *sums, struct session *session, bool *sent, struct error *error);
#endif
