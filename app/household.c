// The verbs household ...: opening one, who belongs to it and how, what it has, its end.
#include "app/output.h"
#include "app/verb.h"
#include "model/member/household.h"

#include <stdio.h>
#include <string.h>

static int done(const struct arguments *arguments, const struct ask *ask, const char *what)
{
	struct result *result;
	int status = verb_ask(arguments, ask, &result);
	if (status == 0)
		puts(what);
	result_free(result);
	return status;
}

static struct household_terms terms_of(const struct arguments *arguments)
{
	const char *may_redeem = option_value(arguments, "may-redeem");
	return (struct household_terms){
		.role = option_value(arguments, "role"),
		.percent = option_value(arguments, "percent"),
		.may_redeem = !may_redeem                      ? NULL
			      : strcmp(may_redeem, "yes") == 0 ? "true"
							       : "false",
	};
}

int household_create_verb(const struct arguments *arguments)
{
	const char *percent = option_value(arguments, "percent");
	struct ask ask;
	household_create(&ask, arguments->operands[0], arguments->operands[1], percent ? percent : "100");
	struct result *number;
	int status = verb_ask(arguments, &ask, &number);
	if (status == 0)
		printf("household %s\n", result_text(number, 0, 0));
	result_free(number);
	return status;
}

int household_add_verb(const struct arguments *arguments)
{
	struct household_terms terms = terms_of(arguments);
	struct ask ask;
	terms.role = terms.role ? terms.role : "adult";
	terms.percent = terms.percent ? terms.percent : "100";
	household_add(&ask, arguments->operands[0], arguments->operands[1], &terms);
	return done(arguments, &ask, "added");
}

int household_set_verb(const struct arguments *arguments)
{
	struct household_terms terms = terms_of(arguments);
	struct ask ask;
	if (!terms.role && !terms.percent && !terms.may_redeem)
		return verb_misused(
			"household set", "say what is to change: --role, --percent or --may-redeem");
	household_set(&ask, arguments->operands[0], &terms);
	return done(arguments, &ask, "changed");
}

int household_remove_verb(const struct arguments *arguments)
{
	struct ask ask;
	household_remove(&ask, arguments->operands[0]);
	return done(arguments, &ask, "removed; what was shared stays with the household");
}

int household_close_verb(const struct arguments *arguments)
{
	struct ask ask;
	household_close(&ask, arguments->operands[0]);
	return done(arguments, &ask, "closed; what it has goes to its head");
}

int household_show_verb(const struct arguments *arguments)
{
	struct ask ask;
	household_show(&ask, arguments->operands[0]);
	struct result *rows;
	int status = verb_ask(arguments, &ask, &rows);
	if (status != 0)
		return status;
	if (result_rows(rows) == 0 && arguments->format == FORMAT_TEXT)
		puts("no household");
	else
		output_table(stdout, arguments->format, rows);
	result_free(rows);
	return 0;
}
