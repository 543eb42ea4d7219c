// The toolkit put together: terminal, loop and stack of screens; frames are drawn and keys dispatched here.
#ifndef UI_UI_H
#define UI_UI_H
#include "screens/ui/loop.h"
#include "screens/ui/screen.h"
#include "screens/ui/status.h"
#include "screens/ui/term.h"

#include <stdbool.h>

// A command of the program's own for the ":" line, such as "member 123". Every action is a command too, and
// so are :q (close), :qa (leave) and :help.
struct ui_command {
	const char *name, *help;
	void (*run)(struct ui *ui, const char *argument); // "" if none was typed; borrowed
};

struct ui_options {
	struct term_options term;
	const char *theme;                 // NULL: dark
	const struct ui_command *commands; // ended by a name of NULL; borrowed until ui_free()
	const struct key_setting *keys;    // ended by an action of NULL
	const struct screen_ops *const
		*screens;         // all there are, ended by NULL: their keys are checked for conflicts
	const char *history_file; // what was typed at ":", kept between sessions; NULL: not kept
	unsigned rights;          // what screen_ops.rights and those of actions are compared with
	void *program;            // for the screens, as ui->program
};

struct ui {
	struct loop loop;
	struct status status;
	struct screen *top; // NULL before the first screen_open() and after the last is closed
	uint32_t last_serial;
	int count; // typed before a key, 0: none
	const struct ui_command *commands;
	const char *history_file;
	unsigned rights;
	void *program;
};

enum { UI_HEIGHT_MIN = 10, UI_WIDTH_MIN = 60 };

// Opens the terminal. False: problem tells why, nothing is left to free. Order of use: actions_add(),
// ui_init(), screen_open() of the first screen, ui_run(), ui_free().
bool ui_init(struct ui *ui, const struct ui_options *options, struct term_problem *problem);
void ui_free(struct ui *ui); // closes all screens and the terminal

// Runs until someone leaves. On LOOP_SIGNAL, ui->loop.signal tells which; after ui_free() the program should
// die of it, so that its parent knows.
enum loop_end ui_run(struct ui *ui);

// Leaves, after a question if a screen holds unsaved work.
void ui_quit(struct ui *ui);

// On the message line until the next key.
void ui_say(struct ui *ui, enum role role, const char *format, ...) __attribute__((format(printf, 3, 4)));

// Has the action done as if its key had been pressed on the top screen.
void ui_act(struct ui *ui, int action, int count);

// Runs what was typed after ":".
void ui_command_run(struct ui *ui, const char *line);

// Puts text into the clipboard and says so.
void ui_copy(struct ui *ui, const char *what, const char *text);

// The room of a screen with such an overlay, at the terminal's present size.
struct area ui_area(const struct ui *ui, enum overlay overlay);
#endif
