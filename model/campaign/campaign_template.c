// Templates among the embedded files, changed where a campaign of one's own differs.
#include "model/campaign/campaign_template.h"

#include "db/embedded.h"
#include "model/campaign/campaign_sheet.h"
#include <stdio.h>
#include <string.h>

static const char FOLDER[] = "db/campaigns/", ENDING[] = ".conf";
enum { NAME_SIZE = 40 };

// The name within a path of the folder; false: it is another file.
static bool name_of(const char *path, char name[NAME_SIZE])
{
	size_t length = strlen(path);
	if (strncmp(path, FOLDER, strlen(FOLDER)) != 0 || length < strlen(FOLDER) + strlen(ENDING))
		return false;
	snprintf(name, NAME_SIZE, "%.*s", (int)(length - strlen(FOLDER) - strlen(ENDING)),
		path + strlen(FOLDER));
	return true;
}

const char *const *campaign_template_names(void)
{
	static char names[CAMPAIGN_TEMPLATES_MOST][NAME_SIZE];
	static const char *list[CAMPAIGN_TEMPLATES_MOST + 1];
	int count = 0;
	for (const struct embedded_file *file = embedded_files; file->path && count < CAMPAIGN_TEMPLATES_MOST;
		file++)
		if (name_of(file->path, names[count])) {
			list[count] = names[count];
			count++;
		}
	list[count] = NULL;
	return list;
}

static bool change(struct sheet *sheet, const char *path, const char *value)
{
	for (int i = 0; i < SHEET_SETTINGS; i++)
		if (strcmp(SHEET[i].path, path) == 0)
			return sheet_set(sheet, (struct sheet_place){-1, i}, value);
	return false;
}

char *campaign_template(
	const char *template, const char *code, const char *name, day_t first_day, const struct facts *facts)
{
	char path[sizeof FOLDER + NAME_SIZE + sizeof ENDING], why[SHEET_FAULT], from[DAY_SIZE], to[DAY_SIZE];
	const struct fact *currency = facts_main_currency(facts);
	struct sheet sheet;
	struct sheet_place fault;
	char *text = NULL;
	snprintf(path, sizeof path, "%s%.*s%s", FOLDER, NAME_SIZE, template, ENDING);
	const struct embedded_file *file = embedded_find(path);
	if (!file || !sheet_read(&sheet, file->text, file->length, why))
		return NULL;
	if (change(&sheet, "code", code) && change(&sheet, "name", name) &&
		change(&sheet, "start", day_format(first_day, from)) &&
		change(&sheet, "end", day_format(day_add_months(first_day, 12) - 1, to)) &&
		(!currency || change(&sheet, "currency", currency->code)))
		text = sheet_write(&sheet, &fault, why);
	sheet_free(&sheet);
	return text;
}
