// Case: what was said and done, beside the member's card; answer, note, wait, goodwill, resolve.
#include "screens/cases/case_state.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MOST = 20000 };

void case_load(struct screen *s, bool is_first)
{
	struct case_state *c = s->state;
	struct ask head, articles, steps, card;
	if (desk_pending(s, TAG_LOAD)) {
		c->is_stale = true;
		return;
	}
	c->is_stale = false;
	case_open(&head, c->id);
	case_articles(&articles, c->id);
	case_steps(&steps, c->id);
	case_card(&card, c->id);
	desk_send(s, &(struct desk_request){.tag = TAG_LOAD,
			     .what = is_first ? "the case" : NULL,
			     .asks = {&head, &articles, &steps, &card},
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

static void compose_close(struct compose *p)
{
	text_area_free(&p->text);
	free(p->sent);
	*p = (struct compose){0};
}

static void take_written(struct screen *s, const struct answer *answer)
{
	struct compose *p = &((struct case_state *)s->state)->compose;
	p->is_sending = false;
	if (!desk_good(s, answer, "sending; the text is still here"))
		return;
	screen_say(s, ROLE_GOOD, p->kind == ARTICLE_TO_MEMBER ? "Answer sent" : "Written down");
	compose_close(p);
	case_load(s, false);
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
		take_written(s, news->answer);
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
		case_load(s, false);
		case_goodwill_look(s);
	}
}

static void compose_begin(struct screen *s, enum article_kind kind)
{
	struct compose *p = &((struct case_state *)s->state)->compose;
	if (p->is_open || !desk_key(s, p->key))
		return;
	if (!text_area_init(&p->text, NULL, TEXT_MOST)) {
		text_area_free(&p->text);
		screen_say(s, ROLE_BAD, "Out of memory: nothing can be written");
		return;
	}
	p->kind = kind;
	p->is_open = true;
}

static bool is_blank(const char *text)
{
	return text[strspn(text, " \n\t")] == 0;
}

// Under one key one text: what may have arrived already must not swallow what was changed since.
static bool compose_key(struct screen *s, struct compose *p)
{
	const char *text = p->text.edit.text;
	if (p->sent && strcmp(p->sent, text) != 0 && !desk_key(s, p->key))
		return false;
	free(p->sent);
	p->sent = strdup(text);
	return p->sent != NULL;
}

static void compose_send(struct screen *s)
{
	struct case_state *c = s->state;
	struct compose *p = &c->compose;
	struct ask ask;
	if (!p->is_open || p->is_sending)
		return;
	if (is_blank(p->text.edit.text)) {
		screen_say(s, ROLE_WARNING, "There is nothing to send yet");
		return;
	}
	if (!compose_key(s, p))
		return;
	case_write(&ask, c->id, p->key, p->kind, p->sent);
	p->is_sending =
		desk_send(s, &(struct desk_request){.tag = TAG_WRITE, .what = "sending", .asks = {&ask}});
}

static void compose_chosen(struct screen *s, int chosen, void *payload)
{
	(void)payload;
	if (chosen == 0)
		compose_send(s);
	else if (chosen == 2)
		compose_close(&((struct case_state *)s->state)->compose);
}

// Esc while writing: the way to send that needs neither Ctrl nor a function key.
static void compose_leave(struct screen *s)
{
	static const char *const choices[] = {"Send it", "Go on writing", "Throw it away"};
	struct compose *p = &((struct case_state *)s->state)->compose;
	if (p->is_sending)
		screen_say(s, ROLE_WARNING, "It is being sent");
	else if (is_blank(p->text.edit.text))
		compose_close(p);
	else
		dialog_choose(s, "The text is not sent yet", choices, 3, 1, compose_chosen, NULL);
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
	case_load(s, true);
	case_contact_ask(s);
	return true;
}

static void case_end(struct screen *s)
{
	struct case_state *c = s->state;
	desk_forget(s);
	detail_free(&c->detail);
	compose_close(&c->compose);
	result_free(c->articles);
	result_free(c->steps);
}

static enum did case_input(struct screen *s, const struct input *input)
{
	struct compose *p = &((struct case_state *)s->state)->compose;
	if (!p->is_open)
		return NOT_MINE;
	if (!p->is_sending && text_area_input(&p->text, input))
		return DID;
	// What is no text may still send, leave or scroll; letters must not mean anything else while writing.
	return input->kind == INPUT_KEY && (input->key < ' ' || input->key >= NAMED_KEY) ? NOT_MINE : DID;
}

static enum did act_on_case(struct screen *s, int action)
{
	switch (action) {
	case ACTION_ANSWER:
		compose_begin(s, ARTICLE_TO_MEMBER);
		return DID;
	case ACTION_NOTE:
		compose_begin(s, ARTICLE_INTERNAL);
		return DID;
	case ACTION_HEARD:
		compose_begin(s, ARTICLE_FROM_MEMBER);
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
	default:
		return NOT_MINE;
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
	if (action < ACTION_OWN || (action >= ACTION_GO_MEMBERS && action <= ACTION_GO_HEALTH))
		return NULL;
	if (!c->is_loaded)
		return "the case is not here yet";
	bool is_change = action == ACTION_TAKE || action == ACTION_ASSIGN || action == ACTION_RESOLVE ||
			 action == ACTION_WAIT_MEMBER;
	if (is_change && !c->head.is_working)
		return "the case is resolved; open it again first";
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
	return p->is_open && !is_blank(p->text.edit.text) ? "the text being written" : NULL;
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
	ACTION_CASE_HISTORY, DESK_EVERYWHERE, ACTION_NONE};

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
	.input = case_input,
	.disabled = case_disabled,
	.unsaved = case_unsaved,
	.typing = case_typing,
	.cancel = desk_cancel,
	.title = case_title,
	.position = case_position,
};
