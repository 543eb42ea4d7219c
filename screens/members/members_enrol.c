// Enrolling a member: the form, its sending, and what is done when an identifier belongs to someone else
// already.
#include "screens/members/members.h"

#include "model/member/identity.h"
#include "model/member/member.h"
#include "screens/desk.h"
#include "screens/ui/dialog.h"
#include "screens/ui/form.h"

#include <stdio.h>
#include <string.h>

static bool check_email(const char *text, char *why, size_t size)
{
	const char *at = strchr(text, '@'), *dot = at ? strrchr(at, '.') : NULL;

	if (at && at > text && dot && dot > at + 1 && dot[1] && !strchr(text, ' '))
		return true;
	snprintf(why, size, "write it as name@example.org");
	return false;
}

static bool check_phone(const char *text, char *why, size_t size)
{
	size_t digits = 0;

	for (const char *at = text; *at; at++)
		digits += *at >= '0' && *at <= '9';
	if (text[strspn(text, "+0123456789 ()./-")] == 0 && digits >= 5 && digits <= 17)
		return true;
	snprintf(why, size, "5 to 15 digits, as +90 532 100 00 00");
	return false;
}

static bool check_language(const char *text, char *why, size_t size)
{
	if (strlen(text) == 2 && text[0] >= 'a' && text[0] <= 'z' && text[1] >= 'a' && text[1] <= 'z')
		return true;
	snprintf(why, size, "two letters, as tr or de");
	return false;
}

static const char *const said[] = {"not asked", "given", "refused", NULL};

static const struct form_field fields[] = {
	{"given", "Given name", FIELD_TEXT, .max = 200},
	{"family", "Family name", FIELD_TEXT, .max = 200, .required = true},
	{"email", "E-mail", FIELD_TEXT, .max = 254, .check = check_email,
		.help = "At most one member has it"},
	{"phone", "Phone", FIELD_TEXT, .max = 32, .check = check_phone,
		.help = "With + and country code, if known"},
	{"card", "Card", FIELD_TEXT, .max = 64, .help = "Digits and letters; blanks and dashes do not count"},
	{"born", "Date of birth", FIELD_DATE, .help = "For the birthday reward; as 1990-12-31"},
	{"city", "City", FIELD_TEXT, .max = 100},
	{"language", "Language", FIELD_TEXT, .max = 2, .check = check_language,
		.help = "Two letters, as tr or de"},
	{"promotions:email", "E-mail promotions", FIELD_CHOICE, .choices = said, .help = "What the member says to them; a on the member shows all consents"},
	{"promotions:sms", "SMS promotions", FIELD_CHOICE, .choices = said, .help = "What the member says to them"},
	{"until", "Consents until", FIELD_DATE, .help = "Their last day; empty: until they are taken back"},
};

enum { GIVEN, FAMILY, EMAIL, PHONE, CARD, BORN, CITY, LANGUAGE, CONSENT_FIRST, UNTIL = ENROL_FIELDS - 1 };
_Static_assert(sizeof fields / sizeof fields[0] == ENROL_FIELDS, "a place for each value");

static struct member_new person_of(const struct enrolment *enrolment)
{
	return (struct member_new){.key = enrolment->key,
		.given_name = enrolment->values[GIVEN],
		.family_name = enrolment->values[FAMILY],
		.born = enrolment->values[BORN],
		.email = enrolment->values[EMAIL],
		.phone = enrolment->values[PHONE],
		.card = enrolment->values[CARD],
		.city = enrolment->values[CITY],
		.language = enrolment->values[LANGUAGE],
		.consents = enrolment->consents};
}

// What the member said to what was asked: "promotions:email@2027-12-31|-promotions:sms".
static void take_consents(struct enrolment *enrolment)
{
	const char *until = enrolment->values[UNTIL];

	enrolment->consents[0] = 0;
	for (int i = CONSENT_FIRST; i < UNTIL; i++) {
		size_t length = strlen(enrolment->consents);
		bool is_given = !strcmp(enrolment->values[i], said[1]);
		if (is_given || !strcmp(enrolment->values[i], said[2]))
			snprintf(enrolment->consents + length, sizeof enrolment->consents - length, "%s%s%s%s%s", length ? "|" : "",
				is_given ? "" : "-", fields[i].name, is_given && *until ? "@" : "", is_given ? until : "");
	}
}

// Who is like that is asked before anybody is enrolled.
static bool ask_alike(struct screen *s, struct form *f, void *payload)
{
	struct enrolment *enrolment = payload;
	struct ask ask;

	for (int i = 0; i < ENROL_FIELDS; i++)
		snprintf(enrolment->values[i], ENROL_VALUE, "%s", form_value(f, fields[i].name));
	take_consents(enrolment);
	struct member_new person = person_of(enrolment);
	duplicate_list(&ask, &person);
	enrolment->is_asking = desk_send(s, &(struct desk_request){.tag = enrolment->tag, .asks = {&ask}});
	if (enrolment->is_asking)
		enrolment->form = form_wait(f);
	return false;
}

static void enrol(struct enrolment *enrolment, struct screen *s)
{
	struct ask ask;

	if (!*enrolment->key && !desk_key(s, enrolment->key))
		return;
	struct member_new person = person_of(enrolment);
	member_enrol(&ask, &person);
	desk_send(s, &(struct desk_request){.tag = enrolment->tag, .asks = {&ask}});
}

static void alike_chosen(struct screen *s, int chosen, void *payload)
{
	struct enrolment *enrolment = payload;

	if (chosen < enrolment->alike_count)
		screen_open(s->ui, &member_screen, &enrolment->alike[chosen]);
	else
		enrol(enrolment, s);
}

// Shows them, to open one or to enrol all the same. What belongs to one member alone is refused later, with its owner.
static void take_alike(struct enrolment *enrolment, struct screen *s, const struct result *result)
{
	char lines[sizeof enrolment->alike / sizeof enrolment->alike[0]][200];
	const char *choices[sizeof lines / sizeof lines[0] + 1];
	int count = result_rows(result), most = (int)(sizeof lines / sizeof lines[0]);

	enrolment->alike_count = count < most ? count : most;
	for (int i = 0; i < enrolment->alike_count; i++) {
		struct duplicate_row row;
		duplicate_row_read(result, i, &row);
		enrolment->alike[i] = row.member_id;
		snprintf(lines[i], sizeof lines[i], "Open %lld %.60s%s%.10s: %.60s", (long long)row.number, row.name, *row.born ? ", born " : "",
			row.born, row.why);
		choices[i] = lines[i];
	}
	choices[enrolment->alike_count] = "Enrol a new member all the same";
	form_refused(s->ui, enrolment->form, NULL, "");
	dialog_choose(s, "May be a member already", choices, enrolment->alike_count + 1, 0, alike_chosen, enrolment);
}

void enrolment_open(struct enrolment *enrolment, struct screen *s, int tag)
{
	static const struct form_spec spec = {
		.title = "Enrol a member",
		.fields = fields,
		.count = sizeof fields / sizeof fields[0],
		.save = "Enrol",
		.saved = ask_alike,
	};

	*enrolment = (struct enrolment){.tag = tag};
	form_open(s, &spec, NULL, enrolment);
}

// The member who has the identifier: found by number, then opened over the form, which stays as it was typed.
static void open_other(struct screen *s, void *payload)
{
	struct enrolment *enrolment = payload;
	struct ask ask;

	member_of_number(&ask, enrolment->other);
	desk_send(s, &(struct desk_request){
			     .tag = enrolment->other_tag, .what = "member", .asks = {&ask}, .is_read = true});
}

// Which field the refusal is about: it names the kind of identifier.
static const char *field_of(const char *why)
{
	static const struct {
		const char *word, *field;
	} words[] = {{"email", "email"}, {"phone", "phone"}, {"card", "card"}, {"birth", "born"}, {"consent", "until"},
		{"family", "family"}};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strstr(why, words[i].word))
			return words[i].field;
	return NULL;
}

static void tell_refusal(struct enrolment *enrolment, struct screen *s, const struct answer *answer)
{
	char text[200];
	const struct result *result = answer->results[0];
	const char *reason = desk_reason(answer->error);

	enrolment->key[0] = 0; // nothing was done under it
	form_refused(s->ui, enrolment->form, field_of(reason), reason);
	screen_say(s, ROLE_BAD, "Not enrolled: %s", reason);
	if (strcmp(answer->error->sqlstate, MEMBER_IS_ANOTHERS) || !result)
		return;
	snprintf(enrolment->other, sizeof enrolment->other, "%.20s", result_detail(result));
	snprintf(text, sizeof text, "%.120s. Open that member?", reason);
	dialog_confirm(s, &(struct question){.title = "Already a member", .text = text, .yes = "Open"},
		open_other, enrolment);
}

void enrolment_answer(
	struct enrolment *enrolment, struct screen *s, int other_tag, const struct answer *answer)
{
	enrolment->other_tag = other_tag;
	bool was_asking = enrolment->is_asking;
	enrolment->is_asking = false;
	if (answer->outcome == REQUEST_OK && was_asking) {
		if (result_rows(answer->results[0]) == 0)
			enrol(enrolment, s);
		else if (screen_find(s->ui, enrolment->form))
			take_alike(enrolment, s, answer->results[0]);
	} else if (answer->outcome == REQUEST_OK) {
		int64_t member_id = result_int64(answer->results[0], 0, 0),
			number = result_int64(answer->results[0], 0, 1);
		form_saved(s->ui, enrolment->form);
		screen_open(s->ui, &member_screen, &member_id);
		screen_say(s, ROLE_GOOD, "Enrolled as %lld", (long long)number);
	} else if (answer->outcome == REQUEST_SQL_ERROR) {
		tell_refusal(enrolment, s, answer);
	} else {
		form_refused(s->ui, enrolment->form, NULL, desk_reason(answer->error));
		desk_good(s, answer, "enrolling");
	}
}

void enrolment_open_other(struct screen *s, const struct answer *answer)
{
	if (!desk_good(s, answer, "opening the member"))
		return;
	if (result_rows(answer->results[0]) < 1) {
		screen_say(s, ROLE_WARNING, "There is no such member any more");
		return;
	}
	int64_t member_id = result_int64(answer->results[0], 0, 0);
	screen_open(s->ui, &member_screen, &member_id);
}
