// What the Surveys screen asks of the database, and where the answers go.
#include "screens/surveys/surveys_state.h"
#include <string.h>

void surveys_load(struct screen *s, bool is_shown)
{
	struct ask ask;
	survey_list(&ask);
	desk_send(s, &(struct desk_request){.tag = TAG_SURVEYS,
			     .number = is_shown,
			     .what = is_shown ? "surveys" : NULL,
			     .asks = {&ask},
			     .is_read = true,
			     .replaces = true});
}

void surveys_load_trend(struct screen *s, bool is_shown)
{
	const struct surveys *v = s->state;
	const struct survey *survey = survey_chosen(v);
	struct ask ask;
	if (!survey)
		return;
	survey_trend_ask(&ask, survey->id, v->grain);
	desk_send(s, &(struct desk_request){.tag = TAG_TREND,
			     .number = survey->id,
			     .what = is_shown ? "answers" : NULL,
			     .asks = {&ask},
			     .is_read = true,
			     .replaces = true});
}

void surveys_load_parts(struct screen *s)
{
	struct surveys *v = s->state;
	const struct survey_bucket *bucket = bucket_chosen(v);
	struct ask ask;
	if (!bucket)
		return;
	survey_parts_ask(&ask, survey_chosen(v)->id, v->grain, v->dimension, bucket->start, grain_add(v->grain, bucket->start, 1));
	desk_send(s, &(struct desk_request){.tag = TAG_PARTS, .number = bucket->start, .asks = {&ask}, .is_read = true, .replaces = true});
}

// The survey that was chosen stays so, wherever it stands now.
static void take_list(struct screen *s, const struct desk_news *news)
{
	struct surveys *v = s->state;
	const struct survey *chosen = survey_chosen(v);
	int id = chosen ? chosen->id : 0;
	if (!desk_good(s, news->answer, "reading the surveys"))
		return;
	const struct result *result = news->answer->results[0];
	v->is_listed = true;
	v->chosen = 0;
	v->count = result_rows(result) < SURVEYS_MOST ? result_rows(result) : SURVEYS_MOST;
	for (int row = 0; row < v->count; row++) {
		survey_read(result, row, &v->list[row]);
		if (v->list[row].id == id)
			v->chosen = row;
	}
	surveys_load_trend(s, news->number);
}

// The cursor stays on its day; at first it is on the newest bucket that has answers.
static void take_trend(struct screen *s, const struct desk_news *news)
{
	struct surveys *v = s->state;
	const struct survey *survey = survey_chosen(v);
	const struct survey_bucket *bucket = bucket_chosen(v);
	day_t day = bucket && v->is_loaded ? bucket->start : DAY_NONE;
	if (!desk_good(s, news->answer, "reading the answers") || !survey || survey->id != news->number)
		return;
	survey_trend_read(news->answer->results[0], survey->kind, v->grain, &v->trend);
	v->is_loaded = true;
	v->at = v->trend.count - 1;
	for (int i = 0; i < v->trend.count; i++)
		if (day == DAY_NONE ? answers_count(&v->trend.at[i].answers) > 0 : v->trend.at[i].start <= day)
			v->at = i;
	if (v->score < survey_scales[survey->kind].lowest || v->score > survey_scales[survey->kind].highest)
		v->score = survey_scales[survey->kind].highest;
	v->parts.count = 0;
	surveys_load_parts(s);
}

static void take_parts(struct screen *s, const struct desk_news *news)
{
	struct surveys *v = s->state;
	const struct survey_bucket *bucket = bucket_chosen(v);
	if (!desk_good(s, news->answer, "reading the parts") || !bucket || bucket->start != news->number)
		return;
	survey_parts_read(news->answer->results[0], v->dimension, &v->parts);
	if (v->part >= v->parts.count)
		v->part = v->parts.count ? v->parts.count - 1 : 0;
}

static void take_answered(struct screen *s, const struct desk_news *news)
{
	switch (news->tag) {
	case TAG_SURVEYS:
		take_list(s, news);
		break;
	case TAG_TREND:
		take_trend(s, news);
		break;
	case TAG_PARTS:
		take_parts(s, news);
		break;
	case TAG_ANSWERS:
		answers_take(s, news);
		break;
	case TAG_CASE:
		answers_take_case(s, news->answer);
		break;
	case TAG_LOOP:
		loop_take(s, news->answer);
		break;
	case TAG_NAMES:
		wave_take_names(s, news->answer);
		break;
	case TAG_PREVIEW:
		wave_take_preview(s, news->answer);
		break;
	case TAG_WAVE:
		wave_take_made(s, news->answer);
		break;
	case TAG_TAGS:
		words_take_tags(s, news->answer);
		break;
	case TAG_TAGGED:
		words_take_tagged(s, news->answer);
		break;
	case TAG_PHRASES:
		words_take_phrases(s, news->answer);
		break;
	}
}

void surveys_answer(struct screen *s, void *answer)
{
	const struct desk_news *news = answer;
	struct surveys *v = s->state;
	bool is_survey = news->channel == DESK_SURVEY || news->channel == DESK_EVERYTHING;
	if (news->kind == DESK_ANSWERED) {
		take_answered(s, news);
	} else if (news->kind == DESK_CHANGED && (is_survey || news->channel == DESK_CASE)) {
		if (is_survey)
			surveys_load(s, false);
		if (v->has_answers && v->tabs.current == TAB_ANSWERS)
			list_refresh(&v->answers);
		if (v->tabs.current == TAB_LOOP)
			loop_load(s);
	}
}
