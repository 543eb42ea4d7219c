// Drives a program through a pseudo-terminal and looks at the screen it makes, cell by cell.
#ifndef TESTS_TUI_VT_H
#define TESTS_TUI_VT_H
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <vterm.h>

// The program gets LOYALTY_SYNC=1, so that vt_sync() can tell when every key sent before is handled and
// drawn: no test needs to sleep. Its parent in the session is a small process that only waits, so that
// stopping it (Ctrl-Z) works as under a shell.
struct vt {
	pid_t pid;    // of the program
	pid_t parent; // the process that waits for it
	bool ended;   // the program was seen to end
	int fd;       // the master's end; -1 after the other end closed
	int status;   // wait status, valid after vt_wait_exit()
	int report;   // pipe on which the parent reports pid and status
	VTerm *term;
	VTermScreen *screen;
	bool altscreen, cursor; // as the program set them
	int mouse, bells, syncs;
	long bytes; // written by the program so far
	char *raw;  // the last bytes written, for searching
	size_t raw_bytes;
	char osc[1024]; // the last OSC string that was not ours
};

enum { VT_RAW_MAX = 1 << 16, VT_PATIENCE_MS = 30000 };

// environment: "NAME=value" or "NAME" (unset), ended by NULL; NULL: as it is. Never NULL: ends the test on
// failure.
struct vt *vt_open(char *const argv[], const char *const *environment, int rows, int columns);
void vt_close(struct vt *vt); // kills, reaps, frees

void vt_send(struct vt *vt, const char *text);
void vt_send_bytes(struct vt *vt, const char *bytes, size_t count);
void vt_key(struct vt *vt, VTermKey key); // as a terminal in its present mode would send it

// False: no answer in time. Every key sent before is handled, every load has ended, and the frame is on the
// screen.
bool vt_sync(struct vt *vt);
bool vt_pump(struct vt *vt, int ms); // takes what is there; false if nothing came
bool vt_wait_text(struct vt *vt, const char *text);
bool vt_wait_no_text(struct vt *vt, const char *text);
bool vt_wait_exit(struct vt *vt);
bool vt_has_ended(struct vt *vt);    // without waiting
bool vt_wait_stopped(struct vt *vt); // by a stop signal
void vt_hang_up(struct vt *vt);      // the terminal goes away

// The kernel tells the program by SIGWINCH.
void vt_resize(struct vt *vt, int rows, int columns);

const char *vt_row(struct vt *vt, int row); // UTF-8 without trailing blanks; borrowed until the next call
bool vt_find(struct vt *vt, const char *text, int *row, int *column); // column in cells
VTermScreenCell vt_cell(struct vt *vt, int row, int column);
void vt_cursor(struct vt *vt, int *row, int *column);
bool vt_tidy(const struct vt *vt);                     // main screen, cursor visible, modes off
bool vt_wrote(const struct vt *vt, const char *bytes); // among the last VT_RAW_MAX bytes
void vt_print(struct vt *vt);                          // the screen on standard error, for a failing test
#endif
