// The sentences of a campaign.
#include "model/campaign/campaign_words.h"

#include "model/amount.h"
#include "model/engine/decimal.h"
#include "model/outbox/template.h"
#include "model/statistics.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TURNS = 1000 }; // what the average is told for

static const char *percent(int ppm, char out[DECIMAL_SIZE])
{
	return decimal_format(ppm, 4, out);
}

static const char *points_text(const struct campaign *campaign, int64_t points, char out[AMOUNT_SIZE])
{
	return amount_points(out, points, campaign->decimals, AMOUNT_PLAIN);
}

static void when_write(FILE *out, const struct campaign *campaign)
{
	static const char *const paces[] = {[EVERY_ONCE] = "once, on the first day",
		[EVERY_DAY] = "every day",
		[EVERY_WEEK] = "every week",
		[EVERY_MONTH] = "every month"};
	const struct campaign_trigger *trigger = &campaign->trigger;
	const char *leap = trigger->leap == LEAP_MAR1 ? "1 March" : "28 February";
	char from[DAY_SIZE], to[DAY_SIZE];
	fprintf(out, "From %s to %s, ", day_format(campaign->starts_on, from),
		day_format(campaign->ends_on, to));
	switch (trigger->kind) {
	case TRIGGER_BIRTHDAY:
		fprintf(out, "on each member's birthday (29 February: on %s in other years).\n", leap);
		break;
	case TRIGGER_ANNIVERSARY:
		fprintf(out, "each year on the day a member joined (29 February: on %s).\n", leap);
		break;
	case TRIGGER_PURCHASE:
		fprintf(out, "at %spurchase number %" PRId64 "%s.\n",
			trigger->is_each ? "each " : "a member's ", trigger->nth,
			trigger->is_each ? " and its multiples" : "");
		break;
	case TRIGGER_TIER:
		fprintf(out, "when a member reaches %s of the ladder %s.\n", trigger->tier, trigger->ladder);
		break;
	case TRIGGER_RETURN:
		fprintf(out, "at a member's first purchase after %" PRId64 " days without one.\n",
			trigger->days);
		break;
	case TRIGGER_CASE:
		fputs("when a case of a member is resolved.\n", out);
		break;
	case TRIGGER_SURVEY:
		fprintf(out, "when a member answers the survey %s%s%s.\n", trigger->survey,
			trigger->answer == ANSWERED_ANY ? "" : " as a ",
			trigger->answer == ANSWERED_ANY ? "" : campaign_answer_words[trigger->answer]);
		break;
	case TRIGGER_SCHEDULE:
		fprintf(out, "%s.\n", paces[trigger->every]);
		break;
	default:
		fputs("whenever staff trigger it by hand.\n", out);
	}
}

static void whom_write(FILE *out, const struct campaign *campaign)
{
	char held[DECIMAL_SIZE];
	if (strcmp(campaign->audience, CAMPAIGN_EVERYBODY) == 0)
		fputs("For everyone", out);
	else
		fprintf(out, "For members with %s", campaign->audience);
	if (campaign->hold_out)
		fprintf(out,
			"; %s %% of them are held out and get nothing, so that the effect can be measured.\n",
			percent(campaign->hold_out, held));
	else
		fputs(".\n" CAMPAIGN_ATTENTION "nobody is held out: what it brings cannot be measured.\n",
			out);
}

const char *campaign_prize_words(const struct campaign *campaign, const struct campaign_prize *prize,
	const char *money, char out[CAMPAIGN_PRIZE_WORDS])
{
	char amount[AMOUNT_SIZE];
	int used = 0;
	switch (prize->kind) {
	case PRIZE_POINTS:
		used = snprintf(out, CAMPAIGN_PRIZE_WORDS, "%s %s",
			points_text(campaign, prize->points, amount), campaign->currency);
		break;
	case PRIZE_REWARD:
		used = snprintf(out, CAMPAIGN_PRIZE_WORDS, "the reward %s", prize->reward);
		break;
	case PRIZE_TIER:
		used = snprintf(out, CAMPAIGN_PRIZE_WORDS, "%s of %s for %" PRId64 " days", prize->tier,
			prize->ladder, prize->days);
		break;
	case PRIZE_MULTIPLIER:
		used = snprintf(out, CAMPAIGN_PRIZE_WORDS, "%s times the %s of purchases for %" PRId64 " days",
			decimal_format(prize->factor, 2, amount), campaign->currency, prize->days);
		break;
	default:
		used = snprintf(out, CAMPAIGN_PRIZE_WORDS, "nothing");
	}
	if (prize->minor)
		snprintf(out + used, CAMPAIGN_PRIZE_WORDS - (size_t)used, ", %s each",
			amount_money(amount, prize->minor, money, AMOUNT_PLAIN));
	return out;
}

static void prizes_write(FILE *out, const struct campaign *campaign, const char *money)
{
	char chance[DECIMAL_SIZE], words[CAMPAIGN_PRIZE_WORDS], stock[AMOUNT_SIZE];
	for (int i = 0; i < campaign->prize_count; i++) {
		const struct campaign_prize *prize = &campaign->prizes[i];
		fprintf(out, "%s %% %s: %s", percent(prize->chance, chance), prize->code,
			campaign_prize_words(campaign, prize, money, words));
		if (prize->stock != CAMPAIGN_ALL)
			fprintf(out, "; there are %s", amount_points(stock, prize->stock, 0, AMOUNT_PLAIN));
		if (prize->consolation >= 0)
			fprintf(out, ", then %s instead", campaign->prizes[prize->consolation].code);
		fputs(".\n", out);
	}
}

// What so many turns of members who are not held out give on average, as long as nothing runs out.
static void average_write(FILE *out, const struct campaign *campaign, const char *money)
{
	wide_t points = 0, minor = 0;
	char amount[AMOUNT_SIZE];
	for (int i = 0; i < campaign->prize_count; i++) {
		const struct campaign_prize *prize = &campaign->prizes[i];
		points += (wide_t)prize->chance * (prize->kind == PRIZE_POINTS ? prize->points : 0);
		minor += (wide_t)prize->chance * prize->minor;
	}
	points = decimal_divide(points * TURNS, CAMPAIGN_MILLION, ROUND_HALF_UP);
	minor = decimal_divide(minor * TURNS, CAMPAIGN_MILLION, ROUND_HALF_UP);
	fputs("On average a thousand turns give ", out);
	if (points)
		fprintf(out, "%s %s and ", points_text(campaign, (int64_t)points, amount),
			campaign->currency);
	fprintf(out, "cost %s.\n", amount_money(amount, (int64_t)minor, money, AMOUNT_PLAIN));
}

static void multipliers_write(FILE *out, const struct campaign *campaign)
{
	for (int i = 0; i < campaign->prize_count; i++)
		if (campaign->prizes[i].kind == PRIZE_MULTIPLIER) {
			fputs(CAMPAIGN_ATTENTION "what a multiplier makes purchases earn is in no budget; "
						 "its cost is what the prize says.\n",
				out);
			return;
		}
}

static bool limits_write(FILE *out, const char *who, const int64_t limits[LIMIT_PERIODS])
{
	static const char *const periods[LIMIT_PERIODS] = {[LIMIT_DAY] = "a day",
		[LIMIT_WEEK] = "a week",
		[LIMIT_MONTH] = "a month",
		[LIMIT_YEAR] = "a year",
		[LIMIT_EVER] = "ever"};
	char count[AMOUNT_SIZE];
	bool is_first = true;
	for (int i = 0; i < LIMIT_PERIODS; i++) {
		if (limits[i] == CAMPAIGN_ALL)
			continue;
		fprintf(out, "%s%s %s", is_first ? who : ", ",
			amount_points(count, limits[i], 0, AMOUNT_PLAIN), periods[i]);
		is_first = false;
	}
	if (!is_first)
		fputs(".\n", out);
	return !is_first;
}

static void budget_write(FILE *out, const struct campaign *campaign, const char *money)
{
	char points[AMOUNT_SIZE], cost[AMOUNT_SIZE];
	bool has_points = campaign->budget_points != CAMPAIGN_ALL,
	     has_money = campaign->budget_minor != CAMPAIGN_ALL;
	if (!has_points && !has_money) {
		fputs(CAMPAIGN_ATTENTION
			"there is no budget: nothing but limits and stock bounds what it gives.\n",
			out);
		return;
	}
	fputs("It gives at most ", out);
	if (has_points)
		fprintf(out, "%s %s%s", points_text(campaign, campaign->budget_points, points),
			campaign->currency, has_money ? " and " : "");
	if (has_money)
		fprintf(out, "what costs %s",
			amount_money(cost, campaign->budget_minor, money, AMOUNT_PLAIN));
	if (campaign->is_paced)
		fprintf(out, ", released evenly over its %d days",
			campaign->ends_on - campaign->starts_on + 1);
	fputs(".\n", out);
}

static void care_write(FILE *out, const struct campaign *campaign)
{
	if (campaign->cooldown_days)
		fprintf(out, "Whom any campaign gave something in the last %" PRId64 " days gets nothing.\n",
			campaign->cooldown_days);
	if (campaign->complaints != CAMPAIGN_ALL)
		fprintf(out, "It pauses by itself after %" PRId64 " complaints of receivers.\n",
			campaign->complaints);
	if (campaign->opt_outs != CAMPAIGN_ALL)
		fprintf(out, "It pauses by itself after %" PRId64 " receivers wanted no more messages.\n",
			campaign->opt_outs);
	if (campaign->nps_drop != CAMPAIGN_ALL)
		fprintf(out,
			"It pauses by itself when the NPS of receivers is %" PRId64 " points below that of the held "
			"out, more than chance, of %d answers of each at least.\n",
			campaign->nps_drop, SAMPLE_LEAST);
	if (!campaign->channel)
		fputs("It sends no message: members see what they got in their account.\n", out);
}

char *campaign_words(const struct campaign *campaign, const struct facts *facts)
{
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);
	if (!out)
		return NULL;
	when_write(out, campaign);
	whom_write(out, campaign);
	prizes_write(out, campaign, facts->money);
	average_write(out, campaign, facts->money);
	if (!limits_write(out, "A member gets at most ", campaign->per_member))
		fputs("A member gets it as often as there is a turn.\n", out);
	limits_write(out, "In total at most ", campaign->total);
	budget_write(out, campaign, facts->money);
	multipliers_write(out, campaign);
	care_write(out, campaign);
	return fclose(out) == 0 ? text : NULL;
}

static void values_invent(struct template_values *values, const struct campaign *campaign,
	const struct facts *facts, char points[DECIMAL_SIZE])
{
	const struct campaign_prize *prize = campaign->prizes;
	while (prize->kind == PRIZE_NOTHING && prize < campaign->prizes + campaign->prize_count - 1)
		prize++;
	*values = (struct template_values){.language = "en"};
	values->of[PLACE_GIVEN_NAME] = "Ayşe";
	values->of[PLACE_FAMILY_NAME] = "İnönü";
	values->of[PLACE_NUMBER] = "1000001";
	values->of[PLACE_TIER] = prize->tier;
	values->of[PLACE_PROGRAMME] = facts->programme_name;
	values->of[PLACE_CAMPAIGN] = campaign->name;
	if (prize->kind == PRIZE_POINTS)
		values->of[PLACE_POINTS] = decimal_format(prize->points, campaign->decimals, points);
	values->of[PLACE_CURRENCY] = prize->kind == PRIZE_POINTS ? campaign->currency : NULL;
	values->of[PLACE_REWARD] = prize->reward;
	values->of[PLACE_CODE] = prize->reward ? "7K3P-QX9M-2WRT-H" : NULL;
}

char *campaign_sample(const struct campaign *campaign, const struct facts *facts)
{
	struct template_values values;
	struct template_fault fault;
	char points[DECIMAL_SIZE], *text = NULL;
	if (!campaign->channel)
		return NULL;
	values_invent(&values, campaign, facts, points);
	char *subject = template_render(campaign->subject, &values, &fault);
	char *body = subject ? template_render(campaign->body, &values, &fault) : NULL;
	int length = body ? asprintf(&text, "%s\n\n%s", subject, body)
			  : asprintf(&text, "This cannot be shown for an invented member: %s", fault.why);
	if (length < 0)
		text = NULL;
	free(subject);
	free(body);
	return text;
}
