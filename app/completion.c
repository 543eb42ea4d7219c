// Completion scripts for bash and zsh, made from the tables of verbs and options.
#include "app/help.h"

#include <string.h>

static void option_words(FILE *out, const struct option *options)
{
	for (; options && options->name; options++)
		fprintf(out, " --%s", options->name);
}

// The first words of all verbs, each once: verbs of one group stand together in the table.
static void first_words(FILE *out)
{
	const char *last = "";
	for (const struct verb *v = VERBS; v->name; v++) {
		size_t length = strcspn(v->name, " ");
		if (length && (strncmp(last, v->name, length) != 0 || last[length] != ' '))
			fprintf(out, " %.*s", (int)length, v->name);
		last = v->name;
	}
}

static void group_words(FILE *out, const char *group, size_t length)
{
	for (const struct verb *v = VERBS; v->name; v++)
		if (strncmp(v->name, group, length) == 0 && v->name[length] == ' ')
			fprintf(out, " %s", v->name + length + 1);
}

// case lines that tell, for the words typed so far, what may come next.
static void cases_write(FILE *out)
{
	const char *last = "";
	for (const struct verb *v = VERBS; v->name; v++) {
		size_t length = strcspn(v->name, " ");
		bool is_new = strncmp(last, v->name, length) != 0 || last[length] != ' ';
		if (v->name[length] && is_new) {
			fprintf(out, "\t\"%.*s\") next=\"", (int)length, v->name);
			group_words(out, v->name, length);
			fputs("\" ;;\n", out);
		}
		if (*v->name && v->options) {
			fprintf(out, "\t\"%s\"*) more=\"", v->name);
			option_words(out, v->options);
			fputs("\" ;;\n", out);
		}
		last = v->name;
	}
}

// Values of options: choices, or file names.
static void values_write(FILE *out, const struct option *options)
{
	for (; options && options->name; options++) {
		if (options->kind == OPTION_FILE)
			fprintf(out, "\t--%s) COMPREPLY=($(compgen -f -- \"$word\")); return ;;\n", options->name);
		if (options->kind != OPTION_CHOICE)
			continue;
		fprintf(out, "\t--%s) COMPREPLY=($(compgen -W \"", options->name);
		for (const char *at = options->value; *at; at++)
			fputc(*at == '|' ? ' ' : *at, out);
		fputs("\" -- \"$word\")); return ;;\n", out);
	}
}

void help_write_bash(FILE *out)
{
	fputs("# bash completion for loyalty; written by loyalty --completion bash\n_loyalty()\n{\n"
	      "\tlocal word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} verb= next= more= i\n"
	      "\tcase $before in\n",
		out);
	values_write(out, GLOBAL_OPTIONS);
	for (const struct verb *v = VERBS; v->name; v++)
		values_write(out, v->options);
	fputs("\tesac\n\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	      "\t\t[[ ${COMP_WORDS[i]} == -* ]] || verb=\"$verb${verb:+ }${COMP_WORDS[i]}\"\n\tdone\n"
	      "\tcase $verb in\n\t\"\") next=\"",
		out);
	first_words(out);
	fputs("\" more=\"", out);
	option_words(out, VERBS[0].options); // those of no verb
	fputs("\" ;;\n", out);
	cases_write(out);
	fputs("\tesac\n\tif [[ $word == -* ]]; then\n\t\tCOMPREPLY=($(compgen -W \"$more", out);
	option_words(out, GLOBAL_OPTIONS);
	fputs("\" -- \"$word\"))\n\telif [[ $next ]]; then\n\t\tCOMPREPLY=($(compgen -W \"$next\" -- \"$word\"))\n"
	      "\telse\n\t\tCOMPREPLY=($(compgen -f -- \"$word\"))\n\tfi\n}\ncomplete -o filenames -F _loyalty loyalty\n",
		out);
}

// zsh runs bash's completions by itself.
void help_write_zsh(FILE *out)
{
	fputs("#compdef loyalty\nautoload -U +X bashcompinit && bashcompinit\n", out);
	help_write_bash(out);
}
