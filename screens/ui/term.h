// The terminal: entering and leaving it, whatever happens in between; its size, colours, modes and clipboard.
#ifndef UI_TERM_H
#define UI_TERM_H
#include <stdbool.h>
#include <stddef.h>

// There is one terminal, so its state is the module's own. From term_open() on, the terminal is put right on
// every way out: term_close(), exit(), fatal signals. Standard error is kept apart meanwhile and shown
// afterwards.

struct term_options {
	bool no_color; // also when NO_COLOR is set and not empty
	bool ascii;    // lines, bars and dots from ASCII only
	bool mouse;    // off by default: capturing it kills the terminal's own selection
	bool sync;     // answer the tests' sync key
};

// Why the terminal cannot be used; texts without a final full stop.
struct term_problem {
	char what[96], why[160], todo[160];
};

// False: no terminal, or one that cannot move its cursor; nothing was changed.
bool term_open(const struct term_options *options, struct term_problem *problem);
void term_close(void); // harmless when not open

// Asks the terminal for its size and follows it; true if it changed.
bool term_resize(void);
void term_size(int *height, int *width);

// Gives the terminal back to the shell and stops until continued, as Ctrl-Z does.
void term_suspend(void);

// Takes the terminal again after something else drew on it; the next frame is drawn whole.
void term_resume(void);
void term_redraw(void);

// The next code typed, or -1: nothing at present. Codes are what keys_feed() takes.
int term_read(void);

// The next mouse event since the last KEY_MOUSE code, oldest first; false when there are no more.
bool term_mouse_next(int *y, int *x, int *button);

// Whether output would be taken now; if not, a frame is better skipped.
bool term_writable(void);

// The terminal is gone (closed, or its program died).
bool term_gone(void);

// Puts text into the clipboard of the terminal (OSC 52, through tmux and screen). False if it is too long.
enum { TERM_COPY_MAX = 74994 }; // bytes in base64, what terminals are known to take
bool term_copy(const char *text, size_t bytes);

void term_set_mouse(bool on);
bool term_mouse(void);
bool term_ascii(void);
int term_colors(void); // 0: none, else how many
void term_answer_sync(void);
void term_beep(void);

// The fd the terminal is read from, for poll().
int term_fd(void);
#endif
