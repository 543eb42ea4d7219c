// Names of event types and refusals, and events with the format's defaults.
#include "model/engine/event.h"
#include <string.h>

static const char *const type_names[EVENT_TYPE_COUNT] = {
	[EVENT_ENROL] = "enrol",
	[EVENT_PURCHASE] = "purchase",
	[EVENT_PARTNER] = "partner",
	[EVENT_ACTIVITY] = "activity",
	[EVENT_RETURN] = "return",
	[EVENT_REDEEM] = "redeem",
	[EVENT_ADJUST] = "adjust",
	[EVENT_SUBSCRIBE] = "subscribe",
	[EVENT_USE_BENEFIT] = "use_benefit",
	[EVENT_CANCEL_PLAN] = "cancel_plan",
	[EVENT_TIER_GRANT] = "tier_grant",
	[EVENT_SESSION_END] = "session_end",
	[EVENT_QUOTE] = "quote",
	[EVENT_CANCEL_REWARD] = "cancel_reward",
	[EVENT_VERIFY] = "verify",
	[EVENT_UNVERIFY] = "unverify",
	[EVENT_TRANSFER] = "transfer",
	[EVENT_RECEIVE] = "receive",
	[EVENT_MERGE] = "merge",
	[EVENT_UNMERGE] = "unmerge",
	[EVENT_REWARD_GRANT] = "reward_grant",
	[EVENT_MULTIPLIER_GRANT] = "multiplier_grant",
};

static const char *const refusal_names[REFUSAL_COUNT] = {
	[REFUSAL_NONE] = "none",
	[REFUSAL_DATE] = "date",
	[REFUSAL_DUPLICATE] = "duplicate",
	[REFUSAL_ACTIVITY_DATE] = "activity_date",
	[REFUSAL_ENROLLED] = "enrolled",
	[REFUSAL_BORN] = "born",
	[REFUSAL_NOT_ENROLLED] = "not_enrolled",
	[REFUSAL_AMOUNT] = "amount",
	[REFUSAL_ORIGINAL] = "original",
	[REFUSAL_OVER_RETURN] = "over_return",
	[REFUSAL_REWARD] = "reward",
	[REFUSAL_NOT_OFFERED] = "not_offered",
	[REFUSAL_CANCELLED] = "cancelled",
	[REFUSAL_PER_YEAR] = "per_year",
	[REFUSAL_PER_TXN] = "per_txn",
	[REFUSAL_BASKET] = "basket",
	[REFUSAL_TIER] = "tier",
	[REFUSAL_BALANCE] = "balance",
	[REFUSAL_CURRENCY] = "currency",
	[REFUSAL_PLAN] = "plan",
	[REFUSAL_PLAN_ACTIVE] = "plan_active",
	[REFUSAL_PLAN_INACTIVE] = "plan_inactive",
	[REFUSAL_LADDER] = "ladder",
	[REFUSAL_UNTIL] = "until",
	[REFUSAL_SEGMENT] = "segment",
	[REFUSAL_NOT_VERIFIED] = "not_verified",
	[REFUSAL_NOT_TRANSFERABLE] = "not_transferable",
	[REFUSAL_MINIMUM] = "minimum",
	[REFUSAL_RECEIVER] = "receiver",
	[REFUSAL_DEBT] = "debt",
	[REFUSAL_MERGED] = "merged",
	[REFUSAL_NOT_MERGED] = "not_merged",
	[REFUSAL_OVERFLOW] = "overflow",
	[REFUSAL_NO_PAST] = "no_past",
};

void event_init(struct event *event, enum event_type type, int64_t seq, day_t day)
{
	*event = (struct event){
		.seq = seq,
		.day = day,
		.activity_day = DAY_NONE,
		.type = type,
		.born = DAY_NONE,
		.quantity = 1,
		.units = 1,
		.until = DAY_NONE,
		.active_on = DAY_NONE,
	};
}

day_t event_activity_day(const struct event *event)
{
	return event->activity_day != DAY_NONE ? event->activity_day : event->day;
}

bool event_is_late(const struct event *event)
{
	return event_activity_day(event) != event->day;
}

bool event_type_may_be_late(enum event_type type)
{
	return type == EVENT_PURCHASE || type == EVENT_PARTNER || type == EVENT_ACTIVITY;
}

const char *event_type_name(enum event_type type)
{
	return type_names[type];
}

bool event_type_find(const char *name, enum event_type *type)
{
	for (int i = 0; i < EVENT_TYPE_COUNT; i++)
		if (strcmp(type_names[i], name) == 0) {
			*type = (enum event_type)i;
			return true;
		}
	return false;
}

const char *refusal_name(enum refusal refusal)
{
	return refusal_names[refusal];
}
