// Points sent to another member: to whom and how many, then the receiver's name, then the question.
#include "screens/member/member.h"

#include "model/amount.h"
#include "screens/ui/dialog.h"
#include "screens/ui/form.h"

#include <stdio.h>
#include <string.h>

enum { CURRENCIES_MAX = 16 };

// The rules of today; NULL: not read yet.
static const struct programme *rules_of(const struct member *m)
{
	const struct rulebook *rulebook = desk_of(m->screen)->rulebook;

	return rulebook ? rulebook->versions[rulebook_at(rulebook, desk_facts(m->screen)->business_day)]
				  .programme
			: NULL;
}

// The codes of what members may pass on, ended by NULL.
static int currencies_list(const struct member *m, const char *codes[CURRENCIES_MAX + 1])
{
	const struct programme *rules = rules_of(m);
	int count = 0;

	for (int i = 0; rules && i < rules->currency_count && count < CURRENCIES_MAX; i++)
		if (rules->currencies[i].transfers.allowed)
			codes[count++] = rules->currencies[i].code;
	codes[count] = NULL;
	return count;
}

const char *member_send_disabled(const struct member *m)
{
	const char *codes[CURRENCIES_MAX + 1];

	if (!m->kept || !rules_of(m))
		return "the member is not known yet";
	return currencies_list(m, codes) ? NULL : "this programme keeps points with the member";
}

// --- The form.

static const struct fact *currency_of(struct screen *s, const struct form *f)
{
	return facts_by_code(desk_facts(s), FACT_CURRENCY, form_value(f, "currency"));
}

static bool ask_receiver(struct screen *s, struct form *f, void *payload)
{
	struct member *m = payload;
	const struct fact *currency = currency_of(s, f);
	struct ask ask;

	if (!currency || !member_read_points(f, currency, &m->sending.points))
		return false;
	m->sending.currency_id = currency->id;
	snprintf(m->reason, sizeof m->reason, "%s", form_value(f, "reason"));
	action_receiver(&ask, m->member_id, form_value(f, "receiver"));
	if (desk_send(s, &(struct desk_request){
				 .tag = TAG_RECEIVER, .what = "looking the receiver up", .asks = {&ask}}))
		m->deed.form = form_wait(f);
	return false;
}

void member_send(struct member *m)
{
	static const char *codes[CURRENCIES_MAX + 1]; // of the form that is open
	static const struct form_field fields[] = {
		{"receiver", "Receiver", FIELD_TEXT, .max = 40, .required = true,
			.help = "Number or card of the member who gets them; the name is shown before they "
				"go"},
		{"points", "Points", FIELD_TEXT, .max = 20, .required = true,
			.help = "They keep their age and the day they expire. Above your limit it waits for "
				"approval"},
		{"currency", "Currency", FIELD_CHOICE, .choices = codes},
		{"reason", "Reason", FIELD_TEXT, .max = 190, .help = "Stands in the timeline of both"},
	};
	static const struct form_spec spec = {
		.title = "Send points to another member",
		.fields = fields,
		.count = sizeof fields / sizeof fields[0],
		.save = "Send",
		.saved = ask_receiver,
	};

	currencies_list(m, codes);
	m->deed = (struct deed){.kind = DEED_SEND};
	form_open(m->screen, &spec, NULL, m);
}

// --- The receiver, and the question.

static void send_points(struct screen *s, void *payload)
{
	struct member *m = payload;
	struct ask ask;

	form_saved(s->ui, m->deed.form);
	if (!desk_key(s, m->deed.key))
		return;
	action_transfer(
		&ask, &(struct action_transfer){.key = m->deed.key,
			      .member_id = m->member_id,
			      .receiver = m->sending.receiver,
			      .currency = facts_code(desk_facts(s), FACT_CURRENCY, m->sending.currency_id),
			      .points = m->sending.points,
			      .reason = m->reason});
	member_deed_send(m, &ask);
}

static void ask_whether(struct member *m, const char *name)
{
	char points[POINTS_TEXT], text[500];

	member_points(
		desk_facts(m->screen), m->sending.currency_id, m->sending.points, AMOUNT_PLAIN, true, points);
	snprintf(m->deed.what, sizeof m->deed.what, "%.40s sent to %lld %.80s", points,
		(long long)m->sending.receiver, name);
	snprintf(text, sizeof text,
		"%.40s go to member %lld, %.120s, the first to expire first. They keep their days there, "
		"count "
		"for no tier, and only %.120s can send them back.",
		points, (long long)m->sending.receiver, name, name);
	dialog_confirm(m->screen,
		&(struct question){.title = "Send the points?", .text = text, .yes = "Send"}, send_points, m);
}

void member_receiver_found(struct member *m, const struct answer *answer)
{
	struct ui *ui = m->screen->ui;

	if (!desk_good(m->screen, answer, "looking the receiver up")) {
		form_refused(ui, m->deed.form, NULL, desk_reason(answer->error));
		return;
	}
	if (!screen_find(ui, m->deed.form) || result_rows(answer->results[0]) < 1)
		return; // closed meanwhile
	const char *trouble = result_text(answer->results[0], 0, 2);
	form_refused(ui, m->deed.form, NULL, trouble);
	if (*trouble)
		return;
	m->sending.receiver = result_int64(answer->results[0], 0, 0);
	ask_whether(m, result_text(answer->results[0], 0, 1));
}
