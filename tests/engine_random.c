// Random lives of a member under a programme: events that make its rules meet, from a seed.
#include "tests/engine_random.h"
#include <stdlib.h>
#include <string.h>

#define WORDS_MAX 128

uint64_t random_next(struct random *random) // splitmix64
{
	uint64_t z = random->state += 0x9E3779B97F4A7C15;
	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
	z = (z ^ z >> 27) * 0x94D049BB133111EB;
	return z ^ z >> 31;
}

int random_below(struct random *random, int limit)
{
	return (int)(random_next(random) % (uint64_t)limit);
}

// The words a programme's rules look for.
struct words {
	const char *words[WORDS_MAX];
	int count;
};

static struct vocabulary {
	struct words categories, flags, tenders, channels, activities, partners;
	int64_t amounts[WORDS_MAX];
	int amount_count;
} known;

static void word_add(struct words *words, const char *word)
{
	if (word != NULL && words->count < WORDS_MAX)
		words->words[words->count++] = word;
}

static void tags_add(struct words *words, const struct tags *tags)
{
	for (int i = 0; i < tags->count; i++)
		word_add(words, tags->tags[i]);
}

static void amount_add(int64_t amount)
{
	if (amount > 0 && known.amount_count < WORDS_MAX)
		known.amounts[known.amount_count++] = amount;
}

static void condition_learn(const struct condition *when)
{
	word_add(&known.activities, when->activity);
	word_add(&known.partners, when->partner);
	word_add(&known.tenders, when->tender);
	word_add(&known.flags, when->flag);
	word_add(&known.flags, when->not_flag);
	tags_add(&known.channels, &when->channels);
	tags_add(&known.categories, &when->categories);
	tags_add(&known.categories, &when->excluded);
	amount_add(when->min_amount);
	amount_add(when->max_amount);
}

static void programme_learn(const struct programme *programme)
{
	memset(&known, 0, sizeof known);
	word_add(&known.categories, "general");
	word_add(&known.categories, "shoes");
	word_add(&known.flags, "nothing");
	word_add(&known.tenders, "cash");
	word_add(&known.channels, "pos");
	word_add(&known.activities, "idle");
	word_add(&known.partners, "nobody");
	for (int i = 0; i < programme->earn_count; i++) {
		condition_learn(&programme->earn[i].when);
		for (int m = 0; m < programme->earn[i].multiplier_count; m++)
			condition_learn(&programme->earn[i].multipliers[m].when);
		for (int b = 0; b < programme->earn[i].award.band_count; b++)
			amount_add(programme->earn[i].award.bands[b].from);
	}
	for (int i = 0; i < programme->grant_count; i++)
		word_add(&known.flags, programme->grants[i].flag);
	for (int i = 0; i < programme->ladder_count; i++)
		for (int t = 1; t < programme->ladders[i].tier_count; t++)
			amount_add(programme->ladders[i].tiers[t].at);
	for (int i = 0; i < programme->benefit_count; i++) {
		word_add(&known.flags, programme->benefits[i].flag);
		tags_add(&known.categories, &programme->benefits[i].categories);
	}
	tags_add(&known.categories, &programme->qualifying_excluded);
	tags_add(&known.categories, &programme->qualifying_categories);
	tags_add(&known.activities, &(struct tags){0});
	for (int i = 0; i < programme->currency_count; i++)
		tags_add(&known.activities, &programme->currencies[i].expiry.extend.activities);
}

static const char *word_pick(struct random *random, const struct words *words)
{
	return words->words[random_below(random, words->count)];
}

static int64_t amount_pick(struct random *random)
{
	switch (random_below(random, 8)) {
	case 0:
		return random_below(random, 3);
	case 1:
	case 2:
		if (known.amount_count > 0)
			return known.amounts[random_below(random, known.amount_count)] +
			       random_below(random, 3) - 1;
		return 100;
	case 3:
		return random_below(random, 300000);
	case 4:
		return random_below(random, 40) == 0 ? -5 : 12345678;
	default:
		return random_below(random, 30000);
	}
}

static void purchase_make(struct random *random, struct life_event *made)
{
	struct event *event = &made->event;
	event->amount_minor = amount_pick(random);
	event->category = word_pick(random, &known.categories);
	if (random_below(random, 2) == 0)
		return;
	event->line_count = 1 + random_below(random, 4);
	event->lines = made->lines;
	for (int i = 0; i < event->line_count; i++)
		made->lines[i] =
			(struct event_line){word_pick(random, &known.categories), amount_pick(random)};
}

static void return_make(struct random *random, struct life_event *made, int number)
{
	purchase_make(random, made);
	int back = 1 + random_below(random, random_below(random, 4) == 0 ? 40 : 6);
	made->event.of_seq = number > back ? number - back : 0;
	if (made->event.line_count == 0 && random_below(random, 2) == 0)
		made->event.amount_minor = 1 + random_below(random, 200);
}

static void adjust_make(struct random *random, const struct programme *programme, struct event *event)
{
	const struct currency *currency =
		&programme->currencies[random_below(random, programme->currency_count)];
	event->currency = currency->code;
	event->amount_decimals = random_below(random, 3);
	event->amount = random_below(random, 2000) - 700;
	event->qualifying = random_below(random, 3) == 0;
}

static void plan_make(struct random *random, const struct programme *programme, struct event *event)
{
	event->plan = programme->plan_count > 0
			      ? programme->plans[random_below(random, programme->plan_count)].code
			      : "none";
	if (event->type == EVENT_USE_BENEFIT && random_below(random, 3) == 0)
		event->plan = NULL;
}

static void tier_grant_make(struct random *random, const struct programme *programme, struct event *event)
{
	if (programme->ladder_count == 0) {
		event->ladder = event->tier = "none";
		return;
	}
	const struct ladder *ladder = &programme->ladders[random_below(random, programme->ladder_count)];
	event->ladder = ladder->code;
	event->tier = ladder->tiers[random_below(random, ladder->tier_count)].code;
	event->until = event->day + random_below(random, 400);
}

static enum event_type type_pick(struct random *random)
{
	static const enum event_type types[] = {EVENT_PURCHASE, EVENT_PURCHASE, EVENT_PURCHASE,
		EVENT_PURCHASE, EVENT_PURCHASE, EVENT_PARTNER, EVENT_PARTNER, EVENT_ACTIVITY, EVENT_ACTIVITY,
		EVENT_ACTIVITY, EVENT_RETURN, EVENT_RETURN, EVENT_RETURN, EVENT_REDEEM, EVENT_REDEEM,
		EVENT_ADJUST, EVENT_SUBSCRIBE, EVENT_USE_BENEFIT, EVENT_CANCEL_PLAN, EVENT_TIER_GRANT,
		EVENT_SESSION_END, EVENT_QUOTE, EVENT_CANCEL_REWARD};
	return types[random_below(random, (int)(sizeof types / sizeof *types))];
}

static void segment_make(struct random *random, const struct programme *programme, struct event *event)
{
	int segment = random_below(random, programme->segment_count + 1);
	event->type = random_below(random, 3) == 0 ? EVENT_UNVERIFY : EVENT_VERIFY;
	event->segment = segment < programme->segment_count ? programme->segments[segment].code : "nobody";
	if (event->type == EVENT_VERIFY && random_below(random, 4) == 0)
		event->until = event->day + random_below(random, 60);
}

static void multiplier_make(struct random *random, const struct programme *programme, struct event *event)
{
	event->type = EVENT_MULTIPLIER_GRANT;
	event->currency = programme->currencies[random_below(random, programme->currency_count)].code;
	event->amount_decimals = random_below(random, 3);
	event->amount = (1 + random_below(random, 4)) * decimal_power(event->amount_decimals) +
			(event->amount_decimals > 0 ? random_below(random, 10) : 0);
	event->until = event->day + random_below(random, 90);
}

// Mostly of the currencies that may be passed on.
static const struct currency *currency_pick(struct random *random, const struct programme *programme)
{
	const struct currency *picked = NULL;
	for (int i = 0; i < 4 && (picked == NULL || !picked->transfers.allowed); i++)
		picked = &programme->currencies[random_below(random, programme->currency_count)];
	return picked;
}

static void transfer_make(struct random *random, const struct programme *programme, struct life_event *made)
{
	struct event *event = &made->event;
	const struct currency *currency = currency_pick(random, programme);
	event->currency = currency->code;
	event->amount_decimals = random_below(random, 2) == 0 ? 0 : currency->decimals;
	event->amount = random_below(random, 60);
	event->receiver_gone = random_below(random, 20) == 0;
	event->type = random_below(random, 2) == 0 ? EVENT_TRANSFER : EVENT_RECEIVE;
	if (random_below(random, 12) == 0) {
		event->type = random_below(random, 3) == 0 ? EVENT_MERGE : EVENT_UNMERGE;
		event->into = 1000001;
	}
	if (event->type == EVENT_TRANSFER)
		return;
	event->lots = made->lots;
	event->lot_count = random_below(random, 4);
	for (int i = 0; i < event->lot_count; i++) {
		day_t earned = event->day - random_below(random, 400);
		made->lots[i] = (struct event_lot){random_below(random, 200), event->amount_decimals, earned,
			random_below(random, 3) == 0 ? DAY_NONE : earned + random_below(random, 500)};
	}
	if (random_below(random, 3) > 0)
		event->active_on = event->day - random_below(random, 200);
}

static bool may_transfer(const struct programme *programme)
{
	for (int i = 0; i < programme->currency_count; i++)
		if (programme->currencies[i].transfers.allowed)
			return true;
	return false;
}

static void event_make(
	struct random *random, const struct programme *programme, struct life_event *made, int number)
{
	struct event *event = &made->event;
	event->flag_count = random_below(random, 3);
	event->flags = made->flags;
	for (int i = 0; i < event->flag_count; i++)
		made->flags[i] = word_pick(random, &known.flags);
	event->tender = random_below(random, 2) == 0 ? word_pick(random, &known.tenders) : NULL;
	event->channel = random_below(random, 2) == 0 ? word_pick(random, &known.channels) : NULL;
	event->partner = word_pick(random, &known.partners);
	event->activity = word_pick(random, &known.activities);
	event->quantity = 1 + random_below(random, random_below(random, 2) == 0 ? 5 : 20000);
	purchase_make(random, made);
	if (event->type == EVENT_ACTIVITY) {
		event->line_count = 0;
		event->category = NULL;
	}
	event->reward = programme->reward_count > 0
				? programme->rewards[random_below(random, programme->reward_count)].code
				: "none";
	event->units = 1 + (random_below(random, 4) == 0);
	event->basket_minor = random_below(random, 2000);
	if (event->type == EVENT_CANCEL_REWARD)
		event->reward_no = 1 + random_below(random, 2 + number / 6);
	if (event->type == EVENT_RETURN)
		return_make(random, made, number);
	if (event->type == EVENT_ADJUST && programme->currency_count > 0)
		adjust_make(random, programme, event);
	plan_make(random, programme, event);
	if (event->type == EVENT_TIER_GRANT)
		tier_grant_make(random, programme, event);
}

// One in six that may come late does: often by a few days, seldom beyond what is possible.
static void late_make(struct random *random, struct event *event, day_t enrolled)
{
	static const int days[] = {1, 3, 10, 40, 200, 800};
	if (!event_type_may_be_late(event->type) || random_below(random, 6) != 0)
		return;
	event->activity_day = event->day - random_below(random, days[random_below(random, 6)]);
	if (event->activity_day < enrolled && random_below(random, 20) != 0)
		event->activity_day = enrolled;
	if (random_below(random, 60) == 0)
		event->activity_day = event->day + 1;
}

static int days_pass(struct random *random)
{
	switch (random_below(random, 16)) {
	case 0:
		return 28 + random_below(random, 5);
	case 1:
		return random_below(random, 120);
	case 2:
		return random_below(random, 8) == 0 ? 700 : 7;
	case 3:
		return random_below(random, 20) == 0 ? -1 : 1;
	case 4:
	case 5:
	case 6:
		return 1 + random_below(random, 9);
	default:
		return random_below(random, 2);
	}
}

struct life_event *life_make(const struct programme *programme, uint64_t seed, int count)
{
	struct random random = {seed};
	struct life_event *life = calloc((size_t)count, sizeof *life);
	day_t day = day_make(2024, 1 + random_below(&random, 12), 1 + random_below(&random, 28));
	day += random_below(&random, 4);
	programme_learn(programme);
	for (int i = 0; i < count; i++) {
		event_init(&life[i].event, i == 0 ? EVENT_ENROL : type_pick(&random), i + 1, day);
		event_make(&random, programme, &life[i], i + 1);
		if (i == 0 && random_below(&random, 4) > 0)
			life[i].event.born = random_below(&random, 5) == 0
						     ? day_make(2000, 2, 29)
						     : day_make(1990, 1, 1) + random_below(&random, 366);
		if (i > 0 && programme->segment_count > 0 && random_below(&random, 10) == 0)
			segment_make(&random, programme, &life[i].event);
		if (i > 0 && may_transfer(programme) && random_below(&random, 6) == 0)
			transfer_make(&random, programme, &life[i]);
		if (i > 0 && programme->currency_count > 0 && random_below(&random, 25) == 0)
			multiplier_make(&random, programme, &life[i].event);
		late_make(&random, &life[i].event, life[0].event.day);
		day += days_pass(&random);
	}
	return life;
}
