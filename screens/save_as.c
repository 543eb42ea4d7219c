// The name of a file to be written.
#include "screens/save_as.h"

#include "screens/ui/dialog.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void replace_confirmed(struct screen *asker, void *payload)
{
	struct save_as *ask = payload;
	ask->done(asker, ask->file);
}

static void name_typed(struct screen *asker, const char *text, void *payload)
{
	struct save_as *ask = payload;
	const char *home = strncmp(text, "~/", 2) == 0 ? getenv("HOME") : NULL;
	char line[SAVE_AS_MOST + 40];
	struct stat there;
	if (!*text)
		return;
	snprintf(ask->file, sizeof ask->file, "%.*s%s", SAVE_AS_MOST / 2, home ? home : "", home ? text + 1 : text);
	if (stat(ask->file, &there) != 0) {
		ask->done(asker, ask->file);
		return;
	}
	if (!S_ISREG(there.st_mode)) {
		screen_say(asker, ROLE_WARNING, "%s is no file that can be written; give a file's name", ask->file);
		return;
	}
	snprintf(line, sizeof line, "%s is there already.", ask->file);
	dialog_confirm(asker, &(struct question){.title = "Replace the file?", .text = line, .yes = "Replace"},
		replace_confirmed, ask);
}

void save_as_ask(struct screen *asker, struct save_as *ask, const char *label, const char *start,
	void (*done)(struct screen *asker, const char *file))
{
	ask->done = done;
	ask->prompt = (struct prompt_spec){
		.label = label, .start = start, .max = SAVE_AS_MOST / 2, .history = "file", .done = name_typed};
	prompt_open(asker, &ask->prompt, ask);
	ask->prompt.start = NULL; // it was copied
}
