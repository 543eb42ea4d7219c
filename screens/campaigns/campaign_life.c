// From the screen of a campaign into the database: saved, submitted, approved or refused, paused, resumed,
// stopped, triggered.
#include "model/campaign/campaign_words.h"
#include "screens/campaigns/campaign_state.h"
#include "screens/ui/form.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// A mistake comes first: the cursor goes to it.
static bool has_mistakes(struct screen *s, const char *what)
{
	struct campaign_view *c = s->state;
	for (int row = 0; row < c->row_count && c->errors.count > 0; row++)
		if (!c->rows[row].heading && campaign_error_at(c, c->rows[row].place)) {
			c->tabs.current = TAB_RULES;
			grid_go(&c->grid, row, 0);
			break;
		}
	if (c->errors.count > 0)
		screen_say(s, ROLE_BAD, "%s: %s", what, c->errors.errors[0].text);
	return c->errors.count > 0;
}

void campaign_ask_save(struct screen *s)
{
	struct campaign_view *c = s->state;
	const struct campaign_house house = campaign_house_here(s);
	struct error error = {0};
	if (!desk_may_write(s) || has_mistakes(s, "Not saved"))
		return;
	if (!c->names) {
		screen_say(s, ROLE_WARNING, "Not saved: the names that audiences use are still being read");
		c->submits = false;
		return;
	}
	if (!campaign_is_changed(c)) {
		screen_say(s, ROLE_TEXT, "Nothing is changed");
		return;
	}
	if (!campaign_save(
		    &c->request, "the campaign", campaign_text(c), strlen(campaign_text(c)), &house, &error)) {
		desk_say_error(s, "saving the campaign", &error);
		return;
	}
	c->is_sent = true;
	desk_send(s, &(struct desk_request){.tag = TAG_SAVE, .what = "saving", .asks = {&c->request.ask}});
}

static void request_end(struct campaign_view *c)
{
	if (c->is_sent)
		campaign_request_free(&c->request);
	c->is_sent = false;
}

void campaign_saved(struct screen *s, const struct answer *answer)
{
	struct campaign_view *c = s->state;
	request_end(c);
	if (!desk_good(s, answer, "saving the campaign")) {
		c->submits = false;
		return;
	}
	c->campaign_no = (int)result_int64(answer->results[0], 0, 0);
	screen_say(s, ROLE_GOOD, "Saved as campaign %d; S submits it for approval", c->campaign_no);
	campaign_load(s, TAG_CAMPAIGN);
}

// --- For approval, and there.

static void send_decision(struct screen *s, const struct ask *ask, const char *doing)
{
	struct campaign_view *c = s->state;
	snprintf(c->doing, sizeof c->doing, "%s campaign %d", doing, c->line.campaign_no);
	desk_send(s,
		&(struct desk_request){.tag = TAG_DECIDE, .what = c->doing, .asks = {ask}, .is_once = true});
}

static void send_revision(struct screen *s, const char *doing,
	bool decide(struct campaign_request *, const struct campaign_line *, const struct campaign_house *,
		struct error *))
{
	struct campaign_view *c = s->state;
	const struct campaign_house house = campaign_house_here(s);
	struct error error = {0};
	if (strcmp(c->asked, c->line.sha256) != 0) {
		screen_say(s, ROLE_WARNING, "Somebody changed the campaign while you read: look at it again");
		return;
	}
	c->is_sent = decide(&c->request, &c->line, &house, &error);
	if (c->is_sent)
		send_decision(s, &c->request.ask, doing);
	else
		desk_say_error(s, doing, &error);
}

static void submit_confirmed(struct screen *s, void *payload)
{
	(void)payload;
	send_revision(s, "submitting", campaign_submit);
}

static void approve_confirmed(struct screen *s, void *payload)
{
	(void)payload;
	send_revision(s, "approving", campaign_approve);
}

static void ask_with_words(struct screen *s, const char *verb, dialog_yes *yes)
{
	struct campaign_view *c = s->state;
	char title[80], *words = c->is_right ? campaign_words(&c->campaign, desk_facts(s)) : NULL;
	snprintf(c->asked, sizeof c->asked, "%s", c->line.sha256);
	snprintf(title, sizeof title, "%s revision %d of campaign %d?", verb, c->line.last_revision_no,
		c->line.campaign_no);
	dialog_confirm(
		s, &(struct question){.title = title, .text = words ? words : "", .yes = verb}, yes, NULL);
	free(words);
}

void campaign_confirm_submit(struct screen *s)
{
	((struct campaign_view *)s->state)->submits = false;
	ask_with_words(s, "Submit", submit_confirmed);
}

void campaign_ask_submit(struct screen *s)
{
	struct campaign_view *c = s->state;
	if (!desk_may_write(s))
		return;
	campaign_check_again(s); // what the database refused then may be right now
	if (has_mistakes(s, "Not submitted"))
		return;
	c->submits = campaign_is_changed(c);
	if (c->submits)
		campaign_ask_save(s);
	else
		campaign_confirm_submit(s);
}

static bool refusal_saved(struct screen *s, struct form *f, void *payload)
{
	struct campaign_view *c = payload;
	struct ask ask;
	campaign_refuse(&ask, &c->line, form_value(f, "reason"));
	c->form = form_wait(f);
	send_decision(s, &ask, "sending back");
	return false;
}

static const struct form_field refusal_fields[] = {{.name = "reason",
	.label = "Reason",
	.max = 500,
	.required = true,
	.help = "Its author reads it; the revision is a draft again"}};
static const struct form_spec refusal_form = {.title = "Send it back",
	.fields = refusal_fields,
	.count = 1,
	.save = "Send back",
	.saved = refusal_saved};

void campaign_ask_decision(struct screen *s, bool is_approved)
{
	if (!desk_may_write(s))
		return;
	if (is_approved)
		ask_with_words(s, "Approve", approve_confirmed);
	else
		form_open(s, &refusal_form, NULL, s->state);
}

// --- While it runs.

static bool move_saved(struct screen *s, struct form *f, void *payload)
{
	struct campaign_view *c = payload;
	struct ask ask;
	campaign_move(&ask, c->line.campaign_no, c->move, form_value(f, "reason"));
	c->form = form_wait(f);
	send_decision(s, &ask, c->move == MOVE_STOP ? "stopping" : "pausing");
	return false;
}

void campaign_ask_move(struct screen *s, enum campaign_move move)
{
	static const struct form_field fields[] = {{.name = "reason",
		.label = "Reason",
		.max = 500,
		.required = true,
		.help = "Everybody reads it beside the campaign"}};
	static const struct form_spec pause = {.title = "Pause the campaign",
					      .fields = fields,
					      .count = 1,
					      .save = "Pause",
					      .saved = move_saved},
				      stop = {.title = "Stop the campaign for good",
					      .fields = fields,
					      .count = 1,
					      .save = "Stop for good",
					      .saved = move_saved};
	struct campaign_view *c = s->state;
	struct ask ask;
	if (!desk_may_write(s))
		return;
	c->move = move;
	if (move != MOVE_RESUME) {
		form_open(s, move == MOVE_STOP ? &stop : &pause, NULL, c);
		return;
	}
	campaign_move(&ask, c->line.campaign_no, MOVE_RESUME, NULL);
	send_decision(s, &ask, "resuming");
}

static bool call_saved(struct screen *s, struct form *f, void *payload)
{
	struct campaign_view *c = payload;
	struct ask ask;
	const char *member = form_value(f, "member");
	campaign_call(&ask, c->line.campaign_no, *member ? member : NULL);
	c->form = form_wait(f);
	send_decision(s, &ask, "triggering");
	return false;
}

void campaign_ask_call(struct screen *s)
{
	static const struct form_field fields[] = {{.name = "member",
		.label = "Member",
		.max = 64,
		.help = "Number or card; empty: everybody in its audience"}};
	static const struct form_spec form = {.title = "Whose turn is it?",
		.fields = fields,
		.count = 1,
		.save = "Trigger",
		.saved = call_saved};
	if (desk_may_write(s))
		form_open(s, &form, NULL, s->state);
}

void campaign_decided(struct screen *s, const struct answer *answer)
{
	struct campaign_view *c = s->state;
	bool is_good = answer->outcome == REQUEST_OK;
	request_end(c);
	if (c->form && is_good)
		form_saved(s->ui, c->form);
	else if (c->form)
		form_refused(s->ui, c->form, NULL, desk_reason(answer->error));
	c->form = 0;
	if (!is_good) {
		desk_good(s, answer, c->doing);
		if (campaign_refusal_add(&c->errors, answer->error))
			has_mistakes(s, "Refused");
		return;
	}
	screen_say(s, ROLE_GOOD, "Done: %s", c->doing);
	campaign_load(s, TAG_CAMPAIGN);
}
