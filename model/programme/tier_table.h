// The settings of one ladder as a table, a row a setting and a column a tier; and what differs between two.
#ifndef MODEL_TIER_TABLE_H
#define MODEL_TIER_TABLE_H
#include "model/programme/outline.h"

enum tier_row_kind {
	TIER_HEADING, // no cells
	TIER_TEXT,    // typed
	TIER_WORD,    // one of words
	TIER_WINDOW,  // one of words, for programme_edit_window()
	TIER_DATED,   // a threshold of windows that begin on `from` or later, for programme_edit_threshold()
	TIER_SWITCH,  // whether the array at path names the tier, for programme_edit_switch()
};

struct tier_cell {
	const char *path; // of the setting, whether it stands in the document or would stand there
	const char *
		value; // as a person reads it; where nothing is set, what then holds; of a switch "yes" or ""
	bool is_set;
};

struct tier_row {
	enum tier_row_kind kind;
	const char *key; // the same in every version: "earn.base.by_tier"
	const char *label, *help;
	const char *const *words; // ended by NULL
	const char *from;         // of TIER_DATED, "2027-01-01"
	bool is_wide;             // one cell for the whole ladder, cells[0]
	struct tier_cell *cells;  // one a tier
};

// Texts are the table's own: it outlives the outline.
struct tier_table {
	int ladder; // its number in the document
	const char *code;
	const char **tiers, **names; // of the tiers, lowest first; the code where there is no name
	int tier_count;
	struct tier_row *rows;
	int count, capacity;
	struct arena arena;
};

// extra_date: a day to have a row of thresholds even if no tier has one of that day; NULL: none. False: the
// document has no such ladder, and the table is empty.
bool tier_table_init(
	struct tier_table *table, const struct outline *outline, int ladder, const char *extra_date);
void tier_table_free(struct tier_table *table);
// The number of the document's ladder of that code, -1.
int tier_table_ladder(const struct outline *outline, const char *code);
int tier_table_tier(const struct tier_table *table, const char *code); // -1: none

// The cell of that row and tier (any tier where the row is wide); NULL: the table has none.
const struct tier_cell *tier_table_find(const struct tier_table *table, const char *key, const char *tier);

enum tier_difference { TIER_SAME, TIER_CHANGED, TIER_ADDED, TIER_GONE };
// How a cell differs from an earlier version's, whose value is given ("" if it had none). before NULL: same.
enum tier_difference tier_table_compare(const struct tier_table *table, int row, int tier,
	const struct tier_table *before, const char **value_before);
#endif
