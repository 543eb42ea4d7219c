// Why each decision of a campaign was what it was, worked out once more from the decisions before it.
#include "model/campaign/campaign_reasons.h"

#include "db/wire.h"
#include "model/campaign/campaign_decide.h"
#include "model/campaign/campaign_decisions.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PRIZE_CODE = 40 };

// clang-format off: it tears statements with names in them to pieces
static const char REVISIONS_SQL[] =
	"SELECT r.revision_no, r.document FROM loyalty.campaign_revision r"
	" WHERE r.campaign_no = $1::int AND r.approved_at IS NOT NULL ORDER BY r.revision_no";

static const char COOLDOWNS_SQL[] = "SELECT c FROM unnest(loyalty.campaign_cooldowns()) c";

static const char DECISIONS_SQL[] =
	"SELECT g.decision_no, g.revision_no, g.member_id, g.instance, g.granted_on, g.ticket, g.outcome, g.prize,"
	" g.points, g.minor,"
	" (SELECT max(x.granted_on) FROM loyalty.campaign_grant x"
	" WHERE x.member_id = g.member_id AND x.outcome = 'prize' AND x.decision_no < g.decision_no),"
	" ARRAY(SELECT x.granted_on - date '2000-01-01' FROM loyalty.campaign_grant x"
	" WHERE x.member_id = g.member_id AND x.campaign_no = g.campaign_no AND x.outcome = 'prize'"
	" AND x.decision_no < g.decision_no)"
	" FROM loyalty.campaign_grant g WHERE g.campaign_no = $1::int AND g.decision_no > $2::bigint"
	" ORDER BY g.decision_no LIMIT $3::int";
// clang-format on

enum column {
	DECISION_NO,
	REVISION_NO,
	MEMBER_ID,
	INSTANCE,
	GRANTED_ON,
	TICKET,
	OUTCOME,
	PRIZE,
	POINTS,
	MINOR,
	LAST_GIFT,
	GIFTS,
};

struct revision {
	int number;
	struct campaign campaign;
	bool is_read;
};

struct given { // of a prize, by all revisions
	char code[PRIZE_CODE];
	int64_t count;
};

struct history {
	struct campaign_reasons *result;
	struct revision *revisions;
	int revision_count;
	int64_t *cooldowns;
	int cooldown_count;
	struct campaign_state state; // left: of the prizes of the decision's revision
	struct given *given;
	int given_count, given_capacity;
	day_t *gifts;
	int gift_capacity;
	int left_capacity;
};

static void revision_read(struct history *history, const struct campaign_house *house,
	const struct result *rows, int row)
{
	struct revision *revision = &history->revisions[row];
	struct document_errors errors;
	document_errors_init(&errors);
	revision->number = (int)result_int64(rows, row, 0);
	revision->is_read = campaign_read(&revision->campaign, "revision", result_text(rows, row, 1),
		result_length(rows, row, 1), house, &errors);
	if (!revision->is_read && !history->result->unread[0])
		snprintf(history->result->unread, REASONS_DETAIL, "revision %d cannot be read any more: %.60s: %.80s",
			revision->number, errors.errors[0].path, errors.errors[0].text);
	document_errors_free(&errors);
}

static bool revisions_read(
	struct history *history, struct session *session, int campaign_no, struct error *error)
{
	struct campaign_house house;
	char number[12];
	const char *values[] = {number};
	snprintf(number, sizeof number, "%d", campaign_no);
	if (!campaign_house_load(&house, session, error))
		return false;
	house.is_running = true;
	struct result *rows = session_query_binary(session, REVISIONS_SQL, values, 1, error);
	int count = rows ? result_rows(rows) : 0;
	history->revisions = calloc((size_t)count + 1, sizeof *history->revisions);
	for (int row = 0; history->revisions && row < count; row++, history->revision_count++)
		revision_read(history, &house, rows, row);
	result_free(rows);
	campaign_house_free(&house);
	return rows && (history->revisions || error_set(error, ERROR_FAILED, "verifying the campaign", "",
						      "out of memory"));
}

static bool cooldowns_read(struct history *history, struct session *session, struct error *error)
{
	struct result *rows = session_query_binary(session, COOLDOWNS_SQL, NULL, 0, error);
	if (!rows)
		return false;
	history->cooldown_count = result_rows(rows);
	history->cooldowns = calloc((size_t)history->cooldown_count + 1, sizeof *history->cooldowns);
	for (int row = 0; history->cooldowns && row < history->cooldown_count; row++)
		history->cooldowns[row] = result_int64(rows, row, 0);
	result_free(rows);
	return history->cooldowns ||
	       error_set(error, ERROR_FAILED, "verifying the campaign", "", "out of memory");
}

static struct revision *revision_of(struct history *history, int64_t number)
{
	for (int i = 0; i < history->revision_count; i++)
		if (history->revisions[i].number == number)
			return &history->revisions[i];
	return NULL;
}

static struct given *given_of(struct history *history, const char *code)
{
	for (int i = 0; i < history->given_count; i++)
		if (strcmp(history->given[i].code, code) == 0)
			return &history->given[i];
	ARRAY_RESERVE(history->given, history->given_capacity, history->given_count + 1);
	struct given *given = &history->given[history->given_count++];
	*given = (struct given){.count = 0};
	snprintf(given->code, PRIZE_CODE, "%s", code);
	return given;
}

// What the decision depends on, as it was before it.
static struct candidate candidate_read(
	struct history *history, const struct campaign *campaign, const struct result *rows, int row)
{
	struct elements elements = result_elements(rows, row, GIFTS);
	int count = 0;
	for (int64_t day; elements_next_int(&elements, &day);) {
		ARRAY_RESERVE(history->gifts, history->gift_capacity, count + 1);
		history->gifts[count++] = (day_t)day;
	}
	ARRAY_RESERVE(history->state.left, history->left_capacity, campaign->prize_count);
	for (int i = 0; i < campaign->prize_count; i++)
		history->state.left[i] =
			campaign->prizes[i].stock == CAMPAIGN_ALL
				? CAMPAIGN_ALL
				: campaign->prizes[i].stock - given_of(history, campaign->prizes[i].code)->count;
	campaign_state_turn(&history->state, result_day(rows, row, GRANTED_ON));
	return (struct candidate){.member_id = result_int64(rows, row, MEMBER_ID),
		.last_gift = result_day(rows, row, LAST_GIFT),
		.gifts = history->gifts,
		.gift_count = count};
}

static bool follows(struct history *history, const struct campaign *campaign,
	const struct candidate *candidate, const struct result *rows, int row, struct decision *decision)
{
	const char *outcome = result_text(rows, row, OUTCOME), *prize = result_text(rows, row, PRIZE);
	bool is_held_out = strcmp(outcome, outcome_word(OUTCOME_HOLD_OUT)) == 0;
	for (int i = 0; i < history->cooldown_count; i++) {
		history->state.cooldown_days = history->cooldowns[i];
		*decision = campaign_settle(campaign, &history->state, candidate,
			(int)result_int64(rows, row, TICKET), is_held_out);
		if (strcmp(outcome, outcome_word(decision->outcome)) == 0 &&
			strcmp(prize, decision->prize >= 0 ? campaign->prizes[decision->prize].code : "") ==
				0)
			return true;
	}
	return false;
}

// The same, where the rewards drawn and in its place have run out one after the other.
static bool follows_without(struct history *history, const struct campaign *campaign,
	const struct candidate *candidate, const struct result *rows, int row)
{
	struct decision decision;
	int prize = campaign_prize_drawn(campaign, (int)result_int64(rows, row, TICKET));
	for (; prize >= 0; prize = campaign->prizes[prize].consolation) {
		if (campaign->prizes[prize].kind != PRIZE_REWARD)
			return false;
		history->state.left[prize] = 0;
		if (follows(history, campaign, candidate, rows, row, &decision))
			return true;
	}
	return false;
}

static void breach_add(struct history *history, const struct campaign *campaign, const struct result *rows,
	int row, const struct decision *decision)
{
	struct campaign_reasons *result = history->result;
	const char *prize = result_text(rows, row, PRIZE);
	result->broken++;
	if (result->breach_count == REASONS_BREACHES)
		return;
	struct reasons_breach *breach = &result->breaches[result->breach_count++];
	*breach = (struct reasons_breach){.member_id = result_int64(rows, row, MEMBER_ID),
		.instance = result_int64(rows, row, INSTANCE)};
	snprintf(breach->detail, REASONS_DETAIL, "says %.40s, but %.40s follows from the decisions before it",
		*prize ? prize : result_text(rows, row, OUTCOME),
		decision->prize >= 0 ? campaign->prizes[decision->prize].code
				     : outcome_word(decision->outcome));
}

// What was given counts as it stands, so that one false row does not make all after it false.
static void decision_count(struct history *history, const struct result *rows, int row)
{
	if (result_is_null(rows, row, PRIZE))
		return;
	history->state.spent_points += result_int64(rows, row, POINTS);
	history->state.spent_minor += result_int64(rows, row, MINOR);
	given_of(history, result_text(rows, row, PRIZE))->count++;
	for (int period = 0; period < LIMIT_PERIODS; period++)
		history->state.granted[period]++;
}

static void decision_check(void *payload, const struct result *rows, int row)
{
	struct history *history = payload;
	struct revision *revision = revision_of(history, result_int64(rows, row, REVISION_NO));
	struct decision decision;
	if (revision && revision->is_read) {
		struct candidate candidate = candidate_read(history, &revision->campaign, rows, row);
		history->result->derived++;
		if (!follows(history, &revision->campaign, &candidate, rows, row, &decision) &&
			!follows_without(history, &revision->campaign, &candidate, rows, row))
			breach_add(history, &revision->campaign, rows, row, &decision);
	}
	decision_count(history, rows, row);
}

bool campaign_reasons_check(
	struct campaign_reasons *result, struct session *session, int campaign_no, struct error *error)
{
	struct history history = {.result = result};
	*result = (struct campaign_reasons){.derived = 0};
	bool is_good = revisions_read(&history, session, campaign_no, error) &&
		       cooldowns_read(&history, session, error) &&
		       decisions_each(session, DECISIONS_SQL, campaign_no, decision_check, &history, error);
	for (int i = 0; i < history.revision_count; i++)
		campaign_free(&history.revisions[i].campaign);
	free(history.revisions);
	free(history.cooldowns);
	free(history.state.left);
	free(history.given);
	free(history.gifts);
	return is_good;
}
