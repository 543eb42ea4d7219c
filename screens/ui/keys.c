// Bytes and curses codes to inputs; getch() bytes with a decoder of our own, because get_wch() loses split
// characters.
#include "screens/ui/keys.h"

#include "screens/ui/text.h"

#include <curses.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// A sequence whose bytes come later than this after its Esc was typed by a person.
enum { SEQUENCE_PATIENCE_MS = 200 };

static const struct {
	int code;
	uint32_t key;
} curses_keys[] = {
	{KEY_UP, NAMED_UP},
	{KEY_DOWN, NAMED_DOWN},
	{KEY_LEFT, NAMED_LEFT},
	{KEY_RIGHT, NAMED_RIGHT},
	{KEY_HOME, NAMED_HOME},
	{KEY_FIND, NAMED_HOME},
	{KEY_END, NAMED_END},
	{KEY_SELECT, NAMED_END},
	{KEY_PPAGE, NAMED_PAGE_UP},
	{KEY_NPAGE, NAMED_PAGE_DOWN},
	{KEY_IC, NAMED_INSERT},
	{KEY_DC, NAMED_DELETE},
	{KEY_BACKSPACE, NAMED_BACKSPACE},
	{KEY_ENTER, NAMED_ENTER},
	{KEY_BTAB, NAMED_BACK_TAB},
};

static const struct {
	uint32_t key;
	const char *name;
} key_names[] = {
	{NAMED_UP, "Up"},
	{NAMED_DOWN, "Down"},
	{NAMED_LEFT, "Left"},
	{NAMED_RIGHT, "Right"},
	{NAMED_HOME, "Home"},
	{NAMED_END, "End"},
	{NAMED_PAGE_UP, "PgUp"},
	{NAMED_PAGE_DOWN, "PgDn"},
	{NAMED_INSERT, "Insert"},
	{NAMED_DELETE, "Delete"},
	{NAMED_BACKSPACE, "Backspace"},
	{NAMED_ENTER, "Enter"},
	{NAMED_TAB, "Tab"},
	{NAMED_BACK_TAB, "S-Tab"},
	{NAMED_ESCAPE, "Esc"},
	{' ', "Space"},
};

int keys_code_sync(void)
{
	return KEY_MAX + 1;
}

int keys_code_paste_begin(void)
{
	return KEY_MAX + 2;
}

int keys_code_paste_end(void)
{
	return KEY_MAX + 3;
}

void keys_free(struct keys *k)
{
	free(k->paste);
	*k = (struct keys){0};
}

static void give(struct keys *k, struct input input)
{
	if (k->queued < (int)(sizeof k->queue / sizeof k->queue[0]))
		k->queue[k->queued++] = input;
}

static void give_key(struct keys *k, uint32_t key)
{
	give(k, (struct input){.kind = INPUT_KEY, .key = key});
}

static void give_character(struct keys *k, uint32_t ch)
{
	switch (ch) {
	case '\r':
	case '\n':
		give_key(k, NAMED_ENTER);
		break;
	case '\t':
		give_key(k, NAMED_TAB);
		break;
	case 8:
	case 127:
		give_key(k, NAMED_BACKSPACE);
		break;
	default:
		give_key(k, ch);
	}
}

static void give_partial_up(struct keys *k)
{
	if (k->partial_bytes)
		give_character(k, TEXT_REPLACEMENT);
	k->partial_bytes = 0;
}

static void give_escape(struct keys *k, int64_t now_ms)
{
	k->sequence = SEQUENCE_NONE;
	k->sequence_ms = now_ms;
	give_key(k, NAMED_ESCAPE);
}

static size_t whole_length(unsigned char lead)
{
	return lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 1;
}

static void feed_text(struct keys *k, unsigned char byte)
{
	bool continues = (byte & 0xc0) == 0x80;

	if (k->partial_bytes && !continues)
		give_partial_up(k);
	k->partial[k->partial_bytes++] = (char)byte;
	size_t whole = whole_length((unsigned char)k->partial[0]);
	if (k->partial_bytes < whole)
		return;
	const char *at = k->partial;
	give_character(k, text_decode(&at, k->partial + k->partial_bytes));
	k->partial_bytes = 0;
}

// True if the byte belongs to an escape sequence curses does not know; such a sequence is swallowed whole, so
// that its letters are never taken for commands.
static bool feed_sequence(struct keys *k, int byte, int64_t now_ms)
{
	bool late = now_ms - k->sequence_ms > SEQUENCE_PATIENCE_MS;

	if (k->sequence == SEQUENCE_ESCAPE || (k->sequence == SEQUENCE_NONE && k->sequence_ms && !late)) {
		if (byte == '[' || byte == 'O') {
			k->sequence = byte == '[' ? SEQUENCE_CSI : SEQUENCE_SS3;
			k->sequence_ms = now_ms;
			return true;
		}
		if (k->sequence == SEQUENCE_ESCAPE)
			give_escape(k, now_ms);
		k->sequence_ms = 0;
		return false;
	}
	if (k->sequence == SEQUENCE_NONE)
		return false;
	bool ends = k->sequence == SEQUENCE_SS3 || (byte >= 0x40 && byte <= 0x7e);
	if (late || byte < 0x20 || byte > 0x7e || ends)
		k->sequence = SEQUENCE_NONE;
	if (late || byte < 0x20 || byte > 0x7e)
		return false;
	k->sequence_ms = ends ? 0 : now_ms;
	if (ends)
		give(k, (struct input){.kind = INPUT_UNKNOWN});
	return true;
}

static void feed_paste(struct keys *k, int byte, int64_t now_ms)
{
	k->paste_ms = now_ms;
	if (k->paste_bytes == PASTE_BYTES_MAX)
		return;
	if (k->paste_bytes == k->paste_capacity) {
		size_t capacity = k->paste_capacity ? 2 * k->paste_capacity : 4096;
		char *bigger = realloc(k->paste, capacity);
		if (!bigger)
			return;
		k->paste = bigger;
		k->paste_capacity = capacity;
	}
	k->paste[k->paste_bytes++] = (char)byte;
}

static void end_paste(struct keys *k)
{
	k->pasting = false;
	if (k->paste_bytes)
		give(k, (struct input){.kind = INPUT_PASTE, .text = k->paste, .bytes = k->paste_bytes});
}

static void feed_code(struct keys *k, int code, int64_t now_ms)
{
	if (code == keys_code_paste_begin()) {
		k->pasting = true;
		k->paste_bytes = 0;
		k->paste_ms = now_ms;
	} else if (code == keys_code_sync()) {
		give(k, (struct input){.kind = INPUT_SYNC});
	} else if (code == KEY_MOUSE) {
		give(k, (struct input){.kind = INPUT_MOUSE});
	} else if (code >= KEY_F(1) && code <= KEY_F(12)) {
		give_key(k, NAMED_F1 + (uint32_t)(code - KEY_F(1)));
	} else {
		for (size_t i = 0; i < sizeof curses_keys / sizeof curses_keys[0]; i++)
			if (curses_keys[i].code == code) {
				give_key(k, curses_keys[i].key);
				return;
			}
		if (code != KEY_RESIZE && code != keys_code_paste_end())
			give(k, (struct input){.kind = INPUT_UNKNOWN});
	}
}

void keys_feed(struct keys *k, int code, int64_t now_ms)
{
	if (k->pasting && code == keys_code_paste_end()) {
		end_paste(k);
	} else if (k->pasting && code != keys_code_sync()) {
		if (code < 256)
			feed_paste(k, code, now_ms);
	} else if (code >= 256) {
		give_partial_up(k);
		if (k->sequence == SEQUENCE_ESCAPE)
			give_escape(k, now_ms);
		k->sequence = SEQUENCE_NONE;
		k->sequence_ms = 0;
		feed_code(k, code, now_ms);
	} else if (!feed_sequence(k, code, now_ms)) {
		if (code == 27) {
			give_partial_up(k);
			k->sequence = SEQUENCE_ESCAPE;
			k->sequence_ms = now_ms;
		} else {
			feed_text(k, (unsigned char)code);
		}
	}
}

void keys_flush(struct keys *k, int64_t now_ms)
{
	if (k->sequence == SEQUENCE_ESCAPE)
		give_escape(k, now_ms);
	if (k->pasting && now_ms - k->paste_ms >= PASTE_PATIENCE_MS)
		end_paste(k);
}

bool keys_next(struct keys *k, struct input *input)
{
	if (!k->queued)
		return false;
	*input = k->queue[0];
	k->queued--;
	memmove(k->queue, k->queue + 1, (size_t)k->queued * sizeof k->queue[0]);
	return true;
}

int keys_wait_ms(const struct keys *k, int64_t now_ms)
{
	if (!k->pasting)
		return -1;
	int64_t left = k->paste_ms + PASTE_PATIENCE_MS - now_ms;
	return left < 0 ? 0 : (int)left;
}

const char *key_label(uint32_t key, char out[KEY_NAME_MAX])
{
	for (size_t i = 0; i < sizeof key_names / sizeof key_names[0]; i++)
		if (key_names[i].key == key)
			return strcpy(out, key_names[i].name);
	if (key >= NAMED_F1 && key <= NAMED_F12)
		snprintf(out, KEY_NAME_MAX, "F%u", key - NAMED_F1 + 1);
	else if (key >= 1 && key <= 26)
		snprintf(out, KEY_NAME_MAX, "C-%c", (char)('a' + key - 1));
	else if (key < ' ')
		snprintf(out, KEY_NAME_MAX, "C-%c", (char)('@' + key));
	else
		out[text_encode(key, out)] = 0;
	return out;
}

bool key_parse(const char *name, size_t bytes, uint32_t *key)
{
	const char *at = name, *end = name + bytes;

	for (size_t i = 0; i < sizeof key_names / sizeof key_names[0]; i++)
		if (strlen(key_names[i].name) == bytes && !strncasecmp(key_names[i].name, name, bytes)) {
			*key = key_names[i].key;
			return true;
		}
	if (bytes == 3 && (name[0] == 'C' || name[0] == '^') && name[1] == '-' && name[2] >= 'a' &&
		name[2] <= 'z') {
		*key = (uint32_t)(name[2] - 'a' + 1);
		return true;
	}
	if (bytes >= 2 && bytes <= 3 && name[0] == 'F' && name[1] >= '1' && name[1] <= '9') {
		int number = atoi(name + 1);
		*key = NAMED_F1 + (uint32_t)number - 1;
		return number <= 12;
	}
	if (!bytes)
		return false;
	*key = text_decode(&at, end);
	return at == end && *key > ' ' && *key != TEXT_REPLACEMENT;
}
