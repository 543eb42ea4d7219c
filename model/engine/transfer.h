// Points from member to member (FORMAT section 18): what leaves, and what arrives. Private to model/engine/.
#ifndef ENGINE_TRANSFER_H
#define ENGINE_TRANSFER_H
#include "model/engine/run.h"

// Event transfer: lots are used like those of a redemption, and the postings say of which days they were, so
// that whoever posts can write the receiver's event. It is no activity, and counts for no tier.
enum refusal transfer_test(const struct run *);
void transfer_send(struct run *);

// So much of that lot is on its way, below 0: so much is owed.
void transfer_sent(struct run *, const struct lot *, int64_t amount);

// Event receive: lots as old as they were, with the expiry they had; debt is paid first, and what lies on or
// before today expires at once. A date before the member's day does not refuse it: points under way arrive.
enum refusal receive_test(const struct run *);
void transfer_receive(struct run *);
#endif
