// The arithmetic of an award: rate, factor, rounding, cap of the event (FORMAT section 6.2, steps 3 to 5).
#include "model/engine/award.h"
#include <string.h>
#include "model/engine/condition.h"
#include "model/engine/rule_count.h"

#define RATE_ONE 10000
#define FACTOR_HUNDREDTH (FACTOR_ONE / 100)

struct fraction {
	wide_t numerator, denominator;
};

static int64_t band_value(const struct award *award, int64_t basis)
{
	int64_t value = 0;
	for (int i = 0; i < award->band_count && award->bands[i].from <= basis; i++)
		value = award->bands[i].value;
	return value;
}

// A tier that a later version no longer knows is rated as the base tier.
static int64_t award_rate(const struct award *award, int tier)
{
	return award->kind == AWARD_BY_TIER ? award->rates[tier > 0 ? tier : 0] : award->rate;
}

// Step 4, in units of the currency's smallest part.
static struct fraction award_value(
	const struct programme *programme, const struct award *award, const struct rating *rating)
{
	if (award->kind == AWARD_FIXED)
		return (struct fraction){(wide_t)award->fixed * (award->per_unit ? rating->quantity : 1), 1};
	if (award->kind == AWARD_BANDS)
		return (struct fraction){band_value(award, rating->basis), 1};
	int64_t measured = award->use_quantity ? rating->quantity : rating->basis;
	int64_t per = award->per;
	if (award->step) {
		measured /= per;
		per = 1;
	}
	wide_t unit = decimal_power(programme->currencies[award->currency].decimals);
	return (struct fraction){
		(wide_t)measured * award_rate(award, rating->tier) * unit,
		(wide_t)per * RATE_ONE,
	};
}

static void rating_note(struct trace_rule *record, const struct award *award, const struct rating *rating,
	struct fraction exact, int64_t rounded)
{
	bool rated = award->kind == AWARD_RATE || award->kind == AWARD_BY_TIER;
	record->basis_minor = rating->basis;
	record->quantity = rating->quantity;
	record->rate = rated ? award_rate(award, rating->tier) : 0;
	record->tier = rating->tier;
	record->factor = rating->factor;
	record->numerator = exact.numerator;
	record->denominator = exact.denominator;
	record->rounded = rounded;
	record->cap_per_event =
		award->cap_per_event > 0 && rounded > award->cap_per_event ? award->cap_per_event : 0;
}

int64_t award_quantity(const struct run *run, const struct earn_rule *rule, const struct rating *rating,
	struct trace_rule *record)
{
	const struct award *award = &rule->award;
	struct fraction exact = award_value(run_rules(run), award, rating);
	exact.numerator *= rating->factor;
	exact.denominator *= FACTOR_ONE;
	wide_t divided = decimal_divide(exact.numerator, exact.denominator, award->round);
	int64_t rounded = divided < INT64_MAX ? (int64_t)divided : INT64_MAX;
	if (record != NULL)
		rating_note(record, award, rating, exact, rounded);
	if (award->cap_per_event > 0 && rounded > award->cap_per_event)
		return award->cap_per_event;
	return rounded;
}

static bool multiplier_applies(const struct run *run, int rule, int index, int64_t basis)
{
	const struct multiplier *multiplier = &run_rules(run)->earn[rule].multipliers[index];
	if (condition_failing(run, &multiplier->when, basis) != NULL)
		return false;
	return multiplier->limit.count == 0 ||
	       rule_count_multiplied(run, rule, index) < multiplier->limit.count;
}

unsigned award_multipliers(const struct run *run, int rule_index, int64_t basis)
{
	const struct earn_rule *rule = &run_rules(run)->earn[rule_index];
	unsigned applied = 0;
	int best = -1;
	for (int i = 0; i < rule->multiplier_count; i++) {
		if (!multiplier_applies(run, rule_index, i, basis))
			continue;
		applied |= 1u << i;
		if (best < 0 || rule->multipliers[i].factor > rule->multipliers[best].factor)
			best = i;
	}
	return rule->stack == STACK_BEST && best >= 0 ? 1u << best : applied;
}

int64_t award_factor(const struct earn_rule *rule, unsigned multipliers)
{
	int64_t factor = FACTOR_ONE; // divisible by 100 once for each multiplier there can be, and one given
	for (int i = 0; i < rule->multiplier_count; i++) {
		if ((multipliers & 1u << i) == 0)
			continue;
		if (rule->stack == STACK_ADD)
			factor += (rule->multipliers[i].factor - 100) * FACTOR_HUNDREDTH;
		else
			factor = factor / 100 * rule->multipliers[i].factor;
	}
	return factor > 0 ? factor : 0;
}

bool award_is_multiplied(const struct earn_rule *rule, unsigned multipliers, const char *id)
{
	for (int i = 0; i < rule->multiplier_count; i++)
		if ((multipliers & 1u << i) != 0 && strcmp(rule->multipliers[i].id, id) == 0)
			return true;
	return false;
}
