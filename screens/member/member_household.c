// The household of a member: what it has, who belongs to it, and how that is changed.
#include "screens/member/member.h"

#include "model/member/household.h"
#include "screens/ui/dialog.h"
#include "screens/ui/form.h"

#include <stdio.h>
#include <string.h>

enum { TEXT_SIZE = 4000, LINE_SIZE = 200 };

void member_household(struct member *m)
{
	struct ask ask;

	household_of(&ask, m->member_id);
	desk_send(m->screen, &(struct desk_request){.tag = TAG_HOUSEHOLD,
				     .what = "looking the household up",
				     .asks = {&ask},
				     .is_read = true,
				     .replaces = true});
}

// --- Changing it: each form sends one statement, and is told how it ended.

static bool change_send(struct member *m, struct form *f, const struct ask *ask)
{
	if (desk_send(m->screen, &(struct desk_request){.tag = TAG_HOUSEHOLD_CHANGE, .what = "changing the household", .asks = {ask}}))
		m->deed.form = form_wait(f);
	return false;
}

void member_household_changed(struct member *m, const struct answer *answer)
{
	if (answer->outcome != REQUEST_OK)
		form_refused(m->screen->ui, m->deed.form, NULL, desk_reason(answer->error));
	else
		form_saved(m->screen->ui, m->deed.form);
	if (desk_good(m->screen, answer, "changing the household"))
		screen_say(m->screen, ROLE_GOOD, "The household is changed");
}

static const char *const roles[] = {"adult", "child", "head", "leaves", NULL};
static const char *const new_roles[] = {"adult", "child", NULL};
static const char *const may[] = {"yes", "no", NULL};

#define SHARE {"percent", "Shares, per cent", FIELD_NUMBER, .max = 3, .required = true, .help = "Of what the member earns from now on; 0 to 100"}

static bool send_terms(struct screen *s, struct form *f, void *payload)
{
	struct member *m = payload;
	const char *role = form_value(f, "role");
	const struct household_terms terms = {.role = role, .percent = form_value(f, "percent"),
		.may_redeem = strcmp(form_value(f, "may"), "yes") == 0 ? "true" : "false"};
	char number[24];
	struct ask ask;

	(void)s;
	snprintf(number, sizeof number, "%lld", (long long)m->household.chosen);
	if (strcmp(role, "leaves") == 0)
		household_remove(&ask, number);
	else
		household_set(&ask, number, &terms);
	return change_send(m, f, &ask);
}

static bool send_join(struct screen *s, struct form *f, void *payload)
{
	struct member *m = payload;
	const struct household_terms terms = {.role = form_value(f, "role"), .percent = form_value(f, "percent")};
	char number[24];
	struct ask ask;

	(void)s;
	snprintf(number, sizeof number, "%lld", (long long)m->household.number);
	household_add(&ask, number, form_value(f, "member"), &terms);
	return change_send(m, f, &ask);
}

static bool send_open(struct screen *s, struct form *f, void *payload)
{
	struct member *m = payload;
	char number[24];
	struct ask ask;

	(void)s;
	snprintf(number, sizeof number, "%lld", (long long)m->person.number);
	household_create(&ask, number, form_value(f, "name"), form_value(f, "percent"));
	return change_send(m, f, &ask);
}

static void open_household(struct screen *s, void *payload)
{
	static const struct form_field fields[] = {
		{"name", "Name", FIELD_TEXT, .max = 100, .required = true, .help = "What the household is called"},
		SHARE,
	};
	static const struct form_spec spec = {.title = "Open a household", .fields = fields, .count = 2, .save = "Open", .saved = send_open};
	const struct member *m = payload;

	form_open(s, &spec, (const char *const[]){m->person.family_name, "100"}, payload);
}

static void join_form(struct member *m)
{
	static const struct form_field fields[] = {
		{"member", "Member", FIELD_TEXT, .max = 40, .required = true, .help = "Number or card of who joins"},
		{"role", "Role", FIELD_CHOICE, .choices = new_roles},
		SHARE,
	};
	static const struct form_spec spec = {.title = "A member joins the household", .fields = fields, .count = 3, .save = "Join", .saved = send_join};

	form_open(m->screen, &spec, (const char *const[]){NULL, NULL, "100"}, m);
}

static void terms_form(struct member *m, int place)
{
	static const struct form_field fields[] = {
		{"role", "Role", FIELD_CHOICE, .choices = roles, .help = "Who leaves shares nothing more; what was shared stays"},
		SHARE,
		{"may", "May redeem", FIELD_CHOICE, .choices = may},
	};
	static const struct form_spec spec = {.title = "In the household", .fields = fields, .count = 3, .save = "Save", .saved = send_terms};
	const struct household_part *part = &m->household.parts[place];
	char percent[8];

	m->household.chosen = part->number;
	snprintf(percent, sizeof percent, "%d", part->percent);
	form_open(m->screen, &spec, (const char *const[]){part->role, percent, part->may_redeem ? "yes" : "no"}, m);
}

static void chosen(struct screen *s, int place, void *payload)
{
	struct member *m = payload;

	(void)s;
	if (place < m->household.count)
		terms_form(m, place);
	else
		join_form(m);
}

// --- What it is.

static void line_write(char *line, const struct household_row *row)
{
	snprintf(line, LINE_SIZE, "%lld %.60s: %s, shares %d %%, %s", (long long)row->member, row->member_name, row->role, row->percent,
		row->may_redeem ? "may redeem" : "may not redeem");
}

static void offer_one(struct member *m)
{
	if (desk_of(m->screen)->read_only)
		screen_say(m->screen, ROLE_TEXT, "No household");
	else
		dialog_confirm(m->screen, &(struct question){.title = "No household", .text = "Open one, with this member as its head?", .yes = "Open one"},
			open_household, m);
}

void member_household_answer(struct member *m, const struct answer *answer)
{
	struct household_row row;
	char title[TEXT_SIZE], lines[HOUSEHOLD_PARTS][LINE_SIZE], text[TEXT_SIZE] = "";
	const char *choices[HOUSEHOLD_PARTS + 1];

	if (!desk_good(m->screen, answer, "looking the household up"))
		return;
	const struct result *result = answer->results[0];
	if (result_rows(result) == 0) {
		offer_one(m);
		return;
	}
	household_row_read(result, 0, &row);
	bool is_fixed = *row.closed_on || desk_of(m->screen)->read_only;
	snprintf(title, sizeof title, "Household %lld, %.100s: %.200s%s%.10s", (long long)row.household, row.name, row.points,
		*row.closed_on ? "; closed on " : "", row.closed_on);
	m->household.number = row.household;
	m->household.count = 0;
	for (int i = 0; i < result_rows(result) && m->household.count < HOUSEHOLD_PARTS; i++) {
		household_row_read(result, i, &row);
		if (!row.member)
			continue;
		struct household_part *part = &m->household.parts[m->household.count];
		*part = (struct household_part){.number = row.member, .percent = row.percent, .may_redeem = row.may_redeem};
		snprintf(part->role, sizeof part->role, "%s", row.role);
		line_write(lines[m->household.count], &row);
		size_t length = strlen(text);
		snprintf(text + length, sizeof text - length, "%s%s", length ? "\n" : "", lines[m->household.count]);
		choices[m->household.count] = lines[m->household.count];
		m->household.count++;
	}
	choices[m->household.count] = "Let a member join";
	if (is_fixed)
		dialog_show(m->screen, title, text);
	else
		dialog_choose(m->screen, title, choices, m->household.count + 1, 0, chosen, m);
}
