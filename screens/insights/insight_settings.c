// The form in which the house says what no ledger knows: margin, years, interest, points, all sales of a month.
#include "model/insight/formula.h"
#include "model/insight/setting.h"
#include "screens/insights/insights_state.h"
#include "screens/ui/form.h"
#include <stdio.h>
#include <string.h>

enum { FIELD_MONTH = SETTINGS, FIELD_SALES, FIELD_COUNT, VALUE = 40 };

static bool check_month(const char *text, char *why, size_t size)
{
	month_t month;
	if (month_parse(text, &month))
		return true;
	snprintf(why, size, "a month is YYYY-MM");
	return false;
}

static bool check_count(const char *text, char *why, size_t size)
{
	if (strspn(text, "0123456789") == strlen(text))
		return true;
	snprintf(why, size, "a number of sales, without a point");
	return false;
}

static const struct form_field fields[FIELD_COUNT] = {
	[SETTING_MARGIN] = {"margin", "Margin, per cent", FIELD_NUMBER, .max = 12,
		.help = "What is left of a sale, for the lifetime values; empty: not said"},
	[SETTING_YEARS] = {"years", "Years of a customer", FIELD_NUMBER, .max = 12,
		.help = "For the simple lifetime value; empty: not said"},
	[SETTING_DISCOUNT] = {"discount", "Interest, per cent", FIELD_NUMBER, .max = 12,
		.help = "A year, for the discounted lifetime value; empty: not said"},
	[SETTING_NEVER_USED] = {"never_used", "Never used, per cent", FIELD_NUMBER, .max = 12,
		.help = "Of open points; empty: as the months of issue that are used up came to"},
	[SETTING_POINT_COST] = {"point_cost", "A point costs", FIELD_NUMBER, .max = 16,
		.help = "Money, as 0.02; empty: what the rewards on offer to everyone give for it at most"},
	[FIELD_MONTH] = {"month", "All sales of month", FIELD_TEXT, .max = 7, .check = check_month,
		.help = "YYYY-MM, for the participation rate; empty: none is told now"},
	[FIELD_SALES] = {"sales", "  were", FIELD_TEXT, .max = 15, .check = check_count,
		.help = "How many, members' and others'; told again it takes the new number"},
};

// The changed settings, each with a point where a comma was typed. Returns how many.
static int settings_ask(struct form *f, struct ask asks[FIELD_COUNT], char values[SETTINGS][VALUE])
{
	int count = 0;
	for (int i = 0; i < SETTINGS; i++) {
		if (!form_changed(f, fields[i].name))
			continue;
		snprintf(values[i], VALUE, "%s", form_value(f, fields[i].name));
		char *comma = strchr(values[i], ',');
		if (comma)
			*comma = '.';
		setting_ask(&asks[count++], setting_names[i], *values[i] ? values[i] : NULL);
	}
	return count;
}

static bool send(struct screen *s, struct form *f, void *payload)
{
	struct insights *w = s->state;
	struct ask asks[FIELD_COUNT];
	char values[SETTINGS][VALUE];
	const char *month = form_value(f, "month"), *sales = form_value(f, "sales");
	struct desk_request request = {
		.tag = *(const int *)payload, .what = "what the house says", .is_once = true};
	month_t number;
	int count = settings_ask(f, asks, values);
	if (!*month != !*sales) {
		form_error(f, *month ? "sales" : "month", "a month and its sales are told together");
		return false;
	}
	if (month_parse(month, &number))
		sales_ask(&asks[count++], number, sales);
	for (int i = 0; i < count; i++)
		request.asks[i] = &asks[i];
	if (count == 0)
		return true;
	if (desk_send(s, &request))
		w->form = form_wait(f);
	return false;
}

static const struct form_spec spec = {
	.title = "What no ledger knows",
	.fields = fields,
	.count = FIELD_COUNT,
	.saved = send,
};

void insight_settings_open(struct screen *s, int tag)
{
	static int kept;
	const struct insights *w = s->state;
	char values[SETTINGS][VALUE];
	const char *start[FIELD_COUNT] = {NULL};
	if (!desk_may_write(s))
		return;
	for (int i = 0; i < SETTINGS; i++) {
		snprintf(values[i], VALUE, "%.10g", w->history.said[i]);
		start[i] = formula_is_none(w->history.said[i]) ? NULL : values[i];
	}
	kept = tag;
	form_open(s, &spec, start, &kept);
}

void insight_settings_taken(struct screen *s, const struct answer *answer)
{
	struct insights *w = s->state;
	if (answer->outcome == REQUEST_OK) {
		form_saved(s->ui, w->form);
		screen_say(s, ROLE_GOOD, "Set: figures use it from now on, for all months");
		list_refresh(&w->list);
		return;
	}
	form_refused(s->ui, w->form, NULL, desk_reason(answer->error));
}
