// The figures of all months: read from the sums in one round trip, whose size does not grow with the members.
#ifndef MODEL_INSIGHT_HISTORY_H
#define MODEL_INSIGHT_HISTORY_H
#include "db/result.h"
#include "model/ask.h"
#include "model/insight/figure.h"
#include "model/programme/rulebook.h"
#include <stdbool.h>
#include <stdint.h>

enum { HISTORY_STATEMENTS = 6, BASELINE_NAME = 64 };

struct history {
	month_t first, now; // now: the running month
	int count;          // months, first to now; 0: nothing was posted yet
	struct figure_sums *at;
	char money[8], currency[33]; // the currency that members spend
	int decimals, currency_id;
	day_t today;
	double said[SETTINGS]; // by the house, as it typed them; FORMULA_NONE: not said
	int64_t behind; // members whose postings are still to be taken in, at most 1000
	char job[12];   // the kind of a job that is open; "": none
	int job_done, job_parts;
	char baseline[BASELINE_NAME]; // the newest; "": none
	month_t baseline_month;
	double pinned[FIGURES]; // FORMULA_NONE: not known then
};

// Statements whose results, in their order, history_take() reads. Managers, administrators and the worker may
// ask.
void history_ask(struct ask asks[HISTORY_STATEMENTS]);
// False: out of memory. To be freed either way.
bool history_take(struct history *history, struct result *const *results);
void history_free(struct history *history);
// Where the house has not said what a point costs, it costs what the rewards on offer to everyone give for
// it at most (liability_point()); NULL: no rulebook is there, so it is not known.
void history_price(struct history *history, const struct rulebook *rulebook);
// Over a session, one statement after the other; priced.
bool history_read(struct history *history, struct session *session, struct error *error);

// The figure at the end of a month (of the running one: so far); FORMULA_NONE where the month is not known.
double history_value(const struct history *history, const struct figure *figure, month_t month);

enum { MONTH_TEXT = 8 };
const char *month_text(month_t month, char out[MONTH_TEXT]); // "2026-11"
bool month_parse(const char *text, month_t *month);

// Pins the figures of the running month under that name; the answer is one row, the baseline's number.
// Borrows the history and the name until it is sent; free() what it returns afterwards. NULL: out of memory.
char *history_pin_ask(struct ask *ask, const struct history *history, const char *name);
#endif
