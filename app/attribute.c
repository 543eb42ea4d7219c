// The verbs attribute declare, attribute list and attribute drop.
#include "app/output.h"
#include "app/verb.h"
#include "model/member/own_attribute.h"

#include <stdio.h>

static int tell(const struct arguments *arguments, const struct ask *ask, const char *done)
{
	struct result *result;
	int status = verb_ask(arguments, ask, &result);
	if (status == 0)
		puts(done);
	result_free(result);
	return status;
}

int attribute_declare_verb(const struct arguments *arguments)
{
	struct ask ask;
	own_attribute_declare(&ask, &(struct own_declaration){.code = arguments->operands[0],
					    .type = arguments->count > 1 ? arguments->operands[1] : NULL,
					    .name = option_value(arguments, "name"),
					    .decimals = option_value(arguments, "decimals"),
					    .choices = option_value(arguments, "choices"),
					    .is_personal = option_value(arguments, "personal"),
					    .seen_by = option_value(arguments, "seen-by")});
	return tell(arguments, &ask, "declared");
}

int attribute_drop_verb(const struct arguments *arguments)
{
	struct ask ask;
	own_attribute_drop(&ask, arguments->operands[0]);
	return tell(arguments, &ask, "dropped");
}

int attribute_list_verb(const struct arguments *arguments)
{
	struct ask ask;
	struct result *rows;
	own_attribute_declared(&ask);
	int status = verb_ask(arguments, &ask, &rows);
	if (status != 0)
		return status;
	if (result_rows(rows) == 0 && arguments->format == FORMAT_TEXT)
		puts("none is declared");
	else
		output_table(stdout, arguments->format, rows);
	result_free(rows);
	return 0;
}
