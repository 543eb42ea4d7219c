// Taking a purchase back, whole or in part: asked, then looked up what is left of it, then confirmed.
#include "screens/member/member.h"

#include "model/amount.h"
#include "screens/ui/dialog.h"
#include "screens/ui/form.h"

#include <stdio.h>
#include <string.h>

static int64_t left_of(const struct purchase_row *purchase)
{
	return purchase->amount_minor - purchase->returned_minor;
}

static int money_decimals(const struct member *m)
{
	return amount_money_decimals(desk_facts(m->screen)->money);
}

// --- The form, and the look-up when it is filled in.

static bool look_up(struct screen *s, struct form *f, void *payload)
{
	struct member *m = payload;
	struct ask ask;
	char key[24];
	int64_t amount = 1;
	const char *typed = form_value(f, "amount");

	if (*typed && (!amount_parse(typed, money_decimals(m), &amount) || amount < 1)) {
		form_error(f, "amount", "an amount above 0, as 12.50");
		return false;
	}
	snprintf(m->amount, sizeof m->amount, "%s", typed);
	snprintf(m->reason, sizeof m->reason, "%s", form_value(f, "reason"));
	snprintf(key, sizeof key, "%lld", (long long)m->purchase.seq);
	purchase_list(&ask, m->member_id, &(struct page){.from = PAGE_FROM, .key = key, .rows = 1});
	if (desk_send(s, &(struct desk_request){
				 .tag = TAG_PURCHASE, .asks = {&ask}, .is_read = true, .replaces = true}))
		m->deed.form = form_wait(f);
	return false;
}

void member_reverse(struct member *m, int64_t seq)
{
	static const struct form_field fields[] = {
		{"amount", "Amount", FIELD_TEXT, .max = 20,
			.help = "Empty: all that is left of the purchase"},
		{"reason", "Reason", FIELD_TEXT, .max = 190, .required = true,
			.help = "Stands in the timeline and the audit"},
	};
	static const struct form_spec spec = {
		.title = "Take a purchase back",
		.fields = fields,
		.count = sizeof fields / sizeof fields[0],
		.save = "Go on",
		.saved = look_up,
	};

	m->purchase = (struct purchase_row){.seq = seq};
	m->deed = (struct deed){.kind = DEED_RETURN};
	form_open(m->screen, &spec, NULL, m);
}

// --- What is left of it, and the question.

static void send_return(struct screen *s, void *payload)
{
	struct member *m = payload;
	struct ask ask;

	form_saved(s->ui, m->deed.form);
	if (!desk_key(s, m->deed.key))
		return;
	action_return(&ask, &(struct action_return){.key = m->deed.key,
				    .member_id = m->member_id,
				    .of_seq = m->purchase.seq,
				    .amount_minor = m->deed.points,
				    .reason = m->reason});
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
			member_points(desk_facts(m->screen), p->currency_id, p->points, AMOUNT_PLAIN, true,
				points));
	else
		snprintf(out, size,
			"The rules rate the rest again; of the %s that stand the difference is taken back.",
			member_points(desk_facts(m->screen), p->currency_id, p->points, AMOUNT_PLAIN, true,
				points));
}

static void ask_whether(struct member *m, int64_t amount)
{
	char money[AMOUNT_SIZE], effect[200], text[500];

	amount_money(money, amount, desk_facts(m->screen)->money, AMOUNT_PLAIN);
	effect_text(m, amount == left_of(&m->purchase), effect, sizeof effect);
	m->deed.points = amount;
	snprintf(m->deed.what, sizeof m->deed.what, "%s of %.90s taken back", money, m->receipt);
	snprintf(text, sizeof text, "%s of purchase %s is taken back. %s The member's tier may fall.", money,
		m->receipt, effect);
	dialog_confirm(m->screen,
		&(struct question){.title = "Take the purchase back?", .text = text, .yes = "Take back"},
		send_return, m);
}

// Why it cannot be taken back, into why; NULL: it can, and *amount is how much.
static const char *refusal(
	struct member *m, const struct answer *answer, int64_t *amount, char *why, size_t size)
{
	char left[AMOUNT_SIZE];
	struct purchase_row *p = &m->purchase;

	if (result_rows(answer->results[0]) < 1 || result_int64(answer->results[0], 0, 0) != p->seq)
		return "The purchase is not there any more";
	purchase_row_read(answer->results[0], 0, p);
	snprintf(m->receipt, sizeof m->receipt, "%s", p->external_id);
	*amount = left_of(p);
	if (*p->result)
		snprintf(why, size, "%.60s cannot be taken back: it is %s", m->receipt, p->result);
	else if (left_of(p) <= 0)
		snprintf(why, size, "%.60s was taken back already", m->receipt);
	else if (*m->amount && amount_parse(m->amount, money_decimals(m), amount) && *amount > left_of(p))
		snprintf(why, size, "At most %s is left",
			amount_money(left, left_of(p), desk_facts(m->screen)->money, AMOUNT_PLAIN));
	else
		return NULL;
	return why;
}

void member_reverse_found(struct member *m, const struct answer *answer)
{
	struct ui *ui = m->screen->ui;
	char why[FORM_WHY_MAX];
	int64_t amount = 0;

	if (!desk_good(m->screen, answer, "looking the purchase up")) {
		form_refused(ui, m->deed.form, NULL, desk_reason(answer->error));
		return;
	}
	if (!screen_find(ui, m->deed.form))
		return; // closed meanwhile
	const char *no = refusal(m, answer, &amount, why, sizeof why);
	form_refused(ui, m->deed.form, NULL, no ? no : "");
	if (!no)
		ask_whether(m, amount);
}
