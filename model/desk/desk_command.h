// What is done to cases and to the desk from the command line: one statement a verb, and where its values come from.
#ifndef MODEL_DESK_DESK_COMMAND_H
#define MODEL_DESK_DESK_COMMAND_H
#include <stdbool.h>

enum { DESK_COMMAND_VALUES = 9 };
struct desk_command {
	const char *verb, *sql;
	// Of $1, $2 ...: "1" is the first operand, "+2" the second and all after it with blanks between, "&2" the same with
	// \x1f between, "-group" an option, "=" a key made for this call (model/ask.h). NULL where none is given.
	const char *values[DESK_COMMAND_VALUES];
	bool is_table;    // the answer is printed as a table; else `done` is, or the answer's one value in its place for %s
	const char *done;
};
extern const struct desk_command DESK_COMMANDS[]; // verb NULL ends them
#endif
