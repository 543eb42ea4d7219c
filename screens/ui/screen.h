// A screen is a const table of what it does and a block of state; the stack owns both state and order.
#ifndef UI_SCREEN_H
#define UI_SCREEN_H
#include "screens/ui/action.h"
#include "screens/ui/draw.h"
#include "screens/ui/keys.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ui;
struct screen;

enum did {
	NOT_MINE, // pass it on to whoever is next
	DID,
	LEAVE, // done, and close me
};

enum overlay {
	OVERLAY_NONE,   // a whole screen
	OVERLAY_WINDOW, // over the screen below, which stays visible
	OVERLAY_LINE,   // on the message line
};

// Unset members mean: nothing, no one, default. All but `draw` may open screens, start loads and say things;
// none may wait. Pointers given are borrowed for the call.
struct screen_ops {
	const char *name; // "members": breadcrumb, :command, tests
	const char *help; // one line, for ? and : completion
	size_t size;      // of the private state, zeroed before open(), freed after close()
	unsigned rights;  // bits of ui->rights that are needed to open it
	enum overlay overlay;
	bool digits;        // digits choose tabs (ACTION_TAB_1 ...) instead of counting
	const int *actions; // own, ended by 0, in the order of the key bar; they come before the toolkit's

	// Starts the first load; false: said why, not opened.
	bool (*open)(struct screen *s, const void *argument);
	// Frees what open() and others made.
	void (*close)(struct screen *s);
	// What screen_post() delivered; borrowed.
	void (*answer)(struct screen *s, void *answer);
	// Before each frame: this is your room now.
	void (*layout)(struct screen *s, struct area a);
	// From state only.
	void (*draw)(const struct screen *s, struct area a);
	// Count: 0 if none was typed.
	enum did (*act)(struct screen *s, int action, int count);
	// Keys and pastes before actions are looked up.
	enum did (*input)(struct screen *s, const struct input *input);
	// In the area of layout().
	enum did (*mouse)(struct screen *s, int y, int x, enum mouse_button button);
	// Why it cannot be done now; NULL: it can.
	const char *(*disabled)(const struct screen *s, int action);
	// What would be lost, "the new case"; NULL: nothing.
	bool (*typing)(const struct screen *s); // letters are text now: the key bar offers saving and going back only
	const char *(*unsaved)(const struct screen *s);
	// Esc while waiting: stop what was asked for.
	void (*cancel)(struct screen *s);
	// For the breadcrumb; unset: name.
	void (*title)(const struct screen *s, char *out, size_t size);
	// "row 41 of ~25.0 M".
	void (*position)(const struct screen *s, char *out, size_t size);
};

struct screen {
	const struct screen_ops *ops;
	struct ui *ui;
	void *state;
	uint32_t serial;      // never used twice: late answers to a closed screen find no one
	struct screen *below; // who was there before
	struct area area;     // of the last layout()
	int waiting;          // loads under way
	int64_t waiting_since_ms;
	char waiting_for[48];
};

// clang-format off
// A whole screen, as short as they get:
//
//	struct fruit { struct list list; };
//
//	static bool fruit_open(struct screen *s, const void *argument)
//	{
//		struct fruit *f = s->state;
//		return list_init(&f->list, &fruit_list, s);     // asks fruit_ask() for the first rows by itself
//	}
//	static void fruit_close(struct screen *s) { list_free(&((struct fruit *)s->state)->list); }
//	static void fruit_layout(struct screen *s, struct area a)
//	{
//		list_layout(&((struct fruit *)s->state)->list, a);
//	}
//	static void fruit_draw(const struct screen *s, struct area a)
//	{
//		list_draw(&((const struct fruit *)s->state)->list, a);
//	}
//	static enum did fruit_act(struct screen *s, int action, int count)
//	{
//		struct fruit *f = s->state;
//		if (action == ACTION_OPEN)
//			return screen_open(s->ui, &basket_screen, list_selected_key(&f->list)), DID;
//		return list_act(&f->list, action, count);
//	}
//	static void fruit_answer(struct screen *s, void *answer) { ... list_answer(&f->list, ticket, &rows, 0); }
//
//	static const int fruit_actions[] = { ACTION_EAT, ACTION_NONE };
//	const struct screen_ops fruit_screen = {
//		.name = "fruit", .help = "All the fruit there is", .size = sizeof(struct fruit),
//		.actions = fruit_actions,
//		.open = fruit_open, .close = fruit_close, .answer = fruit_answer,
//		.layout = fruit_layout, .draw = fruit_draw, .act = fruit_act,
//	};
//
// Its request to the database keeps s->serial (not s); when the rows arrive it calls
// screen_post(ui, serial, rows), which reaches fruit_answer() or, if the screen is gone, returns false.
// clang-format on

// Puts a screen on top. NULL: its open() refused, or the rights are missing; the person has been told.
struct screen *screen_open(struct ui *ui, const struct screen_ops *ops, const void *argument);

// Closes the screen and all above it, unasked, and opens another in its place. NULL: it could not be opened;
// the person was told, and the old ones stay.
struct screen *screen_replace(struct screen *s, const struct screen_ops *ops, const void *argument);

// Closes the screen and all above it, unasked. Its loads no longer count as waited for; cancel() is called
// for them.
void screen_close(struct screen *s);

// Closes the screen, after a question if something is unsaved.
void screen_close_asking(struct screen *s);

// Gives an answer to the screen of that serial; false: it is gone, and the answer stays with the caller. In
// both cases the caller keeps owning it.
bool screen_post(struct ui *ui, uint32_t serial, void *answer);
struct screen *screen_find(struct ui *ui, uint32_t serial);

// A load begins ("members") or has ended. After 0.3 s of waiting a spinner shows it.
void screen_wait(struct screen *s, const char *what);
void screen_waited(struct screen *s);

// Says something on the message line; it stays until the next key.
void screen_say(struct screen *s, enum role role, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

// Name for the breadcrumb. Returns out.
const char *screen_title(const struct screen *s, char *out, size_t size);
#endif
