// Drawing from finitely many without putting back, and what the drawn tell of all.
#ifndef MODEL_SAMPLE_H
#define MODEL_SAMPLE_H
#include "model/engine/decimal.h"
#include <stdbool.h>
#include <stdint.h>

// A permutation of 0 .. size - 1, chosen by a seed: its first n places are a simple random sample of n, for
// every n. Nothing is stored but the keys, so all members of the largest programme can be drawn from.
struct draw {
	uint64_t size;
	int half; // bits of each half of the network that permutes
	uint64_t keys[8];
};
void draw_init(struct draw *draw, uint64_t size, uint64_t seed);
// The number at that place; place < size.
uint64_t draw_at(const struct draw *draw, uint64_t place);

struct interval {
	int64_t low, high;
};

// How many of `population` have a mark when `found` of the `drawn` have it: at least 95 % of such intervals
// hold the true number, however small the sample (the hypergeometric distribution inverted, as Clopper and
// Pearson do for the binomial one). Everybody drawn: just the number found. 0 <= found <= drawn <=
// population, 0 < drawn.
struct interval interval_of_count(int64_t population, int64_t drawn, int64_t found);

// A quantity that members carry, summed over the drawn; members without count as 0.
struct sum {
	wide_t total;
	double squares;
	int64_t carriers; // how many have another quantity than 0
};
void sum_add(struct sum *sum, int64_t quantity);
void sum_join(struct sum *sum, const struct sum *other);
// The estimated total over the population, and its 95 % interval by the normal distribution with the
// correction for finite populations. What would not fit 64 bit is cut off there.
int64_t sum_estimate(const struct sum *sum, int64_t population, int64_t drawn);
struct interval interval_of_sum(const struct sum *sum, int64_t population, int64_t drawn);
// Whether so few carry the quantity that the normal distribution is no good guide.
bool sum_is_vague(const struct sum *sum, int64_t population, int64_t drawn);
#endif
