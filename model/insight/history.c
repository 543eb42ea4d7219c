// The figures of all months: read from the sums in one round trip, whose size does not grow with the members.
#include "model/insight/history.h"

#include "model/amount.h"
#include "model/insight/formula.h"
#include "model/liability.h"
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SPENT_CURRENCY                                                                                       \
	"(SELECT c.currency_id FROM loyalty.currency c ORDER BY c.kind <> 'redeemable', c.currency_id "      \
	"LIMIT 1)"

enum { FRAME, MONTHS, POINTS, OTHERS, NEVER_USED, PINNED };

static const char *const STATEMENTS[HISTORY_STATEMENTS] = {
	[FRAME] =
		"SELECT loyalty.month_of(loyalty.business_day()), p.money, c.code, c.decimals, "
		"loyalty.insight_behind(), "
		"j.kind, j.done, j.parts, b.name, b.month, s.margin, s.years, s.discount, s.never_used, "
		"s.point_cost, c.currency_id, loyalty.business_day() - date '2000-01-01' "
		"FROM loyalty.programme p LEFT JOIN loyalty.currency c ON c.currency_id = " SPENT_CURRENCY " "
		"LEFT JOIN LATERAL (SELECT * FROM loyalty.insight_job j WHERE j.ended_at IS NULL ORDER BY "
		"j.job_no LIMIT 1) "
		"j ON true LEFT JOIN LATERAL (SELECT * FROM loyalty.insight_baseline b ORDER BY "
		"b.baseline_no DESC LIMIT 1) "
		"b ON true CROSS JOIN (SELECT max(value) FILTER (WHERE name = 'margin') AS margin, "
		"max(value) FILTER (WHERE name = 'years') AS years, max(value) FILTER (WHERE name = "
		"'discount') AS discount, "
		"max(value) FILTER (WHERE name = 'never_used') AS never_used, "
		"max(value) FILTER (WHERE name = 'point_cost') AS point_cost FROM loyalty.insight_setting) s",
	[MONTHS] = "SELECT month, sum(joined)::bigint, sum(active_3)::bigint, sum(active_12)::bigint, "
		   "sum(stayed_12)::bigint, "
		   "sum(buyers_12)::bigint, sum(repeaters_12)::bigint, sum(redeemers_12)::bigint, "
		   "sum(orders)::bigint, "
		   "sum(revenue)::bigint FROM loyalty.insight_month "
		   "WHERE month <= loyalty.month_of(loyalty.business_day()) GROUP BY 1 ORDER BY 1",
	[POINTS] = "SELECT month, coalesce(sum(amount) FILTER (WHERE account_id IN (1, 4, 5, 6, 7, 10) OR account_id > 1000), "
		   "0)::bigint, "
		   "coalesce(-sum(amount) FILTER (WHERE account_id IN (2, 8, 9, 12)), 0)::bigint, "
		   "coalesce(-sum(amount) FILTER (WHERE account_id = 3), 0)::bigint, sum(amount)::bigint "
		   "FROM loyalty.insight_points WHERE currency_id = " SPENT_CURRENCY
		   " AND month <= loyalty.month_of(loyalty.business_day()) GROUP BY 1 ORDER BY 1",
	[OTHERS] =
		"SELECT month, sum(kept)::bigint, sum(lost)::bigint, sum(sales)::bigint FROM (SELECT month, "
		"kept, lost, "
		"NULL::bigint AS sales FROM loyalty.insight_case UNION ALL SELECT month, 0, 0, transactions "
		"FROM loyalty.insight_sales) x GROUP BY 1 ORDER BY 1",
	// Months of issue of which a hundredth at most is left.
	[NEVER_USED] =
		"SELECT coalesce(sum(expired), 0)::bigint, coalesce(sum(expired + redeemed), 0)::bigint "
		"FROM (SELECT sum(expired) AS expired, sum(redeemed) AS redeemed, sum(granted) AS granted, "
		"sum(granted - redeemed - expired - returned - moved) AS open FROM loyalty.insight_cohort "
		"WHERE currency_id = " SPENT_CURRENCY
		" GROUP BY month) c WHERE c.granted > 0 AND c.open * 100 <= c.granted",
	[PINNED] = "SELECT p.code, p.value FROM loyalty.insight_pinned p WHERE p.baseline_no = "
		   "(SELECT max(b.baseline_no) FROM loyalty.insight_baseline b)",
};

// What belongs to a month alone, before it is summed over windows.
struct own_month {
	int64_t measures[MEASURES];
	int64_t issued, redeemed, expired, all; // points
	int64_t kept, lost, sales;              // sales -1: not told
};

void history_ask(struct ask asks[HISTORY_STATEMENTS])
{
	for (int i = 0; i < HISTORY_STATEMENTS; i++)
		ask_init(&asks[i], STATEMENTS[i]);
}

void history_free(struct history *history)
{
	free(history->at);
	*history = (struct history){0};
}

static double setting(const struct result *frame, int column, double scale)
{
	return result_is_null(frame, 0, column) ? FORMULA_NONE : result_double(frame, 0, column) * scale;
}

static void frame_take(struct history *history, const struct result *frame)
{
	history->now = (month_t)result_int64(frame, 0, 0);
	snprintf(history->money, sizeof history->money, "%s", result_text(frame, 0, 1));
	snprintf(history->currency, sizeof history->currency, "%s", result_text(frame, 0, 2));
	history->decimals = (int)result_int64(frame, 0, 3);
	history->behind = result_int64(frame, 0, 4);
	snprintf(history->job, sizeof history->job, "%s", result_text(frame, 0, 5));
	history->job_done = (int)result_int64(frame, 0, 6);
	history->job_parts = (int)result_int64(frame, 0, 7);
	snprintf(history->baseline, sizeof history->baseline, "%s", result_text(frame, 0, 8));
	history->baseline_month = (month_t)result_int64(frame, 0, 9);
	for (int i = 0; i < SETTINGS; i++)
		history->said[i] = setting(frame, 10 + i, 1);
	history->currency_id = (int)result_int64(frame, 0, 15);
	history->today = (day_t)result_int64(frame, 0, 16);
}

static void pinned_take(struct history *history, const struct result *pinned)
{
	for (int i = 0; i < FIGURES; i++)
		history->pinned[i] = FORMULA_NONE;
	for (int row = 0; row < result_rows(pinned); row++) {
		const struct figure *figure = figure_find(result_text(pinned, row, 0));
		if (figure && !result_is_null(pinned, row, 1))
			history->pinned[figure - FIGURE] = result_double(pinned, row, 1);
	}
}

static struct own_month *own_at(
	const struct history *history, struct own_month *own, const struct result *result, int row)
{
	int64_t month = result_int64(result, row, 0);
	return month < history->first || month > history->now ? NULL : &own[month - history->first];
}

static struct own_month *months_take(struct history *history, struct result *const *results)
{
	const struct result *months = results[MONTHS], *points = results[POINTS], *others = results[OTHERS];
	struct own_month *own = calloc((size_t)history->count + 1, sizeof *own), *at;
	for (int m = 0; own && m < history->count; m++)
		own[m].sales = -1;
	for (int row = 0; own && row < result_rows(months); row++)
		if ((at = own_at(history, own, months, row)))
			for (int i = 0; i < MEASURES; i++)
				at->measures[i] = result_int64(months, row, 1 + i);
	for (int row = 0; own && row < result_rows(points); row++) {
		if (!(at = own_at(history, own, points, row)))
			continue;
		at->issued = result_int64(points, row, 1);
		at->redeemed = result_int64(points, row, 2);
		at->expired = result_int64(points, row, 3);
		at->all = result_int64(points, row, 4);
	}
	for (int row = 0; own && row < result_rows(others); row++) {
		if (!(at = own_at(history, own, others, row)))
			continue;
		at->kept = result_int64(others, row, 1);
		at->lost = result_int64(others, row, 2);
		at->sales = result_is_null(others, row, 3) ? -1 : result_int64(others, row, 3);
	}
	return own;
}

static void window_sum(struct figure_sums *sums, const struct own_month *own, int month)
{
	for (int m = month - WINDOW_LONG + 1; m <= month; m++) {
		if (m < 0)
			continue;
		sums->orders += own[m].measures[MEASURE_ORDERS];
		sums->revenue += own[m].measures[MEASURE_REVENUE];
		sums->issued += own[m].issued;
		sums->redeemed += own[m].redeemed;
		sums->kept += own[m].kept;
		sums->lost += own[m].lost;
		sums->sales += own[m].sales > 0 ? own[m].sales : 0;
		sums->sales_orders += own[m].sales > 0 ? own[m].measures[MEASURE_ORDERS] : 0;
	}
}

static void sums_make(struct history *history, const struct own_month *own)
{
	for (int m = 0; m < history->count; m++) {
		struct figure_sums *sums = &history->at[m];
		const struct figure_sums *before = m > 0 ? &history->at[m - 1] : &(struct figure_sums){0};
		const int64_t *measures = own[m].measures;
		*sums = (struct figure_sums){.members = before->members + measures[MEASURE_JOINED],
			.joined = measures[MEASURE_JOINED],
			.active_3 = measures[MEASURE_ACTIVE_3],
			.active_12 = measures[MEASURE_ACTIVE_12],
			.start = m >= WINDOW_LONG ? own[m - WINDOW_LONG].measures[MEASURE_ACTIVE_12] : 0,
			.stayed = measures[MEASURE_STAYED_12],
			.buyers = measures[MEASURE_BUYERS_12],
			.repeaters = measures[MEASURE_REPEATERS_12],
			.redeemers = measures[MEASURE_REDEEMERS_12],
			.issued_all = before->issued_all + own[m].issued,
			.redeemed_all = before->redeemed_all + own[m].redeemed,
			.expired_all = before->expired_all + own[m].expired,
			.open = before->open + own[m].all};
		window_sum(sums, own, m);
	}
}

static void settings_take(
	struct history *history, const struct result *frame, const struct result *never_used)
{
	double scale = pow(10, amount_money_decimals(history->money) - history->decimals);
	struct figure_sums said = {.margin = setting(frame, 10, 0.01),
		.years = setting(frame, 11, 1),
		.discount = setting(frame, 12, 0.01),
		.never_used = setting(frame, 13, 0.01),
		.point_cost = setting(frame, 14, scale)};
	if (formula_is_none(said.never_used))
		said.never_used = formula_share(
			(double)result_int64(never_used, 0, 0), (double)result_int64(never_used, 0, 1));
	for (int m = 0; m < history->count; m++) {
		struct figure_sums *sums = &history->at[m];
		sums->margin = said.margin;
		sums->years = said.years;
		sums->discount = said.discount;
		sums->never_used = said.never_used;
		sums->point_cost = said.point_cost;
	}
}

// Months without a row between the first and now are months in which nothing was done.
static void months_bound(struct history *history, struct result *const *results)
{
	history->first = history->now + 1;
	for (int i = MONTHS; i <= POINTS; i++)
		if (result_rows(results[i]) && result_int64(results[i], 0, 0) < history->first)
			history->first = (month_t)result_int64(results[i], 0, 0);
	history->count = history->now - history->first + 1;
}

bool history_take(struct history *history, struct result *const *results)
{
	*history = (struct history){0};
	pinned_take(history, results[PINNED]);
	if (result_rows(results[FRAME]) == 0) // no programme is loaded
		return true;
	frame_take(history, results[FRAME]);
	months_bound(history, results);
	struct own_month *own = months_take(history, results);
	history->at = calloc((size_t)history->count + 1, sizeof *history->at);
	bool is_good = own && history->at;
	if (is_good) {
		sums_make(history, own);
		settings_take(history, results[FRAME], results[NEVER_USED]);
	}
	free(own);
	return is_good;
}

void history_price(struct history *history, const struct rulebook *rulebook)
{
	if (!formula_is_none(history->said[SETTING_POINT_COST]) || !rulebook)
		return;
	const struct rulebook_version *version = &rulebook->versions[rulebook_at(rulebook, history->today)];
	int currency = rulebook_currency(version, history->currency_id);
	double worth = currency < 0 ? 0 : liability_point(version->programme, currency, history->today);
	for (int m = 0; m < history->count && worth > 0; m++)
		history->at[m].point_cost = worth;
}

static bool price_read(struct history *history, struct session *session, struct error *error)
{
	if (!formula_is_none(history->said[SETTING_POINT_COST]) || history->count == 0)
		return true;
	struct rulebook *rulebook = rulebook_load(session, error);
	history_price(history, rulebook);
	rulebook_free(rulebook);
	return rulebook != NULL;
}

bool history_read(struct history *history, struct session *session, struct error *error)
{
	struct ask asks[HISTORY_STATEMENTS];
	struct result *results[HISTORY_STATEMENTS] = {0};
	bool is_good = true;
	*history = (struct history){0};
	history_ask(asks);
	for (int i = 0; is_good && i < HISTORY_STATEMENTS; i++)
		is_good = (results[i] = ask_session(session, &asks[i], error)) != NULL;
	if (is_good && !history_take(history, results))
		is_good = error_set(error, ERROR_FAILED, "figures cannot be shown", "", "out of memory");
	for (int i = 0; i < HISTORY_STATEMENTS; i++)
		result_free(results[i]);
	return is_good && price_read(history, session, error);
}

double history_value(const struct history *history, const struct figure *figure, month_t month)
{
	if (month < history->first || month >= history->first + history->count)
		return FORMULA_NONE;
	return figure->value(&history->at[month - history->first]);
}

const char *month_text(month_t month, char out[MONTH_TEXT])
{
	snprintf(out, MONTH_TEXT, "%04u-%02u", (unsigned)(2000 + month / 12) % 10000,
		(unsigned)(month % 12 + 1) % 100);
	return out;
}

bool month_parse(const char *text, month_t *month)
{
	int year, number, length = 0;
	if (sscanf(text, "%4d-%2d%n", &year, &number, &length) != 2 || text[length] || length != 7 ||
		year < 2000 || number < 1 || number > 12)
		return false;
	*month = (year - 2000) * 12 + number - 1;
	return true;
}

// Elements of a PostgreSQL array, each in quotes.
static void element_write(FILE *out, const char *text)
{
	fputc('"', out);
	for (; *text; text++)
		fprintf(out, *text == '"' || *text == '\\' ? "\\%c" : "%c", *text);
	fputc('"', out);
}

static void pin_write(FILE *out, const struct history *history, int column)
{
	fputc('{', out);
	for (int i = 0; i < FIGURES; i++) {
		double value = history_value(history, &FIGURE[i], history->now);
		fputs(i ? "," : "", out);
		if (column == 0)
			element_write(out, FIGURE[i].code);
		else if (column == 2)
			element_write(out, FIGURE[i].definition);
		else if (formula_is_none(value))
			fputs("NULL", out);
		else
			fprintf(out, "%.17g", value);
	}
	fputc('}', out);
	fputc('\0', out);
}

char *history_pin_ask(struct ask *ask, const struct history *history, const char *name)
{
	char *text = NULL;
	size_t length = 0, begins[3];
	FILE *out = open_memstream(&text, &length);
	if (!out)
		return NULL;
	for (int column = 0; column < 3; column++) {
		fflush(out);
		begins[column] = length;
		pin_write(out, history, column);
	}
	if (fclose(out) != 0) {
		free(text);
		return NULL;
	}
	ask_init(ask,
		"SELECT loyalty.insight_pin($1, $2::int, $3::text[], $4::double precision[], $5::text[])");
	ask_text(ask, name);
	ask_number(ask, history->now);
	for (int column = 0; column < 3; column++)
		ask_text(ask, text + begins[column]);
	return text;
}
