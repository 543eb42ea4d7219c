// What a programme names, written down for the database: its joins and labels, and what members may hold.
#include "model/programme/programme_projection.h"

#include "model/json.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const CURRENCY_KIND[] = {
	[KIND_REDEEMABLE] = "redeemable",
	[KIND_QUALIFYING] = "qualifying",
	[KIND_ACCRUAL] = "accrual",
	[KIND_PUNCH] = "punch",
	[KIND_COUNTER] = "counter",
	[KIND_PARTNER] = "partner",
};

static const char *const REWARD_KIND[] = {
	[REWARD_MONEY_OFF] = "money_off",
	[REWARD_ITEM] = "item",
	[REWARD_GIFT_CARD] = "gift_card",
	[REWARD_DISCOUNT] = "discount",
	[REWARD_DONATION] = "donation",
	[REWARD_SWEEPSTAKE_ENTRY] = "sweepstake_entry",
	[REWARD_STATEMENT_CREDIT] = "statement_credit",
	[REWARD_BADGE] = "badge",
	[REWARD_CUSTOMISATION] = "customisation",
	[REWARD_PARTNER_TRANSFER] = "partner_transfer",
};

// Whether a rule, a date or a transfer to its partner gives some of it.
static bool is_given(const struct programme *programme, int currency)
{
	for (int i = 0; i < programme->earn_count; i++)
		if (programme->earn[i].award.currency == currency)
			return true;
	for (int i = 0; i < programme->grant_count; i++)
		if (programme->grants[i].currency == currency)
			return true;
	for (int i = 0; i < programme->reward_count; i++)
		if (programme->rewards[i].into == currency)
			return true;
	return false;
}

static void project_money(struct json *json, const struct programme *programme)
{
	json_setting(json, true, "money", programme->money);
	json_setting(json, false, "timezone", programme->timezone ? programme->timezone : "");
}

static void project_currencies(struct json *json, const struct programme *programme)
{
	json_list(json, false, "currencies");
	for (int i = 0; i < programme->currency_count; i++) {
		const struct currency *currency = &programme->currencies[i];
		fputs(i ? ", " : "", json->out);
		json_setting(json, true, "code", currency->code);
		json_setting(json, false, "kind", CURRENCY_KIND[currency->kind]);
		json_setting(json, false, "partner", currency->partner ? currency->partner : "");
		fprintf(json->out, ", \"decimals\": %d, \"given\": %s}", currency->decimals,
			is_given(programme, i) ? "true" : "false");
	}
	fputs("]", json->out);
}

static void project_ladders(struct json *json, const struct programme *programme)
{
	json_list(json, false, "ladders");
	for (int i = 0; i < programme->ladder_count; i++) {
		const struct ladder *ladder = &programme->ladders[i];
		fputs(i ? ", " : "", json->out);
		json_setting(json, true, "code", ladder->code);
		json_list(json, false, "tiers");
		for (int j = 0; j < ladder->tier_count; j++) {
			fputs(j ? ", " : "", json->out);
			json_string(json, ladder->tiers[j].code);
		}
		fputs("]}", json->out);
	}
	fputs("]", json->out);
}

static void project_rule(struct json *json, int *count, const char *id, const char *kind)
{
	fputs((*count)++ ? ", " : "", json->out);
	json_setting(json, true, "code", id);
	json_setting(json, false, "kind", kind);
	fputs("}", json->out);
}

static void project_rules(struct json *json, const struct programme *programme)
{
	int count = 0;
	json_list(json, false, "rules");
	for (int i = 0; i < programme->earn_count; i++)
		project_rule(json, &count, programme->earn[i].id, "earn");
	for (int i = 0; i < programme->grant_count; i++)
		project_rule(json, &count, programme->grants[i].id, "grant");
	for (int i = 0; i < programme->payout_count; i++)
		project_rule(json, &count, programme->payouts[i].id, "payout");
	for (int i = 0; i < programme->auto_count; i++)
		project_rule(json, &count, programme->autos[i].id, "auto");
	fputs("]", json->out);
}

static void project_day(struct json *json, const char *name, day_t day, day_t no_day)
{
	char text[DAY_SIZE];
	if (day != no_day)
		json_setting(json, false, name, day_format(day, text));
}

static void project_rewards(struct json *json, const struct programme *programme)
{
	json_list(json, false, "rewards");
	for (int i = 0; i < programme->reward_count; i++) {
		const struct reward *reward = &programme->rewards[i];
		fputs(i ? ", " : "", json->out);
		json_setting(json, true, "code", reward->code);
		json_setting(json, false, "name", reward->name);
		json_setting(json, false, "kind", REWARD_KIND[reward->kind]);
		if (reward->currency >= 0) {
			json_setting(json, false, "currency", programme->currencies[reward->currency].code);
			fprintf(json->out, ", \"cost\": %lld", (long long)reward->cost);
		}
		project_day(json, "first_day", reward->first_day, INT32_MIN);
		project_day(json, "last_day", reward->last_day, DAY_NONE);
		fputs("}", json->out);
	}
	fputs("]", json->out);
}

static void project_segments(struct json *json, const struct programme *programme)
{
	json_list(json, false, "segments");
	for (int i = 0; i < programme->segment_count; i++) {
		fputs(i ? ", " : "", json->out);
		json_setting(json, true, "code", programme->segments[i].code);
		json_setting(json, false, "name", programme->segments[i].name);
		fputs("}", json->out);
	}
	fputs("]", json->out);
}

static void project_plans(struct json *json, const struct programme *programme)
{
	json_list(json, false, "plans");
	for (int i = 0; i < programme->plan_count; i++) {
		fputs(i ? ", " : "", json->out);
		json_setting(json, true, "code", programme->plans[i].code);
		fprintf(json->out, ", \"months\": %d}", programme->plans[i].months);
	}
	fputs("]}", json->out);
}

char *programme_projection(const struct programme *programme)
{
	struct json json;
	if (!json_open(&json))
		return NULL;
	project_money(&json, programme);
	project_currencies(&json, programme);
	project_ladders(&json, programme);
	project_rules(&json, programme);
	project_rewards(&json, programme);
	project_segments(&json, programme);
	project_plans(&json, programme);
	if (!json_close(&json)) {
		free(json.text);
		return NULL;
	}
	return json.text;
}
