// Campaign: one campaign with its settings in sections, edited in place, what they mean beside them, and how
// it runs.
#include "screens/campaigns/campaign_state.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const TABS[TAB_COUNT] = {[TAB_RULES] = "Rules",
	[TAB_RUNS] = "Runs",
	[TAB_DRY_RUN] = "Dry run",
	[TAB_RESULTS] = "Results"};

void campaign_load(struct screen *s, int tag)
{
	struct campaign_view *c = s->state;
	struct ask campaign;
	if (!c->campaign_no)
		return;
	campaign_get(&campaign, c->campaign_no);
	desk_send(s, &(struct desk_request){.tag = tag,
			     .what = tag == TAG_NEWS ? NULL : "the campaign",
			     .asks = {&campaign},
			     .is_read = true,
			     .replaces = true});
	campaign_runs_load(s);
}

// The line is kept; the sheet too if it is changed here or the document is as it was.
static void take_campaign(struct screen *s, const struct answer *answer, bool is_news)
{
	struct campaign_view *c = s->state;
	char before[80] = "";
	if (!desk_good(s, answer, "reading the campaign"))
		return;
	if (result_rows(answer->results[0]) == 0) {
		screen_say(s, ROLE_WARNING, "There is no campaign %d", c->campaign_no);
		return;
	}
	if (c->result)
		snprintf(before, sizeof before, "%s", c->line.sha256);
	result_free(c->result);
	c->result = result_keep(&answer->results[0]);
	campaign_line_read(c->result, 0, &c->line);
	c->is_outdated = is_news && campaign_is_changed(c) && strcmp(before, c->line.sha256) != 0;
	if (!is_news || (!campaign_is_changed(c) && strcmp(before, c->line.sha256) != 0))
		campaign_begin(s, c->line.document, c->line.length, true);
	campaign_show_words(s);
	if (c->submits)
		campaign_confirm_submit(s);
}

static void ask_names(struct screen *s)
{
	struct ask ask;
	condition_names_ask(&ask);
	desk_send(s, &(struct desk_request){.tag = TAG_WORDS, .asks = {&ask}, .is_read = true});
}

static void take_names(struct screen *s, const struct answer *answer)
{
	struct campaign_view *c = s->state;
	struct condition_names *names =
		desk_good(s, answer, "reading the names of conditions") ? condition_names_read(answer->results[0]) : NULL;
	if (!names)
		return;
	condition_names_free(c->names);
	c->names = names;
	campaign_check_again(s);
}

static void campaign_answer(struct screen *s, void *answer)
{
	const struct desk_news *news = answer;
	struct campaign_view *c = s->state;
	bool is_busy =
		desk_pending(s, TAG_SAVE) || desk_pending(s, TAG_DECIDE) || desk_pending(s, TAG_CAMPAIGN);
	if (news->kind == DESK_FACTS && !c->is_facts_known)
		campaign_check_again(s);
	if (news->kind == DESK_CHANGED && !is_busy &&
		(news->channel == DESK_EVERYTHING ||
			(news->channel == DESK_CAMPAIGN && atoi(news->payload) == c->campaign_no)))
		campaign_load(s, TAG_NEWS);
	if (news->kind != DESK_ANSWERED)
		return;
	if (news->tag == TAG_CAMPAIGN || news->tag == TAG_NEWS)
		take_campaign(s, news->answer, news->tag == TAG_NEWS);
	else if (news->tag == TAG_RUNS && desk_good(s, news->answer, "reading how it runs"))
		campaign_runs_taken(c, news->answer);
	else if (news->tag == TAG_RESULTS)
		campaign_results_taken(s, news->answer);
	else if (news->tag == TAG_WORDS)
		take_names(s, news->answer);
	else if (news->tag == TAG_SAVE)
		campaign_saved(s, news->answer);
	else if (news->tag == TAG_DECIDE)
		campaign_decided(s, news->answer);
}

static bool campaign_opened(struct screen *s, const void *argument)
{
	const struct campaign_open *open = argument;
	struct campaign_view *c = s->state;
	c->campaign_no = open->campaign_no;
	c->tabs = (struct tabs){.names = TABS, .count = TAB_COUNT};
	detail_init(&c->words, s);
	detail_init(&c->runs, s);
	grid_init(&c->grid, &campaign_grid, s, c);
	campaign_dry_run_init(s);
	campaign_results_init(s);
	document_errors_init(&c->errors);
	ask_names(s);
	if (open->document)
		return campaign_begin(s, open->document, open->length, false);
	campaign_load(s, TAG_CAMPAIGN);
	return true;
}

static void campaign_closed(struct screen *s)
{
	struct campaign_view *c = s->state;
	desk_forget(s);
	campaign_dry_run_free(c);
	campaign_results_free(c);
	campaign_end(c);
	document_errors_free(&c->errors);
	if (c->is_sent)
		campaign_request_free(&c->request);
	condition_names_free(c->names);
	result_free(c->result);
	grid_free(&c->grid);
	detail_free(&c->words);
	detail_free(&c->runs);
}

static void reload(struct screen *s, void *payload)
{
	(void)payload;
	campaign_load(s, TAG_CAMPAIGN);
}

static void refresh(struct screen *s)
{
	const struct campaign_view *c = s->state;
	if (c->campaign_no && campaign_is_changed(c))
		dialog_confirm(s,
			&(struct question){.title = "Lose the changes?",
				.text = "Your changes are not saved. Reading from the database loses them.",
				.yes = "Lose them"},
			reload, NULL);
	else
		campaign_load(s, TAG_CAMPAIGN);
}

static enum did act_on_sheet(struct screen *s, int action)
{
	if (!desk_may_write(s))
		return DID;
	switch (action) {
	case ACTION_EDIT_CELL:
	case ACTION_OPEN:
		campaign_edit_cell(s);
		return DID;
	case ACTION_ADD_PRIZE:
		campaign_add_prize(s);
		return DID;
	case ACTION_REMOVE_PRIZE:
		campaign_remove_prize(s);
		return DID;
	default:
		campaign_undo(s, action == ACTION_REDO);
		return DID;
	}
}

static enum did act_on_campaign(struct screen *s, int action)
{
	const struct campaign_view *c = s->state;
	switch (action) {
	case ACTION_SAVE:
	case ACTION_SAVE_DRAFT:
		campaign_ask_save(s);
		return DID;
	case ACTION_SUBMIT_CAMPAIGN:
		campaign_ask_submit(s);
		return DID;
	case ACTION_APPROVE:
	case ACTION_REFUSE:
		campaign_ask_decision(s, action == ACTION_APPROVE);
		return DID;
	case ACTION_PAUSE:
		campaign_ask_move(s, strcmp(c->line.state, "paused") == 0 ? MOVE_RESUME : MOVE_PAUSE);
		return DID;
	case ACTION_STOP_CAMPAIGN:
		campaign_ask_move(s, MOVE_STOP);
		return DID;
	case ACTION_CALL_CAMPAIGN:
		campaign_ask_call(s);
		return DID;
	case ACTION_DRY_RUN:
		campaign_ask_dry_run(s);
		return DID;
	case ACTION_RESULT_DAYS:
		campaign_results_ask_days(s);
		return DID;
	case ACTION_EXPORT:
		campaign_results_write(s);
		return DID;
	case ACTION_REFRESH:
		if (c->tabs.current == TAB_RESULTS)
			campaign_results_load(s);
		else
			refresh(s);
		return DID;
	default:
		return NOT_MINE;
	}
}

static bool may_read_results(const struct screen *s)
{
	return s->ui->rights & (DESK_MAY_DRAFT | DESK_MAY_DECIDE);
}

// What a tab shows is moved in, and perhaps opened.
static enum did act_on_tab(struct screen *s, int action, int count)
{
	struct campaign_view *c = s->state;
	switch (c->tabs.current) {
	case TAB_RUNS:
		return detail_act(&c->runs, action, count);
	case TAB_DRY_RUN:
		return campaign_dry_run_act(s, action, count);
	case TAB_RESULTS:
		return detail_act(&c->results.lines, action, count);
	default:
		return action == ACTION_HALF_DOWN || action == ACTION_HALF_UP
			       ? detail_act(&c->words, action, count)
			       : grid_act(&c->grid, action, count);
	}
}

static enum did campaign_act(struct screen *s, int action, int count)
{
	struct campaign_view *c = s->state;
	bool is_rules = c->tabs.current == TAB_RULES;
	if (action != ACTION_LEFT && action != ACTION_RIGHT && tabs_act(&c->tabs, action) == DID) {
		if (c->tabs.current == TAB_RESULTS && !c->results.is_asked && may_read_results(s))
			campaign_results_load(s);
		return DID;
	}
	if ((is_rules && (action == ACTION_EDIT_CELL || action == ACTION_OPEN)) || action == ACTION_ADD_PRIZE ||
		action == ACTION_REMOVE_PRIZE || action == ACTION_UNDO || action == ACTION_REDO)
		return act_on_sheet(s, action);
	if (act_on_campaign(s, action) == DID)
		return DID;
	c->why[0] = '\0';
	enum did did = act_on_tab(s, action, count);
	return did == NOT_MINE ? desk_act(s, action) : did;
}

// --- What can be done now.

static const char *sheet_disabled(const struct screen *s)
{
	const struct campaign_view *c = s->state;
	if (!c->is_read)
		return "it is not read yet";
	if (!(s->ui->rights & DESK_MAY_DRAFT))
		return "marketing and administrators write campaigns";
	if (c->result && strcmp(c->line.state, "ended") == 0)
		return "it has ended; c in the list copies it";
	if (c->result && strcmp(c->line.last_state, "submitted") == 0)
		return "it waits for its approval; x takes it back";
	return desk_pending(s, TAG_SAVE) || desk_pending(s, TAG_DECIDE) ? "it is being saved" : NULL;
}

static const char *cell_disabled(const struct screen *s)
{
	const struct campaign_view *c = s->state;
	return c->tabs.current == TAB_RULES ? sheet_disabled(s) : "the rules are not shown (1)";
}

static const char *submit_disabled(const struct screen *s)
{
	const struct campaign_view *c = s->state;
	const char *why = sheet_disabled(s);
	if (why)
		return why;
	return c->result && !campaign_is_changed(c) && strcmp(c->line.last_state, "draft") != 0
		       ? "nothing is changed"
		       : NULL;
}

static const char *decision_disabled(const struct screen *s, int action)
{
	const struct campaign_view *c = s->state;
	if (!c->result || strcmp(c->line.last_state, "submitted") != 0)
		return "it was not submitted";
	if (action == ACTION_REFUSE && c->line.is_mine)
		return NULL; // taken back
	if (c->line.is_mine)
		return "your own; someone else has to decide";
	return s->ui->rights & DESK_MAY_DECIDE ? NULL : "managers and administrators decide";
}

static const char *move_disabled(const struct screen *s, int action)
{
	const struct campaign_view *c = s->state;
	const char *state = c->result ? c->line.state : "";
	bool is_on = strcmp(state, "running") == 0 || strcmp(state, "scheduled") == 0;
	if (!c->result)
		return "it is not saved yet";
	if (!(s->ui->rights & (DESK_MAY_DRAFT | DESK_MAY_DECIDE)))
		return "that is for marketing, managers and administrators";
	if (action == ACTION_PAUSE)
		return is_on || strcmp(state, "paused") == 0 ? NULL : "it does not run";
	if (action == ACTION_CALL_CAMPAIGN)
		return strcmp(c->line.trigger, "hand") != 0 ? "its trigger is not by hand"
		       : is_on                              ? NULL
							    : "it does not run";
	return strcmp(state, "ended") == 0 ? "it has ended" : NULL;
}

static const char *dry_run_disabled(const struct screen *s)
{
	const struct campaign_view *c = s->state;
	if (!may_read_results(s))
		return "that is for marketing, managers and administrators";
	return !c->is_read ? "it is not read yet" : c->errors.count > 0 ? "mend its mistakes first" : NULL;
}

static const char *results_disabled(const struct screen *s, int action)
{
	const struct campaign_view *c = s->state;
	if (!may_read_results(s))
		return "that is for marketing, managers and administrators";
	if (c->tabs.current != TAB_RESULTS)
		return "the results are not shown (4)";
	return action == ACTION_EXPORT && !c->results.is_read ? "there are none yet" : NULL;
}

static const char *open_disabled(const struct screen *s)
{
	const struct campaign_view *c = s->state;
	if (c->tabs.current == TAB_RULES)
		return cell_disabled(s);
	return c->tabs.current == TAB_DRY_RUN && list_selected_key(&c->dry_run.receivers)
		       ? NULL
		       : "there is nothing to open here";
}

static const char *campaign_disabled(const struct screen *s, int action)
{
	switch (action) {
	case ACTION_EDIT_CELL:
	case ACTION_OPEN:
		return open_disabled(s);
	case ACTION_DRY_RUN:
		return dry_run_disabled(s);
	case ACTION_RESULT_DAYS:
	case ACTION_EXPORT:
		return results_disabled(s, action);
	case ACTION_ADD_PRIZE:
	case ACTION_REMOVE_PRIZE:
	case ACTION_UNDO:
	case ACTION_REDO:
		return cell_disabled(s);
	case ACTION_SAVE:
	case ACTION_SAVE_DRAFT:
		return sheet_disabled(s);
	case ACTION_SUBMIT_CAMPAIGN:
		return submit_disabled(s);
	case ACTION_APPROVE:
	case ACTION_REFUSE:
		return decision_disabled(s, action);
	case ACTION_PAUSE:
	case ACTION_STOP_CAMPAIGN:
	case ACTION_CALL_CAMPAIGN:
		return move_disabled(s, action);
	default:
		return NULL;
	}
}

static enum did campaign_input(struct screen *s, const struct input *input)
{
	struct campaign_view *c = s->state;
	if (c->grid.editing && input->kind == INPUT_KEY)
		c->why[0] = '\0';
	return grid_input(&c->grid, input);
}

static bool campaign_typing(const struct screen *s)
{
	return ((const struct campaign_view *)s->state)->grid.editing;
}

static const char *campaign_unsaved(const struct screen *s)
{
	return campaign_is_changed(s->state) ? "the changes of the campaign" : NULL;
}

static void campaign_title(const struct screen *s, char *out, size_t size)
{
	const struct campaign_view *c = s->state;
	snprintf(out, size, "%s", c->is_read && *c->sheet.values[0] ? c->sheet.values[0] : "Campaign");
}

static void campaign_position(const struct screen *s, char *out, size_t size)
{
	const struct campaign_view *c = s->state;
	if (c->tabs.current == TAB_RULES && c->is_read)
		grid_position(&c->grid, out, size);
	else if (c->tabs.current == TAB_RUNS)
		detail_position(&c->runs, out, size);
	else if (c->tabs.current == TAB_RESULTS)
		detail_position(&c->results.lines, out, size);
}

static const int campaign_actions[] = {ACTION_EDIT_CELL, ACTION_ADD_PRIZE, ACTION_UNDO, ACTION_SAVE_DRAFT,
	ACTION_SUBMIT_CAMPAIGN, ACTION_APPROVE, ACTION_REFUSE, ACTION_PAUSE, ACTION_REMOVE_PRIZE, ACTION_REDO,
	ACTION_DRY_RUN, ACTION_RESULT_DAYS, ACTION_EXPORT, ACTION_CALL_CAMPAIGN, ACTION_STOP_CAMPAIGN,
	ACTION_REFRESH, DESK_EVERYWHERE, ACTION_NONE};

// Esc while waiting.
static void campaign_cancel(struct screen *s)
{
	struct campaign_view *c = s->state;
	beside_cancel(&c->dry_run.beside);
	desk_cancel(s);
}

const struct screen_ops campaign_screen = {
	.name = "campaign",
	.help = "One campaign: its rules, what they mean, how it runs",
	.size = sizeof(struct campaign_view),
	.digits = true,
	.actions = campaign_actions,
	.open = campaign_opened,
	.close = campaign_closed,
	.answer = campaign_answer,
	.layout = campaign_show_layout,
	.draw = campaign_show,
	.act = campaign_act,
	.input = campaign_input,
	.mouse = campaign_click,
	.disabled = campaign_disabled,
	.typing = campaign_typing,
	.unsaved = campaign_unsaved,
	.cancel = campaign_cancel,
	.title = campaign_title,
	.position = campaign_position,
};
