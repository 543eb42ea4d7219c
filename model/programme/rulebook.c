// The approved versions of the programme, compiled, and the database's numbers for what they name.
#include "model/programme/rulebook.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char VERSIONS_SQL[] =
	"SELECT v.version_no, v.effective_from, v.document, loyalty.programme_stamp() "
	"FROM loyalty.programme_version v WHERE v.state = 'approved' ORDER BY v.effective_from, v.version_no";
static const char NUMBERS_SQL[] =
	"SELECT 'currency' AS kind, currency_id AS id, code, 0 AS parent FROM loyalty.currency "
	"UNION ALL SELECT 'ladder', ladder_id, code, 0 FROM loyalty.ladder UNION ALL "
	"SELECT 'tier', tier_id, code, ladder_id FROM loyalty.tier UNION ALL "
	"SELECT 'rule', rule_id, code, 0 FROM loyalty.rule UNION ALL "
	"SELECT 'reward', reward_id, code, 0 FROM loyalty.reward UNION ALL "
	"SELECT 'segment', segment_id, code, 0 FROM loyalty.verified_segment";

void rulebook_ask(struct ask asks[RULEBOOK_STATEMENTS])
{
	ask_init(&asks[0], VERSIONS_SQL);
	ask_init(&asks[1], NUMBERS_SQL);
}

static bool refuse_document(const char *name, const struct document_errors *errors, struct error *error)
{
	char line[512] = "out of memory";
	if (errors->count > 0)
		document_error_line(&errors->errors[0], line, sizeof line);
	return error_set(error, ERROR_FAILED, "the programme cannot be used",
		"loyalty programme check FILE lists all mistakes", "%s: %d mistakes, the first: %s", name,
		errors->count, line);
}

static struct programme *programme_compile(
	const char *name, const char *text, size_t length, struct error *error)
{
	struct document_errors errors;
	document_errors_init(&errors);
	struct programme *programme = programme_read(name, text, length, &errors);
	if (!programme)
		refuse_document(name, &errors, error);
	document_errors_free(&errors);
	return programme;
}

struct numbering {
	const struct result *numbers;
	const char *missing; // the code of something without a number
	int provisional;     // the last one given to a draft's, which has no numbers yet
};

// Gives a code its number; what has none gets one below zero.
static int number_find(struct numbering *numbering, const char *kind, int parent, const char *code)
{
	const struct result *numbers = numbering->numbers;
	for (int row = 0; row < result_rows(numbers); row++)
		if (strcmp(result_text(numbers, row, 0), kind) == 0 &&
			strcmp(result_text(numbers, row, 2), code) == 0 &&
			result_int64(numbers, row, 3) == parent)
			return (int)result_int64(numbers, row, 1);
	numbering->missing = code;
	return --numbering->provisional;
}

#define NUMBERS(arena, count) arena_alloc((arena), (size_t)((count) + 1) * sizeof(int))

static void number_things(struct rulebook_version *version, struct numbering *numbering, struct arena *arena)
{
	const struct programme *programme = version->programme;
	version->currencies = NUMBERS(arena, programme->currency_count);
	for (int i = 0; i < programme->currency_count; i++)
		version->currencies[i] = number_find(numbering, "currency", 0, programme->currencies[i].code);
	version->rewards = NUMBERS(arena, programme->reward_count);
	for (int i = 0; i < programme->reward_count; i++)
		version->rewards[i] = number_find(numbering, "reward", 0, programme->rewards[i].code);
	version->segments = NUMBERS(arena, programme->segment_count);
	for (int i = 0; i < programme->segment_count; i++)
		version->segments[i] = number_find(numbering, "segment", 0, programme->segments[i].code);
	version->ladders = NUMBERS(arena, programme->ladder_count);
	version->tiers = arena_alloc(arena, (size_t)(programme->ladder_count + 1) * sizeof(int *));
	for (int i = 0; i < programme->ladder_count; i++) {
		const struct ladder *ladder = &programme->ladders[i];
		version->ladders[i] = number_find(numbering, "ladder", 0, ladder->code);
		version->tiers[i] = NUMBERS(arena, ladder->tier_count);
		for (int j = 0; j < ladder->tier_count; j++)
			version->tiers[i][j] =
				number_find(numbering, "tier", version->ladders[i], ladder->tiers[j].code);
	}
}

static void number_rules(struct rulebook_version *version, struct numbering *numbering, struct arena *arena)
{
	const struct programme *programme = version->programme;
	version->earn = NUMBERS(arena, programme->earn_count);
	for (int i = 0; i < programme->earn_count; i++)
		version->earn[i] = number_find(numbering, "rule", 0, programme->earn[i].id);
	version->grants = NUMBERS(arena, programme->grant_count);
	for (int i = 0; i < programme->grant_count; i++)
		version->grants[i] = number_find(numbering, "rule", 0, programme->grants[i].id);
	version->payouts = NUMBERS(arena, programme->payout_count);
	for (int i = 0; i < programme->payout_count; i++)
		version->payouts[i] = number_find(numbering, "rule", 0, programme->payouts[i].id);
	version->autos = NUMBERS(arena, programme->auto_count);
	for (int i = 0; i < programme->auto_count; i++)
		version->autos[i] = number_find(numbering, "rule", 0, programme->autos[i].id);
}

static bool version_read(struct rulebook *rulebook, const struct result *versions, int row,
	const struct result *numbers, struct error *error)
{
	struct rulebook_version *version = &rulebook->versions[row];
	struct numbering numbering = {.numbers = numbers};
	char name[64];
	version->version_no = (int)result_int64(versions, row, 0);
	version->effective_from = result_day(versions, row, 1);
	snprintf(name, sizeof name, "programme version %d", version->version_no);
	version->programme = programme_compile(
		name, result_text(versions, row, 2), result_length(versions, row, 2), error);
	if (!version->programme)
		return false;
	rulebook->count++;
	number_things(version, &numbering, &rulebook->arena);
	number_rules(version, &numbering, &rulebook->arena);
	if (numbering.missing)
		return error_set(error, ERROR_FAILED, "the programme cannot be used",
			"load its document again", "%s names %s, which has no number in the database", name,
			numbering.missing);
	return true;
}

// From that day on the draft holds, whatever was to follow.
static void draft_add(
	struct rulebook *rulebook, struct programme *draft, day_t from, const struct result *numbers)
{
	struct numbering numbering = {.numbers = numbers};
	while (rulebook->count > 0 && rulebook->versions[rulebook->count - 1].effective_from > from)
		programme_free(rulebook->versions[--rulebook->count].programme);
	struct rulebook_version *version = &rulebook->versions[rulebook->count++];
	*version = (struct rulebook_version){.effective_from = from, .programme = draft};
	number_things(version, &numbering, &rulebook->arena);
	number_rules(version, &numbering, &rulebook->arena);
}

struct rulebook *rulebook_read(struct result *const *results, struct error *error)
{
	const struct result *versions = results[0];
	struct rulebook *rulebook = calloc(1, sizeof *rulebook);
	if (rulebook)
		rulebook->versions = calloc((size_t)result_rows(versions) + 1, sizeof *rulebook->versions);
	if (!rulebook || !rulebook->versions) {
		error_set(error, ERROR_FAILED, "the programme cannot be read", "", "out of memory");
		rulebook_free(rulebook);
		return NULL;
	}
	bool is_good =
		result_rows(versions) > 0 ||
		error_set(error, ERROR_FAILED, "there is no programme yet",
			"an administrator loads one: loyalty programme load FILE", "no version is approved");
	rulebook->stamp = is_good ? result_int64(versions, 0, 3) : 0;
	for (int row = 0; is_good && row < result_rows(versions); row++)
		is_good = version_read(rulebook, versions, row, results[1], error);
	if (!is_good) {
		rulebook_free(rulebook);
		return NULL;
	}
	return rulebook;
}

struct rulebook *rulebook_load(struct session *session, struct error *error)
{
	return rulebook_load_trying(session, NULL, DAY_NONE, error);
}

struct rulebook *rulebook_load_trying(
	struct session *session, struct programme *draft, day_t from, struct error *error)
{
	struct result *results[RULEBOOK_STATEMENTS] = {0};
	struct ask asks[RULEBOOK_STATEMENTS];
	struct rulebook *rulebook = NULL;
	bool is_good = true;
	rulebook_ask(asks);
	for (int i = 0; is_good && i < RULEBOOK_STATEMENTS; i++) {
		results[i] = session_query(session, asks[i].sql, NULL, 0, error);
		is_good = results[i] != NULL;
	}
	if (is_good)
		rulebook = rulebook_read(results, error);
	if (rulebook && draft)
		draft_add(rulebook, draft, from, results[1]);
	else
		programme_free(draft);
	for (int i = 0; i < RULEBOOK_STATEMENTS; i++)
		result_free(results[i]);
	return rulebook;
}

void rulebook_free(struct rulebook *rulebook)
{
	if (!rulebook)
		return;
	rulebook_free(rulebook->older);
	for (int i = 0; i < rulebook->count; i++)
		programme_free(rulebook->versions[i].programme);
	free(rulebook->versions);
	arena_free(&rulebook->arena);
	free(rulebook);
}

int rulebook_at(const struct rulebook *rulebook, day_t day)
{
	int at = 0;
	for (int i = 1; i < rulebook->count; i++)
		if (rulebook->versions[i].effective_from <= day)
			at = i;
	return at;
}

int rulebook_version(const struct rulebook *rulebook, int version_no)
{
	for (int i = 0; i < rulebook->count; i++)
		if (rulebook->versions[i].version_no == version_no)
			return i;
	return -1;
}

const struct rulebook_version *rulebook_newest(const struct rulebook *rulebook)
{
	return &rulebook->versions[rulebook->count - 1];
}

static int number_index(const int *numbers, int count, int number)
{
	for (int i = 0; i < count; i++)
		if (numbers[i] == number)
			return i;
	return -1;
}

int rulebook_currency(const struct rulebook_version *version, int currency_id)
{
	return number_index(version->currencies, version->programme->currency_count, currency_id);
}

int rulebook_ladder(const struct rulebook_version *version, int ladder_id)
{
	return number_index(version->ladders, version->programme->ladder_count, ladder_id);
}

int rulebook_tier(const struct rulebook_version *version, int ladder, int tier_id)
{
	if (ladder < 0)
		return -1;
	return number_index(version->tiers[ladder], version->programme->ladders[ladder].tier_count, tier_id);
}

int rulebook_earn_rule(const struct rulebook_version *version, int rule_id)
{
	return number_index(version->earn, version->programme->earn_count, rule_id);
}
