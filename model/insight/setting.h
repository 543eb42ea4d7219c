// What the house says itself for its figures, as no ledger knows it: settings, and all sales of a month.
#ifndef MODEL_INSIGHT_SETTING_H
#define MODEL_INSIGHT_SETTING_H
#include "model/ask.h"
#include "model/insight/behaviour.h"

// Margin, discount and never used are per cent, a point's cost is money for one point.
enum setting { SETTING_MARGIN, SETTING_YEARS, SETTING_DISCOUNT, SETTING_NEVER_USED, SETTING_POINT_COST, SETTINGS };
// As the command line and table insight_setting have it.
extern const char *const setting_names[SETTINGS];

// For managers and administrators; written down in the audit. value: a decimal number; NULL: not said any more.
void setting_ask(struct ask *ask, const char *name, const char *value);
// All sales of a month, members' and others', by their number.
void sales_ask(struct ask *ask, month_t month, const char *transactions);
#endif
