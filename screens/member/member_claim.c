// A purchase that the member misses: it came in for nobody, and receipt and amount tell that it is the member's.
#include "screens/member/member.h"

#include "model/amount.h"
#include "model/member/claim.h"
#include "screens/ui/form.h"

static bool send_claim(struct screen *s, struct form *f, void *payload)
{
	struct member *m = payload;
	int64_t amount;
	struct ask ask;

	if (!amount_parse(form_value(f, "amount"), 2, &amount) || amount <= 0) {
		form_error(f, "amount", "the amount of the receipt, as 42.10");
		return false;
	}
	claim_submit(&ask, m->member_id, form_value(f, "receipt"), amount);
	if (desk_send(s, &(struct desk_request){.tag = TAG_CLAIM, .what = "claiming the purchase", .asks = {&ask}}))
		m->deed.form = form_wait(f);
	return false;
}

void member_claim(struct member *m)
{
	static const struct form_field fields[] = {
		{"receipt", "Receipt", FIELD_TEXT, .max = 128, .required = true, .help = "As it is printed; the till's name for the purchase"},
		{"amount", "Amount", FIELD_TEXT, .max = 20, .required = true, .help = "Both have to fit a purchase that came in for nobody"},
	};
	static const struct form_spec spec = {
		.title = "Claim a missing purchase",
		.fields = fields,
		.count = sizeof fields / sizeof fields[0],
		.save = "Claim",
		.saved = send_claim,
	};

	form_open(m->screen, &spec, NULL, m);
}

void member_claimed(struct member *m, const struct answer *answer)
{
	if (answer->outcome != REQUEST_OK) {
		form_refused(m->screen->ui, m->deed.form, "receipt", desk_reason(answer->error));
		desk_good(m->screen, answer, "claiming the purchase");
		return;
	}
	form_saved(m->screen->ui, m->deed.form);
	screen_say(m->screen, ROLE_GOOD, "Claimed; the worker posts it as of its day");
}
