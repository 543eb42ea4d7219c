// Erasing who a member is: the reason, the number typed once more, and the receipt.
#include "screens/member/member.h"

#include "model/member/identity.h"
#include "screens/ui/dialog.h"
#include "screens/ui/form.h"

#include <inttypes.h>
#include <stdio.h>

static void erase(struct screen *s, void *payload)
{
	struct member *m = payload;
	char number[24];
	struct ask ask;

	form_saved(s->ui, m->deed.form);
	snprintf(number, sizeof number, "%" PRId64, m->person.number);
	record_erase(&ask, number, number, m->reason);
	desk_send(s, &(struct desk_request){.tag = TAG_ERASE, .what = "erasing the member", .asks = {&ask}});
}

static bool ask_typed(struct screen *s, struct form *f, void *payload)
{
	struct member *m = payload;
	char number[24], text[400];

	snprintf(m->reason, sizeof m->reason, "%s", form_value(f, "reason"));
	m->deed.form = form_serial(f);
	snprintf(number, sizeof number, "%" PRId64, m->person.number);
	snprintf(text, sizeof text,
		"Names, addresses, cards, notes, what was said in cases and surveys, consents: gone for good. Number, journal and "
		"ledger of %s stay, without a person. Type the number to go on.",
		number);
	dialog_confirm(s, &(struct question){.title = "Erase the member?", .text = text, .yes = "Erase", .typed = number}, erase, m);
	return false;
}

void member_erase(struct member *m)
{
	static const struct form_field fields[] = {
		{"reason", "Reason", FIELD_TEXT, .max = 190, .required = true, .help = "Who asked for it and how; nothing personal, as it stays"},
	};
	static const struct form_spec spec = {
		.title = "Erase who the member is",
		.fields = fields,
		.count = sizeof fields / sizeof fields[0],
		.save = "Go on",
		.saved = ask_typed,
	};

	form_open(m->screen, &spec, NULL, m);
}

// What it is called is no longer shown either: the screen gives way to the receipt.
void member_erased(struct member *m, const struct answer *answer)
{
	char text[600];

	if (!desk_good(m->screen, answer, "erasing the member"))
		return;
	const struct result *receipt = answer->results[0];
	snprintf(text, sizeof text, "Member %.20s was erased on %.20s by %.60s.\nIts ledger is unchanged: %.20s entries, %.200s.\nHash %.64s",
		result_text(receipt, 0, 0), result_text(receipt, 0, 1), result_text(receipt, 0, 2), result_text(receipt, 0, 4),
		result_text(receipt, 0, 5), result_text(receipt, 0, 6));
	m->person.given_name = m->person.email = m->person.phone = m->person.card = m->person.city = m->person.language = "";
	m->person.family_name = m->person.status = "erased";
	m->person.born = DAY_NONE;
	dialog_show(m->screen, "Receipt of the erasure", text);
}
