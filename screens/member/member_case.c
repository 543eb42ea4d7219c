// A new case for the member: the form, its sending, and opening the case once it is there.
#include "screens/member/member.h"

#include "model/desk/case.h"
#include "screens/ui/form.h"

#include <stdio.h>

static const char *const priorities[] = {"normal", "high", "low", NULL};
static const int priority_numbers[] = {2, 1, 3};
static const char *const channels[] = {"phone", "e-mail", "shop", "chat", "letter", NULL};
static const char *const writers[] = {"the member says", "internal note", NULL};

static const struct form_field fields[] = {
	{"title", "Title", FIELD_TEXT, .max = 190, .required = true, .help = "What it is about, in a line"},
	{"priority", "Priority", FIELD_CHOICE, .choices = priorities,
		.help = "High is promised in 4 hours, normal in 24, low in 72"},
	{"channel", "Came by", FIELD_CHOICE, .choices = channels},
	{"writer", "Text is", FIELD_CHOICE, .choices = writers,
		.help = "Internal notes are never shown to the member"},
	{"text", "Text", FIELD_LINES, .max = 16000, .required = true},
};

static bool send_case(struct screen *s, struct form *f, void *payload)
{
	struct member *m = payload;
	struct ask ask;

	if (!*m->case_key && !desk_key(s, m->case_key))
		return false;
	action_case(&ask, &(struct action_case){.key = m->case_key,
				  .member_id = m->member_id,
				  .title = form_value(f, "title"),
				  .channel = form_value(f, "channel"),
				  .priority = priority_numbers[form_choice(f, "priority")],
				  .body = form_value(f, "text"),
				  .is_note = form_choice(f, "writer") == 1});
	if (desk_send(s, &(struct desk_request){.tag = TAG_CASE, .asks = {&ask}}))
		m->case_form = form_wait(f);
	return false;
}

void member_new_case(struct member *m, const char *title)
{
	static const struct form_spec spec = {
		.title = "New case",
		.fields = fields,
		.count = sizeof fields / sizeof fields[0],
		.save = "Open the case",
		.saved = send_case,
	};

	m->case_key[0] = 0;
	form_open(m->screen, &spec, (const char *const[]){title, NULL, NULL, NULL, NULL}, m);
}

void member_case_answer(struct member *m, const struct answer *answer)
{
	struct ui *ui = m->screen->ui;

	if (answer->outcome != REQUEST_OK) {
		if (answer->outcome == REQUEST_SQL_ERROR)
			m->case_key[0] = 0; // nothing was done under it
		form_refused(ui, m->case_form, NULL, desk_reason(answer->error));
		desk_good(m->screen, answer, "opening the case");
		return;
	}
	struct case_id id = {
		.member_id = m->member_id, .case_no = (int)result_int64(answer->results[0], 0, 0)};
	form_saved(ui, m->case_form);
	screen_open(ui, &case_screen, &id);
	screen_say(m->screen, ROLE_GOOD, "Case %d was opened", id.case_no);
}
