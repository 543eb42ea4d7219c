// The worker's run of campaigns, piece by piece: finds who comes, decides, and writes decisions and events
// down in one transaction.
#include "model/campaign/campaign_run.h"
#include "model/campaign/campaign_results.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PIECE_DEFAULT = 10000 }; // a person who stops the campaign waits for one piece

static const char TAKE_SQL[] = "SELECT * FROM loyalty.campaign_take($1::date, $2::timestamptz)";
static const char POST_SQL[] =
	"SELECT loyalty.campaign_post($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";

// The columns of campaign_take().
enum taken_column {
	TAKEN_NO,
	TAKEN_REVISION,
	TAKEN_CODE,
	TAKEN_DOCUMENT,
	TAKEN_FROM,
	TAKEN_TO,
	TAKEN_AFTER,
	TAKEN_SEED,
	TAKEN_HOUSE_SEED,
	TAKEN_HOUSE_HOLD_OUT,
	TAKEN_COOLDOWN,
	TAKEN_SPENT_POINTS,
	TAKEN_SPENT_MINOR,
	TAKEN_GRANTED,
	TAKEN_PRIZES,
	TAKEN_STOCKS,
	TAKEN_COMPLAINTS,
	TAKEN_OPT_OUTS,
	TAKEN_AUDIENCE,
	TAKEN_ANSWERS,
};

// Where campaign_post() has its arrays, in the order of its parameters.
enum post_column {
	POST_MEMBER = 3,
	POST_INSTANCE,
	POST_ON_DAY,
	POST_TICKET,
	POST_OUTCOME,
	POST_DRAWN,
	POST_PRIZE,
	POST_POINTS,
	POST_MINOR,
};

// What a piece is about.
struct piece {
	struct result *taken;
	struct campaign_state state;
	day_t from, to;
	int64_t after;   // the piece begins behind this member, and has come to this one
	bool is_whole;   // the days are done
	char pause[200]; // why the campaign is to pause; "": it goes on
};

void campaign_runner_init(struct campaign_runner *runner, int piece)
{
	*runner = (struct campaign_runner){.piece = piece > 0 ? piece : PIECE_DEFAULT};
	query_init(&runner->post, "campaign_post", POST_SQL);
}

void campaign_runner_free(struct campaign_runner *runner)
{
	campaign_free(&runner->campaign);
	finder_free(&runner->finder);
	query_free(&runner->post);
}

// Reads the document again when it is not the one read last. A mistake in it, as when the programme has
// changed since its approval, is a reason to pause. False: the link does not work.
static bool campaign_renew(
	struct campaign_runner *runner, struct session *session, struct piece *piece, struct error *error)
{
	struct campaign_house house;
	struct document_errors errors;
	const struct result *taken = piece->taken;
	if (runner->campaign_no == piece->state.campaign_no &&
		runner->revision_no == piece->state.revision_no)
		return true;
	campaign_free(&runner->campaign);
	finder_free(&runner->finder);
	runner->campaign_no = 0;
	if (!campaign_house_load(&house, session, error))
		return false;
	house.is_running = true;
	document_errors_init(&errors);
	bool is_right = campaign_read(&runner->campaign, result_text(taken, 0, TAKEN_CODE),
		result_text(taken, 0, TAKEN_DOCUMENT), result_length(taken, 0, TAKEN_DOCUMENT), &house,
		&errors);
	if (!is_right)
		snprintf(piece->pause, sizeof piece->pause, "%.60s: %.120s", errors.errors[0].path,
			errors.errors[0].text);
	document_errors_free(&errors);
	bool is_found =
		is_right && finder_init(&runner->finder, &runner->campaign, piece->state.campaign_no,
				    result_text(taken, 0, TAKEN_AUDIENCE), house.names, CONDITION_FEW, error);
	campaign_house_free(&house);
	if (is_right && !is_found)
		snprintf(piece->pause, sizeof piece->pause, "%.190s", error->why);
	if (is_found) {
		runner->campaign_no = piece->state.campaign_no;
		runner->revision_no = piece->state.revision_no;
	}
	return true;
}

static void state_read(struct campaign_state *state, const struct result *taken, day_t today)
{
	struct elements granted = result_elements(taken, 0, TAKEN_GRANTED);
	*state = (struct campaign_state){.campaign_no = (int)result_int64(taken, 0, TAKEN_NO),
		.revision_no = (int)result_int64(taken, 0, TAKEN_REVISION),
		.house_hold_out = (int)result_int64(taken, 0, TAKEN_HOUSE_HOLD_OUT),
		.cooldown_days = result_int64(taken, 0, TAKEN_COOLDOWN),
		.today = today,
		.spent_points = result_int64(taken, 0, TAKEN_SPENT_POINTS),
		.spent_minor = result_int64(taken, 0, TAKEN_SPENT_MINOR)};
	for (int period = 0; period < LIMIT_PERIODS; period++)
		elements_next_int(&granted, &state->granted[period]);
	campaign_draw_init(&state->draw, result_bytes(taken, 0, TAKEN_SEED));
	campaign_draw_init(&state->house_draw, result_bytes(taken, 0, TAKEN_HOUSE_SEED));
}

static void state_free(struct campaign_state *state)
{
	campaign_draw_free(&state->draw);
	campaign_draw_free(&state->house_draw);
	free(state->left);
}

// What is left of each prize stands in the order of the document, which is that of the revision's projection.
static bool stocks_read(
	struct campaign_state *state, const struct campaign *campaign, const struct result *taken)
{
	struct elements stocks = result_elements(taken, 0, TAKEN_STOCKS);
	const char *data;
	size_t length;
	state->left = calloc((size_t)campaign->prize_count, sizeof *state->left);
	for (int i = 0; state->left && i < campaign->prize_count && elements_next(&stocks, &data, &length);
		i++) {
		state->left[i] = data ? 0 : CAMPAIGN_ALL;
		for (size_t byte = 0; data && byte < length; byte++)
			state->left[i] = (int64_t)((uint64_t)state->left[i] << 8 | (uint8_t)data[byte]);
	}
	return state->left != NULL;
}

static void post_begin(struct query *post, const struct piece *piece)
{
	static const enum wire_type columns[] = {WIRE_INT8, WIRE_INT8, WIRE_DATE, WIRE_INT4, WIRE_TEXT,
		WIRE_TEXT, WIRE_TEXT, WIRE_INT8, WIRE_INT8};
	query_clear(post);
	query_int(post, WIRE_INT4, piece->state.campaign_no);
	query_int(post, WIRE_DATE, piece->state.today);
	query_int(post, WIRE_DATE, piece->to);
	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
		query_array(post, columns[i]);
}

static void post_add(struct query *post, const struct campaign *campaign, const struct candidate *candidate,
	const struct decision *decision)
{
	struct parameter **columns = post->parameters;
	const struct campaign_prize *prize = decision->prize >= 0 ? &campaign->prizes[decision->prize] : NULL;
	array_int(columns[POST_MEMBER], candidate->member_id);
	array_int(columns[POST_INSTANCE], candidate->instance);
	array_int(columns[POST_ON_DAY], candidate->on_day);
	array_int(columns[POST_TICKET], decision->ticket);
	array_text(columns[POST_OUTCOME], outcome_word(decision->outcome));
	array_text(columns[POST_DRAWN], decision->drawn >= 0 ? campaign->prizes[decision->drawn].code : NULL);
	array_text(columns[POST_PRIZE], prize ? prize->code : NULL);
	array_int(columns[POST_POINTS], prize ? prize->points : 0);
	array_int(columns[POST_MINOR], prize ? prize->minor : 0);
}

// The member whose instances are being decided, so that the second knows of what the first gave.
struct giving {
	int64_t member_id;
	day_t *gifts;
	int count, capacity;
	bool was_given; // in this piece
};

static void giving_turn(struct giving *giving, struct candidate *candidate, day_t today)
{
	if (candidate->member_id != giving->member_id) {
		giving->member_id = candidate->member_id;
		giving->was_given = false;
		giving->count = 0;
		for (int i = 0; i < candidate->gift_count; i++) {
			ARRAY_RESERVE(giving->gifts, giving->capacity, giving->count + 1);
			giving->gifts[giving->count++] = candidate->gifts[i];
		}
	}
	candidate->gifts = giving->gifts;
	candidate->gift_count = giving->count;
	if (giving->was_given)
		candidate->last_gift = today;
}

static void giving_add(struct giving *giving, day_t today)
{
	ARRAY_RESERVE(giving->gifts, giving->capacity, giving->count + 1);
	giving->gifts[giving->count++] = today;
	giving->was_given = true;
}

// Whether receivers would recommend the house less than members held out, by more than chance.
static bool nps_falls(const struct campaign *campaign, const struct result *taken, char *out, size_t size)
{
	struct elements answers = result_elements(taken, 0, TAKEN_ANSWERS);
	struct campaign_results results = {0};
	int64_t *const counts[] = {&results.received.promoters, &results.received.passives,
		&results.received.detractors, &results.held_out.promoters, &results.held_out.passives,
		&results.held_out.detractors};
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
		elements_next_int(&answers, counts[i]);
	struct results_comparison nps = results_compare(&results, FIGURE_NPS);
	if (campaign->nps_drop == CAMPAIGN_ALL || !nps.is_known || !nps.tells ||
		nps.difference.value > (double)-campaign->nps_drop)
		return false;
	snprintf(out, size,
		"the NPS of receivers is %.0f points below that of the held out (95 %%: %.0f to %.0f; %" PRId64
		" and %" PRId64 " answers)",
		-nps.difference.value, -nps.difference.high, -nps.difference.low, nps.received_n,
		nps.held_out_n);
	return true;
}

static const char *harm_find(
	const struct campaign *campaign, const struct result *taken, char *out, size_t size)
{
	int64_t complaints = result_int64(taken, 0, TAKEN_COMPLAINTS),
		opt_outs = result_int64(taken, 0, TAKEN_OPT_OUTS);
	if (complaints >= campaign->complaints)
		snprintf(out, size, "%" PRId64 " members it gave something have opened cases", complaints);
	else if (opt_outs >= campaign->opt_outs)
		snprintf(
			out, size, "%" PRId64 " members it gave something refuse promotions since", opt_outs);
	else
		return nps_falls(campaign, taken, out, size) ? out : NULL;
	return out;
}

// Decides on what was found, and adds it to what is to be posted, up to the end or a reason to pause.
static void piece_decide(struct campaign_runner *runner, struct piece *piece, int rows)
{
	struct giving giving = {.member_id = 0};
	for (int row = 0; row < rows && !piece->pause[0]; row++) {
		struct found found = found_read(&runner->finder, row);
		if (!found.is_in || found.is_decided)
			continue;
		giving_turn(&giving, &found.candidate, piece->state.today);
		struct decision decision =
			campaign_decide(&runner->campaign, &piece->state, &found.candidate);
		decision_take(&runner->campaign, &piece->state, &decision);
		post_add(&runner->post, &runner->campaign, &found.candidate, &decision);
		if (decision.outcome == OUTCOME_PRIZE) {
			giving_add(&giving, piece->state.today);
			runner->granted++;
		}
		const char *why = decision.outcome >= OUTCOME_STOCK
					  ? campaign_exhausted(&runner->campaign, &piece->state)
					  : NULL;
		snprintf(piece->pause, sizeof piece->pause, "%s", why ? why : "");
	}
	free(giving.gifts);
}

// How far the piece has come. A member's instances may go on in the next one: it begins with that member
// again, and what is decided stays so.
static void piece_place(struct campaign_runner *runner, struct piece *piece, int rows)
{
	piece->is_whole = rows < runner->piece && !piece->pause[0];
	if (rows == 0)
		return;
	int64_t first = found_read(&runner->finder, 0).candidate.member_id,
		last = found_read(&runner->finder, rows - 1).candidate.member_id;
	if (!piece->pause[0])
		piece->after = first < last ? last - 1 : last;
}

static bool piece_post(struct campaign_runner *runner, struct session *session, const struct piece *piece,
	struct error *error)
{
	struct result *result = NULL;
	if (piece->is_whole)
		query_null(&runner->post, WIRE_INT8);
	else
		query_int(&runner->post, WIRE_INT8, piece->after);
	query_text(&runner->post, piece->pause[0] ? piece->pause : NULL);
	bool is_good = pipeline_send(session, &runner->post, error) && pipeline_sync(session, error) &&
		       pipeline_results(session, &result, 1, error);
	result_free(result);
	return is_good;
}

static bool piece_run(
	struct campaign_runner *runner, struct session *session, struct piece *piece, struct error *error)
{
	int rows = 0;
	if (!campaign_renew(runner, session, piece, error))
		return false;
	post_begin(&runner->post, piece);
	if (!piece->pause[0])
		harm_find(&runner->campaign, piece->taken, piece->pause, sizeof piece->pause);
	if (!piece->pause[0]) {
		if (!stocks_read(&piece->state, &runner->campaign, piece->taken))
			return error_set(
				error, ERROR_FAILED, "the campaign cannot be run", "", "out of memory");
		const struct look look = {.from = piece->from,
			.to = piece->to,
			.today = piece->state.today,
			.after = piece->after,
			.cooldown_days = campaign_cooldown(&runner->campaign, &piece->state),
			.limit = runner->piece};
		rows = finder_look(&runner->finder, session, &look, error);
		if (rows < 0)
			return false;
		piece_decide(runner, piece, rows);
	}
	if (piece->state.draw.has_failed || piece->state.house_draw.has_failed)
		return error_set(error, ERROR_FAILED, "the campaign cannot be run", "",
			"the library of digests does not work");
	piece_place(runner, piece, rows);
	return piece_post(runner, session, piece, error);
}

// What lies in the campaign and not in the link or the server: it pauses, so that the others go on.
static bool fault_note(struct session *session, const struct piece *piece, struct error *error)
{
	char campaign_no[12], day[DAY_SIZE], after[24], why[300];
	const char *values[] = {campaign_no, day_format(piece->state.today, day), after, why};
	bool is_its_own = strncmp(error->sqlstate, "22", 2) == 0 || strncmp(error->sqlstate, "23", 2) == 0 ||
			  strncmp(error->sqlstate, "42", 2) == 0 || strncmp(error->sqlstate, "LY", 2) == 0;
	struct error ignored;
	if (!is_its_own || !session_is_alive(session) || !session_rollback(session, &ignored))
		return false;
	snprintf(campaign_no, sizeof campaign_no, "%d", piece->state.campaign_no);
	snprintf(after, sizeof after, "%" PRId64, piece->after);
	snprintf(why, sizeof why, "it could not be run: %.250s", error->why);
	return session_execute(session,
		"SELECT loyalty.campaign_post($1::int, $2::date, $2::date, '{}', '{}', '{}', '{}', '{}', "
		"'{}', '{}', "
		"'{}', '{}', $3::bigint, $4)",
		values, 4, error);
}

// Fills the piece from what is to do; taken has no row when there is nothing.
static bool piece_take(struct campaign_runner *runner, struct session *session, struct piece *piece,
	day_t today, struct error *error)
{
	char day[DAY_SIZE];
	const char *values[] = {day_format(today, day), runner->since[0] ? runner->since : NULL};
	if (!session_begin(session, error))
		return false;
	piece->taken = session_query_binary(session, TAKE_SQL, values, 2, error);
	if (!piece->taken || result_rows(piece->taken) == 0)
		return piece->taken != NULL;
	state_read(&piece->state, piece->taken, today);
	piece->from = result_day(piece->taken, 0, TAKEN_FROM);
	piece->to = result_day(piece->taken, 0, TAKEN_TO);
	piece->after = result_int64(piece->taken, 0, TAKEN_AFTER);
	return true;
}

static bool since_read(struct campaign_runner *runner, struct session *session, struct error *error)
{
	struct result *result = session_query(session, "SELECT now()", NULL, 0, error);
	if (result)
		snprintf(runner->since, sizeof runner->since, "%s", result_text(result, 0, 0));
	result_free(result);
	return result != NULL;
}

bool campaign_step(struct campaign_runner *runner, struct session *session, day_t today, bool once,
	bool *is_busy, struct error *error)
{
	struct piece piece = {.taken = NULL};
	if (once && !runner->since[0] && !since_read(runner, session, error))
		return false;
	bool is_good = piece_take(runner, session, &piece, today, error),
	     has_piece = is_good && result_rows(piece.taken) > 0;
	if (has_piece) {
		*is_busy = true;
		is_good = piece_run(runner, session, &piece, error);
	}
	is_good = is_good && session_commit(session, error);
	if (!is_good && has_piece)
		is_good = fault_note(session, &piece, error);
	state_free(&piece.state);
	result_free(piece.taken);
	return is_good;
}
