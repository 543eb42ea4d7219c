// Reads the command line against the tables of options and verbs.
#include "app/arguments.h"
#include "model/engine/day.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct option NO_OPTIONS[] = {{.name = NULL}};

static const struct option *options_of(const struct verb *verb)
{
	return verb && verb->options ? verb->options : NO_OPTIONS;
}

static const struct option *option_find(const struct option *options, const char *name, size_t length)
{
	for (; options->name; options++)
		if (strlen(options->name) == length && strncmp(options->name, name, length) == 0)
			return options;
	return NULL;
}

// Before the verb is known: an option of any verb. One name takes a value everywhere or nowhere.
static const struct option *option_find_anywhere(const char *name, size_t length)
{
	const struct option *found = option_find(GLOBAL_OPTIONS, name, length);
	for (const struct verb *v = VERBS; v->name && !found; v++)
		found = option_find(options_of(v), name, length);
	return found;
}

const struct verb *verb_find(const char *name)
{
	for (const struct verb *v = VERBS; v->name; v++)
		if (strcmp(v->name, name) == 0)
			return v;
	return NULL;
}

bool verb_is_group(const char *word)
{
	size_t length = strlen(word);
	for (const struct verb *v = VERBS; v->name && length; v++)
		if (strncmp(v->name, word, length) == 0 && v->name[length] == ' ')
			return true;
	return false;
}

static bool misuse(struct error *error, const char *what, const char *why)
{
	return error_set(error, ERROR_USAGE, what, "see loyalty --help", "%s", why);
}

static bool is_choice(const char *choices, const char *text)
{
	size_t length = strlen(text);
	for (const char *at = choices; at; at = strchr(at, '|') ? strchr(at, '|') + 1 : NULL)
		if (length && strcspn(at, "|") == length && strncmp(at, text, length) == 0)
			return true;
	return false;
}

static bool is_number(const char *text)
{
	char *end;
	errno = 0;
	strtoll(text, &end, 10);
	return isdigit((unsigned char)*text) && !*end && errno == 0;
}

static bool value_check(const struct option *option, const char *value, struct error *error)
{
	char what[100], why[200];
	day_t day;
	snprintf(what, sizeof what, "option --%s", option->name);
	snprintf(why, sizeof why, "it is one of %s", option->value ? option->value : "");
	if (option->kind == OPTION_CHOICE && !is_choice(option->value, value))
		return misuse(error, what, why);
	if (option->kind == OPTION_NUMBER && !is_number(value))
		return misuse(error, what, "it is a whole number");
	if (option->kind == OPTION_DAY && !day_parse(value, &day))
		return misuse(error, what, "it is a day: YYYY-MM-DD");
	if (option->kind != OPTION_SWITCH && option->kind != OPTION_TEXT && !*value)
		return misuse(error, what, "its value is empty");
	return true;
}

// Takes the option words[*at], moving *at over a value that stands apart.
static bool option_take(
	struct arguments *arguments, int count, char *const *words, int *at, struct error *error)
{
	const char *name = words[*at] + 2, *value = "", *equals = strchr(name, '=');
	size_t length = equals ? (size_t)(equals - name) : strlen(name);
	const struct option *option = option_find_anywhere(name, length);
	char what[sizeof error->what];
	snprintf(what, sizeof what, "option %.100s", words[*at]);
	if (!option)
		return misuse(error, what, "there is no such option");
	if (option->kind == OPTION_SWITCH && equals)
		return misuse(error, what, "it takes no value");
	if (equals)
		value = equals + 1;
	else if (option->kind != OPTION_SWITCH && *at + 1 >= count)
		return misuse(error, what, "its value is missing");
	else if (option->kind != OPTION_SWITCH)
		value = words[++*at];
	arguments->given[arguments->given_count++] = (struct given_option){option, value};
	return value_check(option, value, error);
}

static bool words_sort(struct arguments *arguments, int count, char *const *words, const char **operands,
	struct error *error)
{
	bool is_ended = false;
	for (int i = 0; i < count; i++) {
		char what[sizeof error->what];
		snprintf(what, sizeof what, "option %.100s", words[i]);
		if (is_ended || words[i][0] != '-' || !words[i][1])
			operands[arguments->count++] = words[i];
		else if (strcmp(words[i], "--") == 0)
			is_ended = true;
		else if (words[i][1] != '-')
			return misuse(error, what, "options begin with two dashes");
		else if (!option_take(arguments, count, words, &i, error))
			return false;
	}
	return true;
}

// "find, show" of a group, for messages.
static const char *group_members(const char *group, char *out, size_t size)
{
	size_t length = strlen(group), used = 0;
	out[0] = '\0';
	for (const struct verb *v = VERBS; v->name && used < size; v++)
		if (strncmp(v->name, group, length) == 0 && v->name[length] == ' ')
			used += (size_t)snprintf(
				out + used, size - used, "%s%s", used ? ", " : "", v->name + length + 1);
	return out;
}

static bool verb_choose(struct arguments *arguments, struct error *error)
{
	char name[64] = "", why[200] = "there is no such verb", list[160];
	const char *first = arguments->count > 0 ? arguments->operands[0] : "";
	const char *second = arguments->count > 1 ? arguments->operands[1] : "";
	if (verb_is_group(first) && *second) {
		snprintf(name, sizeof name, "%s %s", first, second);
		arguments->verb = verb_find(name);
	}
	if (arguments->verb) {
		arguments->operands += 2;
		arguments->count -= 2;
		return true;
	}
	arguments->verb = verb_find(first);
	if (arguments->verb) {
		arguments->operands += *first != '\0';
		arguments->count -= *first != '\0';
		return true;
	}
	if (verb_is_group(first))
		snprintf(why, sizeof why, "it wants one of: %s", group_members(first, list, sizeof list));
	snprintf(name, sizeof name, "%.60s", *first ? first : "no verb");
	return option_given(arguments, "help") || (!*first && option_given(arguments, "version")) ||
	       misuse(error, name, *first ? why : "nothing to do");
}

// What answers by itself and needs no operands.
static bool is_question(const struct arguments *arguments)
{
	return option_given(arguments, "help") || option_given(arguments, "version") ||
	       option_given(arguments, "man") || option_given(arguments, "completion") ||
	       option_given(arguments, "check-config");
}

static bool verb_fits(const struct arguments *arguments, struct error *error)
{
	const struct verb *verb = arguments->verb;
	char what[sizeof error->what], why[sizeof error->why];
	for (int i = 0; i < arguments->given_count; i++) {
		const char *name = arguments->given[i].option->name;
		snprintf(what, sizeof what, "option --%s", name);
		snprintf(why, sizeof why, "%s takes no such option", *verb->name ? verb->name : "loyalty without a verb");
		if (!option_find(GLOBAL_OPTIONS, name, strlen(name)) &&
			!option_find(options_of(verb), name, strlen(name)))
			return misuse(error, what, why);
		if (!verb_has_page(verb) && strcmp(name, "format") == 0 && strcmp(arguments->given[i].value, "html") == 0)
			return misuse(error, what, "only reports are written as pages");
	}
	snprintf(what, sizeof what, "loyalty %s", verb->name);
	snprintf(why, sizeof why, "usage: loyalty %s%s%s", verb->name, *verb->operands ? " " : "", verb->operands);
	if (arguments->count < verb->least || (verb->most >= 0 && arguments->count > verb->most))
		return misuse(error, what, why);
	return true;
}

bool arguments_read(struct arguments *arguments, int count, char *const *words, struct error *error)
{
	const char **operands = calloc((size_t)count + 1, sizeof *operands);
	struct given_option *given = calloc((size_t)count + 1, sizeof *given);
	*arguments = (struct arguments){.operands = operands, .words = operands, .given = given};
	if (!operands || !given)
		return error_set(error, ERROR_FAILED, "out of memory", "", "%s", "");
	if (!words_sort(arguments, count, words, operands, error))
		return false;
	if (is_question(arguments) && arguments->count == 0)
		return true;
	if (!verb_choose(arguments, error))
		return false;
	return is_question(arguments) || verb_fits(arguments, error);
}

void arguments_free(struct arguments *arguments)
{
	free(arguments->words);
	free(arguments->given);
	*arguments = (struct arguments){0};
}

const char *option_next(const struct arguments *arguments, const char *name, int *at)
{
	while (*at < arguments->given_count) {
		const struct given_option *given = &arguments->given[(*at)++];
		if (strcmp(given->option->name, name) == 0)
			return given->value;
	}
	return NULL;
}

const char *option_value(const struct arguments *arguments, const char *name)
{
	const char *value = NULL;
	int at = 0;
	for (const char *next; (next = option_next(arguments, name, &at)) != NULL;)
		value = next;
	return value;
}

bool option_given(const struct arguments *arguments, const char *name)
{
	return option_value(arguments, name) != NULL;
}

long long option_number(const struct arguments *arguments, const char *name, long long fallback)
{
	const char *value = option_value(arguments, name);
	return value ? strtoll(value, NULL, 10) : fallback;
}
