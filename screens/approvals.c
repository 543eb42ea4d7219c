// Approvals: what waits for a second person, by whom, why, and what it would do; approve or refuse with a
// reason.
#include "model/amount.h"
#include "model/desk/approval.h"
#include "model/partner/partner.h"
#include "screens/campaigns/campaigns.h"
#include "screens/desk_list.h"
#include "screens/span.h"
#include "screens/ui/detail.h"
#include "screens/ui/form.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TAG_ROWS = 1, TAG_DECIDE, TAG_EFFECT };
enum { FOOT_HEIGHT = 10, LINE_MAX_BYTES = 600 };

// Cells of a row: those of the columns, then what a decision needs, so that what is decided is what was
// shown.
enum {
	CELL_MEMBER,
	CELL_WHAT,
	CELL_WHO,
	CELL_AGE,
	COLUMN_COUNT,
	CELL_WHY = COLUMN_COUNT,
	CELL_REASON,
	CELL_BODY,
	CELL_DAY,
	CELL_CASE,
	CELL_SOURCE,
	CELL_EXTERNAL_ID,
	CELL_HASH,
	CELL_IS_MINE, // "" or "1"
	CELL_MEMBER_ID,
	CELL_KIND,   // enum approval_kind
	CELL_OBJECT, // number of a document
	CELL_COUNT
};

struct approvals {
	struct list list;
	struct detail effect; // of the selected row
	struct row *deciding; // owned copy of the row a form is open for
	bool is_approving;
	uint32_t form; // that waits for the answer; 0: none
};

static const struct column columns[COLUMN_COUNT] = {
	[CELL_MEMBER] = {.title = "Member", .width = 24, .flex = 2},
	[CELL_WHAT] = {.title = "What", .width = 24, .flex = 3},
	[CELL_WHO] = {.title = "Asked by", .width = 12, .flex = 1},
	[CELL_AGE] = {.title = "Waits", .width = 7, .align = ALIGN_RIGHT},
};

static void approvals_ask(struct list *l, const struct rows_request *request)
{
	const struct page page = desk_list_page(request);
	struct ask ask;
	unsigned rights = l->screen->ui->rights;
	approval_list(&ask, &page,
		!(rights & DESK_MAY_SERVE) ? APPROVALS_OF_DOCUMENTS
		: rights & DESK_MAY_DECIDE ? APPROVALS_ALL
					   : APPROVALS_OF_SUPPORT);
	desk_list_ask(l, request, TAG_ROWS, NULL, &ask, NULL);
}

static int row_kind(const struct row *row)
{
	return atoi(row->cells[CELL_KIND]);
}

static void ask_effect(struct screen *s, const struct row *row)
{
	struct ask ask;
	approval_effect(&ask, strtoll(row->cells[CELL_MEMBER_ID], NULL, 10), row->cells[CELL_SOURCE], row->cells[CELL_EXTERNAL_ID]);
	desk_send(s, &(struct desk_request){.tag = TAG_EFFECT, .asks = {&ask}, .is_read = true, .replaces = true});
}

static void show_effect(struct list *l)
{
	struct approvals *v = l->payload;
	const struct row *row = list_selected(l);
	struct detail *d = &v->effect;
	detail_clear(d);
	if (!row)
		return;
	static const char *const effects[APPROVAL_KINDS] = {[APPROVAL_VERSION] = "are in force from",
		[APPROVAL_CAMPAIGN] = "may run, within its budget, from",
		[APPROVAL_PRICE] = "counts from"};
	int kind = row_kind(row);
	bool is_document = kind != APPROVAL_EVENT;
	if (is_document)
		detail_format(d, ROLE_STRONG, 10, "Effect", "%s%s %s %s on",
			kind == APPROVAL_VERSION ? "the rules of " : "", row->cells[CELL_WHAT], effects[kind],
			row->cells[CELL_DAY]);
	else
		detail_format(d, ROLE_STRONG, 10, "Effect", "%s for %s, on %s", row->cells[CELL_WHAT],
			row->cells[CELL_MEMBER], row->cells[CELL_DAY]);
	detail_format(d, ROLE_WARNING, 10, "Waits for", "%s", row->cells[CELL_WHY]);
	if (!is_document)
		detail_format(d, ROLE_TEXT, 10, "Reason", "%s%s%s",
			*row->cells[CELL_REASON] ? row->cells[CELL_REASON] : "none given",
			*row->cells[CELL_CASE] ? ", case " : "", row->cells[CELL_CASE]);
	detail_format(d, ROLE_TEXT, 10, "Asked by", "%s%s", row->cells[CELL_WHO],
		!*row->cells[CELL_IS_MINE] ? ""
		: is_document              ? " (you wrote or submitted it: it needs another person)"
					   : " (yourself: someone else has to decide)");
	if (kind == APPROVAL_VERSION || kind == APPROVAL_CAMPAIGN)
		detail_add(d, ROLE_DIM, 10, "Changes", "Enter shows it; it is approved there");
	else if (kind == APPROVAL_PRICE)
		detail_add(d, ROLE_DIM, 10, "Prices",
			"money for one point: issued for the partner's events, sent into its currency");
	else
		ask_effect(l->screen, row);
}

// Under what is known of the event at once: what it would make of whom.
static void take_effect(struct screen *s, const struct answer *answer)
{
	struct approvals *v = s->state;
	const struct row *row = list_selected(&v->list);
	if (!row || !desk_good(s, answer, "reading what it would do"))
		return;
	const struct result *r = answer->results[0];
	for (int i = 0; i < result_rows(r); i++) {
		bool is_trouble = strcmp(result_text(r, i, 0), "trouble") == 0;
		detail_format(&v->effect, is_trouble ? ROLE_BAD : ROLE_TEXT, 10, i ? "" : "Makes", "%s: %s -> %s", result_text(r, i, 0),
			result_text(r, i, 1), result_text(r, i, 2));
	}
	detail_format(&v->effect, ROLE_DIM, 10, "Event", "%s", row->cells[CELL_BODY]);
}

static const struct list_spec spec = {
	.columns = columns,
	.column_count = COLUMN_COUNT,
	.what = "approvals",
	.empty = "Nothing waits for a second person.",
	.ask = approvals_ask,
	.selected = show_effect,
};

// "+300 STAR" for points, else the kind of event and its amount.
static void what_text(const struct screen *s, const struct approval_row *a, char *out, size_t size)
{
	const struct fact *currency = facts_by_code(desk_facts(s), FACT_CURRENCY, a->currency);
	char amount[AMOUNT_SIZE];
	int64_t value = strtoll(a->amount, NULL, 10);
	static const char *const documents[APPROVAL_KINDS] = {
		[APPROVAL_CAMPAIGN] = "campaign", [APPROVAL_PRICE] = "price"};
	if (a->kind == APPROVAL_VERSION)
		snprintf(out, size, "programme version %d", a->object_no);
	else if (a->kind != APPROVAL_EVENT)
		snprintf(out, size, "%s %d: %s", documents[a->kind], a->object_no, a->body);
	else if (currency)
		snprintf(out, size, "%s %s %s", strcmp(a->type, "adjust") == 0 ? "credit" : a->type,
			amount_points(amount, value, currency->number,
				strcmp(a->type, "transfer") == 0 ? AMOUNT_PLAIN : AMOUNT_SIGNED),
			currency->code);
	else if (*a->amount)
		snprintf(out, size, "%s %s", a->type,
			amount_money(amount, value, desk_facts(s)->money, AMOUNT_PLAIN));
	else
		snprintf(out, size, "%s", a->type);
}

static bool add_row(struct rows *rows, const struct screen *s, const struct result *result, int number)
{
	struct approval_row a;
	char member[LINE_MAX_BYTES], what[LINE_MAX_BYTES], age[SPAN_TEXT], member_id[24], kind[16],
		object[16];
	approval_row_read(result, number, &a);
	snprintf(kind, sizeof kind, "%d", (int)a.kind);
	snprintf(object, sizeof object, "%d", a.object_no);
	snprintf(member, sizeof member, a.kind ? "everybody" : "%" PRId64 " %s", a.number, a.member);
	snprintf(member_id, sizeof member_id, "%" PRId64, a.member_id);
	what_text(s, &a, what, sizeof what);
	const char *cells[CELL_COUNT] = {
		[CELL_MEMBER] = member,
		[CELL_WHAT] = what,
		[CELL_WHO] = a.requester,
		[CELL_AGE] = span_text(a.age_s, age),
		[CELL_WHY] = a.why,
		[CELL_REASON] = a.reason,
		[CELL_BODY] = a.body,
		[CELL_DAY] = a.activity_on,
		[CELL_CASE] = a.case_no,
		[CELL_SOURCE] = a.source,
		[CELL_EXTERNAL_ID] = a.external_id,
		[CELL_HASH] = a.hash,
		[CELL_IS_MINE] = a.is_mine ? "1" : "",
		[CELL_MEMBER_ID] = member_id,
		[CELL_KIND] = kind,
		[CELL_OBJECT] = object,
	};
	return rows_add(rows, a.key, a.is_mine ? ROLE_DIM : ROLE_TEXT, cells, CELL_COUNT);
}

static void take_rows(struct screen *s, const struct desk_news *news)
{
	struct approvals *v = s->state;
	if (desk_list_take(&v->list, news, "reading the approvals", add_row))
		show_effect(&v->list);
}

static void take_decision(struct screen *s, const struct answer *answer)
{
	struct approvals *v = s->state;
	char line[LINE_MAX_BYTES];
	if (answer->outcome == REQUEST_OK) {
		form_saved(s->ui, v->form);
		screen_say(s, ROLE_GOOD,
			!v->is_approving                          ? "Refused"
			: row_kind(v->deciding) == APPROVAL_PRICE ? "Approved"
								  : "Approved; the worker posts it");
	} else {
		form_refused(s->ui, v->form, NULL, error_line(answer->error, line, sizeof line));
	}
	v->form = 0;
	list_refresh(&v->list);
}

static void approvals_answer(struct screen *s, void *answer)
{
	const struct desk_news *news = answer;
	struct approvals *v = s->state;
	if (news->kind == DESK_CHANGED &&
		(news->channel == DESK_APPROVAL || news->channel == DESK_PROGRAMME ||
			news->channel == DESK_CAMPAIGN || news->channel == DESK_EVERYTHING))
		list_refresh(&v->list);
	else if (news->kind == DESK_ANSWERED && news->tag == TAG_ROWS)
		take_rows(s, news);
	else if (news->kind == DESK_ANSWERED && news->tag == TAG_EFFECT)
		take_effect(s, news->answer);
	else if (news->kind == DESK_ANSWERED)
		take_decision(s, news->answer);
}

static void price_approved(struct screen *s, void *payload)
{
	(void)payload;
	struct approvals *v = s->state;
	struct ask ask;
	partner_price_decide(&ask, v->deciding->cells[CELL_HASH], v->deciding->cells[CELL_OBJECT], NULL);
	desk_send(s, &(struct desk_request){.tag = TAG_DECIDE, .what = "approving", .asks = {&ask}});
}

static bool decision_saved(struct screen *s, struct form *f, void *payload)
{
	(void)payload;
	struct approvals *v = s->state;
	const struct row *row = v->deciding;
	const struct approval_decision decision = {
		.member_id = strtoll(row->cells[CELL_MEMBER_ID], NULL, 10),
		.source = row->cells[CELL_SOURCE],
		.external_id = row->cells[CELL_EXTERNAL_ID],
		.hash = row->cells[CELL_HASH],
		.is_approved = v->is_approving,
		.reason = form_value(f, "reason"),
	};
	struct ask ask;
	if (row_kind(row) == APPROVAL_PRICE)
		partner_price_decide(&ask, row->cells[CELL_HASH], row->cells[CELL_OBJECT], decision.reason);
	else
		approval_decide(&ask, &decision);
	v->form = form_wait(f);
	desk_send(s, &(struct desk_request){.tag = TAG_DECIDE, .asks = {&ask}});
	return false;
}

static const struct form_field decision_fields[] = {{.name = "reason",
	.label = "Reason",
	.max = 200,
	.required = true,
	.help = "Stands beside the decision for good"}};
static const struct form_spec approve_form = {.title = "Approve",
	.fields = decision_fields,
	.count = 1,
	.save = "Approve",
	.saved = decision_saved};
static const struct form_spec refuse_form = {
	.title = "Refuse", .fields = decision_fields, .count = 1, .save = "Refuse", .saved = decision_saved};

static void forget_row(struct approvals *v)
{
	free(v->deciding);
	v->deciding = NULL;
}

// The row may go from the list while the form is open, so the form has a copy of its own.
static bool keep_row(struct approvals *v, const struct row *row)
{
	struct rows copy = {0};
	forget_row(v);
	if (!rows_add(&copy, row->key, row->role, row->cells, row->cell_count))
		return false;
	v->deciding = copy.row[0];
	free(copy.row);
	return true;
}

static void open_row(struct screen *s, const struct row *row)
{
	int object_no = atoi(row->cells[CELL_OBJECT]);
	int64_t member_id = strtoll(row->cells[CELL_MEMBER_ID], NULL, 10);
	if (row_kind(row) == APPROVAL_VERSION)
		screen_open(s->ui, &version_screen, &object_no);
	else if (row_kind(row) == APPROVAL_CAMPAIGN)
		screen_open(s->ui, &campaign_screen, &(struct campaign_open){.campaign_no = object_no});
	else if (row_kind(row) == APPROVAL_PRICE)
		screen_say(s, ROLE_TEXT, "%s", row->cells[CELL_WHAT]);
	else
		screen_open(s->ui, &member_screen, &member_id);
}

// Versions and campaigns are decided on where their settings stand.
static void decide(struct screen *s, bool is_approved)
{
	struct approvals *v = s->state;
	const struct row *row = list_selected(&v->list);
	if (!row || !desk_may_write(s))
		return;
	if (row_kind(row) == APPROVAL_VERSION || row_kind(row) == APPROVAL_CAMPAIGN) {
		open_row(s, row);
		return;
	}
	if (!keep_row(v, row)) {
		screen_say(s, ROLE_BAD, "Out of memory: nothing was decided");
		return;
	}
	v->is_approving = is_approved;
	if (row_kind(row) == APPROVAL_PRICE && is_approved) {
		dialog_confirm(s,
			&(struct question){.title = "Approve the price?",
				.text = row->cells[CELL_WHAT],
				.yes = "Approve"},
			price_approved, NULL);
		return;
	}
	form_open(s, is_approved ? &approve_form : &refuse_form, NULL, NULL);
	form_notice(s->ui, s->ui->top->serial, row->cells[CELL_WHAT]);
}

static bool approvals_open(struct screen *s, const void *argument)
{
	(void)argument;
	struct approvals *v = s->state;
	detail_init(&v->effect, s);
	return list_init(&v->list, &spec, s, v);
}

static void approvals_close(struct screen *s)
{
	struct approvals *v = s->state;
	desk_forget(s);
	forget_row(v);
	list_free(&v->list);
	detail_free(&v->effect);
}

static struct area inside(struct area effect)
{
	return area_columns(area_rows(effect, 1, effect.height - 1), 1, effect.width - 2);
}

static void approvals_layout(struct screen *s, struct area a)
{
	struct approvals *v = s->state;
	list_layout(&v->list, area_head(a, FOOT_HEIGHT));
	detail_layout(&v->effect, inside(area_foot(a, FOOT_HEIGHT)));
}

static void approvals_draw(const struct screen *s, struct area a)
{
	const struct approvals *v = s->state;
	struct area effect = area_foot(a, FOOT_HEIGHT);
	draw_rule(effect, 0, "What it would do");
	detail_draw(&v->effect, inside(effect));
	list_draw(&v->list, area_head(a, FOOT_HEIGHT));
}

static enum did approvals_act(struct screen *s, int action, int count)
{
	struct approvals *v = s->state;
	const struct row *row = list_selected(&v->list);
	switch (action) {
	case ACTION_APPROVE:
	case ACTION_REFUSE:
		decide(s, action == ACTION_APPROVE);
		return DID;
	case ACTION_OPEN:
	case ACTION_CASE_MEMBER:
		if (!row)
			return NOT_MINE;
		open_row(s, row);
		return DID;
	}
	enum did did = list_act(&v->list, action, count);
	return did == NOT_MINE ? desk_act(s, action) : did;
}

static const char *approvals_disabled(const struct screen *s, int action)
{
	const struct approvals *v = s->state;
	const struct row *row = list_selected(&v->list);
	if (action == ACTION_CASE_MEMBER && row && row_kind(row) != APPROVAL_EVENT)
		return "a version is for everybody";
	if (action != ACTION_APPROVE && action != ACTION_REFUSE)
		return NULL;
	if (!row)
		return "nothing is selected";
	if (*row->cells[CELL_IS_MINE] && row_kind(row) != APPROVAL_EVENT)
		return "you wrote or submitted it; it needs another person";
	if (*row->cells[CELL_IS_MINE])
		return "you asked for this yourself; someone else has to decide";
	return s->ui->rights & DESK_MAY_DECIDE ? NULL : "managers and administrators decide";
}

static void approvals_position(const struct screen *s, char *out, size_t size)
{
	list_position(&((const struct approvals *)s->state)->list, out, size);
}

static void approvals_title(const struct screen *s, char *out, size_t size)
{
	(void)s;
	snprintf(out, size, "Approvals");
}

static const int approvals_actions[] = {
	ACTION_APPROVE, ACTION_REFUSE, ACTION_OPEN, ACTION_CASE_MEMBER, DESK_EVERYWHERE, ACTION_NONE};

const struct screen_ops approvals_screen = {
	.name = "approvals",
	.help = "What waits for a second person",
	.size = sizeof(struct approvals),
	.actions = approvals_actions,
	.open = approvals_open,
	.close = approvals_close,
	.answer = approvals_answer,
	.layout = approvals_layout,
	.draw = approvals_draw,
	.act = approvals_act,
	.disabled = approvals_disabled,
	.cancel = desk_cancel,
	.title = approvals_title,
	.position = approvals_position,
};
