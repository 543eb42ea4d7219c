// The dry run of a campaign: whom it would have surprised in days gone by, or will in days to come, and what
// that costs. It writes nothing.
#include "model/campaign/campaign_try.h"

#include "model/campaign/campaign_trigger.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOOK_MOST = 1000000, TOLD_EVERY = 50000, LOOK_PARTS = 1000 };

// What is kept of a candidate until its day's turn; gifts live in the trial's arena.
struct coming {
	int64_t member_id, instance;
	day_t on_day, last_gift;
	const day_t *gifts;
	int gift_count;
};

// A member that has won something in the dry run, with the days of it.
struct winner {
	struct try_receiver total;
	day_t *days;
	int capacity; // of days; there are total.grants
};

struct trial {
	const struct campaign *campaign;
	const struct try_options *options;
	struct campaign_try *result;
	struct campaign_state state;
	struct coming *coming;
	int coming_count, coming_capacity;
	struct winner *winners;
	int winner_count, winner_capacity;
	int *places;     // of winners, by a hash of the member; -1: free
	int place_count; // a power of two
	int looks, look; // how many there will be, and which one this is
	uint8_t *seen;   // a bit a member, of those that came in several looks
	int64_t seen_size;
	struct arena arena;
};

// Not a secret: it only has to be another than those that draw.
static const uint8_t TRIAL_SEED[CAMPAIGN_DRAW_SEED] = "a dry run draws by a seed of own";

static int place_of(const struct trial *trial, int64_t member_id)
{
	uint64_t hash = (uint64_t)member_id * UINT64_C(0x9E3779B97F4A7C15);
	int at = (int)(hash >> 33) & (trial->place_count - 1);
	while (trial->places[at] >= 0 && trial->winners[trial->places[at]].total.member_id != member_id)
		at = (at + 1) & (trial->place_count - 1);
	return at;
}

static bool places_grow(struct trial *trial)
{
	int count = trial->place_count ? trial->place_count * 2 : 1024;
	int *places = malloc((size_t)count * sizeof *places);
	if (!places)
		return false;
	free(trial->places);
	trial->places = places;
	trial->place_count = count;
	memset(places, -1, (size_t)count * sizeof *places);
	for (int i = 0; i < trial->winner_count; i++)
		places[place_of(trial, trial->winners[i].total.member_id)] = i;
	return true;
}

static struct winner *winner_find(const struct trial *trial, int64_t member_id)
{
	int place = trial->place_count ? trial->places[place_of(trial, member_id)] : -1;
	return place >= 0 ? &trial->winners[place] : NULL;
}

static bool winner_add(struct trial *trial, int64_t member_id, const struct campaign_prize *prize, day_t day)
{
	struct winner *winner = winner_find(trial, member_id);
	if (!winner) {
		if (2 * (trial->winner_count + 1) > trial->place_count && !places_grow(trial))
			return false;
		ARRAY_RESERVE(trial->winners, trial->winner_capacity, trial->winner_count + 1);
		trial->places[place_of(trial, member_id)] = trial->winner_count;
		winner = &trial->winners[trial->winner_count++];
		*winner = (struct winner){.total.member_id = member_id};
	}
	ARRAY_RESERVE(winner->days, winner->capacity, (int)winner->total.grants + 1);
	winner->days[winner->total.grants++] = day;
	winner->total.points += prize->points;
	winner->total.minor += prize->minor;
	return true;
}

// What the dry run itself has given counts like what was given before.
static struct candidate candidate_of(struct trial *trial, const struct coming *coming)
{
	struct candidate candidate = {.member_id = coming->member_id,
		.instance = coming->instance,
		.on_day = coming->on_day,
		.last_gift = coming->last_gift != DAY_NONE && coming->last_gift > coming->on_day
				     ? DAY_NONE
				     : coming->last_gift,
		.gifts = coming->gifts,
		.gift_count = trial->options->is_past ? 0 : coming->gift_count};
	const struct winner *winner = winner_find(trial, coming->member_id);
	if (!winner)
		return candidate;
	day_t *gifts = arena_alloc(
		&trial->arena, ((size_t)candidate.gift_count + (size_t)winner->total.grants) * sizeof *gifts);
	if (candidate.gift_count > 0)
		memcpy(gifts, candidate.gifts, (size_t)candidate.gift_count * sizeof *gifts);
	memcpy(gifts + candidate.gift_count, winner->days, (size_t)winner->total.grants * sizeof *gifts);
	candidate.gifts = gifts;
	candidate.gift_count += (int)winner->total.grants;
	candidate.last_gift = winner->days[winner->total.grants - 1];
	return candidate;
}

static bool trial_decide(struct trial *trial, const struct coming *coming)
{
	struct campaign_try *result = trial->result;
	if (coming->on_day != trial->state.today)
		campaign_state_turn(&trial->state, coming->on_day);
	struct candidate candidate = candidate_of(trial, coming);
	struct decision decision = campaign_decide(trial->campaign, &trial->state, &candidate);
	decision_take(trial->campaign, &trial->state, &decision);
	result->outcomes[decision.outcome]++;
	const char *why = decision.outcome >= OUTCOME_STOCK && result->exhausted_on == DAY_NONE
				  ? campaign_exhausted(trial->campaign, &trial->state)
				  : NULL;
	if (why) {
		result->exhausted_on = coming->on_day;
		result->exhausted_why = why;
	}
	if (decision.outcome != OUTCOME_PRIZE)
		return true;
	const struct campaign_prize *prize = &trial->campaign->prizes[decision.prize];
	result->prizes[decision.prize]++;
	result->points += prize->points;
	result->minor += prize->minor;
	return winner_add(trial, coming->member_id, prize, coming->on_day);
}

static int by_day(const void *left, const void *right)
{
	const struct coming *a = left, *b = right;
	if (a->on_day != b->on_day)
		return (a->on_day > b->on_day) - (a->on_day < b->on_day);
	return a->member_id != b->member_id ? (a->member_id > b->member_id) - (a->member_id < b->member_id)
					    : (a->instance > b->instance) - (a->instance < b->instance);
}

static void coming_add(struct trial *trial, const struct found *found)
{
	const struct candidate *candidate = &found->candidate;
	day_t *gifts = NULL;
	if (candidate->gift_count > 0) {
		gifts = arena_alloc(&trial->arena, (size_t)candidate->gift_count * sizeof *gifts);
		memcpy(gifts, candidate->gifts, (size_t)candidate->gift_count * sizeof *gifts);
	}
	ARRAY_RESERVE(trial->coming, trial->coming_capacity, trial->coming_count + 1);
	trial->coming[trial->coming_count++] = (struct coming){.member_id = candidate->member_id,
		.instance = candidate->instance,
		.on_day = candidate->on_day,
		.last_gift = candidate->last_gift,
		.gifts = gifts,
		.gift_count = candidate->gift_count};
}

// Whether the member did not come in a look before.
static bool is_new(struct trial *trial, int64_t member_id)
{
	int64_t byte = member_id / 8;
	uint8_t bit = (uint8_t)(1 << member_id % 8);
	if (trial->looks == 1)
		return true;
	if (byte >= trial->seen_size) {
		int64_t size = byte * 2 + 1024;
		uint8_t *seen = realloc(trial->seen, (size_t)size);
		if (!seen)
			return true; // then counted twice
		memset(seen + trial->seen_size, 0, (size_t)(size - trial->seen_size));
		trial->seen = seen;
		trial->seen_size = size;
	}
	bool is_first = !(trial->seen[byte] & bit);
	trial->seen[byte] |= bit;
	return is_first;
}

// Half of a look is reading, half deciding. False: nobody wants to know any more.
static bool trial_tell(const struct trial *trial, int decided)
{
	struct background *background = trial->options->background;
	int64_t half = LOOK_PARTS / 2;
	if (!background)
		return true;
	background_tell(background,
		(int64_t)trial->look * LOOK_PARTS + half +
			(trial->coming_count ? half * decided / trial->coming_count : half),
		(int64_t)trial->looks * LOOK_PARTS);
	return !background_is_cancelled(background);
}

static bool coming_decide(struct trial *trial, struct error *error)
{
	for (int i = 0; i < trial->coming_count; i++) {
		if (i % TOLD_EVERY == 0 && !trial_tell(trial, i))
			return error_set(error, ERROR_CANCELLED, "the dry run", "", "cancelled");
		if (!trial_decide(trial, &trial->coming[i]))
			return error_set(error, ERROR_FAILED, "the dry run", "", "out of memory");
	}
	return !trial->state.draw.has_failed ||
	       error_set(error, ERROR_FAILED, "the dry run", "", "the library of digests does not work");
}

// Reads and decides the instances of some days, in the order of the days.
static bool days_try(struct trial *trial, struct finder *finder, struct session *session, day_t from,
	day_t to, struct error *error)
{
	struct look look = {.from = from,
		.to = to,
		.today = trial->options->today,
		.cooldown_days = campaign_cooldown(trial->campaign, &trial->state),
		.limit = LOOK_MOST};
	int rows;
	trial->coming_count = 0;
	do {
		rows = finder_look(finder, session, &look, error);
		for (int row = 0; row < rows; row++) {
			struct found found = found_read(finder, row);
			trial->result->instances++;
			look.after = found.candidate.member_id;
			if (found.is_in && (trial->options->is_past || !found.is_decided))
				coming_add(trial, &found);
		}
	} while (rows == LOOK_MOST);
	if (rows < 0)
		return false;
	trial->result->in_audience += trial->coming_count;
	for (int i = 0; i < trial->coming_count; i++)
		if (i == 0 || trial->coming[i].member_id != trial->coming[i - 1].member_id)
			trial->result->members += is_new(trial, trial->coming[i].member_id);
	if (trial->coming_count > 0)
		qsort(trial->coming, (size_t)trial->coming_count, sizeof *trial->coming, by_day);
	return coming_decide(trial, error);
}

static int by_size(const void *left, const void *right)
{
	const struct try_receiver *a = &((const struct winner *)left)->total,
				  *b = &((const struct winner *)right)->total;
	if (a->minor != b->minor)
		return (a->minor < b->minor) - (a->minor > b->minor);
	if (a->points != b->points)
		return (a->points < b->points) - (a->points > b->points);
	if (a->grants != b->grants)
		return (a->grants < b->grants) - (a->grants > b->grants);
	return (a->member_id > b->member_id) - (a->member_id < b->member_id);
}

static int by_number(const void *left, const void *right)
{
	int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
	return (a > b) - (a < b);
}

// The largest receivers; a sample in even steps through the rest; and who they all are.
static void winners_tell(struct trial *trial)
{
	struct campaign_try *result = trial->result;
	int count = trial->winner_count;
	result->receivers = count;
	result->receiver_ids = calloc((size_t)count + 1, sizeof *result->receiver_ids);
	for (int i = 0; result->receiver_ids && i < count; i++)
		result->receiver_ids[i] = trial->winners[i].total.member_id;
	for (int i = 0; i < TRY_SAMPLE && i < count; i++)
		result->sample[result->sample_count++] =
			trial->winners[(int64_t)i * count / (count < TRY_SAMPLE ? count : TRY_SAMPLE)].total;
	if (count > 0) {
		qsort(trial->winners, (size_t)count, sizeof *trial->winners, by_size);
		if (result->receiver_ids)
			qsort(result->receiver_ids, (size_t)count, sizeof *result->receiver_ids, by_number);
	}
	for (int i = 0; i < TRY_LARGEST && i < count; i++)
		result->largest[result->largest_count++] = trial->winners[i].total;
}

// It passes over all members: nothing is to be looked up one by one, and what is joined has room.
static const char BEGIN_SQL[] = "SET enable_nestloop = off; SET work_mem = '128MB'; SET jit = off";
static const char END_SQL[] = "RESET enable_nestloop; RESET work_mem; RESET jit";

static bool trial_begin(struct trial *trial, struct error *error)
{
	const struct try_options *options = trial->options;
	size_t prizes = (size_t)trial->campaign->prize_count;
	trial->state = (struct campaign_state){.campaign_no = options->campaign_no,
		.revision_no = options->revision_no,
		.house_hold_out = options->house_hold_out,
		.cooldown_days = options->cooldown_days,
		.today = options->from,
		.spent_points = options->is_past ? 0 : options->spent_points,
		.spent_minor = options->is_past ? 0 : options->spent_minor,
		.left = calloc(prizes, sizeof *trial->state.left)};
	campaign_draw_init(&trial->state.draw, TRIAL_SEED);
	campaign_draw_init(&trial->state.house_draw, TRIAL_SEED);
	trial->result->prizes = calloc(prizes, sizeof *trial->result->prizes);
	for (size_t i = 0; trial->state.left && i < prizes; i++)
		trial->state.left[i] = options->left && !options->is_past ? options->left[i]
									  : trial->campaign->prizes[i].stock;
	return (trial->state.left && trial->result->prizes) ||
	       error_set(error, ERROR_FAILED, "the dry run", "", "out of memory");
}

static void trial_end(struct trial *trial)
{
	for (int i = 0; i < trial->winner_count; i++)
		free(trial->winners[i].days);
	free(trial->winners);
	free(trial->coming);
	free(trial->places);
	free(trial->seen);
	free(trial->state.left);
	campaign_draw_free(&trial->state.draw);
	campaign_draw_free(&trial->state.house_draw);
	arena_free(&trial->arena);
}

bool campaign_try(struct campaign_try *result, struct session *session, const struct campaign *campaign,
	const struct condition_names *names, const struct try_options *options, struct error *error)
{
	struct trial trial = {.options = options, .result = result};
	struct campaign then = *campaign; // days gone by are paced as if it had begun with them
	struct finder finder = {.sql = NULL};
	enum trigger_kind kind = campaign->trigger.kind;
	*result = (struct campaign_try){.exhausted_on = DAY_NONE};
	trial.campaign = &then;
	if (!options->is_past && !TRIGGERS[kind].is_calendar)
		return error_set(error, ERROR_USAGE, "a dry run over days to come",
			"try the last days: --last DAYS", "nobody knows yet what will trigger it");
	if (options->is_past) {
		then.ends_on = options->from + (campaign->ends_on - campaign->starts_on);
		then.starts_on = options->from;
	}
	// A schedule brings everybody each time: one of its days is enough at once.
	int64_t step = kind == TRIGGER_SCHEDULE ? 1 : INT32_MAX;
	bool is_good = trial_begin(&trial, error) && session_script(session, BEGIN_SQL, error) &&
		       finder_init(&finder, &then, options->campaign_no, campaign->audience_frozen, names,
			       CONDITION_MANY, error);
	trial.looks = step == 1 ? options->to - options->from + 1 : 1;
	for (int64_t day = options->from; is_good && day <= options->to; day += step, trial.look++)
		is_good = days_try(
			&trial, &finder, session, (day_t)day, step == 1 ? (day_t)day : options->to, error);
	if (is_good)
		winners_tell(&trial);
	is_good = is_good && session_script(session, END_SQL, error);
	finder_free(&finder);
	trial_end(&trial);
	return is_good;
}

void campaign_try_free(struct campaign_try *result)
{
	free(result->prizes);
	free(result->receiver_ids);
	*result = (struct campaign_try){.exhausted_on = DAY_NONE};
}

struct result *campaign_overlap(struct session *session, const struct campaign_try *result, int campaign_no,
	day_t today, struct error *error)
{
	char *ids = NULL, number[12], day[DAY_SIZE];
	size_t length;
	FILE *out = open_memstream(&ids, &length);
	struct result *answer = NULL;
	if (!out)
		return error_set(error, ERROR_FAILED, "the dry run", "", "out of memory"), NULL;
	fputc('{', out);
	for (int64_t i = 0; i < result->receivers; i++)
		fprintf(out, "%s%" PRId64, i ? "," : "", result->receiver_ids[i]);
	fputc('}', out);
	snprintf(number, sizeof number, "%d", campaign_no);
	if (fclose(out) == 0)
		answer = session_ask(session, error,
			"SELECT c.campaign_no AS campaign, c.code, c.name, g.members FROM (SELECT x.campaign_no, "
			"count(*) AS members FROM (SELECT DISTINCT x.campaign_no, x.member_id FROM loyalty.campaign_grant x "
			"WHERE x.outcome = 'prize' AND x.campaign_no <> $2::int AND x.granted_on > $3::date - 90) x "
			"WHERE x.member_id IN (SELECT unnest($1::bigint[])) GROUP BY 1) g "
			"JOIN loyalty.campaign c USING (campaign_no) ORDER BY 4 DESC, 1",
			3, ids, number, day_format(today, day));
	free(ids);
	return answer;
}
