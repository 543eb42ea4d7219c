// Members: the list of them, finding one, the card of one, enrolling a new one.
#ifndef MODEL_MEMBER_H
#define MODEL_MEMBER_H
#include "db/result.h"
#include "model/ask.h"
#include "model/engine/day.h"
#include "model/page.h"
#include <stdbool.h>
#include <stdint.h>

// --- The list. The key of a row is the member's number, in both orders.
enum member_order { MEMBER_BY_NUMBER, MEMBER_BY_NAME, MEMBER_ORDERS };

void member_list(struct ask *ask, enum member_order order, const struct page *page);

// Members that fit what was typed (number, card, phone, e-mail, parts of the name, a reward's code), best
// first, at most `rows` (200).
void member_find(struct ask *ask, const char *text, int rows);

struct member_row {
	int64_t member_id, number;
	const char *given_name, *family_name, *status; // borrowed from the result
	const char *tier;                              // of the first ladder; "" before the first event
	day_t tier_until;                              // DAY_NONE: no end
	day_t last_activity_on;                        // DAY_NONE: never
	int64_t points;                                // of the main currency, in units of 10^-decimals
	int decimals;
	bool is_like;                                  // found by spelling alike only
	int64_t reward_no;                             // found by the code of this issued reward; else 0
};
void member_row_read(const struct result *result, int row, struct member_row *member);

// How many there are: exact while they are few, else the database's estimate.
void member_count(struct ask *ask);
struct member_total {
	int64_t members; // -1: not known
	bool is_estimate;
};
struct member_total member_count_read(const struct result *result);

// The member of a number: one row with member_id, or none.
void member_of_number(struct ask *ask, const char *number);

// --- The card.
// Who it is, with personal data: the reading is logged, so it is asked once, when the member is opened.
void member_open(struct ask *ask, int64_t member_id);
// Before it, where nothing else may be written: lets the one transaction write down who reads.
void member_open_writes(struct ask *ask);

struct member_person {
	int64_t number;
	const char *given_name, *family_name, *email, *phone,
		*card; // borrowed from the result, "" where there is none
	const char *city, *language, *channel, *status;
	day_t born, enrolled_on;
};
bool member_person_read(const struct result *result, struct member_person *person); // false: no such member

// What is going on around them, beside the points and tiers of model/member/standing_view.h; nothing personal, not
// logged.
void member_situation(struct ask *ask, int64_t member_id);

struct member_situation {
	day_t last_purchase_on; // DAY_NONE: never
	int open_cases;
	int waiting; // requests for this member that need a second person
	int pending; // events the worker has yet to post
	int failed;  // events set aside
	char household[96]; // its number and points; "": the member belongs to none
	day_t paid_on;        // the last payment for a plan, DAY_NONE: none
	int64_t merged_into;  // number of the member it went into, 0: it is not merged
	int64_t unpaid_minor; // charged for plans and not paid yet
};
void member_situation_read(const struct result *result, struct member_situation *situation);

// --- Enrolling. Empty texts count as not given; dates as YYYY-MM-DD. Sent twice under one key, it enrols
// once.
struct member_new {
	const char *key; // made by ask_key()
	const char *given_name, *family_name, *born, *email, *phone, *card, *city, *language;
	const char *consents; // with | between them: "promotions:email@2027-12-31|-promotions:sms"
};
// Answers one row: member_id, number. SQLSTATE LY005: an identifier belongs to another member, whose number
// is in result_detail().
void member_enrol(struct ask *ask, const struct member_new *new_member);
#define MEMBER_IS_ANOTHERS "LY005"
#endif
