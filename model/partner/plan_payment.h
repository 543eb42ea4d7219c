// What is to be charged for paid plans, and what the payment provider answered (db/schema/0018_plans.sql).
#ifndef MODEL_PLAN_PAYMENT_H
#define MODEL_PLAN_PAYMENT_H
#include "db/session.h"
#include "model/ask.h"
#include <stdbool.h>
#include <stdint.h>

// Charges are named NUMBER/CHARGE, of the member and of the member's charges from 1; days are YYYY-MM-DD. An
// answer told twice under one id counts once.
struct plan_answer {
	const char *charge, *result; // result: paid, failed or refunded
	const char *id;              // the provider's own
	const char *day, *reason;    // NULL or "": today, none
};

// Columns charge, member, what (charge or refund), plan, amount, charged_on (the day the plan's months are
// counted from its start to), due_on, tries (that failed), last_failure. to NULL: up to today.
void plan_payment_due(struct ask *ask, const char *to);

// Answers where the charge is now, in words.
void plan_payment_answer(struct ask *ask, const struct plan_answer *answer);

// Takes the answers of a CSV file with a header of the columns charge, result, id and, where there are some,
// day and reason, in any order, line by line. Told of each line that is not taken; *taken: of those that are.
// False: the file cannot be read, or the database is gone.
struct plan_listener {
	void (*header)(void *payload, const char *record, size_t length);
	// The record as it stands in the file; not is_whole: it is no record at all.
	void (*reject)(void *payload, int64_t line, const char *reason, const char *record, size_t length,
		bool is_whole);
	void *payload;
};
bool plan_payment_import(struct session *session, int descriptor, const struct plan_listener *listener,
	int64_t *taken, struct error *error);
#endif
