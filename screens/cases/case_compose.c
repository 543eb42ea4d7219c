// The text being written under a conversation: kept in the database as it is typed, so that a crash or a lost link costs
// nothing, and sent under one key, so that it stands once.
#include "model/desk/case_around.h"
#include "screens/cases/case_state.h"
#include "screens/span.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MOST = 20000 };

void case_say_here(struct screen *s, bool is_here)
{
	const struct case_state *c = s->state;
	struct ask ask;
	if (desk_of(s)->read_only)
		return;
	case_here(&ask, c->id, is_here, c->compose.is_open);
	desk_send(s, &(struct desk_request){.tag = TAG_HERE, .asks = {&ask}});
}

// One save at a time is under way; what is typed meanwhile goes with the next.
static void draft_save(struct screen *s, const char *text)
{
	struct case_state *c = s->state;
	struct compose *p = &c->compose;
	struct ask ask;
	p->is_draft_due = desk_pending(s, TAG_DRAFT) > 0;
	if (p->is_draft_due)
		return;
	case_draft_save(&ask, c->id, p->kind, text, p->key);
	desk_send(s, &(struct desk_request){.tag = TAG_DRAFT, .asks = {&ask}});
}

void compose_draft_answered(struct screen *s, const struct answer *answer)
{
	struct compose *p = &((struct case_state *)s->state)->compose;
	if (!desk_good(s, answer, "keeping the draft"))
		return;
	if (p->is_draft_due && p->is_open && !p->is_sending)
		draft_save(s, p->text.edit.text);
}

void compose_free(struct compose *p)
{
	text_area_free(&p->text);
	free(p->sent);
	*p = (struct compose){0};
}

static void compose_close(struct screen *s)
{
	compose_free(&((struct case_state *)s->state)->compose);
	case_say_here(s, true);
}

// Thrown away for good.
static void compose_drop(struct screen *s)
{
	struct case_state *c = s->state;
	struct ask ask;
	case_draft_save(&ask, c->id, c->compose.kind, "", c->compose.key);
	desk_send(s, &(struct desk_request){.tag = TAG_DROP, .asks = {&ask}});
	compose_close(s);
}

static bool compose_open(struct screen *s, enum article_kind kind, const char *text)
{
	struct compose *p = &((struct case_state *)s->state)->compose;
	if (!text_area_init(&p->text, text, TEXT_MOST)) {
		text_area_free(&p->text);
		screen_say(s, ROLE_BAD, "Out of memory: nothing can be written");
		return false;
	}
	p->kind = kind;
	p->is_open = true;
	case_say_here(s, true);
	return true;
}

void compose_begin(struct screen *s, enum article_kind kind, const char *text)
{
	struct compose *p = &((struct case_state *)s->state)->compose;
	if (p->is_open || !desk_key(s, p->key) || !compose_open(s, kind, text))
		return;
	if (text)
		draft_save(s, text);
}

void compose_restore(struct screen *s, const struct answer *answer)
{
	struct compose *p = &((struct case_state *)s->state)->compose;
	struct case_draft draft;
	char span[SPAN_TEXT];
	if (answer->outcome != REQUEST_OK || p->is_open || !case_draft_read(answer->results[0], &draft))
		return;
	if (!compose_open(s, draft.kind, draft.body))
		return;
	snprintf(p->key, sizeof p->key, "%s", draft.key);
	screen_say(s, ROLE_WARNING, "What you were writing %s ago is here again", span_text(draft.age_s, span));
}

static bool is_blank(const char *text)
{
	return text[strspn(text, " \n\t")] == 0;
}

bool compose_has_text(const struct compose *p)
{
	return p->is_open && !is_blank(p->text.edit.text);
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

void compose_send(struct screen *s)
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

void compose_sent(struct screen *s, const struct answer *answer)
{
	struct case_state *c = s->state;
	struct compose *p = &c->compose;
	p->is_sending = false;
	if (!desk_good(s, answer, "sending; the text is still here"))
		return;
	case_version_take(c, answer);
	screen_say(s, ROLE_GOOD, p->kind == ARTICLE_TO_MEMBER ? "Answer sent" : "Written down");
	compose_close(s);
	case_load(s, false);
}

static void compose_chosen(struct screen *s, int chosen, void *payload)
{
	(void)payload;
	if (chosen == 0)
		compose_send(s);
	else if (chosen == 2)
		compose_drop(s);
}

// Esc while writing: the way to send that needs neither Ctrl nor a function key.
void compose_leave(struct screen *s)
{
	static const char *const choices[] = {"Send it", "Go on writing", "Throw it away"};
	struct compose *p = &((struct case_state *)s->state)->compose;
	if (p->is_sending)
		screen_say(s, ROLE_WARNING, "It is being sent");
	else if (is_blank(p->text.edit.text))
		compose_drop(s);
	else
		dialog_choose(s, "The text is not sent yet", choices, 3, 1, compose_chosen, NULL);
}

enum did compose_input(struct screen *s, const struct input *input)
{
	struct compose *p = &((struct case_state *)s->state)->compose;
	if (!p->is_open)
		return NOT_MINE;
	if (!p->is_sending && text_area_input(&p->text, input)) {
		draft_save(s, p->text.edit.text);
		return DID;
	}
	// What is no text may still send, leave or scroll; letters must not mean anything else while writing.
	return input->kind == INPUT_KEY && (input->key < ' ' || input->key >= NAMED_KEY) ? NOT_MINE : DID;
}
