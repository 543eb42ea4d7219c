// What becomes of an issued reward at a till or a desk: found by its code, reserved, released, used, donated.
#ifndef MODEL_REWARD_H
#define MODEL_REWARD_H
#include "model/ask.h"
#include <stdint.h>

// Codes may come as they were typed (model/reward/reward_code.h). A key is the sender's own name for what is asked:
// the same again gets the same answer, and a reward reserved under one key is used under that one only. What
// the state does not allow is refused with SQLSTATE LY031, more than is left with LY032.

// One row: member (number), reward, name, state, value, remaining, issued_on, expires_on, reserved_until,
// reserved_by, reward_no. value and remaining are in whole units of money.
void reward_find(struct ask *ask, const char *code);
// One row, two numbers: the member_id of whose it is, and its reward_no.
void reward_owner(struct ask *ask, const char *code);
// What happened to it since it was issued, the newest last: at, step, by, key, amount, until, note.
void reward_steps(struct ask *ask, const char *code);

// One row, one text: until when it is reserved, in the programme's time zone.
void reward_reserve(struct ask *ask, const char *code, const char *key, int seconds);
void reward_release(struct ask *ask, const char *code, const char *key);
// amount_minor 0: all that is left. One row, one number: what is left then, in minor units.
void reward_use(struct ask *ask, const char *code, const char *key, int64_t amount_minor, const char *note);
void reward_donate(struct ask *ask, const char *code, const char *key, const char *note);
#endif
