// The verbs case ... and desk ...: each is one statement of the model's table.
#include "app/output.h"
#include "app/verb.h"
#include "model/ask.h"
#include "model/desk/desk_command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MOST = 24000 };

static const struct desk_command *command_of(const struct arguments *arguments)
{
	const struct desk_command *command = DESK_COMMANDS;
	while (command->verb && strcmp(command->verb, arguments->verb->name) != 0)
		command++;
	return command;
}

// The operands from one on, with `between` between them. Static: one verb has one such value.
static const char *joined(const struct arguments *arguments, int from, char between)
{
	static char text[TEXT_MOST];
	size_t used = 0;
	text[0] = 0;
	for (int i = from; i < arguments->count && used < sizeof text; i++)
		used += (size_t)snprintf(
			text + used, sizeof text - used, "%.*s%s", i > from, &between, arguments->operands[i]);
	return arguments->count > from ? text : NULL;
}

static const char *value_of(const struct arguments *arguments, const char *from, char key[KEY_SIZE])
{
	int operand = atoi(from + (*from == '+' || *from == '&')) - 1;
	switch (*from) {
	case '-':
		return option_value(arguments, from + 1);
	case '=':
		return ask_key(key) ? key : NULL;
	case '+':
		return joined(arguments, operand, ' ');
	case '&':
		return joined(arguments, operand, '\x1f');
	default:
		return operand < arguments->count ? arguments->operands[operand] : NULL;
	}
}

int desk_verb(const struct arguments *arguments)
{
	const struct desk_command *command = command_of(arguments);
	char key[KEY_SIZE];
	struct ask ask;
	struct result *result;
	ask_init(&ask, command->sql);
	for (int i = 0; i < DESK_COMMAND_VALUES && command->values[i]; i++)
		ask_text(&ask, value_of(arguments, command->values[i], key));
	if (command->is_table)
		return verb_ask_table(arguments, &ask);
	int status = verb_ask(arguments, &ask, &result);
	if (status == 0)
		puts(strcmp(command->done, "%s") == 0 ? result_text(result, 0, 0) : command->done);
	result_free(result);
	return status;
}
