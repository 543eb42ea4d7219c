// The header card of a member: who it is, points and what expires, tier and the way to the next, what is
// open.
#include "screens/member/member.h"

#include "model/amount.h"
#include "screens/ui/chart.h"
#include "screens/ui/text.h"

#include <stdio.h>
#include <string.h>

enum { BAR_WIDTH = 10, BAR_LEAST = 3, PERCENT_WIDTH = 5, TEXT_SIZE = 400, NAME_SIZE = 1720 };

const char *member_points(
	const struct facts *facts, int currency_id, int64_t points, unsigned style, bool code, char *out)
{
	const struct fact *currency = facts_find(facts, FACT_CURRENCY, currency_id);
	char number[AMOUNT_SIZE];

	amount_points(number, points, currency ? currency->number : 0, style);
	snprintf(out, POINTS_TEXT, "%s%s%s", number, code ? " " : "", code && currency ? currency->code : "");
	return out;
}

// Adds to a text of TEXT_SIZE, with a separator where something stands before.
static void add(char *text, const char *separator, const char *more)
{
	size_t length = strlen(text);

	if (*more)
		snprintf(text + length, TEXT_SIZE - length, "%s%s", length ? separator : "", more);
}

static void draw_name(const struct member *m, struct area a)
{
	char name[NAME_SIZE], status[48];
	const struct member_person *p = &m->person;
	// Who it is was read when it was opened; whether it is merged is read anew.
	bool active = !m->situation.merged_into && (!strcmp(p->status, "active") || !strcmp(p->status, "merged"));
	int x = draw_format(a, 0, 1, a.width - 1, ROLE_STRONG, "%lld", (long long)p->number) + 3;

	snprintf(name, sizeof name, "%s%s%s", p->given_name, *p->given_name ? " " : "", p->family_name);
	snprintf(status, sizeof status, "%s", p->status);
	if (m->situation.merged_into)
		snprintf(status, sizeof status, "merged into %lld", (long long)m->situation.merged_into);
	int right = a.width - x - (active ? 0 : text_width(status) + 2);
	x += draw_text(a, 0, x, right, ROLE_STRONG, name) + 1;
	if (!active)
		draw_text(a, 0, x, a.width - x, ROLE_WARNING, status);
}

static void draw_contact(const struct member *m, struct area a)
{
	char text[TEXT_SIZE] = "", part[300];
	const struct member_person *p = &m->person;

	add(text, "", member_is_outline(m) ? "contact data not shown" : p->email);
	add(text, "  ", p->phone);
	snprintf(part, sizeof part, "%s%s", *p->card ? "card " : "", p->card);
	add(text, "  ", part);
	add(text, "  ", p->city);
	add(text, ", ", p->language);
	draw_text(a, 0, 1, a.width - 1, ROLE_TEXT, *text ? text : "no contact data");
}

static void points_text(const struct member *m, char *text)
{
	char points[AMOUNT_SIZE], expires[AMOUNT_SIZE], day[DAY_SIZE], part[200];

	for (int i = 0; i < m->standing.points_count; i++) {
		const struct standing_points *p = &m->standing.points[i];
		if (i && !p->points)
			continue;
		amount_points(points, p->points, p->decimals, AMOUNT_PLAIN);
		snprintf(part, sizeof part, "%s %s", points, p->code);
		add(text, "  ", part);
		if (p->expires_on == DAY_NONE || !p->expires)
			continue;
		amount_points(expires, p->expires, p->decimals, AMOUNT_PLAIN);
		snprintf(part, sizeof part, " (%s expire %s)", expires, day_format(p->expires_on, day));
		add(text, "", part);
	}
}

static void draw_points(const struct member *m, struct area a)
{
	char text[TEXT_SIZE] = "";

	if (!m->has_standing) {
		draw_text(a, 0, 1, a.width - 1, *m->trouble ? ROLE_WARNING : ROLE_DIM,
			*m->trouble ? m->trouble : "…");
		return;
	}
	if (!m->standing.is_enrolled) {
		draw_text(
			a, 0, 1, a.width - 1, ROLE_WARNING, "The enrolment waits for the worker to post it");
		return;
	}
	points_text(m, text);
	draw_text(a, 0, 1, a.width - 1, ROLE_STRONG, text);
}

static const struct standing_status *main_status(const struct member *m)
{
	return m->has_standing && m->standing.is_enrolled && m->standing.status_count
		       ? &m->standing.statuses[0]
		       : NULL;
}

static void draw_tier(const struct member *m, struct area a)
{
	char day[DAY_SIZE];
	const struct standing_status *status = main_status(m);

	if (!status)
		return;
	if (status->until == DAY_NONE)
		draw_text(a, 0, 0, a.width, ROLE_STRONG, status->tier_name);
	else
		draw_format(a, 0, 0, a.width, ROLE_STRONG, "%s until %s", status->tier_name,
			day_format(status->until, day));
}

// "760 to reserve ▓▓▓▓▓▓░░░░ 62 %"
static void draw_way(const struct member *m, struct area a)
{
	char missing[AMOUNT_SIZE];
	const struct standing_status *status = main_status(m);

	if (!status || !status->next_tier)
		return;
	if (status->is_money)
		amount_money(missing, status->missing, desk_facts(m->screen)->money, AMOUNT_PLAIN);
	else
		amount_points(missing, status->missing, 2, AMOUNT_PLAIN);
	int x = draw_format(a, 0, 0, a.width - PERCENT_WIDTH - 1, ROLE_TEXT, "%s to %s", missing,
			status->next_tier_name) +
		1;
	int bar = a.width - x - PERCENT_WIDTH - 1;
	bar = bar > BAR_WIDTH ? BAR_WIDTH : bar < BAR_LEAST ? 0 : bar;
	chart_bar(a, 0, x, bar, ROLE_CHART, status->percent, 100);
	draw_format(a, 0, x + bar + (bar > 0), PERCENT_WIDTH, ROLE_TEXT, "%d %%", status->percent);
}

static void count_text(char *text, int count, const char *one, const char *many)
{
	char part[80];

	if (!count)
		return;
	snprintf(part, sizeof part, "%d %s", count, count == 1 ? one : many);
	add(text, ", ", part);
}

static void draw_activity(const struct member *m, struct area a)
{
	char text[TEXT_SIZE] = "", part[80];
	day_t today = desk_facts(m->screen)->business_day, last = m->situation.last_purchase_on;

	if (!m->has_situation)
		return;
	if (last == DAY_NONE)
		snprintf(part, sizeof part, "no purchase yet");
	else if (last >= today)
		snprintf(part, sizeof part, "last purchase today");
	else
		snprintf(part, sizeof part, "last purchase %d day%s ago", today - last,
			today - last == 1 ? "" : "s");
	add(text, "", part);
	count_text(text, m->situation.open_cases, "open case", "open cases");
	count_text(text, m->situation.waiting, "waits for approval", "wait for approval");
	count_text(text, m->situation.pending, "event pending", "events pending");
	count_text(text, m->situation.failed, "event failed", "events failed");
	add(text, ", ", m->situation.household);
	if (m->has_standing && m->standing.is_unposted)
		add(text, ", ", "today's dates count, to be posted");
	bool loud = m->situation.open_cases || m->situation.waiting || m->situation.failed;
	draw_text(a, 0, 1, a.width - 1, loud ? ROLE_WARNING : ROLE_TEXT, text);
}

static bool is_verified(const struct member *m)
{
	for (int i = 0; m->has_standing && i < m->standing.segment_count; i++)
		if (m->standing.segments[i].is_verified)
			return true;
	return false;
}

// "Student until 2027-03-01, 463 days; Staff". Whether one of them ends soon.
static bool verified_text(const struct member *m, char *text)
{
	enum { SOON_DAYS = 30 };
	char part[TEXT_SIZE / 2], until[VERIFIED_TEXT];
	day_t today = desk_facts(m->screen)->business_day;
	bool ends_soon = false;

	for (int i = 0; m->has_standing && i < m->standing.segment_count; i++) {
		const struct standing_segment *segment = &m->standing.segments[i];
		if (!segment->is_verified)
			continue;
		member_verified_until(segment, today, until);
		snprintf(part, sizeof part, "%.120s%s%s", segment->name, *until ? " " : "", until);
		add(text, "; ", part);
		ends_soon = ends_soon || segment->until - SOON_DAYS <= today;
	}
	return ends_soon;
}

// "Prime: $139.00 on 2027-03-01, paid 2026-03-01", or what is still to be paid.
static void plan_text(const struct member *m, const struct standing_plan *plan, char *text)
{
	char money[AMOUNT_SIZE], day[DAY_SIZE], part[TEXT_SIZE / 2];

	if (plan->charged_on != DAY_NONE)
		snprintf(part, sizeof part, "%.60s: %s on %s", plan->name,
			amount_money(money, plan->next_minor, desk_facts(m->screen)->money, AMOUNT_PLAIN),
			day_format(plan->charged_on, day));
	else if (plan->until != DAY_NONE)
		snprintf(part, sizeof part, "%.60s: ends %s", plan->name, day_format(plan->until, day));
	else
		snprintf(part, sizeof part, "%.60s: for life", plan->name);
	add(text, "; ", part);
}

static bool has_plan(const struct member *m)
{
	return (m->has_standing && m->standing.plan_count > 0) ||
	       (m->has_situation && m->situation.unpaid_minor);
}

// Whether something is still to be paid.
static bool plans_text(const struct member *m, char *text)
{
	char part[80], money[AMOUNT_SIZE], day[DAY_SIZE];
	bool owes = m->has_situation && m->situation.unpaid_minor > 0;

	if (owes) {
		amount_money(money, m->situation.unpaid_minor, desk_facts(m->screen)->money, AMOUNT_PLAIN);
		snprintf(part, sizeof part, "%s to be paid", money);
		add(text, "; ", part);
	}
	for (int i = 0; m->has_standing && i < m->standing.plan_count; i++)
		plan_text(m, &m->standing.plans[i], text);
	if (m->has_situation && m->situation.paid_on != DAY_NONE) {
		snprintf(part, sizeof part, "paid %s", day_format(m->situation.paid_on, day));
		add(text, ", ", part);
	}
	return owes;
}

static void draw_held(const struct member *m, struct area a)
{
	char text[TEXT_SIZE] = "";
	bool owes = has_plan(m) && plans_text(m, text), ends_soon = verified_text(m, text);

	draw_text(a, 0, 0, a.width, owes || ends_soon ? ROLE_WARNING : ROLE_TEXT, text);
}

static void draw_since(const struct member *m, struct area a)
{
	char day[DAY_SIZE], born[DAY_SIZE];

	int x = draw_format(a, 0, 0, a.width, ROLE_TEXT, "since %s", day_format(m->person.enrolled_on, day)) +
		2;
	if (m->person.born != DAY_NONE)
		draw_format(a, 0, x, a.width - x, ROLE_DIM, "born %s", day_format(m->person.born, born));
}

// What matters most comes first, for terminals without room for all.
void member_card_draw(const struct member *m, struct area a)
{
	const struct {
		void (*left)(const struct member *m, struct area a);
		void (*right)(const struct member *m, struct area a);
	} rows[CARD_ROWS] = {
		{draw_name, draw_tier},
		{draw_points, draw_way},
		{draw_activity, draw_since},
		{draw_contact, has_plan(m) || is_verified(m) ? draw_held : NULL},
	};
	int left = a.width * 11 / 20;

	if (!m->kept)
		return;
	for (int i = 0; i < CARD_ROWS && i < a.height; i++) {
		struct area row = area_rows(a, i, 1);
		rows[i].left(m, rows[i].right ? area_columns(row, 0, left - 1) : row);
		if (rows[i].right)
			rows[i].right(m, area_columns(row, left, a.width - left));
	}
}
