// Reads the counts of a survey into buckets of time and into parts.
#include "model/survey/figures.h"

#include <stdio.h>
#include <string.h>

const char *const survey_grains[GRAINS + 1] = {[GRAIN_WEEK] = "week", [GRAIN_MONTH] = "month", [GRAIN_QUARTER] = "quarter"};
const char *const survey_dimensions[DIMENSIONS + 1] = {
	[DIMENSION_TIER] = "tier",
	[DIMENSION_CHANNEL] = "channel",
	[DIMENSION_REGION] = "region",
	[DIMENSION_SEGMENT] = "segment",
	[DIMENSION_CAMPAIGN] = "campaign",
	[DIMENSION_TAG] = "tag"};
const char *const survey_dimension_notes[DIMENSIONS] = {[DIMENSION_TIER] = "when they answered",
	[DIMENSION_CHANNEL] = "the answer came by",
	[DIMENSION_REGION] = "when they answered",
	[DIMENSION_SEGMENT] = "when invited",
	[DIMENSION_CAMPAIGN] = "prize in the 90 days before",
	[DIMENSION_TAG] = "of the comment"};
// Where a part has no name.
static const char *const nameless[DIMENSIONS] = {[DIMENSION_TIER] = "not known",
	[DIMENSION_CHANNEL] = "not known",
	[DIMENSION_REGION] = "not known",
	[DIMENSION_SEGMENT] = "none of them",
	[DIMENSION_CAMPAIGN] = "none of them",
	[DIMENSION_TAG] = "none of them"};

day_t grain_start(enum survey_grain grain, day_t day)
{
	if (grain == GRAIN_WEEK)
		return day_week_start(day);
	day_t month = day_month_start(day);
	return grain == GRAIN_MONTH ? month : day_add_months(month, -((day_split(month).month - 1) % 3));
}

day_t grain_add(enum survey_grain grain, day_t start, int n)
{
	return grain == GRAIN_WEEK ? start + 7 * n : day_add_months(start, grain == GRAIN_MONTH ? n : 3 * n);
}

const char *grain_text(enum survey_grain grain, day_t start, char out[GRAIN_TEXT])
{
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	struct day_parts parts = day_split(start);
	if (grain == GRAIN_MONTH) {
		snprintf(out, GRAIN_TEXT, "%s %d", months[parts.month - 1], parts.year);
	} else if (grain == GRAIN_QUARTER) {
		snprintf(out, GRAIN_TEXT, "Q%d %d", (parts.month - 1) / 3 + 1, parts.year);
	} else { // ISO 8601: the year of a week is that of its Thursday
		int year = day_split(start + 3).year;
		snprintf(out, GRAIN_TEXT, "%d W%02d", year, (start + 3 - day_make(year, 1, 1)) / 7 + 1);
	}
	return out;
}

// $2: the grain's word. What is older than so many buckets is not read.
void survey_trend_ask(struct ask *ask, int survey_id, enum survey_grain grain)
{
	ask_init(ask, "SELECT date_trunc($2, c.start_on::timestamp)::date - '2000-01-01'::date, c.dimension, c.score, sum(c.n)::bigint "
		      "FROM loyalty.survey_count c WHERE c.survey_id = $1::smallint AND c.grain = (CASE $2 WHEN 'week' THEN 'w' ELSE 'm' END)::\"char\" "
		      "AND c.dimension IN ('all', 'invited', 'replied', 'refused') AND c.start_on > (SELECT loyalty.business_day()) - "
		      "CASE $2 WHEN 'week' THEN 1100 ELSE 3660 END GROUP BY 1, 2, 3 ORDER BY 1");
	ask_number(ask, survey_id);
	ask_text(ask, survey_grains[grain]);
}

static void bucket_take(struct survey_bucket *bucket, const char *what, int64_t score, int64_t count)
{
	if (strcmp(what, "invited") == 0)
		bucket->invited += count;
	else if (strcmp(what, "replied") == 0)
		bucket->replied += count;
	else if (strcmp(what, "refused") == 0)
		bucket->refused += count;
	else if (score >= 0 && score < ANSWER_SCORES)
		bucket->answers.of[score] += count;
}

void survey_trend_read(
	const struct result *result, enum survey_kind kind, enum survey_grain grain, struct survey_trend *trend)
{
	int rows = result_rows(result);
	*trend = (struct survey_trend){.kind = kind, .grain = grain};
	if (!rows)
		return;
	day_t last = (day_t)result_int64(result, rows - 1, 0), start = (day_t)result_int64(result, 0, 0);
	while (grain_add(grain, start, TREND_MOST - 1) < last)
		start = grain_add(grain, start, 1);
	for (; start <= last; start = grain_add(grain, start, 1))
		trend->at[trend->count++].start = start;
	for (int row = 0, bucket = 0; row < rows; row++) {
		day_t day = (day_t)result_int64(result, row, 0);
		if (day < trend->at[0].start)
			continue;
		while (trend->at[bucket].start < day)
			bucket++;
		bucket_take(&trend->at[bucket], result_text(result, row, 1), result_int64(result, row, 2),
			result_int64(result, row, 3));
	}
}

void survey_parts_ask(struct ask *ask, int survey_id, enum survey_grain grain, enum survey_dimension dimension,
	day_t start, day_t end)
{
	ask_init(ask, "SELECT x.value, coalesce(t.code, k.code, x.value), x.score, x.n FROM (SELECT c.value, c.score, sum(c.n)::bigint AS n, "
		      "sum(sum(c.n)) OVER (PARTITION BY c.value) AS whole FROM loyalty.survey_count c WHERE c.survey_id = $1::smallint AND "
		      "c.grain = $2::\"char\" AND c.dimension = $3 AND c.start_on >= '2000-01-01'::date + $4::int AND "
		      "c.start_on < '2000-01-01'::date + $5::int GROUP BY 1, 2) x LEFT JOIN loyalty.tier t ON $3 = 'tier' AND "
		      "t.tier_id::text = x.value LEFT JOIN loyalty.campaign k ON $3 = 'campaign' AND k.campaign_no::text = x.value WHERE x.whole > 0 ORDER BY t.ladder_id, t.rank, x.whole DESC, x.value, x.score");
	ask_number(ask, survey_id);
	ask_text(ask, grain == GRAIN_WEEK ? "w" : "m");
	ask_text(ask, survey_dimensions[dimension]);
	ask_number(ask, start);
	ask_number(ask, end);
}

void survey_parts_read(const struct result *result, enum survey_dimension dimension, struct survey_parts *parts)
{
	*parts = (struct survey_parts){.dimension = dimension};
	for (int row = 0; row < result_rows(result); row++) {
		const char *value = result_text(result, row, 0), *label = result_text(result, row, 1);
		struct survey_part *part = parts->count ? &parts->at[parts->count - 1] : NULL;
		if (!part || strcmp(part->value, value) != 0) {
			if (parts->count == PARTS_MOST)
				return;
			part = &parts->at[parts->count++];
			snprintf(part->value, sizeof part->value, "%s", value);
			snprintf(part->label, sizeof part->label, "%s", *label ? label : nameless[dimension]);
		}
		int64_t score = result_int64(result, row, 2);
		if (score >= 0 && score < ANSWER_SCORES)
			part->answers.of[score] += result_int64(result, row, 3);
	}
}

struct trend_point survey_point(const struct survey_trend *trend, int bucket)
{
	struct trend_point point = {.score = score_of(trend->kind, &trend->at[bucket].answers)};
	point.is_suppressed = score_is_suppressed(&point.score);
	if (!point.is_suppressed)
		point.interval = score_interval(&point.score);
	return point;
}
