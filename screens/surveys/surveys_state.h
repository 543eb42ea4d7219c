// The Surveys screen's state, shared by the files that load, draw and act on it.
#ifndef SCREENS_SURVEYS_STATE_H
#define SCREENS_SURVEYS_STATE_H
#include "model/desk/case.h"
#include "model/survey/figures.h"
#include "model/survey/loop.h"
#include "model/survey/response.h"
#include "model/survey/survey.h"
#include "model/survey/wave.h"
#include "screens/desk.h"
#include "screens/ui/detail.h"
#include "screens/ui/list.h"
#include "screens/ui/tabs.h"

enum surveys_tab { TAB_SCORE, TAB_ANSWERS, TAB_LOOP, SURVEYS_TABS };
enum surveys_pane { PANE_TREND, PANE_SCORES, PANE_PARTS, PANES };
enum { TAG_SURVEYS = 1, TAG_TREND, TAG_PARTS, TAG_ANSWERS, TAG_CASE, TAG_LOOP, TAG_TAGS, TAG_TAGGED, TAG_PHRASES, TAG_NAMES, TAG_PREVIEW, TAG_WAVE };
enum { SURVEYS_MOST = 60, WORDS_MAX = 80, TAGS_MOST = 40, TAG_MAX = 64 };

struct surveys {
	struct tabs tabs;
	const char *tab_names[SURVEYS_TABS];
	struct survey list[SURVEYS_MOST];
	int count, chosen; // chosen: of the list; count 0: none is known
	bool is_listed;    // the list has been read

	enum survey_grain grain;
	enum survey_dimension dimension;
	struct survey_trend trend;
	int at; // the bucket under the cursor; -1: there is none
	bool is_loaded; // the trend is that of the survey chosen
	struct survey_parts parts; // of that bucket
	enum surveys_pane pane;
	int score, part; // under the cursor of the other panes; score: as it was given

	struct list answers;
	bool has_answers; // the list is made: who may not see members has none
	struct detail said; // the answer under the cursor
	struct response_filter filter;
	char filter_value[64], filter_words[WORDS_MAX];
	struct case_id opened;
	char tags[TAGS_MOST][TAG_MAX]; // that answers to the survey have, those in most use first
	int tag_count;

	struct detail loop;

	struct {
		struct condition_names *names; // owned; NULL: not read yet
		uint32_t form;                 // its serial
		char who[1000], sample[16], quota[16]; // as they were typed
	} wave;
};

static inline const struct survey *survey_chosen(const struct surveys *v)
{
	return v->count ? &v->list[v->chosen] : NULL;
}
static inline const struct survey_bucket *bucket_chosen(const struct surveys *v)
{
	return v->at >= 0 && v->at < v->trend.count ? &v->trend.at[v->at] : NULL;
}
static inline bool surveys_may_see(const struct screen *s)
{
	return s->ui->rights & DESK_MAY_SERVE;
}

// surveys_load.c: asks, and takes what is answered.
void surveys_load(struct screen *s, bool is_shown); // all anew; shown: the person waits for it
void surveys_load_trend(struct screen *s, bool is_shown);
void surveys_load_parts(struct screen *s);
void surveys_answer(struct screen *s, void *answer);

// surveys_draw.c: the tab of the score.
void surveys_draw_score(const struct screen *s, struct area a);

// surveys_answers.c: the tab of single answers.
bool answers_open(struct screen *s);
void answers_close(struct screen *s);
void answers_take(struct screen *s, const struct desk_news *news);
void answers_take_case(struct screen *s, const struct answer *answer);
// Shows those of the cursor's place: its bucket, and its score or part. is_narrow false: all of the survey.
void answers_drill(struct screen *s, bool is_narrow);
void answers_layout(struct screen *s, struct area a);
void answers_draw(const struct screen *s, struct area a);
enum did answers_act(struct screen *s, int action, int count);
const char *answers_disabled(const struct screen *s, int action);

// surveys_words.c: what answers are about, and what is said in them.
void words_load_tags(struct screen *s);
void words_tag(struct screen *s); // asks for one, for the answer under the cursor
void words_phrases(struct screen *s);
void words_take_tags(struct screen *s, const struct answer *answer);
void words_take_tagged(struct screen *s, const struct answer *answer);
void words_take_phrases(struct screen *s, const struct answer *answer);
// The columns of a row of answers that other files read.
enum answers_cell {
	CELL_WHEN,
	CELL_SCORE,
	CELL_MEMBER,
	CELL_CHANNEL,
	CELL_COMMENT,
	ANSWER_COLUMNS,
	CELL_TIER = ANSWER_COLUMNS,
	CELL_REGION,
	CELL_CASE,
	CELL_TAKER,
	CELL_TAGS,
	CELL_COUNT
};

// surveys_wave.c: a wave of invitations, counted and then made.
void wave_begin(struct screen *s);
void wave_close(struct screen *s);
void wave_take_names(struct screen *s, const struct answer *answer);
void wave_take_preview(struct screen *s, const struct answer *answer);
void wave_take_made(struct screen *s, const struct answer *answer);

// surveys_loop.c: the tab of what was done for those who were unhappy.
void loop_load(struct screen *s);
void loop_take(struct screen *s, const struct answer *answer);
#endif
