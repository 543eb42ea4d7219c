// Cases: the queues of them, one case with all that was said, and everything staff can do to it.
#ifndef MODEL_CASE_H
#define MODEL_CASE_H
#include "db/result.h"
#include "model/ask.h"
#include "model/page.h"
#include <stdbool.h>
#include <stdint.h>

// People say MEMBER/NO.
struct case_id {
	int64_t member_id;
	int case_no;
};

// --- One case.
struct case_head {
	struct case_id id;
	int64_t number, due_s, version;
	int priority, articles, events;
	bool is_working; // new, open or waiting
	bool is_due;     // a promise runs; false: due_s says nothing
	bool is_late;    // a promise was broken
	char title[256], state[20], owner[64], channel[32], opened_by[64], opened_at[24];
	char group[40], tags[400], wait_until[24], answer_due[24], update_due[24], solution_due[24];
	char resolved_by[64], resolved_at[24], cause[256], outcome[20];
	bool is_answered; // the member has had a first answer
};
const char *case_priority_word(int priority);
const char *case_state_word(const char *state); // "waiting_us": "waits for us"
void case_open(struct ask *ask, struct case_id id);
bool case_head_read(const struct result *result, struct case_head *head); // false: no such case

enum { CASE_ARTICLES_MOST = 300 };
enum article_kind { ARTICLE_FROM_MEMBER, ARTICLE_TO_MEMBER, ARTICLE_INTERNAL, ARTICLE_KINDS };
struct case_article {
	enum article_kind kind;
	const char *author, *body, *at; // borrowed from the result
	const char *mail; // state and reason of the message it went out as (0025_outbox.sql), "" where it did not
	int case_no, article_no;        // case_no: of a case that was merged into this one, or this one's
};
// What was said, oldest first, in the case and those merged into it: the newest CASE_ARTICLES_MOST of them.
void case_articles(struct ask *ask, struct case_id id);
void case_article_read(const struct result *result, int row, struct case_article *article);

// What was done, oldest first, as many again.
struct case_step {
	const char *at, *login, *action, *was, *is; // borrowed from the result
};
void case_steps(struct ask *ask, struct case_id id);
void case_step_read(const struct result *result, int row, struct case_step *step);

// The member beside the conversation; nothing personal but the name, so not logged.
struct case_card {
	int64_t number, points;   // of the main currency, in units of 10^-decimals
	int currency_id, tier_id; // 0: none yet
	int64_t other_cases;      // working ones beside this
	int64_t waiting;          // requests for this member that wait for a second person
	char name[256], city[64], language[16], status[16], enrolled_on[16], tier_until[16],
		last_activity_on[16];
};
void case_card(struct ask *ask, struct case_id id);
bool case_card_read(const struct result *result, struct case_card *card); // false: no such member

// How the member is reached; personal data, so the reading is logged, and asked once when the case is opened.
struct case_contact {
	const char *email, *phone; // borrowed from the result, "" where there is none
};
void case_contact(struct ask *ask, int64_t member_id);
bool case_contact_read(const struct result *result, struct case_contact *contact);

// --- Actions. A version names the case as the person saw it: SQLSTATE LY020 when someone changed it
// meanwhile; 0: any.
#define CASE_IS_CHANGED "LY020"
#define CASE_STATE_FORBIDS "LY021"
// One row, the case, or none when nobody waits.
void case_take_next(struct ask *ask);
void case_assign(struct ask *ask, struct case_id id, int64_t version, const char *owner); // NULL: to nobody
void case_take(struct ask *ask, struct case_id id, int64_t version);                      // to whoever asks
// key as of ask_key(): sent twice it stands once. body is borrowed until sent.
void case_write(
	struct ask *ask, struct case_id id, const char *key, enum article_kind kind, const char *body);
void case_set_state(struct ask *ask, struct case_id id, int64_t version, const char *state);
// One thing: assign, priority, group, tag, untag, tags, title, open, waiting_member, wait (until a moment), resolve
// (value: the cause, also: the outcome) or close. also: NULL but for resolve.
void case_set(struct ask *ask, struct case_id id, int64_t version, const char *word, const char *value,
	const char *also);
// outcome: kept, lost or not_at_risk.
void case_resolve(
	struct ask *ask, struct case_id id, int64_t version, const char *cause, const char *outcome);

#endif
