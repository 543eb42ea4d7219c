// The desk: what all business screens share - one connection, the facts of the programme, and news of what
// others change.
#ifndef SCREENS_DESK_H
#define SCREENS_DESK_H
#include "db/connection.h"
#include "model/ask.h"
#include "model/facts.h"
#include "model/programme/rulebook.h"
#include "model/what_if/what_if.h"
#include "screens/actions.h"
#include "screens/ui/dialog.h"
#include "screens/ui/ui.h"
#include <stdbool.h>
#include <stdint.h>

// A screen's work with the database, in short (lists have screens/desk_list.h):
//
//	open():   desk_send(s, &(struct desk_request){.tag = LOAD, .what = "members", .asks = {&ask}, .is_read = true})
//	answer(): const struct desk_news *news = answer; switch (news->kind) ...
//	close():  desk_forget(s)
//	cancel(): desk_cancel(s)
//	act():    ... return desk_act(s, action);     as the last resort
//
// An answer reaches the screen that asked if it is still open, and no one otherwise. Texts of results go to
// the terminal only through the toolkit's drawing functions, which neutralise them.

enum desk_channel {
	DESK_MEMBER,   // payload: member_id. Posted for, or changed
	DESK_CASE,     // payload: member_id/case_no
	DESK_APPROVAL, // payload: member_id
	DESK_JOURNAL,  // something was submitted
	DESK_SURVEY,   // payload: number of the survey that was answered or changed; "": of several
	DESK_PROGRAMME, // payload: number of the version that was written, submitted or decided on
	DESK_CAMPAIGN,  // payload: number of the campaign that was written, submitted, decided on or moved
	DESK_INSIGHT,   // figures were counted, set or pinned
	DESK_DESK,     // "case MEMBER_ID/NO": who has it open; "inbox LOGIN"; "job NO"
	DESK_CHANNELS,
	DESK_EVERYTHING = DESK_CHANNELS, // notifications were missed: load anew; payload ""
};

enum desk_news_kind {
	DESK_ANSWERED, // tag, number, answer
	DESK_CHANGED,  // channel, payload: someone changed something; comes to every open screen
	DESK_FACTS,    // the facts are known, or known anew
};

// What a screen's answer() is given; borrowed for the call.
struct desk_news {
	enum desk_news_kind kind;
	int tag;        // of the request
	int64_t number; // of the request
	const struct answer *answer;
	enum desk_channel channel;
	const char *payload;
};

enum { DESK_ASKS_MAX = REQUEST_STATEMENTS - FACTS_STATEMENTS };
struct desk_request {
	int tag;          // the screen's own, to know the answer by
	int64_t number;   // the same, for a list's ticket and the like
	const char *what; // what is waited for: "members"; NULL: no spinner, no "Esc cancels", as for a
			  // refresh by itself
	const struct ask
		*asks[DESK_ASKS_MAX]; // ended by NULL; done together or not at all, in one round trip
	bool replaces; // what the screen asked for before with this tag is of no use any more: it is given
		       // up, unanswered
	bool is_read;  // may be given up when the screen closes, and has a deadline; a write stands until it
		      // is answered, is sent again under its key when the link dies, as it is harmless to do
		      // twice
	bool is_first; // a read that does without the facts where they are not known yet: they come with
		       // what the screen has to ask next
	bool is_early; // a read that writes down who reads: shown at once, without waiting for that
	bool is_once; // a write without a key: not sent again; in doubt, the person is told to look
};

struct desk_watch {
	struct desk *desk;
	int number; // of the connection's descriptor
};

struct desk {
	struct ui *ui;
	struct connection *connection;
	struct facts facts;
	struct rulebook *rulebook; // owned; desk_rulebook_ask() brings it, NULL before
	enum { RULEBOOK_OLD, RULEBOOK_ASKED, RULEBOOK_CURRENT } rulebook_state;
	const char *environment;
	bool read_only; // --read-only: writes are refused here already
	int refresh_s;  // how often workers and badges are looked at; 0: never by itself, so that nothing
			// wakes us

	struct desk_ticket *tickets; // requests under way
	bool facts_asked;
	int64_t facts_due_ms; // when the facts are too old, of loop_now_ms()
	enum { BADGES_IDLE, BADGES_ASKED, BADGES_STALE } badges; // STALE: asked, and to be asked again
	int64_t refresh_due_ms;
	bool was_ready;        // there was a connection once
	int64_t down_since_ms; // 0: not down
	char told[512];        // the trouble a person was told of last
	int listens_owed;      // channels not yet listened on for the first time
	bool password_asked;
	bool password_given; // by the person; asked for again, it was wrong
	struct desk_watch watches[CONNECTION_DESCRIPTORS];
	struct error failure; // why the desk had to close: for the program's last words
	what_if_open *another; // opens one more session with the database, for what runs beside the screens
	void *another_payload;
};

struct desk_options {
	struct connection *connection; // the desk's from then on
	const char *environment; // the word of the configuration, "": the programme's; borrowed for good
	bool read_only;
	int refresh_s;
	what_if_open *another; // called from threads, also for a moment after the desk is freed
	void *another_payload;
};

// The ui must be open and outlive the desk; its `program` becomes the desk. Nothing is sent before the loop
// runs. False: out of memory, nothing to free.
bool desk_init(struct desk *desk, struct ui *ui, const struct desk_options *options);
void desk_free(struct desk *desk); // after the screens are closed
static inline struct desk *desk_of(const struct screen *s)
{
	return s->ui->program;
}
static inline const struct facts *desk_facts(const struct screen *s)
{
	return &desk_of(s)->facts;
}

// Sends a request for a screen. False: it could not be sent, and the person was told.
bool desk_send(struct screen *s, const struct desk_request *request);
// For ops.cancel: what the screen waits for is cancelled, on the server too. Each request is still answered.
void desk_cancel(struct screen *s);
// For ops.close: late answers will find no one.
void desk_forget(struct screen *s);
// Requests of the screen with that tag under way.
int desk_pending(const struct screen *s, int tag);

// True if the answer is good. Otherwise the person is told on the message line: what, why, what to do. A
// person's own cancelling is told as such.
bool desk_good(struct screen *s, const struct answer *answer, const char *what);
void desk_say_error(struct screen *s, const char *what, const struct error *error);
// The reason alone, to stand beside a form's field: of a refusal by the house's own rules the sentence
// itself.
const char *desk_reason(const struct error *error);

// False: opened with --read-only; the person was told.
bool desk_may_write(struct screen *s);
// Makes a key for a write. False: none could be made, or writes are not allowed here; the person was told.
bool desk_key(struct screen *s, char key[KEY_SIZE]);

// The rulebook, for who reads a member's figures by it: the statements that bring it where it is not known, or
// where another version was approved since, to be added to a request; how many (0 or RULEBOOK_STATEMENTS). And
// their results. What was borrowed from an older rulebook stays good. False: it could not be read, and the old
// one, if any, stays.
int desk_rulebook_ask(struct desk *desk, struct ask asks[RULEBOOK_STATEMENTS], const struct ask **list);
bool desk_rulebook_take(struct desk *desk, struct result *const *results, struct error *error);

// The actions of all business screens, for the end of a screen's table, and who does them.
#define DESK_EVERYWHERE                                                                                      \
	ACTION_GO_CASES, ACTION_GO_APPROVALS, ACTION_GO_HEALTH, ACTION_GO_MEMBERS, ACTION_GO_TIERS, \
	ACTION_GO_REWARDS, ACTION_GO_SURVEYS, ACTION_GO_INSIGHTS, ACTION_GO_CAMPAIGNS, ACTION_GO_SEGMENTS, \
	ACTION_GO_INBOX, ACTION_GO_FIGURES, ACTION_GO_AUDIT, ACTION_GO_SETTINGS
enum did desk_act(struct screen *s, int action);
// Opens a screen, or goes back to it where it is open already.
void desk_go(struct ui *ui, const struct screen_ops *ops);
// Asks whom a case is to go to: `chosen` gets 0 for nobody, else 1 + the number in the list FACT_STAFF.
void desk_choose_staff(struct screen *s, dialog_chosen *chosen);
void desk_ask_password(struct desk *desk);

// All of them, ended by NULL: their keys are checked at start.
extern const struct screen_ops *const desk_screens[];
extern const struct screen_ops members_screen;   // screens/members.c
extern const struct screen_ops audience_screen;  // the same of a condition; argument: its text
extern const struct screen_ops member_screen;    // screens/member.c; argument: const int64_t *member_id
// Opens a member with one of their issued rewards selected; reward_no 0: as member_screen alone.
void member_open_at(struct ui *ui, int64_t member_id, int64_t reward_no); // screens/member.c
extern const struct screen_ops consents_screen;  // screens/consents.c; argument: const int64_t *member_id
extern const struct screen_ops cases_screen;     // screens/cases.c
extern const struct screen_ops case_screen;      // screens/case.c; argument: const struct case_id *
extern const struct screen_ops inbox_screen;     // screens/cases/inbox.c
extern const struct screen_ops work_figures_screen; // screens/work_figures.c
extern const struct screen_ops audit_screen;     // screens/audit.c
extern const struct screen_ops settings_screen;  // screens/settings/settings.c
extern const struct screen_ops approvals_screen; // screens/approvals.c
extern const struct screen_ops version_screen;   // screens/version.c; argument: const int *version_no
extern const struct screen_ops insights_screen;  // screens/insights/insights.c
extern const struct screen_ops health_screen;    // screens/health.c
extern const struct screen_ops segments_screen;  // screens/segments/segments.c
extern const struct screen_ops segment_screen;   // screens/segments/segment.c; argument: its code, "" for a new one
extern const struct screen_ops rewards_screen;   // screens/rewards.c
extern const struct screen_ops surveys_screen;   // screens/surveys/surveys.c
extern const struct screen_ops tiers_screen;     // screens/tiers.c
extern const struct screen_ops campaigns_screen; // screens/campaigns/campaigns.c
extern const struct screen_ops campaign_screen;  // screens/campaigns/campaign.c; argument: const struct campaign_open *
extern const struct screen_ops compare_screen;   // screens/tiers_compare.c; argument: const struct tiers_sides *
extern const struct screen_ops largest_screen;   // screens/tiers_largest.c; argument: const struct what_if_result *

// Between desk.c (state and news) and desk_request.c (requests and answers).
void desk_tell(struct desk *desk, const struct desk_news *news);      // to every open screen
void desk_take_facts(struct desk *desk, const struct answer *answer); // the first FACTS_STATEMENTS results
void desk_take_badges(struct desk *desk, const struct answer *answer);
void desk_drop_tickets(struct desk *desk);
bool desk_send_own(struct desk *desk, int tag, const struct ask *ask); // for no screen; NULL: the facts alone
enum { DESK_TAG_FACTS = -1, DESK_TAG_BADGES = -2 };
#endif
