// A note about a member; blocking one; how it all was on a past day.
#include "screens/member/member.h"

#include "model/member/identity.h"
#include "screens/ui/dialog.h"
#include "screens/ui/form.h"

#include <stdio.h>
#include <string.h>

// --- Notes.

static bool send_note(struct screen *s, struct form *f, void *payload)
{
	struct member *m = payload;
	struct ask ask;

	note_add_to(&ask, m->member_id, form_value(f, "note"));
	if (desk_send(s, &(struct desk_request){.tag = TAG_NOTE, .what = "writing the note", .asks = {&ask}}))
		m->deed.form = form_wait(f);
	return false;
}

void member_note(struct member *m)
{
	static const struct form_field fields[] = {
		{"note", "Note", FIELD_TEXT, .max = 1000, .required = true, .help = "For those who serve the member, who never sees it"},
	};
	static const struct form_spec spec = {
		.title = "Note about the member",
		.fields = fields,
		.count = sizeof fields / sizeof fields[0],
		.save = "Write",
		.saved = send_note,
	};

	form_open(m->screen, &spec, NULL, m);
}

void member_noted(struct member *m, const struct answer *answer)
{
	if (answer->outcome != REQUEST_OK)
		form_refused(m->screen->ui, m->deed.form, NULL, desk_reason(answer->error));
	else
		form_saved(m->screen->ui, m->deed.form);
	if (desk_good(m->screen, answer, "writing the note"))
		screen_say(m->screen, ROLE_GOOD, "Noted");
}

// --- Blocking: who is blocked spends nothing.

bool member_is_blocked(const struct member *m)
{
	return m->kept && !strcmp(m->person.status, "blocked");
}

static bool send_block(struct screen *s, struct form *f, void *payload)
{
	struct member *m = payload;
	struct ask block, open;

	identity_block_id(&block, m->member_id, !member_is_blocked(m), form_value(f, "reason"));
	member_open(&open, m->member_id);
	if (desk_send(s, &(struct desk_request){.tag = TAG_EDIT, .what = "blocking the member", .asks = {&block, &open}}))
		m->deed.form = form_wait(f);
	return false;
}

void member_block(struct member *m)
{
	static const struct form_field fields[] = {
		{"reason", "Reason", FIELD_TEXT, .max = 190, .required = true, .help = "Stands in the timeline; earning and returns go on, spending does not"},
	};
	static const struct form_spec block = {.title = "Block the member", .fields = fields, .count = 1, .save = "Block", .saved = send_block};
	static const struct form_spec unblock = {
		.title = "Let the member spend again", .fields = fields, .count = 1, .save = "Unblock", .saved = send_block};

	form_open(m->screen, member_is_blocked(m) ? &unblock : &block, NULL, m);
}

// --- A past day.

static bool send_day(struct screen *s, struct form *f, void *payload)
{
	struct member *m = payload;
	struct ask ask;

	snprintf(m->receipt, sizeof m->receipt, "%s", form_value(f, "day"));
	record_as_of_id(&ask, m->member_id, m->receipt);
	if (desk_send(s, &(struct desk_request){.tag = TAG_AS_OF, .what = "looking back", .asks = {&ask}}))
		m->deed.form = form_wait(f);
	return false;
}

void member_as_of(struct member *m)
{
	static const struct form_field fields[] = {
		{"day", "Day", FIELD_DATE, .required = true, .help = "How it was at the end of that day, as far as it is known today"},
	};
	static const struct form_spec spec = {
		.title = "As of a past day",
		.fields = fields,
		.count = sizeof fields / sizeof fields[0],
		.save = "Show",
		.saved = send_day,
	};

	form_open(m->screen, &spec, NULL, m);
}

// There is nothing to be done with a line.
static void line_chosen(struct screen *s, int chosen, void *payload)
{
	(void)s, (void)chosen, (void)payload;
}

void member_as_of_answer(struct member *m, const struct answer *answer)
{
	enum { LINES = 60, LINE_SIZE = 160 };
	char lines[LINES + 1][LINE_SIZE], title[80];
	const char *list[LINES + 1];

	if (!desk_good(m->screen, answer, "looking back")) {
		form_refused(m->screen->ui, m->deed.form, "day", desk_reason(answer->error));
		return;
	}
	form_saved(m->screen->ui, m->deed.form);
	const struct result *result = answer->results[0];
	int rows = result_rows(result), count = rows < LINES ? rows : LINES;
	for (int row = 0; row < count; row++)
		snprintf(lines[row], LINE_SIZE, "%.40s: %.110s", result_text(result, row, 0), result_text(result, row, 1));
	if (rows > count)
		snprintf(lines[count++], LINE_SIZE, "and %d more: loyalty member %lld --as-of %.10s", rows - LINES, (long long)m->person.number, m->receipt);
	for (int i = 0; i < count; i++)
		list[i] = lines[i];
	snprintf(title, sizeof title, "At the end of %.20s", m->receipt);
	dialog_choose(m->screen, title, list, count, 0, line_chosen, m);
}
