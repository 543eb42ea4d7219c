// Version: one version of the programme, what it changes of the one before, and the decision on it.
#include "model/programme/programme_diff.h"
#include "model/programme/programme_version.h"
#include "screens/desk.h"
#include "screens/ui/detail.h"
#include "screens/ui/form.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TAG_VERSION = 1, TAG_BEFORE, TAG_DECIDE };
enum { LABEL = 10, REASON_MAX = 500 };

struct version_view {
	int version_no;
	struct programme_version version; // borrows from result
	struct result *result;            // NULL before the first answer
	struct detail detail;
	struct version_request request; // on its way, or all zero
	bool is_approving;
	uint32_t form; // that waits for the answer; 0: none
};

static void ask_version(struct screen *s)
{
	const struct version_view *v = s->state;
	struct ask ask;
	programme_version_get(&ask, v->version_no);
	desk_send(s, &(struct desk_request){.tag = TAG_VERSION,
			     .what = "version",
			     .asks = {&ask},
			     .is_read = true,
			     .replaces = true});
}

// --- What is shown.

static const char *decision_disabled(const struct screen *s)
{
	const struct version_view *v = s->state;
	if (!v->result || v->version.state != VERSION_SUBMITTED)
		return "it does not wait for a decision";
	if (v->version.is_mine)
		return "you wrote or submitted it; it needs another person";
	return s->ui->rights & DESK_MAY_DECIDE ? NULL : "managers and administrators decide";
}

static void show_who(struct detail *d, const char *label, const char *who, const char *when)
{
	if (*who)
		detail_format(d, ROLE_TEXT, LABEL, label, "%s, %s", who, when);
}

static void show_head(struct screen *s)
{
	struct version_view *v = s->state;
	const struct programme_version *version = &v->version;
	char day[DAY_SIZE];
	detail_clear(&v->detail);
	detail_format(&v->detail, ROLE_STRONG, LABEL, "Version", "%d, %s: %s%s", version->version_no,
		version->code, version->state_name, version->is_in_force ? ", in force" : "");
	detail_format(&v->detail, ROLE_TEXT, LABEL, "In force", "from %s on",
		day_format(version->effective_from, day));
	show_who(&v->detail, "Written", version->author, version->written_at);
	show_who(&v->detail, "Submitted", version->submitter, version->submitted_at);
	show_who(&v->detail, "Approved", version->approver, version->approved_at);
	if (*version->remark)
		detail_format(&v->detail, ROLE_WARNING, LABEL,
			version->state == VERSION_RETIRED ? "Retired" : "Refused", "%s", version->remark);
	const char *why = decision_disabled(s);
	if (version->state == VERSION_SUBMITTED)
		detail_format(&v->detail, why ? ROLE_WARNING : ROLE_GOOD, LABEL, "Decision", "%s",
			why ? why : "it waits for you: a approves, x refuses");
	detail_add(&v->detail, ROLE_TEXT, 0, NULL, "");
}

static void show_change(struct detail *d, const struct diff_change *change)
{
	static const enum role roles[] = {[DIFF_ADDED] = ROLE_GOOD,
		[DIFF_REMOVED] = ROLE_BAD,
		[DIFF_CHANGED] = ROLE_WARNING,
		[DIFF_ORDER] = ROLE_WARNING};
	const char *arrow = *change->was && *change->is ? " -> " : "";
	detail_format(d, roles[change->kind], LABEL, diff_kind_name(change->kind), "%s: %s%s%s  (line %d)",
		change->path, change->was, arrow, change->is,
		change->is_line ? change->is_line : change->was_line);
}

static void show_changes(struct screen *s, const struct programme_version *before)
{
	struct version_view *v = s->state;
	const struct diff_side old = {"the version before", before->document, before->length},
			       new = {"this version", v->version.document, v->version.length};
	struct programme_diff diff;
	struct error error = {0};
	if (!programme_diff_take(&diff, &old, &new, &error)) {
		desk_say_error(s, "comparing the versions", &error);
		return;
	}
	detail_format(&v->detail, ROLE_HEADER, 0, NULL, "%d change%s of version %d%s", diff.count,
		diff.count == 1 ? "" : "s", before->version_no, diff.count ? ":" : "");
	for (int i = 0; i < diff.count; i++)
		show_change(&v->detail, &diff.changes[i]);
	programme_diff_free(&diff);
}

// --- Answers.

static void take_version(struct screen *s, const struct answer *answer)
{
	struct version_view *v = s->state;
	struct ask ask;
	if (!desk_good(s, answer, "reading the version"))
		return;
	if (result_rows(answer->results[0]) == 0) {
		screen_say(s, ROLE_BAD, "There is no version %d", v->version_no);
		return;
	}
	result_free(v->result);
	v->result = result_keep(&answer->results[0]);
	programme_version_read(v->result, 0, &v->version);
	show_head(s);
	programme_version_before(&ask, &v->version);
	desk_send(s, &(struct desk_request){.tag = TAG_BEFORE,
			     .what = "version before",
			     .asks = {&ask},
			     .is_read = true,
			     .replaces = true});
}

static void take_before(struct screen *s, const struct answer *answer)
{
	struct version_view *v = s->state;
	struct programme_version before;
	if (!desk_good(s, answer, "reading the version before"))
		return;
	show_head(s);
	if (result_rows(answer->results[0]) == 0) {
		detail_add(&v->detail, ROLE_HEADER, 0, NULL, "The first version: it changes nothing");
		return;
	}
	programme_version_read(answer->results[0], 0, &before);
	show_changes(s, &before);
}

static void take_decision(struct screen *s, const struct answer *answer)
{
	struct version_view *v = s->state;
	const char *done = v->is_approving ? "Approved: workers and screens take it up by themselves"
					   : "Refused: it is a draft of its author again";
	version_request_free(&v->request);
	if (answer->outcome == REQUEST_OK) {
		form_saved(s->ui, v->form);
		screen_say(s, ROLE_GOOD, "%s", done);
	} else if (v->form) {
		char line[1000];
		form_refused(s->ui, v->form, NULL, error_line(answer->error, line, sizeof line));
	} else {
		desk_good(s, answer, "deciding on the version");
	}
	v->form = 0;
	ask_version(s);
}

static void version_answer(struct screen *s, void *answer)
{
	const struct desk_news *news = answer;
	if (news->kind == DESK_CHANGED &&
		(news->channel == DESK_PROGRAMME || news->channel == DESK_EVERYTHING))
		ask_version(s);
	else if (news->kind == DESK_ANSWERED && news->tag == TAG_VERSION)
		take_version(s, news->answer);
	else if (news->kind == DESK_ANSWERED && news->tag == TAG_BEFORE)
		take_before(s, news->answer);
	else if (news->kind == DESK_ANSWERED)
		take_decision(s, news->answer);
}

// --- Deciding.

static void send_decision(struct screen *s, const struct ask *ask)
{
	desk_send(s, &(struct desk_request){
			     .tag = TAG_DECIDE, .what = "decision", .asks = {ask}, .is_once = true});
}

static void approve_confirmed(struct screen *s, void *payload)
{
	(void)payload;
	struct version_view *v = s->state;
	struct error error = {0};
	v->is_approving = true;
	if (decision_disabled(s) || desk_pending(s, TAG_DECIDE))
		return;
	if (programme_version_approve(&v->request, &v->version, &error))
		send_decision(s, &v->request.ask);
	else
		desk_say_error(s, "approving the version", &error);
}

static bool refusal_saved(struct screen *s, struct form *f, void *payload)
{
	(void)payload;
	struct version_view *v = s->state;
	struct ask ask;
	v->is_approving = false;
	v->form = form_wait(f);
	programme_version_refuse(&ask, &v->version, form_value(f, "reason"));
	send_decision(s, &ask);
	return false;
}

static void decide(struct screen *s, bool is_approved)
{
	static const struct form_field fields[] = {{.name = "reason",
		.label = "Reason",
		.max = REASON_MAX,
		.required = true,
		.help = "Its author reads it; the version is a draft again"}};
	static const struct form_spec refusal = {.title = "Refuse the version",
		.fields = fields,
		.count = 1,
		.save = "Refuse",
		.saved = refusal_saved};
	const struct version_view *v = s->state;
	char title[40], text[120], day[DAY_SIZE];
	if (!desk_may_write(s))
		return;
	if (!is_approved) {
		form_open(s, &refusal, NULL, NULL);
		return;
	}
	snprintf(title, sizeof title, "Approve version %d?", v->version_no);
	snprintf(text, sizeof text, "Its rules are in force for everybody from %s on.",
		day_format(v->version.effective_from, day));
	dialog_confirm(s, &(struct question){.title = title, .text = text, .yes = "Approve"},
		approve_confirmed, NULL);
}

// --- The screen.

static bool version_open(struct screen *s, const void *argument)
{
	struct version_view *v = s->state;
	v->version_no = *(const int *)argument;
	detail_init(&v->detail, s);
	ask_version(s);
	return true;
}

static void version_close(struct screen *s)
{
	struct version_view *v = s->state;
	desk_forget(s);
	version_request_free(&v->request);
	result_free(v->result);
	detail_free(&v->detail);
}

static void version_layout(struct screen *s, struct area a)
{
	detail_layout(&((struct version_view *)s->state)->detail, area_columns(a, 1, a.width - 2));
}

static void version_draw(const struct screen *s, struct area a)
{
	detail_draw(&((const struct version_view *)s->state)->detail, area_columns(a, 1, a.width - 2));
}

static enum did version_act(struct screen *s, int action, int count)
{
	struct version_view *v = s->state;
	if (action == ACTION_APPROVE || action == ACTION_REFUSE) {
		decide(s, action == ACTION_APPROVE);
		return DID;
	}
	if (action == ACTION_REFRESH) {
		ask_version(s);
		return DID;
	}
	enum did did = detail_act(&v->detail, action, count);
	return did == NOT_MINE ? desk_act(s, action) : did;
}

static const char *version_disabled(const struct screen *s, int action)
{
	return action == ACTION_APPROVE || action == ACTION_REFUSE ? decision_disabled(s) : NULL;
}

static void version_title(const struct screen *s, char *out, size_t size)
{
	snprintf(out, size, "Version %d", ((const struct version_view *)s->state)->version_no);
}

static void version_position(const struct screen *s, char *out, size_t size)
{
	detail_position(&((const struct version_view *)s->state)->detail, out, size);
}

static const int version_actions[] = {ACTION_APPROVE, ACTION_REFUSE, DESK_EVERYWHERE, ACTION_NONE};

const struct screen_ops version_screen = {
	.name = "version",
	.help = "A version of the programme and what it changes",
	.size = sizeof(struct version_view),
	.actions = version_actions,
	.open = version_open,
	.close = version_close,
	.answer = version_answer,
	.layout = version_layout,
	.draw = version_draw,
	.act = version_act,
	.disabled = version_disabled,
	.cancel = desk_cancel,
	.title = version_title,
	.position = version_position,
};
