// The state of the Members screen, shared by its parts: members.c and members_*.c.
#ifndef SCREENS_MEMBERS_STATE_H
#define SCREENS_MEMBERS_STATE_H
#include "model/member/member.h"
#include "model/segment/names.h"
#include "screens/beside.h"
#include "screens/desk_list.h"
#include "screens/members/members.h"
#include "screens/save_as.h"
#include "screens/ui/edit.h"
#include "screens/ui/prompt.h"

enum members_tag { TAG_PAGE = 1, TAG_COUNT, TAG_FITTING, TAG_OPEN, TAG_ENROL, TAG_NAMES };

// Only the members that a condition means are listed.
struct members_filter {
	char *text; // NULL: there is none
	bool is_good; // the text was read with the names; else they are on their way
	struct condition_names *names;
	struct member_condition condition;
	int64_t members; // that fit; -1: not known
	bool is_exact;
	int64_t turn; // of the condition: counts of older ones are of no use
};

struct members {
	struct list list;
	struct edit find; // what is searched for; empty: the whole list, or those that fit
	bool typing;      // the find box has the focus
	bool find_due;    // it changed: searched before the next frame, once however many keys came
	bool open_due;    // Enter came before the answer: the first one found is opened
	bool like;        // what was found is only spelt alike
	bool is_audience; // opened with a condition, which stays
	enum member_order order;
	struct members_filter filter;
	struct beside writing; // the list into a file ...
	struct save_as save_as; // ... of this name
	struct prompt_spec number; // the prompt borrows it while it is open
	struct enrolment enrolment;
};

// members.c
void members_choose(struct members *m); // what the list is of: what is found, what fits, or all
void members_show(struct members *m);   // the same, read anew
bool members_is_finding(const struct members *m);
void members_open_selected(struct members *m);

// members_find.c
enum { FIND_MAX = 200 };
void members_find_clear(struct members *m);
enum did members_input(struct screen *s, const struct input *input);

// members_filter.c
bool members_is_filtered(const struct members *m);
void members_filter_ask(struct screen *s); // the person
bool members_filter_set(struct screen *s, const char *text); // whose names are still to be read
void members_filter_clear(struct members *m);
bool members_filter_page(struct members *m, const struct rows_request *request);
void members_filter_shown(struct members *m); // a page of it is on the screen
void members_filter_counted(struct members *m, const struct desk_news *news);
void members_filter_named(struct screen *s, const struct answer *answer);
void members_filter_recount(struct members *m);
void members_filter_title(const struct members *m, char *out, size_t size);

// members_write.c
void members_write(struct screen *s);
const char *members_write_disabled(const struct members *m);
#endif
