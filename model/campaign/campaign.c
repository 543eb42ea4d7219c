// A campaign read from its document, and what the database has to know of it.
#include "model/campaign/campaign.h"

#include "model/campaign/campaign_form.h"
#include "model/campaign/campaign_trigger.h"
#include "model/json.h"
#include "model/segment/names.h"
#include <stdlib.h>
#include <string.h>

static const char *const KIND[] = {
	[PRIZE_NOTHING] = "nothing",
	[PRIZE_POINTS] = "points",
	[PRIZE_REWARD] = "reward",
	[PRIZE_TIER] = "tier",
	[PRIZE_MULTIPLIER] = "multiplier",
};

const char *prize_kind_word(enum prize_kind kind)
{
	return KIND[kind];
}

static int currency_decimals(const struct node *group, const struct facts *facts)
{
	const char *currency = node_text(node_child(group, "currency"), NULL);
	const struct fact *fact = facts && currency ? facts_by_code(facts, FACT_CURRENCY, currency) : NULL;
	return fact ? fact->number : 0;
}

// Segments may be changed while the campaign runs: it goes on as it was approved.
static const char *audience_freeze(struct campaign *campaign, const struct campaign_house *house)
{
	struct member_condition condition;
	struct condition_fault fault;
	if (!house || !house->names || strcmp(campaign->audience, CAMPAIGN_EVERYBODY) == 0)
		return campaign->audience;
	const char *frozen = campaign->audience;
	char *text = condition_read(&condition, campaign->audience, house->names, &fault)
			     ? condition_expanded(&condition)
			     : NULL;
	if (text)
		frozen = arena_copy(&campaign->arena, text);
	free(text);
	condition_free(&condition);
	return frozen;
}

bool campaign_house_load(struct campaign_house *house, struct session *session, struct error *error)
{
	struct facts *facts = calloc(1, sizeof *facts);
	*house = (struct campaign_house){.facts = facts};
	if (!facts)
		return error_set(error, ERROR_FAILED, "the programme cannot be read", "", "out of memory");
	if (facts_load(facts, session, error) &&
		(house->names = condition_names_load(session, error)) != NULL)
		return true;
	campaign_house_free(house);
	return false;
}

void campaign_house_free(struct campaign_house *house)
{
	struct facts *facts = (struct facts *)house->facts; // its own, as campaign_house_load() left them
	if (facts)
		facts_free(facts);
	free(facts);
	condition_names_free((struct condition_names *)house->names);
	*house = (struct campaign_house){.facts = NULL};
}

bool campaign_read(struct campaign *campaign, const char *file, const char *text, size_t length,
	const struct campaign_house *house, struct document_errors *errors)
{
	struct document document;
	int before = errors->count;
	*campaign = (struct campaign){0};
	if (!document_read(&document, file, text, length, errors))
		return false;
	form_check(&document, &document.root, campaign_document_fields);
	const struct node *group = node_child(&document.root, "campaign");
	if (errors->count == before) {
		campaign_take(campaign, group, currency_decimals(group, house ? house->facts : NULL));
		campaign_check(&document, group, campaign, house);
		campaign->audience_frozen = audience_freeze(campaign, house);
	}
	document_free(&document);
	if (errors->count > before)
		campaign_free(campaign);
	return errors->count == before;
}

void campaign_free(struct campaign *campaign)
{
	arena_free(&campaign->arena);
	*campaign = (struct campaign){0};
}

day_t limit_period_start(enum limit_period period, day_t day)
{
	switch (period) {
	case LIMIT_DAY:
		return day;
	case LIMIT_WEEK:
		return day_week_start(day);
	case LIMIT_MONTH:
		return day_month_start(day);
	case LIMIT_YEAR:
		return day_year_start(day);
	default:
		return INT32_MIN;
	}
}

static void project_number(struct json *json, const char *name, int64_t number)
{
	if (number != CAMPAIGN_ALL)
		json_number(json, name, number);
}

static void project_prizes(struct json *json, const struct campaign *campaign)
{
	json_list(json, false, "prizes");
	for (int i = 0; i < campaign->prize_count; i++) {
		const struct campaign_prize *prize = &campaign->prizes[i];
		const char *const objects[] = {[PRIZE_NOTHING] = NULL,
			[PRIZE_POINTS] = campaign->currency,
			[PRIZE_REWARD] = prize->reward,
			[PRIZE_TIER] = prize->ladder,
			[PRIZE_MULTIPLIER] = campaign->currency};
		fputs(i ? ", " : "", json->out);
		json_setting(json, true, "code", prize->code);
		json_setting(json, false, "kind", KIND[prize->kind]);
		json_number(json, "chance", prize->chance);
		if (objects[prize->kind])
			json_setting(json, false, "object", objects[prize->kind]);
		if (prize->factor)
			json_number(json, "factor", prize->factor);
		if (prize->tier)
			json_setting(json, false, "tier", prize->tier);
		if (prize->consolation >= 0)
			json_setting(json, false, "consolation", campaign->prizes[prize->consolation].code);
		json_number(json, "points", prize->points);
		json_number(json, "minor", prize->minor);
		json_number(json, "days", prize->days);
		project_number(json, "stock", prize->stock);
		fputs("}", json->out);
	}
	fputs("]", json->out);
}

char *campaign_projection(const struct campaign *campaign)
{
	struct json json;
	char day[DAY_SIZE];
	if (!json_open(&json))
		return NULL;
	json_setting(&json, true, "name", campaign->name);
	json_setting(&json, false, "trigger", trigger_words[campaign->trigger.kind]);
	if (campaign->trigger.survey)
		json_setting(&json, false, "survey", campaign->trigger.survey);
	fprintf(json.out, ", \"is_calendar\": %s",
		TRIGGERS[campaign->trigger.kind].is_calendar ? "true" : "false");
	json_setting(&json, false, "audience", campaign->audience_frozen);
	json_setting(&json, false, "starts_on", day_format(campaign->starts_on, day));
	json_setting(&json, false, "ends_on", day_format(campaign->ends_on, day));
	if (campaign->currency)
		json_setting(&json, false, "currency", campaign->currency);
	project_number(&json, "budget_points", campaign->budget_points);
	project_number(&json, "budget_minor", campaign->budget_minor);
	project_number(&json, "complaints", campaign->complaints);
	project_number(&json, "opt_outs", campaign->opt_outs);
	project_number(&json, "nps_drop", campaign->nps_drop);
	json_number(&json, "hold_out", campaign->hold_out);
	project_prizes(&json, campaign);
	if (campaign->body) {
		json_setting(&json, false, "channel", campaign->channel);
		json_setting(&json, false, "subject", campaign->subject);
		json_setting(&json, false, "body", campaign->body);
	}
	fputs("}", json.out);
	if (json_close(&json))
		return json.text;
	free(json.text);
	return NULL;
}
