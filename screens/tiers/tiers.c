// Tiers: the ladders of a version of the programme as a grid that is edited in place, with what a change
// means for members told under it.
#include "screens/tiers/tiers_state.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void tiers_answer(struct screen *s, void *answer)
{
	const struct desk_news *news = answer;
	const struct tiers *t = s->state;
	bool is_busy = desk_pending(s, TAG_SAVE) || desk_pending(s, TAG_SAVED) || desk_pending(s, TAG_DECIDE);
	if (news->kind == DESK_ANSWERED)
		tiers_take(s, news);
	else if (news->kind == DESK_CHANGED && t->list && !is_busy &&
		 (news->channel == DESK_PROGRAMME || news->channel == DESK_EVERYTHING))
		tiers_ask_list(s, TAG_NEWS);
}

bool tiers_may_write(const struct screen *s)
{
	return desk_facts(s)->is_known && s->ui->rights & DESK_MAY_DRAFT;
}

bool tiers_is_changed(const struct tiers *t)
{
	return t->is_open && (t->grid.editing || programme_edit_changed(&t->edit));
}

static bool tiers_open(struct screen *s, const void *argument)
{
	(void)argument;
	struct tiers *t = s->state;
	t->screen = s;
	t->from = DAY_NONE;
	detail_init(&t->words, s);
	detail_init(&t->trial.lines, s);
	grid_init(&t->grid, &tiers_grid, s, t);
	tiers_load(s, 0);
	return true;
}

static void tiers_close(struct screen *s)
{
	struct tiers *t = s->state;
	desk_forget(s);
	tiers_what_if_free(t);
	tiers_edit_close(t);
	result_free(t->list);
	tiers_version_free(&t->shown);
	tiers_version_free(&t->before);
	outline_free(&t->base_outline);
	programme_free(t->base_programme);
	tier_table_free(&t->table);
	tier_table_free(&t->base_table);
	version_request_free(&t->request);
	free(t->sent);
	grid_free(&t->grid);
	detail_free(&t->words);
}

static void choose_version(struct screen *s, int chosen, void *payload)
{
	(void)payload;
	struct tiers *t = s->state;
	struct programme_version version;
	if (chosen >= result_rows(t->list))
		return;
	programme_version_read(t->list, chosen, &version);
	tiers_load(s, version.version_no);
}

void tiers_choose_version(struct screen *s, const char *title, int start_no, dialog_chosen *chosen)
{
	enum { MOST = 40, LINE = 120 };
	const struct tiers *t = s->state;
	char lines[MOST][LINE]; // copied by the dialog
	const char *choices[MOST];
	struct programme_version version;
	int count = 0, start = 0;
	for (; count < MOST && count < result_rows(t->list); count++) {
		programme_version_read(t->list, count, &version);
		tiers_version_words(&version, lines[count], LINE);
		choices[count] = lines[count];
		if (version.version_no == start_no)
			start = count;
	}
	dialog_choose(s, title, choices, count, start, chosen, NULL);
}

static void ask_version(struct screen *s, void *payload)
{
	(void)payload;
	const struct tiers *t = s->state;
	tiers_choose_version(
		s, "Which version", t->shown.result ? t->shown.version.version_no : 0, choose_version);
}

static void reload(struct screen *s, void *payload)
{
	(void)payload;
	const struct tiers *t = s->state;
	tiers_load(s, t->shown.result ? t->shown.version.version_no : 0);
}

// Does it at once, or after a question if changes would be lost.
static void after_question(struct screen *s, dialog_yes *then)
{
	const struct tiers *t = s->state;
	if (!tiers_is_changed(t)) {
		then(s, NULL);
		return;
	}
	dialog_confirm(s,
		&(struct question){.title = "Lose the changes?",
			.text = "Your changes are not saved. Reading from the database loses them.",
			.yes = "Lose them"},
		then, NULL);
}

static enum did act_on_tiers(struct screen *s, int action)
{
	static const int changes[] = {ACTION_EDIT_CELL, ACTION_OPEN, ACTION_INSERT_TIER, ACTION_REMOVE_TIER,
		ACTION_DATE_THRESHOLD, ACTION_ADD_BENEFIT};
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
		if (action == changes[i] && !desk_may_write(s))
			return DID;
	switch (action) {
	case ACTION_EDIT_CELL:
	case ACTION_OPEN:
		tiers_edit_cell(s);
		return DID;
	case ACTION_INSERT_TIER:
		tiers_insert(s);
		return DID;
	case ACTION_REMOVE_TIER:
		tiers_remove(s);
		return DID;
	case ACTION_ADD_BENEFIT:
		tiers_benefit(s);
		return DID;
	case ACTION_DATE_THRESHOLD:
		tiers_date(s);
		return DID;
	case ACTION_UNDO:
	case ACTION_REDO:
		tiers_undo(s, action == ACTION_REDO);
		return DID;
	default:
		return NOT_MINE;
	}
}

static enum did act_on_version(struct screen *s, int action)
{
	const struct tiers *t = s->state;
	switch (action) {
	case ACTION_SAVE:
	case ACTION_SAVE_DRAFT:
		tiers_save(s);
		return DID;
	case ACTION_SUBMIT:
		tiers_submit(s);
		return DID;
	case ACTION_APPROVE:
	case ACTION_REFUSE:
		tiers_decide(s, action == ACTION_APPROVE);
		return DID;
	case ACTION_DROP_DRAFT:
		tiers_drop(s);
		return DID;
	case ACTION_COMPARE:
		tiers_compare(s);
		return DID;
	case ACTION_WHAT_IF:
		tiers_what_if(s);
		return DID;
	case ACTION_LARGEST:
		screen_open(s->ui, &largest_screen, t->trial.result);
		return DID;
	case ACTION_VERSION:
		after_question(s, ask_version);
		return DID;
	case ACTION_REFRESH:
		after_question(s, reload);
		return DID;
	default:
		return NOT_MINE;
	}
}

static enum did tiers_act(struct screen *s, int action, int count)
{
	struct tiers *t = s->state;
	int ladder = t->tabs.current;
	if (action != ACTION_LEFT && action != ACTION_RIGHT && tabs_act(&t->tabs, action) == DID) {
		if (t->tabs.current != ladder) {
			t->extra_date[0] = 0;
			t->grid.row = t->grid.column = 0;
			tiers_rebuild(t);
		}
		return DID;
	}
	if (action == ACTION_HALF_DOWN || action == ACTION_HALF_UP)
		return detail_act(t->trial.is_shown ? &t->trial.lines : &t->words, action, count);
	if (act_on_tiers(s, action) == DID || act_on_version(s, action) == DID)
		return DID;
	t->why[0] = 0;
	enum did did = grid_act(&t->grid, action, count);
	return did == NOT_MINE ? desk_act(s, action) : did;
}

static const char *write_disabled(const struct screen *s, int action)
{
	const struct tiers *t = s->state;
	if (!desk_facts(s)->is_known)
		return "it is not known yet who you are";
	if (!tiers_may_write(s))
		return "that is for marketing and admins";
	if (desk_pending(s, TAG_SAVE) || desk_pending(s, TAG_SAVED) || desk_pending(s, TAG_DECIDE))
		return "it is being saved";
	if (action == ACTION_REMOVE_TIER && t->grid.column == 0 && !tiers_benefit_path(t))
		return "the base tier stays";
	return action == ACTION_DATE_THRESHOLD ? tiers_date_disabled(t) : NULL;
}

static const char *decide_disabled(const struct screen *s)
{
	const struct tiers *t = s->state;
	if (t->shown.version.state != VERSION_SUBMITTED)
		return "this version was not submitted";
	if (tiers_is_changed(t))
		return "undo your own changes first";
	if (t->shown.version.is_mine)
		return "your own; someone else has to decide";
	return s->ui->rights & DESK_MAY_DECIDE ? NULL : "managers and administrators decide";
}

static const char *what_if_disabled(const struct screen *s, int action)
{
	const struct tiers *t = s->state;
	if (action == ACTION_LARGEST)
		return t->trial.result ? NULL : "w tries the rules first";
	if (!action_allowed(action, s->ui->rights))
		return "that is for marketing, managers and admins";
	if (t->edit.errors.count > 0)
		return "there is a mistake to mend first";
	return NULL;
}

static const char *tiers_disabled(const struct screen *s, int action)
{
	const struct tiers *t = s->state;
	switch (action) {
	case ACTION_EDIT_CELL:
	case ACTION_OPEN:
	case ACTION_INSERT_TIER:
	case ACTION_REMOVE_TIER:
	case ACTION_ADD_BENEFIT:
	case ACTION_DATE_THRESHOLD:
	case ACTION_UNDO:
	case ACTION_REDO:
	case ACTION_SAVE:
	case ACTION_SAVE_DRAFT:
	case ACTION_SUBMIT:
		return t->is_open ? write_disabled(s, action) : "no version is shown";
	case ACTION_APPROVE:
	case ACTION_REFUSE:
		return t->is_open ? decide_disabled(s) : "no version is shown";
	case ACTION_DROP_DRAFT:
		return t->is_open ? tiers_drop_disabled(s) : "no version is shown";
	case ACTION_WHAT_IF:
	case ACTION_LARGEST:
		return t->is_open ? what_if_disabled(s, action) : "no version is shown";
	case ACTION_COMPARE:
	case ACTION_VERSION:
		return t->is_open && t->list ? NULL : "no version is shown";
	default:
		return NULL;
	}
}

static enum did tiers_input(struct screen *s, const struct input *input)
{
	struct tiers *t = s->state;
	if (t->grid.editing && input->kind == INPUT_KEY)
		t->why[0] = 0;
	return grid_input(&t->grid, input);
}

static bool tiers_typing(const struct screen *s)
{
	return ((const struct tiers *)s->state)->grid.editing;
}

static const char *tiers_unsaved(const struct screen *s)
{
	return tiers_is_changed(s->state) ? "the changes of the tiers" : NULL;
}

static void tiers_cancel(struct screen *s)
{
	tiers_what_if_cancel(s->state);
	desk_cancel(s);
}

static void tiers_title(const struct screen *s, char *out, size_t size)
{
	(void)s;
	snprintf(out, size, "Tiers");
}

static void tiers_position(const struct screen *s, char *out, size_t size)
{
	const struct tiers *t = s->state;
	if (t->is_open)
		grid_position(&t->grid, out, size);
}

static const int tiers_actions[] = {ACTION_EDIT_CELL, ACTION_INSERT_TIER, ACTION_UNDO, ACTION_SAVE_DRAFT,
	ACTION_SUBMIT, ACTION_WHAT_IF, ACTION_COMPARE, ACTION_VERSION, ACTION_DATE_THRESHOLD,
	ACTION_REMOVE_TIER, ACTION_ADD_BENEFIT, ACTION_REDO, ACTION_LARGEST, ACTION_APPROVE, ACTION_REFUSE,
	ACTION_DROP_DRAFT, ACTION_REFRESH, DESK_EVERYWHERE, ACTION_NONE};

const struct screen_ops tiers_screen = {
	.name = "tiers",
	.help = "The ladders as a grid: thresholds, windows, benefits, and what a change means for members",
	.size = sizeof(struct tiers),
	.digits = true,
	.actions = tiers_actions,
	.open = tiers_open,
	.close = tiers_close,
	.answer = tiers_answer,
	.layout = tiers_show_layout,
	.draw = tiers_show,
	.act = tiers_act,
	.input = tiers_input,
	.mouse = tiers_click,
	.disabled = tiers_disabled,
	.typing = tiers_typing,
	.unsaved = tiers_unsaved,
	.cancel = tiers_cancel,
	.title = tiers_title,
	.position = tiers_position,
};
