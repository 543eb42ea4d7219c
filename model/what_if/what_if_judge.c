// One thread's judging of members under both rulebooks.
#include "model/what_if/what_if_judge.h"

#include <stdlib.h>

void judge_init(struct what_if_judge *judge, const struct what_if_terms *terms, struct session *session)
{
	*judge = (struct what_if_judge){.terms = terms, .session = session, .untold_from = INT64_MAX};
	member_run_init(&judge->now, terms->now);
	member_run_init(&judge->draft, terms->draft);
	tally_init(&judge->tally, &terms->shape);
}

void judge_free(struct what_if_judge *judge)
{
	if (!judge->terms)
		return;
	member_run_free(&judge->now);
	member_run_free(&judge->draft);
	tally_free(&judge->tally);
	free(judge->lots);
	free(judge->balances);
	free(judge->due);
	result_free(judge->journal);
	result_free(judge->posted);
	arena_free(&judge->arena);
	*judge = (struct what_if_judge){0};
}

void judge_tell(struct what_if_judge *judge, int64_t member_id)
{
	if (member_id <= judge->untold_from)
		return;
	judge->terms->tell(judge->terms->payload, member_id - judge->untold_from);
	judge->untold_from = member_id;
}

bool judge_is_cancelled(const struct what_if_judge *judge, struct error *error)
{
	if (!atomic_load_explicit(judge->terms->is_cancelled, memory_order_relaxed))
		return false;
	error_set(error, ERROR_CANCELLED, "the what-if was cancelled", "", "%s", "nothing was changed");
	return true;
}

bool judge_members(struct what_if_judge *judge, const char *condition, struct error *error)
{
	if (judge_is_cancelled(judge, error))
		return false;
	return judge->terms->kind == WHAT_IF_STANDINGS ? standings_judge(judge, condition, error)
						       : period_judge(judge, condition, error);
}

static bool is_dated(const struct currency *currency)
{
	enum expiry_policy policy = currency->expiry.policy;
	return policy == EXPIRY_AFTER_MONTH_OF_EARN || policy == EXPIRY_EXACT_MONTHS ||
	       policy == EXPIRY_FIXED_DATE;
}

// Lots that regain their date when a tier is lost: could it come before that day?
static bool may_regain_date(const struct currency *currency, day_t processed_on, day_t day)
{
	const struct expiry *expiry = &currency->expiry;
	bool is_far = expiry->policy != EXPIRY_FIXED_DATE && expiry->months > 0 &&
		      day_add_months(processed_on, expiry->months) > day;
	return is_dated(currency) && expiry->unless_tier != NULL && !is_far;
}

static enum judge_lots version_lots(const struct programme *programme, day_t processed_on, day_t day)
{
	enum judge_lots lots = LOTS_NONE;
	for (int i = 0; i < programme->currency_count; i++) {
		if (may_regain_date(&programme->currencies[i], processed_on, day))
			return LOTS_ALL;
		if (is_dated(&programme->currencies[i]))
			lots = LOTS_EXPIRING;
	}
	for (int i = 0; i < programme->payout_count; i++)
		if (programme->payouts[i].prev_year)
			return LOTS_ALL;
	return lots;
}

enum judge_lots judge_lots_needed(
	const struct rulebook *now, const struct rulebook *draft, day_t processed_on, day_t day)
{
	enum judge_lots most = LOTS_NONE;
	for (int i = 0; i < now->count + draft->count; i++) {
		const struct rulebook_version *version =
			i < now->count ? &now->versions[i] : &draft->versions[i - now->count];
		enum judge_lots lots = version_lots(version->programme, processed_on, day);
		if (lots > most)
			most = lots;
	}
	return most;
}
