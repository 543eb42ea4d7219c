// What a sample says about everybody: proportions, means, and how far two of them lie apart, with 95 %
// intervals.
#ifndef MODEL_STATISTICS_H
#define MODEL_STATISTICS_H
#include <stdbool.h>
#include <stdint.h>

// Fewer than so many in a group say nothing: figures of them are not shown.
enum { SAMPLE_LEAST = 30 };

#define NORMAL_95 1.959963984540054 // how many standard errors hold 95 % to both sides

struct interval {
	double value, low, high;
};

// k of n, n > 0; Wilson's score interval (E. B. Wilson 1927, JASA 22:209). Never beyond 0 and 1, and of some
// width even where nobody or everybody did it.
struct interval proportion(int64_t k, int64_t n);

// The first proportion less the second; Newcombe's hybrid score interval (R. G. Newcombe 1998, Statistics in
// Medicine 17:873, method 10, without continuity correction).
struct interval proportion_difference(int64_t k1, int64_t n1, int64_t k2, int64_t n2);

// A sample of amounts, as sums that PostgreSQL reckons.
struct sample_mean {
	int64_t n;
	double mean, variance; // of the sample (n - 1)
};

// The mean with its interval by Student's t; n > 1.
struct interval mean_interval(const struct sample_mean *sample);

// The first mean less the second, whose variances may differ: Welch's t interval with the degrees of freedom
// of Welch and Satterthwaite (B. L. Welch 1947, Biometrika 34:28). Both n > 1.
struct interval mean_difference(const struct sample_mean *first, const struct sample_mean *second);

// How likely a difference of so many standard errors, or more, to either side is by chance.
double normal_both_tails(double z);

// t below which Student's t with so many degrees of freedom (> 0, whole or not) lies with that probability
// (0.5 < p < 1).
double student_quantile(double p, double freedom);

// Whether an interval leaves out 0: the difference is more than chance.
bool interval_tells(const struct interval *interval);
#endif
