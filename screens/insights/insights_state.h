// Between the screens of the figures: their rows, and from a figure to the grid and to the members behind it.
#ifndef SCREENS_INSIGHTS_STATE_H
#define SCREENS_INSIGHTS_STATE_H
#include "model/insight/breakdown.h"
#include "model/insight/drill.h"
#include "model/insight/history.h"
#include "screens/desk.h"
#include "screens/ui/detail.h"
#include "screens/ui/list.h"

extern const struct screen_ops insight_members_screen; // argument: const struct drill_of *
extern const struct screen_ops insight_grid_screen;
extern const struct screen_ops insight_cohorts_screen;

enum { TREND = 13, TIERS_MAX = 32 };
enum { CELL_FIGURE, CELL_NOW, CELL_BEFORE, CELL_SINCE, CELL_TREND, INSIGHT_CELLS };

// What is read beside the history, in this order after its results; the rulebook where it is not known yet.
enum { RESULT_SIZES = HISTORY_STATEMENTS, RESULT_ARRIVALS, RESULT_MOVEMENT, RESULT_RULEBOOK };

struct insights {
	struct list list;
	struct detail detail; // of the selected row
	struct history history;
	struct tier_row {
		int tier_id;
		char code[40];
		int64_t up, down;
		double arrivals[TREND];
	} tiers[TIERS_MAX];
	int tier_count;
	uint32_t ticket, form; // form: of the settings that wait for an answer
	bool is_stale;
	char *pinned; // texts of the request to pin, until it is answered
};

// --- insights_rows.c

// Rows are keyed by a figure's code, as "tier/2", "moved/up" or "moved/down". False: out of memory.
bool insights_rows_add(struct insights *w, struct rows *rows, const struct answer *answer);
// The selected row in words.
void insights_detail(struct insights *w, const struct figure *figure);
// Who stands behind the selected row; DRILL_NONE: nobody.
struct drill_of insights_drill(const struct insights *w);
// NULL: the selected row is no figure's.
const struct figure *insights_selected(const struct insights *w);

// --- insight_settings.c

// Asks what the house says; the answer comes with that tag and goes to insight_settings_taken().
void insight_settings_open(struct screen *s, int tag);
void insight_settings_taken(struct screen *s, const struct answer *answer);
#endif
