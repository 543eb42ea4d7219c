// What loyalty.entry_broken() looks for, of rows that are at hand: a slice that is replayed whole has read
// them all.
#include "model/proof/entry_check.h"

#include "model/engine/arena.h"
#include "model/engine/decimal.h"
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { STANDING_ENTRIES = 1 };
enum { BALANCE_CURRENCY = 1, BALANCE_POINTS };
enum { ENTRY_NO = 1, ENTRY_SEQ, ENTRY_AMOUNT, ENTRY_BALANCE, ENTRY_CURRENCY = 6 };
enum { LOT_NO = 1, LOT_GRANTED = 4, LOT_REMAINING, LOT_CURRENCY = 8 };
enum { USE_LOT = 2, USE_AMOUNT };

// The rows of the member at hand.
struct span {
	const struct result *rows;
	int begin, end;
};

// What the member has of one currency, by entries, lots and balance.
struct purse {
	int currency;
	bool has_entries;
	wide_t total, open;
	int64_t newest, points;
};

struct check {
	struct span standing, balance, entry, event, lot, use;
	struct purse *purses;
	int purse_count, purse_capacity;
	wide_t *used; // of the member's lots
	int used_capacity;
	int64_t member_id;
	breach_listener *listener;
	void *payload;
};

__attribute__((format(printf, 3, 4))) static void tell(
	struct check *check, const char *invariant, const char *format, ...)
{
	char detail[160];
	va_list values;
	va_start(values, format);
	vsnprintf(detail, sizeof detail, format, values);
	va_end(values);
	const struct breach breach = {
		.member_id = check->member_id, .invariant = invariant, .detail = detail};
	check->listener(check->payload, &breach);
}

static int64_t span_next(const struct span *span)
{
	return span->end < result_rows(span->rows) ? result_int64(span->rows, span->end, 0) : INT64_MAX;
}

static void span_move(struct span *span, int64_t member_id)
{
	span->begin = span->end;
	while (span->end < result_rows(span->rows) && result_int64(span->rows, span->end, 0) == member_id)
		span->end++;
}

// The row of the span whose second column is that, -1.
static int span_find(const struct span *span, int64_t key)
{
	int low = span->begin, high = span->end;
	while (low < high) {
		int middle = low + (high - low) / 2;
		int64_t found = result_int64(span->rows, middle, 1);
		if (found == key)
			return middle;
		if (found < key)
			low = middle + 1;
		else
			high = middle;
	}
	return -1;
}

static struct purse *purse_of(struct check *check, int currency)
{
	for (int i = 0; i < check->purse_count; i++)
		if (check->purses[i].currency == currency)
			return &check->purses[i];
	ARRAY_RESERVE(check->purses, check->purse_capacity, check->purse_count + 1);
	struct purse *purse = &check->purses[check->purse_count++];
	*purse = (struct purse){.currency = currency};
	return purse;
}

// --- One member.

static void entries_sum(struct check *check)
{
	const struct result *rows = check->entry.rows;
	for (int row = check->entry.begin; row < check->entry.end; row++) {
		struct purse *purse = purse_of(check, (int)result_int64(rows, row, ENTRY_CURRENCY));
		int64_t seq = result_int64(rows, row, ENTRY_SEQ);
		purse->has_entries = true;
		purse->total += result_int64(rows, row, ENTRY_AMOUNT);
		purse->newest = result_int64(rows, row, ENTRY_BALANCE);
		if (seq != 0 && span_find(&check->event, seq) < 0)
			tell(check, "an entry has its event", "entry %" PRId64 ", event %" PRId64,
				result_int64(rows, row, ENTRY_NO), seq);
	}
}

static void entries_count(struct check *check)
{
	int count = check->entry.end - check->entry.begin;
	int64_t top = count ? result_int64(check->entry.rows, check->entry.end - 1, ENTRY_NO) : 0;
	if (check->standing.begin == check->standing.end)
		return;
	int64_t entries = result_int64(check->standing.rows, check->standing.begin, STANDING_ENTRIES);
	if (entries != count || entries != top)
		tell(check, "entries are numbered without a gap",
			"standing says %" PRId64 ", there are %d up to %" PRId64, entries, count, top);
}

static void lots_check(struct check *check)
{
	const struct result *lots = check->lot.rows, *uses = check->use.rows;
	int count = check->lot.end - check->lot.begin;
	ARRAY_RESERVE(check->used, check->used_capacity, count);
	for (int i = 0; i < count; i++)
		check->used[i] = 0;
	for (int row = check->use.begin; row < check->use.end; row++) {
		int lot = span_find(&check->lot, result_int64(uses, row, USE_LOT));
		if (lot >= 0)
			check->used[lot - check->lot.begin] += result_int64(uses, row, USE_AMOUNT);
	}
	for (int i = 0; i < count; i++) {
		int row = check->lot.begin + i;
		int64_t granted = result_int64(lots, row, LOT_GRANTED),
			remaining = result_int64(lots, row, LOT_REMAINING);
		purse_of(check, (int)result_int64(lots, row, LOT_CURRENCY))->open += remaining;
		if ((wide_t)granted - remaining != check->used[i])
			tell(check, "a lot is what was granted less what was used",
				"lot %" PRId64 ": granted %" PRId64 ", remaining %" PRId64 ", used %lld",
				result_int64(lots, row, LOT_NO), granted, remaining,
				(long long)check->used[i]);
	}
}

static void balances_check(struct check *check)
{
	const struct result *rows = check->balance.rows;
	for (int row = check->balance.begin; row < check->balance.end; row++)
		purse_of(check, (int)result_int64(rows, row, BALANCE_CURRENCY))->points =
			result_int64(rows, row, BALANCE_POINTS);
	for (int i = 0; i < check->purse_count; i++) {
		const struct purse *purse = &check->purses[i];
		if (purse->points != purse->total)
			tell(check, "balance is the sum of its entries", "balance %" PRId64 ", entries %lld",
				purse->points, (long long)purse->total);
		if (purse->has_entries && purse->newest != purse->total)
			tell(check, "the newest entry shows the balance",
				"%" PRId64 " after the newest entry, %lld in sum", purse->newest,
				(long long)purse->total);
		if ((purse->points > 0 ? purse->points : 0) != purse->open)
			tell(check, "open lots are the balance", "balance %" PRId64 ", open lots %lld",
				purse->points, (long long)purse->open);
	}
}

static void member_check(struct check *check)
{
	check->purse_count = 0;
	entries_sum(check);
	entries_count(check);
	lots_check(check);
	balances_check(check);
}

void entry_check(const struct entry_rows *rows, breach_listener *listener, void *payload)
{
	struct check check = {
		.standing = {.rows = rows->standings},
		.balance = {.rows = rows->balances},
		.entry = {.rows = rows->entries},
		.event = {.rows = rows->journal},
		.lot = {.rows = rows->lots},
		.use = {.rows = rows->lot_uses},
		.listener = listener,
		.payload = payload,
	};
	struct span *const spans[] = {
		&check.standing, &check.balance, &check.entry, &check.event, &check.lot, &check.use};
	enum { SPANS = sizeof spans / sizeof *spans };
	for (;;) {
		check.member_id = INT64_MAX;
		for (int i = 0; i < SPANS; i++)
			if (span_next(spans[i]) < check.member_id)
				check.member_id = span_next(spans[i]);
		if (check.member_id == INT64_MAX)
			break;
		for (int i = 0; i < SPANS; i++)
			span_move(spans[i], check.member_id);
		member_check(&check);
	}
	free(check.purses);
	free(check.used);
}
