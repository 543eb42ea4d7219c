// Reads the document a survey is made of against a table of its settings.
#include "app/survey_document.h"
#include "app/output.h"
#include "model/engine/day.h"

#include <libconfig.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum kind { TEXT, NUMBER, SWITCH, DAY, PERCENT, TEXTS };

static const struct setting {
	const char *name, *column; // column: of the table of surveys
	enum kind kind;
	bool is_required;
} SETTINGS[] = {
	{"code", "code", TEXT, true},
	{"name", "name", TEXT, true},
	{"kind", "kind", TEXT, true},
	{"question", "questions", TEXTS, true},
	{"transactional", "is_transactional", SWITCH, false},
	{"ask_promoter", "ask_promoter", TEXT, false},
	{"ask_passive", "ask_passive", TEXT, false},
	{"ask_detractor", "ask_detractor", TEXT, false},
	{"opens", "opens_on", DAY, false},
	{"closes", "closes_on", DAY, false},
	{"window_days", "window_days", NUMBER, false},
	{"cooldown_days", "cooldown_days", NUMBER, false},
	{"link_days", "link_days", NUMBER, false},
	{"sample", "sample", PERCENT, false},
	{"quota", "quota", NUMBER, false},
	{"case_at_most", "case_at_most", NUMBER, false},
	{"case_priority", "case_priority", NUMBER, false},
	{"case_owner", "case_owner", TEXT, false},
	{"case_group", "case_group", TEXT, false},
};
enum { SETTING_COUNT = sizeof SETTINGS / sizeof *SETTINGS };

static bool refuse(const config_setting_t *at, const char *file, struct error *error, const char *allowed)
{
	char what[sizeof error->what];
	const char *name = config_setting_name(at);
	snprintf(what, sizeof what, "%.90s:%u: %.40s", file, config_setting_source_line(at), name ? name : "a text");
	return error_set(error, ERROR_USAGE, what, "see loyalty survey create --help", "%s", allowed);
}

static const struct setting *setting_find(const char *name)
{
	for (int i = 0; i < SETTING_COUNT; i++)
		if (strcmp(SETTINGS[i].name, name) == 0)
			return &SETTINGS[i];
	return NULL;
}

// A question is a text, or a list of them.
static bool texts_write(FILE *json, const config_setting_t *at, const char *file, struct error *error)
{
	const char *text = config_setting_get_string(at);
	int count = text ? 1 : config_setting_length(at);
	if (!text && !config_setting_is_list(at) && !config_setting_is_array(at))
		return refuse(at, file, error, "it is a text, or a list of texts");
	for (int i = 0; i < count; i++) {
		const char *one = text ? text : config_setting_get_string_elem(at, i);
		if (!one)
			return refuse(at, file, error, "it is a text, or a list of texts");
		fputs(i ? ", " : "[", json);
		output_json_text(json, one);
	}
	fputc(']', json);
	return true;
}

static bool text_write(FILE *json, const struct setting *setting, const config_setting_t *at, const char *file, struct error *error)
{
	const char *text = config_setting_get_string(at);
	day_t day;
	if (!text)
		return refuse(at, file, error, setting->kind == PERCENT ? "it is per cent, in quotes: \"12.5\"" : "it is a text, in quotes");
	if (setting->kind == DAY && !day_parse(text, &day))
		return refuse(at, file, error, "it is a day, as \"2026-11-22\"");
	if (setting->kind == PERCENT && (!*text || text[strspn(text, "0123456789.")]))
		return refuse(at, file, error, "it is per cent, in quotes: \"12.5\"");
	output_json_text(json, text);
	return true;
}

static bool setting_write(FILE *json, const config_setting_t *at, const char *file, struct error *error)
{
	const struct setting *setting = setting_find(config_setting_name(at));
	if (!setting)
		return refuse(at, file, error, "a survey has no such setting");
	output_json_text(json, setting->column);
	fputs(": ", json);
	switch (setting->kind) {
	case TEXTS:
		return texts_write(json, at, file, error);
	case NUMBER:
		if (config_setting_type(at) != CONFIG_TYPE_INT)
			return refuse(at, file, error, "it is a whole number");
		fprintf(json, "%d", config_setting_get_int(at));
		return true;
	case SWITCH:
		if (config_setting_type(at) != CONFIG_TYPE_BOOL)
			return refuse(at, file, error, "it is true or false");
		fputs(config_setting_get_bool(at) ? "true" : "false", json);
		return true;
	default:
		return text_write(json, setting, at, file, error);
	}
}

static bool document_write(FILE *json, const config_t *config, const char *file, struct error *error)
{
	config_setting_t *root = config_root_setting(config);
	for (int i = 0; i < SETTING_COUNT; i++)
		if (SETTINGS[i].is_required && !config_setting_lookup(root, SETTINGS[i].name))
			return error_set(error, ERROR_USAGE, file, "see loyalty survey create --help", "the setting %s is missing",
				SETTINGS[i].name);
	fputc('{', json);
	for (int i = 0; i < config_setting_length(root); i++) {
		fputs(i ? ", " : "", json);
		if (!setting_write(json, config_setting_get_elem(root, (unsigned)i), file, error))
			return false;
	}
	fputc('}', json);
	return true;
}

static bool file_read(config_t *config, const char *file, struct error *error)
{
	char what[sizeof error->what];
	if (config_read_file(config, file))
		return true;
	snprintf(what, sizeof what, "%.140s", file);
	if (config_error_type(config) == CONFIG_ERR_FILE_IO)
		return error_set(error, ERROR_FAILED, what, "check its name", "it cannot be read");
	return error_set(error, ERROR_USAGE, what, "see loyalty survey create --help", "line %d: %s", config_error_line(config),
		config_error_text(config));
}

char *survey_document_read(const char *file, struct error *error)
{
	config_t config;
	char *text = NULL;
	size_t length;
	FILE *json = open_memstream(&text, &length);
	config_init(&config);
	bool is_good = json ? file_read(&config, file, error) && document_write(json, &config, file, error)
			    : error_set(error, ERROR_FAILED, "out of memory", "", "%s", "");
	config_destroy(&config);
	if (json && fclose(json) != 0)
		is_good = error_set(error, ERROR_FAILED, "out of memory", "", "%s", "");
	if (is_good)
		return text;
	free(text);
	return NULL;
}
