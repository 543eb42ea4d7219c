// What can be done on the Member screen, and why something cannot be done now.
#include "screens/member/member.h"

#include "model/desk/case.h"
#include "screens/campaigns/campaigns.h"
#include "screens/ui/dialog.h"

#include <inttypes.h>
#include <stdio.h>

// Rows are on their way and an action on one of them was asked for: it is done when they are there.
static bool is_early(const struct member *m, int action)
{
	const struct list *l = &m->lists[m->tabs.current];

	return (action == ACTION_WHY || action == ACTION_OPEN || action == ACTION_REVERSE) && l->asking &&
	       !l->rows.count;
}

static void open_why(struct member *m)
{
	int64_t owner = member_selected(m, HIDDEN_OWNER);
	struct why_of why = {.member_id = owner ? owner : m->member_id,
		.seq = member_selected(m, HIDDEN_SEQ),
		.entry_no = member_selected(m, HIDDEN_ENTRY),
		.kind = member_selected_kind(m)};
	const struct row *row = list_selected(&m->lists[m->tabs.current]);

	if (!row || (!why.seq && !why.entry_no)) {
		screen_say(m->screen, ROLE_WARNING, "There is no event behind this row to explain");
		return;
	}
	snprintf(why.title, sizeof why.title, "%.40s %.50s", row->cells[0], row->cells[1]);
	screen_open(m->screen->ui, &why_screen, &why);
}

static void open_consents(struct member *m)
{
	screen_open(m->screen->ui, &consents_screen, &m->member_id);
}

// A row that no event is behind is read whole instead: a note, a change, a request.
static void open_text(struct member *m)
{
	const struct row *row = list_selected(&m->lists[m->tabs.current]);

	if (row)
		dialog_show(m->screen, row->cells[0], row->cells[1]);
}

static bool is_text(const struct member *m)
{
	return m->tabs.current == TAB_TIMELINE && !member_selected(m, HIDDEN_SEQ) && !member_selected(m, HIDDEN_ENTRY);
}

static void open_row(struct member *m)
{
	int64_t other = member_selected(m, HIDDEN_ID), owner = member_selected(m, HIDDEN_OWNER);
	struct case_id id = {.member_id = owner ? owner : m->member_id, .case_no = (int)other};
	char message[48];

	snprintf(message, sizeof message, "%lld/%lld", (long long)m->person.number, (long long)other);
	if (member_selected_kind(m) == KIND_CAMPAIGN)
		screen_open(m->screen->ui, &campaign_screen, &(struct campaign_open){.campaign_no = (int)other});
	else if (member_selected_kind(m) == KIND_MESSAGE)
		screen_open(m->screen->ui, &message_screen, message);
	else if (member_selected_kind(m) == KIND_CASE && id.case_no)
		screen_open(m->screen->ui, &case_screen, &id);
	else if (member_selected_kind(m) == KIND_MEMBER)
		screen_open(m->screen->ui, &member_screen, &other);
	else if (member_selected_kind(m) == KIND_ATTRIBUTE)
		ui_act(m->screen->ui, ACTION_EDIT_MEMBER, 0); // with what may be said against it
	else if (is_text(m))
		open_text(m);
	else
		open_why(m);
}

static void reverse_row(struct member *m)
{
	if (m->tabs.current == TAB_REWARDS)
		member_reward_cancel(m);
	else
		member_reverse(m, member_selected(m, HIDDEN_SEQ));
}

static void give_goodwill(struct member *m)
{
	member_goodwill(m, NULL);
}

static void open_case(struct member *m)
{
	member_new_case(m, NULL);
}

// The number, or the code of the reward that is selected.
static void copy_number(struct member *m)
{
	char number[24], what[40];
	const struct row *reward = m->tabs.current == TAB_REWARDS ? list_selected(&m->lists[TAB_REWARDS]) : NULL;

	if (reward && *reward->cells[REWARD_CODE]) {
		ui_copy(m->screen->ui, "the code", reward->cells[REWARD_CODE]);
		return;
	}

	if (!m->kept)
		return;
	snprintf(number, sizeof number, "%" PRId64, m->person.number);
	snprintf(what, sizeof what, "number %s", number);
	ui_copy(m->screen->ui, what, number);
}

static void filtered(struct screen *s, int chosen, void *payload)
{
	struct member *m = payload;

	(void)s;
	m->filter = (enum timeline_filter)chosen;
	list_reload(&m->lists[TAB_TIMELINE]);
}

static void choose_filter(struct member *m)
{
	const char *names[TIMELINE_FILTERS];

	for (int i = 0; i < TIMELINE_FILTERS; i++)
		names[i] = timeline_filter_name((enum timeline_filter)i);
	dialog_choose(m->screen, "Show in the timeline", names, TIMELINE_FILTERS, m->filter, filtered, m);
}

static enum did act_on_list(struct member *m, int action, int count)
{
	enum did did = list_act(&m->lists[m->tabs.current], action, count);

	if (did != NOT_MINE)
		return did;
	if (tabs_act(&m->tabs, action) == DID) {
		member_show_tab(m);
		return DID;
	}
	return desk_act(m->screen, action);
}

enum did member_act(struct screen *s, int action, int count)
{
	static const struct {
		int action;
		void (*act)(struct member *m);
	} acts[] = {
		{ACTION_WHY, open_why},
		{ACTION_OPEN, open_row},
		{ACTION_COPY, copy_number},
		{ACTION_GOODWILL, give_goodwill},
		{ACTION_UNDO, member_undo},
		{ACTION_REVERSE, reverse_row},
		{ACTION_USE_REWARD, member_reward_use},
		{ACTION_RESERVE_REWARD, member_reward_reserve},
		{ACTION_REDEEM, member_redeem},
		{ACTION_VERIFY, member_verify},
		{ACTION_CONSENTS, open_consents},
		{ACTION_HOUSEHOLD, member_household},
		{ACTION_MERGE, member_merge},
		{ACTION_EDIT_MEMBER, member_edit},
		{ACTION_MEMBER_NOTE, member_note},
		{ACTION_BLOCK_MEMBER, member_block},
		{ACTION_AS_OF, member_as_of},
		{ACTION_CLAIM, member_claim},
		{ACTION_ERASE_MEMBER, member_erase},
		{ACTION_SEND_POINTS, member_send},
		{ACTION_NEW_CASE, open_case},
		{ACTION_REFRESH, member_show_again},
	};
	struct member *m = s->state;

	m->action_due = is_early(m, action) ? action : ACTION_NONE;
	if (m->action_due)
		return DID;
	for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++)
		if (acts[i].action == action) {
			acts[i].act(m);
			return DID;
		}
	if (action == ACTION_FILTER && m->tabs.current == TAB_TIMELINE) {
		choose_filter(m);
		return DID;
	}
	return act_on_list(m, action, count);
}

// Why an action cannot be done now, so that no one fills in a form in vain.
const char *member_disabled(const struct screen *s, int action)
{
	const struct member *m = s->state;

	bool is_write = action == ACTION_REVERSE || action == ACTION_UNDO || action == ACTION_GOODWILL ||
			action == ACTION_REDEEM || action == ACTION_NEW_CASE || action == ACTION_VERIFY ||
			action == ACTION_SEND_POINTS || action == ACTION_MERGE || action == ACTION_EDIT_MEMBER ||
			action == ACTION_MEMBER_NOTE || action == ACTION_CLAIM || action == ACTION_BLOCK_MEMBER ||
			action == ACTION_ERASE_MEMBER ||
			action == ACTION_USE_REWARD || action == ACTION_RESERVE_REWARD;
	if (is_write && desk_of(s)->read_only)
		return "opened with --read-only, nothing can be changed";
	bool is_openable = member_selected_kind(m) == KIND_CAMPAIGN || member_selected_kind(m) == KIND_MESSAGE;
	if (member_is_outline(m) && action == ACTION_OPEN && is_openable)
		return NULL;
	if (member_is_outline(m) && (is_write || action == ACTION_OPEN || action == ACTION_WHY || action == ACTION_AS_OF))
		return "your role only looks at members";
	if (is_write && member_is_merged(m) && action != ACTION_MERGE && action != ACTION_REVERSE)
		return "the member was merged into another one: do it there";
	bool is_spending = action == ACTION_REDEEM || action == ACTION_SEND_POINTS || action == ACTION_USE_REWARD ||
			   action == ACTION_RESERVE_REWARD;
	if (is_spending && member_is_blocked(m))
		return "the member is blocked and spends nothing; ! unblocks";
	switch (action) {
	case ACTION_VERIFY:
		return member_verify_disabled(m);
	case ACTION_USE_REWARD:
	case ACTION_RESERVE_REWARD:
		return member_reward_disabled(m);
	case ACTION_REVERSE:
		if (m->tabs.current == TAB_REWARDS && member_selected(m, HIDDEN_OWNER))
			return "it belongs to the member in brackets: cancel it there";
		if (m->tabs.current == TAB_REWARDS)
			return member_reward_disabled(m);
		if (member_selected_kind(m) == KIND_PURCHASE || is_early(m, action))
			return NULL;
		return "only a purchase can be taken back; select one";
	case ACTION_SEND_POINTS:
		return member_send_disabled(m);
	case ACTION_UNDO:
		return m->given.kind ? NULL : "no goodwill was given here since the member was opened";
	case ACTION_GOODWILL:
	case ACTION_MERGE:
	case ACTION_EDIT_MEMBER:
	case ACTION_MEMBER_NOTE:
	case ACTION_BLOCK_MEMBER:
	case ACTION_AS_OF:
	case ACTION_CLAIM:
	case ACTION_ERASE_MEMBER:
	case ACTION_REDEEM:
	case ACTION_NEW_CASE:
		return m->kept ? NULL : "the member is not known yet";
	default:
		return NULL;
	}
}
