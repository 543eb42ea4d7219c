// The form that changes a member: what they are called and reached by, what the house declared itself, and what they
// consent to.
#include "screens/member/member.h"

#include "model/engine/arena.h"
#include "model/json.h"
#include "model/member/identity.h"
#include "model/member/own_attribute.h"
#include "screens/ui/form.h"

#include <stdlib.h>
#include <string.h>

enum { GIVEN, FAMILY, EMAIL, PHONE, CARD, OWN_FIRST, BEHIND = 2, OWN_MOST = FORM_FIELDS_MAX - OWN_FIRST - BEHIND };

static const struct form_field usual[OWN_FIRST] = {
	[GIVEN] = {"given", "Given name", FIELD_TEXT, .max = 200},
	[FAMILY] = {"family", "Family name", FIELD_TEXT, .max = 200, .required = true},
	[EMAIL] = {"email", "E-mail", FIELD_TEXT, .max = 254, .help = "Empty: the member has none any more"},
	[PHONE] = {"phone", "Phone", FIELD_TEXT, .max = 32, .help = "With + and country code, if known"},
	[CARD] = {"card", "Card", FIELD_TEXT, .max = 64, .help = "Another one takes the place of the one shown"},
};

static const struct form_field behind[BEHIND] = {
	{"until", "Consents until", FIELD_DATE, .help = "The last day of what is consented to here; empty: until it is taken back"},
	{"reason", "Reason", FIELD_TEXT, .max = 190, .help = "Or how they said so; what was before stays in the timeline, and is still found"},
};

static const char NOTHING[] = "(none)"; // of a choice

// The fields as they are at the moment, while the form is open.
struct member_form {
	struct arena arena; // all texts
	struct form_field fields[FORM_FIELDS_MAX];
	const char *start[FORM_FIELDS_MAX];
	int own_count; // attributes and consents, from OWN_FIRST on
	struct form_spec spec;
};

void member_form_free(struct member *m)
{
	if (!m->form)
		return;
	arena_free(&m->form->arena);
	free(m->form);
	m->form = NULL;
}

// The words of a choice, "a|b", as a list behind the empty one.
static const char *const *choices_of(struct arena *arena, const char *words)
{
	char *copy = arena_copy(arena, words);
	int count = 2;

	for (const char *at = words; *at; at++)
		count += *at == '|';
	const char **choices = arena_alloc(arena, (size_t)(count + 1) * sizeof *choices);
	choices[0] = NOTHING;
	count = 1;
	for (char *rest = copy, *word; (word = strsep(&rest, "|"));)
		choices[count++] = word;
	return choices;
}

static bool is_consent(const struct own_attribute *a)
{
	return !strcmp(a->type, "consent");
}

// The choice that a value is: of a consent that has expired none, and without its last day.
static const char *choice_of(struct arena *arena, const struct own_attribute *a)
{
	if (!is_consent(a))
		return *a->value ? arena_copy(arena, a->value) : NOTHING;
	return !strncmp(a->value, "given", 5) ? "given" : !strcmp(a->value, "withdrawn") ? "withdrawn" : NOTHING;
}

static struct form_field field_of(struct arena *arena, const struct own_attribute *a)
{
	static const struct {
		const char *type;
		enum field_kind kind;
		const char *help;
	} kinds[] = {
		{"text", FIELD_TEXT, "Empty: nothing is known"},
		{"number", FIELD_NUMBER, "A number; empty: nothing is known"},
		{"date", FIELD_DATE, "A day, as 2026-12-31; empty: nothing is known"},
		{"choice", FIELD_CHOICE, "Space or its first letter chooses"},
		{"yes_no", FIELD_CHOICE, "y, n, or ( for not known"},
		{"consent", FIELD_CHOICE, "g: the member consents; w: takes it back, or refuses. a shows all there is to consent to"},
	};
	struct form_field field = {.name = arena_copy(arena, a->code), .label = arena_copy(arena, a->name), .max = 200};

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (!strcmp(kinds[i].type, a->type)) {
			field.kind = kinds[i].kind;
			field.help = kinds[i].help;
		}
	if (field.kind == FIELD_CHOICE)
		field.choices = choices_of(arena, is_consent(a) ? "given|withdrawn" : strcmp(a->type, "yes_no") ? a->choices : "yes|no");
	return field;
}

static void own_fields_add(struct member_form *form, const struct result *about)
{
	for (int row = 0; about && row < result_rows(about) && row < OWN_MOST; row++) {
		struct own_attribute a;
		int at = OWN_FIRST + form->own_count++;

		own_attribute_read(about, row, &a);
		form->fields[at] = field_of(&form->arena, &a);
		form->start[at] =
			form->fields[at].kind == FIELD_CHOICE ? choice_of(&form->arena, &a) : arena_copy(&form->arena, a.value);
	}
}

// The text of a field, NULL where it is as it was.
static const char *changed(const struct form *f, const char *name, const char *was)
{
	const char *now = form_value(f, name);
	return strcmp(now, was) ? now : NULL;
}

// What was changed of the attributes and consents, as a JSON object. False: out of memory.
static bool own_changes(struct member_form *form, const struct form *f, const char **changes)
{
	struct json json;
	bool is_first = true;

	if (!json_open(&json))
		return false;
	for (int i = OWN_FIRST; i < OWN_FIRST + form->own_count; i++) {
		const char *now = changed(f, form->fields[i].name, form->start[i]);
		if (!now)
			continue;
		json_setting(&json, is_first, form->fields[i].name, strcmp(now, NOTHING) ? now : "");
		is_first = false;
	}
	json_setting(&json, is_first, "until", form_value(f, "until"));
	fputc('}', json.out);
	bool is_whole = json_close(&json);
	*changes = is_whole ? arena_copy(&form->arena, json.text) : NULL;
	free(json.text);
	return is_whole;
}

static bool send_edit(struct screen *s, struct form *f, void *payload)
{
	struct member *m = payload;
	const char *const *was = m->form->start, *own;
	struct ask edit, open;

	if (!own_changes(m->form, f, &own)) {
		form_error(f, NULL, "out of memory");
		return false;
	}
	if (*form_value(f, "until") && !strstr(own, "\": \"given\"")) {
		form_error(f, "until", "nothing is newly given here; a changes what is given already");
		return false;
	}
	identity_edit(&edit, &(struct identity_edit){.member_id = m->member_id,
				     .given_name = changed(f, "given", was[GIVEN]),
				     .family_name = changed(f, "family", was[FAMILY]),
				     .email = changed(f, "email", was[EMAIL]),
				     .phone = changed(f, "phone", was[PHONE]),
				     .card = changed(f, "card", was[CARD]),
				     .old_card = was[CARD],
				     .reason = form_value(f, "reason"),
				     .own = own});
	member_open(&open, m->member_id);
	if (desk_send(s, &(struct desk_request){.tag = TAG_EDIT, .what = "changing the member", .asks = {&edit, &open}}))
		m->deed.form = form_wait(f);
	return false;
}

void member_edit(struct member *m)
{
	const struct member_person *p = &m->person;
	const char *const texts[OWN_FIRST] = {
		[GIVEN] = p->given_name, [FAMILY] = p->family_name, [EMAIL] = p->email, [PHONE] = p->phone, [CARD] = p->card};

	member_form_free(m);
	m->form = calloc(1, sizeof *m->form);
	if (!m->form) {
		screen_say(m->screen, ROLE_BAD, "Out of memory: the form cannot be shown");
		return;
	}
	struct member_form *form = m->form;
	memcpy(form->fields, usual, sizeof usual);
	for (int i = 0; i < OWN_FIRST; i++)
		form->start[i] = arena_copy(&form->arena, texts[i]);
	own_fields_add(form, m->about);
	memcpy(form->fields + OWN_FIRST + form->own_count, behind, sizeof behind);
	form->spec = (struct form_spec){.title = "Change the member",
		.fields = form->fields,
		.count = OWN_FIRST + form->own_count + BEHIND,
		.save = "Save",
		.saved = send_edit};
	form_open(m->screen, &form->spec, form->start, m);
}

void member_edited(struct member *m, const struct answer *answer)
{
	if (answer->outcome != REQUEST_OK) {
		form_refused(m->screen->ui, m->deed.form, NULL, desk_reason(answer->error));
		desk_good(m->screen, answer, "changing the member");
		return;
	}
	form_saved(m->screen->ui, m->deed.form);
	if (member_person_read(answer->results[1], &m->person)) {
		result_free(m->kept);
		m->kept = result_keep(&answer->results[1]);
	}
	screen_say(m->screen, ROLE_GOOD, "Changed; what was before is kept");
}
