// What the house says itself for its figures, as no ledger knows it: settings, and all sales of a month.
#include "model/insight/setting.h"

const char *const setting_names[SETTINGS] = {[SETTING_MARGIN] = "margin",
	[SETTING_YEARS] = "years",
	[SETTING_DISCOUNT] = "discount",
	[SETTING_NEVER_USED] = "never_used",
	[SETTING_POINT_COST] = "point_cost"};

void setting_ask(struct ask *ask, const char *name, const char *value)
{
	ask_init(ask, "SELECT loyalty.insight_set($1, $2::numeric)");
	ask_text(ask, name);
	ask_text(ask, value);
}

void sales_ask(struct ask *ask, month_t month, const char *transactions)
{
	ask_init(ask, "SELECT loyalty.insight_sales_set(loyalty.month_day($1::int), $2::bigint)");
	ask_number(ask, month);
	ask_text(ask, transactions);
}
