// What else is done with a case: macros, canned texts, the checklist, following, and what it has to do with other cases.
#include "screens/cases/case_state.h"
#include "screens/ui/prompt.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHOICES_MOST = 60 };

static void ask_choices(struct screen *s, enum case_tag tag, const struct ask *ask, const char *what)
{
	if (desk_may_write(s))
		desk_send(s, &(struct desk_request){.tag = (int)tag, .what = what, .asks = {ask}, .is_read = true});
}

static void ask_macro(struct screen *s, bool then_next)
{
	struct ask ask;
	((struct case_state *)s->state)->then_next = then_next;
	case_macros(&ask);
	ask_choices(s, TAG_MACROS, &ask, "the macros");
}

static void send_more(struct screen *s, const struct ask *ask)
{
	desk_send(s, &(struct desk_request){.tag = TAG_MORE, .asks = {ask}});
}

static void macro_chosen(struct screen *s, int chosen, void *payload)
{
	(void)payload;
	struct case_state *c = s->state;
	struct ask ask;
	if (!desk_key(s, c->form_key))
		return;
	case_begin(c);
	case_macro_run(&ask, c->id, c->version_seen, c->form_key, result_text(c->choices, chosen, 0));
	case_change(s, &ask, result_text(c->choices, chosen, 1));
}

static void text_chosen(struct screen *s, int chosen, void *payload)
{
	(void)payload;
	const struct case_state *c = s->state;
	compose_begin(s, ARTICLE_TO_MEMBER, result_text(c->choices, chosen, 2));
}

static void check_chosen(struct screen *s, int chosen, void *payload)
{
	(void)payload;
	const struct case_state *c = s->state;
	struct ask ask;
	case_tick(&ask, c->id, result_text(c->choices, chosen, 0));
	send_more(s, &ask);
}

static void sibling_chosen(struct screen *s, int chosen, void *payload)
{
	(void)payload;
	struct case_state *c = s->state;
	struct ask ask;
	case_begin(c);
	case_merge(&ask, c->id, c->version_seen, atoi(result_text(c->choices, chosen, 0)));
	case_change(s, &ask, "merging the case");
}

void case_choose(struct screen *s, enum case_tag tag, const struct answer *answer)
{
	static const struct {
		const char *title, *none;
		dialog_chosen *chosen;
	} questions[] = {[TAG_TEXTS] = {"Answer with", "There are no canned texts; loyalty desk text makes one", text_chosen},
		[TAG_MACROS] = {"Run which macro?", "There are no macros; loyalty desk macro makes one", macro_chosen},
		[TAG_CHECKS] = {"To be done before it is resolved", "This group has no checklist", check_chosen},
		[TAG_SIBLINGS] = {"Merge it into which case?", "The member has no other case", sibling_chosen}};
	struct case_state *c = s->state;
	const char *lines[CHOICES_MOST];
	int count = 0;
	if (!desk_good(s, answer, "reading what there is") || s->ui->top != s)
		return;
	result_free(c->choices);
	c->choices = result_keep(&answer->results[0]);
	for (; count < result_rows(c->choices) && count < CHOICES_MOST; count++)
		lines[count] = result_text(c->choices, count, 1);
	if (count)
		dialog_choose(s, questions[tag].title, lines, count, 0, questions[tag].chosen, NULL);
	else
		screen_say(s, ROLE_WARNING, "%s", questions[tag].none);
}

void case_more_done(struct screen *s, const struct answer *answer)
{
	if (desk_good(s, answer, "changing the case"))
		screen_say(s, ROLE_GOOD, "Done");
	case_load(s, false);
}

static void take_next(struct screen *s)
{
	struct ask ask;
	if (!desk_may_write(s) || desk_pending(s, TAG_NEXT))
		return;
	case_take_next(&ask);
	desk_send(s, &(struct desk_request){.tag = TAG_NEXT, .what = "the next case", .asks = {&ask}, .is_once = true});
}

// In the place of this one, which is done with.
void case_next_taken(struct screen *s, const struct answer *answer)
{
	if (!desk_good(s, answer, "taking the next case"))
		return;
	const struct result *result = answer->results[0];
	if (!result_rows(result)) {
		screen_say(s, ROLE_GOOD, "No case waits for someone to take it");
		return;
	}
	const struct case_id id = {result_int64(result, 0, 0), (int)result_int64(result, 0, 1)};
	if (s->ui->top == s && !((const struct case_state *)s->state)->compose.is_open)
		screen_replace(s, &case_screen, &id);
}

void case_then_next(struct screen *s)
{
	struct case_state *c = s->state;
	if (c->then_next)
		take_next(s);
	c->then_next = false;
}

static void link_typed(struct screen *s, const char *text, void *payload)
{
	(void)payload;
	const struct case_state *c = s->state;
	struct ask ask;
	case_link(&ask, c->id, text);
	send_more(s, &ask);
}

// The last thing said becomes a case of its own.
static void split_titled(struct screen *s, const char *text, void *payload)
{
	(void)payload;
	struct case_state *c = s->state;
	struct case_article article = {.case_no = 0};
	struct ask ask;
	for (int row = 0; row < result_rows(c->articles); row++) {
		struct case_article a;
		case_article_read(c->articles, row, &a);
		if (a.case_no == c->id.case_no)
			article = a;
	}
	if (!article.case_no || !desk_key(s, c->form_key))
		return;
	case_split(&ask, c->id, article.article_no, c->form_key, text);
	send_more(s, &ask);
}

static void relation_chosen(struct screen *s, int chosen, void *payload)
{
	static const struct prompt_spec link = {.label = "Link with which case (1002764/3)? ", .max = 40, .done = link_typed},
					split = {.label = "Title of the new case: ", .max = 190, .done = split_titled};
	(void)payload;
	const struct case_state *c = s->state;
	struct ask ask;
	switch (chosen) {
	case 0:
		case_siblings(&ask, c->id);
		ask_choices(s, TAG_SIBLINGS, &ask, "the member's cases");
		break;
	case 1:
		case_unmerge(&ask, c->id);
		send_more(s, &ask);
		break;
	case 2:
		prompt_open(s, &split, NULL);
		break;
	default:
		prompt_open(s, &link, NULL);
	}
}

static void ask_relation(struct screen *s)
{
	static const char *const choices[] = {"Merge it into another case of the member", "Take it out again of the case it was merged into",
		"Make the last thing said a case of its own", "Link it with a case of any member"};
	if (desk_may_write(s))
		dialog_choose(s, "This case and others", choices, 4, 0, relation_chosen, NULL);
}

static void follow(struct screen *s)
{
	const struct case_state *c = s->state;
	struct ask ask;
	if (!desk_may_write(s))
		return;
	case_follow(&ask, c->id, !c->around.is_followed);
	send_more(s, &ask);
}

enum did case_more_act(struct screen *s, int action)
{
	const struct case_state *c = s->state;
	struct ask ask;
	switch (action) {
	case ACTION_MACRO:
	case ACTION_MACRO_NEXT:
		ask_macro(s, action == ACTION_MACRO_NEXT);
		return DID;
	case ACTION_CANNED:
		case_texts(&ask, c->id);
		ask_choices(s, TAG_TEXTS, &ask, "the texts");
		return DID;
	case ACTION_CHECKLIST:
		case_checklist(&ask, c->id);
		ask_choices(s, TAG_CHECKS, &ask, "the checklist");
		return DID;
	case ACTION_RELATE:
		ask_relation(s);
		return DID;
	case ACTION_FOLLOW:
		follow(s);
		return DID;
	case ACTION_TAKE_NEXT:
		take_next(s);
		return DID;
	default:
		return NOT_MINE;
	}
}
