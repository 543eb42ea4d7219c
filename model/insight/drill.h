// The members behind a figure, as a list that is read page by page.
#ifndef MODEL_INSIGHT_DRILL_H
#define MODEL_INSIGHT_DRILL_H
#include "db/result.h"
#include "model/ask.h"
#include "model/insight/figure.h"
#include "model/page.h"
#include <stdint.h>

// Of DRILL_CELL number is 10 x recency + frequency, of DRILL_TIER the tier's id, of DRILL_ISSUED the month;
// else it does not matter.
struct drill_of {
	enum drill drill;
	int number;
	char title[64]; // "Churn rate"
};

// Who they are, in words: "active in the twelve months before, and not since".
const char *drill_words(enum drill drill);
// A page in order of member; a page's key is the row's member id. For managers and administrators.
void drill_ask(struct ask *ask, const struct drill_of *of, const struct page *page);

// Texts are borrowed from the result.
struct drill_row {
	int64_t member_id, number, orders, spend; // of the twelve months that end with the running one
	const char *name, *tier, *last_purchase;  // last_purchase: "": never
};
void drill_row_read(struct drill_row *line, const struct result *result, int row);
#endif
