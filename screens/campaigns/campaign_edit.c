// Changing a campaign's settings on its screen: cells, prizes, undo; each change is checked at once.
#include "screens/campaigns/campaign_state.h"
#include "screens/segments/condition_ask.h"
#include "screens/ui/form.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct campaign_row *campaign_row_at(const struct campaign_view *c)
{
	return c->is_read && c->grid.row < c->row_count && !c->rows[c->grid.row].heading
		       ? &c->rows[c->grid.row]
		       : NULL;
}

static const struct sheet_setting *setting_of(struct sheet_place place)
{
	return place.prize < 0 ? &SHEET[place.setting] : &SHEET_PRIZE[place.setting];
}

const struct document_error *campaign_error_at(const struct campaign_view *c, struct sheet_place place)
{
	struct sheet_place at;
	bool is_chance = place.prize >= 0 && strcmp(SHEET_PRIZE[place.setting].path, "chance") == 0;
	for (int i = 0; i < c->errors.count; i++) {
		const char *path = c->errors.errors[i].path;
		if (is_chance && strcmp(path, "campaign.prizes") == 0) // that they do not come to 100 %
			return &c->errors.errors[i];
		if (sheet_find(path, &at) && at.prize == place.prize && at.setting == place.setting)
			return &c->errors.errors[i];
	}
	return NULL;
}

// --- The rows of the grid.

static void add_row(struct campaign_view *c, const char *heading, struct sheet_place place)
{
	struct campaign_row *row = &c->rows[c->row_count];
	if (c->row_count == CAMPAIGN_ROWS_MOST || (!heading && !sheet_applies(&c->sheet, place)))
		return;
	*row = (struct campaign_row){.heading = heading, .place = place};
	snprintf(row->label, sizeof row->label, "%s%s", place.prize >= 0 && place.setting > 0 ? "  " : "",
		heading ? heading : setting_of(place)->label);
	c->row_count++;
}

static void make_rows(struct campaign_view *c)
{
	c->row_count = 0;
	for (int i = 0; i < SHEET_SETTINGS; i++) {
		for (int prize = 0; i == SHEET_PRIZES_AT && prize < c->sheet.prize_count; prize++)
			for (int setting = 0; setting < SHEET_PRIZE_SETTINGS; setting++)
				add_row(c, NULL, (struct sheet_place){prize, setting});
		if (SHEET[i].heading)
			add_row(c, SHEET[i].heading, (struct sheet_place){-1, i});
		add_row(c, NULL, (struct sheet_place){-1, i});
	}
	grid_size(&c->grid, c->row_count, 1);
}

// --- The documents that changes make.

const char *campaign_text(const struct campaign_view *c)
{
	return c->text_count ? c->texts[c->text_at] : "";
}

bool campaign_is_changed(const struct campaign_view *c)
{
	return c->is_read && (c->grid.editing || !c->stored || strcmp(campaign_text(c), c->stored) != 0);
}

static void texts_cut(struct campaign_view *c, int count)
{
	while (c->text_count > count)
		free(c->texts[--c->text_count]);
}

// What the sheet says becomes the newest document; owned by the view afterwards.
static void text_push(struct campaign_view *c, char *text)
{
	texts_cut(c, c->text_count ? c->text_at + 1 : 0);
	if (c->text_count == CAMPAIGN_UNDO_MOST) {
		free(c->texts[0]);
		memmove(c->texts, c->texts + 1, sizeof c->texts - sizeof *c->texts);
		c->text_count--;
	}
	c->texts[c->text_count] = text;
	c->text_at = c->text_count++;
}

struct campaign_house campaign_house_here(const struct screen *s)
{
	const struct campaign_view *c = s->state;
	return (struct campaign_house){.facts = desk_facts(s), .names = c->names};
}

void campaign_check_again(struct screen *s)
{
	struct campaign_view *c = s->state;
	const struct facts *facts = desk_facts(s);
	const struct campaign_house house = campaign_house_here(s);
	if (!c->is_read)
		return;
	if (c->is_right)
		campaign_free(&c->campaign);
	document_errors_free(&c->errors);
	document_errors_init(&c->errors);
	c->is_facts_known = facts->is_known;
	c->is_right = campaign_read(&c->campaign, "the campaign", campaign_text(c), strlen(campaign_text(c)),
		facts->is_known ? &house : NULL, &c->errors);
	make_rows(c);
	campaign_show_words(s);
}

void campaign_end(struct campaign_view *c)
{
	if (c->is_right)
		campaign_free(&c->campaign);
	if (c->is_read)
		sheet_free(&c->sheet);
	texts_cut(c, 0);
	free(c->stored);
	document_errors_free(&c->errors);
	document_errors_init(&c->errors);
	c->stored = NULL;
	c->is_right = c->is_read = false;
	c->text_at = 0;
}

bool campaign_begin(struct screen *s, const char *text, size_t length, bool is_stored)
{
	struct campaign_view *c = s->state;
	struct sheet_place place;
	campaign_end(c);
	c->is_read = sheet_read(&c->sheet, text, length, c->why);
	char *written = c->is_read ? sheet_write(&c->sheet, &place, c->why) : NULL;
	if (!written) {
		screen_say(s, ROLE_BAD, "This campaign cannot be shown: %s", c->why);
		return false;
	}
	text_push(c, written);
	c->stored = is_stored ? strdup(written) : NULL;
	c->why[0] = '\0';
	campaign_check_again(s);
	return true;
}

// After a change of the sheet. False: it says nothing that can be written; the change is taken back.
static bool take_change(struct screen *s)
{
	struct campaign_view *c = s->state;
	struct sheet_place place;
	char why[SHEET_FAULT];
	char *written = sheet_write(&c->sheet, &place, c->why);
	if (!written) {
		const char *before = campaign_text(c);
		sheet_free(&c->sheet);
		c->is_read = sheet_read(&c->sheet, before, strlen(before), why);
		return false;
	}
	text_push(c, written);
	c->why[0] = '\0';
	campaign_check_again(s);
	return true;
}

void campaign_undo(struct screen *s, bool again)
{
	struct campaign_view *c = s->state;
	char why[SHEET_FAULT];
	if (again ? c->text_at + 1 >= c->text_count : c->text_at == 0) {
		screen_say(s, ROLE_TEXT, "Nothing is left to %s", again ? "do again" : "undo");
		return;
	}
	c->text_at += again ? 1 : -1;
	sheet_free(&c->sheet);
	c->is_read = sheet_read(&c->sheet, campaign_text(c), strlen(campaign_text(c)), why);
	campaign_check_again(s);
	screen_say(s, ROLE_TEXT, again ? "Done again" : "Undone");
}

// --- Cells.

static bool cell_set(struct screen *s, struct sheet_place place, const char *value)
{
	struct campaign_view *c = s->state;
	if (strcmp(sheet_value(&c->sheet, place), value) == 0)
		return true;
	if (!sheet_set(&c->sheet, place, value)) {
		snprintf(c->why, sizeof c->why, "out of memory");
		return false;
	}
	return take_change(s);
}

bool campaign_typed(struct grid *g, const char *text)
{
	struct campaign_view *c = g->payload;
	const struct campaign_row *row = campaign_row_at(c);
	char trimmed[CAMPAIGN_CELL + 1];
	snprintf(trimmed, sizeof trimmed, "%s", text + strspn(text, " "));
	for (size_t end = strlen(trimmed); end > 0 && trimmed[end - 1] == ' ';)
		trimmed[--end] = '\0';
	grid_edit_end(g); // the grid is built anew
	if (cell_set(g->screen, row->place, trimmed))
		return true;
	grid_edit(g, trimmed, CAMPAIGN_CELL);
	return false;
}

static void word_chosen(struct screen *s, int chosen, void *payload)
{
	(void)payload;
	const struct campaign_row *row = campaign_row_at(s->state);
	if (row)
		cell_set(s, row->place, setting_of(row->place)->words[chosen]);
}

static void choose_word(struct screen *s, const struct sheet_setting *setting, const char *value)
{
	int count = 0, start = 0;
	for (; setting->words[count]; count++)
		if (strcmp(setting->words[count], value) == 0)
			start = count;
	dialog_choose(s, setting->label, setting->words, count, start, word_chosen, NULL);
}

static bool lines_saved(struct screen *s, struct form *f, void *payload)
{
	struct campaign_view *c = payload;
	if (cell_set(s, c->lines_place, form_value(f, "text")))
		return true;
	form_error(f, "text", c->why);
	return false;
}

static void edit_lines(struct screen *s, struct sheet_place place, const char *value)
{
	static const struct form_field fields[] = {{"text", "Text", FIELD_LINES,
		.help = "Places: {given_name|friend} {points|it} {currency|} {reward|it} {code|} "
			"{programme}"}};
	static const struct form_spec form = {.title = "The message",
		.fields = fields,
		.count = 1,
		.save = "Take it",
		.saved = lines_saved};
	struct campaign_view *c = s->state;
	const char *start[] = {value};
	c->lines_place = place;
	form_open(s, &form, start, c);
}

static void audience_taken(struct screen *s, struct condition_answer *answer, void *payload)
{
	const struct campaign_row *row = campaign_row_at(payload);
	if (row)
		cell_set(s, row->place, *answer->text ? answer->text : CAMPAIGN_EVERYBODY);
}

static void edit_audience(struct screen *s, const char *value)
{
	condition_ask(s, &(const struct condition_question){.title = "Whom does it surprise?",
				 .start = value,
				 .empty = "everybody",
				 .done = audience_taken,
				 .payload = s->state});
}

void campaign_edit_cell(struct screen *s)
{
	struct campaign_view *c = s->state;
	const struct campaign_row *row = campaign_row_at(c);
	if (!row)
		return;
	const struct sheet_setting *setting = setting_of(row->place);
	const char *value = sheet_value(&c->sheet, row->place);
	c->why[0] = '\0';
	if (setting->kind == SHEET_WORD)
		choose_word(s, setting, value);
	else if (setting->kind == SHEET_FLAG)
		cell_set(s, row->place, strcmp(value, "yes") == 0 ? "no" : "yes");
	else if (setting->kind == SHEET_LINES)
		edit_lines(s, row->place, value);
	else if (row->place.prize < 0 && strcmp(setting->path, "audience") == 0)
		edit_audience(s, value);
	else if (!grid_edit(&c->grid, value, CAMPAIGN_CELL))
		screen_say(s, ROLE_BAD, "Out of memory: the setting cannot be edited");
}

static int row_of(const struct campaign_view *c, struct sheet_place place)
{
	for (int i = 0; i < c->row_count; i++)
		if (!c->rows[i].heading && c->rows[i].place.prize == place.prize &&
			c->rows[i].place.setting == place.setting)
			return i;
	return 0;
}

void campaign_add_prize(struct screen *s)
{
	struct campaign_view *c = s->state;
	if (!sheet_prize_add(&c->sheet)) {
		screen_say(s, ROLE_WARNING, "A campaign has at most %d prizes", SHEET_PRIZES_MOST);
		return;
	}
	take_change(s);
	grid_go(&c->grid, row_of(c, (struct sheet_place){c->sheet.prize_count - 1, 0}), 0);
}

void campaign_remove_prize(struct screen *s)
{
	struct campaign_view *c = s->state;
	const struct campaign_row *row = campaign_row_at(c);
	if (!row || row->place.prize < 0) {
		screen_say(s, ROLE_TEXT, "The cursor is on no prize");
		return;
	}
	if (!sheet_prize_remove(&c->sheet, row->place.prize)) {
		screen_say(s, ROLE_WARNING,
			"A campaign has at least one prize; one that is nothing may be among them");
		return;
	}
	take_change(s);
	screen_say(s, ROLE_TEXT, "The prize is out; u brings it back");
}
