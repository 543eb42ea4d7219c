// The settings of a campaign's document, table by table, and how they become a campaign.
#include "model/campaign/campaign_form.h"

#include "model/campaign/campaign_trigger.h"
#include "model/engine/decimal.h"
#include <stdio.h>
#include <string.h>

const char *const limit_period_words[] = {"day", "week", "month", "year", "ever", NULL};
static const char *const budget_pace_words[] = {"none", "even", NULL};
static const char *const channel_words[] = {"email", NULL};

enum { CHANCE_DECIMALS = 4, MONEY_DECIMALS = 2, POINT_DECIMALS = 6, FACTOR_DECIMALS = 2 }; // chance: of per cent

#define END                                                                                                  \
	{                                                                                                    \
		.key = NULL                                                                                  \
	}

static const struct field trigger_fields[] = {
	{.key = "on", .type = FIELD_WORD, .required = true, .words = trigger_words},
	{.key = "leap", .type = FIELD_WORD, .words = campaign_leap_words},
	{.key = "nth", .type = FIELD_INTEGER, .min = 1, .max = 100000},
	{.key = "each", .type = FIELD_BOOLEAN},
	{.key = "ladder", .type = FIELD_CODE},
	{.key = "tier", .type = FIELD_CODE},
	{.key = "days", .type = FIELD_INTEGER, .min = 1, .max = 36500},
	{.key = "survey", .type = FIELD_CODE},
	{.key = "answer", .type = FIELD_WORD, .words = campaign_answer_words},
	{.key = "every", .type = FIELD_WORD, .words = campaign_pace_words},
	END,
};

static const struct field prize_fields[] = {
	{.key = "id", .type = FIELD_CODE, .required = true},
	{.key = "chance", .type = FIELD_DECIMAL, .required = true, .decimals = CHANCE_DECIMALS, .max = 100},
	{.key = "points",
		.type = FIELD_DECIMAL,
		.decimals = POINT_DECIMALS,
		.above_zero = true,
		.max = 1000000000},
	{.key = "reward", .type = FIELD_CODE},
	{.key = "ladder", .type = FIELD_CODE},
	{.key = "tier", .type = FIELD_CODE},
	{.key = "multiplier", .type = FIELD_DECIMAL, .decimals = FACTOR_DECIMALS, .max = 10},
	{.key = "days", .type = FIELD_INTEGER, .min = 1, .max = 3660},
	{.key = "stock", .type = FIELD_INTEGER, .min = 1, .max = 1000000000},
	{.key = "consolation", .type = FIELD_CODE},
	{.key = "cost", .type = FIELD_DECIMAL, .decimals = MONEY_DECIMALS, .max = 1000000},
	END,
};

static const struct field limit_fields[] = {
	{.key = "count", .type = FIELD_INTEGER, .required = true, .min = 1, .max = 1000000000},
	{.key = "per", .type = FIELD_WORD, .required = true, .words = limit_period_words},
	END,
};

static const struct field limits_fields[] = {
	{.key = "member", .type = FIELD_LIST, .fields = limit_fields},
	{.key = "total", .type = FIELD_LIST, .fields = limit_fields},
	END,
};

static const struct field budget_fields[] = {
	{.key = "points", .type = FIELD_DECIMAL, .decimals = POINT_DECIMALS, .max = 100000000000},
	{.key = "money", .type = FIELD_DECIMAL, .decimals = MONEY_DECIMALS},
	{.key = "pace", .type = FIELD_WORD, .words = budget_pace_words},
	END,
};

static const struct field stop_fields[] = {
	{.key = "complaints", .type = FIELD_INTEGER, .min = 1},
	{.key = "opt_outs", .type = FIELD_INTEGER, .min = 1},
	{.key = "nps_drop", .type = FIELD_INTEGER, .min = 1, .max = 200},
	END,
};

static const struct field message_fields[] = {
	{.key = "channel", .type = FIELD_WORD, .required = true, .words = channel_words},
	{.key = "subject", .type = FIELD_NAME, .required = true},
	{.key = "body", .type = FIELD_STRINGS, .required = true},
	END,
};

static const struct field campaign_fields[] = {
	{.key = "code", .type = FIELD_CODE, .required = true},
	{.key = "name", .type = FIELD_NAME, .required = true},
	{.key = "start", .type = FIELD_DATE, .required = true},
	{.key = "end", .type = FIELD_DATE, .required = true},
	{.key = "trigger", .type = FIELD_GROUP, .required = true, .fields = trigger_fields},
	{.key = "audience", .type = FIELD_STRING},
	{.key = "currency", .type = FIELD_CODE},
	{.key = "prizes", .type = FIELD_LIST, .required = true, .fields = prize_fields},
	{.key = "limits", .type = FIELD_GROUP, .fields = limits_fields},
	{.key = "budget", .type = FIELD_GROUP, .fields = budget_fields},
	{.key = "cooldown_days", .type = FIELD_INTEGER, .max = 3660},
	{.key = "hold_out", .type = FIELD_DECIMAL, .decimals = CHANCE_DECIMALS, .max = 50},
	{.key = "stop", .type = FIELD_GROUP, .fields = stop_fields},
	{.key = "message", .type = FIELD_GROUP, .fields = message_fields},
	END,
};

const struct field campaign_document_fields[] = {
	{.key = "format", .type = FIELD_INTEGER, .min = 1, .max = 1},
	{.key = "campaign", .type = FIELD_GROUP, .required = true, .fields = campaign_fields},
	END,
};

static const char *text_take(struct campaign *campaign, const struct node *group, const char *key)
{
	const char *text = node_text(node_child(group, key), NULL);
	return text ? arena_copy(&campaign->arena, text) : NULL;
}

static void trigger_take(struct campaign *campaign, const struct node *group)
{
	campaign->trigger = (struct campaign_trigger){
		.kind = (enum trigger_kind)node_word(node_child(group, "on"), trigger_words, 0),
		.leap = (enum trigger_leap)node_word(
			node_child(group, "leap"), campaign_leap_words, LEAP_FEB28),
		.nth = node_integer(node_child(group, "nth"), 0),
		.is_each = node_integer(node_child(group, "each"), false),
		.ladder = text_take(campaign, group, "ladder"),
		.tier = text_take(campaign, group, "tier"),
		.days = node_integer(node_child(group, "days"), 0),
		.survey = text_take(campaign, group, "survey"),
		.answer = (enum trigger_answer)node_word(
			node_child(group, "answer"), campaign_answer_words, ANSWERED_ANY),
		.every = (enum trigger_pace)node_word(
			node_child(group, "every"), campaign_pace_words, EVERY_ONCE),
	};
}

static void prize_take(struct campaign *campaign, const struct node *group)
{
	campaign->prizes[campaign->prize_count++] = (struct campaign_prize){
		.code = text_take(campaign, group, "id"),
		.kind = node_child(group, "points")       ? PRIZE_POINTS
			: node_child(group, "reward")     ? PRIZE_REWARD
			: node_child(group, "tier")       ? PRIZE_TIER
			: node_child(group, "multiplier") ? PRIZE_MULTIPLIER
							  : PRIZE_NOTHING,
		.points = node_decimal(node_child(group, "points"), POINT_DECIMALS, 0) /
			  decimal_power(POINT_DECIMALS - campaign->decimals),
		.reward = text_take(campaign, group, "reward"),
		.ladder = text_take(campaign, group, "ladder"),
		.tier = text_take(campaign, group, "tier"),
		.factor = node_decimal(node_child(group, "multiplier"), FACTOR_DECIMALS, 0),
		.days = node_integer(node_child(group, "days"), 0),
		.chance = (int)node_decimal(node_child(group, "chance"), CHANCE_DECIMALS, 0),
		.stock = node_integer(node_child(group, "stock"), CAMPAIGN_ALL),
		.consolation = -1,
		.minor = node_decimal(node_child(group, "cost"), MONEY_DECIMALS, 0),
	};
}

int campaign_prize_find(const struct campaign *campaign, const char *code)
{
	for (int i = 0; code && i < campaign->prize_count; i++)
		if (strcmp(campaign->prizes[i].code, code) == 0)
			return i;
	return -1;
}

static void prizes_take(struct campaign *campaign, const struct node *list)
{
	campaign->prizes = arena_alloc(&campaign->arena, (size_t)list->count * sizeof *campaign->prizes);
	for (int i = 0; i < list->count; i++)
		prize_take(campaign, &list->children[i]);
	for (int i = 0; i < list->count; i++)
		campaign->prizes[i].consolation = campaign_prize_find(
			campaign, node_text(node_child(&list->children[i], "consolation"), NULL));
}

// Of two limits for one period the lower holds.
static void limits_take(int64_t limits[LIMIT_PERIODS], const struct node *list)
{
	for (int i = 0; i < LIMIT_PERIODS; i++)
		limits[i] = CAMPAIGN_ALL;
	for (int i = 0; list && i < list->count; i++) {
		int period = node_word(node_child(&list->children[i], "per"), limit_period_words, LIMIT_EVER);
		int64_t count = node_integer(node_child(&list->children[i], "count"), CAMPAIGN_ALL);
		if (count < limits[period])
			limits[period] = count;
	}
}

static void budget_take(struct campaign *campaign, const struct node *group)
{
	const struct node *points = node_child(group, "points");
	campaign->budget_points = points ? node_decimal(points, POINT_DECIMALS, 0) /
						   decimal_power(POINT_DECIMALS - campaign->decimals)
					 : CAMPAIGN_ALL;
	campaign->budget_minor = node_decimal(node_child(group, "money"), MONEY_DECIMALS, CAMPAIGN_ALL);
	campaign->is_paced = node_word(node_child(group, "pace"), budget_pace_words, 0) == 1;
}

static void message_take(struct campaign *campaign, const struct node *group)
{
	const struct node *body = node_child(group, "body");
	size_t size = 1;
	if (!group)
		return;
	for (int i = 0; i < body->count; i++)
		size += strlen(body->children[i].text) + 1;
	char *text = arena_alloc(&campaign->arena, size), *at = text;
	for (int i = 0; i < body->count; i++)
		at += sprintf(at, "%s\n", body->children[i].text);
	campaign->channel = text_take(campaign, group, "channel");
	campaign->subject = text_take(campaign, group, "subject");
	campaign->body = text;
}

void campaign_take(struct campaign *campaign, const struct node *group, int decimals)
{
	const struct node *limits = node_child(group, "limits"), *stop = node_child(group, "stop");
	const char *audience = text_take(campaign, group, "audience");
	campaign->code = text_take(campaign, group, "code");
	campaign->name = text_take(campaign, group, "name");
	campaign->starts_on = node_date(node_child(group, "start"), DAY_NONE);
	campaign->ends_on = node_date(node_child(group, "end"), DAY_NONE);
	campaign->audience = audience ? audience : CAMPAIGN_EVERYBODY;
	campaign->currency = text_take(campaign, group, "currency");
	campaign->decimals = decimals;
	trigger_take(campaign, node_child(group, "trigger"));
	prizes_take(campaign, node_child(group, "prizes"));
	limits_take(campaign->per_member, node_child(limits, "member"));
	limits_take(campaign->total, node_child(limits, "total"));
	budget_take(campaign, node_child(group, "budget"));
	campaign->cooldown_days = node_integer(node_child(group, "cooldown_days"), 0);
	campaign->hold_out = (int)node_decimal(node_child(group, "hold_out"), CHANCE_DECIMALS, 0);
	campaign->complaints = node_integer(node_child(stop, "complaints"), CAMPAIGN_ALL);
	campaign->opt_outs = node_integer(node_child(stop, "opt_outs"), CAMPAIGN_ALL);
	campaign->nps_drop = node_integer(node_child(stop, "nps_drop"), CAMPAIGN_ALL);
	message_take(campaign, node_child(group, "message"));
}
