// The tabs of the Member screen: their columns, what they ask for, and how a row of each reads.
#include "screens/member/member.h"

#include "model/amount.h"
#include "model/member/own_attribute.h"
#include "model/reward/reward_code.h"
#include "screens/ui/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool member_line_add(struct rows *rows, const struct member_line *line, int visible)
{
	char seq[24], entry[24], id[24], owner[24], kind[2] = {line->kind ? line->kind : KIND_OTHER, 0};
	const char *cells[VISIBLE_MAX + HIDDEN_CELLS];

	snprintf(seq, sizeof seq, "%lld", (long long)line->seq);
	snprintf(entry, sizeof entry, "%lld", (long long)line->entry_no);
	snprintf(id, sizeof id, "%lld", (long long)line->id);
	snprintf(owner, sizeof owner, "%lld", (long long)line->owner);
	memcpy(cells, line->cells, (size_t)visible * sizeof cells[0]);
	cells[visible + HIDDEN_SEQ] = seq;
	cells[visible + HIDDEN_ENTRY] = entry;
	cells[visible + HIDDEN_ID] = id;
	cells[visible + HIDDEN_OWNER] = owner;
	cells[visible + HIDDEN_KIND] = kind;
	return rows_add(rows, line->key, line->role, cells, visible + HIDDEN_CELLS);
}

static const char *selected_cell(const struct member *m, int hidden)
{
	const struct list *l = &m->lists[m->tabs.current];
	const struct row *row = m->is_started[m->tabs.current] ? list_selected(l) : NULL;

	return row ? row->cells[l->spec->column_count + hidden] : NULL;
}

int64_t member_selected(const struct member *m, int hidden)
{
	const char *cell = selected_cell(m, hidden);

	return cell ? strtoll(cell, NULL, 10) : 0;
}

char member_selected_kind(const struct member *m)
{
	const char *cell = selected_cell(m, HIDDEN_KIND);

	return cell ? *cell : KIND_OTHER;
}

static const char *key_text(char *out, int64_t number)
{
	snprintf(out, 24, "%lld", (long long)number);
	return out;
}

// " (1000012)" of what belongs to a member that was merged into this one.
static const char *owner_text(char *out, int64_t number)
{
	if (number)
		snprintf(out, 32, " (%lld)", (long long)number);
	else
		*out = 0;
	return out;
}

static const char *day_text(day_t day, const char *none, char *out)
{
	return day == DAY_NONE ? none : day_format(day, out);
}

// --- Timeline.

static void ask_timeline(struct ask *ask, const struct member *m, const struct page *page)
{
	timeline_list(ask, m->member_id, m->filter, page);
}

static const struct column timeline_columns[] = {
	{.title = "When", .width = 16},
	{.title = "What", .width = 18, .flex = 1},
	{.title = "Money", .width = 11, .align = ALIGN_RIGHT, .priority = 1},
	{.title = "Points", .width = 14, .align = ALIGN_RIGHT},
};

// --- Ledger.

static void ask_ledger(struct ask *ask, const struct member *m, const struct page *page)
{
	ledger_list(ask, m->member_id, page);
}

static const struct column ledger_columns[] = {
	{.title = "Posted", .width = 16},
	{.title = "What", .width = 26, .flex = 1},
	{.title = "Points", .width = 16, .align = ALIGN_RIGHT},
	{.title = "Balance", .width = 12, .align = ALIGN_RIGHT, .priority = 1},
	{.title = "For day", .width = 10, .priority = 2},
};

static bool ledger_row(struct rows *rows, const struct member *m, const struct result *result, int row)
{
	const struct facts *facts = desk_facts(m->screen);
	struct ledger_row e;
	char key[24], what[LINE_TEXT], points[POINTS_TEXT], balance[POINTS_TEXT], day[DAY_SIZE];

	ledger_row_read(result, row, &e);
	snprintf(what, sizeof what, "%s%s%s%s%s%s%s%s%s", e.account, *e.rule ? " " : "", e.rule,
		*e.event ? ", " : "", e.event, *e.event ? " " : "", *e.reason ? "" : e.external_id,
		*e.reason ? ": " : "", e.reason);
	struct member_line line = {.key = key_text(key, e.entry_no),
		.cells = {e.posted_at, what,
			member_points(
				facts, e.currency_id, e.amount, AMOUNT_SIGNED | AMOUNT_FIXED, true, points),
			member_points(facts, e.currency_id, e.balance_after, AMOUNT_FIXED, false, balance),
			day_text(e.activity_on, "", day)},
		.seq = e.seq,
		.entry_no = e.entry_no,
		.id = e.entry_no,
		.kind = strcmp(e.event, "purchase") && strcmp(e.event, "partner") ? KIND_OTHER
										  : KIND_PURCHASE};
	return member_line_add(rows, &line, 5);
}

// --- Purchases.

static void ask_purchases(struct ask *ask, const struct member *m, const struct page *page)
{
	purchase_list(ask, m->member_id, page);
}

static const struct column purchase_columns[] = {
	{.title = "Day", .width = 10},
	{.title = "Receipt", .width = 16, .flex = 1},
	{.title = "Amount", .width = 12, .align = ALIGN_RIGHT},
	{.title = "Returned", .width = 12, .align = ALIGN_RIGHT, .priority = 1},
	{.title = "Points", .width = 16, .align = ALIGN_RIGHT},
};

static bool purchase_row(struct rows *rows, const struct member *m, const struct result *result, int row)
{
	const struct facts *facts = desk_facts(m->screen);
	struct purchase_row p;
	char key[24], receipt[LINE_TEXT], amount[AMOUNT_SIZE], back[AMOUNT_SIZE], points[POINTS_TEXT],
		day[DAY_SIZE];

	purchase_row_read(result, row, &p);
	snprintf(receipt, sizeof receipt, "%s%s%s%s%s", p.external_id, *p.channel ? ", " : "", p.channel,
		*p.result_reason ? ": " : "", *p.result_reason ? action_why(p.result_reason) : "");
	bool bad = !strcmp(p.result, "denied") || !strcmp(p.result, "failed");
	struct member_line line = {.key = key_text(key, p.seq),
		.role = bad         ? ROLE_BAD
			: *p.result ? ROLE_WARNING
				    : ROLE_TEXT,
		.cells = {day_text(p.activity_on, "", day), receipt,
			amount_money(amount, p.amount_minor, facts->money, AMOUNT_PLAIN),
			p.returned_minor ? amount_money(back, p.returned_minor, facts->money, AMOUNT_PLAIN)
					 : "",
			*p.result ? p.result
			: p.has_points
				? member_points(facts, p.currency_id, p.points, AMOUNT_SIGNED, true, points)
				: ""},
		.seq = p.seq,
		.id = p.seq,
		.kind = KIND_PURCHASE};
	return member_line_add(rows, &line, 5);
}

// --- Rewards.

static void ask_rewards(struct ask *ask, const struct member *m, const struct page *page)
{
	issued_list(ask, m->member_id, page);
}

static const struct column reward_columns[] = {
	{.title = "Issued", .width = 10, .priority = 2},
	{.title = "Reward", .width = 14, .flex = 1},
	{.title = "Code", .width = REWARD_CODE_PRINTED},
	{.title = "Left", .width = 9, .align = ALIGN_RIGHT, .priority = 1},
	{.title = "State", .width = 9},
	{.title = "Expires", .width = 10},
};

static char reward_kind(const struct issued_row *w)
{
	if (strcmp(w->state, "issued") && strcmp(w->state, "reserved"))
		return KIND_OTHER;
	return *w->voucher ? KIND_REWARD : KIND_REWARD_BARE;
}

static bool reward_row(struct rows *rows, const struct member *m, const struct result *result, int row)
{
	struct issued_row w;
	char of[32], what[LINE_TEXT], left[AMOUNT_SIZE] = "", issued[DAY_SIZE], expires[DAY_SIZE];
	char code[REWARD_CODE_TYPED + 1];

	issued_row_read(result, row, &w);
	char kind = reward_kind(&w);
	bool is_own = *w.event && strcmp(w.event, "redeem") != 0; // came by itself with another event
	snprintf(what, sizeof what, "%s%s%s%s", w.name, is_own ? ", by " : "", is_own ? w.event : "", owner_text(of, w.owner_number));
	if (w.value_minor && kind != KIND_OTHER)
		amount_money(left, w.value_minor - w.used_minor, desk_facts(m->screen)->money, AMOUNT_PLAIN);
	struct member_line line = {.key = w.key,
		.role = kind == KIND_OTHER ? ROLE_DIM : strcmp(w.state, "issued") ? ROLE_WARNING : ROLE_TEXT,
		.cells = {day_text(w.issued_on, "", issued), what,
			reward_code_print(w.voucher, code, sizeof code), left, w.state,
			day_text(w.expires_on, "never", expires)},
		.seq = w.seq,
		.id = w.reward_no,
		.owner = w.owner_id,
		.kind = kind};
	return member_line_add(rows, &line, 6);
}

// --- Cases.

static void ask_cases(struct ask *ask, const struct member *m, const struct page *page)
{
	member_case_list(ask, m->member_id, page);
}

static const struct column case_columns[] = {
	{.title = "No", .width = 4, .align = ALIGN_RIGHT},
	{.title = "Title", .width = 20, .flex = 1},
	{.title = "State", .width = 14},
	{.title = "Owner", .width = 12, .priority = 1},
	{.title = "Opened", .width = 16, .priority = 2},
};

static bool case_row(struct rows *rows, const struct member *m, const struct result *result, int row)
{
	struct member_case_row c;
	char number[24], of[32], title[LINE_TEXT], state[40];

	(void)m;
	member_case_read(result, row, &c);
	snprintf(state, sizeof state, "%.20s%s", strcmp(c.state, "waiting_member") ? c.state : "waiting",
		c.is_late ? ", late" : "");
	key_text(number, c.case_no);
	snprintf(title, sizeof title, "%s%s", c.title, owner_text(of, c.owner_number));
	struct member_line line = {.key = c.key,
		.role = c.is_late                                                  ? ROLE_WARNING
			: strcmp(c.state, "resolved") && strcmp(c.state, "closed") ? ROLE_TEXT
										   : ROLE_DIM,
		.cells = {number, title, state, *c.owner ? c.owner : "nobody", c.opened_at},
		.id = c.case_no,
		.owner = c.owner_id,
		.kind = KIND_CASE};
	return member_line_add(rows, &line, 5);
}

// --- Lots.

static void ask_lots(struct ask *ask, const struct member *m, const struct page *page)
{
	lot_list(ask, m->member_id, page);
}

static const struct column lot_columns[] = {
	{.title = "Expires", .width = 10},
	{.title = "Earned", .width = 10},
	{.title = "By", .width = 14, .flex = 1},
	{.title = "Granted", .width = 12, .align = ALIGN_RIGHT, .priority = 1},
	{.title = "Left", .width = 16, .align = ALIGN_RIGHT},
};

static bool lot_row(struct rows *rows, const struct member *m, const struct result *result, int row)
{
	const struct facts *facts = desk_facts(m->screen);
	struct lot_row l;
	char by[LINE_TEXT], granted[POINTS_TEXT], left[POINTS_TEXT], expires[DAY_SIZE], earned[DAY_SIZE];

	lot_row_read(result, row, &l);
	snprintf(by, sizeof by, "%s %s", *l.event ? l.event : "a date", l.external_id);
	struct member_line line = {.key = l.key,
		.cells = {day_text(l.expires_on, "never", expires), day_text(l.earned_on, "", earned), by,
			member_points(facts, l.currency_id, l.granted, AMOUNT_FIXED, false, granted),
			member_points(facts, l.currency_id, l.remaining, AMOUNT_FIXED, true, left)},
		.seq = l.seq,
		.id = l.lot_no};
	return member_line_add(rows, &line, 5);
}

// --- About.

static void ask_about(struct ask *ask, const struct member *m, const struct page *page)
{
	own_attribute_list(ask, m->member_id, page);
}

static const struct column about_columns[] = {
	{.title = "What", .width = 20, .flex = 1},
	{.title = "Is", .width = 20, .flex = 1},
	{.title = "Since", .width = 16, .priority = 1},
	{.title = "Written by", .width = 12, .priority = 2},
};

static bool about_row(struct rows *rows, const struct member *m, const struct result *result, int row)
{
	struct own_attribute a;

	(void)m;
	own_attribute_read(result, row, &a);
	struct member_line line = {.key = a.key,
		.role = *a.value ? ROLE_TEXT : ROLE_DIM,
		.cells = {a.name, *a.value ? a.value : strcmp(a.type, "consent") ? "not known" : "never asked", a.since, a.person},
		.kind = KIND_ATTRIBUTE};
	return member_line_add(rows, &line, 4);
}

// --- Audit.

static void ask_audit(struct ask *ask, const struct member *m, const struct page *page)
{
	audit_list(ask, m->member_id, page);
}

static const struct column audit_columns[] = {
	{.title = "When", .width = 16},
	{.title = "Who", .width = 14},
	{.title = "Did", .width = 16},
	{.title = "To", .width = 14, .flex = 1},
	{.title = "From", .width = 15, .priority = 1},
};

static bool audit_row(struct rows *rows, const struct member *m, const struct result *result, int row)
{
	struct audit_row a;
	char key[24];

	(void)m;
	audit_row_read(result, row, &a);
	struct member_line line = {.key = key_text(key, a.audit_no),
		.cells = {a.at, a.person, a.action, a.object, *a.client ? a.client : a.application},
		.id = a.audit_no};
	return member_line_add(rows, &line, 5);
}

#define TAB_LIST(table, asked_for, nothing)                                                                  \
	{                                                                                                    \
		.columns = table, .column_count = sizeof table / sizeof table[0], .what = asked_for,         \
		.empty = nothing, .ask = member_tab_ask                                                      \
	}

const struct member_tab_spec member_tabs[MEMBER_TABS] = {
	[TAB_TIMELINE] = {"Timeline", TAB_LIST(timeline_columns, "timeline", "Nothing has happened yet"),
		ask_timeline, member_timeline_row},
	[TAB_LEDGER] = {"Ledger", TAB_LIST(ledger_columns, "ledger", "No points were posted yet"), ask_ledger,
		ledger_row},
	[TAB_PURCHASES] = {"Purchases", TAB_LIST(purchase_columns, "purchases", "No purchase yet"),
		ask_purchases, purchase_row},
	[TAB_REWARDS] = {"Rewards",
		TAB_LIST(reward_columns, "rewards", "No reward was issued yet; d redeems one"), ask_rewards,
		reward_row},
	[TAB_CASES] = {"Cases", TAB_LIST(case_columns, "cases", "No case yet; c opens one"), ask_cases,
		case_row},
	[TAB_LOTS] = {"Lots", TAB_LIST(lot_columns, "lots", "No points are open"), ask_lots, lot_row},
	[TAB_ABOUT] = {"About",
		TAB_LIST(about_columns, "what is known", "No attributes are declared; see: loyalty attribute declare"), ask_about, about_row},
	[TAB_AUDIT] = {"Audit", TAB_LIST(audit_columns, "audit", "No one did anything yet"), ask_audit,
		audit_row},
};
