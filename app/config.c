// Reads loyalty.conf against a table of settings, so that no mistake in it goes unnoticed.
#include "app/config.h"

#include <libconfig.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum setting_kind { SETTING_TEXT, SETTING_NUMBER, SETTING_SWITCH };

static const struct setting {
	const char *name;
	enum setting_kind kind;
	size_t offset;
	const char *text;    // default of a text
	int number;          // default of a number or switch
	int least, most;     // of a number; of a text: how many bytes
	const char *choices; // of a text, separated by |; NULL: any
} SETTINGS[] = {
	{"database", SETTING_TEXT, offsetof(struct config, database), "", .most = 1000},
	{"environment", SETTING_TEXT, offsetof(struct config, environment), "", .most = 20},
	{"theme", SETTING_TEXT, offsetof(struct config, theme), "dark", .choices = "dark|light|mono"},
	{"csv_delimiter", SETTING_TEXT, offsetof(struct config, csv_delimiter), ",", .choices = ",|;|\t"},
	{"refresh_seconds", SETTING_NUMBER, offsetof(struct config, refresh_seconds), .number = 0, .most = 3600},
	{"import_chunk", SETTING_NUMBER, offsetof(struct config, import_chunk), .number = 20000, .least = 100,
		.most = 1000000},
	{"night_hours", SETTING_NUMBER, offsetof(struct config, night_hours), .number = 0, .most = 23},
	{"mail.command", SETTING_TEXT, offsetof(struct config, mail_command), "", .most = 1000},
	{"mail.from", SETTING_TEXT, offsetof(struct config, mail_from), "", .most = 400},
	{"mail.unsubscribe", SETTING_TEXT, offsetof(struct config, mail_unsubscribe), "", .most = 400},
	{"mail.seconds", SETTING_NUMBER, offsetof(struct config, mail_seconds), .number = 60, .least = 1, .most = 600},
	{"reports", SETTING_TEXT, offsetof(struct config, reports), "", .most = 900},
	{"ascii", SETTING_SWITCH, offsetof(struct config, ascii), .number = false},
	{"mouse", SETTING_SWITCH, offsetof(struct config, mouse), .number = false},
	{"read_only", SETTING_SWITCH, offsetof(struct config, read_only), .number = false},
	{.name = NULL},
};

static void *setting_place(struct config *config, const struct setting *setting)
{
	return (char *)config + setting->offset;
}

static bool text_store(char **place, const char *text, struct error *error)
{
	char *own = strdup(text);
	if (!own)
		return error_set(error, ERROR_FAILED, "out of memory", "", "%s", "");
	free(*place);
	*place = own;
	return true;
}

static bool defaults_store(struct config *config, struct error *error)
{
	for (const struct setting *s = SETTINGS; s->name; s++) {
		void *place = setting_place(config, s);
		if (s->kind == SETTING_TEXT && !text_store(place, s->text, error))
			return false;
		if (s->kind == SETTING_NUMBER)
			*(int *)place = s->number;
		if (s->kind == SETTING_SWITCH)
			*(bool *)place = s->number;
	}
	return true;
}

static bool refuse(const config_setting_t *at, struct error *error, const char *allowed)
{
	char what[sizeof error->what];
	const char *name = config_setting_name(at);
	const char *file = config_setting_source_file(at);
	snprintf(what, sizeof what, "%.100s:%u: %s%s", file ? file : "loyalty.conf",
		config_setting_source_line(at), name ? "setting " : "a value in a list", name ? name : "");
	return error_set(error, ERROR_USAGE, what, "the sample loyalty.conf describes every setting", "%s", allowed);
}

static bool is_choice(const char *choices, const char *text)
{
	size_t length = strlen(text);
	for (const char *at = choices; at; at = strchr(at, '|') ? strchr(at, '|') + 1 : NULL)
		if (strcspn(at, "|") == length && strncmp(at, text, length) == 0)
			return true;
	return false;
}

static bool text_read(const struct setting *s, const config_setting_t *at, char **place, struct error *error)
{
	char allowed[200];
	const char *text = config_setting_get_string(at);
	if (!text)
		return refuse(at, error, "it is a text: put it in double quotes");
	snprintf(allowed, sizeof allowed, "it is one of: %s", s->choices ? s->choices : "");
	if (s->choices && !is_choice(s->choices, text))
		return refuse(at, error, allowed);
	snprintf(allowed, sizeof allowed, "it may have at most %d bytes", s->most);
	if (!s->choices && strlen(text) > (size_t)s->most)
		return refuse(at, error, allowed);
	if (place && strcmp(s->name, "database") == 0 && strcasestr(text, "password"))
		return refuse(at, error, "a password has no place here; put it into ~/.pgpass");
	return text_store(place, text, error);
}

static bool setting_read(
	struct config *config, const struct setting *s, const config_setting_t *at, struct error *error)
{
	void *place = setting_place(config, s);
	char allowed[100];
	switch (s->kind) {
	case SETTING_TEXT:
		return text_read(s, at, place, error);
	case SETTING_SWITCH:
		if (config_setting_type(at) != CONFIG_TYPE_BOOL)
			return refuse(at, error, "it is true or false");
		*(bool *)place = config_setting_get_bool(at);
		return true;
	case SETTING_NUMBER:
		break;
	}
	snprintf(allowed, sizeof allowed, "it is a whole number from %d to %d", s->least, s->most);
	int number = config_setting_get_int(at);
	if (config_setting_type(at) != CONFIG_TYPE_INT || number < s->least || number > s->most)
		return refuse(at, error, allowed);
	*(int *)place = number;
	return true;
}

static bool key_names_read(struct config_key *key, const config_setting_t *names, struct error *error)
{
	if (!config_setting_is_array(names))
		return refuse(names, error, "it is an array of key names: [ \"g\", \"F5\" ]");
	int count = config_setting_length(names);
	key->keys = calloc((size_t)count + 1, sizeof *key->keys);
	if (!key->keys)
		return error_set(error, ERROR_FAILED, "out of memory", "", "%s", "");
	for (int i = 0; i < count; i++) {
		const char *name = config_setting_get_string_elem(names, i);
		if (!name || !*name)
			return refuse(names, error, "it is an array of key names: [ \"g\", \"F5\" ]");
		if (!text_store(&key->keys[i], name, error))
			return false;
	}
	return true;
}

static bool key_member_read(struct config_key *key, const config_setting_t *at, struct error *error)
{
	const char *name = config_setting_name(at), *text = config_setting_get_string(at);
	if (strcmp(name, "keys") == 0)
		return key_names_read(key, at, error);
	if (strcmp(name, "action") != 0)
		return refuse(at, error, "a binding has: action, keys");
	if (!text)
		return refuse(at, error, "it is a text: put it in double quotes");
	return text_store(&key->action, text, error);
}

static bool key_read(struct config_key *key, const config_setting_t *at, struct error *error)
{
	key->line = (int)config_setting_source_line(at);
	if (!config_setting_is_group(at))
		return refuse(at, error, "it is { action = \"...\"; keys = [ \"...\" ]; }");
	for (int i = 0; i < config_setting_length(at); i++)
		if (!key_member_read(key, config_setting_get_elem(at, (unsigned)i), error))
			return false;
	if (!key->action || !key->keys)
		return refuse(at, error, "a binding needs action and keys");
	return true;
}

static bool keys_read(struct config *config, const config_setting_t *list, struct error *error)
{
	if (!config_setting_is_list(list))
		return refuse(list, error, "it is a list: keys = ( { action = \"...\"; keys = [ \"...\" ]; } )");
	int count = config_setting_length(list);
	config->keys = calloc((size_t)count + 1, sizeof *config->keys);
	if (!config->keys)
		return error_set(error, ERROR_FAILED, "out of memory", "", "%s", "");
	for (; config->key_count < count; config->key_count++) {
		struct config_key *key = &config->keys[config->key_count];
		if (!key_read(key, config_setting_get_elem(list, (unsigned)config->key_count), error)) {
			config->key_count++; // what it holds so far is to be freed
			return false;
		}
	}
	return true;
}

// One setting, or a group of them, whose names begin with its own and a dot.
static bool any_read(
	struct config *config, const config_setting_t *at, const char *prefix, struct error *error)
{
	char name[64];
	const struct setting *s = SETTINGS;
	bool is_group = config_setting_is_group(at) && !*prefix;
	snprintf(name, sizeof name, "%s%.40s%s", prefix, config_setting_name(at), is_group ? "." : "");
	while (s->name && (is_group ? strncmp(s->name, name, strlen(name)) : strcmp(s->name, name)) != 0)
		s++;
	if (!s->name)
		return refuse(at, error, "there is no such setting");
	for (int i = 0; is_group && i < config_setting_length(at); i++)
		if (!any_read(config, config_setting_get_elem(at, (unsigned)i), name, error))
			return false;
	return is_group || setting_read(config, s, at, error);
}

static bool root_read(struct config *config, const config_setting_t *root, struct error *error)
{
	for (int i = 0; i < config_setting_length(root); i++) {
		const config_setting_t *at = config_setting_get_elem(root, (unsigned)i);
		bool is_keys = strcmp(config_setting_name(at), "keys") == 0;
		if (!(is_keys ? keys_read(config, at, error) : any_read(config, at, "", error)))
			return false;
	}
	return true;
}

static bool file_read(struct config *config, const char *file, struct error *error)
{
	config_t document;
	char what[sizeof error->what];
	bool is_good;
	config_init(&document);
	if (config_read_file(&document, file)) {
		is_good = root_read(config, config_root_setting(&document), error);
	} else if (config_error_type(&document) == CONFIG_ERR_FILE_IO) {
		snprintf(what, sizeof what, "the configuration %.120s cannot be read", file);
		is_good = error_set(error, ERROR_USAGE, what, "check its name and its rights", "%s",
			access(file, R_OK) == 0 ? "it is no plain file" : "it is not there, or not for you");
	} else {
		const char *where = config_error_file(&document);
		snprintf(what, sizeof what, "%.120s:%d", where ? where : file, config_error_line(&document));
		is_good = error_set(error, ERROR_USAGE, what, "the sample loyalty.conf shows how settings are written",
			"%s", config_error_text(&document));
	}
	config_destroy(&document);
	return is_good;
}

// The file to read when none is named, in out; false when there is none.
static bool file_find(char *out, size_t size)
{
	const char *folder = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	if (folder && *folder)
		snprintf(out, size, "%s/loyalty/loyalty.conf", folder);
	else
		snprintf(out, size, "%s/.config/loyalty/loyalty.conf", home ? home : "");
	if (access(out, F_OK) == 0)
		return true;
	snprintf(out, size, "/etc/loyalty.conf");
	return access(out, F_OK) == 0;
}

bool config_load(struct config *config, const char *file, struct error *error)
{
	char found[4096];
	*config = (struct config){0};
	if (!defaults_store(config, error))
		return false;
	if (!file && !file_find(found, sizeof found))
		return true;
	return text_store(&config->file, file ? file : found, error) && file_read(config, config->file, error);
}

static void key_free(struct config_key *key)
{
	for (char **name = key->keys; name && *name; name++)
		free(*name);
	free(key->keys);
	free(key->action);
}

void config_free(struct config *config)
{
	for (const struct setting *s = SETTINGS; s->name; s++)
		if (s->kind == SETTING_TEXT)
			free(*(char **)setting_place(config, s));
	for (int i = 0; i < config->key_count; i++)
		key_free(&config->keys[i]);
	free(config->keys);
	free(config->file);
	*config = (struct config){0};
}

struct mail_settings config_mail(const struct config *config)
{
	return (struct mail_settings){.command = config->mail_command,
		.from = config->mail_from,
		.unsubscribe = config->mail_unsubscribe,
		.seconds = config->mail_seconds};
}
