// The tab of single answers: the newest first, narrowed down by place, class and words; to the member, and to a case.
#include "screens/desk_list.h"
#include "screens/surveys/surveys_state.h"
#include "screens/ui/dialog.h"
#include "screens/ui/prompt.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SAID_HEIGHT = 6, TEXT_BYTES = 600 };

static const struct column columns[ANSWER_COLUMNS] = {
	[CELL_WHEN] = {.title = "Answered", .width = 16},
	[CELL_SCORE] = {.title = "Score", .width = 5, .align = ALIGN_RIGHT},
	[CELL_MEMBER] = {.title = "Member", .width = 20, .flex = 2},
	[CELL_CHANNEL] = {.title = "Channel", .width = 7, .priority = 2},
	[CELL_COMMENT] = {.title = "Words", .width = 20, .flex = 5},
};

static void ask_rows(struct list *l, const struct rows_request *request)
{
	struct surveys *v = l->payload;
	const struct page page = desk_list_page(request);
	struct rows none = {0};
	struct ask ask;
	if (!v->filter.survey_id) { // not chosen yet
		list_answer(l, request->ticket, &none);
		return;
	}
	response_list(&ask, &v->filter, &page);
	desk_list_ask(l, request, TAG_ANSWERS, "answers", &ask, NULL);
}

static void show_said(struct list *l)
{
	struct surveys *v = l->payload;
	const struct row *row = list_selected(l);
	detail_clear(&v->said);
	if (!row)
		return;
	detail_format(&v->said, ROLE_STRONG, 10, row->cells[CELL_SCORE], "%s", *row->cells[CELL_COMMENT] ? row->cells[CELL_COMMENT] : "(no words)");
	detail_format(&v->said, ROLE_DIM, 10, "from", "%s, %s, %s%s%s%s", row->cells[CELL_MEMBER],
		*row->cells[CELL_TIER] ? row->cells[CELL_TIER] : "no tier", *row->cells[CELL_REGION] ? row->cells[CELL_REGION] : "no region",
		*row->cells[CELL_CASE] ? ", case " : "", row->cells[CELL_CASE], *row->cells[CELL_CASE] ? "" : "; c opens a case");
	if (*row->cells[CELL_TAGS])
		detail_add(&v->said, ROLE_TEXT, 10, "tags", row->cells[CELL_TAGS]);
}

static const struct list_spec spec = {
	.columns = columns,
	.column_count = ANSWER_COLUMNS,
	.what = "answers",
	.empty = "No answer is like that. Esc shows all of the survey.",
	.copy_column = CELL_MEMBER,
	.ask = ask_rows,
	.selected = show_said,
};

bool answers_open(struct screen *s)
{
	struct surveys *v = s->state;
	detail_init(&v->said, s);
	v->filter = (struct response_filter){.dimension = -1, .to = DAY_NONE};
	v->has_answers = list_init(&v->answers, &spec, s, v);
	return v->has_answers;
}

void answers_close(struct screen *s)
{
	struct surveys *v = s->state;
	if (v->has_answers)
		list_free(&v->answers);
	detail_free(&v->said);
}

static bool add_row(struct rows *rows, const struct screen *s, const struct result *result, int number)
{
	(void)s;
	struct response_row r;
	char score[8], member[TEXT_BYTES], case_no[40] = "";
	response_row_read(result, number, &r);
	snprintf(score, sizeof score, "%d", r.score);
	snprintf(member, sizeof member, "%" PRId64 " %s", r.number, r.member);
	if (r.case_no)
		snprintf(case_no, sizeof case_no, "%" PRId64 "/%d", r.number, r.case_no);
	const char *cells[CELL_COUNT] = {[CELL_WHEN] = r.when,
		[CELL_SCORE] = score,
		[CELL_MEMBER] = member,
		[CELL_CHANNEL] = r.channel,
		[CELL_COMMENT] = r.comment,
		[CELL_TIER] = r.tier,
		[CELL_REGION] = r.region,
		[CELL_CASE] = case_no,
		[CELL_TAKER] = r.taken_by,
		[CELL_TAGS] = r.tags};
	return rows_add(rows, r.key, ROLE_TEXT, cells, CELL_COUNT);
}

void answers_take(struct screen *s, const struct desk_news *news)
{
	struct surveys *v = s->state;
	if (desk_list_take(&v->answers, news, "reading the answers", add_row))
		show_said(&v->answers);
}

static void reload(struct surveys *v)
{
	v->filter.value = v->filter.dimension < 0 ? NULL : v->filter_value;
	v->filter.words = *v->filter_words ? v->filter_words : NULL;
	list_reload(&v->answers);
}

void answers_drill(struct screen *s, bool is_narrow)
{
	struct surveys *v = s->state;
	const struct survey *survey = survey_chosen(v);
	const struct survey_bucket *bucket = bucket_chosen(v);
	if (!survey || !v->has_answers)
		return;
	const struct survey_scale *scale = &survey_scales[survey->kind];
	words_load_tags(s);
	v->filter_words[0] = 0;
	v->filter = (struct response_filter){
		.survey_id = survey->id, .least = scale->lowest, .most = scale->highest, .to = DAY_NONE, .dimension = -1};
	if (is_narrow && bucket) {
		v->filter.from = bucket->start;
		v->filter.to = grain_add(v->grain, bucket->start, 1);
		if (v->pane == PANE_SCORES)
			v->filter.least = v->filter.most = v->score;
		if (v->pane == PANE_PARTS && v->part < v->parts.count) {
			v->filter.dimension = (int)v->dimension;
			snprintf(v->filter_value, sizeof v->filter_value, "%s", v->parts.at[v->part].value);
		}
	}
	reload(v);
}

// What is shown, for the rule above the list: "Oct 2026, score 3, tier gold, with words, "late"".
static void filter_text(const struct surveys *v, char *out, size_t size)
{
	const struct survey *survey = survey_chosen(v);
	const struct response_filter *f = &v->filter;
	const struct survey_scale *scale = &survey_scales[survey ? survey->kind : SURVEY_NPS];
	char bucket[GRAIN_TEXT];
	size_t used = (size_t)snprintf(out, size, "%s: %s", survey ? survey->code : "",
		f->to == DAY_NONE ? "all answers" : grain_text(v->grain, f->from, bucket));
	if (f->least == f->most && used < size)
		used += (size_t)snprintf(out + used, size - used, ", score %d", f->least);
	else if (used < size && (f->least > scale->lowest || f->most < scale->highest))
		used += (size_t)snprintf(out + used, size - used, ", %s",
			scale->classes[answer_class_of(survey ? survey->kind : SURVEY_NPS, f->most)]);
	if (f->dimension >= 0 && used < size)
		used += (size_t)snprintf(out + used, size - used, ", %s %s", survey_dimensions[f->dimension],
			f->dimension == (int)v->dimension && v->part < v->parts.count ? v->parts.at[v->part].label : f->value);
	if (f->has_words && used < size)
		used += (size_t)snprintf(out + used, size - used, ", with words");
	if (f->words && used < size)
		snprintf(out + used, size - used, ", \"%s\"", f->words);
}

static struct area said_area(struct area a)
{
	return area_rows(a, a.height - SAID_HEIGHT, SAID_HEIGHT);
}

static struct area rows_area(struct area a)
{
	return area_rows(a, 1, a.height - SAID_HEIGHT - 1);
}

static struct area inside(struct area said)
{
	return area_columns(area_rows(said, 1, said.height - 1), 1, said.width - 2);
}

void answers_layout(struct screen *s, struct area a)
{
	struct surveys *v = s->state;
	if (!v->has_answers)
		return;
	list_layout(&v->answers, rows_area(a));
	detail_layout(&v->said, inside(said_area(a)));
}

void answers_draw(const struct screen *s, struct area a)
{
	const struct surveys *v = s->state;
	char text[300];
	if (!surveys_may_see(s)) {
		draw_text(a, 1, 1, a.width - 2, ROLE_DIM, "What members wrote is for those who may see members: support and managers.");
		return;
	}
	filter_text(v, text, sizeof text);
	draw_text(a, 0, 1, a.width - 2, ROLE_HEADER, text);
	list_draw(&v->answers, rows_area(a));
	draw_rule(said_area(a), 0, "What was said");
	detail_draw(&v->said, inside(said_area(a)));
}

void answers_take_case(struct screen *s, const struct answer *answer)
{
	struct surveys *v = s->state;
	if (!desk_good(s, answer, "opening the case"))
		return;
	v->opened.case_no = (int)result_int64(answer->results[0], 0, 0);
	list_refresh(&v->answers);
	if (s->ui->top == s)
		screen_open(s->ui, &case_screen, &v->opened);
}

static void case_send(struct screen *s, void *payload)
{
	(void)payload;
	const struct surveys *v = s->state;
	struct ask ask;
	int64_t member_id;
	int window_no;
	const char *key = list_selected_key(&v->answers);
	if (!key || !response_key_read(key, &member_id, &window_no))
		return;
	response_case(&ask, v->filter.survey_id, member_id, window_no);
	desk_send(s, &(struct desk_request){.tag = TAG_CASE, .what = "opening the case", .asks = {&ask}});
}

// The case that the answer has, or a new one after a question.
static void case_go(struct screen *s, const struct row *row)
{
	struct surveys *v = s->state;
	int window_no;
	char text[TEXT_BYTES + 100];
	if (!response_key_read(row->key, &v->opened.member_id, &window_no))
		return;
	if (*row->cells[CELL_CASE]) {
		v->opened.case_no = atoi(strchr(row->cells[CELL_CASE], '/') + 1);
		screen_open(s->ui, &case_screen, &v->opened);
		return;
	}
	if (!desk_may_write(s))
		return;
	snprintf(text, sizeof text, "A case for %s, with what was said as its first words.", row->cells[CELL_MEMBER]);
	dialog_confirm(s, &(struct question){.title = "Open a case?", .text = text, .yes = "Open"}, case_send, NULL);
}

static void words_typed(struct screen *s, const char *text, void *payload)
{
	(void)payload;
	struct surveys *v = s->state;
	snprintf(v->filter_words, sizeof v->filter_words, "%s", text);
	reload(v);
}

enum { CLASS_CHOICES = 5 };

// The first choices are classes, the others tags.
static void class_chosen(struct screen *s, int chosen, void *payload)
{
	(void)payload;
	struct surveys *v = s->state;
	const struct survey *survey = survey_chosen(v);
	const struct survey_scale *scale = &survey_scales[survey->kind];
	const int least[CLASS_CHOICES] = {scale->lowest, scale->lowest, scale->passive, scale->promoter, scale->lowest};
	const int most[CLASS_CHOICES] = {scale->highest, scale->passive - 1, scale->promoter - 1, scale->highest, scale->highest};
	if (chosen < CLASS_CHOICES) {
		v->filter.least = least[chosen];
		v->filter.most = most[chosen];
		v->filter.has_words = chosen == CLASS_CHOICES - 1;
	} else if (chosen - CLASS_CHOICES < v->tag_count) {
		v->filter.dimension = DIMENSION_TAG;
		snprintf(v->filter_value, sizeof v->filter_value, "%s", v->tags[chosen - CLASS_CHOICES]);
	}
	reload(v);
}

static void class_choose(struct screen *s)
{
	static char lines[TAGS_MOST][TAG_MAX + 16]; // copied by the dialog
	const struct surveys *v = s->state;
	const struct survey *survey = survey_chosen(v);
	const struct survey_scale *scale = &survey_scales[survey->kind];
	const char *choices[CLASS_CHOICES + TAGS_MOST] = {"everybody", scale->classes[ANSWER_DETRACTOR], scale->classes[ANSWER_PASSIVE],
		scale->classes[ANSWER_PROMOTER], "everybody who wrote something"};
	for (int i = 0; i < v->tag_count; i++) {
		snprintf(lines[i], sizeof lines[i], "those tagged %s", v->tags[i]);
		choices[CLASS_CHOICES + i] = lines[i];
	}
	dialog_choose(s, "Show the answers of", choices, CLASS_CHOICES + v->tag_count, 0, class_chosen, NULL);
}

static bool is_narrowed(const struct surveys *v)
{
	const struct survey *survey = survey_chosen(v);
	return survey && (v->filter.to != DAY_NONE || v->filter.words || v->filter.has_words || v->filter.dimension >= 0 ||
				 v->filter.least > survey_scales[survey->kind].lowest || v->filter.most < survey_scales[survey->kind].highest);
}

enum did answers_act(struct screen *s, int action, int count)
{
	static const struct prompt_spec search = {.label = "Words in what was said: ", .max = WORDS_MAX - 1, .history = "search", .done = words_typed};
	struct surveys *v = s->state;
	const struct row *row = v->has_answers ? list_selected(&v->answers) : NULL;
	int64_t member_id;
	int window_no;
	if (!v->has_answers || !survey_chosen(v))
		return NOT_MINE;
	switch (action) {
	case ACTION_OPEN:
		if (row && response_key_read(row->key, &member_id, &window_no))
			screen_open(s->ui, &member_screen, &member_id);
		return DID;
	case ACTION_NEW_CASE:
		if (row)
			case_go(s, row);
		return DID;
	case ACTION_FILTER:
		class_choose(s);
		return DID;
	case ACTION_SEARCH:
		prompt_open(s, &search, NULL);
		return DID;
	case ACTION_TAG_ANSWER:
		if (row)
			words_tag(s);
		return DID;
	case ACTION_PHRASES:
		words_phrases(s);
		return DID;
	case ACTION_BACK:
		if (!is_narrowed(v))
			return NOT_MINE;
		answers_drill(s, false);
		return DID;
	}
	return list_act(&v->answers, action, count);
}

const char *answers_disabled(const struct screen *s, int action)
{
	const struct surveys *v = s->state;
	if (action != ACTION_NEW_CASE && action != ACTION_OPEN && action != ACTION_TAG_ANSWER)
		return NULL;
	return v->has_answers && list_selected(&v->answers) ? NULL : "no answer is selected";
}
