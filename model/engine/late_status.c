// The own status of a rolling ladder after a late event: the days since lived once more, upgrades and
// reviews.
#include "model/engine/late_status.h"
#include <stdlib.h>
#include <string.h>
#include "model/engine/past.h"
#include "model/engine/rolling.h"
#include "model/engine/window.h"

struct own_status {
	int tier;
	day_t start, until;
	int64_t ordinal; // postings dated start with a higher one count for the review
};

static bool is_of(const struct run *run, const struct past_post *post, int ladder)
{
	return strcmp(post->ladder, run->programme->ladders[ladder].code) == 0;
}

// The ladder's postings in the order of their days and ordinals, each with the sum of those up to it, so that
// the sum of any days is found without looking at all of them.
struct course {
	const struct dated_post *posts;
	int count;
};

static int post_order(const void *left, const void *right)
{
	const struct dated_post *a = left, *b = right;
	if (a->day != b->day)
		return a->day < b->day ? -1 : 1;
	return (a->ordinal > b->ordinal) - (a->ordinal < b->ordinal);
}

static struct course course_lay(const struct run *run, int ladder)
{
	const struct past *past = run->state->past;
	struct scratch *scratch = run->state->scratch;
	bool is_sorted = true;
	int count = 0;
	ARRAY_RESERVE(scratch->posts, scratch->post_capacity, past->post_count);
	for (int i = 0; i < past->post_count; i++) {
		const struct past_post *post = &past->posts[i];
		if (!is_of(run, post, ladder))
			continue;
		scratch->posts[count] = (struct dated_post){post->day, post->ordinal, post->sum};
		is_sorted = is_sorted && (count == 0 || post_order(&scratch->posts[count - 1],
								&scratch->posts[count]) <= 0);
		count++;
	}
	if (!is_sorted)
		qsort(scratch->posts, (size_t)count, sizeof *scratch->posts, post_order);
	for (int i = 1; i < count; i++)
		scratch->posts[i].sum += scratch->posts[i - 1].sum;
	return (struct course){scratch->posts, count};
}

// Where the first posting after that day and ordinal stands.
static int post_after(const struct course *course, day_t day, int64_t ordinal)
{
	const struct dated_post wanted = {.day = day, .ordinal = ordinal};
	int from = 0, to = course->count;
	while (from < to) {
		int middle = from + (to - from) / 2;
		if (post_order(&course->posts[middle], &wanted) <= 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

static int64_t sum_up_to(const struct course *course, day_t day, int64_t ordinal)
{
	int after = post_after(course, day, ordinal);
	return after > 0 ? course->posts[after - 1].sum : 0;
}

static int64_t sum_between(const struct course *course, day_t first, day_t last)
{
	return first > last ? 0 : sum_up_to(course, last, INT64_MAX) - sum_up_to(course, first, -1);
}

// Of the postings dated on the status's first day those that came after it.
static int64_t sum_start_later(const struct course *course, const struct own_status *own)
{
	return sum_up_to(course, own->start, INT64_MAX) - sum_up_to(course, own->start, own->ordinal);
}

// As it stood at the end of that day.
static struct own_status status_on(const struct run *run, int ladder_index, day_t day)
{
	const struct ladder *ladder = &run->programme->ladders[ladder_index];
	const struct past *past = run->state->past;
	struct own_status own = {.start = DAY_NONE, .until = DAY_NONE};
	for (int i = past->status_count - 1; i >= 0; i--) {
		const struct past_status *was = &past->statuses[i];
		if (was->day > day || strcmp(was->ladder, ladder->code) != 0)
			continue;
		int tier = programme_tier(ladder, was->tier);
		if (tier > 0)
			own = (struct own_status){tier, was->start, was->until, was->ordinal};
		break;
	}
	return own;
}

static void status_set(
	const struct run *run, int ladder, struct own_status *own, int tier, day_t start, int64_t ordinal)
{
	*own = (struct own_status){.tier = tier, .start = DAY_NONE, .until = DAY_NONE};
	if (tier == 0)
		return;
	own->start = start;
	own->until = day_add_months(start, run->programme->ladders[ladder].validity_months);
	own->ordinal = ordinal;
}

// All that is dated on the new status's first day comes after the opening of that day.
static void status_review(
	const struct run *run, const struct course *course, int ladder_index, struct own_status *own)
{
	const struct ladder *ladder = &run->programme->ladders[ladder_index];
	int64_t sum = sum_start_later(course, own) + sum_between(course, own->start + 1, own->until - 1);
	int tier = window_tier_reached(ladder, own->until, sum);
	if (tier > own->tier)
		tier = own->tier;
	if (ladder->one_down && tier < own->tier - 1)
		tier = own->tier - 1;
	status_set(run, ladder_index, own, tier, own->until, 0);
}

// The next higher ordinal among the postings dated that day, INT64_MAX: there is none.
static int64_t ordinal_next(const struct course *course, day_t day, int64_t ordinal)
{
	int after = post_after(course, day, ordinal);
	return after < course->count && course->posts[after].day == day ? course->posts[after].ordinal
									: INT64_MAX;
}

static void status_upgrade(const struct run *run, const struct course *course, int ladder_index,
	struct own_status *own, day_t day, int64_t ordinal)
{
	const struct ladder *ladder = &run->programme->ladders[ladder_index];
	int64_t sum = sum_up_to(course, day, ordinal) - sum_up_to(course, rolling_first_day(ladder, day), -1);
	int tier = window_tier_reached(ladder, day, sum);
	if (tier > own->tier)
		status_set(run, ladder_index, own, tier, day, ordinal);
}

// The opening of the day, then what is dated on it, in the order of the ordinals.
static void day_live(
	const struct run *run, const struct course *course, int ladder, struct own_status *own, day_t day)
{
	if (own->tier > 0 && own->until == day)
		status_review(run, course, ladder, own);
	for (int64_t o = 0; o != INT64_MAX; o = ordinal_next(course, day, o))
		status_upgrade(run, course, ladder, own, day, o);
}

static struct own_status days_live(const struct run *run, const struct course *course, int ladder)
{
	day_t day = run_rated_on(run);
	struct own_status own = status_on(run, ladder, day);
	for (; day <= run->state->day; day++)
		day_live(run, course, ladder, &own, day);
	return own;
}

static bool has_posted(const struct run *run, int ladder)
{
	const struct past *past = run->state->past;
	for (int i = past->post_count - 1; i >= 0 && past->posts[i].ordinal == run->ordinal; i--)
		if (past->posts[i].sum > 0 && is_of(run, &past->posts[i], ladder))
			return true;
	return false;
}

// The days that count for the new status's review may have been forgotten under the one before it.
static void days_recall(struct run *run, int ladder, day_t start)
{
	const struct past *past = run->state->past;
	struct ladder_state *own = &run->state->ladders[ladder];
	own->day_sum = own->day_count = own->negative_days = 0;
	day_t first = rolling_first_day(&run->programme->ladders[ladder], run->state->day);
	for (int i = 0; i < past->post_count; i++)
		if ((past->posts[i].day >= first || past->posts[i].day > start) &&
			is_of(run, &past->posts[i], ladder))
			rolling_day_add(run, ladder, past->posts[i].day, past->posts[i].sum);
}

// Of two that are equal otherwise that which began first counts more at its review.
static bool is_better(const struct own_status *lived, const struct ladder_state *own)
{
	if (lived->tier == 0 || lived->tier != own->own_tier)
		return lived->tier > own->own_tier;
	if (lived->until != own->own_until)
		return lived->until > own->own_until;
	return lived->start != own->own_start ? lived->start < own->own_start
					      : lived->ordinal < own->own_ordinal;
}

void late_status_take(struct run *run, int ladder)
{
	struct ladder_state *own = &run->state->ladders[ladder];
	if (!has_posted(run, ladder))
		return;
	struct course course = course_lay(run, ladder);
	struct own_status lived = days_live(run, &course, ladder);
	if (!is_better(&lived, own))
		return;
	own->own_tier = lived.tier;
	own->own_start = lived.start;
	own->own_until = lived.until;
	own->own_ordinal = lived.ordinal;
	own->own_start_later = sum_start_later(&course, &lived);
	days_recall(run, ladder, lived.start);
	past_note_status(run->state, ladder);
}
