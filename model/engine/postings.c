// Lists of postings: set-up, emptying and names.
#include "model/engine/postings.h"
#include <stdlib.h>

const char *entry_kind_name(enum entry_kind kind)
{
	static const char *const names[ENTRY_KIND_COUNT] = {
		[ENTRY_ACCRUED] = "accrued",
		[ENTRY_REVERSED] = "reversed",
		[ENTRY_GRANTED] = "granted",
		[ENTRY_ADJUSTED] = "adjusted",
		[ENTRY_REDEEMED] = "redeemed",
		[ENTRY_PAID_OUT] = "paid out",
		[ENTRY_AUTO_ISSUED] = "auto-issued",
		[ENTRY_EXPIRED] = "expired",
		[ENTRY_UNEXPIRED] = "unexpired",
		[ENTRY_WRITTEN_OFF] = "written off",
		[ENTRY_UNREDEEMED] = "redemption cancelled",
		[ENTRY_UNPAID_OUT] = "payout cancelled",
		[ENTRY_UNAUTO_ISSUED] = "auto-issue cancelled",
		[ENTRY_TRANSFERRED] = "transferred",
		[ENTRY_RECEIVED] = "received",
		[ENTRY_CONVERTED] = "converted",
		[ENTRY_UNCONVERTED] = "conversion cancelled",
	};
	return names[kind];
}

void postings_init(struct postings *postings)
{
	*postings = (struct postings){0};
}

void postings_reset(struct postings *postings)
{
	postings->entry_count = 0;
	postings->lot_use_count = 0;
	postings->tier_change_count = 0;
	postings->issued_reward_count = 0;
	postings->plan_charge_count = 0;
	postings->segment_change_count = 0;
	postings->sent_lot_count = 0;
	postings->quoted = false;
}

void postings_free(struct postings *postings)
{
	free(postings->entries);
	free(postings->lot_uses);
	free(postings->tier_changes);
	free(postings->issued_rewards);
	free(postings->plan_charges);
	free(postings->segment_changes);
	free(postings->sent_lots);
	postings_init(postings);
}
