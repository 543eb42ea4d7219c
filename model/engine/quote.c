// Quotes: what a purchase would cost with the member's discounts (FORMAT section 9.3).
#include "model/engine/condition.h"
#include "model/engine/lines.h"
#include "model/engine/quote.h"
#include "model/engine/segment.h"
#include "model/engine/standing.h"

#define PERCENT_ALL 10000

static bool benefit_holds(const struct run *run, const struct benefit *benefit, const char *category)
{
	if (benefit->categories.count > 0 && !tags_have(&benefit->categories, category))
		return false;
	if (benefit->flag != NULL && !flag_carried(run, benefit->flag))
		return false;
	if (!membership_holds(run->state, &benefit->membership))
		return false;
	if (benefit->tiers != NULL &&
		!benefit->tiers[standing_tier(run->programme, run->state, benefit->ladder).tier])
		return false;
	return benefit->plan < 0 || standing_plan_active(run->state, benefit->plan);
}

static int64_t discount_pct(const struct run *run, const char *category)
{
	int64_t best = 0;
	for (int i = 0; i < run->programme->benefit_count; i++) {
		const struct benefit *benefit = &run->programme->benefits[i];
		if (benefit->kind != BENEFIT_DISCOUNT_PCT || benefit->value <= best)
			continue;
		if (benefit_holds(run, benefit, category))
			best = benefit->value;
	}
	return best;
}

void quote(struct run *run)
{
	struct lines view;
	int64_t sum = 0;
	lines_of(&view, run->event);
	for (int i = 0; i < view.count; i++) {
		int64_t amount = view.lines[i].amount_minor;
		int64_t pct = discount_pct(run, line_category(&view.lines[i]));
		sum += amount - (int64_t)decimal_divide((wide_t)amount * pct, PERCENT_ALL, ROUND_HALF_UP);
	}
	run->postings->quoted = true;
	run->postings->quote_minor = sum;
}
