// Case: what was said and done, beside the member's card; answer, note, wait, goodwill, resolve.
#include "screens/cases/case_state.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void case_load(struct screen *s, bool is_first)
{
	struct case_state *c = s->state;
	struct ask head, articles, steps, card, around;
	if (desk_pending(s, TAG_LOAD)) {
		c->is_stale = true;
		return;
	}
	c->is_stale = false;
	case_open(&head, c->id);
	case_articles(&articles, c->id);
	case_steps(&steps, c->id);
	case_card(&card, c->id);
	case_around(&around, c->id);
	desk_send(s, &(struct desk_request){.tag = TAG_LOAD,
			     .what = is_first ? "the case" : NULL,
			     .asks = {&head, &articles, &steps, &card, &around},
			     .is_read = true});
}

static void keep(struct result **into, struct result **from)
{
	result_free(*into);
	*into = result_keep(from);
}

static void take_load(struct screen *s, const struct answer *answer)
{
	struct case_state *c = s->state;
	int had = c->head.articles;
	if (!desk_good(s, answer, "reading the case"))
		return;
	if (!case_head_read(answer->results[0], &c->head) || !case_card_read(answer->results[3], &c->card)) {
		screen_say(s, ROLE_BAD, "There is no such case");
		return;
	}
	case_around_read(answer->results[4], &c->around);
	keep(&c->articles, &answer->results[1]);
	keep(&c->steps, &answer->results[2]);
	case_fill(c);
	if (!c->is_loaded || c->head.articles > had)
		detail_go_end(&c->detail);
	c->is_loaded = true;
	if (c->is_stale)
		case_load(s, false);
	else
		case_news_told(s);
}

static void take_answer(struct screen *s, const struct desk_news *news)
{
	switch ((enum case_tag)news->tag) {
	case TAG_LOAD:
		take_load(s, news->answer);
		break;
	case TAG_CONTACT:
		case_contact_answered(s, news->answer);
		break;
	case TAG_WRITE:
		compose_sent(s, news->answer);
		break;
	case TAG_DRAFT:
		compose_draft_answered(s, news->answer);
		break;
	case TAG_RESTORE:
		compose_restore(s, news->answer);
		break;
	case TAG_HERE:
	case TAG_DROP:
		break;
	case TAG_TEXTS:
	case TAG_MACROS:
	case TAG_CHECKS:
	case TAG_SIBLINGS:
		case_choose(s, (enum case_tag)news->tag, news->answer);
		break;
	case TAG_MORE:
		case_more_done(s, news->answer);
		break;
	case TAG_NEXT:
		case_next_taken(s, news->answer);
		break;
	case TAG_CHANGE:
		case_changed(s, news->answer);
		break;
	case TAG_GOODWILL:
		case_goodwill_answered(s, news->answer);
		break;
	}
}

// Whether the news is about this case or its member.
static bool is_about(const struct case_state *c, const struct desk_news *news)
{
	char about[48];
	switch (news->channel) {
	case DESK_CASE:
		snprintf(about, sizeof about, "%" PRId64 "/%d", c->id.member_id, c->id.case_no);
		break;
	case DESK_DESK:
		snprintf(about, sizeof about, "case %" PRId64 "/%d", c->id.member_id, c->id.case_no);
		break;
	case DESK_MEMBER:
	case DESK_APPROVAL:
		snprintf(about, sizeof about, "%" PRId64, c->id.member_id);
		break;
	case DESK_EVERYTHING:
		return true;
	default:
		return false;
	}
	return strcmp(about, news->payload) == 0;
}

static void case_answer(struct screen *s, void *answer)
{
	const struct desk_news *news = answer;
	if (news->kind == DESK_ANSWERED)
		take_answer(s, news);
	else if (news->kind == DESK_CHANGED && is_about(s->state, news)) {
		if (news->channel == DESK_EVERYTHING)
			case_say_here(s, true); // over another connection now
		case_load(s, false);
		case_goodwill_look(s);
	}
}

static void set_state(struct screen *s, const char *state, const char *what)
{
	struct case_state *c = s->state;
	struct ask ask;
	if (!desk_may_write(s))
		return;
	case_begin(c);
	case_set_state(&ask, c->id, c->version_seen, state);
	case_change(s, &ask, what);
}

static void take(struct screen *s)
{
	struct case_state *c = s->state;
	struct ask ask;
	if (!desk_may_write(s))
		return;
	case_begin(c);
	case_take(&ask, c->id, c->version_seen);
	case_change(s, &ask, "taking the case");
}

static bool case_start(struct screen *s, const void *argument)
{
	struct case_state *c = s->state;
	c->id = *(const struct case_id *)argument;
	detail_init(&c->detail, s);
	struct ask draft;
	case_load(s, true);
	case_contact_ask(s);
	case_say_here(s, true);
	case_draft(&draft, c->id);
	if (!desk_of(s)->read_only)
		desk_send(s, &(struct desk_request){.tag = TAG_RESTORE, .asks = {&draft}, .is_read = true});
	return true;
}

static void case_end(struct screen *s)
{
	struct case_state *c = s->state;
	desk_forget(s);
	case_say_here(s, false);
	detail_free(&c->detail);
	compose_free(&c->compose);
	result_free(c->choices);
	result_free(c->articles);
	result_free(c->steps);
}

static enum did act_on_case(struct screen *s, int action)
{
	switch (action) {
	case ACTION_ANSWER:
		compose_begin(s, ARTICLE_TO_MEMBER, NULL);
		return DID;
	case ACTION_NOTE:
		compose_begin(s, ARTICLE_INTERNAL, NULL);
		return DID;
	case ACTION_HEARD:
		compose_begin(s, ARTICLE_FROM_MEMBER, NULL);
		return DID;
	case ACTION_WAIT_MEMBER:
		set_state(s, "waiting_member", "waiting for the member");
		return DID;
	case ACTION_REOPEN:
		set_state(s, "open", "opening the case again");
		return DID;
	case ACTION_TAKE:
		take(s);
		return DID;
	case ACTION_ASSIGN:
		case_ask_assign(s);
		return DID;
	case ACTION_RESOLVE:
		case_ask_resolve(s);
		return DID;
	case ACTION_GOODWILL:
		case_ask_goodwill(s);
		return DID;
	case ACTION_EDIT_CASE:
		case_ask_edit(s);
		return DID;
	case ACTION_WAIT_UNTIL:
		case_ask_wait(s);
		return DID;
	default:
		return case_more_act(s, action);
	}
}

static enum did case_act(struct screen *s, int action, int count)
{
	struct case_state *c = s->state;
	if (c->compose.is_open && action == ACTION_BACK)
		return compose_leave(s), DID;
	switch (action) {
	case ACTION_SAVE:
		compose_send(s);
		return DID;
	case ACTION_CASE_MEMBER:
		screen_open(s->ui, &member_screen, &c->id.member_id);
		return DID;
	case ACTION_CASE_HISTORY:
		c->shows_history = !c->shows_history;
		case_fill(c);
		detail_go_end(&c->detail);
		return DID;
	case ACTION_REFRESH:
		case_load(s, true);
		return DID;
	}
	enum did did = act_on_case(s, action);
	if (did == NOT_MINE)
		did = detail_act(&c->detail, action, count);
	return did == NOT_MINE ? desk_act(s, action) : did;
}

static const char *case_disabled(const struct screen *s, int action)
{
	const struct case_state *c = s->state;
	const struct action_info *info = action_info(action);
	if (!info || action < ACTION_OWN || strcmp(info->group, "Places") == 0)
		return NULL;
	if (!c->is_loaded)
		return "the case is not here yet";
	bool is_change = action == ACTION_TAKE || action == ACTION_ASSIGN || action == ACTION_RESOLVE ||
			 action == ACTION_WAIT_MEMBER || action == ACTION_WAIT_UNTIL;
	if (is_change && !c->head.is_working)
		return "the case is resolved; open it again first";
	if (action == ACTION_CHECKLIST && !c->around.checks)
		return "this group has no checklist";
	if (action == ACTION_REOPEN && strcmp(c->head.state, "resolved") != 0 &&
		strcmp(c->head.state, "closed") != 0 && strncmp(c->head.state, "waiting", 7) != 0)
		return "the case is open";
	if (is_change && desk_pending(s, TAG_CHANGE))
		return "the last change is not answered yet";
	return NULL;
}

static bool case_typing(const struct screen *s)
{
	return ((const struct case_state *)s->state)->compose.is_open;
}

static const char *case_unsaved(const struct screen *s)
{
	const struct compose *p = &((const struct case_state *)s->state)->compose;
	return compose_has_text(p) ? "the text being written" : NULL;
}

static void case_title(const struct screen *s, char *out, size_t size)
{
	const struct case_state *c = s->state;
	if (c->is_loaded)
		snprintf(out, size, "%" PRId64 "/%d %s", c->head.number, c->id.case_no, c->card.name);
	else
		snprintf(out, size, "case");
}

static void case_position(const struct screen *s, char *out, size_t size)
{
	detail_position(&((const struct case_state *)s->state)->detail, out, size);
}

static const int case_actions[] = {ACTION_ANSWER, ACTION_NOTE, ACTION_GOODWILL, ACTION_RESOLVE,
	ACTION_WAIT_MEMBER, ACTION_CASE_MEMBER, ACTION_TAKE, ACTION_ASSIGN, ACTION_HEARD, ACTION_REOPEN,
	ACTION_EDIT_CASE, ACTION_WAIT_UNTIL, ACTION_MACRO, ACTION_MACRO_NEXT, ACTION_CANNED, ACTION_CHECKLIST, ACTION_RELATE, ACTION_FOLLOW,
	ACTION_TAKE_NEXT, ACTION_CASE_HISTORY, DESK_EVERYWHERE, ACTION_NONE};

const struct screen_ops case_screen = {
	.name = "case",
	.help = "One case: the conversation, and what can be done for the member",
	.size = sizeof(struct case_state),
	.rights = DESK_MAY_SERVE,
	.actions = case_actions,
	.open = case_start,
	.close = case_end,
	.answer = case_answer,
	.layout = case_show_layout,
	.draw = case_show,
	.act = case_act,
	.input = compose_input,
	.disabled = case_disabled,
	.unsaved = case_unsaved,
	.typing = case_typing,
	.cancel = desk_cancel,
	.title = case_title,
	.position = case_position,
};
