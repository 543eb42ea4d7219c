// A list over a table of any size: holds a window of some pages, asks its source for more, never waits.
#ifndef UI_LIST_H
#define UI_LIST_H
#include "screens/ui/rows.h"
#include "screens/ui/screen.h"

#include <stdbool.h>
#include <stdint.h>

struct column {
	const char *title;
	int width;    // least cells
	int flex;     // share of what is to spare; 0: none
	int priority; // 0: always shown; where room is short, the highest goes first
	enum align align;
};

enum { LIST_COLUMNS_MAX = 16, LIST_WINDOW_MAX = 512, LIST_ASK_MAX = 1000 };

enum rows_ask {
	ROWS_FIRST,
	ROWS_LAST,
	ROWS_AFTER,  // behind key
	ROWS_BEFORE, // before key: the last `count` of them
	ROWS_FROM,   // key itself (or where it would stand) and behind: refresh, and going to a key
};

// A question to the source. Rows are answered in the list's order, for ROWS_LAST and ROWS_BEFORE too. Fewer
// rows than `count` mean that there are no more on that side.
struct rows_request {
	enum rows_ask ask;
	char key[ROW_KEY_MAX];
	int count;
	uint32_t ticket; // for list_answer(); a newer request makes older tickets stale
};

struct list;

struct list_spec {
	const struct column *columns;
	int column_count;
	const char *what;  // "members": for the spinner and messages
	const char *empty; // said when there is no row: "No members match. Esc clears the search."
	int copy_column;   // what `y` copies
	bool no_header;

	// Starts the query and returns. Has to be followed by list_answer() or list_failed() at any time,
	// even at once.
	void (*ask)(struct list *l, const struct rows_request *request);
	// The selection is another row now (or none). May be unset.
	void (*selected)(struct list *l);
};

// Invariants: 0 <= selected < rows.count unless there are no rows; the selected row is in sight after
// list_layout().
struct list {
	const struct list_spec *spec;
	struct screen *screen;
	void *payload; // the owner's, to tell several lists of a screen apart
	struct rows rows;
	bool at_start, at_end; // nothing lies before, behind the rows held
	int64_t before;        // rows before the first one held; -1: not known
	int64_t total;         // -1: not known
	bool total_estimated;
	int top, selected, page; // rows; page: how many are in sight
	bool focused;            // its cursor is the screen's
	bool asking, failed;
	struct rows_request request; // the last one put
	int64_t pending;             // rows still to go when more arrive
	bool refresh_due;            // asked for while another answer was on its way
	bool jumping;                // the answer brings other rows: moves made meanwhile start from there
	bool keeping;                // ROWS_FIRST was asked as a refresh: position and selection stay
	char *find;                  // what is searched for; NULL: nothing
	int find_from;               // where the search began
	char **marked;               // keys, unsorted
	int marked_count;
};

// Asks for the first rows at once. False: out of memory. The spec is borrowed.
bool list_init(struct list *l, const struct list_spec *spec, struct screen *screen, void *payload);
void list_free(struct list *l);

// Takes the rows (which is empty afterwards). False: the ticket is stale and the rows were freed.
bool list_answer(struct list *l, uint32_t ticket, struct rows *rows);

// The question could not be answered; the owner tells why. The list asks again at the next key that needs
// rows.
void list_failed(struct list *l, uint32_t ticket);

// Another question (filter, order): forgets all and asks for the first rows.
void list_reload(struct list *l);

// The same question again: position, selection and marks stay, though rows may come and go.
void list_refresh(struct list *l);

// Selects the row of this key, loaded or not.
void list_go_to(struct list *l, const char *key);

// Selects a row held, by its number in rows.
void list_select(struct list *l, int number);

// How many rows there are altogether; -1 if not known.
void list_set_total(struct list *l, int64_t total, bool estimated);

void list_layout(struct list *l, struct area a);
void list_draw(const struct list *l, struct area a);
enum did list_act(struct list *l, int action, int count);
enum did list_act_on_row(
	struct list *l, int action); // the part of list_act() that moves nothing but to what it finds
enum did list_mouse(struct list *l, int y, int x, enum mouse_button button);

// "row 41 of ~25.0 M". Returns out.
const char *list_position(const struct list *l, char *out, size_t size);

// NULL if there is no row. Borrowed until the next answer.
const struct row *list_selected(const struct list *l);
const char *list_selected_key(const struct list *l);
bool list_is_marked(const struct list *l, const char *key);
void list_unmark_all(struct list *l);

// "1,234,567" or, from a million on if `estimated`, "~25.0 M". Returns out.
const char *list_count_text(int64_t count, bool estimated, char *out, size_t size);
#endif
