// Purchases that came in for nobody, and the members who claim them.
#ifndef MODEL_CLAIM_H
#define MODEL_CLAIM_H
#include "model/ask.h"
#include <stdint.h>

// Gives the member the kept purchase of that receipt and amount (minor units of money); answers its seq. Refused, with why:
// none was kept, somebody has it, it is too old.
void claim_submit(struct ask *ask, int64_t member_id, const char *receipt, int64_t amount_minor);
void claim_submit_named(struct ask *ask, const char *member, const char *receipt, int64_t amount_minor);

// What is kept, newest first: day, source, receipt, named, type, amount, can_be_claimed.
void claim_list(struct ask *ask);
void claim_window(struct ask *ask, const char *days);
#endif
