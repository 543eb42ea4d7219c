// The command line: reads options and configuration, then runs the verb.
#include "app/arguments.h"
#include "app/config.h"
#include "app/help.h"
#include "app/tui.h"
#include "app/verb.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int help_show(const struct arguments *arguments)
{
	const char *first = arguments->count > 0 ? arguments->operands[0] : NULL;
	if (!arguments->verb && first && !verb_is_group(first))
		return verb_misused(first, "there is no such verb");
	help_write(stdout, arguments->verb && *arguments->verb->name ? arguments->verb : NULL, first);
	return 0;
}

// What is answered without a verb: true when it was, with its exit status.
static bool question_answer(const struct arguments *arguments, int *status)
{
	const char *shell = option_value(arguments, "completion");
	*status = 0;
	if (option_given(arguments, "help"))
		*status = help_show(arguments);
	else if (option_given(arguments, "version"))
		puts("loyalty " LOYALTY_VERSION);
	else if (option_given(arguments, "man"))
		help_write_man(stdout);
	else if (shell && strcmp(shell, "zsh") == 0)
		help_write_zsh(stdout);
	else if (shell)
		help_write_bash(stdout);
	else
		return false;
	return true;
}

static const char *not_empty(const char *text)
{
	return text && *text ? text : NULL;
}

static void settings_join(struct arguments *arguments, const struct config *config)
{
	const char *format = option_value(arguments, "format"), *database = option_value(arguments, "database");
	if (!database)
		database = not_empty(getenv("LOYALTY_DATABASE"));
	arguments->config = config;
	arguments->database = database ? database : config->database;
	arguments->format = !format || *format == 't' ? FORMAT_TEXT
			    : *format == 'j'          ? FORMAT_JSON
			    : *format == 'c'          ? FORMAT_CSV
						      : FORMAT_HTML;
	arguments->read_only = option_given(arguments, "read-only") || config->read_only;
	arguments->no_color = option_given(arguments, "no-color") || not_empty(getenv("NO_COLOR"));
	arguments->ascii = option_given(arguments, "ascii") || config->ascii;
}

static int config_show(const struct config *config)
{
	struct error error = {0};
	struct mail_settings mail = config_mail(config);
	if (!tui_check_keys(config, &error) || !mail_check(&mail, &error))
		return verb_failed(&error);
	printf("%s%s\n", config->file ? config->file : "no configuration file",
		config->file ? ": no mistakes" : " found; every setting has its default");
	return 0;
}

static int run(struct arguments *arguments, int count, char *const *words)
{
	struct config config = {0};
	struct error error = {0};
	int status;
	if (!arguments_read(arguments, count, words, &error))
		return verb_failed(&error);
	if (question_answer(arguments, &status))
		return status;
	if (!config_load(&config, option_value(arguments, "config"), &error)) {
		status = verb_failed(&error);
	} else if (option_given(arguments, "check-config")) {
		status = config_show(&config);
	} else {
		settings_join(arguments, &config);
		status = arguments->verb->run(arguments);
	}
	config_free(&config);
	return status;
}

// A full disk or a closed pipe behind standard output is a failure too.
static int output_close(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	fprintf(stderr, "loyalty: the output could not be written; look whether the disk is full\n");
	return status ? status : 1;
}

int main(int argc, char **argv)
{
	struct arguments arguments = {0};
	setlocale(LC_CTYPE, "");
	signal(SIGPIPE, SIG_IGN);
	int status = run(&arguments, argc - 1, argv + 1);
	arguments_free(&arguments);
	return output_close(status);
}
