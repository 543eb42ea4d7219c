// The state of the screen of one case, shared by its parts: case.c, case_compose.c, case_draw.c, case_forms.c, case_more.c.
#ifndef SCREENS_CASE_STATE_H
#define SCREENS_CASE_STATE_H
#include "model/desk/case.h"
#include "model/desk/case_around.h"
#include "model/member/action.h"
#include "screens/desk.h"
#include "screens/ui/detail.h"
#include "screens/ui/text_area.h"

enum case_tag {
	TAG_LOAD = 1,
	TAG_CONTACT,
	TAG_WRITE,
	TAG_CHANGE,
	TAG_GOODWILL,
	TAG_HERE,
	TAG_DRAFT,
	TAG_DROP, // of a draft
	TAG_RESTORE,
	TAG_TEXTS, // what may be chosen from
	TAG_MACROS,
	TAG_CHECKS,
	TAG_SIBLINGS,
	TAG_MORE, // what needs no word about a newer version
	TAG_NEXT
};

// A text being written under the conversation. It stays until the database has answered that it stands.
struct compose {
	bool is_open;
	bool is_sending;
	bool is_draft_due; // typed since the last save was begun
	enum article_kind kind;
	struct text_area text;
	char key[KEY_SIZE];
	char *sent; // what was sent under the key: another text needs another key
};

struct case_state {
	struct case_id id;
	bool is_loaded;
	bool is_stale; // changed while a load was on its way: load again
	struct case_head head;
	struct case_card card;
	struct case_around around;
	struct result *choices; // owned: what the question on the screen chooses from; NULL: none
	bool then_next;         // after the macro the next case is taken
	struct case_head edited; // the case as it was when the form of its details was opened
	char email[256], phone[64];
	struct result *articles, *steps; // owned; NULL before the first load
	struct detail detail;
	bool shows_history;
	int events_seen;      // when an action was begun: what came since is told
	int64_t version_seen; // the case as it was then: a change of another version is refused
	struct compose compose;
	uint32_t form_open; // the form opened last; it may be closed
	uint32_t form_edit; // that of the details
	uint32_t form;      // the form that waits for an answer; 0: none
	bool conflict;      // what was asked for was refused because of a change that is being read
	char form_key[KEY_SIZE];
	char change[64];    // what is being done, for messages
	struct {
		bool is_given; // asked for here, whatever became of it
		enum action_status status;
		int64_t seq; // 0: not in the journal
		int64_t points;
		char reason[160];
		char given[820]; // the reason that went with it, so that asking again is the same request
	} goodwill;
};

// case_draw.c
void case_fill(struct case_state *c); // the conversation, or the history, anew from the results
void case_show_layout(struct screen *s, struct area a);
void case_show(const struct screen *s, struct area a);

void case_contact_ask(struct screen *s); // e-mail and phone, once, as the reading of them is logged
void case_contact_answered(struct screen *s, const struct answer *answer);

// case_compose.c
void case_say_here(struct screen *s, bool is_here); // to others who have it open
// text: to begin with, NULL for none.
void compose_begin(struct screen *s, enum article_kind kind, const char *text);
void compose_send(struct screen *s);
void compose_sent(struct screen *s, const struct answer *answer);
void compose_leave(struct screen *s);
void compose_free(struct compose *p);
bool compose_has_text(const struct compose *p);
enum did compose_input(struct screen *s, const struct input *input);
void compose_draft_answered(struct screen *s, const struct answer *answer);
void compose_restore(struct screen *s, const struct answer *answer);

// case_more.c
enum did case_more_act(struct screen *s, int action);
void case_choose(struct screen *s, enum case_tag tag, const struct answer *answer);
void case_more_done(struct screen *s, const struct answer *answer);
void case_next_taken(struct screen *s, const struct answer *answer);
void case_then_next(struct screen *s); // after a macro, if that was asked for

// case_edit.c
void case_ask_edit(struct screen *s);
void case_ask_wait(struct screen *s);
// After a change was refused and the case read again: each field that both changed tells what the other wrote. False:
// the form that waits is another.
bool case_edit_conflict(struct screen *s);

// case_forms.c
void case_begin(struct case_state *c); // what the person sees now is what they act upon
void case_ask_resolve(struct screen *s);
void case_ask_goodwill(struct screen *s);
void case_ask_assign(struct screen *s);
void case_change(struct screen *s, const struct ask *ask, const char *what);
// Where nobody else came between, the case is at the version that one's own change made, before it is read again: what
// is done next must not meet that as somebody's change.
void case_version_take(struct case_state *c, const struct answer *answer);
// The answer to whatever changes the case, and to goodwill.
void case_changed(struct screen *s, const struct answer *answer);
void case_news_told(struct screen *s); // after a load, to whoever is in the middle of something
enum role case_goodwill_role(enum action_status status);
void case_goodwill_answered(struct screen *s, const struct answer *answer);
void case_goodwill_look(struct screen *s); // whether it has been posted meanwhile
void case_load(struct screen *s, bool is_first);
#endif
