// Drawing from finitely many without putting back, and what the drawn tell of all.
#include "model/what_if/sample.h"

#include <math.h>

enum { ROUNDS = 8, CARRIERS_LEAST = 30 };
static const double TAIL = 0.025, NORMAL = 1.959963985; // 95 %, two-sided

// The finalizer of splitmix64: every bit of the input moves every bit of the output.
static uint64_t mix(uint64_t x)
{
	x += UINT64_C(0x9e3779b97f4a7c15);
	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

void draw_init(struct draw *draw, uint64_t size, uint64_t seed)
{
	*draw = (struct draw){.size = size, .half = 1};
	while (draw->half < 32 && UINT64_C(1) << (2 * draw->half) < size)
		draw->half++;
	for (int i = 0; i < ROUNDS; i++)
		draw->keys[i] = seed = mix(seed + (uint64_t)i);
}

// A Feistel network permutes the next power of four; what falls outside walks on until it is inside.
uint64_t draw_at(const struct draw *draw, uint64_t place)
{
	uint64_t mask = (UINT64_C(1) << draw->half) - 1;
	do {
		uint64_t left = place >> draw->half, right = place & mask;
		for (int i = 0; i < ROUNDS; i++) {
			uint64_t next = left ^ (mix(right ^ draw->keys[i]) & mask);
			left = right;
			right = next;
		}
		place = left << draw->half | right;
	} while (place >= draw->size);
	return place;
}

static double log_choose(double n, double k)
{
	int sign;
	return lgamma_r(n + 1, &sign) - lgamma_r(k + 1, &sign) - lgamma_r(n - k + 1, &sign);
}

// Whether at most `found` marks are drawn with more than TAIL chance when `marked` of the population have
// one.
static bool is_likely(int64_t population, int64_t drawn, int64_t marked, int64_t found)
{
	double all = (double)population, k = (double)marked, n = (double)drawn;
	if ((double)found >= n * k / all) // no fewer than expected
		return true;
	int64_t least = drawn - (population - marked);
	double x = (double)found, sum = 0;
	if (least > found)
		return false;
	double chance = exp(log_choose(k, x) + log_choose(all - k, n - x) - log_choose(all, n));
	for (; sum <= TAIL && chance > sum * 1e-15 && chance > 0; x--) {
		sum += chance;
		if (x <= 0 || x <= (double)least)
			break;
		chance *= x * (all - k - n + x) / ((k - x + 1) * (n - x + 1));
	}
	return sum > TAIL;
}

// The most marks with which so few would still be found.
static int64_t count_most(int64_t population, int64_t drawn, int64_t found)
{
	int64_t good = found, bad = population - (drawn - found) + 1;
	while (bad - good > 1) {
		int64_t middle = good + (bad - good) / 2;
		if (is_likely(population, drawn, middle, found))
			good = middle;
		else
			bad = middle;
	}
	return good;
}

// The fewest marks are the most of those without one.
struct interval interval_of_count(int64_t population, int64_t drawn, int64_t found)
{
	return (struct interval){.low = population - count_most(population, drawn, drawn - found),
		.high = count_most(population, drawn, found)};
}

void sum_add(struct sum *sum, int64_t quantity)
{
	sum->total += quantity;
	sum->squares += (double)quantity * (double)quantity;
	sum->carriers += quantity != 0;
}

void sum_join(struct sum *sum, const struct sum *other)
{
	sum->total += other->total;
	sum->squares += other->squares;
	sum->carriers += other->carriers;
}

static int64_t cut(double x)
{
	return x >= 9.2e18 ? INT64_MAX : x <= -9.2e18 ? INT64_MIN : (int64_t)llround(x);
}

int64_t sum_estimate(const struct sum *sum, int64_t population, int64_t drawn)
{
	if (drawn != population)
		return cut((double)sum->total * (double)population / (double)drawn);
	return sum->total > INT64_MAX ? INT64_MAX : sum->total < INT64_MIN ? INT64_MIN : (int64_t)sum->total;
}

struct interval interval_of_sum(const struct sum *sum, int64_t population, int64_t drawn)
{
	int64_t estimate = sum_estimate(sum, population, drawn);
	if (drawn == population || drawn < 2)
		return (struct interval){estimate, estimate};
	double n = (double)drawn, all = (double)population, total = (double)sum->total;
	double variance = (sum->squares - total * total / n) / (n - 1);
	double half = NORMAL * all * sqrt(fmax(variance, 0) / n * (1 - n / all));
	double middle = total * all / n;
	return (struct interval){cut(middle - half), cut(middle + half)};
}

bool sum_is_vague(const struct sum *sum, int64_t population, int64_t drawn)
{
	return drawn != population && sum->carriers < CARRIERS_LEAST;
}
