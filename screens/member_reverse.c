// Taking a purchase back, whole or in part: what is left of it is looked up first, then asked, then confirmed.
#include "screens/member.h"

#include "model/amount.h"
#include "screens/ui/dialog.h"
#include "screens/ui/form.h"

#include <stdio.h>
#include <string.h>

void member_reverse(struct member *m)
{
	struct ask ask;
	char key[24];

	snprintf(key, sizeof key, "%lld", (long long)member_selected(m, HIDDEN_SEQ));
	purchase_list(&ask, m->member_id, &(struct page){ .from = PAGE_FROM, .key = key, .rows = 1 });
	m->purchase = (struct purchase_row){ .seq = member_selected(m, HIDDEN_SEQ) };
	desk_send(m->screen,
		&(struct desk_request){ .tag = TAG_PURCHASE, .what = "purchase", .asks = { &ask }, .is_read = true, .replaces = true });
}

static int64_t left_of(const struct purchase_row *purchase)
{
	return purchase->amount_minor - purchase->returned_minor;
}

static void send_return(struct screen *s, void *payload)
{
	struct member *m = payload;
	struct screen *form = screen_find(s->ui, m->deed.form);
	struct ask ask;

	if (!form)
		return;
	action_return(&ask,
		&(struct action_return){ .key = m->deed.key,
			.member_id = m->member_id,
			.of_seq = m->purchase.seq,
			.amount_minor = m->deed.points,
			.reason = m->reason });
	member_deed_send(m, &ask);
}

// "All 50.52 STAR that stand of it go too." or, for a part, that the rules decide.
static void effect_text(const struct member *m, bool whole, char *out, size_t size)
{
	char points[POINTS_TEXT];
	const struct purchase_row *p = &m->purchase;

	if (!p->has_points || !p->points)
		snprintf(out, size, "No points stand of it.");
	else if (whole)
		snprintf(out, size, "All %s that stand of it are taken back.",
			member_points(desk_facts(m->screen), p->currency_id, p->points, AMOUNT_PLAIN, true, points));
	else
		snprintf(out, size, "The rules rate the rest again; of the %s that stand the difference is taken back.",
			member_points(desk_facts(m->screen), p->currency_id, p->points, AMOUNT_PLAIN, true, points));
}

static bool read_amount(const struct member *m, struct form *f, int64_t *amount)
{
	const char *money = desk_facts(m->screen)->money;
	char left[AMOUNT_SIZE], why[FORM_WHY_MAX];

	if (!amount_parse(form_value(f, "amount"), amount_money_decimals(money), amount) || *amount < 1)
		snprintf(why, sizeof why, "an amount above 0, as 12.50");
	else if (*amount > left_of(&m->purchase))
		snprintf(why, sizeof why, "at most %s is left", amount_money(left, left_of(&m->purchase), money, AMOUNT_PLAIN));
	else
		return true;
	form_error(f, "amount", why);
	return false;
}

static bool confirm_return(struct screen *s, struct form *f, void *payload)
{
	struct member *m = payload;
	int64_t amount;
	char money[AMOUNT_SIZE], effect[200], text[500];

	if (!read_amount(m, f, &amount) || !desk_key(s, m->deed.key))
		return false;
	amount_money(money, amount, desk_facts(s)->money, AMOUNT_PLAIN);
	effect_text(m, amount == left_of(&m->purchase), effect, sizeof effect);
	m->deed.kind = DEED_RETURN;
	m->deed.points = amount;
	m->deed.form = form_serial(f);
	snprintf(m->reason, sizeof m->reason, "%s", form_value(f, "reason"));
	snprintf(m->deed.what, sizeof m->deed.what, "%s of %.90s taken back", money, m->receipt);
	snprintf(text, sizeof text, "%s of purchase %s is taken back. %s The member's tier may fall.", money, m->receipt, effect);
	dialog_confirm(s, &(struct question){ .title = "Take the purchase back?", .text = text, .yes = "Take back" }, send_return, m);
	return false;
}

static void open_form(struct member *m)
{
	static const struct form_field fields[] = {
		{ "amount", "Amount", FIELD_TEXT, .max = 20, .required = true, .help = "The whole of what is left, or a part of it" },
		{ "reason", "Reason", FIELD_TEXT, .max = 190, .required = true, .help = "Stands in the timeline and the audit" },
	};
	static const struct form_spec spec = {
		.title = "Take a purchase back",
		.fields = fields,
		.count = sizeof fields / sizeof fields[0],
		.save = "Go on",
		.saved = confirm_return,
	};
	char amount[AMOUNT_SIZE];
	int decimals = amount_money_decimals(desk_facts(m->screen)->money);

	amount_points(amount, left_of(&m->purchase), decimals, AMOUNT_FIXED);
	m->deed = (struct deed){ .kind = DEED_RETURN };
	form_open(m->screen, &spec, (const char *const[]){ amount, NULL }, m);
}

void member_reverse_found(struct member *m, const struct answer *answer)
{
	struct purchase_row found;

	if (!desk_good(m->screen, answer, "looking the purchase up"))
		return;
	if (result_rows(answer->results[0]) > 0)
		purchase_row_read(answer->results[0], 0, &found);
	if (result_rows(answer->results[0]) < 1 || found.seq != m->purchase.seq) {
		screen_say(m->screen, ROLE_WARNING, "The purchase is not there any more");
		return;
	}
	m->purchase = found;
	snprintf(m->receipt, sizeof m->receipt, "%s", found.external_id);
	if (*found.result)
		screen_say(m->screen, ROLE_WARNING, "%s cannot be taken back: it is %s", m->receipt, found.result);
	else if (left_of(&found) <= 0)
		screen_say(m->screen, ROLE_WARNING, "%s was taken back already", m->receipt);
	else
		open_form(m);
}
