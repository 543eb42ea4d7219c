// The triggers of campaigns: which settings it takes and where its instances come from.
#include "model/campaign/campaign_trigger.h"

#include <stdio.h>

const char *const campaign_leap_words[] = {"feb28", "mar1", NULL};
const char *const campaign_answer_words[] = {"any", "promoter", "passive", "detractor", NULL};
const char *const campaign_pace_words[] = {"once", "day", "week", "month", NULL};

const struct trigger_form TRIGGERS[TRIGGER_KINDS] = {
	[TRIGGER_BIRTHDAY] = {.takes = {"leap"}, .is_calendar = true, .function = "loyalty.due_birthday"},
	[TRIGGER_ANNIVERSARY] = {.takes = {"leap"},
		.is_calendar = true,
		.function = "loyalty.due_anniversary"},
	[TRIGGER_PURCHASE] = {.needs = {"nth"}, .takes = {"each"}, .function = "loyalty.due_purchase"},
	[TRIGGER_TIER] = {.needs = {"ladder", "tier"}, .function = "loyalty.due_tier"},
	[TRIGGER_RETURN] = {.needs = {"days"}, .function = "loyalty.due_return"},
	[TRIGGER_CASE] = {.function = "loyalty.due_case"},
	[TRIGGER_SURVEY] = {.needs = {"survey"}, .takes = {"answer"}, .function = "loyalty.due_survey"},
	[TRIGGER_SCHEDULE] = {.needs = {"every"}, .is_calendar = true, .function = "loyalty.due_schedule"},
	[TRIGGER_HAND] = {.function = "loyalty.due_hand"},
};

const char *const trigger_words[TRIGGER_KINDS + 1] = {
	[TRIGGER_BIRTHDAY] = "birthday",
	[TRIGGER_ANNIVERSARY] = "anniversary",
	[TRIGGER_PURCHASE] = "purchase",
	[TRIGGER_TIER] = "tier",
	[TRIGGER_RETURN] = "return",
	[TRIGGER_CASE] = "case_resolved",
	[TRIGGER_SURVEY] = "survey_answer",
	[TRIGGER_SCHEDULE] = "schedule",
	[TRIGGER_HAND] = "hand",
};

// Codes are letters, digits and _ alone, so they need no quoting.
const char *trigger_arguments(
	const struct campaign_trigger *trigger, int campaign_no, day_t starts_on, char out[TRIGGER_ARGUMENTS])
{
	char day[DAY_SIZE];
	out[0] = '\0';
	switch (trigger->kind) {
	case TRIGGER_BIRTHDAY:
	case TRIGGER_ANNIVERSARY:
		snprintf(out, TRIGGER_ARGUMENTS, ", '%s'", campaign_leap_words[trigger->leap]);
		break;
	case TRIGGER_PURCHASE:
		snprintf(out, TRIGGER_ARGUMENTS, ", %lld, %s", (long long)trigger->nth,
			trigger->is_each ? "true" : "false");
		break;
	case TRIGGER_TIER:
		snprintf(out, TRIGGER_ARGUMENTS, ", '%s', '%s'", trigger->ladder, trigger->tier);
		break;
	case TRIGGER_RETURN:
		snprintf(out, TRIGGER_ARGUMENTS, ", %lld", (long long)trigger->days);
		break;
	case TRIGGER_SURVEY:
		snprintf(out, TRIGGER_ARGUMENTS, ", '%s', '%s'", trigger->survey,
			campaign_answer_words[trigger->answer]);
		break;
	case TRIGGER_SCHEDULE:
		snprintf(out, TRIGGER_ARGUMENTS, ", '%s', '%s'", campaign_pace_words[trigger->every],
			day_format(starts_on, day));
		break;
	case TRIGGER_HAND:
		snprintf(out, TRIGGER_ARGUMENTS, ", %d", campaign_no);
		break;
	default:
		break;
	}
	return out;
}
