// The state of the Tiers screen, shared by its parts: tiers.c and tiers_*.c.
#ifndef SCREENS_TIERS_STATE_H
#define SCREENS_TIERS_STATE_H
#include "model/programme/programme_edit.h"
#include "model/programme/programme_version.h"
#include "model/programme/tier_table.h"
#include "model/what_if/what_if.h"
#include "screens/desk.h"
#include "screens/ui/detail.h"
#include "screens/ui/grid.h"
#include "screens/ui/tabs.h"

enum tiers_tag {
	TAG_LIST = 1, // the versions there are
	TAG_NEWS,     // the same, because somebody else changed one
	TAG_VERSION,  // the one to show
	TAG_BEFORE,   // the one whose rules it changes
	TAG_COMPARE,  // one to set beside it
	TAG_SAVE,
	TAG_SAVED, // the version just saved, as the database has it now
	TAG_DECIDE // submitted, approved, refused, dropped
};

enum { LADDERS_MAX = 9, TIER_MISTAKES_SHOWN = 8 };

// A version as the database has it. The result owns the version's texts; NULL: no version.
struct tiers_version {
	struct result *result;
	struct programme_version version;
};

struct tiers {
	struct screen *screen;
	struct result *list;                // of the versions, newest first; NULL before the first answer
	int wanted;                         // the version to be shown, 0: the newest
	struct tiers_version shown, before; // before: approved before it; none for the first version
	struct programme_edit edit;         // of the document shown; only if is_read
	bool is_read;                       // the version is
	bool is_open;                       // the version before it was read, too: there is something to show
	struct outline base_outline;        // of tiers_base()
	struct programme *base_programme;
	struct tier_table table, base_table; // of the ladder looked at; base_table.count 0: none
	char extra_date[DAY_SIZE];           // a row of thresholds that has none yet; ""
	day_t from;       // the first day of the rules as changed here; DAY_NONE before any change
	bool is_outdated; // others changed what this began from: told until it is read again

	struct grid grid;
	struct tabs tabs;
	char ladders[LADDERS_MAX][40];
	const char *ladder_names[LADDERS_MAX];
	struct detail words;
	char why[EDIT_WHY]; // what was typed is refused because of this; ""

	struct {
		struct what_if *run;           // NULL: none was started
		struct what_if_result *result; // the newest; NULL: none yet
		struct what_if_progress progress;
		struct detail lines;
		char *text;    // of the document it tries
		bool is_shown; // in place of the words, or beside the grid where there is room
		bool is_waited;
	} trial;

	struct version_request request; // on its way, or all zero
	char *sent;                     // the document that is being saved
	bool submits;                   // saved to be submitted
	char asked[80];                 // sha256 of the document that a question is about
	uint32_t form;                  // that waits for an answer; 0: none
	char doing[64];                 // "submitting version 3"; while TAG_DECIDE is under way
};

// tiers.c
bool tiers_may_write(const struct screen *s);
// True: it is changed here and not saved yet.
bool tiers_is_changed(const struct tiers *t);
// Asks which of the versions; `chosen` gets its row in the list.
void tiers_choose_version(struct screen *s, const char *title, int start_no, dialog_chosen *chosen);

// tiers_load.c
void tiers_load(struct screen *s, int version_no);               // 0: the newest; changes not saved are lost
void tiers_ask_list(struct screen *s, int tag);                  // TAG_LIST, TAG_NEWS
void tiers_ask_before(struct screen *s);                         // the version before, as it is now
void tiers_take(struct screen *s, const struct desk_news *news); // an answer, of any tag
void tiers_rebuild(struct tiers *t);                             // after every change: tables, grid, words
void tiers_version_free(struct tiers_version *version);
void tiers_edit_close(struct tiers *t);
// The version whose rules the present text changes: what is approved is changed by a new version, a draft
// changes what was approved before it. NULL: none.
const struct programme_version *tiers_base(const struct tiers *t);

// tiers_draw.c
extern const struct grid_spec tiers_grid;
void tiers_words(struct tiers *t); // fills the panel
void tiers_show_layout(struct screen *s, struct area a);
void tiers_show(const struct screen *s, struct area a);
enum did tiers_click(struct screen *s, int y, int x, enum mouse_button button);

// tiers_edit.c
const struct tier_row *tiers_row(const struct tiers *t); // under the cursor; NULL: none
const struct tier_cell *tiers_cell(const struct tiers *t);
// What a path of the document is called on the screen: "gold, Threshold"; else the path. Returns out.
const char *tiers_path_words(const struct tiers *t, const char *path, char *out, size_t size);
bool tiers_typed(struct grid *g, const char *text);
void tiers_edit_cell(struct screen *s);
void tiers_insert(struct screen *s);
void tiers_remove(struct screen *s);
void tiers_benefit(struct screen *s);
// The benefit under the cursor, as the path of its element; NULL: the cursor is on something else.
const char *tiers_benefit_path(const struct tiers *t);
void tiers_date(struct screen *s);
void tiers_undo(struct screen *s, bool again);
const char *tiers_date_disabled(const struct tiers *t);

// tiers_what_if.c: the rules as they stand on the screen tried on the whole membership.
void tiers_what_if(struct screen *s); // starts one, or goes back to the words
void tiers_what_if_cancel(struct tiers *t);
void tiers_what_if_free(struct tiers *t);
void tiers_what_if_title(const struct tiers *t, char *out, size_t size);

// tiers_save.c
void tiers_save(struct screen *s);
void tiers_submit(struct screen *s);
void tiers_decide(struct screen *s, bool is_approved);
void tiers_drop(struct screen *s);
const char *tiers_drop_disabled(const struct screen *s);
void tiers_saved(struct screen *s, const struct answer *answer);      // TAG_SAVE
void tiers_saved_read(struct screen *s, const struct answer *answer); // TAG_SAVED
void tiers_decided(struct screen *s, const struct answer *answer);    // TAG_DECIDE
void tiers_confirm_submit(struct screen *s);                          // after TAG_BEFORE
day_t tiers_default_day(const struct screen *s);                      // the first day of the next month

// tiers_compare.c: one version beside another.
struct tiers_sides {
	const char *left, *right;           // titles: "version 3", "version 4 as changed here"
	const char *left_text, *right_text; // documents, copied
	int ladder;                         // of the right one, to begin with
};
void tiers_compare(struct screen *s);                                   // asks with which one
void tiers_compare_read(struct screen *s, const struct answer *answer); // TAG_COMPARE
// "version 3, in force since 10 March 2026"
void tiers_version_words(const struct programme_version *version, char *out, size_t size);
#endif
