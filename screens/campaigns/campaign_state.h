// The state of the screen of one campaign, shared by its parts: campaign.c and campaign_*.c.
#ifndef SCREENS_CAMPAIGN_STATE_H
#define SCREENS_CAMPAIGN_STATE_H
#include "model/campaign/campaign_life.h"
#include "model/campaign/campaign_sheet.h"
#include "model/report/report.h"
#include "model/segment/names.h"
#include "screens/beside.h"
#include "screens/campaigns/campaigns.h"
#include "screens/desk.h"
#include "screens/save_as.h"
#include "screens/ui/detail.h"
#include "screens/ui/grid.h"
#include "screens/ui/list.h"
#include "screens/ui/plot.h"
#include "screens/ui/tabs.h"

enum campaign_tag {
	TAG_CAMPAIGN = 1, // as the database has it
	TAG_NEWS,         // the same, because somebody changed it
	TAG_RUNS,         // prizes, days, revisions, what was done to it
	TAG_RESULTS,
	TAG_WORDS,        // the names that conditions use
	TAG_SAVE,
	TAG_DECIDE // submitted, approved, refused, paused, resumed, stopped, triggered
};
enum campaign_tab { TAB_RULES, TAB_RUNS, TAB_DRY_RUN, TAB_RESULTS, TAB_COUNT };
enum { CAMPAIGN_UNDO_MOST = 100, CAMPAIGN_CELL = 400, CAMPAIGN_ROWS_MOST = 300 };

struct campaign_row {
	const char *heading; // NULL: a setting
	struct sheet_place place;
	char label[40];
};

struct campaign_view {
	int campaign_no;       // 0: a new one, in no database yet
	struct result *result; // as the database has it, which owns the line's texts; NULL: not read yet
	struct campaign_line line;
	bool is_outdated; // others changed it since: told until it is read again

	struct sheet sheet; // only if is_read
	bool is_read;
	char *texts[CAMPAIGN_UNDO_MOST]; // the documents that changes made of it, oldest first; owned
	int text_count, text_at;         // text_at is what the sheet says
	char *stored;             // as the sheet says what the database has; NULL: nothing of it is stored
	struct campaign campaign; // as the sheet says; only if is_right
	bool is_right;
	struct document_errors errors; // of the sheet
	struct condition_names *names; // for its audience; NULL: not read yet
	bool is_facts_known;           // when it was checked

	struct grid grid;
	struct campaign_row rows[CAMPAIGN_ROWS_MOST];
	int row_count;
	struct tabs tabs;
	struct detail words, runs;
	char why[SHEET_FAULT]; // what was typed is refused because of this; ""
	struct sheet_place lines_place;

	struct {
		struct beside beside;
		struct detail lines;
		struct list receivers; // the largest and some others
		char *text;            // of the document it tries; NULL: none was tried yet
	} dry_run;

	struct {
		struct report report; // only if is_read
		bool is_asked, is_read;
		int days; // after a member's first turn
		struct detail lines;
		struct plot_point *points; // of the report's chart, owned; NULL: it has none
		struct prompt_spec prompt;
		struct save_as save_as;
	} results;

	struct campaign_request request; // on its way
	bool is_sent;
	bool submits;   // saved to be submitted
	char asked[80]; // sha256 of the document that a question is about
	uint32_t form;  // that waits for an answer; 0: none
	char doing[80]; // "pausing campaign 3"; while TAG_DECIDE is under way
	enum campaign_move move;
};

// campaign.c
// True: it is changed here and not saved.
bool campaign_is_changed(const struct campaign_view *c);
void campaign_load(struct screen *s, int tag);

// campaign_draw.c
extern const struct grid_spec campaign_grid;
void campaign_show_words(struct screen *s); // fills the panel
struct area campaign_tab_area(struct area a); // under the tabs and the line of its state
void campaign_show_layout(struct screen *s, struct area a);
void campaign_show(const struct screen *s, struct area a);
enum did campaign_click(struct screen *s, int y, int x, enum mouse_button button);

// campaign_edit.c
// Takes the document as what the database has (is_stored) or as a new one. False: the person was told.
bool campaign_begin(struct screen *s, const char *text, size_t length, bool is_stored);
void campaign_end(struct campaign_view *c);
const char *campaign_text(const struct campaign_view *c); // the document as it stands here
struct campaign_house campaign_house_here(const struct screen *s); // what documents are held against
void campaign_check_again(struct screen *s); // after every change, and when the facts are known
const struct campaign_row *campaign_row_at(const struct campaign_view *c); // under the cursor; NULL: none
const struct document_error *campaign_error_at(const struct campaign_view *c, struct sheet_place place);
bool campaign_typed(struct grid *g, const char *text);
void campaign_edit_cell(struct screen *s);
void campaign_add_prize(struct screen *s);
void campaign_remove_prize(struct screen *s);
void campaign_undo(struct screen *s, bool again);

// campaign_runs.c
void campaign_runs_load(struct screen *s);
void campaign_runs_taken(struct campaign_view *c, const struct answer *answer);

// campaign_dry_run.c
void campaign_dry_run_init(struct screen *s);
void campaign_dry_run_free(struct campaign_view *c);
void campaign_ask_dry_run(struct screen *s);
void campaign_dry_run_layout(struct campaign_view *c, struct area a);
void campaign_dry_run_draw(const struct campaign_view *c, struct area a);
enum did campaign_dry_run_act(struct screen *s, int action, int count);

// campaign_results.c
void campaign_results_init(struct screen *s);
void campaign_results_free(struct campaign_view *c);
void campaign_results_load(struct screen *s);
void campaign_results_taken(struct screen *s, const struct answer *answer);
void campaign_results_ask_days(struct screen *s);
void campaign_results_write(struct screen *s);
void campaign_results_layout(struct campaign_view *c, struct area a);
void campaign_results_draw(const struct campaign_view *c, struct area a);

// campaign_life.c
void campaign_ask_save(struct screen *s);
void campaign_saved(struct screen *s, const struct answer *answer);
void campaign_ask_submit(struct screen *s);
void campaign_confirm_submit(struct screen *s); // once it is saved
void campaign_ask_decision(struct screen *s, bool is_approved);
void campaign_ask_move(struct screen *s, enum campaign_move move);
void campaign_ask_call(struct screen *s);
void campaign_decided(struct screen *s, const struct answer *answer);
#endif
