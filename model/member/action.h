// What staff do for a member: goodwill, taking a purchase back, redeeming, opening a case, and how each
// ended.
#ifndef MODEL_ACTION_H
#define MODEL_ACTION_H
#include "db/result.h"
#include "model/ask.h"
#include <stdbool.h>
#include <stdint.h>

// Each is done under a key made by ask_key(): sent twice it is done once. Texts are borrowed until it is
// sent. All but the case submit one event and answer one row for action_outcome_read(). Amounts above the
// person's limit wait for a second person.

struct action_goodwill {
	const char *key;
	int64_t member_id;
	const char *currency; // code
	int64_t points;       // signed, not 0, in units of 10^-decimals
	const char *reason;
	int case_no; // 0: none
};
void action_goodwill(struct ask *ask, const struct action_goodwill *goodwill);

struct action_return {
	const char *key;
	int64_t member_id, of_seq; // of_seq: the purchase or partner event
	int64_t amount_minor;      // above 0; at most what is not returned yet
	const char *reason;
};
void action_return(struct ask *ask, const struct action_return *taken_back);

struct action_redeem {
	const char *key;
	int64_t member_id;
	const char *reward; // code
	int64_t units;
	int64_t basket_minor; // the purchase it is used in; 0: none
};
void action_redeem(struct ask *ask, const struct action_redeem *redeem);

struct action_transfer {
	const char *key;
	int64_t member_id;
	int64_t receiver;     // number
	const char *currency; // code
	int64_t points;       // above 0, in units of 10^-decimals
	const char *reason;   // "": none
};
void action_transfer(struct ask *ask, const struct action_transfer *transfer);
// Whom that would go to: one row with number and name, and why it cannot, "": it can. receiver: number or card.
void action_receiver(struct ask *ask, int64_t member_id, const char *receiver);

// Takes an issued reward back that was not used; its points return to the lots that paid.
void action_cancel_reward(struct ask *ask, int64_t member_id, const char *key, int64_t reward_no);

// Verifies the member as one of a segment, or verifies anew; and ends that before its time.
struct action_verify {
	const char *key;
	int64_t member_id;
	const char *segment; // code
	const char *until;   // YYYY-MM-DD; "": as long as the programme says
	const char *evidence;
};
void action_verify(struct ask *ask, const struct action_verify *verify);
void action_unverify(
	struct ask *ask, int64_t member_id, const char *key, const char *segment, const char *reason);

// Opens a case with its first article. Answers one row with the case's number.
struct action_case {
	const char *key;
	int64_t member_id;
	const char *title, *channel; // channel: how the member got in touch
	int priority;                // 1 high, 2 normal, 3 low
	const char *body;
	bool is_note; // written by staff for staff; else the member's own words
};
void action_case(struct ask *ask, const struct action_case *opened);

// Where the event is.
enum action_status {
	ACTION_STATUS_PENDING, // the worker has not posted it yet
	ACTION_STATUS_ACCEPTED,
	ACTION_STATUS_DENIED,    // by the programme's rules
	ACTION_STATUS_FAILED,    // set aside
	ACTION_STATUS_CANCELLED, // given up after it failed
	ACTION_STATUS_WAITING,   // for a second person
	ACTION_STATUS_REFUSED,   // by that person
	ACTION_STATUS_UNKNOWN,
};
// "pending", "waiting for a second person" ...
const char *action_status_name(enum action_status status);

struct action_outcome {
	int64_t seq; // 0 while it waits
	enum action_status status;
	const char *reason; // borrowed from the result; of a denial the word of the programme's rules, for
			    // action_why()
	int64_t points;     // posted for it, of the main currency
	int64_t balance;    // of the main currency, now
};
void action_outcome_read(const struct result *result, struct action_outcome *outcome);
// Asks again after an event that was pending.
void action_watch(struct ask *ask, int64_t member_id, int64_t seq);

// "the points do not suffice" for "balance"; the word itself where it is none of the rules'.
const char *action_why(const char *reason);
#endif
