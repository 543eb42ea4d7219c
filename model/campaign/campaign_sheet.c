// The settings of a campaign's sheet, and how a document becomes a sheet and a sheet a document.
#include "model/campaign/campaign_sheet.h"

#include "model/campaign/campaign_form.h"
#include "model/campaign/campaign_trigger.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PRIZE_TIER_AT = 4, PRIZE_MULTIPLIER_AT = 6 };
static const char NONE[] = "none"; // the word of a choice that is not written
static const char *const leap_words[] = {NONE, "feb28", "mar1", NULL};
static const char *const every_words[] = {NONE, "once", "day", "week", "month", NULL};
static const char *const answer_words[] = {NONE, "any", "promoter", "passive", "detractor", NULL};
static const char *const pace_words[] = {NONE, "even", NULL};
static const char *const message_words[] = {NONE, "email", NULL};

const struct sheet_setting SHEET[SHEET_SETTINGS] = {
	{"name", "Name", "As staff and, by {campaign}, members read it", .heading = "Campaign"},
	{"code", "Code", "Letters, digits and _; a campaign keeps it", .kind = SHEET_TEXT},
	{"start", "First day", "YYYY-MM-DD", .kind = SHEET_TEXT},
	{"end", "Last day", "YYYY-MM-DD", .kind = SHEET_TEXT},
	{"trigger.on", "On", "What brings a member's turn", .kind = SHEET_WORD, .words = trigger_words,
		.heading = "When"},
	{"trigger.leap", "29 February", "The day in years without one", .kind = SHEET_WORD,
		.words = leap_words},
	{"trigger.nth", "Which purchase", "1 is the first", .kind = SHEET_INTEGER},
	{"trigger.each", "Every so many", "Not this one alone but each multiple of it", .kind = SHEET_FLAG},
	{"trigger.ladder", "Ladder", "Its code", .kind = SHEET_TEXT},
	{"trigger.tier", "Tier reached", "Its code", .kind = SHEET_TEXT},
	{"trigger.days", "Days away", "A purchase after so many days without one", .kind = SHEET_INTEGER},
	{"trigger.survey", "Survey", "Its code", .kind = SHEET_TEXT},
	{"trigger.answer", "Answer", "promoter: 9 or 10 of an NPS; detractor: 0 to 6", .kind = SHEET_WORD,
		.words = answer_words},
	{"trigger.every", "Every", "From the first day on", .kind = SHEET_WORD, .words = every_words},
	{"audience", "Audience", "A condition as of segments; or: everybody", .heading = "Whom"},
	{"hold_out", "Held out, %", "Get nothing, so that the effect can be measured: 0 to 50",
		.kind = SHEET_TEXT},
	{"cooldown_days", "Days between", "Since a member's last surprise by any campaign",
		.kind = SHEET_INTEGER},
	{"currency", "Currency", "Of points; empty if no prize is points", .heading = "Prizes"},
	{"limits.member", "A member", "As: 1 per year, 3 ever", .kind = SHEET_LIMITS, .heading = "At most"},
	{"limits.total", "In total", "As: 500 per week, 10000 ever", .kind = SHEET_LIMITS},
	{"budget.points", "Points", "Never exceeded by one", .heading = "Budget"},
	{"budget.money", "Money", "By the cost of the prizes; never exceeded", .kind = SHEET_TEXT},
	{"budget.pace", "Pace", "even: released day by day", .kind = SHEET_WORD, .words = pace_words},
	{"stop.complaints", "Complaints", "So many of receivers pause it", .kind = SHEET_INTEGER,
		.heading = "Stops by itself"},
	{"stop.opt_outs", "Opt-outs", "So many of receivers pause it", .kind = SHEET_INTEGER},
	{"stop.nps_drop", "NPS drop", "So many points below the held out, and more than chance, pause it",
		.kind = SHEET_INTEGER},
	{"message.channel", "Sent by", "Only to those who consent to it", .kind = SHEET_WORD,
		.words = message_words, .heading = "Message"},
	{"message.subject", "Subject", "With places as {given_name|friend}, {points}, {reward}",
		.kind = SHEET_TEXT},
	{"message.body", "Text", "With places as {given_name|friend}, {points}, {reward}",
		.kind = SHEET_LINES},
};

const struct sheet_setting SHEET_PRIZE[SHEET_PRIZE_SETTINGS] = {
	{"id", "Prize", "Its code in this campaign", .kind = SHEET_TEXT},
	{"chance", "Chance, %", "All chances together make 100", .kind = SHEET_TEXT},
	{"points", "Points", "Or a reward, a tier, a multiplier, or nothing", .kind = SHEET_TEXT},
	{"reward", "Reward", "Its code", .kind = SHEET_TEXT},
	{"tier", "Tier", "For a time", .kind = SHEET_TEXT},
	{"ladder", "Ladder", "Whose tier it is", .kind = SHEET_TEXT},
	{"multiplier", "Multiplier", "2: purchases earn twice the currency for a time", .kind = SHEET_TEXT},
	{"days", "Days of it", "How long the tier or the multiplier lasts", .kind = SHEET_INTEGER},
	{"stock", "Stock", "How many there are; empty: no limit", .kind = SHEET_INTEGER},
	{"consolation", "If none left", "The prize given instead", .kind = SHEET_TEXT},
	{"cost", "Cost of one", "In money, as 0.50; counts against the budget", .kind = SHEET_TEXT},
};

// --- A document becomes a sheet.

static const struct node *node_at(const struct node *group, const char *path)
{
	char name[40];
	const char *point = strchr(path, '.');
	if (!point)
		return node_child(group, path);
	snprintf(name, sizeof name, "%.*s", (int)(point - path), path);
	return node_child(node_child(group, name), point + 1);
}

static void limits_print(FILE *out, const struct node *list)
{
	for (int i = 0; i < list->count; i++) {
		const char *per = node_text(node_child(&list->children[i], "per"), "");
		fprintf(out, "%s%" PRId64 "%s %s", i ? ", " : "",
			node_integer(node_child(&list->children[i], "count"), 0),
			strcmp(per, limit_period_words[LIMIT_EVER]) == 0 ? "" : " per", per);
	}
}

static char *value_of(const struct node *node, enum sheet_kind kind)
{
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);
	if (!out)
		return NULL;
	if (node && kind == SHEET_LIMITS)
		limits_print(out, node);
	else if (node && kind == SHEET_LINES)
		for (int i = 0; i < node->count; i++)
			fprintf(out, "%s\n", node->children[i].text);
	else if (node && node->type == NODE_STRING)
		fputs(node->text, out);
	else if (node && node->type == NODE_BOOLEAN)
		fputs(node->number ? "yes" : "no", out);
	else if (node)
		fprintf(out, "%" PRId64, node->number);
	else if (kind == SHEET_FLAG)
		fputs("no", out);
	return fclose(out) == 0 ? text : NULL;
}

static bool values_take(
	char *values[], const struct sheet_setting *settings, int count, const struct node *group)
{
	bool is_good = true;
	for (int i = 0; i < count; i++) {
		values[i] = value_of(node_at(group, settings[i].path), settings[i].kind);
		is_good &= values[i] != NULL;
	}
	return is_good;
}

static bool sheet_take(struct sheet *sheet, const struct node *group)
{
	const struct node *prizes = node_child(group, "prizes");
	bool is_good = values_take(sheet->values, SHEET, SHEET_SETTINGS, group);
	for (; sheet->prize_count < prizes->count; sheet->prize_count++)
		is_good &= values_take(sheet->prizes[sheet->prize_count], SHEET_PRIZE, SHEET_PRIZE_SETTINGS,
			&prizes->children[sheet->prize_count]);
	return is_good;
}

bool sheet_read(struct sheet *sheet, const char *text, size_t length, char why[SHEET_FAULT])
{
	struct document document;
	struct document_errors errors;
	bool is_good;
	*sheet = (struct sheet){0};
	document_errors_init(&errors);
	is_good = document_read(&document, "campaign", text, length, &errors);
	const struct node *group = is_good ? node_child(&document.root, "campaign") : NULL;
	if (is_good)
		form_check(&document, &document.root, campaign_document_fields);
	if (errors.count > 0)
		snprintf(why, SHEET_FAULT, "%s", errors.errors[0].text);
	else if (node_child(group, "prizes")->count > SHEET_PRIZES_MOST)
		snprintf(why, SHEET_FAULT, "it has more than %d prizes", SHEET_PRIZES_MOST);
	else if (sheet_take(sheet, group))
		why[0] = '\0';
	else
		snprintf(why, SHEET_FAULT, "out of memory");
	if (is_good)
		document_free(&document);
	document_errors_free(&errors);
	if (why[0])
		sheet_free(sheet);
	return why[0] == '\0';
}

void sheet_free(struct sheet *sheet)
{
	for (int i = 0; i < SHEET_SETTINGS; i++)
		free(sheet->values[i]);
	while (sheet->prize_count > 0)
		for (int i = (sheet->prize_count--, 0); i < SHEET_PRIZE_SETTINGS; i++)
			free(sheet->prizes[sheet->prize_count][i]);
	*sheet = (struct sheet){0};
}

// --- A sheet becomes a document.

static void string_print(FILE *out, const char *text, size_t length)
{
	fputc('"', out);
	for (size_t i = 0; i < length; i++)
		fprintf(out, text[i] == '"' || text[i] == '\\' ? "\\%c" : "%c", text[i]);
	fputc('"', out);
}

static void lines_print(FILE *out, const char *text)
{
	fputs("[", out);
	for (const char *line = text; *line;) {
		size_t length = strcspn(line, "\n");
		fputs(line == text ? " " : ",\n      ", out);
		string_print(out, line, length);
		line += length + (line[length] == '\n');
	}
	fputs(" ]", out);
}

// "1 per year, 3 ever"; "per" may stand before every word.
static bool limits_write(FILE *out, const char *text, char why[SHEET_FAULT])
{
	long long count;
	char word[12];
	int used;
	fputs("(", out);
	for (bool is_first = true; *text; is_first = false) {
		if (sscanf(text, " %9lld per %11[a-z]%n", &count, word, &used) != 2 &&
			(sscanf(text, " %9lld %11[a-z]%n", &count, word, &used) != 2 ||
				strcmp(word, "per") == 0)) {
			snprintf(why, SHEET_FAULT, "is written as: 1 per year, 3 ever");
			return false;
		}
		fprintf(out, "%s { count = %lld; per = \"%s\"; }", is_first ? "" : ",", count, word);
		text += used;
		text += strspn(text, " ");
		if (*text && *text++ != ',') {
			snprintf(why, SHEET_FAULT, "has commas between its limits");
			return false;
		}
	}
	fputs(" )", out);
	return true;
}

static bool is_written(const struct sheet *sheet, struct sheet_place place)
{
	const struct sheet_setting *setting =
		place.prize < 0 ? &SHEET[place.setting] : &SHEET_PRIZE[place.setting];
	const char *value = sheet_value(sheet, place);
	return *value && sheet_applies(sheet, place) &&
	       !(setting->kind == SHEET_WORD && strcmp(value, NONE) == 0) &&
	       !(setting->kind == SHEET_FLAG && strcmp(value, "no") == 0);
}

static bool is_digits(const char *text)
{
	size_t length = strlen(text);
	return length > 0 && length <= 9 && strspn(text, "0123456789") == length;
}

// What is not a number where one belongs is written as a string: who reads the document complains at the
// place.
static bool setting_write(
	FILE *out, const struct sheet_setting *setting, const char *value, char why[SHEET_FAULT])
{
	const char *name = strchr(setting->path, '.');
	fprintf(out, "%s = ", name ? name + 1 : setting->path);
	if (setting->kind == SHEET_LIMITS && !limits_write(out, value, why))
		return false;
	if (setting->kind == SHEET_LINES)
		lines_print(out, value);
	else if (setting->kind == SHEET_FLAG)
		fputs("true", out);
	else if (setting->kind == SHEET_INTEGER && is_digits(value))
		fputs(value, out);
	else if (setting->kind != SHEET_LIMITS)
		string_print(out, value, strlen(value));
	fputs(";", out);
	return true;
}

static void prizes_write(FILE *out, const struct sheet *sheet)
{
	char why[SHEET_FAULT];
	fputs("  prizes = (", out);
	for (int prize = 0; prize < sheet->prize_count; prize++) {
		fputs(prize ? ",\n    {" : "\n    {", out);
		for (int i = 0; i < SHEET_PRIZE_SETTINGS; i++)
			if (is_written(sheet, (struct sheet_place){prize, i})) {
				fputs(" ", out);
				setting_write(out, &SHEET_PRIZE[i], sheet->prizes[prize][i], why);
			}
		fputs(" }", out);
	}
	fputs(" );\n", out);
}

// A group's settings stand beside each other on the sheet.
static bool settings_write(
	FILE *out, const struct sheet *sheet, struct sheet_place *fault, char why[SHEET_FAULT])
{
	char group[40] = "", name[40];
	for (int i = 0; i <= SHEET_SETTINGS; i++) {
		const char *path = i < SHEET_SETTINGS ? SHEET[i].path : "";
		const char *point = strchr(path, '.');
		snprintf(name, sizeof name, "%.*s", point ? (int)(point - path) : 0, path);
		if (*group && strcmp(group, name) != 0) {
			fputs(" };\n", out);
			group[0] = '\0';
		}
		if (i == SHEET_PRIZES_AT)
			prizes_write(out, sheet);
		*fault = (struct sheet_place){-1, i};
		if (i == SHEET_SETTINGS || !is_written(sheet, *fault))
			continue;
		if (point && !*group)
			fprintf(out, "  %s = {", name);
		fputs(point ? " " : "  ", out);
		memcpy(group, name, sizeof group);
		if (!setting_write(out, &SHEET[i], sheet->values[i], why))
			return false;
		if (!point)
			fputs("\n", out);
	}
	return true;
}

char *sheet_write(const struct sheet *sheet, struct sheet_place *fault, char why[SHEET_FAULT])
{
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);
	*fault = (struct sheet_place){-1, -1};
	snprintf(why, SHEET_FAULT, "out of memory");
	if (!out)
		return NULL;
	fputs("campaign = {\n", out);
	bool is_good = settings_write(out, sheet, fault, why);
	fputs("};\n", out);
	if (fclose(out) == 0 && is_good)
		return text;
	free(text);
	return NULL;
}

// --- Changes.

const char *sheet_value(const struct sheet *sheet, struct sheet_place place)
{
	return place.prize < 0 ? sheet->values[place.setting] : sheet->prizes[place.prize][place.setting];
}

bool sheet_set(struct sheet *sheet, struct sheet_place place, const char *value)
{
	char **at =
		place.prize < 0 ? &sheet->values[place.setting] : &sheet->prizes[place.prize][place.setting];
	char *copy = strdup(value);
	if (!copy)
		return false;
	free(*at);
	*at = copy;
	return true;
}

bool sheet_prize_add(struct sheet *sheet)
{
	char **values = sheet->prizes[sheet->prize_count], id[24];
	bool is_good = true;
	if (sheet->prize_count == SHEET_PRIZES_MOST)
		return false;
	snprintf(id, sizeof id, "prize%d", sheet->prize_count + 1);
	for (int i = 0; i < SHEET_PRIZE_SETTINGS; i++)
		is_good &= (values[i] = strdup(i == 0 ? id : i == 1 ? "0" : "")) != NULL;
	sheet->prize_count++;
	return is_good || (sheet_prize_remove(sheet, sheet->prize_count - 1), false);
}

bool sheet_prize_remove(struct sheet *sheet, int prize)
{
	if (sheet->prize_count == 1)
		return false;
	for (int i = 0; i < SHEET_PRIZE_SETTINGS; i++)
		free(sheet->prizes[prize][i]);
	sheet->prize_count--;
	memmove(sheet->prizes[prize], sheet->prizes[prize + 1],
		(size_t)(sheet->prize_count - prize) * sizeof *sheet->prizes);
	return true;
}

// --- Places.

// Whether the path is that of the setting or of something in it.
static bool is_inside(const char *path, const char *setting)
{
	size_t length = strlen(setting);
	return strncmp(path, setting, length) == 0 && strchr(".[", path[length]) != NULL;
}

bool sheet_find(const char *path, struct sheet_place *place)
{
	int prize = 0, used = 0;
	*place = (struct sheet_place){-1, -1};
	if (strncmp(path, "campaign.", 9) != 0)
		return false;
	path += 9;
	for (int i = 0; i < SHEET_SETTINGS; i++)
		if (is_inside(path, SHEET[i].path))
			place->setting = i;
	if (place->setting >= 0)
		return true;
	if (sscanf(path, "prizes.[%d]%n", &prize, &used) != 1 || used == 0 || prize < 0 ||
		prize >= SHEET_PRIZES_MOST)
		return false;
	*place = (struct sheet_place){prize, 0};
	for (int i = 0; i < SHEET_PRIZE_SETTINGS; i++)
		if (path[used] == '.' && is_inside(path + used + 1, SHEET_PRIZE[i].path))
			place->setting = i;
	return true;
}

static bool is_of_trigger(const struct trigger_form *form, const char *setting)
{
	for (int i = 0; i < TRIGGER_SETTINGS; i++)
		if ((form->needs[i] && strcmp(form->needs[i], setting) == 0) ||
			(form->takes[i] && strcmp(form->takes[i], setting) == 0))
			return true;
	return false;
}

static const char *value_at(const struct sheet *sheet, const char *path)
{
	for (int i = 0; i < SHEET_SETTINGS; i++)
		if (strcmp(SHEET[i].path, path) == 0)
			return sheet->values[i];
	return "";
}

// What says something only beside another setting of the prize.
static bool prize_applies(char *const values[], int setting)
{
	bool is_tier = *values[PRIZE_TIER_AT], is_multiplier = *values[PRIZE_MULTIPLIER_AT];
	if (strcmp(SHEET_PRIZE[setting].path, "ladder") == 0)
		return is_tier;
	return strcmp(SHEET_PRIZE[setting].path, "days") != 0 || is_tier || is_multiplier;
}

bool sheet_applies(const struct sheet *sheet, struct sheet_place place)
{
	if (place.prize >= 0)
		return prize_applies(sheet->prizes[place.prize], place.setting);
	const char *path = SHEET[place.setting].path;
	if (strcmp(path, "message.subject") == 0 || strcmp(path, "message.body") == 0) {
		const char *channel = value_at(sheet, "message.channel");
		return *channel && strcmp(channel, NONE) != 0;
	}
	if (strncmp(path, "trigger.", 8) != 0 || strcmp(path, "trigger.on") == 0)
		return true;
	for (int kind = 0; kind < TRIGGER_KINDS; kind++)
		if (strcmp(trigger_words[kind], value_at(sheet, "trigger.on")) == 0)
			return is_of_trigger(&TRIGGERS[kind], path + 8);
	return false;
}
