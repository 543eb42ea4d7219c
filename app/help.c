// Help, manual page and shell completion, all made from the tables of verbs and options.
#include "app/help.h"

#include <string.h>

enum { WIDTH = 80 };

static const char INTRODUCTION[] =
	"loyalty is a back office for a customer loyalty programme: members, points, cases.";
static const char AFTERWORD[] = "Without a verb the screens open. Options may stand before or after the verb.";

static const struct status {
	int status;
	const char *help;
} STATUSES[] = {
	{0, "done"},
	{1, "it failed, was refused, or a check found something"},
	{2, "wrong use: unknown verb, option or value, or a mistake in the configuration"},
	{3, "the database cannot be reached"},
};

static const char *const ENVIRONMENT[][2] = {
	{"LOYALTY_DATABASE", "as --database"},
	{"PGHOST, PGPORT, PGUSER, PGDATABASE, PGSERVICE ...", "as for psql"},
	{"NO_COLOR", "as --no-color, when not empty"},
	{"XDG_CONFIG_HOME", "where to look for loyalty/loyalty.conf, instead of ~/.config"},
};

// Text in lines of WIDTH, all but the first indented.
static void wrap(FILE *out, const char *text, int column, int indent)
{
	for (bool is_first = true; *text; is_first = false) {
		int word = (int)strcspn(text, " ");
		if (!is_first && column + 1 + word > WIDTH) {
			fprintf(out, "\n%*s", indent, "");
			column = indent;
		} else if (!is_first) {
			fputc(' ', out);
			column++;
		}
		fprintf(out, "%.*s", word, text);
		column += word;
		text += word;
		text += *text == ' ';
	}
	fputc('\n', out);
}

static void item_write(FILE *out, const char *name, const char *help)
{
	enum { INDENT = 30 };
	int length = (int)strlen(name) + 2;
	fprintf(out, "  %s", name);
	if (length + 1 >= INDENT)
		fprintf(out, "\n%*s", INDENT, "");
	else
		fprintf(out, "%*s", INDENT - length, "");
	wrap(out, help, INDENT, INDENT);
}

static const char *option_spell(const struct option *option, char *out, size_t size)
{
	snprintf(out, size, "--%s%s%s", option->name, option->value ? " " : "", option->value ? option->value : "");
	return out;
}

static void options_write(FILE *out, const char *title, const struct option *options)
{
	char name[80];
	fprintf(out, "\n%s:\n", title);
	for (; options && options->name; options++)
		item_write(out, option_spell(options, name, sizeof name), options->help);
}

static const char *verb_spell(const struct verb *verb, char *out, size_t size)
{
	snprintf(out, size, "%s%s%s", verb->name, *verb->name && *verb->operands ? " " : "", verb->operands);
	return out;
}

static void verb_write(FILE *out, const struct verb *verb)
{
	char name[120];
	fprintf(out, "usage: loyalty [OPTION...] %s\n\n", verb_spell(verb, name, sizeof name));
	wrap(out, verb->help, 0, 0);
	if (verb->details) {
		fputc('\n', out);
		wrap(out, verb->details, 0, 0);
	}
	if (verb->options)
		options_write(out, "options", verb->options);
}

static bool is_in_group(const struct verb *verb, const char *group)
{
	return !group || (strncmp(verb->name, group, strlen(group)) == 0 && strchr(" ", verb->name[strlen(group)]));
}

static void verbs_write(FILE *out, const char *group)
{
	char name[120];
	for (const struct verb *v = VERBS; v->name; v++)
		if (*v->name && is_in_group(v, group))
			item_write(out, verb_spell(v, name, sizeof name), v->help);
}

static void program_write(FILE *out)
{
	fputs("usage: loyalty [OPTION...] [VERB ...]\n\n", out);
	wrap(out, INTRODUCTION, 0, 0);
	wrap(out, AFTERWORD, 0, 0);
	fputs("\nverbs:\n", out);
	verbs_write(out, NULL);
	options_write(out, "options", GLOBAL_OPTIONS);
	fputs("\nexit status:\n", out);
	for (size_t i = 0; i < sizeof STATUSES / sizeof *STATUSES; i++) {
		char number[8];
		snprintf(number, sizeof number, "%d", STATUSES[i].status);
		item_write(out, number, STATUSES[i].help);
	}
	fputs("\nloyalty VERB --help tells more about one verb.\n", out);
}

void help_write(FILE *out, const struct verb *verb, const char *group)
{
	if (verb) {
		verb_write(out, verb);
		fputs("\nloyalty --help lists the options that every verb takes.\n", out);
	} else if (group) {
		fprintf(out, "usage: loyalty [OPTION...] %s ...\n\n", group);
		verbs_write(out, group);
		fprintf(out, "\nloyalty %s ... --help tells more about one of them.\n", group);
	} else {
		program_write(out);
	}
}

// Backslashes and dashes mean something in troff, and so does a dot at the beginning of a line.
static void troff_write(FILE *out, const char *text)
{
	if (*text == '.' || *text == '\'')
		fputs("\\&", out);
	for (; *text; text++) {
		if (*text == '\\')
			fputs("\\e", out);
		else if (*text == '-')
			fputs("\\-", out);
		else
			fputc(*text, out);
	}
}

static void man_item_write(FILE *out, const char *name, const char *help)
{
	fputs(".TP\n\\fB", out);
	troff_write(out, name);
	fputs("\\fR\n", out);
	troff_write(out, help);
	fputc('\n', out);
}

static void man_options_write(FILE *out, const struct option *options)
{
	char name[80];
	for (; options && options->name; options++)
		man_item_write(out, option_spell(options, name, sizeof name), options->help);
}

static void man_verb_write(FILE *out, const struct verb *verb)
{
	char name[120];
	man_item_write(out, verb_spell(verb, name, sizeof name), verb->help);
	if (verb->details) {
		fputs(".IP\n", out);
		troff_write(out, verb->details);
		fputc('\n', out);
	}
	if (verb->options) {
		fputs(".RS\n", out);
		man_options_write(out, verb->options);
		fputs(".RE\n", out);
	}
}

void help_write_man(FILE *out)
{
	fputs(".TH LOYALTY 1 \"\" \"loyalty " LOYALTY_VERSION "\"\n.SH NAME\nloyalty \\- back office for a customer "
	      "loyalty programme\n.SH SYNOPSIS\n.B loyalty\n[\\fIOPTION\\fR...] [\\fIVERB\\fR ...]\n.SH DESCRIPTION\n",
		out);
	troff_write(out, INTRODUCTION);
	fputc('\n', out);
	troff_write(out, AFTERWORD);
	fputs("\n.SH OPTIONS\n", out);
	man_options_write(out, GLOBAL_OPTIONS);
	fputs(".SH VERBS\n", out);
	for (const struct verb *v = VERBS; v->name; v++)
		if (*v->name)
			man_verb_write(out, v);
	fputs(".SH EXIT STATUS\n", out);
	for (size_t i = 0; i < sizeof STATUSES / sizeof *STATUSES; i++) {
		char number[8];
		snprintf(number, sizeof number, "%d", STATUSES[i].status);
		man_item_write(out, number, STATUSES[i].help);
	}
	fputs(".SH ENVIRONMENT\n", out);
	for (size_t i = 0; i < sizeof ENVIRONMENT / sizeof *ENVIRONMENT; i++)
		man_item_write(out, ENVIRONMENT[i][0], ENVIRONMENT[i][1]);
	fputs(".SH FILES\n", out);
	man_item_write(out, "~/.config/loyalty/loyalty.conf, /etc/loyalty.conf",
		"the configuration; the first that exists is read");
}
