// What a person does at the terminal, decoded: keys by code point or name, whole pastes, the mouse.
#ifndef UI_KEYS_H
#define UI_KEYS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A key is a character (Ctrl letters are 1..26) or one of the named keys, which lie above all characters.
enum {
	NAMED_KEY = 0x200000,
	NAMED_UP = NAMED_KEY,
	NAMED_DOWN,
	NAMED_LEFT,
	NAMED_RIGHT,
	NAMED_HOME,
	NAMED_END,
	NAMED_PAGE_UP,
	NAMED_PAGE_DOWN,
	NAMED_INSERT,
	NAMED_DELETE,
	NAMED_BACKSPACE,
	NAMED_ENTER,
	NAMED_TAB,
	NAMED_BACK_TAB,
	NAMED_ESCAPE,
	NAMED_F1,
	NAMED_F12 = NAMED_F1 + 11,
};

enum input_kind {
	INPUT_KEY,
	INPUT_PASTE,   // text, bytes: borrowed until the next keys_feed(); may hold anything, newlines too
	INPUT_MOUSE,   // y, x, button
	INPUT_SYNC,    // a test asks to be told when all before it is handled and shown
	INPUT_UNKNOWN, // an escape sequence no one knows
};

enum mouse_button { MOUSE_CLICK, MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN };

struct input {
	enum input_kind kind;
	uint32_t key;
	const char *text;
	size_t bytes;
	int y, x;
	enum mouse_button button;
};

// The decoder. It keeps characters that arrive in pieces, and waits with an Esc until it is clear that no
// sequence follows. Zero-initialised is ready; keys_free() ends it.
struct keys {
	char partial[4]; // bytes of a character not yet whole
	size_t partial_bytes;
	enum { SEQUENCE_NONE, SEQUENCE_ESCAPE, SEQUENCE_CSI, SEQUENCE_SS3 } sequence;
	int64_t sequence_ms; // when it began, or when an Esc was given out
	bool pasting;
	char *paste;
	size_t paste_bytes, paste_capacity;
	int64_t paste_ms;      // when its last byte came
	struct input queue[4]; // decoded, not yet taken
	int queued;
};

enum { PASTE_BYTES_MAX = 1 << 20, PASTE_PATIENCE_MS = 1000 };

void keys_free(struct keys *k);

// One code as getch() gives it: a byte or a curses key. Take what came of it with keys_next() before the next
// one.
void keys_feed(struct keys *k, int code, int64_t now_ms);

// Nothing more can be read at present: a lone Esc is an Esc, and a paste whose end got lost is ended.
void keys_flush(struct keys *k, int64_t now_ms);

bool keys_next(struct keys *k, struct input *input);

// Milliseconds until keys_flush() should be called again, -1 if never.
int keys_wait_ms(const struct keys *k, int64_t now_ms);

enum { KEY_NAME_MAX = 16 };

// "j", "C-r", "F5", "PgDn", "Space" for a key. Returns out.
const char *key_label(uint32_t key, char out[KEY_NAME_MAX]);

// The key that is called that; false if there is none.
bool key_parse(const char *name, size_t bytes, uint32_t *key);

// Curses' codes for the sequences term_open() defines itself.
int keys_code_sync(void);
int keys_code_paste_begin(void);
int keys_code_paste_end(void);
#endif
