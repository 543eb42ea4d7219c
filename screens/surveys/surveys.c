// Surveys: what members say, how sure that is, what moved it, and what was done for those who were unhappy.
#include "screens/surveys/surveys_state.h"
#include "screens/ui/dialog.h"
#include <stdio.h>
#include <string.h>

static const char *const names[SURVEYS_TABS] = {[TAB_SCORE] = "Score", [TAB_ANSWERS] = "Answers", [TAB_LOOP] = "Closing the loop"};

static bool surveys_open(struct screen *s, const void *argument)
{
	(void)argument;
	struct surveys *v = s->state;
	memcpy(v->tab_names, names, sizeof names);
	v->tabs = (struct tabs){.names = v->tab_names, .count = SURVEYS_TABS};
	v->grain = GRAIN_MONTH;
	v->at = v->score = -1;
	detail_init(&v->loop, s);
	if (!answers_open(s))
		return false;
	surveys_load(s, true);
	return true;
}

static void surveys_close(struct screen *s)
{
	struct surveys *v = s->state;
	desk_forget(s);
	answers_close(s);
	wave_close(s);
	detail_free(&v->loop);
}

static struct area pane_area(struct area a)
{
	return area_rows(a, 1, a.height - 1);
}

static void surveys_layout(struct screen *s, struct area a)
{
	struct surveys *v = s->state;
	answers_layout(s, pane_area(a));
	detail_layout(&v->loop, area_columns(pane_area(a), 1, a.width - 2));
}

static void surveys_draw(const struct screen *s, struct area a)
{
	const struct surveys *v = s->state;
	tabs_draw(&v->tabs, a, 0);
	switch (v->tabs.current) {
	case TAB_SCORE:
		surveys_draw_score(s, pane_area(a));
		break;
	case TAB_ANSWERS:
		answers_draw(s, pane_area(a));
		break;
	case TAB_LOOP:
		if (surveys_may_see(s))
			detail_draw(&v->loop, area_columns(pane_area(a), 1, a.width - 2));
		else
			draw_text(pane_area(a), 1, 1, a.width - 2, ROLE_DIM, "Cases are for support and managers.");
		break;
	}
}

// Another survey, or another cut of its time: what was read is of no use.
static void start_over(struct screen *s)
{
	struct surveys *v = s->state;
	v->is_loaded = false;
	v->trend.count = v->parts.count = 0;
	v->at = -1;
	surveys_load_trend(s, true);
	if (v->tabs.current == TAB_ANSWERS)
		answers_drill(s, false);
	if (v->tabs.current == TAB_LOOP)
		loop_load(s);
}

static void survey_taken(struct screen *s, int chosen, void *payload)
{
	(void)payload;
	struct surveys *v = s->state;
	if (chosen >= v->count)
		return;
	v->chosen = chosen;
	v->filter.survey_id = 0;
	start_over(s);
}

static void survey_choose(struct screen *s)
{
	enum { LINE = 200 };
	static char lines[SURVEYS_MOST][LINE]; // copied by the dialog
	const char *choices[SURVEYS_MOST];
	const struct surveys *v = s->state;
	for (int i = 0; i < v->count; i++) {
		const struct survey *survey = &v->list[i];
		snprintf(lines[i], LINE, "%s  %s %s%s", survey->code, survey_scales[survey->kind].name, survey->name, survey->is_open ? "" : " (not open)");
		choices[i] = lines[i];
	}
	if (v->count)
		dialog_choose(s, "Which survey", choices, v->count, v->chosen, survey_taken, NULL);
}

// The cursor of the pane moves; up is a higher score, and the part above.
static void move(struct screen *s, int action, int count)
{
	struct surveys *v = s->state;
	int step = count > 0 ? count : 1;
	bool is_back = action == ACTION_LEFT || action == ACTION_UP;
	if (action == ACTION_FIRST || action == ACTION_LAST)
		step = TREND_MOST;
	is_back = is_back || action == ACTION_FIRST;
	if (action == ACTION_LEFT || action == ACTION_RIGHT || v->pane == PANE_TREND) {
		int was = v->at, last = v->trend.count - 1;
		v->at += is_back ? -step : step;
		v->at = v->at > last ? last : v->at;
		v->at = v->at < 0 && last >= 0 ? 0 : v->at;
		if (v->at != was)
			surveys_load_parts(s);
	} else if (v->pane == PANE_SCORES) {
		const struct survey_scale *scale = &survey_scales[v->trend.kind];
		v->score += is_back ? step : -step;
		v->score = v->score > scale->highest ? scale->highest : v->score < scale->lowest ? scale->lowest : v->score;
	} else {
		v->part += is_back ? -step : step;
		v->part = v->part >= v->parts.count ? v->parts.count - 1 : v->part;
		v->part = v->part < 0 ? 0 : v->part;
	}
}

static void tab_go(struct screen *s, int tab)
{
	struct surveys *v = s->state;
	const struct survey *survey = survey_chosen(v);
	v->tabs.current = tab;
	if (tab == TAB_ANSWERS && survey && v->filter.survey_id != survey->id && surveys_may_see(s))
		answers_drill(s, false);
	if (tab == TAB_LOOP)
		loop_load(s);
}

static enum did score_act(struct screen *s, int action, int count)
{
	struct surveys *v = s->state;
	switch (action) {
	case ACTION_LEFT:
	case ACTION_RIGHT:
	case ACTION_UP:
	case ACTION_DOWN:
	case ACTION_FIRST:
	case ACTION_LAST:
		move(s, action, count);
		return DID;
	case ACTION_NEXT_PANE:
	case ACTION_PREVIOUS_PANE:
		v->pane = (enum surveys_pane)((v->pane + (action == ACTION_NEXT_PANE ? 1 : PANES - 1)) % PANES);
		return DID;
	case ACTION_OPEN:
		if (!bucket_chosen(v) || !surveys_may_see(s))
			return NOT_MINE;
		v->tabs.current = TAB_ANSWERS;
		answers_drill(s, true);
		return DID;
	case ACTION_DIMENSION:
		v->dimension = (enum survey_dimension)((v->dimension + 1) % DIMENSIONS);
		v->parts.count = v->part = 0;
		surveys_load_parts(s);
		return DID;
	case ACTION_GRAIN:
		v->grain = (enum survey_grain)((v->grain + 1) % GRAINS);
		start_over(s);
		return DID;
	default:
		return NOT_MINE;
	}
}

static enum did surveys_act(struct screen *s, int action, int count)
{
	struct surveys *v = s->state;
	enum did did = NOT_MINE;
	if (action >= ACTION_TAB_1 && action < ACTION_TAB_1 + SURVEYS_TABS) {
		tab_go(s, action - ACTION_TAB_1);
		return DID;
	}
	if (action == ACTION_SURVEY) {
		survey_choose(s);
		return DID;
	}
	if (action == ACTION_INVITE) {
		wave_begin(s);
		return DID;
	}
	if (action == ACTION_REFRESH) {
		surveys_load(s, true);
		if (v->tabs.current == TAB_LOOP)
			loop_load(s);
		else if (v->tabs.current == TAB_ANSWERS)
			list_refresh(&v->answers);
		return DID;
	}
	if ((action == ACTION_FILTER || action == ACTION_SEARCH) && surveys_may_see(s) && v->tabs.current != TAB_ANSWERS)
		tab_go(s, TAB_ANSWERS); // what is narrowed down is answers
	if (v->tabs.current == TAB_SCORE)
		did = score_act(s, action, count);
	else if (v->tabs.current == TAB_ANSWERS && surveys_may_see(s))
		did = answers_act(s, action, count);
	else if (v->tabs.current == TAB_LOOP)
		did = detail_act(&v->loop, action, count);
	if (did == NOT_MINE && action == ACTION_BACK && v->tabs.current != TAB_SCORE) {
		tab_go(s, TAB_SCORE);
		return DID;
	}
	return did == NOT_MINE ? desk_act(s, action) : did;
}

static enum did surveys_mouse(struct screen *s, int y, int x, enum mouse_button button)
{
	struct surveys *v = s->state;
	int was = v->tabs.current;
	if (y > 1 && v->tabs.current == TAB_ANSWERS && v->has_answers)
		return list_mouse(&v->answers, y - 2, x, button);
	if (y > 0 || button != MOUSE_CLICK || tabs_mouse(&v->tabs, x) != DID)
		return NOT_MINE;
	if (v->tabs.current != was)
		tab_go(s, v->tabs.current);
	return DID;
}

static const char *surveys_disabled(const struct screen *s, int action)
{
	const struct surveys *v = s->state;
	if (action == ACTION_INVITE && (!survey_chosen(v) || !survey_chosen(v)->is_open))
		return "no survey that is open is shown: v shows another";
	bool is_of_score = action == ACTION_GRAIN || action == ACTION_DIMENSION;
	if (is_of_score && v->tabs.current != TAB_SCORE)
		return "that is of the score: 1 shows it";
	if (v->tabs.current == TAB_ANSWERS)
		return answers_disabled(s, action);
	if (action == ACTION_TAG_ANSWER || action == ACTION_PHRASES)
		return "that is of answers: 2 shows them";
	if (action == ACTION_NEW_CASE)
		return "a case is opened for an answer: 2 shows them";
	if (action == ACTION_OPEN && v->tabs.current == TAB_SCORE)
		return !bucket_chosen(v) ? "nobody has answered yet" : surveys_may_see(s) ? NULL : "what members wrote is for support and managers";
	return NULL;
}

static void surveys_position(const struct screen *s, char *out, size_t size)
{
	const struct surveys *v = s->state;
	if (v->tabs.current == TAB_ANSWERS && v->has_answers)
		list_position(&v->answers, out, size);
}

static void surveys_title(const struct screen *s, char *out, size_t size)
{
	(void)s;
	snprintf(out, size, "Surveys");
}

static const int surveys_actions[] = {ACTION_OPEN, ACTION_SURVEY, ACTION_GRAIN, ACTION_DIMENSION, ACTION_FILTER, ACTION_SEARCH, ACTION_NEW_CASE,
	ACTION_TAG_ANSWER, ACTION_PHRASES, ACTION_INVITE,	ACTION_REFRESH, DESK_EVERYWHERE, ACTION_NONE};

const struct screen_ops surveys_screen = {
	.name = "surveys",
	.help = "What members say, how sure that is, and what was done for the unhappy",
	.size = sizeof(struct surveys),
	.digits = true,
	.actions = surveys_actions,
	.open = surveys_open,
	.close = surveys_close,
	.answer = surveys_answer,
	.layout = surveys_layout,
	.draw = surveys_draw,
	.act = surveys_act,
	.mouse = surveys_mouse,
	.disabled = surveys_disabled,
	.cancel = desk_cancel,
	.title = surveys_title,
	.position = surveys_position,
};
