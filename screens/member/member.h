// The Member screen's own state, shared by the files that draw its card, fill its tabs and do its deeds.
#ifndef SCREENS_MEMBER_H
#define SCREENS_MEMBER_H
#include "model/member/action.h"
#include "model/member/ledger.h"
#include "model/member/member.h"
#include "model/member/standing_view.h"
#include "model/member/timeline.h"
#include "screens/desk.h"
#include "screens/ui/list.h"
#include "screens/ui/tabs.h"
#include <stdbool.h>
#include <stdint.h>

enum member_tab {
	TAB_TIMELINE,
	TAB_LEDGER,
	TAB_PURCHASES,
	TAB_REWARDS,
	TAB_CASES,
	TAB_LOTS,
	TAB_ABOUT,
	TAB_AUDIT,
	MEMBER_TABS
};

// Tags of the screen's requests; those of the tabs count from TAG_TAB.
enum member_tag { TAG_OPENED = 1, TAG_CARD, TAG_DEED, TAG_WATCH, TAG_PURCHASE, TAG_CASE, TAG_REWARD, TAG_RECEIVER, TAG_HOUSEHOLD, TAG_MERGE, TAG_EDIT, TAG_NOTE, TAG_AS_OF, TAG_CLAIM, TAG_HOUSEHOLD_CHANGE, TAG_ERASE, TAG_TAB = 100 };

enum deed_kind { DEED_NONE, DEED_GOODWILL, DEED_UNDO, DEED_RETURN, DEED_REDEEM, DEED_CANCEL, DEED_SEGMENT, DEED_SEND, DEED_MERGE };

// What was submitted last from here, until its outcome is told.
struct deed {
	enum deed_kind kind;
	char key[KEY_SIZE];
	char what[160]; // "50 STAR goodwill"
	int64_t points; // of a goodwill
	int64_t seq;    // 0: not submitted yet, or waiting for a second person
	bool is_open;   // its outcome is not known yet
	uint32_t form;  // serial of the form it came from, 0: none
};

// The issued reward that a form or a question is about.
struct reward_at_hand {
	int64_t number;
	char name[200], code[80], doing[32], key[KEY_SIZE];
	bool is_reserved;
	uint32_t form; // serial, 0: none
};

// Points that are to be sent, while whom they go to is looked up and asked about.
struct points_at_hand {
	int64_t receiver, points;
	int currency_id;
};

// Who belongs to the household that was looked up last.
enum { HOUSEHOLD_PARTS = 40 };
struct household_part {
	int64_t number;
	int percent;
	bool may_redeem;
	char role[8];
};
struct household_at_hand {
	int64_t number, chosen; // the household's; the member's whom a form is about
	struct household_part parts[HOUSEHOLD_PARTS];
	int count;
};

struct member {
	struct screen *screen;
	int64_t member_id;
	bool is_opening;             // the first request carries card and timeline together
	struct result *kept;         // person's texts live in it
	struct member_person person; // valid once kept is there
	struct member_situation situation;
	struct standing_view standing;
	struct result *about;       // attributes and consents; NULL: not read yet
	struct member_form *form;  // that changes the member, NULL: never opened
	bool has_situation, has_standing, card_due;
	char trouble[160]; // why the standing cannot be shown
	struct tabs tabs;
	struct list lists[MEMBER_TABS];
	bool is_started[MEMBER_TABS], is_stale[MEMBER_TABS];
	enum timeline_filter filter;
	int action_due; // asked for before the rows it is about were there
	struct deed deed;
	struct deed given;            // the goodwill that `undo` takes back; kind DEED_NONE: none
	struct purchase_row purchase; // to be taken back; its texts are not kept
	char receipt[136], amount[24],
		reason[200]; // of what is being confirmed; receipt: of a purchase, or code of a reward
	struct reward_at_hand reward;
	struct points_at_hand sending;
	struct household_at_hand household;
	int64_t units, basket_minor; // of the redemption that is being confirmed
	char segment[40], segment_name[128]; // that a question or form is about
	char case_key[KEY_SIZE];
	uint32_t case_form;
};

// --- member.c
void member_show_tab(struct member *m);   // loads the current tab, or what changed in it
void member_show_again(struct member *m); // card and tabs: something happened to the member
// The person looks without serving: no contact data, and of the tabs the timeline alone.
bool member_is_outline(const struct member *m);

// --- member_act.c
enum did member_act(struct screen *s, int action, int count);
const char *member_disabled(const struct screen *s, int action);

// --- member_card.c
enum { CARD_ROWS = 4 };
// Draws the card in the rows given; with fewer than CARD_ROWS the least important go.
void member_card_draw(const struct member *m, struct area a);

// --- member_tabs.c, member_timeline.c
// Cells behind the visible ones of every row: what the actions need to know of it.
enum { HIDDEN_SEQ, HIDDEN_ENTRY, HIDDEN_ID, HIDDEN_OWNER, HIDDEN_KIND, HIDDEN_CELLS, VISIBLE_MAX = 6, LINE_TEXT = 600 };
enum { KIND_OTHER = '-', KIND_PURCHASE = 'p', KIND_CASE = 'c', KIND_MEMBER = 'm', KIND_ATTRIBUTE = 'a', KIND_CAMPAIGN = 'g', KIND_MESSAGE = 's' };
enum { KIND_REWARD = 'r', KIND_REWARD_BARE = 'b' }; // can be used; has no code yet
enum { REWARD_NAME = 1, REWARD_CODE, REWARD_LEFT, REWARD_STATE }; // visible cells of the tab Rewards

struct member_line {
	const char *key;
	enum role role;
	const char *cells[VISIBLE_MAX];
	int64_t seq, entry_no, id; // 0: none
	int64_t owner;             // member that it is of; 0: the one shown
	char kind;
};
bool member_line_add(struct rows *rows, const struct member_line *line, int visible);

struct member_tab_spec {
	const char *name;
	struct list_spec list;
	void (*ask)(struct ask *ask, const struct member *m, const struct page *page);
	bool (*row)(struct rows *rows, const struct member *m, const struct result *result, int row);
};
extern const struct member_tab_spec member_tabs[MEMBER_TABS];
void member_tab_ask(
	struct list *l, const struct rows_request *request); // in member.c: every tab's list asks by it
bool member_timeline_row(struct rows *rows, const struct member *m, const struct result *result, int row);

// A number hidden in the selected row of the current tab, 0: none. Its kind, KIND_OTHER where there is no
// row.
int64_t member_selected(const struct member *m, int hidden);
char member_selected_kind(const struct member *m);

// "+50.52 STAR"; code false: without the currency. Returns out (AMOUNT_SIZE + 40 bytes).
enum { POINTS_TEXT = 96 };
const char *member_points(
	const struct facts *facts, int currency_id, int64_t points, unsigned style, bool code, char *out);

// --- member_redeem.c
void member_redeem(struct member *m);

// --- member_deed.c: goodwill, undo, and how every deed ended
void member_goodwill(struct member *m, const char *reason); // that the form begins with, NULL: none
void member_undo(struct member *m);

struct form;

// The form's field "points" in a currency: above 0. False: the field says what is wanted.
bool member_read_points(struct form *f, const struct fact *currency, int64_t *points);

// Begins a deed under a key of its own, whose sentence is then to be written into m->deed.what. False: the
// person was told why not.
bool member_deed_begin(struct member *m, enum deed_kind kind);

// Submits it; the answer comes to member_deed_answer(). False: it was not sent, and the person was told.
bool member_deed_send(struct member *m, const struct ask *ask);
void member_deed_answer(struct member *m, const struct answer *answer);
void member_deed_watch(struct member *m); // something happened to the member: did the deed end?
void member_deed_watched(struct member *m, const struct answer *answer);

// --- member_verify.c
void member_verify(struct member *m);
const char *member_verify_disabled(const struct member *m);

// "until 2027-03-01, 463 days" of a verification; "" where it has no end. Returns out.
enum { VERIFIED_TEXT = 64 };
const char *member_verified_until(const struct standing_segment *segment, day_t today, char *out);

// --- member_reverse.c
void member_reverse(struct member *m, int64_t seq); // of a purchase
void member_reverse_found(struct member *m, const struct answer *answer);

// --- member_reward.c: of the reward selected on the tab Rewards
void member_reward_use(struct member *m);
void member_reward_reserve(struct member *m); // or, reserved already, releases it
void member_reward_cancel(struct member *m);
const char *member_reward_disabled(const struct member *m);
void member_reward_answer(struct member *m, const struct answer *answer);

// --- member_send.c
void member_send(struct member *m); // points to another member
const char *member_send_disabled(const struct member *m);
void member_receiver_found(struct member *m, const struct answer *answer);

// --- member_merge.c
bool member_is_merged(const struct member *m);
void member_merge(struct member *m); // or parts a merged one
void member_merge_previewed(struct member *m, const struct answer *answer);

// --- member_form.c
void member_edit(struct member *m);
void member_edited(struct member *m, const struct answer *answer);
void member_form_free(struct member *m); // once its form is closed

// --- member_edit.c
bool member_is_blocked(const struct member *m);
void member_block(struct member *m); // or unblocks
void member_note(struct member *m);
void member_noted(struct member *m, const struct answer *answer);
void member_as_of(struct member *m);
void member_as_of_answer(struct member *m, const struct answer *answer);

// --- member_erase.c
void member_erase(struct member *m);
void member_erased(struct member *m, const struct answer *answer);

// --- member_claim.c
void member_claim(struct member *m);
void member_claimed(struct member *m, const struct answer *answer);

// --- member_household.c
void member_household(struct member *m);
void member_household_answer(struct member *m, const struct answer *answer);
void member_household_changed(struct member *m, const struct answer *answer);

// --- member_case.c
void member_new_case(struct member *m, const char *title); // that the form begins with, NULL: none
void member_case_answer(struct member *m, const struct answer *answer);

// --- member_why.c
struct why_of {
	int64_t member_id, seq, entry_no;
	char title[96];
	char kind; // of the row it was asked from
};
extern const struct screen_ops why_screen; // over the member's; argument: const struct why_of *

// --- member_message.c
extern const struct screen_ops message_screen; // over the member's; argument: its name, "1002764/3"

// --- member_correct.c
// Offers what puts right what that event did, in a form filled in as far as the event tells. `asker` is the
// screen of the why, which gives way to it.
void member_correct(struct screen *asker, struct why_of *of);
#endif
