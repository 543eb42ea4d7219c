// Intervals of proportions, means and their differences.
#include "model/statistics.h"

#include <math.h>

struct interval proportion(int64_t k, int64_t n)
{
	double p = (double)k / (double)n, z2 = NORMAL_95 * NORMAL_95, size = (double)n;
	double middle = (p + z2 / (2 * size)) / (1 + z2 / size);
	double reach = NORMAL_95 * sqrt(p * (1 - p) / size + z2 / (4 * size * size)) / (1 + z2 / size);
	return (struct interval){
		.value = p, .low = k == 0 ? 0 : middle - reach, .high = k == n ? 1 : middle + reach};
}

struct interval proportion_difference(int64_t k1, int64_t n1, int64_t k2, int64_t n2)
{
	struct interval a = proportion(k1, n1), b = proportion(k2, n2);
	double value = a.value - b.value;
	return (struct interval){.value = value,
		.low = value - hypot(a.value - a.low, b.high - b.value),
		.high = value + hypot(a.high - a.value, b.value - b.low)};
}

// The regularised incomplete beta function by its continued fraction (Lentz; Abramowitz and Stegun 26.5.8),
// for x below (a + 1) / (a + b + 2), where it converges quickly.
static double beta_fraction(double a, double b, double x)
{
	const double tiny = 1e-300;
	double c = 1, d = 1 - (a + b) * x / (a + 1);
	d = 1 / (fabs(d) < tiny ? tiny : d);
	double sum = d;
	for (int m = 1; m <= 300; m++) {
		double terms[] = {m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
			-(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))};
		double change = 1;
		for (int i = 0; i < 2; i++) {
			d = 1 + terms[i] * d;
			c = 1 + terms[i] / c;
			d = 1 / (fabs(d) < tiny ? tiny : d);
			c = fabs(c) < tiny ? tiny : c;
			change = d * c;
			sum *= change;
		}
		if (fabs(change - 1) < 1e-15)
			break;
	}
	return sum;
}

static double beta_share(double a, double b, double x)
{
	int sign;
	double scale = exp(lgamma_r(a + b, &sign) - lgamma_r(a, &sign) - lgamma_r(b, &sign) + a * log(x) +
			   b * log1p(-x));
	if (x < (a + 1) / (a + b + 2))
		return scale * beta_fraction(a, b, x) / a;
	return 1 - scale * beta_fraction(b, a, 1 - x) / b;
}

// How likely Student's t lies below t > 0.
static double student_below(double t, double freedom)
{
	return 1 - beta_share(freedom / 2, 0.5, freedom / (freedom + t * t)) / 2;
}

double student_quantile(double p, double freedom)
{
	double low = 0, high = 2;
	while (student_below(high, freedom) < p && high < 1e12)
		high *= 2;
	for (int i = 0; i < 100 && high - low > 1e-13 * high; i++) {
		double middle = (low + high) / 2;
		if (middle > 0 && student_below(middle, freedom) < p)
			low = middle;
		else
			high = middle;
	}
	return (low + high) / 2;
}

static struct interval around(double value, double error, double freedom)
{
	double reach = error > 0 ? error * student_quantile(0.975, freedom) : 0;
	return (struct interval){.value = value, .low = value - reach, .high = value + reach};
}

struct interval mean_interval(const struct sample_mean *sample)
{
	return around(sample->mean, sqrt(sample->variance / (double)sample->n), (double)(sample->n - 1));
}

struct interval mean_difference(const struct sample_mean *first, const struct sample_mean *second)
{
	double a = first->variance / (double)first->n, b = second->variance / (double)second->n;
	double freedom = a + b > 0
				 ? (a + b) * (a + b) /
					   (a * a / (double)(first->n - 1) + b * b / (double)(second->n - 1))
				 : 1;
	return around(first->mean - second->mean, sqrt(a + b), freedom);
}

double normal_both_tails(double z)
{
	return erfc(fabs(z) / sqrt(2));
}

bool interval_tells(const struct interval *interval)
{
	return interval->low > 0 || interval->high < 0;
}
