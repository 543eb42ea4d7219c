// Changes of a ladder that touch several settings at once: tiers put in and taken out, dated thresholds,
// windows.
#include "model/engine/form.h"
#include "model/programme/programme_edit_step.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CODE_SPACE = 40 };

static bool refuse(char *why, const char *text)
{
	snprintf(why, EDIT_WHY, "%s", text);
	return false;
}

static int ladder_place(const struct programme_edit *edit, int ladder)
{
	return outline_element(&edit->outline, outline_find(&edit->outline, "programme.ladders"), ladder);
}

static const char *ladder_code(const struct programme_edit *edit, int ladder, char code[CODE_SPACE])
{
	int place = outline_child(&edit->outline, ladder_place(edit, ladder), "code");
	return outline_value(&edit->outline, place, code, CODE_SPACE);
}

static const char *tier_code(const struct programme_edit *edit, int ladder, int tier, char code[CODE_SPACE])
{
	int tiers = outline_child(&edit->outline, ladder_place(edit, ladder), "tiers");
	int place = outline_child(&edit->outline, outline_element(&edit->outline, tiers, tier), "code");
	return outline_value(&edit->outline, place, code, CODE_SPACE);
}

// Settings beside `ladder` that name tiers: as words of an array, or as names of settings in a group.
static const char *const naming[] = {"tier", "unless_tier", "by_tier", "discount_pct_by_tier"};
enum { NAMING = sizeof naming / sizeof *naming };

static int name_find(const struct outline *outline, int place, const char *tier)
{
	if (place < 0)
		return -1;
	return outline->places[place].type == NODE_ARRAY ? outline_word(outline, place, tier)
							 : outline_child(outline, place, tier);
}

static bool name_add(struct outline *outline, int place, int below, const char *tier)
{
	char quoted[CODE_SPACE + 2];
	if (outline->places[place].type == NODE_ARRAY) {
		snprintf(quoted, sizeof quoted, "\"%.*s\"", CODE_SPACE - 1, tier);
		return outline_add(outline, place, below, NULL, quoted);
	}
	const struct place *value = &outline->places[below];
	char *copy = strndup(outline->text + value->value, value->value_end - value->value);
	bool is_good = copy && outline_add(outline, place, below, tier, copy);
	free(copy);
	return is_good;
}

// Wherever the ladder's tier `below` is named, `tier` is named behind it; below NULL: tier is named no more.
// From the end of the text to its start, so that the places still to come stay where they are.
static bool names_change(struct programme_edit *edit, const char *ladder, const char *below, const char *tier)
{
	struct outline *outline = &edit->outline;
	bool is_good = true;
	for (int group = outline->count - 1; group >= 0 && is_good; group--) {
		if (!outline_value_is(outline, outline_child(outline, group, "ladder"), ladder))
			continue;
		for (int i = 0; i < NAMING && is_good; i++) {
			int place = outline_child(outline, group, naming[i]);
			int found = name_find(outline, place, below ? below : tier);
			if (found >= 0)
				is_good = below ? name_add(outline, place, found, tier)
						: outline_remove(outline, found);
		}
	}
	return is_good;
}

static bool tier_check(const char *code, const char *name, const char *at, char *why)
{
	if (!code_is_valid(code))
		return refuse(why, "code: letters, digits and _, the first a letter, as new_gold");
	if (strpbrk(name, "\"\\"))
		return refuse(why, "name: without \" and \\");
	if (*at == '\0' || at[strspn(at, "0123456789.")] != '\0')
		return refuse(why, "threshold: a number, as 1500");
	return true;
}

static int tier_find(const struct outline *outline, int tiers, const char *code)
{
	int i = outline_element(outline, tiers, 0);
	while (i >= 0 && !outline_value_is(outline, outline_child(outline, i, "code"), code))
		i = outline->places[i].next;
	return i;
}

static bool tier_put(struct programme_edit *edit, int ladder, int before, const char *code, const char *name,
	const char *at, char *why)
{
	struct outline *outline = &edit->outline;
	char *text = NULL, ladder_name[CODE_SPACE], below[CODE_SPACE];
	int tiers = outline_child(outline, ladder_place(edit, ladder), "tiers");
	int after = outline_element(outline, tiers, before - 1);
	if (after < 0)
		return refuse(why, "the base tier stays the first");
	if (tier_find(outline, tiers, code) >= 0)
		return refuse(why, "code: a tier has it already");
	ladder_code(edit, ladder, ladder_name);
	tier_code(edit, ladder, before - 1, below);
	int length = *name ? asprintf(&text, "{ code = \"%s\"; name = \"%s\"; at = \"%s\"; }", code, name, at)
			   : asprintf(&text, "{ code = \"%s\"; at = \"%s\"; }", code, at);
	bool is_good = length >= 0 && outline_add(outline, tiers, after, NULL, text) &&
		       names_change(edit, ladder_name, below, code);
	free(text);
	return is_good || refuse(why, "the tier cannot stand there");
}

bool programme_edit_insert_tier(struct programme_edit *edit, int ladder, int before, const char *code,
	const char *name, const char *at, char *why)
{
	char what[80];
	if (!tier_check(code, name, at, why))
		return false;
	snprintf(what, sizeof what, "the new tier %s", code);
	step_begin(edit, what);
	return step_end(edit, tier_put(edit, ladder, before, code, name, at, why), why);
}

bool programme_edit_remove_tier(struct programme_edit *edit, int ladder, int tier, char *why)
{
	struct outline *outline = &edit->outline;
	char code[CODE_SPACE], ladder_name[CODE_SPACE], what[80];
	int tiers = outline_child(outline, ladder_place(edit, ladder), "tiers");
	int place = outline_element(outline, tiers, tier);
	if (tier < 1 || place < 0)
		return refuse(why, "the base tier stays");
	tier_code(edit, ladder, tier, code);
	ladder_code(edit, ladder, ladder_name);
	snprintf(what, sizeof what, "taking the tier %s out", code);
	step_begin(edit, what);
	bool is_done = names_change(edit, ladder_name, NULL, code);
	if (is_done) { // its place may have moved
		tiers = outline_child(outline, ladder_place(edit, ladder), "tiers");
		is_done = outline_remove(outline, outline_element(outline, tiers, tier));
	}
	return step_end(edit, is_done || refuse(why, "the tier cannot be taken out"), why);
}

// The version of that day; *after is the last one before it.
static int version_find(const struct outline *outline, int versions, const char *from, int *after)
{
	char own[16];
	*after = -1;
	for (int i = outline_element(outline, versions, 0); i >= 0; i = outline->places[i].next) {
		int order = strcmp(
			outline_value(outline, outline_child(outline, i, "from"), own, sizeof own), from);
		if (order == 0)
			return i;
		if (order < 0)
			*after = i;
	}
	return -1;
}

static bool version_add(
	struct outline *outline, int tier, int versions, int after, const char *from, const char *at)
{
	char text[160], list[200];
	snprintf(text, sizeof text, "{ from = \"%.20s\"; at = \"%.40s\"; }", from, at);
	if (versions >= 0)
		return outline_add(outline, versions, after, NULL, text);
	snprintf(list, sizeof list, "( %s )", text);
	return outline_add(outline, tier, outline_element(outline, tier, outline->places[tier].count - 1),
		"versions", list);
}

static bool version_put(
	struct programme_edit *edit, int ladder, int tier, const char *from, const char *at, char *why)
{
	struct outline *outline = &edit->outline;
	char path[EDIT_PATH];
	snprintf(path, sizeof path, "programme.ladders.[%d].tiers.[%d]", ladder, tier);
	int place = outline_find(outline, path), after;
	int versions = outline_child(outline, place, "versions");
	int version = version_find(outline, versions, from, &after);
	if (version >= 0 && *at == '\0')
		return outline_remove(outline, outline->places[versions].count == 1 ? versions : version);
	if (version < 0)
		return *at == '\0' || version_add(outline, place, versions, after, from, at);
	snprintf(path, sizeof path, "programme.ladders.[%d].tiers.[%d].versions.[%d].at", ladder, tier,
		outline->places[version].index);
	return step_set(edit, path, at, why);
}

bool programme_edit_threshold(
	struct programme_edit *edit, int ladder, int tier, const char *from, const char *at, char *why)
{
	char what[80];
	day_t day;
	if (!day_parse(from, &day))
		return refuse(why, "the day: write it as 2027-01-01");
	if (at[strspn(at, "0123456789.")] != '\0')
		return refuse(why, "must be a number, as 1500");
	snprintf(what, sizeof what, "the threshold from %s", from);
	step_begin(edit, what);
	return step_end(edit, version_put(edit, ladder, tier, from, at, why), why);
}

// Which settings of a ladder go with which window: "" takes one away, NULL leaves it, else its first value.
static const struct {
	const char *kind, *start, *months, *validity, *extra_months, *validity_months, *returns, *rollover,
		*downgrade;
	bool has_versions;
} windows[] = {
	{"year", NULL, "", "window_end", NULL, "", NULL, NULL, "", true},
	{"month", "", "", "window_end", NULL, "", NULL, NULL, "", true},
	{"membership_year", "", "", "window_end", NULL, "", NULL, NULL, "", true},
	{"lifetime", "", "", "lifetime", "", "", NULL, "", "", false},
	{"rolling", "", "12", "months", "", "12", "", "", NULL, false},
};
enum { WINDOWS = sizeof windows / sizeof *windows };

static void part_path(char path[EDIT_PATH], int ladder, const char *name)
{
	snprintf(path, EDIT_PATH, "programme.ladders.[%d].%s", ladder, name);
}

// A setting with a first value keeps the value it has.
static bool part_set(struct programme_edit *edit, int ladder, const char *name, const char *value, char *why)
{
	char path[EDIT_PATH];
	part_path(path, ladder, name);
	if (!value || (*value != '\0' && outline_find(&edit->outline, path) >= 0))
		return true;
	return step_set(edit, path, value, why);
}

static bool kind_set(struct programme_edit *edit, int ladder, const char *name, const char *value, char *why)
{
	char path[EDIT_PATH];
	part_path(path, ladder, name);
	return step_set(edit, path, value, why);
}

static bool versions_clear(struct programme_edit *edit, int ladder, char *why)
{
	char name[40];
	int tiers = outline_child(&edit->outline, ladder_place(edit, ladder), "tiers");
	int count = tiers < 0 ? 0 : edit->outline.places[tiers].count;
	bool is_good = true;
	for (int i = 0; i < count && is_good; i++) {
		snprintf(name, sizeof name, "tiers.[%d].versions", i);
		is_good = part_set(edit, ladder, name, "", why);
	}
	return is_good;
}

static bool goes_down_by_one(const struct programme_edit *edit, int ladder)
{
	int downgrade = outline_child(&edit->outline, ladder_place(edit, ladder), "downgrade");
	return outline_value_is(&edit->outline, downgrade, "one_down");
}

static bool window_put(struct programme_edit *edit, int ladder, size_t i, char *why)
{
	const char *downgrade = goes_down_by_one(edit, ladder) ? windows[i].downgrade : NULL;
	return kind_set(edit, ladder, "window.kind", windows[i].kind, why) &&
	       kind_set(edit, ladder, "validity.kind", windows[i].validity, why) &&
	       part_set(edit, ladder, "window.start", windows[i].start, why) &&
	       part_set(edit, ladder, "window.months", windows[i].months, why) &&
	       part_set(edit, ladder, "validity.extra_months", windows[i].extra_months, why) &&
	       part_set(edit, ladder, "validity.months", windows[i].validity_months, why) &&
	       part_set(edit, ladder, "returns", windows[i].returns, why) &&
	       part_set(edit, ladder, "rollover", windows[i].rollover, why) &&
	       part_set(edit, ladder, "downgrade", downgrade, why) &&
	       (windows[i].has_versions || versions_clear(edit, ladder, why));
}

bool programme_edit_window(struct programme_edit *edit, int ladder, const char *kind, char *why)
{
	size_t i = 0;
	while (i < WINDOWS && strcmp(windows[i].kind, kind) != 0)
		i++;
	if (i == WINDOWS)
		return refuse(why, "is no kind of window");
	step_begin(edit, "the window");
	return step_end(edit, window_put(edit, ladder, i, why), why);
}

static void tiers_write(FILE *out, const struct programme_edit *edit, int ladder, int from)
{
	char code[CODE_SPACE];
	int tiers = outline_child(&edit->outline, ladder_place(edit, ladder), "tiers");
	for (int tier = from; tier < edit->outline.places[tiers].count; tier++)
		fprintf(out, "%s\"%s\"", tier > from ? ", " : "", tier_code(edit, ladder, tier, code));
}

static bool benefit_check(const struct benefit_words *benefit, char *why)
{
	if (!code_is_valid(benefit->code))
		return refuse(why, "code: letters, digits and _, the first a letter, as lounge");
	if (strpbrk(benefit->name, "\"\\"))
		return refuse(why, "name: without \" and \\");
	if (benefit->value[strspn(benefit->value, "0123456789.")] != '\0')
		return refuse(why, "value: a number, as 10");
	if (*benefit->value == '\0' && strcmp(benefit->kind, "discount_pct") == 0)
		return refuse(why, "value: a discount needs one");
	return true;
}

bool programme_edit_add_benefit(
	struct programme_edit *edit, int ladder, int tier, const struct benefit_words *benefit, char *why)
{
	char ladder_name[CODE_SPACE], *text = NULL;
	size_t length;
	if (!benefit_check(benefit, why))
		return false;
	FILE *out = open_memstream(&text, &length);
	if (!out)
		return refuse(why, "out of memory");
	fprintf(out, "{ code = \"%s\"; ", benefit->code);
	if (*benefit->name)
		fprintf(out, "name = \"%s\"; ", benefit->name);
	fprintf(out, "kind = \"%s\"; ladder = \"%s\"; tier = [", benefit->kind,
		ladder_code(edit, ladder, ladder_name));
	tiers_write(out, edit, ladder, tier);
	fputs("]; ", out);
	if (*benefit->value)
		fprintf(out, "value = \"%s\"; ", benefit->value);
	fputs("}", out);
	bool is_good = fclose(out) == 0 ? programme_edit_add(edit, "programme.benefits", text, why)
					: refuse(why, "out of memory");
	free(text);
	return is_good;
}
